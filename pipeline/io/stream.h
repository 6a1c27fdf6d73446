#ifndef HD_IO_STREAM_H
#define HD_IO_STREAM_H

/* The bytes of a file in order, unpacked where it is gzip (RFC 1952; told by its first two bytes,
 * any number of members, zeros after the last one as tapes leave them), with the SHA-256 of the
 * bytes as they are stored. Failures are HD_SOURCE and name the path. The path "-" is standard
 * input, which may be a pipe; any other must be a file. */

#include "hedui/status.h"

typedef struct hd_stream hd_stream;

const char *hd_stream_name(const char *path); /* as messages name it */
hd_status hd_stream_open(hd_ctx *ctx, const char *path, bool digest, hd_stream **out);
/* Reads until `room_bytes` are there; `*got` below that: the end. */
hd_status hd_stream_read(hd_ctx *ctx, hd_stream *stream, char *ptr, size_t room_bytes, size_t *got);
uint64_t hd_stream_bytes(const hd_stream *stream);      /* read so far, as they are stored */
void hd_stream_digest(hd_stream *stream, char out[65]); /* once, at the end */
void hd_stream_close(hd_stream *stream);                /* NULL: nothing */

#endif
