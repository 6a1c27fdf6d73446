-- What hedui's tables in PostgreSQL stand on; the tables themselves are made from their declarations.
-- Each file of this folder whose name begins with a number is one version of the schema hedui, run once,
-- in order, by `hedui run` of a role that owns the schema; a change goes into a file of its own.

CREATE TABLE hedui.schema_version (
    version    integer PRIMARY KEY,
    hedui      text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE hedui.schema_version IS 'versions of this schema that were reached, and by which hedui';

-- Views and comments are made anew only where they differ from what was made last.
CREATE TABLE hedui.definition (
    name   text PRIMARY KEY,
    digest text NOT NULL
);
COMMENT ON TABLE hedui.definition IS 'digests of the views and comments that hedui made';

-- Rows that a run changed, as they were: what `hedui rollback` needs. The last runs only.
CREATE TABLE hedui.undo (
    step       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run        text NOT NULL,
    table_name text NOT NULL,
    change     text NOT NULL CHECK (change IN ('insert', 'update', 'delete')),
    old        jsonb NOT NULL
);
CREATE INDEX undo_by_run ON hedui.undo (run, table_name);
COMMENT ON TABLE hedui.undo IS 'rows that the last runs changed, as they were before';

-- Which divisions a steward answers for: a role sees the persons, mentions and discrepancies whose
-- division begins with one of its codes (roles.sql makes the policies).
CREATE TABLE hedui.steward_division (
    role_name name NOT NULL,
    division  text NOT NULL CHECK (division ~ '^[0-9]{2,12}$'),
    PRIMARY KEY (role_name, division)
);
COMMENT ON TABLE hedui.steward_division IS 'divisions (by the beginning of their codes) that a role answers for';

-- The divisions of whoever asks: of that role, and of those whose rights it has without SET ROLE. The
-- table is read with the rights of its owner, so that nobody else needs any on it; a role that is
-- gone does not disturb.
CREATE VIEW hedui.own_division WITH (security_barrier = true) AS
SELECT s.division
FROM hedui.steward_division s JOIN pg_catalog.pg_roles r ON r.rolname = s.role_name
WHERE pg_catalog.pg_has_role(r.oid, 'USAGE');
COMMENT ON VIEW hedui.own_division IS 'divisions that the current role answers for';
