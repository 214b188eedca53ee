#!/bin/sh
# Make the virtual environment ($VENV, default .venv) and install one requirements file into it.
# Does nothing when that file, and those it includes, are what was installed last time.
# usage: scripts/setup_venv.sh requirements.txt|requirements-dev.txt    (reads PYTHON and VENV)
set -eu
cd "$(dirname "$0")/.."
requirements=$1
venv=${VENV:-.venv}
stamp=$venv/installed-requirements

say() { printf '%s\n' "$*" >&2; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" && { echo "$PYTHON"; return; }
        say "PYTHON=$PYTHON is not a working Python 3.11 or newer."
        return 1
    fi
    # A name on the PATH proves nothing (version managers leave stubs behind): run each.
    for name in python3.11 python3.12 python3.13 python3.14 python3; do
        new_enough "$name" && { echo "$name"; return; }
    done
    say "Python 3.11 or newer is needed and was not found. Install it, or say: make PYTHON=/path/to/python3"
    return 1
}

minor() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

make_venv() {
    python=$(find_python)
    say "Making $venv with Python $(minor "$python")"
    "$python" -m venv --clear "$venv" >/dev/null 2>&1 && return
    # Debian and Ubuntu split venv's pip off: borrow the system's own pip if there is one.
    if "$python" -m venv --clear --without-pip "$venv" >/dev/null 2>&1; then
        "$venv/bin/python" -m ensurepip >/dev/null 2>&1 && return
        "$python" -m pip --python "$venv/bin/python" install -q pip >/dev/null 2>&1 && return
    fi
    rm -rf "$venv"
    say "Python $(minor "$python") cannot make a virtual environment. On Debian and Ubuntu:" \
        "apt-get install python$(minor "$python")-venv (or python3-venv), then try again."
    return 1
}

usable() {
    [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" || return 1
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 1
    # An explicit PYTHON of another version means: rebuild.
    [ -z "${PYTHON:-}" ] || [ "$(minor "$PYTHON")" = "$(minor "$venv/bin/python")" ]
}

fingerprint() { echo "$1 $("$venv/bin/python" -c '
import hashlib, sys
print(hashlib.sha256(b"".join(open(name, "rb").read() for name in sys.argv[1:])).hexdigest())
' "$@")"; }

if [ -e "$venv" ] && [ ! -f "$venv/pyvenv.cfg" ]; then
    say "$venv exists and is not a virtual environment; move it, or say VENV=elsewhere."
    exit 1
fi
usable || make_venv

app=$(fingerprint requirements.txt)
dev=$(fingerprint requirements-dev.txt requirements.txt)
case $requirements in
    requirements.txt) wanted=$app installed=$app ;;
    requirements-dev.txt) wanted=$dev installed="$app
$dev" ;;
    *) say "usage: $0 requirements.txt|requirements-dev.txt"; exit 2 ;;
esac
grep -qxF "$wanted" "$stamp" 2>/dev/null && exit 0

say "Installing $requirements into $venv"
rm -f "$stamp"
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
    --requirement "$requirements" >&2
# One stamp for both files: installing the app's versions alone must make `make test` look again.
printf '%s\n' "$installed" > "$stamp"
