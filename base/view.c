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
