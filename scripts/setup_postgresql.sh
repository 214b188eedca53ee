#!/bin/sh
# Print the folder that holds PostgreSQL's initdb and pg_ctl, installing them when they are not there.
# Order: the PATH, where Debian keeps them, then the system's package manager, where root needs no
# password. No server is left running: the tests start one of their own, on a socket, and end it.
# usage: scripts/setup_postgresql.sh [--find]      (--find: only look, never install)
set -eu

find_postgresql() {
    path=$(command -v initdb 2>/dev/null) && { dirname "$path"; return; }
    for path in /usr/lib/postgresql/*/bin/initdb; do last=$path; done
    [ -x "$last" ] && { dirname "$last"; return; }
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

install_postgresql() {
    if command -v apt-get >/dev/null 2>&1; then
        as_root apt-get -qq update || true
        # Its own setting keeps Debian from making and starting a server on this machine.
        as_root mkdir -p /etc/postgresql-common/createcluster.d
        echo 'create_main_cluster = false' |
            as_root tee /etc/postgresql-common/createcluster.d/voorbeelden.conf
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql
    elif command -v dnf >/dev/null 2>&1; then as_root dnf -q -y install postgresql-server postgresql-contrib
    elif command -v apk >/dev/null 2>&1; then as_root apk add --quiet postgresql postgresql-contrib
    else return 1
    fi
}

find_postgresql && exit 0
if [ "${1:-}" != --find ]; then
    printf '%s\n' "No PostgreSQL found; installing one for the tests of the store" >&2
    install_postgresql >/dev/null 2>&1 </dev/null && find_postgresql && exit 0
fi
printf '%s\n' "No PostgreSQL here: the tests of the store run on SQLite alone." >&2
exit 1
