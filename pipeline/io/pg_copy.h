#ifndef HD_IO_PG_COPY_H
#define HD_IO_PG_COPY_H

/* COPY in PostgreSQL's binary format, both ways, a row at a time.
 *
 * Source: PostgreSQL 15 documentation, COPY, "Binary Format". */

#include "pipeline/io/cell.h"
#include "pipeline/io/pg.h"

/* ---- out of the server ---- */

typedef struct hd_pg_copy hd_pg_copy;

/* `sql`: one COPY … TO STDOUT (FORMAT binary) statement of `n_columns`. */
hd_status hd_pg_copy_open(hd_ctx *ctx, hd_pg *pg, const char *sql, uint32_t n_columns,
                          hd_pg_copy **out);
/* The next row: each value as the server's binary form (hd_pg_type.h), null where it is NULL; views
 * until the next call. `*more` false at the end. A stream that is no such COPY is a failure. */
hd_status hd_pg_copy_next(hd_ctx *ctx, hd_pg_copy *copy, hd_str *values, bool *more);
/* All bytes of that row, as the server sent them; a view until the next call. */
hd_str hd_pg_copy_row(const hd_pg_copy *copy);
/* Where it has not ended, the connection is good for nothing but to be closed, which ends it on the
 * server too. NULL: nothing. */
void hd_pg_copy_close(hd_pg_copy *copy);

/* ---- into the server ---- */

typedef struct hd_pg_put hd_pg_put;

/* `sql`: one COPY … FROM STDIN (FORMAT binary) statement. Columns are text, bigint and double
 * precision, as cells are. */
hd_status hd_pg_put_open(hd_ctx *ctx, hd_pg *pg, const char *sql, hd_pg_put **out);
/* A failure is kept and reported by the end. Texts are copied. */
void hd_pg_put_row(hd_pg_put *put, const hd_cell *cells, uint32_t n);
/* Ends it either way; `*n_rows` is what the server took. */
hd_status hd_pg_put_end(hd_ctx *ctx, hd_pg_put *put, uint64_t *n_rows);
void hd_pg_put_abandon(hd_pg_put *put); /* NULL: nothing; the transaction has failed then */

#endif
