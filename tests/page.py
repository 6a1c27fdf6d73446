"""Whether a page stands by itself: python3 page.py FILE [SECRET…].

Tags close in order, there is no script and no reference to another file, no text is missing from the
catalogue, and none of the secrets stands in it. Prints how many charts it has.
"""

import html.parser
import re
import sys

VOID = ("meta", "br")
FOREIGN = ("script", "iframe", "link", "img", "a", "object", "embed")


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.texts, self.n_charts = [], [], 0

    def start(self, tag, attrs):
        assert tag not in FOREIGN, tag
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            assert name not in ("href", "src", "xlink:href"), (tag, name)
            assert not re.search(r"\b(nan|inf)\b", value or ""), (tag, name, value)
        self.n_charts += tag == "svg" and ("class", "chart") in attrs

    def handle_starttag(self, tag, attrs):
        self.start(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.start(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data.strip())


text = open(sys.argv[1], encoding="utf-8").read()
reader = Reader()
reader.feed(text)
assert reader.open == [], reader.open
missing = [t for t in reader.texts if re.fullmatch(r"(page|evaluate|explain|level)\.[a-z_]+", t)]
assert not missing, missing
for secret in sys.argv[2:]:
    assert secret not in text, "a value stands in the page in full"
print(reader.n_charts)
