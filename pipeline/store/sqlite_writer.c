/* Rows into the SQLite store, one statement each, and the way back. */

#include "base/mem.h"
#include "pipeline/store/sqlite_private.h"

/* Parameter i + 1 of every statement is column i. */
typedef struct sqlite_writer {
    hd_writer base;
    hd_db *db;
    hd_query *insert, *update, *remove;   /* update, remove: of HD_TABLE_STATE */
    hd_query *keep[HD_CHANGE_DELETE + 1]; /* in `undo`, by change: before it, or after an insert */
} sqlite_writer;

static hd_status open_query(hd_ctx *ctx, sqlite_writer *w, hd_buf *sql, hd_query **out)
{
    hd_status status = hd_query_open(ctx, w->db, sql->ptr, out);
    hd_buf_release(sql);
    return status;
}

/* A journal's row that is there already was written by a run before: it stays. */
static hd_status open_insert(hd_ctx *ctx, sqlite_writer *w)
{
    const hd_table *table = w->base.table;
    hd_buf sql = {0};
    bool is_journal = table->form == HD_TABLE_JOURNAL;
    hd_buf_addf(&sql, "INSERT %sINTO %s (", is_journal ? "OR IGNORE " : "", table->name);
    hd_column_names(&sql, table, 0, table->n_columns, "");
    hd_buf_add(&sql, HD_STR(") VALUES ("));
    for (uint32_t i = 0; i < table->n_columns; i++)
        hd_buf_addf(&sql, i ? ", ?%u" : "?%u", i + 1);
    hd_buf_add_char(&sql, ')');
    return open_query(ctx, w, &sql, &w->insert);
}

static void add_assignments(hd_buf *sql, const hd_table *table, uint32_t begin, uint32_t end,
                            const char *between)
{
    for (uint32_t i = begin; i < end; i++) {
        if (i > begin)
            hd_buf_addf(sql, "%s", between);
        hd_quoted_name(sql, table->columns[i].name);
        hd_buf_addf(sql, " = ?%u", i + 1);
    }
}

static hd_status open_update(hd_ctx *ctx, sqlite_writer *w)
{
    const hd_table *table = w->base.table;
    hd_buf sql = {0};
    hd_buf_addf(&sql, "UPDATE %s SET ", table->name);
    add_assignments(&sql, table, table->n_key, table->n_columns, ", ");
    hd_buf_add(&sql, HD_STR(" WHERE "));
    add_assignments(&sql, table, 0, table->n_key, " AND ");
    return open_query(ctx, w, &sql, &w->update);
}

static hd_status open_remove(hd_ctx *ctx, sqlite_writer *w)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "DELETE FROM %s WHERE ", w->base.table->name);
    add_assignments(&sql, w->base.table, 0, w->base.table->n_key, " AND ");
    return open_query(ctx, w, &sql, &w->remove);
}

/* ---- what was there, as one JSON object a row ---- */

/* SQLite's functions take 127 arguments: so many columns go into one object, and objects are
 * patched together. A null is left out by that, and reads as null. */
static void add_object(hd_buf *sql, const hd_table *table, uint32_t n_columns)
{
    enum { COLUMNS_AN_OBJECT = 60 };
    for (uint32_t i = 0; i < n_columns; i += COLUMNS_AN_OBJECT)
        hd_buf_add(sql, HD_STR("json_patch("));
    hd_buf_add(sql, HD_STR("'{}'"));
    for (uint32_t i = 0; i < n_columns; i++) {
        hd_buf_add(sql, i % COLUMNS_AN_OBJECT ? HD_STR(", ") : HD_STR(", json_object("));
        hd_quoted_text(sql, table->columns[i].name);
        hd_buf_add(sql, HD_STR(", "));
        hd_quoted_name(sql, table->columns[i].name);
        if (i + 1 == n_columns || (i + 1) % COLUMNS_AN_OBJECT == 0)
            hd_buf_add(sql, HD_STR("))"));
    }
}

/* Of an inserted row its key will do. */
static hd_status open_keep(hd_ctx *ctx, sqlite_writer *w, hd_change change)
{
    static const char *const names[] = {[HD_CHANGE_INSERT] = "insert",
                                        [HD_CHANGE_UPDATE] = "update",
                                        [HD_CHANGE_DELETE] = "delete"};
    const hd_table *table = w->base.table;
    hd_buf sql = {0};
    hd_buf_add(&sql, HD_STR("INSERT INTO undo (run, table_name, change, old) SELECT "));
    hd_quoted_text(&sql, w->base.store->run_id);
    hd_buf_addf(&sql, ", '%s', '%s', ", table->name, names[change]);
    add_object(&sql, table, change == HD_CHANGE_INSERT ? table->n_key : table->n_columns);
    hd_buf_addf(&sql, " FROM %s WHERE ", table->name);
    add_assignments(&sql, table, 0, table->n_key, " AND ");
    return open_query(ctx, w, &sql, &w->keep[change]);
}

static hd_status open_all(hd_ctx *ctx, sqlite_writer *w)
{
    bool is_state = w->base.table->form == HD_TABLE_STATE;
    hd_change last = !hd_store_keeps_undo(w->base.store, w->base.table) ? HD_CHANGE_NONE
                     : is_state                                         ? HD_CHANGE_DELETE
                                                                        : HD_CHANGE_INSERT;
    HD_TRY(open_insert(ctx, w));
    if (is_state) {
        HD_TRY(open_update(ctx, w));
        HD_TRY(open_remove(ctx, w));
    }
    for (hd_change change = HD_CHANGE_INSERT; change <= last; change++)
        HD_TRY(open_keep(ctx, w, change));
    return HD_OK;
}

/* ---- a change ---- */

static hd_status run_query(hd_ctx *ctx, hd_query *query, const hd_cell *row, uint32_t n_cells)
{
    if (!query)
        return HD_OK;
    hd_query_bind(query, 0, row, n_cells);
    return hd_query_run(ctx, query);
}

static hd_status write_change(hd_ctx *ctx, hd_writer *writer, const hd_cell *row, hd_change change)
{
    sqlite_writer *w = (sqlite_writer *)writer;
    uint32_t n_key = writer->table->n_key, n = writer->table->n_columns;
    if (change == HD_CHANGE_INSERT) {
        HD_TRY(run_query(ctx, w->insert, row, n));
        uint64_t added = hd_db_changed_rows(w->db);
        writer->counts.inserted += added;
        return added ? run_query(ctx, w->keep[change], row, n_key) : HD_OK;
    }
    HD_TRY(run_query(ctx, w->keep[change], row, n_key));
    if (change == HD_CHANGE_UPDATE) {
        HD_TRY(run_query(ctx, w->update, row, n));
        writer->counts.updated += hd_db_changed_rows(w->db);
    } else {
        HD_TRY(run_query(ctx, w->remove, row, n_key));
        writer->counts.deleted += hd_db_changed_rows(w->db);
    }
    return HD_OK;
}

static hd_status end_writer(hd_ctx *ctx, hd_writer *writer)
{
    (void)ctx, (void)writer;
    return HD_OK;
}

static void release_writer(hd_writer *writer)
{
    sqlite_writer *w = (sqlite_writer *)writer;
    hd_query_close(w->insert);
    hd_query_close(w->update);
    hd_query_close(w->remove);
    for (hd_change change = HD_CHANGE_INSERT; change <= HD_CHANGE_DELETE; change++)
        hd_query_close(w->keep[change]);
    hd_free(w);
}

hd_status hd_sqlite_writer(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                           hd_writer **out)
{
    (void)lane; /* a file has one writer */
    sqlite_writer *w = hd_alloc_zero(1, sizeof *w);
    w->base = (hd_writer){.store = store,
                          .table = table,
                          .change = write_change,
                          .end = end_writer,
                          .release = release_writer};
    w->db = hd_sqlite_of(store)->db;
    hd_status status = open_all(ctx, w);
    if (status != HD_OK)
        release_writer(&w->base);
    else
        *out = &w->base;
    return status;
}

/* ---- the way back ---- */

typedef struct stored_column {
    hd_str name;
    bool is_key;
} stored_column;

static hd_status read_columns(hd_ctx *ctx, hd_db *db, hd_str table, hd_arena *arena,
                              stored_column *columns, uint32_t *n)
{
    hd_query *query;
    hd_cell name = hd_cell_text(table), row[2];
    bool more;
    *n = 0;
    HD_TRY(hd_query_open(ctx, db, "SELECT name, pk FROM pragma_table_info(?1)", &query));
    hd_query_bind(query, 0, &name, 1);
    hd_status status = hd_query_next(ctx, query, &more);
    for (; status == HD_OK && more; status = hd_query_next(ctx, query, &more)) {
        hd_query_row(query, row, 2);
        HD_ASSERT(*n < HD_TABLE_COLUMNS_MAX * 2);
        columns[(*n)++] = (stored_column){hd_arena_str(arena, row[0].text), row[1].integer > 0};
    }
    hd_query_close(query);
    return status;
}

static void add_old(hd_buf *sql, const stored_column *column)
{
    hd_buf_add(sql, HD_STR("json_extract(old, '$.\""));
    hd_buf_add(sql, column->name); /* a code of a field, or a name of ours */
    hd_buf_add(sql, HD_STR("\"')"));
}

/* "c" = the old value of it, for keys or for all else. */
static void add_olds(hd_buf *sql, const stored_column *columns, uint32_t n, bool keys,
                     const char *between)
{
    bool first = true;
    for (uint32_t i = 0; i < n; i++) {
        if (columns[i].is_key != keys)
            continue;
        hd_buf_addf(sql, "%s", first ? "" : between);
        hd_quoted_name(sql, columns[i].name);
        hd_buf_add(sql, HD_STR(" = "));
        add_old(sql, &columns[i]);
        first = false;
    }
}

/* ("k1", "k2"), or the old values of them. */
static void add_keys(hd_buf *sql, const stored_column *columns, uint32_t n, bool old)
{
    bool first = true;
    for (uint32_t i = 0; i < n; i++) {
        if (!columns[i].is_key)
            continue;
        hd_buf_add(sql, first ? HD_STR("") : HD_STR(", "));
        if (old)
            add_old(sql, &columns[i]);
        else
            hd_quoted_name(sql, columns[i].name);
        first = false;
    }
}

/* What `undo` holds of one kind of change. */
static void add_undone(hd_buf *sql, hd_str table, hd_str run, const char *change)
{
    hd_buf_addf(sql, " undo WHERE change = '%s' AND table_name = ", change);
    hd_quoted_text(sql, table);
    hd_buf_add(sql, HD_STR(" AND run = "));
    hd_quoted_text(sql, run);
}

static void add_delete(hd_buf *sql, hd_str table, hd_str run, const stored_column *columns,
                       uint32_t n)
{
    hd_buf_add(sql, HD_STR("DELETE FROM "));
    hd_quoted_name(sql, table);
    hd_buf_add(sql, HD_STR(" WHERE ("));
    add_keys(sql, columns, n, false);
    hd_buf_add(sql, HD_STR(") IN (SELECT "));
    add_keys(sql, columns, n, true);
    hd_buf_add(sql, HD_STR(" FROM"));
    add_undone(sql, table, run, "insert");
    hd_buf_add(sql, HD_STR(");"));
}

static void add_update(hd_buf *sql, hd_str table, hd_str run, const stored_column *columns,
                       uint32_t n)
{
    hd_buf_add(sql, HD_STR("UPDATE "));
    hd_quoted_name(sql, table);
    hd_buf_add(sql, HD_STR(" SET "));
    add_olds(sql, columns, n, false, ", ");
    hd_buf_add(sql, HD_STR(" FROM"));
    add_undone(sql, table, run, "update");
    hd_buf_add(sql, HD_STR(" AND "));
    add_olds(sql, columns, n, true, " AND ");
    hd_buf_add(sql, HD_STR(";"));
}

static void add_insert(hd_buf *sql, hd_str table, hd_str run, const stored_column *columns,
                       uint32_t n)
{
    hd_buf_add(sql, HD_STR("INSERT INTO "));
    hd_quoted_name(sql, table);
    hd_buf_add(sql, HD_STR(" ("));
    for (uint32_t i = 0; i < n; i++) {
        hd_buf_add(sql, i ? HD_STR(", ") : HD_STR(""));
        hd_quoted_name(sql, columns[i].name);
    }
    hd_buf_add(sql, HD_STR(") SELECT "));
    for (uint32_t i = 0; i < n; i++) {
        hd_buf_add(sql, i ? HD_STR(", ") : HD_STR(""));
        add_old(sql, &columns[i]);
    }
    hd_buf_add(sql, HD_STR(" FROM"));
    add_undone(sql, table, run, "delete");
}

hd_status hd_sqlite_take_back(hd_ctx *ctx, hd_store *store, hd_str table, hd_str run)
{
    stored_column columns[HD_TABLE_COLUMNS_MAX * 2];
    hd_db *db = hd_sqlite_of(store)->db;
    uint32_t n, n_keys = 0;
    hd_buf sql = {0};
    HD_TRY(read_columns(ctx, db, table, &store->arena, columns, &n));
    for (uint32_t i = 0; i < n; i++)
        n_keys += columns[i].is_key;
    add_delete(&sql, table, run, columns, n);
    if (n_keys < n)
        add_update(&sql, table, run, columns, n);
    add_insert(&sql, table, run, columns, n);
    hd_status status = hd_db_run(ctx, db, sql.ptr);
    hd_buf_release(&sql);
    return status;
}
