/* The publish stage: what differs between the store and this run, in one transaction. */

#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/publish/merge.h"
#include "pipeline/publish/store.h"

/* A table that is being written. Parameter i + 1 of every statement is column i. */
typedef struct writer {
    const hd_table *table;
    hd_db *db;
    hd_query *insert, *update, *remove; /* update, remove: of HD_TABLE_STATE */
    hd_publish_counts counts;
} writer;

static hd_status open_query(hd_ctx *ctx, hd_db *db, hd_buf *sql, hd_query **out)
{
    hd_status status = hd_query_open(ctx, db, sql->ptr, out);
    hd_buf_release(sql);
    return status;
}

/* A journal's row that is there already was written by a run before: it stays. */
static hd_status open_insert(hd_ctx *ctx, writer *w)
{
    hd_buf sql = {0};
    bool is_journal = w->table->form == HD_TABLE_JOURNAL;
    hd_buf_addf(&sql, "INSERT %sINTO %s (", is_journal ? "OR IGNORE " : "", w->table->name);
    hd_column_names(&sql, w->table, 0, w->table->n_columns);
    hd_buf_add(&sql, HD_STR(") VALUES ("));
    for (uint32_t i = 0; i < w->table->n_columns; i++)
        hd_buf_addf(&sql, i ? ", ?%u" : "?%u", i + 1);
    hd_buf_add_char(&sql, ')');
    return open_query(ctx, w->db, &sql, &w->insert);
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

static hd_status open_update(hd_ctx *ctx, writer *w)
{
    const hd_table *table = w->table;
    hd_buf sql = {0};
    hd_buf_addf(&sql, "UPDATE %s SET ", table->name);
    add_assignments(&sql, table, table->n_key, table->n_columns, ", ");
    hd_buf_add(&sql, HD_STR(" WHERE "));
    add_assignments(&sql, table, 0, table->n_key, " AND ");
    return open_query(ctx, w->db, &sql, &w->update);
}

static hd_status open_remove(hd_ctx *ctx, writer *w)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "DELETE FROM %s WHERE ", w->table->name);
    add_assignments(&sql, w->table, 0, w->table->n_key, " AND ");
    return open_query(ctx, w->db, &sql, &w->remove);
}

static hd_status open_writer(hd_ctx *ctx, writer *w)
{
    HD_TRY(open_insert(ctx, w));
    if (w->table->form == HD_TABLE_JOURNAL)
        return HD_OK;
    HD_TRY(open_update(ctx, w));
    return open_remove(ctx, w);
}

static void close_writer(writer *w)
{
    hd_query_close(w->insert);
    hd_query_close(w->update);
    hd_query_close(w->remove);
}

static hd_status write_change(hd_ctx *ctx, writer *w, const hd_cell *row, hd_change change)
{
    hd_query *query;
    uint64_t *count;
    uint32_t n_cells = w->table->n_columns;
    switch (change) {
    case HD_CHANGE_INSERT:
        query = w->insert, count = &w->counts.inserted;
        break;
    case HD_CHANGE_UPDATE:
        query = w->update, count = &w->counts.updated;
        break;
    case HD_CHANGE_DELETE:
        query = w->remove, count = &w->counts.deleted, n_cells = w->table->n_key;
        break;
    default:
        return HD_OK;
    }
    hd_query_bind(query, 0, row, n_cells);
    HD_TRY(hd_query_run(ctx, query));
    *count += hd_db_changed_rows(w->db);
    return HD_OK;
}

static hd_status write_rows(hd_ctx *ctx, hd_tables *tables, writer *w)
{
    hd_merge merge;
    hd_change change;
    bool more = false;
    hd_db *stored = w->table->form == HD_TABLE_STATE ? w->db : NULL;
    hd_status status = hd_merge_open(ctx, tables, w->table, stored, &merge);
    if (status == HD_OK)
        status = hd_merge_next(ctx, &merge, &change, &more);
    while (status == HD_OK && more) {
        status = write_change(ctx, w, merge.row, change);
        if (status == HD_OK)
            status = hd_merge_next(ctx, &merge, &change, &more);
    }
    hd_merge_close(&merge);
    return status;
}

static hd_status write_table(hd_ctx *ctx, hd_db *db, hd_tables *tables, const hd_table *table,
                             hd_publish_counts *counts)
{
    writer w = {.table = table, .db = db};
    hd_status status = open_writer(ctx, &w);
    if (status == HD_OK)
        status = write_rows(ctx, tables, &w);
    close_writer(&w);
    if (!table->of_run) {
        counts->inserted += w.counts.inserted;
        counts->updated += w.counts.updated;
        counts->deleted += w.counts.deleted;
    }
    return status;
}

static hd_status write_all(hd_ctx *ctx, hd_db *db, hd_tables *tables, hd_publish_counts *counts)
{
    HD_TRY(hd_db_run(ctx, db, "BEGIN IMMEDIATE"));
    HD_TRY(hd_schema_tables(ctx, db, tables));
    for (uint32_t i = 0; i < HD_N_TABLES; i++) {
        if (tables->table[i].form != HD_TABLE_VIEW)
            HD_TRY_DOING(ctx, write_table(ctx, db, tables, &tables->table[i], counts),
                         "publishing table %s", tables->table[i].name);
    }
    HD_TRY(hd_schema_indexes(ctx, db, tables));
    HD_TRY(hd_schema_views(ctx, db, tables));
    return hd_db_run(ctx, db, "COMMIT");
}

/* From now on readers see the last published run while the next is written. Where that cannot be
 * set now, as a reader is in the way, the next run sets it. */
static void use_write_ahead_log(hd_ctx *ctx, hd_db *db)
{
    if (hd_db_run(ctx, db, "PRAGMA journal_mode=WAL") != HD_OK)
        hd_ctx_clear(ctx);
}

hd_status hd_publish_run(hd_ctx *ctx, const hd_outcome *outcome, hd_publish_counts *counts)
{
    hd_tables tables;
    hd_store store = {0};
    *counts = (hd_publish_counts){0};
    hd_status status = hd_tables_init(ctx, outcome, &tables);
    if (status == HD_OK)
        status = hd_store_open(ctx, outcome->ruleset, HD_DB_WRITE, &tables.arena, &store);
    if (status == HD_OK)
        status = write_all(ctx, store.db, &tables, counts);
    if (status == HD_OK && store.is_new)
        use_write_ahead_log(ctx, store.db);
    hd_store_close(&store);
    if (status != HD_OK) {
        *counts = (hd_publish_counts){0};
        if (store.is_created)
            unlink(store.path);
    }
    hd_tables_release(&tables);
    return status;
}
