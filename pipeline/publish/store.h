#ifndef HD_PUBLISH_STORE_H
#define HD_PUBLISH_STORE_H

/* The SQLite store: which file, whether it is ours, and the shape of its tables. */

#include "pipeline/publish/tables.h"

enum {
    HD_STORE_APPLICATION = 0x68647569, /* "hdui": PRAGMA application_id */
    HD_STORE_SCHEMA = 1                /* PRAGMA user_version */
};

typedef struct hd_store {
    hd_db *db;        /* NULL: there is no store yet, which only HD_DB_READ leaves so */
    const char *path; /* in `arena` */
    bool is_new;      /* it has no tables */
    bool is_created;  /* the file was not there */
} hd_store;

/* The store that the ruleset names. HD_STORE: cannot be opened, is another program's, or has a
 * schema of a later hedui. Always close. */
hd_status hd_store_open(hd_ctx *ctx, const hd_ruleset *ruleset, hd_db_use use, hd_arena *arena,
                        hd_store *store);
void hd_store_close(hd_store *store);

/* The columns that a table has in the store. */
typedef struct hd_stored_columns {
    uint32_t n, n_other;                /* n 0: there is no such table */
    bool has[HD_TABLE_COLUMNS_MAX];     /* of the declared ones */
    hd_str other[HD_TABLE_COLUMNS_MAX]; /* that are not declared */
} hd_stored_columns;

hd_status hd_schema_columns(hd_ctx *ctx, hd_db *db, const hd_table *table, hd_arena *arena,
                            hd_stored_columns *out);

/* Inside a transaction: tables and their columns as they are declared, before rows are written … */
hd_status hd_schema_tables(hd_ctx *ctx, hd_db *db, hd_tables *tables);
/* … and what stands on them, after. */
hd_status hd_schema_indexes(hd_ctx *ctx, hd_db *db, const hd_tables *tables);
hd_status hd_schema_views(hd_ctx *ctx, hd_db *db, const hd_tables *tables);

#endif
