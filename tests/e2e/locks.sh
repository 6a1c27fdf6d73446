#!/bin/sh
# One run at a time for a store of SQLite, whose runs lie beside it whatever folder configures it; a run that is
# killed holds no lock, and the files of locks that it leaves are in nobody's way. usage: locks.sh HEDUI
set -eu
# shellcheck source=tests/support/sqlite-nights.sh
. "$(dirname "$0")/../support/sqlite-nights.sh"
halted=
trap '[ -z "$halted" ] || kill -KILL "$halted" 2>/dev/null || :; rm -rf "$work"' EXIT

expect_locked() { # TEXT WHAT
    run second
    [ "$code" = 5 ] || fail "$2: exit code $code: $(cat said)"
    grep -qF "$1" said || fail "$2: $(cat said)"
    grep -q '^HINT: wait until it has ended' said || fail "$2: no hint: $(cat said)"
    echo "$2: exit code 5"
}

make_county 300
make_nights
need_strace
cp -a before/second other
rm -r other/county.db* other/runs
sed -i "s|^store: .*|store: ../county/county.db|" other/hedui.yaml

for which in first second; do
    begin_and_halt $which match write
    expect_locked 'another run works on county/runs' "a second start in the folder, the $which night"
    config=other/hedui.yaml
    expect_locked 'another run works on other/../county/runs' "a start in another folder, the $which night"
    config=county/hedui.yaml
    "$hedui" status --config $config >told 2>said || fail "status beside a run: $(cat said)"
    expect_old $which "while a run of the $which night is halted"
    kill -KILL "$halted"
    expect_next_start $which "a kill of the $which night"
    [ -e county/runs/.lock ] && [ -e county/county.db-lock ] || fail 'other files of locks'
done
end
echo 'one at a time'
