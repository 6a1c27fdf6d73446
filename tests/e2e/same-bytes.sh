#!/bin/sh
# The tables do not depend on threads, on the order of rows, or on how a source is split into files.
# usage: same-bytes.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 1500 --seed 11 --out "$work/county" >/dev/null
cd "$work"

# The tables named run, run_source, reject and indicator hold run ids and row numbers: outside the comparison.
run() { # NAME THREADS
    "$hedui" run --quiet --config county/hedui.yaml --threads "$2" --as-of 2026-01-01 --csv "$1" >/dev/null
    rm -rf county/county.db* county/runs
    (cd "$1" && sha256sum person.csv person_value.csv person_link.csv person_history.csv relation.csv discrepancy.csv) >"$1.sums"
}

run one 1 # trains the model that the others use
cp county/model.json model-1.json
run two 2
rm county/model.json
run eight 8 # trains again, with eight threads
cmp model-1.json county/model.json

# shuffle rows, and split one source in two files
for file in county/data/birth.csv county/data/death.csv county/data/migrant_out.csv county/data/marriage.csv; do
    { head -n 1 "$file"; tail -n +2 "$file" | sort -t, -k3,3 -k1,1r; } >shuffled
    mv shuffled "$file"
done
half=$(($(wc -l <county/data/resident.csv) / 2))
head -n $half county/data/resident.csv >county/data/resident-1.csv
{ head -n 1 county/data/resident.csv; tail -n +$((half + 1)) county/data/resident.csv; } >county/data/resident-2.csv
sed -i 's|csv: data/resident.csv|csv: data/resident-*.csv|' county/hedui.yaml
run shuffled 2

for other in two eight shuffled; do
    if ! diff one.sums "$other.sums"; then
        echo "the tables of run \"$other\" are not those of run \"one\""
        exit 1
    fi
done
echo "the same bytes"
