#!/bin/bash
# What bash offers where the Tab key is pressed after words of a command line.
# usage: completion.sh COMPLETION
set -u
completion=$(realpath "$1") || exit 2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
mkdir county 'county two'
touch county.yaml other.csv
# shellcheck source=/dev/null
. "$completion"

failed=0
offers() { # EXPECTED WORD...; the last word is the one that is being typed
    local expected=$1 found
    shift
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=(of the call before)
    _hedui
    found=$(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | paste -sd '|')
    [ "$found" = "$expected" ] && return
    echo "$*: offered \"$found\", not \"$expected\""
    failed=1
}
offers 'generate' hedui gener
offers '--version' hedui --v
offers '' hedui nothing-like-it
offers '--dry-run' hedui run --dry
offers '--help' hedui explain --he
offers '--errors' hedui evaluate --truth t.csv --err
offers 'county|county two|county.yaml' hedui run --config c
offers 'county|county two|county.yaml|other.csv' hedui run --quiet --config ''
offers 'county.yaml' hedui run --config = county.
offers 'county|county two' hedui run --csv ''
offers 'county|county two' hedui run --csv =
offers '' hedui run --threads ''
offers 'county|county two' hedui init ''
offers 'county two' hedui init 'county '
offers '--force' hedui init county --fo
offers '' hedui nothing-like-it ''
exit $failed
