#include "pipeline/io/pg_stream.h"

#include <endian.h>

const char hd_pg_signature[HD_PG_SIGNATURE_BYTES] = "PGCOPY\n\377\r\n";

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

/* What is left of the pieces before goes into `rest`, where it may be already. */
void hd_pg_stream_give(hd_pg_stream *stream, hd_str piece)
{
    size_t left = (size_t)(stream->end - stream->at);
    if (left == 0) {
        stream->at = piece.ptr;
        stream->end = piece.ptr + piece.len_bytes;
        return;
    }
    if (stream->at != stream->rest.ptr) {
        hd_buf whole = {0};
        hd_buf_add(&whole, (hd_str){stream->at, (uint32_t)left});
        hd_buf_release(&stream->rest);
        stream->rest = whole;
    }
    stream->rest.len_bytes = left;
    hd_buf_add(&stream->rest, piece);
    stream->at = stream->rest.ptr;
    stream->end = stream->rest.ptr + stream->rest.len_bytes;
}

static hd_pg_taken take_header(hd_pg_stream *stream)
{
    size_t left = (size_t)(stream->end - stream->at);
    if (left < HD_PG_HEADER_BYTES)
        return HD_PG_MORE;
    if (memcmp(stream->at, hd_pg_signature, HD_PG_SIGNATURE_BYTES) != 0)
        return HD_PG_WRONG;
    uint32_t extension = read_u32(stream->at + HD_PG_SIGNATURE_BYTES + 4);
    if (extension > HD_PG_ROW_MAX_BYTES)
        return HD_PG_WRONG;
    if (extension > left - HD_PG_HEADER_BYTES)
        return HD_PG_MORE;
    stream->at += HD_PG_HEADER_BYTES + extension;
    stream->has_header = true;
    return HD_PG_ROW;
}

/* A value at *at, and past it. */
static hd_pg_taken take_value(const char **at, const char *end, hd_str *value)
{
    if (end - *at < 4)
        return HD_PG_MORE;
    uint32_t n_bytes = read_u32(*at);
    *at += 4;
    *value = HD_STR_NULL;
    if (n_bytes == UINT32_MAX)
        return HD_PG_ROW;
    if (n_bytes > HD_PG_ROW_MAX_BYTES)
        return HD_PG_WRONG;
    if (n_bytes > (size_t)(end - *at))
        return HD_PG_MORE;
    *value = (hd_str){*at, n_bytes};
    *at += n_bytes;
    return HD_PG_ROW;
}

static hd_pg_taken take_row(hd_pg_stream *stream, hd_str *values, hd_str *row)
{
    const char *at = stream->at;
    if (stream->end - at < 2)
        return HD_PG_MORE;
    int16_t n = read_i16(at);
    at += 2;
    if (n == -1)
        return at == stream->end ? HD_PG_END : HD_PG_WRONG;
    if (n < 0 || (uint32_t)n != stream->n_columns)
        return HD_PG_WRONG;
    for (uint32_t i = 0; i < stream->n_columns; i++) {
        hd_pg_taken taken = take_value(&at, stream->end, &values[i]);
        if (taken != HD_PG_ROW)
            return taken;
    }
    *row = (hd_str){stream->at, (uint32_t)(at - stream->at)};
    stream->at = at;
    return HD_PG_ROW;
}

hd_pg_taken hd_pg_stream_take(hd_pg_stream *stream, hd_str *values, hd_str *row)
{
    hd_pg_taken taken = stream->has_header ? HD_PG_ROW : take_header(stream);
    if (taken == HD_PG_ROW)
        taken = take_row(stream, values, row);
    bool too_long = stream->end - stream->at > HD_PG_ROW_MAX_BYTES;
    return taken == HD_PG_MORE && too_long ? HD_PG_WRONG : taken;
}

void hd_pg_stream_release(hd_pg_stream *stream)
{
    hd_buf_release(&stream->rest);
    *stream = (hd_pg_stream){0};
}
