#ifndef HD_EXTRACT_MERGE_H
#define HD_EXTRACT_MERGE_H

/* The rows of all parts of one source → its records, by record id, each id once.
 *
 * Of rows with one id the one whose slots' texts are smallest by bytes stays, then the one whose
 * own bytes are: so neither the order of rows nor of parts decides. The others become rejects of
 * their parts, which are read again, so that no run pays memory for what hardly ever happens.
 * Peak memory: the rows, then the records beside them. */

#include "hedui/status.h"
#include "pipeline/extract/part.h"

/* Reads a part again, for the bytes of some rows: `number`, rising, is what is asked for; `raw` (in
 * `arena`) and `line` are filled. HD_SOURCE where the part is no longer what it was. */
typedef hd_status hd_extract_reread(hd_ctx *ctx, void *arg, const hd_extract_part *part,
                                    hd_arena *arena, hd_extract_row *rows, uint32_t n);

/* `parts`: all of one source, in order; their rows are released. `arena`: for texts of rejects. */
typedef struct hd_extract_merging {
    const hd_ruleset *ruleset;
    const hd_values *values;
    hd_extract_part *parts;
    uint32_t n_parts;
    hd_arena *arena;
    hd_extract_reread *reread;
    void *reread_arg;
} hd_extract_merging;
hd_status hd_extract_merge(hd_ctx *ctx, const hd_extract_merging *merging, hd_records *out);

#endif
