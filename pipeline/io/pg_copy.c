#include "pipeline/io/pg_copy.h"

#include <endian.h>
#include <string.h>

#include "base/mem.h"
#include "pipeline/io/pg_private.h"

static const char signature[] = "PGCOPY\n\377\r\n"; /* its last byte is the NUL */
enum { HEADER_BYTES = sizeof signature + 8, FLUSH_BYTES = 256 << 10 };

/* ---- out of the server ---- */

struct hd_pg_copy {
    hd_pg *pg;
    uint32_t n_columns;
    char *message;        /* libpq's: as a rule one row, the first with the header before it */
    const char *at, *end; /* what is not yet read, in `message` or in `rest` */
    hd_buf rest;          /* a row that did not end with its message, and what came after */
    bool has_header, ended;
};

typedef enum take { TAKE_ROW, TAKE_MORE, TAKE_END, TAKE_WRONG } take;

static uint32_t read_u32(const char *at)
{
    uint32_t big;
    memcpy(&big, at, sizeof big);
    return be32toh(big);
}

static int16_t read_i16(const char *at)
{
    uint16_t big;
    memcpy(&big, at, sizeof big);
    return (int16_t)be16toh(big);
}

static take take_header(hd_pg_copy *copy)
{
    if (copy->end - copy->at < HEADER_BYTES)
        return TAKE_MORE;
    if (memcmp(copy->at, signature, sizeof signature) != 0)
        return TAKE_WRONG;
    uint32_t extension = read_u32(copy->at + sizeof signature + 4);
    if (extension > (uint32_t)(copy->end - copy->at - HEADER_BYTES))
        return TAKE_MORE;
    copy->at += HEADER_BYTES + extension;
    copy->has_header = true;
    return TAKE_ROW;
}

static take take_row(hd_pg_copy *copy, hd_str *values)
{
    const char *at = copy->at;
    if (copy->end - at < 2)
        return TAKE_MORE;
    int16_t n = read_i16(at);
    at += 2;
    if (n == -1)
        return TAKE_END;
    if (n < 0 || (uint32_t)n != copy->n_columns)
        return TAKE_WRONG;
    for (uint32_t i = 0; i < copy->n_columns; i++) {
        if (copy->end - at < 4)
            return TAKE_MORE;
        uint32_t n_bytes = read_u32(at);
        at += 4;
        values[i] = HD_STR_NULL;
        if (n_bytes == UINT32_MAX)
            continue;
        if (n_bytes > INT32_MAX)
            return TAKE_WRONG;
        if (n_bytes > (uint64_t)(copy->end - at))
            return TAKE_MORE;
        values[i] = (hd_str){at, n_bytes};
        at += n_bytes;
    }
    copy->at = at;
    return TAKE_ROW;
}

static take take_next(hd_pg_copy *copy, hd_str *values)
{
    if (!copy->has_header) {
        take header = take_header(copy);
        if (header != TAKE_ROW)
            return header;
    }
    return take_row(copy, values);
}

static hd_status fail_stream(hd_ctx *ctx, const hd_pg_copy *copy)
{
    return HD_FAIL(ctx, copy->pg->place.code, "cannot read %s: what it sends is no COPY in binary",
                   copy->pg->place.shown);
}

/* The next message behind what is left. */
static hd_status fetch(hd_ctx *ctx, hd_pg_copy *copy)
{
    hd_buf left = {0};
    if (copy->at < copy->end)
        hd_buf_add(&left, (hd_str){copy->at, (uint32_t)(copy->end - copy->at)});
    hd_buf_release(&copy->rest);
    copy->rest = left;
    PQfreemem(copy->message);
    copy->message = NULL;
    int n = PQgetCopyData(copy->pg->conn, &copy->message, 0);
    if (n < 0) {
        copy->ended = true;
        HD_TRY(n == -2 ? hd_pg_fail_result(ctx, copy->pg, NULL) : hd_pg_drain(ctx, copy->pg));
        return fail_stream(ctx, copy); /* it ended without its last mark */
    }
    hd_str got = {copy->message, (uint32_t)n};
    if (left.len_bytes) {
        hd_buf_add(&copy->rest, got);
        got = hd_buf_str(&copy->rest);
    }
    copy->at = got.ptr;
    copy->end = got.ptr + got.len_bytes;
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
    (*out)->n_columns = n_columns;
    return HD_OK;
}

/* After the last mark the server says how it ended. */
static hd_status end_copy(hd_ctx *ctx, hd_pg_copy *copy)
{
    char *message = NULL;
    int n = PQgetCopyData(copy->pg->conn, &message, 0);
    PQfreemem(message);
    copy->ended = n < 0;
    if (n >= 0)
        return fail_stream(ctx, copy);
    return n == -2 ? hd_pg_fail_result(ctx, copy->pg, NULL) : hd_pg_drain(ctx, copy->pg);
}

hd_status hd_pg_copy_next(hd_ctx *ctx, hd_pg_copy *copy, hd_str *values, bool *more)
{
    *more = false;
    for (;;) {
        switch (take_next(copy, values)) {
        case TAKE_ROW:
            *more = true;
            return HD_OK;
        case TAKE_MORE:
            HD_TRY(fetch(ctx, copy));
            break;
        case TAKE_END:
            return end_copy(ctx, copy);
        case TAKE_WRONG:
            return fail_stream(ctx, copy);
        }
    }
}

static void cancel(hd_pg_copy *copy)
{
    char why[256], *message = NULL;
    PGcancel *request = PQgetCancel(copy->pg->conn);
    if (request)
        PQcancel(request, why, sizeof why);
    PQfreeCancel(request);
    while (PQgetCopyData(copy->pg->conn, &message, 0) > 0) {
        PQfreemem(message);
        message = NULL;
    }
    PGresult *result;
    while ((result = PQgetResult(copy->pg->conn)))
        PQclear(result);
}

void hd_pg_copy_close(hd_pg_copy *copy)
{
    if (!copy)
        return;
    if (!copy->ended)
        cancel(copy);
    PQfreemem(copy->message);
    hd_buf_release(&copy->rest);
    hd_free(copy);
}

/* ---- into the server ---- */

struct hd_pg_put {
    hd_pg *pg;
    hd_buf buf;
    bool failed;
};

static void add_i16(hd_buf *out, int16_t value)
{
    uint16_t big = htobe16((uint16_t)value);
    hd_buf_add(out, (hd_str){(const char *)&big, sizeof big});
}

static void add_u32(hd_buf *out, uint32_t value)
{
    uint32_t big = htobe32(value);
    hd_buf_add(out, (hd_str){(const char *)&big, sizeof big});
}

static void add_u64(hd_buf *out, uint64_t value)
{
    uint64_t big = htobe64(value);
    add_u32(out, sizeof big);
    hd_buf_add(out, (hd_str){(const char *)&big, sizeof big});
}

static void add_cell(hd_buf *out, const hd_cell *cell)
{
    uint64_t bits;
    switch (cell->type) {
    case HD_CELL_TEXT:
        add_u32(out, cell->text.len_bytes);
        hd_buf_add(out, cell->text);
        break;
    case HD_CELL_INTEGER:
        add_u64(out, (uint64_t)cell->integer);
        break;
    case HD_CELL_REAL:
        memcpy(&bits, &cell->real, sizeof bits);
        add_u64(out, bits);
        break;
    case HD_CELL_NULL:
        add_u32(out, UINT32_MAX);
        break;
    }
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
    hd_buf_add(&(*out)->buf, (hd_str){signature, sizeof signature});
    add_u32(&(*out)->buf, 0); /* flags */
    add_u32(&(*out)->buf, 0); /* extension */
    return HD_OK;
}

void hd_pg_put_row(hd_pg_put *put, const hd_cell *cells, uint32_t n)
{
    add_i16(&put->buf, (int16_t)n);
    for (uint32_t i = 0; i < n; i++)
        add_cell(&put->buf, &cells[i]);
    if (put->buf.len_bytes >= FLUSH_BYTES)
        flush(put);
}

static void free_put(hd_pg_put *put)
{
    hd_buf_release(&put->buf);
    hd_free(put);
}

hd_status hd_pg_put_end(hd_ctx *ctx, hd_pg_put *put, uint64_t *n_rows)
{
    hd_pg *pg = put->pg;
    add_i16(&put->buf, -1);
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
