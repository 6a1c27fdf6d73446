#include "pipeline/analyse/csv_rows.h"

#include "pipeline/io/csv.h"

static hd_status read_rows(hd_ctx *ctx, hd_csv *csv, const char *path, const char *const *names,
                           uint32_t n_names, uint32_t n_needed, hd_csv_rows_take *take, void *arg)
{
    uint32_t column[HD_CSV_ROWS_COLUMNS_MAX];
    bool there[HD_CSV_ROWS_COLUMNS_MAX];
    hd_str value[HD_CSV_ROWS_COLUMNS_MAX];
    HD_ASSERT(n_names <= HD_CSV_ROWS_COLUMNS_MAX);
    for (uint32_t i = 0; i < n_names; i++) {
        there[i] = hd_csv_column(csv, names[i], &column[i]);
        if (!there[i] && i < n_needed)
            return HD_FAIL(ctx, HD_CONFIG, "%s has no column \"%s\"", path, names[i]);
    }
    hd_csv_row row;
    bool more;
    for (;;) {
        HD_TRY(hd_csv_next(ctx, csv, &row, &more));
        if (!more)
            return HD_OK;
        if (row.fault != HD_CSV_FINE)
            return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: not a row of as many values as the header has",
                           path, (unsigned long long)row.line);
        for (uint32_t i = 0; i < n_names; i++)
            value[i] = there[i] ? row.values[column[i]] : HD_STR_NULL;
        HD_TRY(take(ctx, row.line, value, arg));
    }
}

hd_status hd_csv_rows_read(hd_ctx *ctx, const char *path, const char *const *names,
                           uint32_t n_names, uint32_t n_needed, hd_csv_rows_take *take, void *arg)
{
    hd_csv *csv = NULL;
    hd_status status = hd_csv_open(ctx, path, (hd_csv_options){.encoding = HD_CSV_UTF8}, &csv);
    if (status == HD_OK)
        status = read_rows(ctx, csv, path, names, n_names, n_needed, take, arg);
    hd_csv_close(csv);
    return status;
}
