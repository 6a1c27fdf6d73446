#!/bin/sh
# A sample that is drawn, decided and read back: the same for any order of rows and number of threads,
# another for another seed, masked unless asked for; and what is estimated from it holds the truth.
# usage: label.sh HEDUI
set -eu
hedui=$(realpath "$1")
here=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 900 --seed 22 --out "$work/county" >/dev/null
cd "$work/county"
"$hedui" train --quiet >/dev/null
"$hedui" label --out one.csv --threads 1 >drawn.txt
[ "$(stat -c %a one.csv)" = 600 ]
"$hedui" label --out seed.csv --seed 2 >/dev/null
cmp -s one.csv seed.csv && { echo "another seed draws the same"; exit 1; }
code=0
"$hedui" label --out one.csv 2>refused.txt || code=$?
[ "$code" = 2 ] && grep -q 'one.csv is there already' refused.txt
"$hedui" label --out clear.csv --show-values >/dev/null
for file in data/*.csv; do # the header stays, the rows turn round
    { head -n 1 "$file"; tail -n +2 "$file" | tac; } >turned && cp turned "$file"
done
"$hedui" label --out two.csv --threads 2 >/dev/null
cmp one.csv two.csv
python3 - <<'P'
import csv, re


def read(name):
    return list(csv.DictReader(open(name, encoding="utf-8-sig")))


masked, clear = read("one.csv"), read("clear.csv")
assert len(masked) == len(clear) > 250
number = re.compile(r"\d{17}[\dX]")
assert not any(number.fullmatch(r["id_number_a"]) for r in masked)
assert any(number.fullmatch(r["id_number_a"]) for r in clear)
truth = {(r["source"], r["record_id"], r["role"]): r["person_id"] for r in read("truth.csv")}
for r in masked:
    assert r["decision"] == ""
    a, b = (truth[r[f"source_{s}"], r[f"record_id_{s}"], r[f"role_{s}"]] for s in "ab")
    r["decision"] = "same" if a == b else "different"
masked[0]["decision"] = "unknown"
with open("decided.csv", "w", encoding="utf-8", newline="") as out:
    writer = csv.DictWriter(out, masked[0].keys())
    writer.writeheader()
    writer.writerows(masked)
P
"$hedui" evaluate --config hedui.yaml --truth truth.csv --thresholds 8:16:4 --json >truth.json
"$hedui" evaluate --config hedui.yaml --labels decided.csv --thresholds 8:16:4 --json >labels.json
python3 - <<'P'
import json

truth, labels = json.load(open("truth.json")), json.load(open("labels.json"))
assert labels["decided_labels"] == labels["labels"] - 1
for t, e in zip(truth["thresholds"], labels["thresholds"]):
    assert t["persons"] == e["persons"]
    for estimate in e["estimates"].values():
        assert 0 <= estimate["low"] <= estimate["value"] <= estimate["high"] <= 1
    # one interval in twenty misses; half its width more, one in three hundred
    precision = e["estimates"]["precision"]
    more = (precision["high"] - precision["low"]) / 2
    assert precision["low"] - more <= t["pairwise"]["precision"] <= precision["high"] + more, (t, e)
P
for language in zh en; do
    sed -i "s/^language: .*/language: $language/" hedui.yaml
    "$hedui" evaluate --config hedui.yaml --labels decided.csv >"$language.txt"
    grep -q '\[' "$language.txt"
done
"$hedui" evaluate --config hedui.yaml --labels decided.csv --html page.html >/dev/null
python3 "$here/page.py" page.html >/dev/null
echo "what is estimated holds the truth"
