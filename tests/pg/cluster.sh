#!/bin/sh
# ops/postgres: a cluster starts once, survives a kill, stops, goes, and is nobody's but ours.
# usage: cluster.sh HEDUI
set -eu
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
unset PGHOST PGPORT PGUSER
start_postgres work_mem=12MB
dir=$cluster/server
pid_file=$dir/data/postmaster.pid

postgres() {
    "$root/ops/postgres" "$@"
}

ask() { # SQL
    psql -XAtd postgres -c "$1"
}

expect() { # WANTED FOUND WHAT
    [ "$1" = "$2" ] || fail "$3: \"$2\", not \"$1\""
}

pid() {
    sed -n 1p "$pid_file"
}

postmaster_killed() {
    old=$(pid)
    kill -9 "$old"
    while [ -e "/proc/$old" ]; do sleep 0.1; done
}

expect 'hedui on UTF8 C  12MB' "$(ask "SELECT concat_ws(' ', current_user,
    (SELECT 'on' FROM pg_user WHERE usename = current_user AND usesuper),
    current_setting('server_encoding'), current_setting('lc_collate'),
    current_setting('listen_addresses'), current_setting('work_mem'))")" 'a first start'
expect "$dir" "$PGHOST" 'the folder of the socket'
ask 'CREATE TABLE kept AS SELECT 1 AS x' >/dev/null

before=$(pid)
lines=$(postgres start "$dir" work_mem=13MB 2>"$work/said")
expect "$before" "$(pid)" 'the pid after a second start'
expect "$(printf 'export PGPORT=5432\nexport PGHOST=%s\nexport PGUSER=hedui' "$dir")" "$lines" \
    'the lines of a second start'
grep -q 'its settings stay' "$work/said" || fail 'a second start says nothing of its settings'

# a session that is busy outlives its postmaster for a moment
ask 'SELECT pg_sleep(60)' >/dev/null 2>&1 &
sleep 0.3
postmaster_killed
code=0
postgres status "$dir" >/dev/null || code=$?
expect 3 $code 'status after a kill'
postgres start "$dir" work_mem=13MB >/dev/null
expect '1 13MB' "$(ask "SELECT x || ' ' || current_setting('work_mem') FROM kept")" \
    'a start after a kill'

# the pid has gone to another process of the same user
postmaster_killed
if [ "$(id -u)" = 0 ]; then
    setpriv --reuid "$(stat -c %u "$dir/data")" --clear-groups sleep 600 &
else
    sleep 600 &
fi
sleeper=$!
sed -i "1s/.*/$sleeper/" "$pid_file"
postgres start "$dir" >/dev/null || fail 'no start where the pid is another process now'
kill "$sleeper"
expect 1 "$(ask 'SELECT x FROM kept')" 'a start where the pid is another process now'

postmaster_killed
: >"$pid_file"
postgres start "$dir" >/dev/null || fail 'no start where the file of the pid is empty'
expect '1 4MB' "$(ask "SELECT x || ' ' || current_setting('work_mem') FROM kept")" \
    'settings of the last start only'

postgres stop "$dir"
postgres stop "$dir"
[ ! -e "$pid_file" ] || fail 'stopped, it still runs'
postgres start "$dir" >/dev/null
expect 1 "$(ask 'SELECT x FROM kept')" 'data after stop'
postgres stop "$dir" --remove
[ ! -e "$dir" ] || fail 'removed, the folder is still there'
postgres stop "$dir" --remove

# a socket's path has 107 bytes at most; a list of folders knows no blank
long="$cluster/$(printf '%0100d' 0) 长"
mkdir "$(dirname "$long")" 2>/dev/null || true
eval "$(postgres start "$long")"
case $PGHOST in /tmp/hedui-pg-*) ;; *) fail "the socket of a long path is in $PGHOST" ;; esac
expect 1 "$(ask 'SELECT 1')" 'a long path'
postgres stop "$long"
[ ! -e "$PGHOST" ] || fail 'stopped, the folder of the socket is still there'
postgres stop "$long" --remove

# folders of others, and those that the server's user cannot enter
mkdir "$work/full"
echo 1 >"$work/full/file"
(eval "$(postgres start "$work/full" 2>/dev/null)") && fail 'a folder that holds something else'
expect file "$(ls "$work/full")" 'what is in a folder that holds something else'
if [ "$(id -u)" = 0 ]; then
    chmod 0700 "$work"
    postgres start "$work/closed" >/dev/null 2>"$work/said" && fail 'a closed folder'
    blocked=$(sed -n 's/.*cannot enter //p' "$work/said")
    case $work/ in "$blocked"/*) ;; *) fail "of a closed folder: $(cat "$work/said")" ;; esac
    [ ! -e "$work/closed" ] || fail 'something is left in a closed folder'
fi
expect '' "$(ls "$cluster")" 'what is left'
