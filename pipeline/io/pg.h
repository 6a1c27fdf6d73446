#ifndef HD_IO_PG_H
#define HD_IO_PG_H

/* PostgreSQL by libpq, as far as sources and the store need it; with pg_copy.c the only place that
 * sees libpq. One thread at a time a connection.
 *
 * Failures have the code of their place (HD_SOURCE, HD_STORE); a full disk or no memory on the
 * server is HD_SPACE. Messages name the place, the SQLSTATE and what the server says of names,
 * never what it says of values. Passwords come from ~/.pgpass or the service's own file: a
 * connection string that holds one is refused.
 *
 * Source: PostgreSQL 15 documentation, chapters 34 (libpq), 55.2.6 (COPY), appendix A (codes). */

#include "base/arena.h"
#include "base/buf.h"
#include "hedui/status.h"

/* How long to wait for what, in seconds; 0: without end. */
typedef struct hd_pg_waits {
    uint32_t connect;   /* for one attempt to connect */
    uint32_t retry;     /* for attempts to connect, all together, where the server does not answer
                           or is starting: with a growing pause between them */
    uint32_t lock;      /* for a lock that another session holds */
    uint32_t statement; /* for one statement */
    uint32_t idle;      /* until the server ends a transaction of ours in which nothing happens */
} hd_pg_waits;

/* A database, as a configuration names it. Texts are retained by hd_pg. */
typedef struct hd_pg_place {
    const char *conninfo;   /* libpq's: "service=police", "host=… dbname=…", a URI */
    const char *shown;      /* how messages name it: "source household", "the store" */
    const char *tls_waiver; /* why off-host sslmode=verify-full is not demanded; NULL: it is */
    hd_status code;         /* HD_SOURCE or HD_STORE */
    hd_pg_waits waits;
} hd_pg_place;

/* HD_PG_READ: read only, rows of a statement in the same order each time (no parallel plan, no
 * synchronised scans). */
typedef enum hd_pg_use { HD_PG_READ, HD_PG_WRITE } hd_pg_use;

typedef struct hd_pg hd_pg;

/* HD_CONFIG where the connection string is none, or holds a password. Connections off this host
 * (anything but a Unix socket, localhost, 127.0.0.0/8 and ::1) are refused, before anything is
 * sent, unless sslmode=verify-full or the waiver is set. DateStyle is ISO, TimeZone Asia/Shanghai
 * (a birthday that a clerk stored as timestamptz is a day in China), client_encoding that of the
 * database where we decode it ourselves (hd_pg_encoding), else UTF8. */
hd_status hd_pg_open(hd_ctx *ctx, const hd_pg_place *place, hd_pg_use use, hd_pg **out);
void hd_pg_close(hd_pg *pg); /* NULL: nothing; an open transaction is rolled back */

/* The connection is gone: what was being done may be tried again on a new one. */
bool hd_pg_lost(const hd_pg *pg);
const char *hd_pg_shown(const hd_pg *pg);
void hd_pg_show_as(hd_pg *pg, const char *shown); /* from now on; retained */
uint32_t hd_pg_version(const hd_pg *pg);          /* 150018 */

/* In which encoding texts come from the server: UTF-8 (checked by it), GB 18030 (of a database in
 * EUC_CN), or any bytes (of one in SQL_ASCII). */
typedef enum hd_pg_encoding { HD_PG_UTF8, HD_PG_GB18030, HD_PG_BYTES } hd_pg_encoding;
hd_pg_encoding hd_pg_encoding_of(const hd_pg *pg);

/* ---- statements ---- */

/* One or several statements of ours, set apart by ';', without a result. */
hd_status hd_pg_run(hd_ctx *ctx, hd_pg *pg, const char *sql);
/* Rows that the last statement inserted, updated or deleted. */
uint64_t hd_pg_changed_rows(const hd_pg *pg);

/* All rows of a small result, as texts. Parameters are texts; a null one is NULL. */
typedef struct hd_pg_rows hd_pg_rows;
hd_status hd_pg_ask(hd_ctx *ctx, hd_pg *pg, const char *sql, const hd_str *parameters,
                    uint32_t n_parameters, hd_pg_rows **out);
uint32_t hd_pg_n_rows(const hd_pg_rows *rows);
hd_str hd_pg_value(const hd_pg_rows *rows, uint32_t row, uint32_t column); /* null: NULL */
void hd_pg_rows_free(hd_pg_rows *rows);
/* The first value of the first row, as a whole number; 0 where there is none. */
hd_status hd_pg_integer(hd_ctx *ctx, hd_pg *pg, const char *sql, int64_t *out);

/* The columns of a query's result; the query is not run. */
typedef struct hd_pg_column {
    hd_str name;   /* in the encoding of the connection */
    uint32_t type; /* oid, a domain's is that of what it stands on */
} hd_pg_column;
hd_status hd_pg_describe(hd_ctx *ctx, hd_pg *pg, const char *sql, hd_arena *arena,
                         hd_pg_column **columns, uint32_t *n);

/* Whether this session got the advisory lock of that name; it goes with the session. */
hd_status hd_pg_try_lock(hd_ctx *ctx, hd_pg *pg, hd_str name, bool *got);

/* "a ""b""": a name, whatever it holds, as an identifier. */
void hd_pg_add_name(hd_buf *out, hd_str name);
/* E'…': a text as a literal; it holds no NUL. */
void hd_pg_add_literal(hd_buf *out, hd_str text);

#endif
