#!/bin/sh
# What a database may hold, and a configuration may say: names that would leave their quotes, queries
# that would do more than read, texts that are none. Nothing of it is run, nothing crashes, and each row
# that is read is linked, rejected or filtered. The role is a superuser, so that only hedui is in the
# way. usage: hostile.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
start_postgres shared_buffers=32MB
cd "$work"
touched=$cluster/touched # the server's user may write there
chmod 0777 "$cluster"

# JSON is YAML too, and quotes whatever a name holds.
config() { # DATABASE table|query TEXT KEY NAME [ENCODING]: hedui.yaml
    python3 - "$@" >hedui.yaml <<'P'
import json, sys
database, what, text, key, name, *encoding = sys.argv[1:]
source = {"type": "person", "postgresql": "dbname=" + database, what: text, "key": [key],
          "mentions": {"self": {"name": name, "address": name}}}
source.update({"encoding": e for e in encoding})
print(json.dumps({"site": "530303", "language": "en", "link": {"model": "m.json"}, "sources": {"s": source}},
                 indent=1))
P
}

expect_code() { # CODE WHAT
    code=0
    "$hedui" run --quiet --as-of 2026-01-01 --csv out >said 2>&1 || code=$?
    [ $code = "$1" ] || fail "$2: exit code $code, not $1: $(cat said)"
}

expect_counts() { # "READ LINKED REJECTED FILTERED" WHAT
    expect_code 0 "$2"
    counts=$(sed -n 2p out/run_source.csv | cut -d, -f3-6 | tr , ' ')
    [ "$counts" = "$1" ] || fail "$2: $counts, not $1"
}

expect_untouched() { # WHAT
    [ ! -e "$touched" ] || fail "$1: a program was run"
    [ "$(ask utf8 'SELECT count(*) FROM canary')" = 2 ] || fail "$1: the database was changed"
}

createdb -T template0 utf8
ask utf8 'CREATE TABLE canary (id text, xm text)' "INSERT INTO canary VALUES ('1', '张三'), ('2', '李四')" \
    'CREATE SEQUENCE s'

# ---- names ----

# of a table and its columns, as they are
number=0
while IFS= read -r shown; do
    name=$(printf '%b.' "$shown")
    name=${name%.}
    number=$((number + 1))
    quoted=\"$(printf '%s' "$name" | sed 's/"/""/g')\"
    ask utf8 "CREATE SCHEMA $quoted" "CREATE TABLE $quoted.$quoted ($quoted text, \"编号 $number\" int)" \
        "INSERT INTO $quoted.$quoted SELECT xm, id::int FROM canary"
    config utf8 table "$quoted.$quoted" "编号 $number" "$name"
    expect_counts '2 2 0 0' "a table named $shown"
    grep -q '张三' out/mention.csv || fail "a table named $shown: no value was read"
    config utf8 query "SELECT * FROM $quoted.$quoted" "编号 $number" "$name"
    expect_counts '2 2 0 0' "a query of a table named $shown"
    expect_untouched "a table named $shown"
    # where there is no such table or column, it is only not there
    ask utf8 "ALTER TABLE $quoted.$quoted RENAME COLUMN $quoted TO other"
    config utf8 table "$quoted.$quoted" "编号 $number" "$name"
    expect_code 2 "no column named $shown"
    ask utf8 "DROP TABLE $quoted.$quoted"
    expect_code 3 "no table named $shown"
    expect_untouched "no table named $shown"
done <<'N'
it's
"
a"; DROP TABLE canary; --
x"."canary
a.b.c
back\\\\slash
new\nline
*/ x /*
$$
户籍
 blank 
select
%s%n
N

config utf8 table canary id XM
expect_code 2 'a column in capitals'
ask utf8 'CREATE TABLE named (id text, full_name text)'
for what in 'table named' 'query SELECT * FROM named'; do
    config utf8 "${what%% *}" "${what#* }" id ful_name
    expect_code 2 "a column that is misspelt, of a $what"
    near="the nearest in $([ "${what%% *}" = query ] && echo query || echo named) is \"full_name\""
    grep -q "hedui.yaml:[0-9]*:[0-9]*: source s has no column \"ful_name\"; $near" said || fail "$(cat said)"
done
config utf8 table "public.kanary" id xm
expect_code 3 'a table that is not there'
grep -q 'there is no table public.kanary; the nearest is "canary"' said || fail "$(cat said)"
ask utf8 'CREATE SCHEMA other' 'CREATE TABLE other.away (id int)'
config utf8 table away id xm
expect_code 3 'a table that is off the search path'
grep -q 'schemas that have one: other' said || fail "$(cat said)"

# ---- queries ----

while IFS= read -r query; do
    query=$(printf '%s' "$query" | sed "s|TOUCH|touch $touched|")
    config utf8 query "$query" id xm
    code=0
    "$hedui" run --quiet --as-of 2026-01-01 --csv out >said 2>&1 || code=$?
    [ $code = 2 ] || [ $code = 3 ] || fail "exit code $code of: $query: $(cat said)"
    expect_untouched "$query"
done <<'Q'
select 1) q) to program 'TOUCH' --
select 1 as id, 2 as xm) as q) to program 'TOUCH' (format binary) --
select id, xm from canary) as q) to stdout; copy canary to program 'TOUCH'; --
select 1; drop table canary
select id, xm from canary; delete from canary
commit; delete from canary
set transaction read write
rollback; begin; delete from canary; commit; select id, xm from canary
delete from canary returning id, xm
with gone as (delete from canary returning id, xm) select * from gone
insert into canary values ('3', 'x') returning id, xm
select id, xm from canary for update
select nextval('s') as id, '' as xm
select setval('s', 9) as id, '' as xm
create table new as select * from canary
copy canary to program 'TOUCH'
copy (select 1) to program 'TOUCH'
do $$ begin delete from canary; end $$
explain analyze delete from canary
explain select id, xm from canary
select id, xm into new from canary
select id, xm from canary /*
select id, 'open as xm from canary
select id, $$open as xm from canary
select id, "open as xm from canary
select $1 as id, xm from canary
prepare p as select 1
table nothing
-- only a comment
)
Q
config utf8 query 'SELECT id, xm FRM canary' id xm
expect_code 3 'a query with a slip'
grep -q 'while query at hedui.yaml:[0-9]*:[0-9]*$' said || fail "a query with a slip: $(cat said)"
[ "$(ask utf8 'SELECT last_value FROM s')" = 1 ] || fail 'a sequence was moved'
config utf8 query "select id, xm from canary -- ) q) to program 'touch $touched'" id xm
expect_counts '2 2 0 0' 'a query that ends in a comment'
config utf8 query "with x as (values ('1', ';')) select column1 as id, ')' as xm from x ; ; " id xm
expect_counts '1 1 0 0' 'a query that ends in semicolons'
expect_untouched 'queries that are right'

# ---- values ----

ask utf8 'CREATE TABLE v (id text, xm text, b bytea)' "INSERT INTO v VALUES
    (E'quotes '' \" \\\\ and ,', E'a\"b''c', NULL), (E'lines\r\nof\nmany\rkinds', E'x\ny', NULL),
    (E'\\\\N', E'\\\\.', NULL), ('long', repeat('x', 1000000), NULL), ('at the limit', repeat('x', 65536), NULL),
    ('over it', repeat('x', 65537), NULL), (repeat('k', 70000), 'a long key', NULL),
    (NULL, 'no key', NULL), (' ', 'no key either', NULL), (NULL, NULL, NULL), ('', ' ', NULL),
    ('bytes', 'NUL among them', '\\x610062'), ('control', E'\x01\x1b[31m', NULL)"
config utf8 table v id xm
expect_counts '13 6 5 2' 'values'
[ "$(grep -c ',too_long$' out/reject.csv)" = 3 ] || fail 'reasons of rejects'
config utf8 query 'SELECT id, b::text AS xm FROM v' id xm
expect_counts '13 8 1 4' 'bytes as text'
config utf8 table v id b
expect_counts '13 8 1 4' 'bytes'

# ---- databases that know no encoding ----

createdb -T template0 -E SQL_ASCII ascii
iconv -f UTF-8 -t GB18030 >ascii.sql <<'S'
CREATE TABLE "人口" ("编号" int, "姓名" text);
INSERT INTO "人口" VALUES (1, '张三'), (2, '𠮷'), (3, '李四'), (4, 'ascii');
S
PGCLIENTENCODING=SQL_ASCII psql -XAtqd ascii -v ON_ERROR_STOP=1 -f ascii.sql
config ascii table 人口 编号 姓名
expect_code 2 'SQL_ASCII, and no encoding'
grep -q 'hedui.yaml:[0-9]*:[0-9]*: the database of source s is SQL_ASCII: `encoding:` must say' said ||
    fail "$(cat said)"
config ascii table 人口 编号 姓名 gb18030
expect_counts '4 4 0 0' 'GB 18030 in SQL_ASCII'
grep -q '张三' out/mention.csv && grep -q '𠮷' out/mention.csv || fail 'GB 18030 in SQL_ASCII'
config ascii query "SELECT * FROM 人口 WHERE 姓名 <> '李四'" 编号 姓名 gb18030
expect_counts '3 3 0 0' 'a query in GB 18030'
config ascii table public.人 编号 姓名 gb18030
expect_code 3 'no table in GB 18030'
# one bad byte rejects one row
PGCLIENTENCODING=SQL_ASCII ask ascii "$(printf 'UPDATE "\310\313\277\332" SET "\320\325\303\373" = E'"'"'\\xd5'"'"' WHERE "\261\340\272\305" = 3')" \
    "$(printf 'INSERT INTO "\310\313\277\332" VALUES (5, E'"'"'\\xd5\\xc5\\xff\\xc8\\xfd'"'"'), (6, E'"'"'\\x81\\x30\\x81'"'"')')"
config ascii table 人口 编号 姓名 gb18030
expect_counts '6 3 3 0' 'broken GB 18030'
[ "$(grep -c ',encoding$' out/reject.csv)" = 3 ] || fail 'reasons of broken GB 18030'
ask ascii "CREATE TABLE u (id int, xm text)" "INSERT INTO u VALUES (1, E'\\xe5\\xbc\\xa0'), (2, E'\\xd5\\xc5'),
    (3, E'\\xed\\xa0\\x80'), (4, 'x')"
config ascii table u id xm utf-8
expect_counts '4 2 2 0' 'UTF-8 in SQL_ASCII'

createdb -T template0 -E EUC_CN euc
PGCLIENTENCODING=UTF8 ask euc 'CREATE TABLE "户籍" ("编号" int, "姓名" text)' "INSERT INTO \"户籍\" VALUES (1, '张三'), (2, '李四')"
config euc table 户籍 编号 姓名
expect_counts '2 2 0 0' 'EUC_CN'
grep -q '张三' out/mention.csv || fail 'EUC_CN'
config euc query "SELECT 编号, 姓名 || '某' AS 姓名 FROM 户籍 WHERE 姓名 = '李四'" 编号 姓名
expect_counts '1 1 0 0' 'a query in EUC_CN'
grep -q '李四某' out/mention.csv || fail 'a query in EUC_CN'
createdb -T template0 -E LATIN1 latin
PGCLIENTENCODING=UTF8 ask latin 'CREATE TABLE t (id int, xm text)' "INSERT INTO t VALUES (1, 'Ünal')"
config latin table t id xm
expect_counts '1 1 0 0' LATIN1
grep -qi 'ünal' out/mention.csv || fail LATIN1
echo 'nothing was run, and every row is counted'
