/* Tables, indexes and views of the SQLite store, from the declarations. */

#include "pipeline/store/sqlite_private.h"

static hd_status run(hd_ctx *ctx, hd_store *store, hd_buf *sql)
{
    hd_status status = hd_db_run(ctx, hd_sqlite_of(store)->db, sql->ptr);
    hd_buf_release(sql);
    return status;
}

static void add_type(hd_buf *sql, const hd_column *column)
{
    static const char *const names[] = {
        [HD_CELL_TEXT] = "TEXT", [HD_CELL_INTEGER] = "INTEGER", [HD_CELL_REAL] = "REAL"};
    hd_quoted_name(sql, column->name);
    hd_buf_addf(sql, " %s", names[column->type]);
}

/* Rows are stored by their key, as they are merged by it. */
static hd_status create_table(hd_ctx *ctx, hd_store *store, const hd_table *table)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "CREATE TABLE %s (", table->name);
    for (uint32_t i = 0; i < table->n_columns; i++) {
        add_type(&sql, &table->columns[i]);
        hd_buf_add(&sql, i < table->n_key ? HD_STR(" NOT NULL, ") : HD_STR(", "));
    }
    hd_buf_add(&sql, HD_STR("PRIMARY KEY ("));
    hd_column_names(&sql, table, 0, table->n_key, "");
    hd_buf_add(&sql, HD_STR(")) WITHOUT ROWID"));
    return run(ctx, store, &sql);
}

/* ---- a store that was made under other rules ---- */

static hd_status add_column(hd_ctx *ctx, hd_store *store, const hd_table *table,
                            const hd_column *column)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "ALTER TABLE %s ADD COLUMN ", table->name);
    add_type(&sql, column);
    return run(ctx, store, &sql);
}

/* What is no longer mapped must not stay with an old value; the column does, for the views of
 * others that name it. */
static hd_status empty_column(hd_ctx *ctx, hd_store *store, const hd_table *table, hd_str name)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "UPDATE %s SET ", table->name);
    hd_quoted_name(&sql, name);
    hd_buf_add(&sql, HD_STR(" = NULL WHERE "));
    hd_quoted_name(&sql, name);
    hd_buf_add(&sql, HD_STR(" IS NOT NULL"));
    return run(ctx, store, &sql);
}

hd_status hd_sqlite_columns(hd_ctx *ctx, hd_store *store, const hd_table *table, hd_arena *arena,
                            hd_stored_columns *out)
{
    hd_query *query;
    hd_cell name = hd_cell_text(hd_str_from(table->name));
    bool more;
    *out = (hd_stored_columns){0};
    HD_TRY(hd_query_open(ctx, hd_sqlite_of(store)->db, "SELECT name FROM pragma_table_info(?1)",
                         &query));
    hd_query_bind(query, 0, &name, 1);
    hd_status status = hd_query_next(ctx, query, &more);
    for (; status == HD_OK && more; status = hd_query_next(ctx, query, &more)) {
        hd_cell column;
        hd_query_row(query, &column, 1);
        int declared = hd_table_column(table, column.text);
        if (declared >= 0)
            out->has[declared] = true;
        else if (out->n_other < HD_TABLE_COLUMNS_MAX)
            out->other[out->n_other++] = hd_arena_str(arena, column.text);
        out->n++;
    }
    hd_query_close(query);
    return status;
}

/* Fields come and go with the mapping. */
static hd_status align_columns(hd_ctx *ctx, hd_store *store, const hd_table *table,
                               const hd_stored_columns *stored)
{
    for (uint32_t i = 0; i < table->n_columns; i++) {
        if (!stored->has[i])
            HD_TRY(add_column(ctx, store, table, &table->columns[i]));
    }
    for (uint32_t i = 0; i < stored->n_other && table->form == HD_TABLE_STATE; i++)
        HD_TRY(empty_column(ctx, store, table, stored->other[i]));
    return HD_OK;
}

static hd_status align_table(hd_ctx *ctx, hd_store *store, const hd_table *table)
{
    hd_stored_columns stored;
    HD_TRY(hd_sqlite_columns(ctx, store, table, &store->arena, &stored));
    return stored.n ? align_columns(ctx, store, table, &stored) : create_table(ctx, store, table);
}

hd_status hd_sqlite_align(hd_ctx *ctx, hd_store *store)
{
    HD_TRY(
        hd_db_run(ctx, hd_sqlite_of(store)->db,
                  "CREATE TABLE IF NOT EXISTS undo (step INTEGER PRIMARY KEY, run TEXT NOT NULL, "
                  "table_name TEXT NOT NULL, change TEXT NOT NULL, old TEXT NOT NULL);"
                  "CREATE INDEX IF NOT EXISTS undo_by_run ON undo (run, table_name)"));
    for (uint32_t i = 0; i < store->n_tables; i++) {
        if (store->tables[i].form != HD_TABLE_VIEW)
            HD_TRY(align_table(ctx, store, &store->tables[i]));
    }
    return HD_OK;
}

/* ---- what stands on the tables ---- */

static hd_status make_index(hd_ctx *ctx, hd_store *store, const hd_index *index)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "CREATE INDEX IF NOT EXISTS %s ON %s (", index->name, index->table);
    if (!hd_index_columns(&sql, hd_store_table(store, index->table), index)) {
        hd_buf_release(&sql);
        return HD_OK;
    }
    hd_buf_add_char(&sql, ')');
    return run(ctx, store, &sql);
}

/* Whether the store has the view just so. */
static hd_status is_current(hd_ctx *ctx, hd_db *db, const char *name, hd_str sql, bool *out)
{
    hd_query *query;
    hd_cell cells[] = {hd_cell_text(hd_str_from(name)), hd_cell_text(sql)};
    HD_TRY(
        hd_query_open(ctx, db, "SELECT 1 FROM sqlite_master WHERE name = ?1 AND sql = ?2", &query));
    hd_query_bind(query, 0, cells, 2);
    hd_status status = hd_query_next(ctx, query, out);
    hd_query_close(query);
    return status;
}

static hd_status align_view(hd_ctx *ctx, hd_store *store, const hd_view *view)
{
    hd_db *db = hd_sqlite_of(store)->db;
    bool stays = false;
    hd_buf drop = {0}, create = {0};
    hd_buf_addf(&drop, "DROP VIEW IF EXISTS %s", view->name);
    hd_buf_addf(&create, "CREATE VIEW %s AS\n", view->name);
    hd_buf_add(&create, view->select);
    hd_status status = is_current(ctx, db, view->name, hd_buf_str(&create), &stays);
    if (status == HD_OK && !stays)
        status = hd_db_run(ctx, db, drop.ptr);
    if (status == HD_OK && !stays)
        status = hd_db_run(ctx, db, create.ptr);
    hd_buf_release(&drop);
    hd_buf_release(&create);
    return status;
}

hd_status hd_sqlite_finish(hd_ctx *ctx, hd_store *store, const hd_view *views, uint32_t n_views)
{
    for (uint32_t i = 0; i < HD_N_INDEXES; i++)
        HD_TRY(make_index(ctx, store, &hd_indexes[i]));
    for (uint32_t i = 0; i < n_views; i++)
        HD_TRY(align_view(ctx, store, &views[i]));
    return HD_OK;
}
