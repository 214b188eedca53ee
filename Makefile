# make run     the app, in your browser (PORT=8501)
# make test    everything that must pass: lint, types, all tests
# make check   lint and types alone
# make format  let ruff rewrite the files
# Another Python: make PYTHON=/path/to/python3.12 test    Another venv: VENV=/tmp/venv

VENV ?= .venv
PORT ?= 8501
PYTHON ?=
export VENV PORT PYTHON

BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test check lint types format venv venv-dev chromium clean

help:
	@sed -n 's/^# //p' Makefile

run: venv
	@exec sh scripts/run_app.sh

test: check chromium
	@CHROMIUM_PATH="$$(cat $(VENV)/chromium-path)" $(BIN)/python -m pytest

check: lint types

lint: venv-dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted; run: make format" >&2; exit 1; }

types: venv-dev
	@$(BIN)/mypy --no-error-summary voorbeelden $$(ls app.py 2>/dev/null) $$(find pages scripts -name '*.py')

format: venv-dev
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

venv:
	@sh scripts/setup_venv.sh requirements.txt

venv-dev:
	@sh scripts/setup_venv.sh requirements-dev.txt

chromium: venv-dev
	@sh scripts/setup_chromium.sh > $(VENV)/chromium-path

clean:
	@rm -rf .pytest_cache .mypy_cache .ruff_cache build
