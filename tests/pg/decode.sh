#!/bin/sh
# Values of every type that is not cast by the server decode to the very text that it would give.
# usage: decode.sh HEDUI
set -eu
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
decode=$(dirname "$(realpath "$1")")/tests/pg_decode
start_postgres shared_buffers=32MB

# check TYPE LEAST: the values of the query on stdin, at least so many.
check() {
    { printf 'CREATE TABLE t (v %s);\nSELECT setseed(0.5);\nINSERT INTO t ' "$1"; cat; } |
        psql -XAtqd postgres -v ON_ERROR_STOP=1 -f - \
            -c "\\copy (SELECT pg_typeof(v)::oid::int, v, v::text FROM t) TO '$work/t' (FORMAT binary)" \
            -c 'DROP TABLE t' >/dev/null
    said=$("$decode" "$work/t") || fail "$1: $said"
    [ "${said%% *}" -ge "$2" ] || fail "$1: $said, $2 at least were meant to be"
    echo "$1: $said"
}

psql -XAtqd postgres -v ON_ERROR_STOP=1 -f - <<'SQL'
CREATE FUNCTION upto(n float8) RETURNS int LANGUAGE sql AS 'SELECT floor(random() * (n + 1))::int';
-- more zeros than chance would have
CREATE FUNCTION digits(n int) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(CASE WHEN random() < 0.4 THEN '0' ELSE upto(9)::text END, ''), '')
    FROM generate_series(1, n)
$$;
CREATE FUNCTION letters(n int) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(substr(E' \t''"\\aZ9张\u00e9\U00020BB7', 1 + upto(10), 1), ''), '')
    FROM generate_series(1, n)
$$;
SQL

check smallint 65536 <<'SQL'
SELECT generate_series(-32768, 32767);
SQL

check integer 40000 <<'SQL'
SELECT -2147483648 + floor(random() * 4294967296)::bigint FROM generate_series(1, 30000)
UNION ALL SELECT generate_series(-5000, 5000)
UNION ALL VALUES (-2147483648), (2147483647);
SQL

check bigint 40000 <<'SQL'
SELECT trunc((random() - 0.5)::numeric * 18446744073709551614) FROM generate_series(1, 30000)
UNION ALL SELECT generate_series(-5000, 5000)
UNION ALL VALUES (-9223372036854775808), (9223372036854775807);
SQL

check numeric 70000 <<'SQL'
SELECT (CASE WHEN random() < 0.5 THEN '-' ELSE '' END || '0' || digits(upto(40)) || '.' ||
    digits(upto(30)))::numeric FROM generate_series(1, 30000 + upto(0))
UNION ALL SELECT ('1e' || (upto(400) - 200))::numeric * upto(20000) FROM generate_series(1, 10000)
UNION ALL SELECT round(random()::numeric, upto(20)) FROM generate_series(1, 10000)
UNION ALL SELECT (random() * 1e9 - 5e8)::numeric(12, 2) FROM generate_series(1, 10000)
UNION ALL SELECT (i / 100.0)::numeric(12, 2) FROM generate_series(-5000, 5000) AS i
UNION ALL SELECT ('1e' || i)::numeric FROM generate_series(-1000, 1000, 7) AS i
UNION ALL SELECT ('-9.99e' || i)::numeric FROM generate_series(-300, 300) AS i
UNION ALL VALUES ('NaN'::numeric), ('Infinity'), ('-Infinity'), (0), (0.000), ('1e131071'),
    ('-9e131071'), ('1e-16383'), ('1e131071'::numeric + '1e-16383'), (530303198001010011);
SQL

check date 50000 <<'SQL'
SELECT '2000-01-01'::date - 2451545 + floor(random() * 2147483494)::int
FROM generate_series(1, 20000)
UNION ALL SELECT '0001-01-01'::date + i FROM generate_series(-10000, 10000) AS i
UNION ALL SELECT '9999-12-31'::date + i FROM generate_series(-1000, 1000) AS i
UNION ALL SELECT '1900-01-01'::date + upto(60000) FROM generate_series(1, 10000)
UNION ALL VALUES ('infinity'::date), ('-infinity'), ('4714-11-24 BC'), ('5874897-12-31');
SQL

check timestamp 60000 <<'SQL'
SELECT '4714-11-24 BC'::timestamp + make_interval(days => upto(109203525), secs => random() * 86400)
FROM generate_series(1, 20000)
UNION ALL SELECT '0001-01-01'::timestamp + make_interval(secs => i * 36001.000001)
FROM generate_series(-10000, 10000) AS i
UNION ALL SELECT '1900-01-01'::timestamp + make_interval(days => upto(60000), secs => upto(86399999) / 1000.0)
FROM generate_series(1, 10000)
UNION ALL SELECT '2000-01-01'::timestamp + i * '1 microsecond'::interval
FROM generate_series(-5000, 5000) AS i
UNION ALL VALUES ('infinity'::timestamp), ('-infinity'), ('4714-11-24 00:00:00 BC'),
    ('294276-12-31 23:59:59.999999');
SQL

check boolean 2 <<'SQL'
VALUES (true), (false);
SQL

check uuid 30000 <<'SQL'
SELECT md5(random()::text)::uuid FROM generate_series(1, 30000);
SQL

check text 20000 <<'SQL'
SELECT letters(upto(20)) || substr('', i) FROM generate_series(1, 20000) AS i;
SQL

check 'varchar(12)' 20000 <<'SQL'
SELECT letters(upto(12)) || substr('', i) FROM generate_series(1, 20000) AS i;
SQL

check 'char(12)' 20000 <<'SQL'
SELECT letters(upto(12)) || substr('', i) FROM generate_series(1, 20000) AS i;
SQL
