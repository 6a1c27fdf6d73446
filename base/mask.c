#include "base/mask.h"

#include "base/utf8.h"

static void add_stars(hd_buf *out, uint32_t n)
{
    while (n-- > 0)
        hd_buf_add_char(out, '*');
}

/* The first and the last code points stay, one star for each between. */
static void keep_ends(hd_buf *out, hd_str value, uint32_t n, uint32_t first, uint32_t last)
{
    uint32_t i = 0;
    for (uint32_t pos = 0; pos < value.len_bytes; i++) {
        uint32_t codepoint = hd_utf8_next(value, &pos);
        hd_buf_add_codepoint(out, i < first || i >= n - last ? codepoint : '*');
    }
}

static uint32_t at_most_half(uint32_t n, uint32_t most)
{
    return n / 2 < most ? n / 2 : most;
}

static void mask_name(hd_buf *out, hd_str value, uint32_t n)
{
    keep_ends(out, value, n, n >= 2, n >= 3);
}

static void mask_number(hd_buf *out, hd_str value, uint32_t n)
{
    if (n >= 12)
        keep_ends(out, value, n, 4, 4);
    else if (n == 11)
        keep_ends(out, value, n, 3, 4);
    else
        keep_ends(out, value, n, at_most_half(n, 3), 0);
}

static bool is_digit(uint32_t codepoint)
{
    return codepoint >= '0' && codepoint <= '9';
}

static bool is_date_mark(uint32_t codepoint)
{
    return codepoint == '-' || codepoint == '/' || codepoint == '.' || codepoint == 0x5E74 ||
           codepoint == 0x6708 || codepoint == 0x65E5; /* 年月日 */
}

/* Where the value does not begin with a year of four digits, nothing says which part is the year,
 * and no digit stays. */
static void mask_date(hd_buf *out, hd_str value)
{
    uint32_t head[4];
    uint32_t n_head = hd_utf8_decode(value, head, 4), n_digits = 0;
    while (n_digits < n_head && is_digit(head[n_digits]))
        n_digits++;
    uint32_t i = 0, keep = n_digits == 4 ? 4 : 0;
    for (uint32_t pos = 0; pos < value.len_bytes; i++) {
        uint32_t codepoint = hd_utf8_next(value, &pos);
        hd_buf_add_codepoint(out, i < keep || is_date_mark(codepoint) ? codepoint : '*');
    }
}

/* Always four stars: the length of an address tells addresses of a village apart. */
static void mask_text(hd_buf *out, hd_str value, uint32_t n)
{
    uint32_t keep = at_most_half(n, 3), pos = 0;
    for (uint32_t i = 0; i < keep; i++)
        hd_buf_add_codepoint(out, hd_utf8_next(value, &pos));
    add_stars(out, 4);
}

void hd_mask(hd_buf *out, hd_mask_style style, hd_str value)
{
    if (hd_str_empty(value))
        return;
    uint32_t n = hd_utf8_count(value);
    switch (style) {
    case HD_MASK_NONE:
        hd_buf_add(out, value);
        break;
    case HD_MASK_NAME:
        mask_name(out, value, n);
        break;
    case HD_MASK_NUMBER:
        mask_number(out, value, n);
        break;
    case HD_MASK_DATE:
        mask_date(out, value);
        break;
    case HD_MASK_TEXT:
        mask_text(out, value, n);
        break;
    default: /* an unknown style hides all */
        add_stars(out, 4);
    }
}
