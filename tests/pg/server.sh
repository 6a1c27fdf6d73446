#!/bin/sh
# The server stops while a run is at work: for good, and the run fails in bounded time, keeps what it read,
# and the next start does not ask the sources; or for a moment, and the run succeeds. usage: server.sh HEDUI
set -eu
settings='shared_buffers=32MB log_statement=all'
# shellcheck source=tests/support/pg-nights.sh
. "$(dirname "$0")/../support/pg-nights.sh"
log=$cluster/server/log

stop_server() { # SIGNAL: INT fast, QUIT immediate
    postmaster=$(sed -n 1p "$cluster/server/data/postmaster.pid")
    kill "-$1" "$postmaster"
    while [ -e "/proc/$postmaster" ]; do sleep 0.05; done
}

make_county 300
cat >>county/hedui-postgres.yaml <<'Y'
timeouts: {connect: 5, retry: 8}
Y
make_nights
need_strace

# STAGE:CALL. match: the stage says that it is done. publish: the last statement is sent. fsync: the
# manifest is on the disk, the commit is next. sendto: the commit is sent, its answer not awaited.
all='match:write publish:sendto commit:fsync commit:sendto'

# ---- it does not come back ----

expect_failure() { # NIGHT WHAT
    [ $code = 3 ] || fail "$2: exit code $code: $(cat said)"
    grep -q '^hedui: store: cannot connect to store service=county: ' said || fail "$2: $(cat said)"
    grep -q '^HINT: see that the server runs' said || fail "$2: no hint: $(cat said)"
    expect_private said "$2"
}

# So that no run can read them.
move_sources() { # FROM TO
    for name in police_first police_second civil_first civil_second health padis; do
        ask postgres "ALTER DATABASE $1$name RENAME TO $2$name"
    done
}

expect_continued() { # NIGHT WHAT
    move_sources '' away_
    run "$1"
    move_sources away_ ''
    expect_fine "the start after: $2"
    grep -q '^run .* was not finished and is continued: .* the sources are not read again' said ||
        fail "$2: not continued: $(cat said)"
    ! grep 'COPY.*qyrk' "$log" || fail "$2: a source was asked again"
    expect_whole "$1" "$2"
}

for night in first second; do
    case $night in
    first) moments='match:write commit:sendto' ;;
    second) moments='publish:sendto commit:fsync' ;;
    esac
    for moment in $moments; do
        what="the $night night, its server stopped at $moment"
        begin_and_halt $night "${moment%:*}" "${moment#*:}"
        stop_server QUIT
        go_on
        end
        : >"$log"
        start_server
        expect_old_or_new $night "$what"
        if [ $stands = old ]; then
            expect_failure $night "$what"
            expect_continued $night "$what"
            echo "$what: exit code 3; continued without the sources"
        else # the server had done it: what was not heard, the next start finds
            [ "$moment" = commit:sendto ] || fail "$what: published"
            [ $code = 0 ] || expect_failure $night "$what"
            expect_next_start $night "$what"
            echo "$what: exit code $code, and published"
        fi
    done
done

# ---- it comes back ----

# However long that takes on a machine at work.
sed -i 's/retry: 8/retry: 60/' county/hedui-postgres.yaml

for night in first second; do
    for moment in $all; do
        what="the $night night, its server started anew at $moment"
        begin_and_halt $night "${moment%:*}" "${moment#*:}"
        stop_server INT
        go_on
        start_server
        end
        expect_fine "$what"
        expect_whole $night "$what"
        echo "$what: exit code 0"
    done
done
expect_private "$log" 'the log of the server, with all statements'
