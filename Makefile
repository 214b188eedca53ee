# make run         the app, in your browser (PORT=8600 for another port)
# make test        everything that must pass: lint, types, all tests
# make check       lint and types alone
# make format      let ruff rewrite the files
# make audit       ask the internet for known holes in what is installed in the venv
# make screenshots take docs/screenshots anew
# Another Python: make test PYTHON=/path/to/python3.12   Another venv: VENV=/tmp/venv

VENV ?= .venv
PYTHON ?=
PORT ?=
export VENV PYTHON PORT

BIN = $(VENV)/bin
# Two files at a time, the browser's last (tests/conftest.py). A plain pytest runs them one by one.
AT_ONCE = --numprocesses 2 --dist loadfile --no-loadscope-reorder
SCRIPTS = app.py $(wildcard pages/*.py scripts/*.py)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check lint types format screenshots venv venv-dev chromium promtool postgresql audit clean

help:
	@sed -n 's/^# //p' Makefile

run: venv
	@sh scripts/run_app.sh

test: check chromium promtool postgresql
	@CHROMIUM_PATH="$$(cat $(VENV)/chromium-path)" $(BIN)/python -m pytest $(AT_ONCE)

check: lint types

lint: venv-dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted; run: make format" >&2; exit 1; }

types: venv-dev
	@$(BIN)/mypy --no-error-summary voorbeelden $(SCRIPTS)

format: venv-dev
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

screenshots: chromium
	@CHROMIUM_PATH="$$(cat $(VENV)/chromium-path)" $(BIN)/python -m scripts.screenshots

venv:
	@sh scripts/setup_venv.sh requirements.txt

venv-dev:
	@sh scripts/setup_venv.sh requirements-dev.txt

chromium: venv-dev
	@sh scripts/setup_chromium.sh > $(VENV)/chromium-path

# Without promtool the tests of the alerts are skipped; they say so.
promtool: venv-dev
	@sh scripts/setup_promtool.sh >/dev/null || true

postgresql:
	@sh scripts/setup_postgresql.sh >/dev/null || true

audit: venv-dev
	@$(BIN)/pip-audit --progress-spinner off

clean:
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build
