#!/bin/sh
# One run at a time: in a folder by its lock, in a database by an advisory lock. A run that is killed holds
# neither for long, whatever its session was doing on the server, by socket and by TCP. usage: locks.sh HEDUI
set -eu
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
settings="shared_buffers=32MB listen_addresses=127.0.0.1 port=$port"
# shellcheck source=tests/support/pg-nights.sh
. "$(dirname "$0")/../support/pg-nights.sh"

now_ms() {
    echo $(($(date +%s%N) / 1000000))
}

expect_locked() { # TEXT WHAT
    begin=$(now_ms)
    run second
    took=$(($(now_ms) - begin))
    [ "$code" = 5 ] || fail "$2: exit code $code: $(cat said)"
    grep -qF "$1" said || fail "$2: $(cat said)"
    grep -q '^HINT: wait until it has ended' said || fail "$2: no hint: $(cat said)"
    echo "$2: exit code 5 after $took ms"
}

n_locks() {
    ask county "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = 'county')"
}

# How long the lock outlives its run, and that the next start need not care.
kill_and_start() { # WHAT
    [ "$(n_locks)" = 1 ] || fail "$1: $(n_locks) locks"
    kill -KILL "$halted"
    begin=$(now_ms)
    while [ "$(n_locks)" != 0 ]; do
        sleep 0.01
        [ $(($(now_ms) - begin)) -lt 60000 ] || fail "$1: the lock stays"
    done
    echo "$1: its lock was free $(($(now_ms) - begin)) ms after the kill"
    end
}

make_county 300
make_nights
need_strace
rm -rf other
cp -a before/second other

# ---- while one runs ----

begin_and_halt second match write
expect_locked 'another run works on county/runs' 'a second start in the folder'
code=0
"$hedui" rollback "$(readlink county/runs/current)" --config $config >told 2>said || code=$?
[ $code = 5 ] || fail "rollback beside a run: exit code $code: $(cat said)"
"$hedui" status --config $config >told 2>said || fail "status beside a run: $(cat said)"
config=other/hedui-postgres.yaml
expect_locked 'another run writes to store service=county' 'a start in another folder with the same store'
config=county/hedui-postgres.yaml
[ ! -e other/runs/.lock ] || flock -n other/runs/.lock true || fail 'a start that was refused holds a lock'
expect_old second 'while a run is halted'

# ---- when it is killed ----

for way in socket TCP; do
    [ $way = socket ] || sed -i 's/^host=.*/host=127.0.0.1/' services
    [ $way = socket ] || begin_and_halt second match write
    kill_and_start "a run that is killed, its session idle ($way)"
    expect_next_start second "a kill beside an idle session ($way)"

    # the session that writes waits for a lock of somebody else's, as it might work for hours
    bring second
    PGAPPNAME=holder psql -Xqd county -c 'BEGIN; LOCK TABLE hedui.undo; SELECT pg_sleep(600)' >/dev/null 2>&1 &
    holder=$!
    until [ "$(ask county "SELECT count(*) FROM pg_locks WHERE relation = 'hedui.undo'::regclass AND granted
            AND mode = 'AccessExclusiveLock'")" = 1 ]; do sleep 0.05; done
    "$hedui" run --threads 1 --as-of "$(as_of second)" --config $config >told 2>said &
    running=$! halted=$!
    until [ "$(ask county "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hedui'
            AND wait_event_type = 'Lock'")" -ge 1 ]; do sleep 0.05; done
    kill_and_start "a run that is killed, its session at work ($way)"
    ask county "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'" >/dev/null
    wait $holder || true
    expect_next_start second "a kill beside a session at work ($way)"

    # and at once, without looking whether the lock is free
    begin_and_halt second publish sendto
    kill -KILL "$halted"
    run second
    end_code=$code
    end
    code=$end_code
    expect_fine "a start right after a kill ($way)"
    expect_whole second "a start right after a kill ($way)"
done

# ---- files of locks that nobody holds ----

bring second
mkdir -p county/runs
echo 12345 >county/runs/.lock
run second
expect_fine 'a file of a lock that nobody holds'
expect_whole second 'a file of a lock that nobody holds'
echo 'one at a time'
