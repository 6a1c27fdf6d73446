# A disk that is full, and calls that are interrupted, at chosen system calls: for full.sh of tests/e2e and of
# tests/pg, which source it after nights.sh. A run whose calls fail ends with exit code 4 and leaves nothing
# half; one whose calls are interrupted does not notice. HEDUI_SEED: which calls.
# shellcheck shell=sh

: "${HEDUI_SEED:=1}"

# From its NUMBERth time on a call finds no room. A file that is to be made does so once only: those that
# are there can be opened.
fill_disk() { # NIGHT CALL NUMBER
    what="the $1 night, no room from its call $3 of $2 on"
    plus=+
    [ "$2" != openat ] || plus=
    bring "$1"
    run "$1" strace -f -qq -o failed -e trace="$2" -e "inject=$2:error=ENOSPC:when=$3$plus"
    grep -q INJECTED failed || return 0
    expect_old_or_new "$1" "$what"
    echo "$2 $code $stands" >>full
    expect_private said "$what"
    case $code in
    0) expect_whole "$1" "$what" ;;
    4)
        # where write itself fails, nothing can be said
        [ "$2" = write ] || grep -q '^hedui: out of space or memory: ' said || fail "$what: $(cat said)"
        expect_next_start "$1" "$what"
        ;;
    *) fail "$what: exit code $code: $(cat said)" ;;
    esac
}

# Of write only one to a file: what a run says is written by the C library, which gives up. No handler of
# ours makes the kernel interrupt it.
interrupt() { # NIGHT CALL
    what="the $1 night, calls of $2 interrupted"
    first=$("$root/tests/support/moments" "calls/$1" of "$2" 100000 0 | head -n 1)
    [ -n "$first" ] || return 0
    [ "$2" = write ] || first=$first+3
    bring "$1"
    run "$1" strace -f -qq -o failed -e trace="$2" -e "inject=$2:error=EINTR:when=$first"
    grep -q INJECTED failed || return 0
    expect_fine "$what"
    expect_whole "$1" "$what"
    echo "$(grep -c INJECTED failed) $2" >>interrupted
}

fill_disks() { # N: so many of each call
    : >full
    for night in first second; do
        for call in write pwrite64 fsync fdatasync rename openat mkdir symlink; do
            for number in $("$root/tests/support/moments" calls/$night of $call "$1" "$HEDUI_SEED"); do
                fill_disk $night $call "$number"
            done
        done
    done
    awk '{ n[$1]++; code[$1, $2]++; state[$1, $2, $3]++; if (!($1 in seen)) { seen[$1] = 1; order[++k] = $1 } }
        END {
            printf "%-10s %5s %13s %26s\n", "no room", "runs", "not affected", "exit code 4: old, new tables"
            for (i = 1; i <= k; i++) {
                c = order[i]
                printf "%-10s %5d %13d %12d %13d\n", c, n[c], code[c, 0], state[c, 4, "old"], state[c, 4, "new"]
            }
        }' full
}

interrupt_calls() { # CALL...
    : >interrupted
    for call in "$@"; do
        interrupt second $call
    done
    echo "calls that were interrupted: $(tr '\n' ' ' <interrupted)"
}
