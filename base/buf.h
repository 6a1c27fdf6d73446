#ifndef HD_BASE_BUF_H
#define HD_BASE_BUF_H

/* A growing piece of bytes that owns its memory. Zero-initialise to start empty. `ptr` is always
 * followed by a NUL once anything was added, so it can be handed to a libc call. A text of more
 * than 4 GiB, which no view could show whole, ends the process as memory that cannot be had does.
 */

#include <stdarg.h>

#include "base/view.h"

typedef struct hd_buf {
    char *ptr;
    size_t len_bytes, cap_bytes;
} hd_buf;

void hd_buf_add(hd_buf *buf, hd_str s);
void hd_buf_add_char(hd_buf *buf, char c);
void hd_buf_add_codepoint(hd_buf *buf, uint32_t codepoint); /* as UTF-8; must be a scalar value */
/* A string of JSON with its quotes (RFC 8259); valid UTF-8. */
void hd_buf_add_json(hd_buf *buf, hd_str text);
/* In decimal, with zeros before it up to `width` (at most 20): what printf("%0*u") writes, for
 * where it is written by the million. */
void hd_buf_add_digits(hd_buf *buf, uint64_t value, uint32_t width);
/* For people: "1,234,567" with "," between the thousands. */
void hd_buf_add_grouped(hd_buf *buf, uint64_t value, const char *separator);
__attribute__((format(printf, 2, 3))) void hd_buf_addf(hd_buf *buf, const char *fmt, ...);
void hd_buf_reserve(hd_buf *buf, size_t more_bytes); /* beside what is there, and a NUL */
void hd_buf_clear(hd_buf *buf);                      /* empty; keeps its memory */
void hd_buf_release(hd_buf *buf);                    /* as it was at the start */

static inline hd_str hd_buf_str(const hd_buf *buf)
{
    return (hd_str){buf->ptr ? buf->ptr : "", (uint32_t)buf->len_bytes};
}

#endif
