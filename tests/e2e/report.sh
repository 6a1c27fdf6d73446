#!/bin/sh
# The page and the lists are complete in both languages: no text is missing, tags match, every list
# that the page names is there, and their lines are as many as the page says. usage: report.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 600 --seed 14 --out "$work/county" >/dev/null
cd "$work/county"
echo 'one row too short' >>data/death.csv
sed -i '/^site:/d' hedui.yaml
sed -i 's/^gates: .*/gates: {rejected_share: {warn: 0, stop: 0.5}}/' hedui.yaml
for language in zh en; do
    sed -i "s/^language: .*/language: $language/" hedui.yaml
    "$hedui" run --quiet --as-of 2026-01-01 >../terminal
    python3 - ../terminal <<'P'
import csv, glob, html.parser, re, sys

page = open("runs/current/report.html", encoding="utf-8").read()
key = re.compile(r"\b(report|rule|kind|severity|type|stage|summary|column|field|conflict|review|reject)\.[a-z_]+")


class Reader(html.parser.HTMLParser):
    void = {"meta"}

    def __init__(self):
        super().__init__()
        self.open, self.links, self.texts = [], [], []

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "iframe", "link", "img"), tag
        if tag not in self.void:
            self.open.append(tag)
        self.links += [v for k, v in attrs if k == "href"]

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data)


reader = Reader()
reader.feed(page)
assert reader.open == [], reader.open
assert not [t for t in reader.texts if t.startswith(" ·")], "a county without a site is not named"
assert '<td class="s">沾益区</td>' in page, "a township stands with its name, or its county's"
missing = [t for t in reader.texts if key.fullmatch(t.strip())]
assert not missing, missing
said = open(sys.argv[1], encoding="utf-8").read()
assert not key.search(said.replace("report.html", "").replace("reject.csv", ""))

notes = [line for line in said.splitlines() if "reject.csv" in line]
assert len(notes) == 1 and notes[0] in reader.texts, "what a run warns of stands on its page"

lists = [link for link in reader.links if link.startswith("discrepancies/")]
assert set(reader.links) - set(lists) == {"review.csv", "reject.csv"}
lines = 0
for link in reader.links:
    with open("runs/current/" + link, encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert len({len(r) for r in rows}) == 1, link
    assert not any(key.fullmatch(c) for c in rows[0]), rows[0]
    lines += len(rows) - 1 if link in lists else 0
assert sorted("runs/current/" + link for link in lists) == sorted(glob.glob("runs/current/discrepancies/*.csv"))
shown = [t.replace("\u202f", "") for t in reader.texts]
assert str(lines) in shown, lines
print(len(lists), "lists,", lines, "discrepancies")
P
done
