#!/bin/sh
# The list of pairs for review, answered as it lies there and named under `link: pairs`: who is said to
# be one person is one, who is not is two, and neither is asked again. usage: answers.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for language in zh en; do
    "$hedui" generate --persons 2000 --seed 14 --out "$work/$language" >/dev/null
    cd "$work/$language"
    sed -i "s/^language: .*/language: $language/" hedui.yaml
    "$hedui" run --quiet --as-of 2026-01-01 >/dev/null
    cp runs/current/review.csv asked.csv
    sed -i 's/^link: .*/link: {model: model.json, pairs: answered.csv}/' hedui.yaml
    cat >check.py <<'P'
import csv, sys

words = {"zh": ["同一人", "不是同一人", "看不出", ""], "en": ["same", "different", "unknown", ""]}[sys.argv[2]]
head, *lines = csv.reader(open("asked.csv", encoding="utf-8-sig"))
sides = [i for i, h in enumerate(head) if h in ("来源甲", "来源乙", "source_a", "source_b")]
answers = [words[i % 4] for i in range(len(lines))]
assert len(lines) >= 4, "the county asks too little for this test"
if sys.argv[1] == "answer":
    with open("answered.csv", "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head] + [line[:-1] + [a] for line, a in zip(lines, answers)])
    sys.exit()
pair = lambda line: frozenset(tuple(line[i : i + 3]) for i in sides)  # source, record, role
asked = {pair(line) for line in csv.reader(open("runs/current/review.csv", encoding="utf-8-sig"))}
with open("tables/person_link.csv", encoding="utf-8") as file:
    person = {(r["source"], r["record_id"], r["role"]): r["person_id"] for r in csv.DictReader(file)}
for line, answer in zip(lines, answers):
    if answer in words[:2]:
        assert (len({person[m] for m in pair(line)}) == 1) == (answer == words[0]), answer
        assert pair(line) not in asked, "asked again: " + answer
print(len(lines), "pairs")
P
    python3 check.py answer $language
    "$hedui" run --quiet --as-of 2026-01-02 --csv tables >/dev/null
    python3 check.py check $language
done
