/* Rows into PostgreSQL. A table that is new takes them by COPY (postgres_fresh.c); of any other
 * the changes go into a temporary table by COPY and from there, by key, in a few statements. */

#include "base/mem.h"
#include "pipeline/io/pg_copy.h"
#include "pipeline/store/postgres_private.h"

typedef struct postgres_writer {
    hd_writer base;
    hd_pg *pg;
    hd_pg_put *put; /* NULL: nothing was written so far */
    bool is_fresh;
    uint64_t n_sent[HD_CHANGE_DELETE + 1];
} postgres_writer;

static hd_status run(hd_ctx *ctx, postgres_writer *w, hd_buf *sql)
{
    hd_status status = hd_pg_run(ctx, w->pg, sql->ptr);
    hd_buf_release(sql);
    return status;
}

/* ---- sending ---- */

static hd_status open_fresh(hd_ctx *ctx, postgres_writer *w)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "COPY %s.%s (", hd_postgres_of(w->base.store)->schema, w->base.table->name);
    hd_column_names(&sql, w->base.table, 0, w->base.table->n_columns, "");
    hd_buf_add(&sql, HD_STR(") FROM STDIN (FORMAT binary, FREEZE)"));
    hd_status status = hd_pg_put_open(ctx, w->pg, sql.ptr, &w->put);
    hd_buf_release(&sql);
    return status;
}

static hd_status open_changes(hd_ctx *ctx, postgres_writer *w)
{
    const hd_table *table = w->base.table;
    hd_buf sql = {0};
    hd_buf_addf(&sql,
                "CREATE TEMPORARY TABLE change_%s ON COMMIT DROP AS SELECT 0::bigint AS change",
                table->name);
    for (uint32_t i = 0; i < table->n_columns; i++) {
        hd_buf_add(&sql, HD_STR(", "));
        hd_quoted_name(&sql, table->columns[i].name);
    }
    hd_buf_addf(&sql, " FROM hedui.%s WHERE false", table->name);
    HD_TRY(run(ctx, w, &sql));
    hd_buf_addf(&sql, "COPY pg_temp.change_%s FROM STDIN (FORMAT binary)", table->name);
    hd_status status = hd_pg_put_open(ctx, w->pg, sql.ptr, &w->put);
    hd_buf_release(&sql);
    return status;
}

/* The kind of change stands before the row; of a row that goes only the key is sent. */
static void put_change(postgres_writer *w, const hd_cell *row, hd_change change)
{
    const hd_table *table = w->base.table;
    hd_cell cells[1 + HD_TABLE_COLUMNS_MAX] = {hd_cell_integer(change)};
    uint32_t n = change == HD_CHANGE_DELETE ? table->n_key : table->n_columns;
    memcpy(cells + 1, row, n * sizeof *row);
    hd_pg_put_row(w->put, cells, 1 + table->n_columns);
}

static hd_status send_change(hd_ctx *ctx, hd_writer *writer, const hd_cell *row, hd_change change)
{
    postgres_writer *w = (postgres_writer *)writer;
    if (!w->put)
        HD_TRY(w->is_fresh ? open_fresh(ctx, w) : open_changes(ctx, w));
    w->n_sent[change]++;
    if (w->is_fresh)
        hd_pg_put_row(w->put, row, writer->table->n_columns);
    else
        put_change(w, row, change);
    return HD_OK;
}

/* ---- from the changes into the table ---- */

static void add_key_match(hd_buf *sql, const hd_table *table)
{
    for (uint32_t i = 0; i < table->n_key; i++) {
        hd_buf_add(sql, i ? HD_STR(" AND t.") : HD_STR("t."));
        hd_quoted_name(sql, table->columns[i].name);
        hd_buf_add(sql, HD_STR(" = c."));
        hd_quoted_name(sql, table->columns[i].name);
    }
}

/* One statement of those below, for the rows of one kind of change. */
static hd_status apply(hd_ctx *ctx, postgres_writer *w, hd_change change, hd_buf *sql,
                       uint64_t *count)
{
    HD_TRY(run(ctx, w, sql));
    *count = hd_pg_changed_rows(w->pg);
    if (*count == w->n_sent[change] || w->base.table->form == HD_TABLE_JOURNAL)
        return HD_OK;
    return HD_FAIL(ctx, HD_STORE, "table %s of store %s was changed by another program meanwhile",
                   w->base.table->name, w->base.store->shown);
}

static hd_status apply_deletes(hd_ctx *ctx, postgres_writer *w)
{
    const hd_table *table = w->base.table;
    hd_buf sql = {0};
    if (w->n_sent[HD_CHANGE_DELETE] == 0)
        return HD_OK;
    hd_buf_addf(&sql, "DELETE FROM hedui.%s t USING pg_temp.change_%s c WHERE c.change = %d AND ",
                table->name, table->name, HD_CHANGE_DELETE);
    add_key_match(&sql, table);
    return apply(ctx, w, HD_CHANGE_DELETE, &sql, &w->base.counts.deleted);
}

static hd_status apply_updates(hd_ctx *ctx, postgres_writer *w)
{
    const hd_table *table = w->base.table;
    hd_buf sql = {0};
    if (w->n_sent[HD_CHANGE_UPDATE] == 0)
        return HD_OK;
    hd_buf_addf(&sql, "UPDATE hedui.%s t SET ", table->name);
    for (uint32_t i = table->n_key; i < table->n_columns; i++) {
        hd_buf_add(&sql, i > table->n_key ? HD_STR(", ") : HD_STR(""));
        hd_quoted_name(&sql, table->columns[i].name);
        hd_buf_add(&sql, HD_STR(" = c."));
        hd_quoted_name(&sql, table->columns[i].name);
    }
    hd_buf_addf(&sql, " FROM pg_temp.change_%s c WHERE c.change = %d AND ", table->name,
                HD_CHANGE_UPDATE);
    add_key_match(&sql, table);
    return apply(ctx, w, HD_CHANGE_UPDATE, &sql, &w->base.counts.updated);
}

/* A journal's row that is there already was written by a run before: it stays. */
static hd_status apply_inserts(hd_ctx *ctx, postgres_writer *w)
{
    const hd_table *table = w->base.table;
    bool is_journal = table->form == HD_TABLE_JOURNAL;
    hd_buf sql = {0};
    if (w->n_sent[HD_CHANGE_INSERT] == 0)
        return HD_OK;
    hd_buf_addf(&sql, "INSERT INTO hedui.%s (", table->name);
    hd_column_names(&sql, table, 0, table->n_columns, "");
    hd_buf_add(&sql, HD_STR(") SELECT "));
    hd_column_names(&sql, table, 0, table->n_columns, "c.");
    hd_buf_addf(&sql, " FROM pg_temp.change_%s c WHERE c.change = %d%s", table->name,
                HD_CHANGE_INSERT, is_journal ? " ON CONFLICT DO NOTHING" : "");
    return apply(ctx, w, HD_CHANGE_INSERT, &sql, &w->base.counts.inserted);
}

/* ---- what was there ---- */

static void add_undo_head(hd_buf *sql, const postgres_writer *w, const char *change)
{
    hd_buf_add(sql, HD_STR("INSERT INTO hedui.undo (run, table_name, change, old) SELECT "));
    hd_pg_add_literal(sql, w->base.store->run_id);
    hd_buf_addf(sql, ", '%s', %s, ", w->base.table->name, change);
}

static hd_status keep_olds(hd_ctx *ctx, postgres_writer *w)
{
    const hd_table *table = w->base.table;
    hd_buf sql = {0};
    if (w->n_sent[HD_CHANGE_UPDATE] + w->n_sent[HD_CHANGE_DELETE] == 0)
        return HD_OK;
    add_undo_head(&sql, w, "CASE c.change WHEN 2 THEN 'update' ELSE 'delete' END");
    hd_buf_addf(&sql,
                "to_jsonb(t) FROM pg_temp.change_%s c JOIN hedui.%s t ON c.change IN (%d, %d) AND ",
                table->name, table->name, HD_CHANGE_UPDATE, HD_CHANGE_DELETE);
    add_key_match(&sql, table);
    return run(ctx, w, &sql);
}

/* Of a row that comes, its key: before it comes, for a journal may have it already. */
static hd_status keep_inserts(hd_ctx *ctx, postgres_writer *w)
{
    const hd_table *table = w->base.table;
    hd_buf sql = {0};
    if (w->n_sent[HD_CHANGE_INSERT] == 0)
        return HD_OK;
    add_undo_head(&sql, w, "'insert'");
    hd_buf_add(&sql, HD_STR("jsonb_build_object("));
    for (uint32_t i = 0; i < table->n_key; i++) {
        hd_buf_add(&sql, i ? HD_STR(", ") : HD_STR(""));
        hd_quoted_text(&sql, table->columns[i].name);
        hd_buf_add(&sql, HD_STR(", c."));
        hd_quoted_name(&sql, table->columns[i].name);
    }
    hd_buf_addf(&sql, ") FROM pg_temp.change_%s c WHERE c.change = %d", table->name,
                HD_CHANGE_INSERT);
    if (table->form == HD_TABLE_JOURNAL) {
        hd_buf_addf(&sql, " AND NOT EXISTS (SELECT 1 FROM hedui.%s t WHERE ", table->name);
        add_key_match(&sql, table);
        hd_buf_add_char(&sql, ')');
    }
    return run(ctx, w, &sql);
}

static hd_status apply_all(hd_ctx *ctx, postgres_writer *w)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "ANALYZE pg_temp.change_%s", w->base.table->name);
    HD_TRY(run(ctx, w, &sql));
    if (hd_store_keeps_undo(w->base.store, w->base.table)) {
        HD_TRY(keep_olds(ctx, w));
        HD_TRY(keep_inserts(ctx, w));
    }
    HD_TRY(apply_deletes(ctx, w));
    HD_TRY(apply_updates(ctx, w));
    return apply_inserts(ctx, w);
}

static hd_status end_writer(hd_ctx *ctx, hd_writer *writer)
{
    postgres_writer *w = (postgres_writer *)writer;
    uint64_t n_rows = 0;
    hd_pg_put *put = w->put;
    w->put = NULL;
    if (put)
        HD_TRY(hd_pg_put_end(ctx, put, &n_rows));
    if (!w->is_fresh)
        return put ? apply_all(ctx, w) : HD_OK;
    writer->counts.inserted = n_rows;
    writer->all_counted = hd_postgres_of(writer->store)->is_apart; /* nobody else can write there */
    return hd_postgres_fresh_end(ctx, hd_postgres_of(writer->store), w->pg, writer->table);
}

static void release_writer(hd_writer *writer)
{
    hd_pg_put_abandon(((postgres_writer *)writer)->put);
    hd_free(writer);
}

hd_status hd_postgres_writer(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                             hd_writer **out)
{
    hd_postgres_store *s = hd_postgres_of(store);
    bool is_fresh = *hd_postgres_fresh(s, table);
    if (is_fresh)
        HD_TRY(hd_postgres_fresh_begin(ctx, s, s->lane[lane], table));
    postgres_writer *w = hd_alloc_zero(1, sizeof *w);
    w->base = (hd_writer){.store = store,
                          .table = table,
                          .change = send_change,
                          .end = end_writer,
                          .release = release_writer};
    w->pg = s->lane[lane];
    w->is_fresh = is_fresh;
    *out = &w->base;
    return HD_OK;
}

/* ---- the way back ---- */

typedef struct stored_columns {
    hd_pg_rows *rows; /* name, whether it is of the key */
    uint32_t n;
} stored_columns;

static bool is_key(const stored_columns *columns, uint32_t i)
{
    return hd_str_eq(hd_pg_value(columns->rows, i, 1), HD_STR("t"));
}

static void add_matches(hd_buf *sql, const stored_columns *columns, bool keys, const char *left,
                        const char *between)
{
    bool first = true;
    for (uint32_t i = 0; i < columns->n; i++) {
        if (is_key(columns, i) != keys)
            continue;
        hd_buf_addf(sql, "%s%s", first ? "" : between, left);
        hd_quoted_name(sql, hd_pg_value(columns->rows, i, 0));
        hd_buf_add(sql, HD_STR(" = o."));
        hd_quoted_name(sql, hd_pg_value(columns->rows, i, 0));
        first = false;
    }
}

/* FROM the rows that were kept, as o, of one kind of change. */
static void add_kept(hd_buf *sql, const char *before, hd_str table, hd_str run, const char *change)
{
    hd_buf_addf(sql, " %s hedui.undo u, jsonb_populate_record(NULL::hedui.", before);
    hd_quoted_name(sql, table);
    hd_buf_addf(sql, ", u.old) o WHERE u.change = '%s' AND u.table_name = ", change);
    hd_pg_add_literal(sql, table);
    hd_buf_add(sql, HD_STR(" AND u.run = "));
    hd_pg_add_literal(sql, run);
}

static void add_take_back(hd_buf *sql, const stored_columns *columns, hd_str table, hd_str run)
{
    hd_buf_add(sql, HD_STR("DELETE FROM hedui."));
    hd_quoted_name(sql, table);
    hd_buf_add(sql, HD_STR(" t"));
    add_kept(sql, "USING", table, run, "insert");
    hd_buf_add(sql, HD_STR(" AND "));
    add_matches(sql, columns, true, "t.", " AND ");
    hd_buf set = {0};
    add_matches(&set, columns, false, "", ", ");
    if (set.len_bytes) {
        hd_buf_add(sql, HD_STR("; UPDATE hedui."));
        hd_quoted_name(sql, table);
        hd_buf_add(sql, HD_STR(" t SET "));
        hd_buf_add(sql, hd_buf_str(&set));
        add_kept(sql, "FROM", table, run, "update");
        hd_buf_add(sql, HD_STR(" AND "));
        add_matches(sql, columns, true, "t.", " AND ");
    }
    hd_buf_release(&set);
    hd_buf_add(sql, HD_STR("; INSERT INTO hedui."));
    hd_quoted_name(sql, table);
    hd_buf_add(sql, HD_STR(" SELECT o.*"));
    add_kept(sql, "FROM", table, run, "delete");
}

hd_status hd_postgres_take_back(hd_ctx *ctx, hd_store *store, hd_str table, hd_str run)
{
    hd_pg *pg = hd_postgres_of(store)->write;
    stored_columns columns;
    hd_buf sql = {0};
    HD_TRY(hd_pg_ask(ctx, pg,
                     "SELECT a.attname, a.attnum = ANY (i.indkey) FROM pg_catalog.pg_attribute a "
                     "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
                     "JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary "
                     "WHERE c.relnamespace = to_regnamespace('hedui') AND c.relname = $1 "
                     "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
                     &table, 1, &columns.rows));
    columns.n = hd_pg_n_rows(columns.rows);
    add_take_back(&sql, &columns, table, run);
    hd_status status = hd_pg_run(ctx, pg, sql.ptr);
    hd_buf_release(&sql);
    hd_pg_rows_free(columns.rows);
    return status;
}
