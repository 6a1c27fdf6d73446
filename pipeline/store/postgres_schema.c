/* Tables, constraints, indexes and views in schema hedui, from the declarations. What is there
 * stays: views, grants and policies of others stand on it. */

#include <stdio.h>

#include "pipeline/store/migrations.h"
#include "pipeline/store/postgres_private.h"

static hd_status run(hd_ctx *ctx, hd_postgres_store *s, hd_buf *sql)
{
    hd_status status = hd_pg_run(ctx, s->write, sql->ptr);
    hd_buf_release(sql);
    return status;
}

/* ---- versions ---- */

static hd_status apply_version(hd_ctx *ctx, hd_postgres_store *s, uint32_t version)
{
    char sql[160];
    HD_TRY_DOING(ctx, hd_pg_run(ctx, s->write, hd_migrations[version]),
                 "bringing schema hedui to version %u", version + 1);
    snprintf(sql, sizeof sql,
             "INSERT INTO hedui.schema_version (version, hedui) VALUES (%u, '" HEDUI_VERSION "')",
             version + 1);
    return hd_pg_run(ctx, s->write, sql);
}

static hd_status apply_versions(hd_ctx *ctx, hd_postgres_store *s)
{
    for (uint32_t version = s->version; version < hd_n_migrations; version++)
        HD_TRY(apply_version(ctx, s, version));
    return HD_OK;
}

/* ---- tables ---- */

/* Ids and codes are in the order of their bytes, as rows are merged by it; in every table, or an
 * index on an id would be of no use to a join with the id of another. */
static void add_type(hd_buf *sql, const hd_column *column)
{
    static const char *const names[] = {
        [HD_CELL_TEXT] = "text", [HD_CELL_INTEGER] = "bigint", [HD_CELL_REAL] = "double precision"};
    hd_quoted_name(sql, column->name);
    hd_buf_addf(sql, " %s", names[column->type]);
    if (column->type == HD_CELL_TEXT && !column->shows_field)
        hd_buf_add(sql, HD_STR(" COLLATE \"C\""));
}

/* What a value can be, where it is one of a few. */
static const char *check_of(const hd_table *table, const hd_column *column)
{
    static const struct {
        const char *table, *column, *check;
    } checks[] = {
        {"discrepancy", "state", "IN ('open', 'resolved', 'waived', 'reopened')"},
        {"discrepancy", "severity", "IN ('info', 'warn', 'error')"},
        {"person_history", "event", "IN ('new', 'merged into', 'split from', 'retired')"},
        {"run", "state", "IN ('published', 'rolled back')"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (strcmp(checks[i].table, table->name) == 0 &&
            hd_str_eq(column->name, hd_str_from(checks[i].column)))
            return checks[i].check;
    return NULL;
}

static hd_status create_table(hd_ctx *ctx, hd_postgres_store *s, const hd_table *table)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "CREATE TABLE hedui.%s (", table->name);
    for (uint32_t i = 0; i < table->n_columns; i++) {
        const hd_column *column = &table->columns[i];
        const char *check = check_of(table, column);
        hd_buf_add(&sql, i ? HD_STR(", ") : HD_STR(""));
        add_type(&sql, column);
        if (i < table->n_key)
            hd_buf_add(&sql, HD_STR(" NOT NULL"));
        if (check) {
            hd_buf_add(&sql, HD_STR(" CHECK ("));
            hd_quoted_name(&sql, column->name);
            hd_buf_addf(&sql, " %s)", check);
        }
    }
    hd_buf_add_char(&sql, ')');
    return run(ctx, s, &sql);
}

hd_status hd_postgres_columns(hd_ctx *ctx, hd_store *store, const hd_table *table, hd_arena *arena,
                              hd_stored_columns *out)
{
    hd_postgres_store *s = hd_postgres_of(store);
    hd_pg_rows *rows;
    hd_str name = hd_str_from(table->name);
    *out = (hd_stored_columns){0};
    if (store->run_id.ptr && *hd_postgres_fresh(s, table))
        return HD_OK;
    HD_TRY(hd_pg_ask(ctx, hd_postgres_asked(s),
                     "SELECT a.attname FROM pg_catalog.pg_attribute a "
                     "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
                     "WHERE c.relnamespace = to_regnamespace('hedui') AND c.relname = $1 "
                     "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
                     &name, 1, &rows));
    out->n = hd_pg_n_rows(rows);
    for (uint32_t i = 0; i < out->n; i++) {
        hd_str column = hd_pg_value(rows, i, 0);
        int declared = hd_table_column(table, column);
        if (declared >= 0)
            out->has[declared] = true;
        else if (out->n_other < HD_TABLE_COLUMNS_MAX)
            out->other[out->n_other++] = hd_arena_str(arena, column);
    }
    hd_pg_rows_free(rows);
    return HD_OK;
}

static void add_missing(hd_buf *sql, const hd_table *table, const hd_stored_columns *stored)
{
    for (uint32_t i = 0; i < table->n_columns; i++) {
        if (stored->n == 0 || stored->has[i])
            continue;
        hd_buf_addf(sql, "ALTER TABLE hedui.%s ADD COLUMN ", table->name);
        add_type(sql, &table->columns[i]);
        hd_buf_add(sql, HD_STR("; "));
    }
}

static hd_status add_columns(hd_ctx *ctx, hd_postgres_store *s, const hd_buf *sql)
{
    if (sql->len_bytes)
        HD_TRY_DOING(ctx, hd_pg_run(ctx, s->write, sql->ptr), "adding what is newly mapped");
    return HD_OK;
}

/* A column more needs a lock under which nobody reads: so it comes before the run's transaction, in
 * a short one of its own, and is empty until then. A store that is new is made at once. */
hd_status hd_postgres_migrate(hd_ctx *ctx, hd_postgres_store *s)
{
    hd_buf sql = {0};
    hd_status status = HD_OK;
    if (s->base.is_new)
        return HD_OK;
    for (uint32_t i = 0; i < s->base.n_tables && status == HD_OK; i++) {
        const hd_table *table = &s->base.tables[i];
        hd_stored_columns stored;
        if (table->form == HD_TABLE_VIEW)
            continue;
        status = hd_postgres_columns(ctx, &s->base, table, &s->base.arena, &stored);
        if (status == HD_OK)
            add_missing(&sql, table, &stored);
    }
    if (status == HD_OK && (sql.len_bytes || s->version < hd_n_migrations)) {
        status = hd_pg_run(ctx, s->write, "BEGIN");
        if (status == HD_OK)
            status = apply_versions(ctx, s);
        if (status == HD_OK)
            status = add_columns(ctx, s, &sql);
        if (status == HD_OK)
            status = hd_pg_run(ctx, s->write, "COMMIT");
    }
    hd_buf_release(&sql);
    return status;
}

/* What is no longer mapped must not stay with an old value; the column does, for the views of
 * others that name it. */
static hd_status empty_columns(hd_ctx *ctx, hd_postgres_store *s, const hd_table *table,
                               const hd_stored_columns *stored)
{
    for (uint32_t i = 0; i < stored->n_other && table->form == HD_TABLE_STATE; i++) {
        hd_buf sql = {0};
        hd_buf_addf(&sql, "UPDATE hedui.%s SET ", table->name);
        hd_quoted_name(&sql, stored->other[i]);
        hd_buf_add(&sql, HD_STR(" = NULL WHERE "));
        hd_quoted_name(&sql, stored->other[i]);
        hd_buf_add(&sql, HD_STR(" IS NOT NULL"));
        HD_TRY(run(ctx, s, &sql));
    }
    return HD_OK;
}

static hd_status create_schema(hd_ctx *ctx, hd_postgres_store *s)
{
    int64_t exists;
    HD_TRY(hd_pg_integer(ctx, s->write, "SELECT (to_regnamespace('hedui') IS NOT NULL)::int",
                         &exists));
    if (!exists)
        HD_TRY(hd_pg_run(ctx, s->write, "CREATE SCHEMA hedui"));
    return apply_versions(ctx, s);
}

hd_status hd_postgres_create(hd_ctx *ctx, hd_postgres_store *s)
{
    if (s->base.is_new)
        HD_TRY(create_schema(ctx, s));
    for (uint32_t i = 0; i < s->base.n_tables; i++) {
        const hd_table *table = &s->base.tables[i];
        hd_stored_columns stored;
        if (table->form == HD_TABLE_VIEW)
            continue;
        HD_TRY(hd_postgres_columns(ctx, &s->base, table, &s->base.arena, &stored));
        s->is_fresh[i] = stored.n == 0;
        HD_TRY(stored.n ? empty_columns(ctx, s, table, &stored) : create_table(ctx, s, table));
    }
    return HD_OK;
}

/* ---- what stands on the tables ---- */

static hd_status has_relation(hd_ctx *ctx, hd_postgres_store *s, const char *name, bool *out)
{
    char sql[200];
    int64_t n;
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM pg_catalog.pg_class WHERE relname = '%s' "
             "AND relnamespace = to_regnamespace('hedui')",
             name);
    HD_TRY(hd_pg_integer(ctx, s->write, sql, &n));
    *out = n > 0;
    return HD_OK;
}

/* Of a field that is newly mapped; a new table has its own. */
static hd_status add_index(hd_ctx *ctx, hd_postgres_store *s, const hd_index *index)
{
    bool exists;
    HD_TRY(has_relation(ctx, s, index->name, &exists));
    return exists ? HD_OK : hd_postgres_make_index(ctx, s, s->write, index);
}

/* Views read with the rights of who asks, so that policies on the tables hold. */
static hd_status align_view(hd_ctx *ctx, hd_postgres_store *s, const hd_view *view)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "CREATE OR REPLACE VIEW hedui.%s WITH (security_invoker = true) AS\n",
                view->name);
    hd_buf_add(&sql, view->select);
    hd_status status = hd_postgres_define(ctx, s, view->name, hd_buf_str(&sql));
    hd_buf_release(&sql);
    return status;
}

hd_status hd_postgres_finish(hd_ctx *ctx, hd_store *store, const hd_view *views, uint32_t n_views)
{
    hd_postgres_store *s = hd_postgres_of(store);
    HD_TRY(hd_postgres_references(ctx, s));
    if (s->is_apart)
        HD_TRY(hd_postgres_apart_name(ctx, s));
    HD_TRY(hd_postgres_keys(ctx, s));
    for (uint32_t i = 0; i < HD_N_INDEXES; i++)
        HD_TRY(add_index(ctx, s, &hd_indexes[i]));
    for (uint32_t i = 0; i < n_views; i++)
        HD_TRY(align_view(ctx, s, &views[i]));
    HD_TRY(hd_postgres_comment(ctx, s));
    return hd_pg_run(ctx, s->write, "SET CONSTRAINTS ALL IMMEDIATE");
}
