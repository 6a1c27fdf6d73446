#include "pipeline/io/csv.h"

static hd_status each_row(hd_ctx *ctx, hd_csv *csv, hd_csv_begin *begin, hd_csv_take *take,
                          void *arg)
{
    hd_csv_row row;
    bool more;
    HD_TRY(begin(ctx, csv, arg));
    for (;;) {
        HD_TRY(hd_csv_next(ctx, csv, &row, &more));
        if (!more)
            return HD_OK;
        HD_TRY(take(ctx, &row, arg));
    }
}

hd_status hd_csv_each(hd_ctx *ctx, const char *path, hd_csv_encoding encoding, hd_csv_begin *begin,
                      hd_csv_take *take, void *arg)
{
    hd_csv *csv = NULL;
    hd_status status = hd_csv_open(ctx, path, (hd_csv_options){.encoding = encoding}, &csv);
    if (status == HD_OK)
        status = each_row(ctx, csv, begin, take, arg);
    hd_csv_close(csv);
    return status;
}
