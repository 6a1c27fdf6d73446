#ifndef HD_PUBLISH_MERGE_H
#define HD_PUBLISH_MERGE_H

/* What a table will hold after this run: its new rows and those that the store holds, side by side
 * in key order. The store writes what differs, CSV writes all; so both say the same. */

#include "pipeline/publish/tables.h"
#include "pipeline/store/store.h"

typedef struct hd_merge {
    const hd_table *table;
    hd_rows rows;
    hd_stored *stored; /* NULL: none, or all read */
    bool has_new, has_old;
    bool used_new, used_old; /* by the last call: to be stepped over */
    hd_cell new[HD_TABLE_COLUMNS_MAX], old[HD_TABLE_COLUMNS_MAX];
    hd_cell row[HD_TABLE_COLUMNS_MAX]; /* what stays of the two */
    hd_arena kept;                     /* texts of a row that changes; names before the first */
    uint64_t n_rows;                   /* that stay or come, so far */
} hd_merge;

/* `store` NULL: nothing is stored. Always close. */
hd_status hd_merge_open(hd_ctx *ctx, hd_tables *tables, const hd_table *table, hd_store *store,
                        hd_merge *merge);
/* The next key: merge->row (of HD_CHANGE_DELETE: its key). The stored table may be changed at that
 * key before the next call. */
hd_status hd_merge_next(hd_ctx *ctx, hd_merge *merge, hd_change *change, bool *more);
void hd_merge_close(hd_merge *merge);

#endif
