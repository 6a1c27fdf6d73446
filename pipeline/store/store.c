#include "pipeline/store/store_kind.h"

#include <stdio.h>

#include "base/mem.h"

hd_status hd_store_open(hd_ctx *ctx, const hd_ruleset *ruleset, hd_store_use use, hd_store **out)
{
    bool exists = true;
    *out = NULL;
    if (!ruleset->has_store)
        return HD_OK;
    hd_store *store = ruleset->store.ptr ? hd_store_sqlite_new() : hd_store_postgres_new();
    store->ruleset = ruleset;
    store->use = use;
    hd_status status = store->kind->open(ctx, store, &exists);
    if (status != HD_OK || !exists)
        hd_store_close(store);
    else
        *out = store;
    return status;
}

void hd_store_close(hd_store *store)
{
    if (!store)
        return;
    store->kind->close(store);
    hd_arena_release(&store->arena);
    hd_free(store);
}

bool hd_store_lost(const hd_store *store)
{
    return store->kind->lost(store);
}

hd_status hd_store_reopen(hd_ctx *ctx, hd_store *store)
{
    bool exists;
    store->kind->close(store);
    return store->kind->open(ctx, store, &exists);
}

bool hd_store_is_new(const hd_store *store)
{
    return store->is_new;
}

const char *hd_store_shown(const hd_store *store)
{
    return store->shown;
}

const char *hd_store_prefix(const hd_store *store)
{
    return store->prefix;
}

/* ---- reading ---- */

hd_status hd_store_read_begin(hd_ctx *ctx, hd_store *store)
{
    return store->kind->read_begin(ctx, store);
}

void hd_store_read_end(hd_store *store)
{
    store->kind->read_end(store);
}

static hd_status read_once(hd_ctx *ctx, hd_store *store, hd_store_read_call *read, void *arg)
{
    HD_TRY(hd_store_read_begin(ctx, store));
    hd_status status = read(ctx, store, arg);
    hd_store_read_end(store);
    return status;
}

hd_status hd_store_read(hd_ctx *ctx, hd_store *store, hd_store_read_call *read, void *arg)
{
    enum { TRIES = 3 };
    hd_status status = read_once(ctx, store, read, arg);
    for (int i = 1; i < TRIES && status != HD_OK && hd_store_lost(store); i++) {
        hd_ctx_clear(ctx);
        HD_TRY(hd_store_reopen(ctx, store));
        status = read_once(ctx, store, read, arg);
    }
    return status;
}

hd_status hd_store_columns(hd_ctx *ctx, hd_store *store, const hd_table *table, hd_arena *arena,
                           hd_stored_columns *out)
{
    return store->kind->columns(ctx, store, table, arena, out);
}

hd_status hd_store_select(hd_ctx *ctx, hd_store *store, const char *sql, const hd_cell_type *types,
                          uint32_t n_columns, hd_stored **out)
{
    *out = NULL;
    return store->kind->select(ctx, store, sql, types, n_columns, out);
}

hd_status hd_stored_next(hd_ctx *ctx, hd_stored *stored, hd_cell *cells, bool *more)
{
    return stored->next(ctx, stored, cells, more);
}

void hd_stored_close(hd_stored *stored)
{
    if (stored)
        stored->close(stored);
}

/* ---- writing ---- */

hd_status hd_store_begin(hd_ctx *ctx, hd_store *store, const hd_table *tables, uint32_t n_tables,
                         hd_str run_id)
{
    HD_ASSERT(store->use == HD_STORE_WRITE && n_tables <= HD_STORE_TABLES_MAX);
    store->tables = tables;
    store->n_tables = n_tables;
    store->run_id = run_id;
    store->n_lanes = 1;
    for (uint32_t i = 0; i < n_tables; i++)
        store->n_rows[i] = UINT64_MAX;
    return store->kind->begin(ctx, store);
}

uint32_t hd_store_lanes(const hd_store *store)
{
    return store->n_lanes;
}

hd_status hd_writer_open(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                         hd_writer **out)
{
    *out = NULL;
    HD_ASSERT(lane < store->n_lanes);
    return store->kind->writer_open(ctx, store, lane, table, out);
}

hd_status hd_writer_change(hd_ctx *ctx, hd_writer *writer, const hd_cell *row, hd_change change)
{
    return change == HD_CHANGE_NONE ? HD_OK : writer->change(ctx, writer, row, change);
}

static hd_status check_count(hd_ctx *ctx, const hd_store *store, const hd_table *table,
                             uint64_t n_held, uint64_t n_rows)
{
    if (n_rows == UINT64_MAX || n_held == n_rows)
        return HD_OK;
    return HD_FAIL(ctx, HD_STORE,
                   "table %s of %s holds %llu rows, and should hold %llu: another program "
                   "writes to it",
                   table->name, store->shown, (unsigned long long)n_held,
                   (unsigned long long)n_rows);
}

/* What is not counted yet is when all is written. */
hd_status hd_writer_end(hd_ctx *ctx, hd_writer *writer, uint64_t n_rows, hd_change_counts *counts)
{
    hd_store *store = writer->store;
    const hd_table *table = writer->table;
    hd_status status = writer->end(ctx, writer);
    bool all_counted = writer->all_counted;
    *counts = writer->counts;
    writer->release(writer);
    if (status == HD_OK && all_counted)
        return check_count(ctx, store, table, counts->inserted, n_rows);
    store->n_rows[table - store->tables] = n_rows;
    return status;
}

void hd_writer_abandon(hd_writer *writer)
{
    if (writer)
        writer->release(writer);
}

uint32_t hd_store_n_indexes(hd_store *store, const hd_table *table)
{
    return store->kind->n_indexes ? store->kind->n_indexes(store, table) : 0;
}

hd_status hd_store_index(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                         uint32_t i)
{
    HD_ASSERT(lane < store->n_lanes && i < hd_store_n_indexes(store, table));
    return store->kind->index(ctx, store, lane, table, i);
}

static hd_status select_count(hd_ctx *ctx, hd_store *store, const char *sql, uint64_t *out)
{
    static const hd_cell_type type = HD_CELL_INTEGER;
    hd_stored *rows;
    hd_cell cell;
    bool more;
    HD_TRY(hd_store_select(ctx, store, sql, &type, 1, &rows));
    hd_status status = hd_stored_next(ctx, rows, &cell, &more);
    while (status == HD_OK && more) {
        *out = (uint64_t)cell.integer;
        status = hd_stored_next(ctx, rows, &cell, &more);
    }
    hd_stored_close(rows);
    return status;
}

hd_status hd_store_finish(hd_ctx *ctx, hd_store *store, const hd_view *views, uint32_t n_views)
{
    HD_TRY(hd_store_forget_undo(ctx, store));
    HD_TRY(store->kind->finish(ctx, store, views, n_views));
    for (uint32_t i = 0; i < store->n_tables; i++) {
        char sql[96];
        uint64_t n = 0;
        if (store->n_rows[i] == UINT64_MAX)
            continue;
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s%s", store->prefix,
                 store->tables[i].name);
        HD_TRY(select_count(ctx, store, sql, &n));
        HD_TRY(check_count(ctx, store, &store->tables[i], n, store->n_rows[i]));
    }
    return HD_OK;
}

hd_status hd_store_commit(hd_ctx *ctx, hd_store *store)
{
    HD_TRY(store->kind->commit(ctx, store));
    store->is_new = false;
    return HD_OK;
}

/* ---- what the kinds share ---- */

const hd_index hd_indexes[HD_N_INDEXES] = {
    {"person_by_name", "person", {"name"}},
    {"person_by_id_number", "person", {"id_number"}},
    {"mention_by_person", "mention", {"person_id"}},
    {"relation_by_other", "relation", {"other_person_id"}},
    {"discrepancy_by_owner", "discrepancy", {"owner_unit", "state"}},
    {"discrepancy_by_person", "discrepancy", {"person_id"}},
};

bool hd_index_columns(hd_buf *out, const hd_table *table, const hd_index *index)
{
    for (int i = 0; i < 2 && index->columns[i]; i++) {
        if (hd_table_column(table, hd_str_from(index->columns[i])) < 0)
            return false; /* a county without this field */
        hd_buf_add(out, i ? HD_STR(", ") : HD_STR(""));
        hd_quoted_name(out, hd_str_from(index->columns[i]));
    }
    return true;
}

const hd_table *hd_store_table(const hd_store *store, const char *name)
{
    for (uint32_t i = 0; i < store->n_tables; i++) {
        if (strcmp(store->tables[i].name, name) == 0)
            return &store->tables[i];
    }
    HD_BUG("no table %s", name);
}

/* Of the first run there is nothing to go back to; what is keyed by a run stays as its trace. */
bool hd_store_keeps_undo(const hd_store *store, const hd_table *table)
{
    return !store->is_new && !table->of_run;
}
