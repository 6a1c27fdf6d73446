#!/bin/sh
# A second run on unchanged data publishes no row; on one changed row, few; ids stay. A night that is
# done is not done again.
# usage: second-run.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 800 --seed 12 --out "$work/county" >/dev/null
cd "$work"
run() { "$hedui" run --quiet --config county/hedui.yaml --as-of "$1" --csv "$2" >/dev/null; }
changed() { python3 -c '
import json, sys
p = json.load(open("county/runs/current/manifest.json"))["published"]
print(p["inserted"] + p["updated"] + p["deleted"])'; }
nights() { "$hedui" runs --json --config county/hedui.yaml | python3 -c '
import json, sys
print(len(json.load(sys.stdin)))'; }

run 2026-01-01 one
[ "$(changed)" -gt 0 ] || { echo "a first night wrote nothing"; exit 1; }
run 2026-01-02 two
[ "$(changed)" = 0 ] || { echo "an unchanged night wrote $(changed) rows"; exit 1; }
for table in person person_link relation discrepancy; do
    cmp "one/$table.csv" "two/$table.csv"
done

# the same day again: nothing is left to do, and no run is added
[ "$(nights)" = 2 ] || { echo "$(nights) runs after two nights"; exit 1; }
again() { "$hedui" run --quiet --config county/hedui.yaml --as-of 2026-01-02 "$@" >again.txt; }
again
[ "$(nights)" = 2 ] || { echo "a night that was done was done again"; exit 1; }
grep -q -- --fresh again.txt || { cat again.txt; echo "it does not say so"; exit 1; }
again --fresh
[ "$(nights)" = 3 ] || { echo "--fresh rested on what was done"; exit 1; }
[ "$(changed)" = 0 ] || { echo "--fresh wrote $(changed) rows"; exit 1; }
# of what decides the tables, each thing by itself
sed -i 's/"prior": [0-9.e-]*/"prior": 1e-5/' county/model.json
again
[ "$(nights)" = 4 ] || { echo "another model, and the night was taken as done"; exit 1; }
echo '' >>county/hedui.yaml
again
[ "$(nights)" = 5 ] || { echo "another configuration, and the night was taken as done"; exit 1; }
rm -r "$(readlink -f county/runs/current)"
again
[ "$(nights)" = 6 ] || { echo "a night without its report was taken as done"; exit 1; }

# one death certificate is withdrawn
sed -i '2d' county/data/death.csv
run 2026-01-03 three
n=$(changed)
{ [ "$n" -gt 0 ] && [ "$n" -lt 40 ]; } || { echo "one row less changed $n rows"; exit 1; }
echo "0 rows, then $n"
