#!/bin/sh
# Nights of a role that owns nothing (ops/sql/roles.sql): they write what changed and take it back, and
# say who may do more; what others hang on the tables outlives nights, upgrades and roles.sql.
# usage: roles-nights.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
start_postgres
config=$work/county/county.yaml

admin() { # ARGUMENT...
    psql -XAtqd county -v ON_ERROR_STOP=1 "$@"
}

roles_sql() {
    admin -f "$root/ops/sql/roles.sql" >"$work/said" 2>&1 || fail "roles.sql: $(cat "$work/said")"
}

# What is mapped, but for a field.
configure() { # FIELD
    sed -e 's|^store:.*|store: "postgresql:dbname=county"|' -e "s/\b$1: [a-z]*,\?//" \
        "$work/county/hedui.yaml" >"$config"
}

night() { # USER AS_OF
    code=0
    PGUSER=$1 "$hedui" run --quiet --config "$config" --as-of "$2" >"$work/said" 2>&1 || code=$?
}

succeeds() { # USER AS_OF
    night "$@"
    [ $code = 0 ] || fail "a night of $1 ends with $code: $(cat "$work/said")"
}

is_told() { # USER AS_OF WORDS
    night "$@"
    [ $code = 3 ] || fail "a night of $1 ends with $code: $(cat "$work/said")"
    for words in "$3" 'SQLSTATE 42501' 'as the role that owns schema hedui, then roles.sql'; do
        grep -qF "$words" "$work/said" || fail "$1 is not told \"$words\": $(cat "$work/said")"
    done
}

psql -Xqd postgres -v ON_ERROR_STOP=1 <<'SQL'
CREATE ROLE county_owner LOGIN;
CREATE ROLE night LOGIN;
CREATE ROLE zhao LOGIN;
CREATE ROLE wis LOGIN;
CREATE DATABASE county;
GRANT CREATE ON DATABASE county TO county_owner;
SQL
"$hedui" generate --persons 800 --seed 21 --out "$work/county" >/dev/null
configure former_name
cat >>"$config" <<'Y'
fields:
  residence_division: {kind: division, person: true, column: lives_in}
  registered_division: {kind: division, person: true, column: is_of}
Y
is_told night 2026-01-01 'permission denied for database county'
succeeds county_owner 2026-01-01
roles_sql
admin <<'SQL'
GRANT hedui_pipeline TO night;
GRANT hedui_steward TO zhao;
INSERT INTO hedui.steward_division VALUES ('zhao', '530303');
SQL

# ---- what others hang on the tables ----

admin <<'SQL'
GRANT CONNECT ON DATABASE county TO wis;
GRANT USAGE ON SCHEMA hedui TO wis;
GRANT SELECT (person_id, name) ON hedui.person TO wis;
GRANT SELECT ON hedui.mention, hedui.person_value TO wis;
CREATE POLICY wis_women ON hedui.person FOR SELECT TO wis USING (sex = '2');
CREATE POLICY wis_all ON hedui.mention FOR SELECT TO wis USING (true);
CREATE SCHEMA wis AUTHORIZATION wis;
SET ROLE wis;
CREATE VIEW wis.woman AS SELECT person_id, name FROM hedui.person;
CREATE VIEW wis.named AS SELECT person_id, value FROM hedui.person_value WHERE field = 'name';
SQL
relations="SELECT string_agg(oid || relname, ' ' ORDER BY relname) FROM pg_class
    WHERE relnamespace = 'hedui'::regnamespace AND relkind IN ('r', 'v')"
before=$(admin -c "$relations")

others_live() { # WHEN
    [ "$(admin -c "$relations")" = "$before" ] || fail "$1 tables or views are not the same ones"
    wanted=$(admin -c "SELECT (SELECT count(*) FROM hedui.person WHERE sex = '2'),
        (SELECT count(*) FROM hedui.mention WHERE name IS NOT NULL)")
    found=$(admin -U wis -c 'SELECT (SELECT count(*) FROM wis.woman), (SELECT count(*) FROM wis.named)')
    [ "${wanted%%|*}" -gt 99 ] && [ "$found" = "$wanted" ] ||
        fail "$1 a reader sees $found rows, not $wanted"
}

sees() { # NUMBER WHEN
    found=$(admin -U zhao -c 'SELECT count(*) FROM hedui.person')
    [ "$found" = "$1" ] || fail "$2 a steward sees $found persons, not $1"
}

others_live 'before all nights'
sees 0 'where no column is as roles.sql knows it'
succeeds night 2026-01-01
others_live 'after a night'

# ---- more is mapped: the owner's to do ----

configure nothing
is_told night 2026-01-02 'adding what is newly mapped'
others_live 'after a night that could not change the tables'
succeeds county_owner 2026-01-02
sees 0 'before roles.sql knows of divisions'
roles_sql
others_live 'after an upgrade'
sees "$(admin -c "SELECT count(*) FROM hedui.person
    WHERE residence_division_code ~ '^530303' OR registered_division_code ~ '^530303'")" 'after an upgrade'
succeeds night 2026-01-02

# ---- less is mapped: the view is the owner's, too; so are the comments, but no night waits for them ----

configure marital_status
is_told night 2026-01-03 'defining person_value'
succeeds county_owner 2026-01-03
succeeds night 2026-01-04
others_live 'after an upgrade to less'
left=$(admin -c 'SELECT count(marital_status) FROM hedui.mention')
[ "$left" = 0 ] || fail "$left values of what is no longer mapped are still there"
sed -i 's/^language: zh/language: en/' "$config"
PGUSER=night "$hedui" run --config "$config" --as-of 2026-01-05 >/dev/null 2>"$work/said" ||
    fail "a night in another language: $(cat "$work/said")"
grep -q 'comments on the tables are as an earlier run wrote them' "$work/said" ||
    fail "a night in another language says nothing: $(cat "$work/said")"
comment="SELECT obj_description('hedui.person'::regclass)"
[ "$(admin -c "$comment")" = '归并后的人员，一人一行' ] || fail 'the comments of the owner are not as they were'

# ---- changed data, and the way back ----

cat >"$work/dump" <<'D'
#!/bin/sh
psql -Xqd county -U hedui -c "COPY (SELECT * FROM hedui.$1) TO STDOUT (FORMAT csv, HEADER)" |
    LC_ALL=C sort
D
chmod +x "$work/dump"
configure marital_status
mkdir "$work/nights"
cd "$work/nights"
PGUSER=night "$root/tests/support/rollback-nights" "$hedui" ../county/county.yaml ../dump
others_live 'after the way back'
