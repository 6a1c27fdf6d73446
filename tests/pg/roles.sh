#!/bin/sh
# Who may do what in a store (ops/sql/roles.sql): each login does what it must and is refused all else,
# and a steward sees the rows of its own divisions and no other. usage: roles.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
start_postgres jit=off

admin() { # ARGUMENT...
    psql -Xqd county -v ON_ERROR_STOP=1 "$@"
}

database=county
ask() { # USER SQL
    psql -XAtqd "$database" -U "$1" -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate -c "$2" 2>&1
}

expect() { # WANTED USER SQL
    found=$(ask "$2" "$3") || true
    [ "$found" = "$1" ] || fail "$2, $3: \"$found\", not \"$1\""
}

# Each line of stdin is a statement that is refused for want of a right. In a transaction, so that one
# that is not refused does no harm.
refused() { # USER
    while read -r sql; do
        found=$(ask "$1" "BEGIN; $sql") && fail "$1 may do this: $sql"
        [ "$found" = 'ERROR:  42501' ] || fail "$1, $sql: \"$found\""
    done
}

psql -Xqd postgres -v ON_ERROR_STOP=1 <<'SQL'
CREATE ROLE county_owner LOGIN;
CREATE ROLE outsider LOGIN;
CREATE DATABASE county;
GRANT CREATE ON DATABASE county TO county_owner;
SQL
"$hedui" generate --persons 1200 --seed 23 --out "$work/county" >/dev/null
sed -i 's|^store:.*|store: "postgresql:dbname=county"|' "$work/county/hedui.yaml"

# ---- roles.sql itself ----

roles_sql() { # ARGUMENT...
    admin -f "$root/ops/sql/roles.sql" "$@" >"$work/said" 2>&1
}

# every right and policy
rights() {
    ask hedui "SELECT 'database', datacl::text FROM pg_database WHERE datname = 'county'
        UNION ALL SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname IN ('hedui', 'public')
        UNION ALL SELECT relname, concat(relacl::text, relrowsecurity) FROM pg_class
        WHERE relnamespace = 'hedui'::regnamespace
        UNION ALL SELECT attrelid::regclass || '.' || attname, attacl::text FROM pg_attribute
        WHERE attacl IS NOT NULL AND attrelid >= 16384
        UNION ALL SELECT tablename || '.' || policyname, concat_ws(' ', roles, cmd, qual, with_check)
        FROM pg_policies ORDER BY 1, 2"
}

roles_sql && fail 'roles.sql runs where there is no store'
grep -q 'holds no store of hedui' "$work/said" || fail "without a store it says: $(cat "$work/said")"
PGUSER=county_owner "$hedui" run --quiet --config "$work/county/hedui.yaml" --as-of 2026-01-01 >/dev/null
roles_sql || fail "roles.sql: $(cat "$work/said")"
rights >"$work/rights"
roles_sql
rights | cmp - "$work/rights" || fail 'run again, roles.sql leaves other rights'
admin <<'SQL'
GRANT SELECT ON hedui.undo TO hedui_steward, PUBLIC;
GRANT UPDATE (name) ON hedui.person TO hedui_auditor;
SQL
roles_sql
rights | cmp - "$work/rights" || fail 'roles.sql leaves what it does not grant'
psql -XAtd county -U outsider -c '' 2>&1 | grep -q 'permission denied for database' ||
    fail 'PUBLIC may connect to a database that holds nothing but hedui'

# ---- logins: town is a group that two townships are given to ----

admin <<'SQL'
CREATE ROLE night LOGIN IN ROLE hedui_pipeline;
CREATE ROLE town NOLOGIN;
CREATE ROLE zhao LOGIN IN ROLE hedui_steward;
CREATE ROLE ma LOGIN IN ROLE hedui_steward, town;
CREATE ROLE newcomer LOGIN IN ROLE hedui_steward;
CREATE ROLE auditor LOGIN IN ROLE hedui_auditor;
CREATE ROLE inspector LOGIN IN ROLE hedui_auditor, hedui_steward;
GRANT CONNECT ON DATABASE county TO outsider;
GRANT USAGE ON SCHEMA public TO PUBLIC;
CREATE FUNCTION public.tell(value text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS
    'BEGIN RAISE NOTICE ''told''; RETURN true; END';
SET ROLE county_owner;
INSERT INTO hedui.steward_division VALUES ('zhao', '530303001'), ('inspector', '530303001'),
    ('town', '530303100'), ('town', '530303101'), ('gone', '53');
SQL

# ---- a steward sees its own ----

here="(residence_division_code ~ '^(DIVISIONS)' OR registered_division_code ~ '^(DIVISIONS)')"
person="EXISTS (SELECT FROM hedui.person p WHERE p.person_id = t.person_id AND $here)"
either="EXISTS (SELECT FROM hedui.person p
    WHERE p.person_id IN (t.person_id, t.other_person_id) AND $here)"

sees() { # USER DIVISIONS TABLE COLUMN CONDITION
    condition=$(echo "$5" | sed "s/DIVISIONS/$2/g")
    rows="SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM hedui.$3 t"
    own=$(ask hedui "$rows WHERE $condition")
    [ "${own%%|*}" -gt 0 ] && [ "$own" != "$(ask hedui "$rows")" ] || fail "$3: $own rows are of $2"
    expect "$own" "$1" "$rows"
    # a function that is cheap, and tells what it is asked about, is not asked about rows of others
    told=$(ask "$1" "SELECT FROM hedui.$3 WHERE public.tell($4)" | grep -c 'NOTICE:  00000') || true
    [ "$told" = "${own%%|*}" ] || fail "$1 was told of $told rows of $3, ${own%%|*} are theirs"
}

sees_own() { # USER DIVISIONS
    sees "$1" "$2" person name "$here"
    sees "$1" "$2" mention name "$person"
    sees "$1" "$2" person_value value "$person"
    sees "$1" "$2" person_link record_id "$person"
    sees "$1" "$2" relation other_person_id "$person"
    sees "$1" "$2" person_history person_id "$either"
    sees "$1" "$2" discrepancy value_a "owner_unit ~ '^(DIVISIONS)'"
}

sees_own zhao 530303001
sees_own ma '530303100|530303101'
sees_own inspector 530303001
expect 530303001 zhao 'SELECT * FROM hedui.own_division'
for table in person mention person_value relation person_history discrepancy own_division; do
    expect 0 newcomer "SELECT count(*) FROM hedui.$table"
done
expect '' zhao "SELECT DISTINCT tablename FROM pg_stats
    WHERE tablename IN ('person', 'mention', 'discrepancy')"
expect "$(ask hedui 'SELECT count(*) FROM hedui.indicator')" zhao 'SELECT count(*) FROM hedui.indicator'

# what has no division is for whom the county gives a policy of its own
admin <<'SQL'
CREATE ROLE desk LOGIN IN ROLE hedui_steward;
CREATE POLICY desk ON hedui.discrepancy FOR SELECT TO desk USING (owner_unit IS NULL);
CREATE POLICY desk ON hedui.person FOR SELECT TO desk
    USING (residence_division_code IS NULL AND registered_division_code IS NULL);
SQL
sees desk '' discrepancy value_a 'owner_unit IS NULL'
sees desk '' person name 'residence_division_code IS NULL AND registered_division_code IS NULL'

# ---- a steward decides ----

find_discrepancy() { # DIVISION
    ask hedui "SELECT min(discrepancy_id) FROM hedui.discrepancy WHERE owner_unit = '$1'"
}
mine=$(find_discrepancy 530303001)
other=$(find_discrepancy 530303100)
decide="INSERT INTO hedui.decision (decision_id, made_by, discrepancy_id, what) VALUES"
ask zhao "$decide ('1', 'zhao', '$mine', 'same person')"
ask ma "$decide ('2', current_user, '$other', 'same person')"
expect 1 zhao 'SELECT decision_id FROM hedui.decision'
expect 2 ma 'SELECT decision_id FROM hedui.decision'
refused zhao <<SQL
$decide ('3', 'ma', '$mine', 'forged')
$decide ('3', 'zhao', '$other', 'of another township')
$decide ('3', 'zhao', 'no such', 'of nothing')
$decide ('3', 'zhao', NULL, 'of nothing')
$decide ('3', NULL, '$mine', 'of nobody')
UPDATE hedui.decision SET what = 'other'
DELETE FROM hedui.decision
TRUNCATE hedui.decision
$decide ('1', 'zhao', '$mine', 'twice') ON CONFLICT (decision_id) DO UPDATE SET what = 'other'
SQL

# ---- and is refused all else ----

refused zhao <<'SQL'
SET row_security TO off; SELECT count(*) FROM hedui.person
SELECT FROM hedui.undo
SELECT FROM hedui.reject
SELECT FROM hedui.steward_division
SELECT FROM hedui.definition
SELECT FROM hedui.schema_version
INSERT INTO hedui.steward_division VALUES ('zhao', '53')
UPDATE hedui.discrepancy SET state = 'waived'
UPDATE hedui.person SET name = ''
DELETE FROM hedui.mention
INSERT INTO hedui.person (person_id) VALUES ('x')
UPDATE hedui.person_link SET reason = ''
ALTER TABLE hedui.person DISABLE ROW LEVEL SECURITY
CREATE POLICY all_of_them ON hedui.person USING (true)
CREATE OR REPLACE VIEW hedui.own_division AS SELECT '53' AS division
CREATE TABLE hedui.mine ()
CREATE TABLE public.mine ()
CREATE TEMPORARY TABLE mine ()
CREATE SCHEMA mine
SET ROLE hedui_pipeline
SET ROLE town
SET SESSION AUTHORIZATION ma
SQL

# ---- a night reads and writes rows, and no more ----

refused night <<'SQL'
CREATE TABLE hedui.mine ()
CREATE TABLE public.mine ()
CREATE SCHEMA mine
CREATE FUNCTION hedui.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE INDEX ON hedui.person (sex)
CREATE OR REPLACE VIEW hedui.person_link AS SELECT * FROM hedui.mention
ALTER TABLE hedui.person ADD COLUMN mine text
ALTER TABLE hedui.person DISABLE ROW LEVEL SECURITY
DROP TABLE hedui.undo
DROP POLICY hedui_steward ON hedui.person
TRUNCATE hedui.mention
COMMENT ON TABLE hedui.person IS ''
INSERT INTO hedui.decision (decision_id) VALUES ('3')
UPDATE hedui.decision SET what = 'other'
DELETE FROM hedui.decision
DELETE FROM hedui.run
UPDATE hedui.run SET id = 'x'
UPDATE hedui.run SET counts = ''
UPDATE hedui.run_source SET rows_read = 0
DELETE FROM hedui.reject
UPDATE hedui.indicator SET value = 0
UPDATE hedui.person_history SET event = 'new'
UPDATE hedui.undo SET run = ''
INSERT INTO hedui.definition VALUES ('person_link', '')
INSERT INTO hedui.schema_version VALUES (9, '')
SELECT FROM hedui.steward_division
SET ROLE hedui_steward
SET ROLE county_owner
SQL

# ---- an auditor reads what was done, not to whom ----

for table in run run_source indicator reject schema_version person_history; do
    expect "$(ask hedui "SELECT count(*) FROM hedui.$table")" auditor "SELECT count(*) FROM hedui.$table"
done
counts='SELECT rule, owner_unit, state, count(*) FROM hedui.discrepancy GROUP BY 1, 2, 3 ORDER BY 1, 2, 3'
expect "$(ask hedui "$counts")" auditor "$counts"
expect "1|zhao|$mine
2|ma|$other" auditor 'SELECT decision_id, made_by, discrepancy_id FROM hedui.decision ORDER BY 1'
expect 1 inspector 'SELECT decision_id FROM hedui.decision'
PGUSER=auditor "$hedui" runs --config "$work/county/hedui.yaml" | grep -q 2026-01-01 ||
    fail 'an auditor sees no run'
refused auditor <<'SQL'
SELECT FROM hedui.person
SELECT FROM hedui.mention
SELECT FROM hedui.person_value
SELECT FROM hedui.person_link
SELECT FROM hedui.relation
SELECT FROM hedui.undo
SELECT FROM hedui.own_division
SELECT FROM hedui.steward_division
SELECT value_a FROM hedui.discrepancy
SELECT person_id FROM hedui.discrepancy
SELECT d FROM hedui.discrepancy d
SELECT note FROM hedui.decision
SELECT value FROM hedui.decision
INSERT INTO hedui.decision (decision_id, made_by) VALUES ('3', 'auditor')
UPDATE hedui.run SET state = 'rolled back'
DELETE FROM hedui.reject
CREATE TABLE hedui.mine ()
CREATE TABLE public.mine ()
SQL
expect '' auditor "SELECT tablename, attname FROM pg_stats WHERE tablename IN ('person', 'mention', 'undo')
    OR tablename = 'discrepancy' AND attname ~ '^(value|person)'"

# ---- everybody else reads nothing ----

ask hedui "SELECT format('SELECT FROM hedui.%I', relname) FROM pg_class
    WHERE relnamespace = 'hedui'::regnamespace AND relkind IN ('r', 'v')" | refused outsider

# ---- the reader of a department's database has what `hedui lint --grants` prints ----

psql -Xqd postgres -c 'CREATE ROLE hedui_reader LOGIN' -c 'CREATE DATABASE police'
psql -Xqd police -v ON_ERROR_STOP=1 <<'SQL'
CREATE SCHEMA hj;
CREATE TABLE hj.czrk (rybh text, xm text, csrq date, hyzk text);
INSERT INTO hj.czrk VALUES ('1', '甲', '1980-01-02', '20');
SQL
cat >"$work/police.yaml" <<'Y'
site: 530303
sources:
  household:
    type: household
    postgresql: "dbname=police"
    table: hj.czrk
    key: [rybh]
    mentions:
      self: {name: xm, birth_date: csrq}
Y
"$hedui" lint --grants --config "$work/police.yaml" | psql -Xqd police -v ON_ERROR_STOP=1
database=police
expect '1|甲|1980-01-02' hedui_reader 'SELECT rybh, xm, csrq FROM hj.czrk'
refused hedui_reader <<'SQL'
SELECT hyzk FROM hj.czrk
SELECT * FROM hj.czrk
INSERT INTO hj.czrk (rybh) VALUES ('2')
UPDATE hj.czrk SET xm = ''
DELETE FROM hj.czrk
CREATE TABLE hj.mine ()
CREATE TABLE public.mine ()
SQL
database=county

# ---- roles of other names, in a database that others use too ----

admin -c 'CREATE TABLE public.theirs ()' -c 'GRANT CONNECT ON DATABASE county TO PUBLIC'
roles_sql -v pipeline='Night run' -v steward='镇 "1"' -v auditor=it_audit ||
    fail "other names: $(cat "$work/said")"
grep -q 'others have tables' "$work/said" || fail "of others' tables it says: $(cat "$work/said")"
admin -c 'REVOKE CONNECT ON DATABASE county FROM outsider' \
    -c 'CREATE ROLE li LOGIN IN ROLE "镇 ""1"""'
ask county_owner "INSERT INTO hedui.steward_division VALUES ('li', '530303001')"
expect 'permission denied' outsider "SELECT 'permission denied'"
sees_own li 530303001
echo 'each to their own'
