#ifndef HD_BASE_VIEW_H
#define HD_BASE_VIEW_H

/* A borrowed piece of bytes. Never owns, never ends in NUL by promise. A null view (ptr NULL) is a
 * value that is not there; a view of length 0 is an empty value: the two are different. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct hd_str {
    const char *ptr;
    uint32_t len_bytes;
} hd_str;

#define HD_STR(literal) ((hd_str){"" literal, (uint32_t)(sizeof(literal) - 1)})
#define HD_STR_NULL ((hd_str){NULL, 0})
/* For printf: "%.*s", HD_ARG(s). Never with a person's value. */
#define HD_ARG(s) ((int)(s).len_bytes), ((s).ptr ? (s).ptr : "")

static inline hd_str hd_str_from(const char *c)
{
    return c ? (hd_str){c, (uint32_t)strlen(c)} : HD_STR_NULL;
}

static inline bool hd_str_empty(hd_str s)
{
    return s.len_bytes == 0;
}

static inline bool hd_str_eq(hd_str a, hd_str b)
{
    return a.len_bytes == b.len_bytes &&
           (a.len_bytes == 0 || memcmp(a.ptr, b.ptr, a.len_bytes) == 0);
}

/* Order by bytes, the shorter first where one is a prefix; for UTF-8 that is code point order. */
static inline int hd_str_cmp(hd_str a, hd_str b)
{
    uint32_t n = a.len_bytes < b.len_bytes ? a.len_bytes : b.len_bytes;
    int c = n && a.ptr != b.ptr ? memcmp(a.ptr, b.ptr, n) : 0;
    return c ? c : (a.len_bytes > b.len_bytes) - (a.len_bytes < b.len_bytes);
}

static inline bool hd_str_starts(hd_str s, hd_str prefix)
{
    return s.len_bytes >= prefix.len_bytes &&
           (prefix.len_bytes == 0 || memcmp(s.ptr, prefix.ptr, prefix.len_bytes) == 0);
}

hd_str hd_str_trim(hd_str s); /* ASCII blanks, tab, CR, LF off both ends */
/* Cut off what comes before the next `at`, or all; false at the end of `rest`: "a,b" gives a and b,
 * "a," a and an empty piece, an empty text one empty piece, null none. */
bool hd_str_cut(hd_str *rest, char at, hd_str *piece);
uint32_t hd_str_count_pieces(hd_str s, char at); /* that hd_str_cut gives */
/* hd_str_cmp of two hd_str, for qsort and bsearch. */
int hd_str_compare(const void *a, const void *b);

#endif
