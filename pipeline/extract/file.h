#ifndef HD_EXTRACT_FILE_H
#define HD_EXTRACT_FILE_H

/* One CSV file of a source → its rows. */

#include "pipeline/extract/rows.h"

/* Only the header: HD_CONFIG where it lacks a column. */
hd_status hd_extract_file_check(hd_ctx *ctx, const hd_ruleset *ruleset,
                                const hd_extract_part *part);
hd_status hd_extract_file_read(hd_ctx *ctx, hd_extract_reader *reader, hd_extract_part *part);
/* Read again, for the bytes of some rows: `number`, rising, is what is asked for; `raw` (in
 * `arena`) and `line` are filled. HD_SOURCE where the file is no longer what it was. */
hd_status hd_extract_file_rows(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_extract_part *part,
                               hd_arena *arena, hd_extract_row *rows, uint32_t n);

#endif
