-- Who may do what in a store in PostgreSQL, and who sees whom: docs/postgresql-roles.md says it in words.
-- A database administrator runs this after the first `hedui run`, and again after an upgrade of hedui or
-- when more is mapped; run again, it leaves the same:
--     psql -X -d county -f roles.sql [-v pipeline=ROLE] [-v steward=ROLE] [-v auditor=ROLE]
-- What these three roles have in schema hedui and is not granted here goes. Roles, grants and policies
-- of others stay. It is one transaction.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?pipeline} \else \set pipeline hedui_pipeline
\endif
\if :{?steward} \else \set steward hedui_steward
\endif
\if :{?auditor} \else \set auditor hedui_auditor
\endif

BEGIN;
SET LOCAL search_path TO pg_catalog;
SET LOCAL client_min_messages TO warning;
SET LOCAL lock_timeout TO '10s'; -- while a run writes, this fails rather than stop all who read
DO $$
BEGIN
    IF to_regclass('hedui.own_division') IS NULL OR to_regclass('hedui.indicator') IS NULL THEN
        RAISE 'database % holds no store of hedui', current_database()
        USING HINT = 'let the role that is to own it do a first `hedui run`';
    END IF;
END
$$;

-- ---- roles: groups, into which logins are put ----

SELECT format('CREATE ROLE %I NOLOGIN', name)
FROM unnest(ARRAY[:'pipeline', :'steward', :'auditor']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- ---- the database: CONNECT, TEMPORARY and the schema public are everybody's at first ----

SELECT current_database() AS database, pg_get_userbyid(nspowner) AS owner,
       NOT EXISTS (
           SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE nspname NOT IN ('hedui', 'information_schema') AND nspname !~ '^pg_'
       ) AS alone
FROM pg_namespace WHERE nspname = 'hedui'
\gset
GRANT CONNECT ON DATABASE :"database" TO :"owner", :"pipeline", :"steward", :"auditor";
GRANT TEMPORARY ON DATABASE :"database" TO :"owner", :"pipeline";
\if :alone
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SELECT 'REVOKE ALL ON SCHEMA public FROM PUBLIC' WHERE to_regnamespace('public') IS NOT NULL
\gexec
\else
\echo 'roles.sql: others have tables in' :database 'too: the rights of PUBLIC outside of schema hedui stay'
\endif

-- ---- rights ----

REVOKE ALL ON SCHEMA hedui FROM PUBLIC, :"pipeline", :"steward", :"auditor";
REVOKE ALL ON ALL TABLES IN SCHEMA hedui FROM PUBLIC, :"pipeline", :"steward", :"auditor";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA hedui FROM PUBLIC, :"pipeline", :"steward", :"auditor";
REVOKE ALL ON ALL ROUTINES IN SCHEMA hedui FROM PUBLIC, :"pipeline", :"steward", :"auditor";
GRANT USAGE ON SCHEMA hedui TO :"pipeline", :"steward", :"auditor";

-- A night: writes what changed, keeps what was there, and may take it back.
GRANT SELECT ON hedui.schema_version, hedui.definition, hedui.decision TO :"pipeline";
GRANT SELECT, INSERT, UPDATE, DELETE
    ON hedui.person, hedui.mention, hedui.relation, hedui.discrepancy TO :"pipeline";
GRANT SELECT, INSERT, DELETE ON hedui.person_history, hedui.undo TO :"pipeline";
GRANT SELECT, INSERT ON hedui.run, hedui.run_source, hedui.reject, hedui.indicator TO :"pipeline";
GRANT UPDATE (can_undo, state) ON hedui.run TO :"pipeline";

-- A steward: reads, as far as the policies below let it see rows, and decides.
GRANT SELECT ON hedui.person, hedui.mention, hedui.person_value, hedui.person_link, hedui.relation,
    hedui.person_history, hedui.discrepancy, hedui.run, hedui.run_source, hedui.indicator,
    hedui.own_division TO :"steward";
GRANT SELECT, INSERT ON hedui.decision TO :"steward";

-- An auditor: what was done, and by whom; nothing that says who a person is, as values and notes of
-- decisions may.
GRANT SELECT ON hedui.run, hedui.run_source, hedui.indicator, hedui.reject, hedui.schema_version,
    hedui.person_history TO :"auditor";
GRANT SELECT (discrepancy_id, rule, kind, severity, state, owner_unit, field, first_run, last_run)
    ON hedui.discrepancy TO :"auditor";
GRANT SELECT (decision_id, made_at, made_by, what, discrepancy_id, field, source_a, record_id_a, role_a,
    source_b, record_id_b, role_b, state) ON hedui.decision TO :"auditor";

-- ---- rows: each policy lets a role see some; the owner and superusers see all ----

SELECT format('ALTER TABLE hedui.%I ENABLE ROW LEVEL SECURITY', name),
       format('DROP POLICY IF EXISTS hedui_pipeline ON hedui.%I', name),
       format('DROP POLICY IF EXISTS hedui_steward ON hedui.%I', name),
       format('DROP POLICY IF EXISTS hedui_steward_insert ON hedui.%I', name),
       format('DROP POLICY IF EXISTS hedui_auditor ON hedui.%I', name),
       format('CREATE POLICY hedui_pipeline ON hedui.%I TO %I USING (true)', name, :'pipeline')
FROM unnest('{person,mention,person_history,relation,discrepancy,decision}'::text[]) AS name
\gexec

-- Whoever is a steward too keeps to a steward's rows: else they would read an auditor's rows with a
-- steward's columns.
SELECT format('CREATE POLICY hedui_auditor ON hedui.%I FOR SELECT TO %I '
              'USING (NOT pg_has_role(%L, ''MEMBER''))', name, :'auditor', :'steward')
FROM unnest('{person_history,discrepancy,decision}'::text[]) AS name
\gexec

-- A person is of the divisions where they live and where they are registered, as far as the county maps
-- these. ARRAY(…) is read once a query, not once a row.
SELECT coalesce(string_agg(format('%I ^@ ANY (ARRAY(SELECT division FROM hedui.own_division))', attname),
                           ' OR ' ORDER BY attname DESC), 'false') AS is_own
FROM pg_attribute
WHERE attrelid = 'hedui.person'::regclass AND NOT attisdropped
  AND attname IN ('residence_division_code', 'registered_division_code')
\gset
CREATE POLICY hedui_steward ON hedui.person FOR SELECT TO :"steward" USING (:is_own);

-- In these person, discrepancy are those that the asking role may see.
CREATE POLICY hedui_steward ON hedui.mention FOR SELECT TO :"steward"
    USING (EXISTS (SELECT FROM hedui.person p WHERE p.person_id = mention.person_id));
CREATE POLICY hedui_steward ON hedui.relation FOR SELECT TO :"steward"
    USING (EXISTS (SELECT FROM hedui.person p WHERE p.person_id = relation.person_id));
-- Of one who was merged into another the other is left.
CREATE POLICY hedui_steward ON hedui.person_history FOR SELECT TO :"steward"
    USING (EXISTS (SELECT FROM hedui.person p WHERE p.person_id = person_history.person_id)
           OR EXISTS (SELECT FROM hedui.person p WHERE p.person_id = person_history.other_person_id));
CREATE POLICY hedui_steward ON hedui.discrepancy FOR SELECT TO :"steward"
    USING (owner_unit ^@ ANY (ARRAY(SELECT division FROM hedui.own_division)));
CREATE POLICY hedui_steward ON hedui.decision FOR SELECT TO :"steward"
    USING (EXISTS (SELECT FROM hedui.discrepancy d
                   WHERE d.discrepancy_id = decision.discrepancy_id));
CREATE POLICY hedui_steward_insert ON hedui.decision FOR INSERT TO :"steward"
    WITH CHECK (made_by = current_user
                AND EXISTS (SELECT FROM hedui.discrepancy d
                            WHERE d.discrepancy_id = decision.discrepancy_id));
COMMIT;
