#!/bin/sh
# standardise and compare say the same in the same order, however many threads answer: more rows than
# one batch has. usage: values.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$hedui" generate --persons 300 --seed 3 --out county >/dev/null
cut -d, -f2 county/data/household.csv | tail -n +2 >names
for _ in $(seq 80); do
    cat names
done >many
{ echo a,b; paste -d, many many | sed '2~3s/,\(.\)/,李/'; } >pairs.csv
for threads in 1 4; do
    "$hedui" standardise --field name --explain --threads $threads many >standard-$threads
    "$hedui" compare --field name --threads $threads pairs.csv >compared-$threads
done
cmp standard-1 standard-4
cmp compared-1 compared-4
[ "$(wc -l <standard-1)" = $(($(wc -l <many) + 1)) ]
