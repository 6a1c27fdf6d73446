#!/bin/sh
# rules/examples/febrl on other persons: two files are linked by the model that comes with it, and one
# is de-duplicated by a model of its own, with next to nothing wrong or missed.
# usage: example.sh HEDUI
set -eu
hedui=$(realpath "$1")
example=$(cd "$(dirname "$0")/../../rules/examples/febrl" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$example" "$work/example"
cd "$work/example"
python3 - <<'P'
import csv, random

rng = random.Random(7)
syllables = "ba co da el fin gor han il jo ka lem mar nis or pen qua ros sam tor ul ven wil".split()
word = lambda n: "".join(rng.choice(syllables) for _ in range(n))
given, family = [word(2) for _ in range(120)], [word(3) for _ in range(300)]
towns = [(word(3), f"{rng.randrange(1000, 9000)}", rng.choice(["nsw", "vic", "qld", "wa"])) for _ in range(60)]
streets = [word(2) + rng.choice([" street", " place", " crescent"]) for _ in range(200)]


def slip(text):
    i = rng.randrange(len(text))
    kind = rng.randrange(3)
    if kind == 0:
        return text[:i] + text[i + 1:]
    if kind == 1 and i + 1 < len(text):
        return text[:i] + text[i + 1] + text[i] + text[i + 2:]
    return text[:i] + rng.choice("aeiou0123") + text[i + 1:]


def person():
    town, postcode, state = rng.choice(towns)
    born = f"{rng.randrange(1910, 2000)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    return {"given_name": rng.choice(given), "surname": rng.choice(family), "street_number": str(rng.randrange(1, 200)),
            "address_1": rng.choice(streets), "address_2": word(3), "suburb": town, "postcode": postcode,
            "state": state, "date_of_birth": born, "soc_sec_id": str(rng.randrange(1000000, 9999999))}


def again(p):
    p = dict(p)
    for field in rng.sample(sorted(p), rng.randrange(4)):
        p[field] = slip(p[field]) if rng.random() < 0.7 else ""
    if rng.random() < 0.1:
        p["given_name"], p["surname"] = p["surname"], p["given_name"]
    return p


def write(name, rows):
    with open(name, "w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


persons = [person() for _ in range(400)]
first = [{"rec_id": f"a{i}", **p} for i, p in enumerate(persons)]
second = [{"rec_id": f"b{i}", **again(p)} for i, p in enumerate(persons)]
write("persons.csv", first + second)
write("a.csv", first)
write("b.csv", second)
for name, sources in ("truth-one.csv", ("persons", "persons")), ("truth-two.csv", ("a", "b")):
    write(name, [{"source": source, "record_id": row["rec_id"], "role": "self", "person_id": row["rec_id"][1:]}
                 for source, rows in zip(sources, (first, second)) for row in rows])
P
check() {
    "$hedui" lint --config "$1"
    "$hedui" run --quiet --config "$1" --as-of 2026-01-01 --csv out >/dev/null
    "$hedui" evaluate --truth "$2" --links out/person_link.csv --json |
        python3 -c 'import json, sys; found = json.load(sys.stdin)["pairwise"]; assert found["f1"] >= 0.98, found'
}
check link.yaml truth-two.csv
rm model.json # the run trains one
check deduplicate.yaml truth-one.csv
