#ifndef HD_EXTRACT_MERGE_H
#define HD_EXTRACT_MERGE_H

/* The rows of all files of one source → its records, by record id, each id once.
 *
 * Of rows with one id the one whose slots' texts are smallest by bytes stays, then the one whose
 * own bytes are: so neither the order of rows nor of files decides. The others become rejects of
 * their files, whose bytes are read again, so that no run pays memory for what hardly ever happens.
 * Peak memory: the rows, then the records beside them. */

#include "pipeline/extract/file.h"

/* `files`: all of one source, by path; their rows are released. `arena`: for texts of rejects. */
hd_status hd_extract_merge(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_values *values,
                           hd_extract_file *files, uint32_t n_files, hd_arena *arena,
                           hd_records *out);

/* Numbers 0 … n-1 into `order`, by ids[number] as bytes; equal ids keep their order. The ids hold
 * no NUL. */
void hd_extract_sort_ids(const hd_str *ids, uint32_t n, uint32_t *order);

#endif
