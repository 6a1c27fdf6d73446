/* The tables as CSV files: what the store will hold after this run. */

#include "pipeline/io/csv.h"
#include "pipeline/io/file.h"
#include "pipeline/publish/merge.h"

static void add_cell(hd_buf *out, const hd_column *column, const hd_cell *cell)
{
    switch (cell->type) {
    case HD_CELL_TEXT:
        hd_csv_add_value(out, HD_CSV_PLAIN, cell->text);
        break;
    case HD_CELL_INTEGER:
        hd_buf_addf(out, "%lld", (long long)cell->integer);
        break;
    case HD_CELL_REAL:
        hd_buf_addf(out, "%.*f", column->decimals, cell->real);
        break;
    case HD_CELL_NULL:
        break;
    }
}

static void add_header(hd_buf *out, const hd_table *table)
{
    hd_str names[HD_TABLE_COLUMNS_MAX];
    for (uint32_t i = 0; i < table->n_columns; i++)
        names[i] = table->columns[i].name;
    hd_csv_add_row(out, HD_CSV_PLAIN, names, table->n_columns);
}

static void add_row(hd_buf *out, const hd_table *table, const hd_cell *row)
{
    for (uint32_t i = 0; i < table->n_columns; i++) {
        if (i > 0)
            hd_buf_add_char(out, ',');
        add_cell(out, &table->columns[i], &row[i]);
    }
    hd_buf_add_char(out, '\n');
}

static void count(hd_change_counts *counts, hd_change change)
{
    counts->inserted += change == HD_CHANGE_INSERT;
    counts->updated += change == HD_CHANGE_UPDATE;
    counts->deleted += change == HD_CHANGE_DELETE;
}

static hd_status write_rows(hd_ctx *ctx, hd_merge *merge, hd_file_out *out)
{
    const hd_table *table = merge->table;
    hd_change change;
    bool more;
    add_header(&out->buf, table);
    HD_TRY(hd_merge_next(ctx, merge, &change, &more));
    while (more) {
        if (change != HD_CHANGE_DELETE)
            add_row(&out->buf, table, merge->row);
        if (!table->of_run && table->form != HD_TABLE_VIEW)
            count(&merge->rows.tables->changes, change);
        hd_file_spill(out);
        HD_TRY(hd_merge_next(ctx, merge, &change, &more));
    }
    return HD_OK;
}

static hd_status write_table(hd_ctx *ctx, hd_tables *tables, const hd_table *table, hd_store *store,
                             const char *folder)
{
    hd_merge merge;
    hd_file_out out;
    const char *path = hd_arena_printf(&tables->arena, "%s/%s.csv", folder, table->name).ptr;
    hd_file_clear(path);
    HD_TRY(hd_file_create(ctx, path, 0600, &out));
    hd_store *stored = table->form == HD_TABLE_VIEW ? NULL : store;
    hd_status status = hd_merge_open(ctx, tables, table, stored, &merge);
    if (status == HD_OK)
        status = write_rows(ctx, &merge, &out);
    hd_merge_close(&merge);
    return hd_file_end(ctx, &out, status);
}

static hd_status write_tables(hd_ctx *ctx, hd_tables *tables, hd_store *store, const char *folder)
{
    HD_TRY(hd_folder_make(ctx, folder, 0700));
    for (uint32_t i = 0; i < HD_N_TABLES; i++)
        HD_TRY_DOING(ctx, write_table(ctx, tables, &tables->table[i], store, folder),
                     "writing table %s", tables->table[i].name);
    return HD_OK;
}

/* A store can change while the files are written. */
static hd_status write_all(hd_ctx *ctx, hd_tables *tables, hd_store *store, const char *folder)
{
    if (!store)
        return write_tables(ctx, tables, NULL, folder);
    HD_TRY(hd_store_read_begin(ctx, store));
    hd_status status = hd_store_current(ctx, store, &tables->arena, &tables->previous_run);
    if (status == HD_OK)
        status = write_tables(ctx, tables, store, folder);
    hd_store_read_end(store);
    return status;
}

hd_status hd_publish_csv(hd_ctx *ctx, hd_store *store, const hd_outcome *outcome,
                         const char *folder)
{
    hd_tables tables;
    hd_status status = hd_tables_init(ctx, outcome, &tables);
    if (status == HD_OK)
        status = write_all(ctx, &tables, store, folder);
    hd_tables_release(&tables);
    return status;
}
