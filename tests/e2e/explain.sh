#!/bin/sh
# explain and person say what the run did: the parts add up to the weight, the verdict is what was
# published, a person's mentions are those that were, joined by one edge less than there are; both
# languages, masked unless asked for. usage: explain.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 400 --seed 23 --out "$work/county" >/dev/null
cd "$work/county"
"$hedui" run --quiet --csv out --as-of 2026-01-01 >/dev/null
python3 - "$hedui" <<'P'
import csv, json, subprocess, sys
from collections import defaultdict

hedui = sys.argv[1]


def tell(*arguments):
    done = subprocess.run([hedui, *arguments, "--json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read(name):
    return list(csv.DictReader(open(name, encoding="utf-8-sig")))


name = lambda r: ":".join((r["source"], r["record_id"], r["role"]))
of = {name(r): r["person_id"] for r in read("out/person_link.csv")}
members = defaultdict(list)
for mention, person in of.items():
    members[person].append(mention)
several = sorted(p for p in members if len(members[p]) > 2)
pairs = [(members[p][0], members[p][-1]) for p in several[:3]]
pairs += [(members[a][0], members[b][0]) for a, b in zip(several[:3], several[3:6])]
review = {r["原因"]: r for r in read("runs/current/review.csv")}.values()  # one of each reason
asked = [
    tuple(":".join(r[c + side] for c in ("来源", "记录", "角色")) for side in "甲乙") for r in review
]
pairs += asked
seen = set()
for a, b in pairs:
    x = tell("explain", a, b)
    parts = x["prior"] + sum(c["weight"] for c in x["comparisons"])
    assert abs(parts - x["weight"]) < 0.02, (parts, x["weight"])
    together = of[a] == of[b]
    assert together == (x["verdict"] in ("edge", "through")), x["verdict"]
    assert together == bool(x["path"]), x
    if x["verdict"] == "below":
        assert x["weight"] < x["threshold"]
    if x["verdict"] == "conflict":
        assert x["conflicts"]
    for c in x["comparisons"]:
        if c["level"] == "same":
            assert all(p["a"] == p["b"] for p in c.get("persons", [])), c
        if "would_add" in c:
            assert x["weight"] + c["would_add"] >= x["threshold"] - 0.002
    listed = (a, b) in asked or (b, a) in asked
    assert not listed or x["others"]["in_review"], (a, b, x["others"])
    seen.add(x["verdict"])
assert len(seen) >= 3, seen
for person in several[:4]:
    x = tell("person", person)
    assert sorted(name(m) for m in x["members"]) == sorted(members[person])
    assert len(x["joins"]) == len(x["members"]) - 1
    assert x["joins"][-1]["mentions_a"] + x["joins"][-1]["mentions_b"] == len(x["members"])
    assert 0 < x["metrics"]["density"] <= 1
    assert x["published_mentions"] == len(members[person]) and x["published_elsewhere"] == 0
    assert tell("person", members[person][0]) == {**x, "published_mentions": 0}


def numbers(x):
    return [v["a"] for c in x["comparisons"] for v in c["values"] if v["field"] == "id_number" and v["a"]]


shown = [n for a, b in pairs for n in numbers(tell("explain", a, b, "--show-values"))]
masked = [n for a, b in pairs for n in numbers(tell("explain", a, b))]
assert len(shown) == len(masked) > 0
assert not any("*" in n for n in shown) and all("*" in n for n in masked), (shown, masked)
open("names", "w").write("\n".join(("person " + several[0], "explain " + " ".join(pairs[-1]))))
P
for language in zh en; do
    sed -i "s/^language: .*/language: $language/" hedui.yaml
    while read -r line; do
        # shellcheck disable=SC2086  # a command and its names
        "$hedui" $line >text
        if grep -nE '(explain|person|level|comparison)\.[a-z_]+' text; then
            echo "a text is missing"
            exit 1
        fi
        grep -qE '  (男|女|male|female)( |$)' text # a word, not its code
    done <names
done
code=0
"$hedui" person a0000000000000000000000000 2>refused || code=$?
[ "$code" = 2 ] && grep -q 'the last published run has no such person' refused
echo "what is explained is what was done"
