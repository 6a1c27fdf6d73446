#!/bin/sh
# What evaluate says of thresholds fits what a run publishes: at the configured threshold the same
# measures as of person_link.csv; the same bytes for any number of threads; both languages; labels
# of records that are not there are refused before any work. usage: evaluate.sh HEDUI
set -eu
hedui=$(realpath "$1")
here=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 600 --seed 21 --out "$work/county" >/dev/null
cd "$work/county"
"$hedui" run --quiet --csv out --as-of 2026-01-01 >/dev/null
"$hedui" evaluate --truth truth.csv --links out/person_link.csv --json >links.json
"$hedui" evaluate --config hedui.yaml --truth truth.csv --thresholds 0:20:4 --json --threads 1 >one.json
"$hedui" evaluate --config hedui.yaml --truth truth.csv --thresholds 0:20:4 --json --threads 2 >two.json
cmp one.json two.json
python3 - <<'P'
import json

links, run = json.load(open("links.json")), json.load(open("one.json"))
points = run["thresholds"]
at = [p for p in points if p["threshold"] == run["configured"]]
assert len(at) == 1
for kind in ("pairwise", "bcubed"):
    for what in ("precision", "recall", "f1"):
        assert abs(at[0][kind][what] - links[kind][what]) < 1e-5, (kind, what)
assert at[0]["found_pairs"] == links["linked_pairs"]
for p in points:
    assert sum(p["true_persons_in_parts"].values()) == p["true_persons"]
    assert sum(p["found_persons_of_several"].values()) == p["persons"]
    assert 0 <= p["purity"] <= 1 and 0 <= p["inverse_purity"] <= 1
for low, high in zip(points, points[1:]):
    assert low["threshold"] < high["threshold"]
    assert low["persons"] <= high["persons"] + 2, "conflicts may turn, but hardly"
P
for language in zh en; do
    sed -i "s/^language: .*/language: $language/" hedui.yaml
    "$hedui" evaluate --config hedui.yaml --truth truth.csv >"$language.txt"
    "$hedui" evaluate --truth truth.csv --links out/person_link.csv >"links.$language.txt"
    cat "links.$language.txt" >>"$language.txt"
    if grep -n 'evaluate\.[a-z_]' "$language.txt"; then
        echo "a text is missing"
        exit 1
    fi
done

grep -q '精确率' links.zh.txt || { echo "not in Chinese"; exit 1; }
grep -q 'precision' links.en.txt || { echo "not in English"; exit 1; }

# a personal key is hidden in the links, and not in the truth
sed -i '0,/^    key: .*/s//&\n    key_is_personal: true/' hedui.yaml
"$hedui" run --quiet --csv hidden --as-of 2026-01-02 >/dev/null
grep -q ',~' hidden/person_link.csv || { echo "no key is hidden"; exit 1; }
"$hedui" evaluate --truth truth.csv --links hidden/person_link.csv --json >hidden.json
python3 -c '
import json
hidden = json.load(open("hidden.json"))
assert hidden["missing_links"] == 0 and hidden["pairwise"]["recall"] > 0.8, hidden'
sed -i '/key_is_personal/d' hedui.yaml

# the page: whole, without script, masked, and its owner's; the same for any number of threads
page() { # options of evaluate
    "$hedui" evaluate --config hedui.yaml --html page.html "$@" >/dev/null
    [ "$(stat -c %a page.html)" = 600 ]
}
pair=$(python3 - <<'P'
import csv

first = {}
for r in csv.DictReader(open("out/person_link.csv", encoding="utf-8-sig")):
    name = ":".join((r["source"], r["record_id"], r["role"]))
    if r["person_id"] in first:
        print(first[r["person_id"]], name)
        break
    first[r["person_id"]] = name
P
)
secrets=$(tail -n +2 data/household.csv | grep -oE '[0-9]{17}[0-9X]' | head -n 200)
for language in zh en; do
    sed -i "s/^language: .*/language: $language/" hedui.yaml
    # shellcheck disable=SC2086  # two names; a number a word
    page --truth truth.csv $pair && [ "$(python3 "$here/page.py" page.html $secrets)" -ge 25 ]
done
cp page.html before.html
# shellcheck disable=SC2086
page --truth truth.csv --threads 1 $pair
cmp before.html page.html
page && [ "$(python3 "$here/page.py" page.html)" -ge 20 ]

header=source_a,record_id_a,role_a,source_b,record_id_b,role_b,decision
printf '%s\nhousehold,nobody,self,resident,nobody,self,same\n' $header >labels.csv
code=0
"$hedui" evaluate --config hedui.yaml --labels labels.csv 2>refused.txt || code=$?
[ "$code" = 3 ] && grep -q 'labels.csv:2: the data has no such mention a' refused.txt
echo "evaluate agrees with what was published"
