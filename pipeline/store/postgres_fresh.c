/* Tables that are new: filled, then given statistics, indexes and, last of all, key.
 *
 * Of a store that is new all are, and several sessions cannot share a transaction. So they are
 * filled apart, in a schema on which nobody else has rights: some at once, each in a session and a
 * transaction of its own. Then one transaction names the schema hedui: until its commit readers see
 * nothing, and from then on all. What a run that was killed left there the next one drops. */

#include "base/parallel.h"
#include "pipeline/store/postgres_private.h"

#define APART "hedui_new"
#define APART_MARK "hedui: the tables of a first run that did not end; the next one drops them"

/* Statements that sort get this much. */
#define BEGIN_SORTING "BEGIN; SET LOCAL maintenance_work_mem TO '256MB'"
#define BEGIN_APART BEGIN_SORTING "; SET LOCAL synchronous_commit TO off"

/* ---- a store apart ---- */

/* A schema of this name without our mark is somebody else's. */
static hd_status drop_left(hd_ctx *ctx, hd_postgres_store *s)
{
    int64_t is_ours;
    HD_TRY(hd_pg_integer(ctx, s->write,
                         "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '" APART "' "
                         "AND pg_catalog.obj_description(oid, 'pg_namespace') = '" APART_MARK "'",
                         &is_ours));
    return is_ours ? hd_pg_run(ctx, s->write, "DROP SCHEMA " APART " CASCADE") : HD_OK;
}

/* A schema hedui that was made for us stays, with what its administrator has granted on it. */
static hd_status may_be_apart(hd_ctx *ctx, hd_postgres_store *s, bool *out)
{
    int64_t n;
    HD_TRY(hd_pg_integer(ctx, s->write,
                         "SELECT count(*) FROM pg_catalog.pg_namespace "
                         "WHERE nspname IN ('hedui', '" APART "')",
                         &n));
    *out = n == 0;
    return HD_OK;
}

hd_status hd_postgres_apart_begin(hd_ctx *ctx, hd_postgres_store *s)
{
    bool may;
    HD_TRY(drop_left(ctx, s));
    HD_TRY(may_be_apart(ctx, s, &may));
    if (!may)
        return HD_OK;
    HD_TRY(hd_pg_run(ctx, s->write, "BEGIN"));
    HD_TRY(hd_postgres_create(ctx, s));
    HD_TRY(hd_pg_run(ctx, s->write,
                     "ALTER SCHEMA hedui RENAME TO " APART "; "
                     "COMMENT ON SCHEMA " APART " IS '" APART_MARK "'; COMMIT"));
    s->is_apart = true;
    s->schema = APART;
    return HD_OK;
}

hd_status hd_postgres_apart_name(hd_ctx *ctx, hd_postgres_store *s)
{
    return hd_pg_run(ctx, s->write,
                     BEGIN_SORTING "; ALTER SCHEMA " APART
                                   " RENAME TO hedui; COMMENT ON SCHEMA hedui IS NULL");
}

void hd_postgres_apart_drop(hd_postgres_store *s)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    if (s->is_apart && !hd_pg_lost(s->write) && hd_pg_run(&ctx, s->write, "ROLLBACK") == HD_OK)
        (void)drop_left(&ctx, s); /* else the next run does */
    s->is_apart = false;
}

/* ---- a table ---- */

static hd_status run(hd_ctx *ctx, hd_pg *pg, hd_buf *sql)
{
    hd_status status = hd_pg_run(ctx, pg, sql->ptr);
    hd_buf_release(sql);
    return status;
}

/* A table that this transaction has emptied takes rows that are visible to all from the first: no
 * reader has to look up how their transaction ended, and to write that. Nobody waits for the disk
 * at its commit: what is committed last takes with it what was committed before. */
hd_status hd_postgres_fresh_begin(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg,
                                  const hd_table *table)
{
    hd_buf sql = {0};
    if (!s->is_apart)
        return HD_OK;
    hd_buf_addf(&sql, BEGIN_APART "; TRUNCATE %s.%s", s->schema, table->name);
    return run(ctx, pg, &sql);
}

hd_status hd_postgres_fresh_end(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg, const hd_table *table)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "ANALYZE %s.%s%s", s->schema, table->name, s->is_apart ? "; COMMIT" : "");
    return run(ctx, pg, &sql);
}

/* ---- its indexes ---- */

/* Rows came in the order of their keys: sorting that again is one look at each, and quicker than
 * what workers need to share it. Measured of a million persons: mention 1.5 s, 2.3 s with workers;
 * person 0.6 s and 1.0 s. An index alone does not keep others from the table, as a key would. */
static hd_status make_key_index(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg, const hd_table *table)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql,
                "SET LOCAL max_parallel_maintenance_workers TO 0; "
                "CREATE UNIQUE INDEX %s_pkey ON %s.%s (",
                table->name, s->schema, table->name);
    hd_column_names(&sql, table, 0, table->n_key, "");
    hd_buf_add(&sql, HD_STR("); SET LOCAL max_parallel_maintenance_workers TO DEFAULT"));
    return run(ctx, pg, &sql);
}

hd_status hd_postgres_make_index(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg,
                                 const hd_index *index)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "CREATE INDEX %s ON %s.%s (", index->name, s->schema, index->table);
    if (!hd_index_columns(&sql, hd_store_table(&s->base, index->table), index)) {
        hd_buf_release(&sql);
        return HD_OK;
    }
    hd_buf_add_char(&sql, ')');
    return run(ctx, pg, &sql);
}

/* The `i`th of a table's; NULL: no more. */
static const hd_index *index_of(const hd_table *table, uint32_t i)
{
    for (uint32_t k = 0; k < HD_N_INDEXES; k++)
        if (strcmp(hd_indexes[k].table, table->name) == 0 && i-- == 0)
            return &hd_indexes[k];
    return NULL;
}

uint32_t hd_postgres_n_indexes(hd_store *store, const hd_table *table)
{
    uint32_t n = 0;
    if (!*hd_postgres_fresh(hd_postgres_of(store), table))
        return 0;
    while (index_of(table, n))
        n++;
    return 1 + n;
}

static hd_status make(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg, const hd_table *table,
                      uint32_t i)
{
    return i == 0 ? make_key_index(ctx, s, pg, table)
                  : hd_postgres_make_index(ctx, s, pg, index_of(table, i - 1));
}

/* Apart, in a transaction of its own. */
static hd_status begin_apart(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg)
{
    return s->is_apart ? hd_pg_run(ctx, pg, BEGIN_APART) : HD_OK;
}

hd_status hd_postgres_index(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                            uint32_t i)
{
    hd_postgres_store *s = hd_postgres_of(store);
    hd_pg *pg = s->lane[lane];
    HD_TRY(begin_apart(ctx, s, pg));
    HD_TRY(make(ctx, s, pg, table, i));
    return s->is_apart ? hd_pg_run(ctx, pg, "COMMIT") : HD_OK;
}

hd_status hd_postgres_keys(hd_ctx *ctx, hd_postgres_store *s)
{
    hd_buf sql = {0};
    for (uint32_t i = 0; i < s->base.n_tables; i++)
        if (s->is_fresh[i])
            hd_buf_addf(&sql, "ALTER TABLE hedui.%s ADD PRIMARY KEY USING INDEX %s_pkey; ",
                        s->base.tables[i].name, s->base.tables[i].name);
    if (sql.len_bytes)
        return run(ctx, s->write, &sql);
    return HD_OK;
}

/* ---- its references ---- */

/* Whoever is named is there. Looked at when all is written, not row by row. */
static const struct reference {
    const char *table, *columns[2];
} references[] = {{"mention", {"person_id"}}, {"relation", {"person_id", "other_person_id"}}};

enum { N_REFERENCES = sizeof references / sizeof *references };

static void add_reference(hd_buf *sql, const hd_postgres_store *s, const struct reference *r)
{
    for (int i = 0; i < 2 && r->columns[i]; i++)
        hd_buf_addf(sql,
                    "ALTER TABLE %s.%s ADD CONSTRAINT %s_%s_fkey FOREIGN KEY (%s) "
                    "REFERENCES %s.person (person_id) DEFERRABLE INITIALLY DEFERRED%s; ",
                    s->schema, r->table, r->table, r->columns[i], r->columns[i], s->schema,
                    s->is_apart ? " NOT VALID" : "");
}

static hd_status validate(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    hd_postgres_store *s = arg;
    const struct reference *r = &references[task];
    hd_buf sql = {0};
    HD_TRY(begin_apart(ctx, s, s->lane[worker]));
    for (int i = 0; i < 2 && r->columns[i]; i++)
        hd_buf_addf(&sql, "ALTER TABLE %s.%s VALIDATE CONSTRAINT %s_%s_fkey; ", s->schema, r->table,
                    r->table, r->columns[i]);
    hd_buf_add(&sql, HD_STR("COMMIT"));
    return run(ctx, s->lane[worker], &sql);
}

/* To add one takes both tables for itself, to look at the rows takes neither: apart, those of
 * several tables are looked at side by side. */
hd_status hd_postgres_references(hd_ctx *ctx, hd_postgres_store *s)
{
    hd_buf sql = {0};
    for (uint32_t i = 0; i < N_REFERENCES; i++)
        if (*hd_postgres_fresh(s, hd_store_table(&s->base, references[i].table)))
            add_reference(&sql, s, &references[i]);
    if (sql.len_bytes)
        HD_TRY(run(ctx, s->write, &sql));
    return s->is_apart ? hd_parallel_on(ctx, s->base.n_lanes, N_REFERENCES, validate, s) : HD_OK;
}
