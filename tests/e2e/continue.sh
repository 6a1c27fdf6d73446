#!/bin/sh
# A run that is lost after it has kept what it read is finished by the next one, from what was kept;
# where that may not be, the sources are read again; either way the tables are those of a run that
# nothing happened to. usage: continue.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/support/lose.sh
. "$(dirname "$0")/../support/lose.sh"
cd "$work"
: >err.txt
tables='person person_value person_link person_history relation discrepancy'
"$hedui" generate --persons 1000 --seed 15 --out template >/dev/null
sed -i 's/^language: .*/language: en/' template/hedui.yaml
"$hedui" run --quiet --config template/hedui.yaml --as-of 2026-01-01 >/dev/null
night=$(readlink template/runs/current)
sed -i '5,9d' template/data/death.csv template/data/birth.csv

fail() {
    echo "$1"
    cat err.txt
    exit 1
}
second_night() { # ARGUMENT...
    "$hedui" run --config county/hedui.yaml --as-of 2026-01-02 "$@"
}
new_county() {
    rm -rf county out
    cp -a template county
}
# A second night that is killed when it has kept what it read, but not published.
lose_night() {
    for try in 1 2 3 4 5; do
        new_county
        lose_run county/runs --config county/hedui.yaml --as-of 2026-01-02 || continue
        lost=$(cd county/runs && ls -d ./*/mentions.hdm | cut -d/ -f2)
        return 0
    done
    fail "the run was never lost"
}
# Published, as run RUN or (new) another than the lost one, with the tables of a quiet night.
expect_published() { # RUN
    is=$(readlink county/runs/current)
    case $1 in
    new) [ "$is" != "$lost" ] && [ "$is" != "$night" ] || fail "current is $is" ;;
    *) [ "$is" = "$1" ] || fail "current is $is, not $1" ;;
    esac
    [ -f county/runs/current/manifest.json ] || fail "current has no manifest"
    for table in $tables; do
        cmp "quiet/$table.csv" "out/$table.csv" || fail "table $table is another"
    done
    left=$(find county/runs -name mentions.hdm -o -name '.?*' ! -name .lock)
    [ -z "$left" ] || fail "left behind: $left"
    ! grep -q 'mentions.hdm' county/runs/current/manifest.json || fail "the manifest names what is gone"
}
expect_refused() { # WHY ARGUMENT...
    why=$1
    shift
    second_night --csv out "$@" >out.txt 2>err.txt || fail "exit code $?"
    for file in err.txt out.txt; do
        grep -qF "run $lost was not finished and cannot be continued ($why): the sources are read again." $file ||
            fail "$file does not say why: $why"
    done
    grep -q '^\[1/[0-9]*\] extract' err.txt || fail "the sources were not read"
}

new_county
second_night --quiet --csv quiet >/dev/null

# continued, and without a look into the sources: what they hold now has the size and time of before
lose_night
[ "$(stat -c %a "county/runs/$lost/mentions.hdm")" = 600 ] || fail "others may read what was kept"
second_night --dry-run >/dev/null 2>&1
cp -p county/data/household.csv before
sed -i 's/,1,/,2,/' county/data/household.csv
! cmp -s before county/data/household.csv || fail "nothing was changed"
touch -r before county/data/household.csv
second_night --csv out >out.txt 2>err.txt || fail "exit code $?"
for file in err.txt out.txt; do
    grep -q "^run $lost was not finished and is continued: the mentions read at 20..-..-.. ..:.. are used" $file ||
        fail "$file does not say that it continues"
done
grep -q '^\[1/[0-9]*\] take what was kept' err.txt || fail "other stages"
expect_published "$lost"
second_night --csv out >out.txt 2>err.txt || fail "exit code $?"
! grep -q 'not finished' err.txt || fail "a run that was finished is continued"

lose_night
echo '# another remark' >>county/hedui.yaml
expect_refused 'the configuration or the rules changed'
expect_published new

lose_night
touch county/data/birth.csv
expect_refused 'a file of a source changed'
expect_published new

lose_night
expect_refused '--fresh was given' --fresh
expect_published new

for offset in 70 400 5000 40000; do # the head, what it is about, values, values
    lose_night
    printf '\377\377' | dd of="county/runs/$lost/mentions.hdm" bs=1 seek=$offset conv=notrunc 2>/dev/null
    expect_refused 'the mentions that it kept are damaged'
    expect_published new
done

lose_night
: >"county/runs/$lost/mentions.hdm"
expect_refused 'the mentions that it kept are damaged'
expect_published new

lose_night
expect_refused '--as-of differs' --as-of 2026-01-03
[ -z "$(find county/runs -name mentions.hdm)" ] || fail "what was kept is still there"

# a commit whose `current` is missing: the next start sets it, and reads
lose_night
second_night --csv out >out.txt 2>err.txt || fail "exit code $?"
ln -sfn "$night" county/runs/current
echo 'rest of a file' >"county/runs/$lost/mentions.hdm"
second_night --csv out >out.txt 2>err.txt || fail "exit code $?"
! grep -q 'not finished' err.txt || fail "a run that was published is continued"
expect_published new

# killed at any time
new_county
begin=$(date +%s%N)
second_night --quiet >/dev/null
end=$(date +%s%N)
lost=none
for moment in $(awk -v ns=$((end - begin)) 'BEGIN { srand(); for (i = 0; i < 20; i++) print ns / 1e9 * (i + rand()) / 20 }'); do
    new_county
    timeout -s KILL "$moment" "$hedui" run --quiet --config county/hedui.yaml --as-of 2026-01-02 >/dev/null 2>&1 || true
    flock county/runs/.lock true # a process that was killed takes a moment to end
    second_night --csv out >out.txt 2>err.txt || fail "killed after $moment s, then exit code $?"
    expect_published "$(readlink county/runs/current)"
done

# a disk that is full while it keeps what it read: nothing is published, nothing is left
if command -v strace >/dev/null; then
    new_county
    code=0
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" strace -f -o trace.txt -e trace=fsync \
        -e inject=fsync:error=ENOSPC:when=1 "$hedui" run --config county/hedui.yaml --as-of 2026-01-02 \
        >out.txt 2>err.txt || code=$?
    [ $code = 4 ] || fail "exit code $code of a full disk"
    grep -q 'mentions.hdm cannot be written: No space left on device' err.txt || fail "another file was full"
    [ "$(cd county/runs && echo *)" = "$night current" ] || fail "a run was left half: $(ls -A county/runs)"
    second_night --csv out >out.txt 2>err.txt || fail "exit code $?"
    expect_published new

    # reading what was kept is interrupted at every second call
    lose_night
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" strace -f -o trace.txt -e trace=pread64 \
        -P "county/runs/$lost/mentions.hdm" -e inject=pread64:error=EINTR:when=1+2 "$hedui" run --config county/hedui.yaml --as-of 2026-01-02 \
        --csv out >out.txt 2>err.txt || fail "exit code $?"
    grep -q EINTR trace.txt || fail "nothing was interrupted"
    expect_published "$lost"
fi
echo "lost and found"
