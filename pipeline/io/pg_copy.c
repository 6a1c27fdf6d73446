#include "pipeline/io/pg_copy.h"

#include <endian.h>
#include <string.h>

#include "base/mem.h"
#include "pipeline/io/pg_private.h"
#include "pipeline/io/pg_stream.h"

/* Less than the socket holds (208 KB by Linux's default): whoever sends more waits until the server
 * has read most of it, and makes no rows meanwhile. */
enum { FLUSH_BYTES = 64 << 10 };

/* ---- out of the server ---- */

struct hd_pg_copy {
    hd_pg *pg;
    hd_pg_stream stream;
    char *message; /* libpq's: as a rule one row, the first with the header before it */
    hd_str row;
};

static hd_status fail_stream(hd_ctx *ctx, const hd_pg_copy *copy)
{
    return HD_FAIL(ctx, copy->pg->place.code, "cannot read %s: what it sends is no COPY in binary",
                   copy->pg->place.shown);
}

static hd_status fetch(hd_ctx *ctx, hd_pg_copy *copy)
{
    char *message = NULL;
    int n = PQgetCopyData(copy->pg->conn, &message, 0);
    if (n < 0) {
        HD_TRY(n == -2 ? hd_pg_fail_result(ctx, copy->pg, NULL) : hd_pg_drain(ctx, copy->pg));
        return fail_stream(ctx, copy); /* it ended without its last mark */
    }
    hd_pg_stream_give(&copy->stream, (hd_str){message, (uint32_t)n});
    PQfreemem(copy->message);
    copy->message = message;
    return HD_OK;
}

hd_status hd_pg_copy_open(hd_ctx *ctx, hd_pg *pg, const char *sql, uint32_t n_columns,
                          hd_pg_copy **out)
{
    PGresult *result = PQexecParams(pg->conn, sql, 0, NULL, NULL, NULL, NULL, 0);
    *out = NULL;
    if (PQresultStatus(result) != PGRES_COPY_OUT)
        return hd_pg_fail_result(ctx, pg, result);
    PQclear(result);
    *out = hd_alloc_zero(1, sizeof **out);
    (*out)->pg = pg;
    (*out)->stream.n_columns = n_columns;
    return HD_OK;
}

/* After the last mark the server says how it ended. */
static hd_status end_copy(hd_ctx *ctx, hd_pg_copy *copy)
{
    char *message = NULL;
    int n = PQgetCopyData(copy->pg->conn, &message, 0);
    PQfreemem(message);
    if (n >= 0)
        return fail_stream(ctx, copy);
    return n == -2 ? hd_pg_fail_result(ctx, copy->pg, NULL) : hd_pg_drain(ctx, copy->pg);
}

hd_status hd_pg_copy_next(hd_ctx *ctx, hd_pg_copy *copy, hd_str *values, bool *more)
{
    *more = false;
    for (;;) {
        switch (hd_pg_stream_take(&copy->stream, values, &copy->row)) {
        case HD_PG_ROW:
            *more = true;
            return HD_OK;
        case HD_PG_MORE:
            HD_TRY(fetch(ctx, copy));
            break;
        case HD_PG_END:
            return end_copy(ctx, copy);
        case HD_PG_WRONG:
            return fail_stream(ctx, copy);
        }
    }
}

hd_str hd_pg_copy_row(const hd_pg_copy *copy)
{
    return copy->row;
}

void hd_pg_copy_close(hd_pg_copy *copy)
{
    if (!copy)
        return;
    PQfreemem(copy->message);
    hd_pg_stream_release(&copy->stream);
    hd_free(copy);
}

/* ---- into the server ---- */

struct hd_pg_put {
    hd_pg *pg;
    hd_buf buf;
    bool failed;
};

/* Each writes at `at`, where there is room, and returns what is behind it. */

static char *write_u16(char *at, uint16_t value)
{
    uint16_t big = htobe16(value);
    return (char *)memcpy(at, &big, sizeof big) + sizeof big;
}

static char *write_u32(char *at, uint32_t value)
{
    uint32_t big = htobe32(value);
    return (char *)memcpy(at, &big, sizeof big) + sizeof big;
}

static char *write_u64(char *at, uint64_t value)
{
    uint64_t big = htobe64(value);
    at = write_u32(at, sizeof big);
    return (char *)memcpy(at, &big, sizeof big) + sizeof big;
}

static char *write_cell(char *at, const hd_cell *cell)
{
    uint64_t bits;
    switch (cell->type) {
    case HD_CELL_TEXT:
        at = write_u32(at, cell->text.len_bytes);
        return (char *)memcpy(at, cell->text.ptr, cell->text.len_bytes) + cell->text.len_bytes;
    case HD_CELL_INTEGER:
        return write_u64(at, (uint64_t)cell->integer);
    case HD_CELL_REAL:
        memcpy(&bits, &cell->real, sizeof bits);
        return write_u64(at, bits);
    default:
        return write_u32(at, UINT32_MAX);
    }
}

/* At most so many; of a null or a number a few less. */
static size_t row_bytes(const hd_cell *cells, uint32_t n)
{
    size_t n_bytes = sizeof(uint16_t) + (size_t)n * (sizeof(uint32_t) + sizeof(uint64_t));
    for (uint32_t i = 0; i < n; i++) {
        if (cells[i].type == HD_CELL_TEXT)
            n_bytes += cells[i].text.len_bytes;
    }
    return n_bytes;
}

static void flush(hd_pg_put *put)
{
    if (!put->failed)
        put->failed = PQputCopyData(put->pg->conn, put->buf.ptr, (int)put->buf.len_bytes) != 1;
    hd_buf_clear(&put->buf);
}

hd_status hd_pg_put_open(hd_ctx *ctx, hd_pg *pg, const char *sql, hd_pg_put **out)
{
    PGresult *result = PQexecParams(pg->conn, sql, 0, NULL, NULL, NULL, NULL, 0);
    *out = NULL;
    if (PQresultStatus(result) != PGRES_COPY_IN)
        return hd_pg_fail_result(ctx, pg, result);
    PQclear(result);
    *out = hd_alloc_zero(1, sizeof **out);
    (*out)->pg = pg;
    static const char flags_and_extension[HD_PG_HEADER_BYTES - HD_PG_SIGNATURE_BYTES];
    hd_buf_add(&(*out)->buf, (hd_str){hd_pg_signature, HD_PG_SIGNATURE_BYTES});
    hd_buf_add(&(*out)->buf, (hd_str){flags_and_extension, sizeof flags_and_extension});
    return HD_OK;
}

/* Room for the whole row at once: to ask for it value by value took longer than to write them. */
void hd_pg_put_row(hd_pg_put *put, const hd_cell *cells, uint32_t n)
{
    hd_buf *buf = &put->buf;
    hd_buf_reserve(buf, row_bytes(cells, n));
    char *at = write_u16(buf->ptr + buf->len_bytes, (uint16_t)n);
    for (uint32_t i = 0; i < n; i++)
        at = write_cell(at, &cells[i]);
    *at = '\0';
    buf->len_bytes = (size_t)(at - buf->ptr);
    if (buf->len_bytes >= FLUSH_BYTES)
        flush(put);
}

static void free_put(hd_pg_put *put)
{
    hd_buf_release(&put->buf);
    hd_free(put);
}

hd_status hd_pg_put_end(hd_ctx *ctx, hd_pg_put *put, uint64_t *n_rows)
{
    static const char last_mark[] = {'\xff', '\xff'};
    hd_pg *pg = put->pg;
    hd_buf_add(&put->buf, (hd_str){last_mark, sizeof last_mark});
    flush(put);
    bool failed = put->failed || PQputCopyEnd(pg->conn, NULL) != 1;
    free_put(put);
    pg->n_changed = 0;
    hd_status status = hd_pg_drain(ctx, pg);
    if (status == HD_OK && failed)
        status = hd_pg_fail_result(ctx, pg, NULL);
    *n_rows = pg->n_changed;
    return status;
}

void hd_pg_put_abandon(hd_pg_put *put)
{
    if (!put)
        return;
    PGresult *result;
    PQputCopyEnd(put->pg->conn, "given up");
    while ((result = PQgetResult(put->pg->conn)) && PQresultStatus(result) != PGRES_COPY_IN)
        PQclear(result);
    PQclear(result);
    free_put(put);
}
