#!/bin/sh
# Several threads read tables of two databases, one of them divided, with rows of one key, so that parts
# are read again while sources are merged. Under ThreadSanitizer run-test fails where a race is
# reported. usage: pg-read.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/../pg/lib.sh"
start_postgres shared_buffers=32MB
cd "$work"
createdb -T template0 one
createdb -T template0 -E SQL_ASCII two
# 9000 rows, one a block; then as many of the same keys as the last hundred
psql -Xqd one -v ON_ERROR_STOP=1 <<'S'
CREATE TABLE wide (id int, xm text, pad text);
ALTER TABLE wide ALTER pad SET STORAGE PLAIN;
INSERT INTO wide SELECT i % 8900, chr(19968 + i % 500) || chr(20000 + i % 7000), repeat('x', 7000)
    FROM generate_series(1, 9000) i;
CREATE VIEW narrow AS SELECT id, xm FROM wide WHERE id < 3000;
S
psql -Xqd two -c "CREATE TABLE g AS SELECT i AS id, E'\\\\xd5\\\\xc5'::text AS xm FROM generate_series(1, 2000) i"
cat >hedui.yaml <<'Y'
site: 530303
sources:
  a: {type: person, postgresql: dbname=one, table: wide, key: [id], mentions: {self: {name: xm}}}
  b: {type: person, postgresql: dbname=one, table: narrow, key: [id], mentions: {self: {name: xm}}}
  c: {type: person, postgresql: dbname=two, table: g, encoding: gb18030, key: [id],
      mentions: {self: {name: xm}}}
Y
"$hedui" run --quiet --threads 4 --as-of 2026-01-01 --csv out >/dev/null
[ "$(sed 1d out/run_source.csv | cut -d, -f2-5 | tr '\n' ' ')" = 'a,9000,8900,100 b,3100,3000,100 c,2000,2000,0 ' ] ||
    fail "$(cut -d, -f2-5 out/run_source.csv)"
