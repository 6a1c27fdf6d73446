#ifndef HD_IO_SQLITE_H
#define HD_IO_SQLITE_H

/* SQLite, as far as the store needs it; the only place that sees sqlite3. A full disk is HD_SPACE,
 * all else HD_STORE: "cannot write store county.db: attempt to write a readonly database". Messages
 * name tables and columns, never values. One thread at a time. */

#include "base/buf.h"
#include "hedui/status.h"
#include "pipeline/io/cell.h"

typedef struct hd_db hd_db;
typedef struct hd_query hd_query;

typedef enum hd_db_use { HD_DB_READ, HD_DB_WRITE } hd_db_use;

/* Opens a file that is there; where another process writes, calls wait up to a minute. `shown` is
 * how messages name it; both are retained. HD_DB_READ too opens for writing where it may, so that
 * what a killed process left half done is rolled back. */
hd_status hd_db_open(hd_ctx *ctx, const char *path, const char *shown, hd_db_use use, hd_db **out);
void hd_db_close(hd_db *db); /* NULL: nothing; rolls an open transaction back */

/* Statements without a result, set apart by ';'. */
hd_status hd_db_run(hd_ctx *ctx, hd_db *db, const char *sql);
/* The first column of the first row; 0 where there is none. */
hd_status hd_db_integer(hd_ctx *ctx, hd_db *db, const char *sql, int64_t *out);
/* Rows that the last statement inserted, updated or deleted. */
uint64_t hd_db_changed_rows(const hd_db *db);

hd_status hd_query_open(hd_ctx *ctx, hd_db *db, const char *sql, hd_query **out);
void hd_query_close(hd_query *query); /* NULL: nothing */
/* Parameters from `first` (0-based) on; texts must stay until the statement has run. */
void hd_query_bind(hd_query *query, uint32_t first, const hd_cell *cells, uint32_t n);
/* A statement without a result, with what is bound. */
hd_status hd_query_run(hd_ctx *ctx, hd_query *query);
/* The next row; `*more` false at the end, where the query is ready to start again. */
hd_status hd_query_next(hd_ctx *ctx, hd_query *query, bool *more);
/* The first `n` columns of the row; texts are valid until the next call. */
void hd_query_row(hd_query *query, hd_cell *cells, uint32_t n);

#endif
