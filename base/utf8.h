#ifndef HD_BASE_UTF8_H
#define HD_BASE_UTF8_H

/* UTF-8 without a library call: for hot paths. Source: RFC 3629. */

#include "base/view.h"

/* Code point at *pos and step over it. Needs valid UTF-8 (hd_utf8_valid said so); on a malformed
 * byte it yields U+FFFD and steps one byte, never past the end. *pos < s.len_bytes. */
uint32_t hd_utf8_next(hd_str s, uint32_t *pos);
bool hd_utf8_valid(hd_str s);     /* no surrogates, no overlong forms, at most U+10FFFF */
uint32_t hd_utf8_count(hd_str s); /* code points */
/* Up to `max` code points into `out`; returns how many were written. */
uint32_t hd_utf8_decode(hd_str s, uint32_t *out, uint32_t max);
/* Bytes written to `out` (room for 4). */
uint32_t hd_utf8_encode(uint32_t codepoint, char *out);
uint32_t hd_utf8_encode_all(const uint32_t *points, uint32_t n, char *out); /* room for 4 n */
bool hd_is_han(uint32_t codepoint); /* by block ranges, up to Extension I; includes U+3007 */

#endif
