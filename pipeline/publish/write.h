#ifndef HD_PUBLISH_WRITE_H
#define HD_PUBLISH_WRITE_H

/* The tables of a run into the store: some at once, where the store can. */

#include "pipeline/publish/tables.h"
#include "pipeline/store/store.h"

/* Those that are told of the run itself (`of_run`), or the others; then the indexes of those that
 * are new. `sum`: what changed in all of them. Call hd_store_begin before. */
hd_status hd_tables_write(hd_ctx *ctx, hd_store *store, hd_tables *tables, bool of_run,
                          hd_change_counts *sum);

#endif
