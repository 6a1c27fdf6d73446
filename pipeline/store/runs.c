/* The runs of a store, and the way back. */

#include <stdio.h>

#include "base/mem.h"
#include "pipeline/store/store_kind.h"

/* ---- lists ---- */

enum {
    ID,
    AS_OF,
    STATE,
    PREVIOUS,
    COUNTS,
    VERSIONS,
    CHECKSUMS,
    INSERTED,
    UPDATED,
    DELETED,
    CAN_UNDO,
    N_COLUMNS
};
static const hd_cell_type types[N_COLUMNS] = {
    [ID] = HD_CELL_TEXT,         [AS_OF] = HD_CELL_TEXT,       [STATE] = HD_CELL_TEXT,
    [PREVIOUS] = HD_CELL_TEXT,   [COUNTS] = HD_CELL_TEXT,      [VERSIONS] = HD_CELL_TEXT,
    [CHECKSUMS] = HD_CELL_TEXT,  [INSERTED] = HD_CELL_INTEGER, [UPDATED] = HD_CELL_INTEGER,
    [DELETED] = HD_CELL_INTEGER, [CAN_UNDO] = HD_CELL_INTEGER,
};

static hd_str kept(hd_arena *arena, const hd_cell *cell)
{
    return cell->type == HD_CELL_TEXT ? hd_arena_str(arena, cell->text) : HD_STR_NULL;
}

static uint64_t number(const hd_cell *cell)
{
    return cell->type == HD_CELL_INTEGER ? (uint64_t)cell->integer : 0;
}

static void take_run(hd_arena *arena, const hd_cell *row, void *item)
{
    *(hd_stored_run *)item = (hd_stored_run){
        .id = kept(arena, &row[ID]),
        .as_of = kept(arena, &row[AS_OF]),
        .state = kept(arena, &row[STATE]),
        .previous = kept(arena, &row[PREVIOUS]),
        .counts = kept(arena, &row[COUNTS]),
        .versions = kept(arena, &row[VERSIONS]),
        .checksums = kept(arena, &row[CHECKSUMS]),
        .changes = {number(&row[INSERTED]), number(&row[UPDATED]), number(&row[DELETED])},
        .can_undo = number(&row[CAN_UNDO]) != 0,
    };
}

static bool is_published(const hd_stored_run *run)
{
    return hd_str_eq(run->state, HD_STR("published"));
}

/* The published run that no published run came after. */
static void mark_current(hd_stored_run *runs, uint32_t n)
{
    for (uint32_t i = n; i-- > 0;) {
        bool followed = false;
        for (uint32_t k = 0; k < n && !followed; k++)
            followed = is_published(&runs[k]) && runs[k].previous.ptr &&
                       hd_str_eq(runs[k].previous, runs[i].id);
        if (!is_published(&runs[i]) || followed)
            continue;
        runs[i].current = true;
        return;
    }
}

typedef void take_item(hd_arena *arena, const hd_cell *row, void *item);

/* All rows of a query, each made an item, into `arena`. */
static hd_status read_list(hd_ctx *ctx, hd_store *store, const char *sql,
                           const hd_cell_type *column_types, uint32_t n_columns, hd_arena *arena,
                           size_t item_bytes, take_item *take, void **items, uint32_t *n)
{
    hd_stored *rows;
    hd_cell row[N_COLUMNS];
    char *all = NULL;
    size_t cap = 0;
    bool more;
    HD_ASSERT(n_columns <= N_COLUMNS);
    HD_TRY(hd_store_select(ctx, store, sql, column_types, n_columns, &rows));
    hd_status status = hd_stored_next(ctx, rows, row, &more);
    for (; status == HD_OK && more; status = hd_stored_next(ctx, rows, row, &more)) {
        hd_grow((void **)&all, &cap, (size_t)*n + 1, item_bytes);
        take(arena, row, all + (*n)++ * item_bytes);
    }
    hd_stored_close(rows);
    *items = hd_arena_zero(arena, *n, item_bytes);
    if (*n)
        memcpy(*items, all, *n * item_bytes);
    hd_free(all);
    return status;
}

hd_status hd_store_runs(hd_ctx *ctx, hd_store *store, hd_arena *arena, hd_stored_run **runs,
                        uint32_t *n)
{
    char sql[256];
    void *items = NULL;
    *runs = NULL;
    *n = 0;
    if (store->is_new)
        return HD_OK;
    snprintf(
        sql, sizeof sql,
        "SELECT id, as_of, state, previous_run, counts, versions, checksums, inserted, updated, "
        "deleted, can_undo FROM %srun ORDER BY id",
        store->prefix);
    HD_TRY(read_list(ctx, store, sql, types, N_COLUMNS, arena, sizeof **runs, take_run, &items, n));
    *runs = items;
    mark_current(*runs, *n);
    return HD_OK;
}

enum { SOURCE, SNAPSHOT, READ, LINKED, REJECTED, FILTERED, MENTIONS, N_SOURCE_COLUMNS };
static const hd_cell_type source_types[N_SOURCE_COLUMNS] = {
    [SOURCE] = HD_CELL_TEXT,      [SNAPSHOT] = HD_CELL_TEXT,    [READ] = HD_CELL_INTEGER,
    [LINKED] = HD_CELL_INTEGER,   [REJECTED] = HD_CELL_INTEGER, [FILTERED] = HD_CELL_INTEGER,
    [MENTIONS] = HD_CELL_INTEGER,
};

static void take_source(hd_arena *arena, const hd_cell *row, void *item)
{
    *(hd_stored_source *)item = (hd_stored_source){
        kept(arena, &row[SOURCE]), kept(arena, &row[SNAPSHOT]), number(&row[READ]),
        number(&row[LINKED]),      number(&row[REJECTED]),      number(&row[FILTERED]),
        number(&row[MENTIONS]),
    };
}

hd_status hd_store_run_sources(hd_ctx *ctx, hd_store *store, hd_str run, hd_arena *arena,
                               hd_stored_source **sources, uint32_t *n)
{
    hd_buf sql = {0};
    void *items = NULL;
    *n = 0;
    hd_buf_addf(&sql,
                "SELECT source, snapshot_time, rows_read, rows_linked, rows_rejected, "
                "rows_filtered, mentions FROM %srun_source WHERE run = ",
                store->prefix);
    hd_quoted_text(&sql, run);
    hd_buf_add(&sql, HD_STR(" ORDER BY source"));
    hd_status status = read_list(ctx, store, sql.ptr, source_types, N_SOURCE_COLUMNS, arena,
                                 sizeof **sources, take_source, &items, n);
    hd_buf_release(&sql);
    *sources = items;
    return status;
}

hd_status hd_store_current(hd_ctx *ctx, hd_store *store, hd_arena *arena, hd_str *out)
{
    hd_stored_run *runs;
    uint32_t n;
    *out = HD_STR_NULL;
    HD_TRY(hd_store_runs(ctx, store, arena, &runs, &n));
    for (uint32_t i = 0; i < n; i++) {
        if (runs[i].current)
            *out = runs[i].id;
    }
    return HD_OK;
}

/* Run ids hold digits, letters and '-' only; what a user types is looked up first. */
static hd_status run_for(hd_ctx *ctx, hd_store *store, const char *format, hd_str run)
{
    hd_buf sql = {0}, quoted = {0};
    hd_quoted_text(&quoted, run);
    hd_buf_addf(&sql, format, store->prefix, quoted.ptr);
    hd_status status = store->kind->run(ctx, store, sql.ptr);
    hd_buf_release(&sql);
    hd_buf_release(&quoted);
    return status;
}

static hd_status drop_undo(hd_ctx *ctx, hd_store *store, hd_str run)
{
    HD_TRY(run_for(ctx, store, "DELETE FROM %sundo WHERE run = %s", run));
    return run_for(ctx, store, "UPDATE %srun SET can_undo = 0 WHERE id = %s", run);
}

hd_status hd_store_forget_undo(hd_ctx *ctx, hd_store *store)
{
    hd_arena arena = {0};
    hd_stored_run *runs;
    uint32_t n, n_kept = 0;
    hd_status status = hd_store_runs(ctx, store, &arena, &runs, &n);
    for (uint32_t i = n; i-- > 0 && status == HD_OK;) {
        if (runs[i].can_undo && ++n_kept > HD_STORE_UNDO_RUNS)
            status = drop_undo(ctx, store, runs[i].id);
    }
    hd_arena_release(&arena);
    return status;
}

/* ---- the way back ---- */

static int64_t find_run(const hd_stored_run *runs, uint32_t n, hd_str id)
{
    for (uint32_t i = 0; i < n; i++) {
        if (id.ptr && hd_str_eq(runs[i].id, id))
            return i;
    }
    return -1;
}

static hd_status fail_no_way(hd_ctx *ctx, hd_str id, hd_str broken)
{
    hd_hint(ctx, "`hedui runs` shows how far back the way goes");
    return HD_FAIL(ctx, HD_USAGE,
                   "there is no way back to run %.*s: what run %.*s changed is no "
                   "longer kept",
                   HD_ARG(id), HD_ARG(broken));
}

/* The runs after `id`, newest first, into `chain` [n]. */
static hd_status find_chain(hd_ctx *ctx, const hd_stored_run *runs, uint32_t n, hd_str id,
                            uint32_t *chain, uint32_t *n_chain)
{
    int64_t wanted = find_run(runs, n, id), at = -1;
    if (wanted < 0)
        return HD_FAIL(ctx, HD_USAGE, "there is no run %.*s in the store", HD_ARG(id));
    if (runs[wanted].current)
        return HD_FAIL(ctx, HD_USAGE, "run %.*s is the current one", HD_ARG(id));
    if (!is_published(&runs[wanted]))
        return HD_FAIL(ctx, HD_USAGE, "run %.*s was taken back itself", HD_ARG(id));
    for (uint32_t i = 0; i < n; i++)
        at = runs[i].current ? (int64_t)i : at;
    for (*n_chain = 0; at != wanted; at = find_run(runs, n, runs[at].previous)) {
        if (!runs[at].can_undo || *n_chain == n)
            return fail_no_way(ctx, id, runs[at].id);
        chain[(*n_chain)++] = (uint32_t)at;
        HD_ASSERT(find_run(runs, n, runs[at].previous) >= 0); /* else it could not be undone */
    }
    return HD_OK;
}

/* Tables that the run changed. */
static hd_status undone_tables(hd_ctx *ctx, hd_store *store, hd_str run, hd_arena *arena,
                               hd_str *tables, uint32_t *n)
{
    static const hd_cell_type type = HD_CELL_TEXT;
    hd_buf sql = {0};
    hd_stored *rows;
    hd_cell cell;
    bool more;
    *n = 0;
    hd_buf_addf(&sql, "SELECT DISTINCT table_name FROM %sundo WHERE run = ", store->prefix);
    hd_quoted_text(&sql, run);
    hd_buf_add(&sql, HD_STR(" ORDER BY table_name"));
    hd_status status = hd_store_select(ctx, store, sql.ptr, &type, 1, &rows);
    hd_buf_release(&sql);
    HD_TRY(status);
    status = hd_stored_next(ctx, rows, &cell, &more);
    for (; status == HD_OK && more; status = hd_stored_next(ctx, rows, &cell, &more)) {
        HD_ASSERT(*n < HD_STORE_TABLES_MAX && cell.type == HD_CELL_TEXT);
        tables[(*n)++] = hd_arena_str(arena, cell.text);
    }
    hd_stored_close(rows);
    return status;
}

static hd_status take_back(hd_ctx *ctx, hd_store *store, hd_str run, hd_arena *arena)
{
    hd_str tables[HD_STORE_TABLES_MAX];
    uint32_t n;
    HD_TRY(undone_tables(ctx, store, run, arena, tables, &n));
    for (uint32_t i = 0; i < n; i++)
        HD_TRY_DOING(ctx, store->kind->take_back(ctx, store, tables[i], run),
                     "taking back what run %.*s changed in table %.*s", HD_ARG(run),
                     HD_ARG(tables[i]));
    HD_TRY(drop_undo(ctx, store, run));
    return run_for(ctx, store, "UPDATE %srun SET state = 'rolled back' WHERE id = %s", run);
}

static hd_status go_back(hd_ctx *ctx, hd_store *store, hd_str id, hd_arena *arena)
{
    hd_stored_run *runs;
    uint32_t n, n_chain = 0;
    HD_TRY(store->kind->begin_plain(ctx, store));
    HD_TRY(hd_store_runs(ctx, store, arena, &runs, &n));
    uint32_t *chain = HD_NEW_N(arena, uint32_t, n);
    HD_TRY(find_chain(ctx, runs, n, id, chain, &n_chain));
    for (uint32_t i = 0; i < n_chain; i++)
        HD_TRY(take_back(ctx, store, runs[chain[i]].id, arena));
    return store->kind->commit(ctx, store);
}

hd_status hd_store_rollback(hd_ctx *ctx, hd_store *store, hd_str id)
{
    hd_arena arena = {0};
    hd_status status = go_back(ctx, store, id, &arena);
    hd_arena_release(&arena);
    return status;
}
