#include "pipeline/analyse/csv_rows.h"

#include "pipeline/io/csv.h"

typedef struct reader {
    const char *path;
    const char *const *names;
    uint32_t n_names, n_needed;
    uint32_t column[HD_CSV_ROWS_COLUMNS_MAX];
    bool there[HD_CSV_ROWS_COLUMNS_MAX];
    hd_csv_rows_take *take;
    void *arg;
} reader;

static hd_status find_columns(hd_ctx *ctx, const hd_csv *csv, void *arg)
{
    reader *r = arg;
    for (uint32_t i = 0; i < r->n_names; i++) {
        r->there[i] = hd_csv_column(csv, r->names[i], &r->column[i]);
        if (!r->there[i] && i < r->n_needed)
            return HD_FAIL(ctx, HD_CONFIG, "%s has no column \"%s\"", r->path, r->names[i]);
    }
    return HD_OK;
}

static hd_status take_row(hd_ctx *ctx, const hd_csv_row *row, void *arg)
{
    const reader *r = arg;
    hd_str value[HD_CSV_ROWS_COLUMNS_MAX];
    if (row->fault != HD_CSV_FINE)
        return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: not a row of as many values as the header has",
                       r->path, (unsigned long long)row->line);
    for (uint32_t i = 0; i < r->n_names; i++)
        value[i] = r->there[i] ? row->values[r->column[i]] : HD_STR_NULL;
    return r->take(ctx, row->line, value, r->arg);
}

hd_status hd_csv_rows_read(hd_ctx *ctx, const char *path, const char *const *names,
                           uint32_t n_names, uint32_t n_needed, hd_csv_rows_take *take, void *arg)
{
    reader r = {.path = path,
                .names = names,
                .n_names = n_names,
                .n_needed = n_needed,
                .take = take,
                .arg = arg};
    HD_ASSERT(n_names <= HD_CSV_ROWS_COLUMNS_MAX);
    return hd_csv_each(ctx, path, HD_CSV_UTF8, find_columns, take_row, &r);
}
