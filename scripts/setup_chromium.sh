#!/bin/sh
# Print the path of a Chromium that runs here, installing one when there is none.
# Order: CHROMIUM_PATH, one that is installed, Playwright's own; then the system's package manager,
# then Playwright's download. Fails with one sentence when none of these gives a working browser.
# usage: scripts/setup_chromium.sh [--find]      (--find: only look, never install)
set -eu
cd "$(dirname "$0")/.."
python=${VENV:-.venv}/bin/python

say() { printf '%s\n' "$*" >&2; }

# A file with the right name may be a stub (Ubuntu's chromium-browser without snapd): run it.
works() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1 </dev/null; }

playwrights_own() {
    "$python" -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
' 2>/dev/null
}

find_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$name" 2>/dev/null) && works "$path" && { echo "$path"; return; }
    done
    for root in /Applications "${HOME:-/root}/Applications"; do
        for app in "Google Chrome" "Chromium"; do
            path="$root/$app.app/Contents/MacOS/$app"
            [ -x "$path" ] && works "$path" && { echo "$path"; return; }
        done
    done
    path=$(playwrights_own) && works "$path" && { echo "$path"; return; }
    return 1
}

# Run a command, as root when that needs no password; its output is shown only when all has failed.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() { echo "\$ $*" >>"$log"; "$@" >>"$log" 2>&1 </dev/null; }
as_root() {
    if [ "$(id -u)" = 0 ]; then run "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then run sudo -n "$@"
    else echo "no root and no password-free sudo: $*" >>"$log"; return 1
    fi
}

install_with_system() {
    if command -v apt-get >/dev/null 2>&1; then
        # An outdated list of packages names files that are gone; an update that half fails may do.
        as_root apt-get -qq update || true
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium
    elif command -v dnf >/dev/null 2>&1; then as_root dnf -q -y install chromium
    elif command -v pacman >/dev/null 2>&1; then as_root pacman -Sy --noconfirm --needed chromium
    elif command -v apk >/dev/null 2>&1; then as_root apk add --quiet chromium
    elif command -v brew >/dev/null 2>&1; then run brew install --quiet --cask google-chrome
    else return 1
    fi
}

install_with_playwright() {
    # The libraries a downloaded Chromium needs are the system's; without root it may still run.
    if command -v apt-get >/dev/null 2>&1; then
        as_root "$python" -m playwright install-deps chromium || true
    fi
    run "$python" -m playwright install chromium
}

chosen=${CHROMIUM_PATH:-${PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH:-}}
if [ -n "$chosen" ]; then
    works "$chosen" && { echo "$chosen"; exit 0; }
    say "CHROMIUM_PATH=$chosen is not a Chromium that runs."
    exit 1
fi
find_chromium && exit 0

if [ "${1:-}" != --find ]; then
    say "No Chromium found; installing one for the browser tests"
    install_with_system && find_chromium && exit 0
    install_with_playwright && find_chromium && exit 0
    # Of pages of output: what was tried, and what each said was wrong.
    grep -E '^(\$ |no root|E: |[Ee]rror)' "$log" | head -n 12 >&2 || true
fi
say "The browser tests need Chromium and none was found or could be installed." \
    "Install chromium or Google Chrome, or set CHROMIUM_PATH to one, and try again."
exit 1
