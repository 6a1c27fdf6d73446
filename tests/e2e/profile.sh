#!/bin/sh
# What profile says of a county: figures that add up, no change after a run of the same rows, the same
# bytes for any order of rows and number of threads, and a page that is whole in both languages.
# usage: profile.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 600 --seed 14 --out "$work/county" >/dev/null
cd "$work/county"
"$hedui" run --quiet --as-of 2026-01-01 >/dev/null
"$hedui" profile --json --threads 1 >../one.json
python3 - ../one.json <<'P'
import json, sys

columns = json.load(open(sys.argv[1], encoding="utf-8"))["columns"]
assert len(columns) > 30, len(columns)
for c in columns:
    where = (c["source"], c["role"], c["field"])
    assert sum(c["states"].values()) == c["rows"], where
    assert c["filled"] == c["rows"] - c["states"]["missing"], where
    assert c["distinct"] <= c["filled"], where
    assert all(abs(points) < 1e-9 for points in c["change_points"].values()), where
    assert sum(p["n"] for p in c["patterns"]) <= c["filled"], where
    assert all(a["n"] >= b["n"] for a, b in zip(c["patterns"], c["patterns"][1:])), where
    wrong = sum(c["states"][s] for s in ("suspicious", "damaged", "invalid"))
    assert sum(v["n"] for v in c["wrong"]) <= wrong and bool(wrong) == bool(c["wrong"]), where
P
for file in data/*.csv; do # the header stays, the rows turn round
    { head -n 1 "$file"; tail -n +2 "$file" | tac; } >../turned && cp ../turned "$file"
done
"$hedui" profile --json --threads 2 >../two.json
cmp ../one.json ../two.json
for language in zh en; do
    sed -i "s/^language: .*/language: $language/" hedui.yaml
    "$hedui" profile --html page.html >/dev/null
    [ "$(stat -c %a page.html)" = 600 ]
    python3 - page.html <<'P'
import html.parser, re, sys


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.texts, self.n_rows = [], [], 0

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "iframe", "link", "img", "a"), tag
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.n_rows += tag == "tr"

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data.strip())


reader = Reader()
reader.feed(open(sys.argv[1], encoding="utf-8").read())
assert reader.open == [], reader.open
assert reader.n_rows > 60, reader.n_rows
missing = [t for t in reader.texts if re.fullmatch(r"(profile|state)\.[a-z_]+", t)]
assert not missing, missing
P
done
echo "the profile adds up"
