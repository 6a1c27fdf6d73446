#!/bin/sh
# A column of any type is read as the text that the server gives of it, whether the server or we make
# it: a table of every kind of type gives what its export by value::text gives. usage: types.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
start_postgres shared_buffers=32MB
cd "$work"

python3 - <<'P'
values = {
    "int2": ["-32768", "7"], "int4": ["-2147483648", "0"], "int8": ["9223372036854775807", "10"],
    "numeric": ["-0.00120", "123456789012345678901234567890.5", "NaN", "Infinity"],
    "numeric(9,2)": ["1", "-0.5"], "date": ["0044-03-15 BC", "2024-02-29", "4714-11-24 BC", "infinity"],
    "timestamp": ["1900-01-01 00:00:00.5", "-infinity", "294276-12-31 23:59:59.999999"],
    "timestamptz": ["1980-05-04 23:30:00+00", "1991-07-01 00:00:00+08"], "bool": ["t", "f"],
    "uuid": ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"], "text": ["张 三", 'a"b\\c', "a,\nb"],
    "varchar(20)": ["x", "𠮷"], "char(6)": ["ab", ""], "name": ["n"], '"char"': ["c"],
    "json": ['{"a": [1, null]}'], "jsonb": ['{"b":1,"a":2}'], "text[]": ['{a,"b c",NULL}'],
    "int[]": ["{1,2}"], "bytea": ["\\x00ff"], "float4": ["0.1", "NaN"],
    "float8": ["0.1", "1e300", "-Infinity"], "interval": ["1 year 2 days 03:04:05.6"],
    "time": ["12:00"], "timetz": ["12:00+08"], "money": ["12.5"], "xml": ["<a>b</a>"],
    "inet": ["10.0.0.0/8"], "bit(3)": ["101"], "mood": ["好", "bad"], "word": ["字"],
    "oid": ["4294967295"], "int4range": ["[1,5)"], "point": ["(1,2)"], "pair": ["(1,x)"],
    "tsvector": ["a:1 b:2"], "day": ["2000-01-01"]}
names = range(1, len(values) + 1)
rows = max(map(len, values.values()))
quoted = lambda v: "'" + v.replace("'", "''") + "'"
with open("types.sql", "w") as out:
    print("CREATE TYPE mood AS ENUM ('好', 'bad'); CREATE DOMAIN word AS varchar(8);"
          "CREATE DOMAIN day AS date; CREATE TYPE pair AS (a int, b text);", file=out)
    print("CREATE TABLE types (id int" + "".join(f", c{i} {t}" for i, t in enumerate(values, 1)) + ");",
          file=out)
    for row in range(rows):
        cells = ", ".join(quoted(v[row % len(v)]) for v in values.values())
        print(f"INSERT INTO types VALUES ({row}, {cells});", file=out)
    print(f"INSERT INTO types (id) VALUES ({rows});", file=out)
    print("SET TimeZone TO 'Asia/Shanghai'; SET DateStyle TO ISO;", file=out)
    print("COPY (SELECT id" + "".join(f", c{i}::text" for i in names) +
          " FROM types) TO STDOUT (FORMAT csv, HEADER)", file=out)
with open("mapping.yaml", "w") as out:
    # a county has room for 64 fields: of the packaged ones some make way
    unused = [f"{f}: {{off: true}}" for f in ("id_type", "marriage_certificate", "registered")]
    print("site: 530303\nfields: {" + ", ".join(unused + [f"f{i}: {{kind: text}}" for i in names]) + "}",
          file=out)
    print("sources:\n  s:\n    type: person\n    key: [id]\n    mentions:\n      self: {"
          + ", ".join(f"f{i}: c{i}" for i in names) + "}", file=out)
P
psql -XAtqd postgres -v ON_ERROR_STOP=1 -f types.sql >wanted.csv
{ cat mapping.yaml && echo '    csv: wanted.csv'; } >file.yaml
{ cat mapping.yaml && printf '    postgresql: "dbname=postgres"\n    table: types\n'; } >table.yaml
{ cat mapping.yaml && printf '    postgresql: "dbname=postgres"\n    query: TABLE types;\n'; } >query.yaml
for way in file table query; do
    "$hedui" run --quiet --config $way.yaml --as-of 2026-01-01 --csv $way >said ||
        fail "reading every type from a $way"
done
for way in table query; do
    for name in mention reject; do
        cut -d, -f2- file/$name.csv >wanted
        cut -d, -f2- $way/$name.csv | cmp wanted - || fail "every type: $name is not the same from a $way"
    done
done
[ "$(wc -l <table/mention.csv)" -ge 5 ] || fail 'there are too few rows of every type'
grep -q '9223372036854775807.*123456\|-32768.*-2147483648' table/mention.csv || fail 'values are not there'
echo 'every type: the same'
