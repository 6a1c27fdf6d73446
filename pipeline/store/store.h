#ifndef HD_STORE_STORE_H
#define HD_STORE_STORE_H

/* The store: where the tables of the contract lie from night to night. SQLite or PostgreSQL, behind
 * one seam (store_kind.h); whoever reads or publishes does not know which.
 *
 * A store that is open for writing is ours alone: a file's lock, or an advisory lock of the
 * database. What is written is one transaction; readers see the run before or this one. The rows
 * that a run changes are kept as they were (table `undo`), so that it can be taken back.
 *
 * Failures: HD_STORE where it is unreachable, not ours, or of a later hedui; HD_SPACE where it is
 * full; HD_LOCKED where another run writes to it. */

#include "base/arena.h"
#include "hedui/status.h"
#include "pipeline/store/table.h"

typedef struct hd_store hd_store;

enum {
    HD_STORE_SCHEMA = 2,    /* version of what is not declared as a table */
    HD_STORE_UNDO_RUNS = 7, /* so many last runs can be taken back */
    HD_STORE_TABLES_MAX = 16
};

typedef enum hd_store_use { HD_STORE_READ, HD_STORE_WRITE } hd_store_use;

/* The store that the configuration names. *out NULL: it names none, or HD_STORE_READ and there is
 * none yet. */
hd_status hd_store_open(hd_ctx *ctx, const hd_ruleset *ruleset, hd_store_use use, hd_store **out);
void hd_store_close(hd_store *store); /* NULL: nothing; an open transaction is rolled back */
/* A connection broke: what was begun is rolled back, or, where it was the commit that was asked
 * for, hd_store_current tells. hd_store_reopen makes a new one. */
bool hd_store_lost(const hd_store *store);
hd_status hd_store_reopen(hd_ctx *ctx, hd_store *store);

bool hd_store_is_new(const hd_store *store); /* it has no tables yet */
const char *hd_store_shown(const hd_store *store);
/* What stands before a table's name in SQL: "" or "hedui." */
const char *hd_store_prefix(const hd_store *store);

/* ---- reading ---- */

/* Between these all reading sees one state. */
hd_status hd_store_read_begin(hd_ctx *ctx, hd_store *store);
void hd_store_read_end(hd_store *store);
/* `read` between the two. A store waits for long while sources are read: where a connection was
 * lost it is made again and `read` begins anew, a bounded number of times. */
typedef hd_status hd_store_read_call(hd_ctx *ctx, hd_store *store, void *arg);
hd_status hd_store_read(hd_ctx *ctx, hd_store *store, hd_store_read_call *read, void *arg);

/* The columns that a table has in the store. */
typedef struct hd_stored_columns {
    uint32_t n, n_other;                /* n 0: there is no such table */
    bool has[HD_TABLE_COLUMNS_MAX];     /* of the declared ones */
    hd_str other[HD_TABLE_COLUMNS_MAX]; /* that are not declared, in `arena` */
} hd_stored_columns;
hd_status hd_store_columns(hd_ctx *ctx, hd_store *store, const hd_table *table, hd_arena *arena,
                           hd_stored_columns *out);

/* The rows of a query whose columns have these types (or are null). */
typedef struct hd_stored hd_stored;
hd_status hd_store_select(hd_ctx *ctx, hd_store *store, const char *sql, const hd_cell_type *types,
                          uint32_t n_columns, hd_stored **out);
/* Texts are valid until the next call. */
hd_status hd_stored_next(hd_ctx *ctx, hd_stored *stored, hd_cell *cells, bool *more);
void hd_stored_close(hd_stored *stored); /* NULL: nothing */

/* ---- writing ---- */

typedef struct hd_change_counts {
    uint64_t inserted, updated, deleted;
} hd_change_counts;

typedef enum hd_change {
    HD_CHANGE_NONE,
    HD_CHANGE_INSERT,
    HD_CHANGE_UPDATE,
    HD_CHANGE_DELETE
} hd_change;

/* A view of ours: its SELECT, with hd_store_prefix before the names of tables. */
typedef struct hd_view {
    const char *name;
    hd_str select;
} hd_view;

/* Begins the transaction of run `run_id`, with the tables and columns that are declared and were
 * not there; of those that are no longer declared the values go. `tables` stay until the commit. */
hd_status hd_store_begin(hd_ctx *ctx, hd_store *store, const hd_table *tables, uint32_t n_tables,
                         hd_str run_id);

/* How many tables may be written at once, each by a thread and in a lane of its own. */
uint32_t hd_store_lanes(const hd_store *store);

typedef struct hd_writer hd_writer;
hd_status hd_writer_open(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                         hd_writer **out);
/* `row`: of HD_CHANGE_DELETE its key. Keys come in order, each once. */
hd_status hd_writer_change(hd_ctx *ctx, hd_writer *writer, const hd_cell *row, hd_change change);
/* Ends it either way: what was written is in the table. `n_rows`: how many it must now hold;
 * UINT64_MAX: not known. */
hd_status hd_writer_end(hd_ctx *ctx, hd_writer *writer, uint64_t n_rows, hd_change_counts *counts);
void hd_writer_abandon(hd_writer *writer); /* NULL: nothing */

/* What a table that is new gets once it has its rows, its key first: so many parts, some at once if
 * that may be, each in a lane. Known from hd_store_begin on; 0: nothing. */
uint32_t hd_store_n_indexes(hd_store *store, const hd_table *table);
hd_status hd_store_index(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                         uint32_t i);

/* What stands on the tables: indexes, constraints, views, comments. Then the number of rows of each
 * table is checked, and all constraints. */
hd_status hd_store_finish(hd_ctx *ctx, hd_store *store, const hd_view *views, uint32_t n_views);
hd_status hd_store_commit(hd_ctx *ctx, hd_store *store);

/* ---- runs ---- */

typedef struct hd_stored_run {
    hd_str id, as_of, state;    /* state: published, rolled back */
    hd_str previous;            /* the run whose tables it changed; null: the first */
    hd_str counts;              /* JSON */
    hd_str versions, checksums; /* JSON: by what it was made, and from what */
    hd_change_counts changes;
    bool can_undo; /* the rows that it changed are still known as they were */
    bool current;  /* the tables are as it left them */
} hd_stored_run;

/* All runs, oldest first, in `arena`. Call hd_store_read_begin before. */
hd_status hd_store_runs(hd_ctx *ctx, hd_store *store, hd_arena *arena, hd_stored_run **runs,
                        uint32_t *n);
/* Id of the run as whose work the tables stand; null: none. */
hd_status hd_store_current(hd_ctx *ctx, hd_store *store, hd_arena *arena, hd_str *out);

/* What a run read of each source, by code. Call hd_store_read_begin before. */
typedef struct hd_stored_source {
    hd_str source, snapshot; /* snapshot: null for files */
    uint64_t rows_read, rows_linked, rows_rejected, rows_filtered, mentions;
} hd_stored_source;
hd_status hd_store_run_sources(hd_ctx *ctx, hd_store *store, hd_str run, hd_arena *arena,
                               hd_stored_source **sources, uint32_t *n);

/* The tables as run `id` left them, in one transaction: the runs after it are taken back, newest
 * first. HD_USAGE where there is no such run, it is the current one, or what came after can no
 * longer be taken back. */
hd_status hd_store_rollback(hd_ctx *ctx, hd_store *store, hd_str id);

#endif
