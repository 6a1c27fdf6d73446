#ifndef HD_IO_PG_PRIVATE_H
#define HD_IO_PG_PRIVATE_H

/* What pg.c and pg_copy.c share. */

#include <libpq-fe.h>

#include "pipeline/io/pg.h"

struct hd_pg {
    PGconn *conn;
    hd_pg_place place;
    const char *doing; /* "read", "write" */
    hd_pg_encoding encoding;
    uint64_t n_changed;
    bool lost;
};

/* Ends the process where libpq says that it had no memory, or (NULL) had none to say so. */
void hd_pg_check_memory(const char *message);
/* What the server or libpq says of a statement that failed; `result` may be NULL. It is freed. */
hd_status hd_pg_fail_result(hd_ctx *ctx, hd_pg *pg, PGresult *result);
/* Takes what is left of a statement's results; the first failure among them is reported. */
hd_status hd_pg_drain(hd_ctx *ctx, hd_pg *pg);

#endif
