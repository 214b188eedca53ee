#!/bin/sh
# Print the folder that holds promtool and prometheus, getting them when they are not there.
# Order: the PATH, what an earlier run unpacked, then Debian's package, unpacked into the venv: it is
# not installed, so that no server starts on this machine and nothing needs root.
# usage: scripts/setup_promtool.sh [--find]      (--find: only look, never fetch)
set -eu
cd "$(dirname "$0")/.."
venv=$(cd "${VENV:-.venv}" && pwd)
unpacked=$venv/prometheus/usr/bin

works() { "$1/promtool" --version >/dev/null 2>&1 && "$1/prometheus" --version >/dev/null 2>&1; }

find_promtool() {
    path=$(command -v promtool 2>/dev/null) && path=$(dirname "$path") && works "$path" \
        && { echo "$path"; return; }
    works "$unpacked" && { echo "$unpacked"; return; }
    return 1
}

fetch() {
    command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || return 1
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    (
        cd "$folder"
        # An outdated list of packages names files that are gone; without root it cannot be renewed.
        apt-get -qq download prometheus || { apt-get -qq update && apt-get -qq download prometheus; }
        mkdir -p "$venv/prometheus"
        dpkg-deb -x prometheus_*.deb "$venv/prometheus"
    ) >/dev/null 2>&1 </dev/null
}

find_promtool && exit 0
[ "${1:-}" = --find ] || { fetch && find_promtool && exit 0; }
printf '%s\n' "No promtool here: the tests of the alerts are skipped. It comes with prometheus." >&2
exit 1
