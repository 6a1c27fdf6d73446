#!/bin/sh
# A generated county is linked as well as is promised, and the rules that need no linkage find
# exactly what is wrong in the written data. usage: accuracy.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 4000 --seed 13 --out "$work/county" >/dev/null
cd "$work"
"$hedui" run --quiet --config county/hedui.yaml --as-of 2026-01-01 --csv out >/dev/null
"$hedui" evaluate --truth county/truth.csv --links out/person_link.csv --json >measured.json
python3 - <<'P'
import csv, json

measured = json.load(open("measured.json"))
assert measured["missing_links"] == 0 and measured["unknown_links"] == 0, measured
pairwise = measured["pairwise"]
assert pairwise["precision"] >= 0.995 and pairwise["recall"] >= 0.95, pairwise
print(pairwise)

alone = {"id.checksum", "id.birth_date", "id.sex"}
truth = {(r["rule"], r["source"], r["record_id"], r["role"])
         for r in csv.DictReader(open("county/truth_discrepancy.csv")) if r["rule"] in alone}
found = {(r["rule"], r["source_a"], r["record_id_a"], r["role_a"])
         for r in csv.DictReader(open("out/discrepancy.csv")) if r["rule"] in alone}
assert len(truth) > 100
assert truth == found, (sorted(truth - found)[:5], sorted(found - truth)[:5])
P
