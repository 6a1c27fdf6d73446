/* Any bytes as what a server sends: rows are the same in pieces of any length, and their values lie
 * within them. The first byte is the number of columns, the second the length of the pieces. */

#include "base/hash.h"
#include "base/mem.h"
#include "hedui/status.h"
#include "pipeline/io/pg_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { COLUMNS_MAX = 8 };

typedef struct seen {
    uint64_t rows, hash;
    hd_pg_taken end;
} seen;

static void check_row(const hd_pg_stream *stream, const hd_str *values, hd_str row)
{
    const char *at = row.ptr + 2;
    for (uint32_t i = 0; i < stream->n_columns; i++) {
        at += 4;
        HD_ASSERT(!values[i].ptr || values[i].ptr == at);
        at += values[i].len_bytes;
    }
    HD_ASSERT(at == row.ptr + row.len_bytes);
}

static void take_all(hd_pg_stream *stream, seen *s)
{
    hd_str values[COLUMNS_MAX], row;
    while ((s->end = hd_pg_stream_take(stream, values, &row)) == HD_PG_ROW) {
        check_row(stream, values, row);
        s->rows++;
        s->hash = hd_hash_mix(s->hash, hd_hash64(row.ptr, row.len_bytes, 0));
    }
}

/* Each piece is memory of its own, freed when the next one was given. */
static seen read_in_pieces(const uint8_t *data, size_t n, uint32_t n_columns, size_t piece_bytes)
{
    hd_pg_stream stream = {.n_columns = n_columns};
    seen s = {.end = HD_PG_MORE};
    char *piece = NULL;
    for (size_t at = 0; at < n && s.end == HD_PG_MORE; at += piece_bytes) {
        size_t length = n - at < piece_bytes ? n - at : piece_bytes;
        char *next = memcpy(hd_alloc(length), data + at, length);
        hd_pg_stream_give(&stream, (hd_str){next, (uint32_t)length});
        hd_free(piece);
        piece = next;
        take_all(&stream, &s);
    }
    hd_free(piece);
    hd_pg_stream_release(&stream);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 3)
        return 0;
    uint32_t n_columns = data[0] % (COLUMNS_MAX + 1);
    seen whole = read_in_pieces(data + 2, n - 2, n_columns, n - 2);
    seen pieces = read_in_pieces(data + 2, n - 2, n_columns, data[1] + 1u);
    HD_ASSERT(whole.rows == pieces.rows && whole.hash == pieces.hash);
    /* what follows the last mark in the same piece is wrong, in a later one was not seen */
    HD_ASSERT(whole.end == pieces.end || pieces.end == HD_PG_END);
    return 0;
}
