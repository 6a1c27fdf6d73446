# Memory that is refused, from a moment on: for memory.sh of tests/e2e and of tests/pg, which source it after
# nights.sh. The run ends with exit code 4, or had enough; no signal ends it, and nothing is half done.
# HEDUI_MEMORY: how many moments a night; HEDUI_SEED: which.
# shellcheck shell=sh

: "${HEDUI_SEED:=1}"

# The sanitizers' own memory would be refused, too: a plain build beside the one that is tested. Two of these
# tests may begin at once.
use_plain_build() {
    ! nm "$hedui" 2>/dev/null | grep -q -m 1 __asan_init || {
        build=$(dirname "$(dirname "$hedui")")/release
        flock "$root" sh -ec '[ -f "$2/build.ninja" ] || cmake --preset release -S "$1" >/dev/null
            cmake --build "$2" --target hedui' sh "$root" "$build" >built || fail "the plain build: $(tail -n 5 built)"
        hedui=$build/hedui
    }
}

# A kernel that has nothing for brk gives the break that was.
refuse_memory() { # NIGHT MMAP BRK MREMAP
    what="the $1 night, no memory from its mmap $2, brk $3, mremap $4 on"
    bring "$1"
    run "$1" strace -f -qq -o failed -e trace=mmap,brk,mremap -e "inject=mmap:error=ENOMEM:when=$2+" \
        -e "inject=brk:retval=0:when=$3+" -e "inject=mremap:error=ENOMEM:when=$4+"
    expect_old_or_new "$1" "$what"
    echo "$code $stands" >>refused
    expect_private said "$what"
    case $code in
    0) expect_whole "$1" "$what" ;;
    4)
        grep -q '^hedui: out of \(space or \)\?memory' said || fail "$what: $(cat said)"
        expect_next_start "$1" "$what"
        ;;
    *) fail "$what: exit code $code: $(cat said)" ;;
    esac
}

refuse_all_memory() { # N: so many moments a night
    : >refused
    for night in first second; do
        "$root/tests/support/moments" calls/$night memory "$1" "$HEDUI_SEED" >moments
        while read -r mmap brk mremap <&3; do
            refuse_memory $night "$mmap" "$brk" "$mremap"
        done 3<moments
    done
    sort refused | uniq -c | sed 's/\([0-9]*\) \([a-z]*\)$/times exit code \1, \2 tables/'
}
