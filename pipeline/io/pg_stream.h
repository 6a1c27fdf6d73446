#ifndef HD_IO_PG_STREAM_H
#define HD_IO_PG_STREAM_H

/* The bytes of a COPY in PostgreSQL's binary format → rows. A pure function of bytes, for hostile
 * ones too: no connection, no server. Bytes come in pieces of any length; as a rule a piece is one
 * row, and then nothing is copied.
 *
 * Memory: a row that comes in several pieces, at most HD_PG_ROW_MAX_BYTES and one piece.
 * Source: PostgreSQL 15 documentation, COPY, "Binary Format". */

#include "base/buf.h"

enum {
    HD_PG_SIGNATURE_BYTES = 11,
    HD_PG_HEADER_BYTES = HD_PG_SIGNATURE_BYTES + 8,
    HD_PG_ROW_MAX_BYTES = 1 << 30 /* no message of the server's is longer */
};
extern const char hd_pg_signature[HD_PG_SIGNATURE_BYTES]; /* ends in a NUL */

/* `n_columns` is the caller's, the rest zero. */
typedef struct hd_pg_stream {
    uint32_t n_columns;
    const char *at, *end; /* what is not yet read, in the last piece or in `rest` */
    hd_buf rest;          /* a row that did not end with its piece, and what came after */
    bool has_header;
} hd_pg_stream;

/* The next piece. It is borrowed until the next one is given, even where that one is longer. */
void hd_pg_stream_give(hd_pg_stream *stream, hd_str piece);

typedef enum hd_pg_taken {
    HD_PG_ROW, /* `values`, null where NULL, and `row`, all its bytes: views until the next piece */
    HD_PG_MORE, /* the next piece is needed */
    HD_PG_END,  /* the last mark, and nothing behind it */
    HD_PG_WRONG /* no such COPY, or one of another number of columns */
} hd_pg_taken;
hd_pg_taken hd_pg_stream_take(hd_pg_stream *stream, hd_str *values, hd_str *row);
void hd_pg_stream_release(hd_pg_stream *stream);

#endif
