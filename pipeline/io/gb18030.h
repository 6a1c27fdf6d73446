#ifndef HD_IO_GB18030_H
#define HD_IO_GB18030_H

/* GB 18030 → UTF-8 as a stream or a text at a time, by ICU's converter "gb18030" (one a reader; not
 * thread-safe).
 *
 * Each malformed or unassigned sequence becomes bytes 0xFF, which are never valid UTF-8: so whoever
 * checks the text by rows refuses just the rows that hold one. Line ends, quotes and all other
 * ASCII bytes that do not belong to a character stand, so rows have the same ends before and after.
 * ICU 72 decodes some code points of GB 18030-2005 to private ones (FE59 → U+E81E): standardising
 * folds them. */

#include "base/buf.h"
#include "hedui/status.h"

typedef struct hd_gb18030 hd_gb18030;

/* Bytes of output that decoding `n` bytes can need: two bytes give three, and up to 3 bytes wait
 * from the call before. */
#define HD_GB18030_ROOM(n) ((n)*2 + 16)

/* HD_SOURCE: ICU has no such converter. */
hd_status hd_gb18030_open(hd_ctx *ctx, hd_gb18030 **out);
/* Decode [ptr, ptr + n); `last`: nothing follows. Returns bytes written to `out`. */
size_t hd_gb18030_decode(hd_gb18030 *gb, const char *ptr, size_t n, bool last, char *out);
/* A text by itself: a view of `text` where it is ASCII, else of `scratch`, which is overwritten.
 * False where it is no GB 18030. Not in the middle of a stream. */
bool hd_gb18030_text(hd_gb18030 *gb, hd_str text, hd_buf *scratch, hd_str *out);
/* The way back, of valid UTF-8: appended. */
void hd_gb18030_encode(hd_gb18030 *gb, hd_str text, hd_buf *out);
void hd_gb18030_close(hd_gb18030 *gb); /* NULL: nothing */

#endif
