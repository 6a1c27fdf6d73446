#!/bin/sh
# A second run on unchanged data publishes no row; on one changed row, few; ids stay.
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

run 2026-01-01 one
[ "$(changed)" -gt 0 ] || { echo "a first night wrote nothing"; exit 1; }
run 2026-01-02 two
[ "$(changed)" = 0 ] || { echo "an unchanged night wrote $(changed) rows"; exit 1; }
for table in person person_link relation discrepancy; do
    cmp "one/$table.csv" "two/$table.csv"
done

# one death certificate is withdrawn
sed -i '2d' county/data/death.csv
run 2026-01-03 three
n=$(changed)
{ [ "$n" -gt 0 ] && [ "$n" -lt 40 ]; } || { echo "one row less changed $n rows"; exit 1; }
echo "0 rows, then $n"
