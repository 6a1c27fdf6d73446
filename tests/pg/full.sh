#!/bin/sh
# A disk that is full, on our side and on the server's: the run ends with exit code 4 and leaves what was there;
# with room again, the next start makes it right. HEDUI_FULL: how many calls of each kind fail on our side;
# HEDUI_SEED: which. usage: full.sh HEDUI
set -eu
settings='shared_buffers=32MB min_wal_size=32MB'
# shellcheck source=tests/support/pg-nights.sh
. "$(dirname "$0")/../support/pg-nights.sh"
# shellcheck source=tests/support/full.sh
. "$root/tests/support/full.sh"

make_county 300
echo 'timeouts: {connect: 5, retry: 4}' >>county/hedui-postgres.yaml
make_nights
[ $can_trace = no ] || {
    fill_disks "${HEDUI_FULL:-1}"
    interrupt_calls write poll recvfrom sendto
}

# ---- the server's disk ----

# An empty file system of so many MiB that the server's user may write to; `small` is where.
small=$cluster/small
mounted=no
unmount() {
    [ $mounted = no ] || umount -l "$small"
    mounted=no
}
trap '"$root/ops/postgres" stop "$cluster/server"; unmount; clean_up' EXIT

mount_small() { # MIB
    unmount
    mkdir -p "$small"
    mount -t tmpfs -o "size=$1M,mode=0700,uid=$(stat -c %u "$cluster/server/data")" none "$small" 2>/dev/null || {
        echo 'no file system can be mounted here: the disk of the server was not filled'
        exit 0
    }
    mounted=yes
}

fill_but() { # KIB: what stays free
    free=$(df -k --output=avail "$small" | tail -n 1)
    head -c $(((free - $1) * 1024)) /dev/zero >"$small/filler"
}

fail_in_tables() { # NIGHT KIB
    what="the $1 night, $2 KiB left for tables"
    bring "$1"
    ask postgres 'ALTER DATABASE county SET TABLESPACE small'
    ask county 'SELECT' # a first session writes what all others read
    fill_but "$2"
    run "$1"
    rm "$small/filler" # so that whoever asks what is there may begin a session
    expect_old "$1" "$what"
    [ "$code" = 4 ] || fail "$what: exit code $code: $(cat said)"
    grep -q '^hedui: out of space or memory: cannot write store service=county: SQLSTATE 53100' said ||
        fail "$what: $(cat said)"
    grep -q '^HINT: make room on the server' said || fail "$what: no hint: $(cat said)"
    expect_private said "$what"
    expect_next_start "$1" "$what"
    echo "$what: exit code 4; right once there was room"
}

mount_small 80
ask postgres "CREATE TABLESPACE small LOCATION '$small'"
fail_in_tables first 64
fail_in_tables first 1024
fail_in_tables second 64
ask postgres 'DROP DATABASE county WITH (FORCE)' 'CREATE DATABASE county' 'DROP TABLESPACE small'

# ---- the disk of its log, without which it cannot go on ----

# The log into a file system that has room for the segment that is in use and for no other.
move_log() {
    wal=$cluster/server/data/pg_wal
    "$root/ops/postgres" stop "$cluster/server"
    mount_small 24
    find "$wal" -maxdepth 1 -type f ! -name "$(PGDATA=$cluster/server/data current_segment)" -delete
    cp -a "$wal/." "$small/"
    rm -r "$wal"
    ln -s "$small" "$wal"
    start_server
}

current_segment() {
    "$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)/pg_controldata" |
        sed -n "s/^Latest checkpoint's REDO WAL file: *//p"
}

for night in first second; do
    what="the $night night, no room for the log of the server"
    bring $night
    move_log
    ask postgres "SELECT pg_logical_emit_message(false, 'x', repeat('x', (16777216 - 50000
        - (pg_current_wal_insert_lsn() - '0/0') % 16777216)::int))" >/dev/null
    run $night
    mount -o remount,size=400M "$small"
    start_server
    expect_old $night "$what"
    grep -q 'PANIC: .*: No space left on device' "$cluster/server/log" || fail "$what: the server had room"
    [ $code = 3 ] || fail "$what: exit code $code: $(cat said)"
    grep -q '^HINT: ' said || fail "$what: no hint: $(cat said)"
    expect_private said "$what"
    expect_next_start $night "$what"
    echo "$what: exit code 3; right once there was room"
    "$root/ops/postgres" stop "$cluster/server"
    rm "$wal"
    cp -a "$small" "$wal"
    start_server
done
