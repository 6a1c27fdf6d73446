#ifndef HD_STORE_STORE_KIND_H
#define HD_STORE_STORE_KIND_H

/* The seam between the two stores. Private to pipeline/store: everybody else sees store.h. */

#include "pipeline/store/store.h"

/* Each does what the function of its name in store.h says. */
typedef struct hd_store_kind {
    hd_status (*open)(hd_ctx *ctx, hd_store *store, bool *exists);
    void (*close)(hd_store *store);
    bool (*lost)(const hd_store *store);
    hd_status (*read_begin)(hd_ctx *ctx, hd_store *store);
    void (*read_end)(hd_store *store);
    hd_status (*columns)(hd_ctx *ctx, hd_store *store, const hd_table *table, hd_arena *arena,
                         hd_stored_columns *out);
    hd_status (*select)(hd_ctx *ctx, hd_store *store, const char *sql, const hd_cell_type *types,
                        uint32_t n_columns, hd_stored **out);
    hd_status (*begin)(hd_ctx *ctx, hd_store *store);
    hd_status (*writer_open)(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                             hd_writer **out);
    /* NULL: a table's rows come to their indexes one by one */
    uint32_t (*n_indexes)(hd_store *store, const hd_table *table);
    hd_status (*index)(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                       uint32_t i);
    hd_status (*finish)(hd_ctx *ctx, hd_store *store, const hd_view *views, uint32_t n_views);
    hd_status (*commit)(hd_ctx *ctx, hd_store *store);
    /* In a transaction that is not of a run: a statement of ours … */
    hd_status (*begin_plain)(hd_ctx *ctx, hd_store *store);
    hd_status (*run)(hd_ctx *ctx, hd_store *store, const char *sql);
    /* … and what run `run` did to `table` taken back. */
    hd_status (*take_back)(hd_ctx *ctx, hd_store *store, hd_str table, hd_str run);
} hd_store_kind;

struct hd_store {
    const hd_store_kind *kind;
    const hd_ruleset *ruleset;
    hd_store_use use;
    const char *shown;
    const char *prefix;
    bool is_new;
    hd_arena arena;
    /* of the transaction that is being written */
    const hd_table *tables;
    uint32_t n_tables;
    uint64_t n_rows[HD_STORE_TABLES_MAX]; /* each table's, that it must hold; UINT64_MAX: any */
    hd_str run_id;
    uint32_t n_lanes; /* from begin on; at least 1 */
};

struct hd_stored {
    hd_status (*next)(hd_ctx *ctx, hd_stored *stored, hd_cell *cells, bool *more);
    void (*close)(hd_stored *stored);
};

struct hd_writer {
    hd_store *store;
    const hd_table *table;
    hd_change_counts counts;
    bool all_counted; /* `counts` says what the store counted, and the table holds nothing else */
    hd_status (*change)(hd_ctx *ctx, hd_writer *writer, const hd_cell *row, hd_change change);
    hd_status (*end)(hd_ctx *ctx, hd_writer *writer); /* the rows are in the table … */
    void (*release)(hd_writer *writer);               /* … and the writer is gone */
};

extern const hd_store_kind hd_store_sqlite, hd_store_postgres;
hd_store *hd_store_sqlite_new(void); /* with room for what the kind keeps */
hd_store *hd_store_postgres_new(void);

/* Indexes that readers need; in PostgreSQL also what keeps the tables in order. */
typedef struct hd_index {
    const char *name, *table, *columns[2];
} hd_index;
enum { HD_N_INDEXES = 6 };
extern const hd_index hd_indexes[HD_N_INDEXES];
/* "a", "b" of an index; false: the county's tables lack one of them. */
bool hd_index_columns(hd_buf *out, const hd_table *table, const hd_index *index);
const hd_table *hd_store_table(const hd_store *store, const char *name); /* never NULL */
/* Whether what a run changes in the table is kept as it was. */
bool hd_store_keeps_undo(const hd_store *store, const hd_table *table);
/* The runs up to which `undo` is no longer kept are told so, and their rows go. */
hd_status hd_store_forget_undo(hd_ctx *ctx, hd_store *store);

#endif
