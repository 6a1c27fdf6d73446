#include "pipeline/publish/merge.h"

/* A column that the store does not have yet reads as null: to SQLite a quoted name that it does not
 * know would be a text. */
static hd_status open_stored(hd_ctx *ctx, hd_merge *merge, hd_store *store)
{
    const hd_table *table = merge->table;
    hd_cell_type types[HD_TABLE_COLUMNS_MAX];
    hd_stored_columns stored;
    HD_TRY(hd_store_columns(ctx, store, table, &merge->kept, &stored));
    if (stored.n == 0)
        return HD_OK;
    hd_buf sql = {0};
    for (uint32_t i = 0; i < table->n_columns; i++) {
        types[i] = table->columns[i].type;
        hd_buf_add(&sql, i ? HD_STR(", ") : HD_STR("SELECT "));
        if (stored.has[i])
            hd_quoted_name(&sql, table->columns[i].name);
        else
            hd_buf_add(&sql, HD_STR("NULL"));
    }
    hd_buf_addf(&sql, " FROM %s%s ORDER BY ", hd_store_prefix(store), table->name);
    hd_column_names(&sql, table, 0, table->n_key, "");
    hd_status status =
        hd_store_select(ctx, store, sql.ptr, types, table->n_columns, &merge->stored);
    hd_buf_release(&sql);
    return status;
}

static int compare_keys(const hd_table *table, const hd_cell *a, const hd_cell *b)
{
    for (uint32_t i = 0; i < table->n_key; i++) {
        int c = hd_cell_cmp(&a[i], &b[i]);
        if (c)
            return c;
    }
    return 0;
}

/* A stored row lives in the query, so the query is closed only when its last row was dealt with: a
 * table that is empty, or read to its end, has no reader while it is written. */
static hd_status step_old(hd_ctx *ctx, hd_merge *merge)
{
    merge->has_old = false;
    if (!merge->stored)
        return HD_OK;
    HD_TRY(hd_stored_next(ctx, merge->stored, merge->old, &merge->has_old));
    if (!merge->has_old) {
        hd_stored_close(merge->stored);
        merge->stored = NULL;
    }
    return HD_OK;
}

/* Texts of a key live as long as the tables, so the key before can still be looked at. */
static void step_new(hd_merge *merge)
{
    const hd_table *table = merge->table;
    bool is_first = merge->rows.at == 0;
    hd_cell before[HD_KEY_MAX];
    memcpy(before, merge->new, table->n_key * sizeof *before);
    merge->has_new = hd_rows_next(&merge->rows, merge->new);
    if (merge->has_new && !is_first && table->n_key)
        HD_ASSERT(compare_keys(table, before, merge->new) < 0);
}

hd_status hd_merge_open(hd_ctx *ctx, hd_tables *tables, const hd_table *table, hd_store *store,
                        hd_merge *merge)
{
    HD_ASSERT(table->n_key <= HD_KEY_MAX);
    merge->table = table;
    merge->stored = NULL;
    merge->n_rows = 0;
    merge->kept = (hd_arena){0};
    merge->has_old = merge->has_new = false;
    merge->used_old = merge->used_new = true; /* so that the first call steps to the first rows */
    hd_rows_open(&merge->rows, tables, table);
    return store ? open_stored(ctx, merge, store) : HD_OK;
}

void hd_merge_close(hd_merge *merge)
{
    hd_stored_close(merge->stored);
    hd_rows_close(&merge->rows);
    hd_arena_release(&merge->kept);
}

static void copy_row(hd_merge *merge, const hd_cell *from)
{
    memcpy(merge->row, from, merge->table->n_columns * sizeof *from);
}

/* Against the stored row of its key. Where all else is as it was, so is the run that last changed
 * it: an unchanged night writes nothing. */
static hd_change compare_rows(hd_merge *merge, const hd_cell *old)
{
    const hd_table *table = merge->table;
    for (uint32_t i = table->n_key; i < table->n_columns; i++) {
        if (i != table->run_column && !hd_cell_eq(&old[i], &merge->row[i]))
            return HD_CHANGE_UPDATE;
    }
    if (table->run_column)
        merge->row[table->run_column] = old[table->run_column];
    return HD_CHANGE_NONE;
}

static hd_change take_new(hd_merge *merge, const hd_cell *old)
{
    const hd_table *table = merge->table;
    if (old && table->form == HD_TABLE_JOURNAL) { /* what is told already stays told so */
        copy_row(merge, old);
        return HD_CHANGE_NONE;
    }
    copy_row(merge, merge->new);
    if (table->settle)
        table->settle(old, merge->row);
    return old ? compare_rows(merge, old) : HD_CHANGE_INSERT;
}

static hd_change take_old(hd_merge *merge)
{
    const hd_table *table = merge->table;
    copy_row(merge, merge->old);
    if (table->form == HD_TABLE_JOURNAL)
        return HD_CHANGE_NONE;
    if (!table->fade || !table->fade(&merge->rows, merge->row))
        return HD_CHANGE_DELETE;
    return compare_rows(merge, merge->old);
}

/* Whoever changes a row under SQLite's cursor may see it again: the cursor is put past it first,
 * and so the texts of the stored row are copied. Only rows that change cost that. */
static hd_status pass_stored_row(hd_ctx *ctx, hd_merge *merge)
{
    hd_arena_reset(&merge->kept);
    for (uint32_t i = 0; i < merge->table->n_columns; i++) {
        if (merge->row[i].type == HD_CELL_TEXT)
            merge->row[i].text = hd_arena_str(&merge->kept, merge->row[i].text);
    }
    merge->used_old = false;
    return step_old(ctx, merge);
}

static hd_status step(hd_ctx *ctx, hd_merge *merge)
{
    if (merge->used_new)
        step_new(merge);
    if (merge->used_old)
        HD_TRY(step_old(ctx, merge));
    return HD_OK;
}

hd_status hd_merge_next(hd_ctx *ctx, hd_merge *merge, hd_change *change, bool *more)
{
    HD_TRY(step(ctx, merge));
    *more = merge->has_new || merge->has_old;
    if (!*more)
        return HD_OK;
    int c = !merge->has_old   ? -1
            : !merge->has_new ? 1
                              : compare_keys(merge->table, merge->new, merge->old);
    merge->used_new = c <= 0;
    merge->used_old = c >= 0;
    if (merge->used_new)
        *change = take_new(merge, merge->used_old ? merge->old : NULL);
    else
        *change = take_old(merge);
    merge->n_rows += *change != HD_CHANGE_DELETE;
    return *change != HD_CHANGE_NONE && merge->used_old ? pass_stored_row(ctx, merge) : HD_OK;
}
