#ifndef HD_STORE_SQLITE_PRIVATE_H
#define HD_STORE_SQLITE_PRIVATE_H

/* What the parts of the SQLite store share. */

#include "pipeline/io/sqlite.h"
#include "pipeline/store/store_kind.h"

typedef struct hd_sqlite_store {
    hd_store base;
    hd_db *db;
    const char *path;
    int lock_fd;     /* HD_STORE_WRITE: until it is closed; else -1 */
    bool is_created; /* the file was not there, and holds nothing yet */
} hd_sqlite_store;

static inline hd_sqlite_store *hd_sqlite_of(hd_store *store)
{
    return (hd_sqlite_store *)store;
}

/* sqlite_schema.c */
hd_status hd_sqlite_columns(hd_ctx *ctx, hd_store *store, const hd_table *table, hd_arena *arena,
                            hd_stored_columns *out);
hd_status hd_sqlite_align(hd_ctx *ctx, hd_store *store);
hd_status hd_sqlite_finish(hd_ctx *ctx, hd_store *store, const hd_view *views, uint32_t n_views);
/* sqlite_writer.c */
hd_status hd_sqlite_writer(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                           hd_writer **out);
hd_status hd_sqlite_take_back(hd_ctx *ctx, hd_store *store, hd_str table, hd_str run);

#endif
