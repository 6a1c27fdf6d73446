#ifndef HD_ANALYSE_CSV_ROWS_H
#define HD_ANALYSE_CSV_ROWS_H

/* A CSV file with a header, in UTF-8, as rows of the columns that are asked for by name; others are
 * passed over. */

#include "base/view.h"
#include "hedui/status.h"

enum { HD_CSV_ROWS_COLUMNS_MAX = 12 };

/* `value`: [n_names]; null where the file lacks an optional column. Views end with the call. */
typedef hd_status hd_csv_rows_take(hd_ctx *ctx, uint64_t line, const hd_str *value, void *arg);

/* The first `n_needed` of `names` must be there (HD_CONFIG). HD_SOURCE: a row that cannot be read,
 * with its line. */
hd_status hd_csv_rows_read(hd_ctx *ctx, const char *path, const char *const *names,
                           uint32_t n_names, uint32_t n_needed, hd_csv_rows_take *take, void *arg);

#endif
