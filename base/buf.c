#include "base/buf.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "hedui/status.h"

void hd_buf_reserve(hd_buf *buf, size_t more_bytes)
{
    /* A view's length has 32 bits: a longer buffer could not be seen whole. */
    if (more_bytes > UINT32_MAX - buf->len_bytes)
        hd_mem_exhausted("a text of more than 4 GiB");
    HD_GROW(buf->ptr, buf->cap_bytes, buf->len_bytes + more_bytes + 1);
}

void hd_buf_add(hd_buf *buf, hd_str s)
{
    hd_buf_reserve(buf, s.len_bytes);
    if (s.len_bytes)
        memcpy(buf->ptr + buf->len_bytes, s.ptr, s.len_bytes);
    buf->len_bytes += s.len_bytes;
    buf->ptr[buf->len_bytes] = '\0';
}

void hd_buf_add_char(hd_buf *buf, char c)
{
    hd_buf_add(buf, (hd_str){&c, 1});
}

void hd_buf_add_codepoint(hd_buf *buf, uint32_t codepoint)
{
    HD_ASSERT(codepoint <= 0x10FFFF && (codepoint < 0xD800 || codepoint > 0xDFFF));
    char bytes[4];
    hd_buf_add(buf, (hd_str){bytes, hd_utf8_encode(codepoint, bytes)});
}

void hd_buf_add_digits(hd_buf *buf, uint64_t value, uint32_t width)
{
    char digits[20], *end = digits + sizeof digits, *at = end;
    HD_ASSERT(width <= sizeof digits);
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value || end - at < (ptrdiff_t)width);
    hd_buf_add(buf, (hd_str){at, (uint32_t)(end - at)});
}

void hd_buf_add_grouped(hd_buf *buf, uint64_t value, const char *separator)
{
    if (value < 1000) {
        hd_buf_add_digits(buf, value, 0);
        return;
    }
    hd_buf_add_grouped(buf, value / 1000, separator);
    hd_buf_add(buf, hd_str_from(separator));
    hd_buf_add_digits(buf, value % 1000, 3);
}

void hd_buf_add_json(hd_buf *buf, hd_str text)
{
    hd_buf_add_char(buf, '"');
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\')
            hd_buf_add_char(buf, '\\');
        if (c < 0x20)
            hd_buf_addf(buf, "\\u%04x", c);
        else
            hd_buf_add_char(buf, (char)c);
    }
    hd_buf_add_char(buf, '"');
}

void hd_buf_addf(hd_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    HD_ASSERT(len >= 0);
    hd_buf_reserve(buf, (size_t)len);
    vsnprintf(buf->ptr + buf->len_bytes, (size_t)len + 1, fmt, again);
    va_end(again);
    buf->len_bytes += (size_t)len;
}

void hd_buf_clear(hd_buf *buf)
{
    buf->len_bytes = 0;
    if (buf->ptr)
        buf->ptr[0] = '\0';
}

void hd_buf_release(hd_buf *buf)
{
    hd_free(buf->ptr);
    *buf = (hd_buf){0};
}
