#include "base/view.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

hd_str hd_str_trim(hd_str s)
{
    while (s.len_bytes > 0 && is_blank(s.ptr[s.len_bytes - 1]))
        s.len_bytes--;
    while (s.len_bytes > 0 && is_blank(s.ptr[0])) {
        s.ptr++;
        s.len_bytes--;
    }
    return s;
}

bool hd_str_cut(hd_str *rest, char at, hd_str *piece)
{
    if (!rest->ptr)
        return false;
    const char *end = rest->len_bytes ? memchr(rest->ptr, at, rest->len_bytes) : NULL;
    uint32_t len = end ? (uint32_t)(end - rest->ptr) : rest->len_bytes;
    *piece = (hd_str){rest->ptr, len};
    *rest = end ? (hd_str){end + 1, rest->len_bytes - len - 1} : HD_STR_NULL;
    return true;
}

uint32_t hd_str_count_pieces(hd_str s, char at)
{
    uint32_t n = 0;
    for (hd_str piece; hd_str_cut(&s, at, &piece);)
        n++;
    return n;
}

int hd_str_compare(const void *a, const void *b)
{
    return hd_str_cmp(*(const hd_str *)a, *(const hd_str *)b);
}
