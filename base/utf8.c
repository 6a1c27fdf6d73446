#include "base/utf8.h"

enum { REPLACEMENT = 0xFFFD };

/* Bytes of the well-formed sequence at `p` (at most `room`), 0 where it is malformed; RFC 3629,
 * section 4. The second byte's range shuts out overlong forms, surrogates and what is above
 * U+10FFFF, so that later bytes need only be continuations. */
static inline uint32_t sequence(const unsigned char *p, uint32_t room, uint32_t *codepoint)
{
    unsigned lead = p[0];
    if (lead < 0x80) {
        *codepoint = lead;
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    uint32_t need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (need > room)
        return 0;
    unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high)
        return 0;
    uint32_t value = (lead & (0x7FU >> need)) << 6 | (p[1] & 0x3F);
    for (uint32_t i = 2; i < need; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (p[i] & 0x3F);
    }
    *codepoint = value;
    return need;
}

uint32_t hd_utf8_next(hd_str s, uint32_t *pos)
{
    uint32_t codepoint = REPLACEMENT;
    uint32_t n = sequence((const unsigned char *)s.ptr + *pos, s.len_bytes - *pos, &codepoint);
    *pos += n ? n : 1;
    return codepoint;
}

bool hd_utf8_valid(hd_str s)
{
    uint32_t pos = 0;
    while (pos < s.len_bytes) {
        uint64_t eight;
        if (s.len_bytes - pos >= sizeof eight) {
            memcpy(&eight, s.ptr + pos, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                pos += sizeof eight;
                continue;
            }
        }
        uint32_t codepoint;
        uint32_t n = sequence((const unsigned char *)s.ptr + pos, s.len_bytes - pos, &codepoint);
        if (n == 0)
            return false;
        pos += n;
    }
    return true;
}

uint32_t hd_utf8_count(hd_str s)
{
    uint32_t n = 0;
    for (uint32_t pos = 0; pos < s.len_bytes; n++)
        hd_utf8_next(s, &pos);
    return n;
}

uint32_t hd_utf8_decode(hd_str s, uint32_t *out, uint32_t max)
{
    uint32_t n = 0;
    for (uint32_t pos = 0; pos < s.len_bytes && n < max; n++)
        out[n] = hd_utf8_next(s, &pos);
    return n;
}

uint32_t hd_utf8_encode(uint32_t codepoint, char *out)
{
    if (codepoint < 0x80) {
        out[0] = (char)codepoint;
        return 1;
    }
    if (codepoint < 0x800) {
        out[0] = (char)(0xC0 | codepoint >> 6);
        out[1] = (char)(0x80 | (codepoint & 0x3F));
        return 2;
    }
    if (codepoint < 0x10000) {
        out[0] = (char)(0xE0 | codepoint >> 12);
        out[1] = (char)(0x80 | (codepoint >> 6 & 0x3F));
        out[2] = (char)(0x80 | (codepoint & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | codepoint >> 18);
    out[1] = (char)(0x80 | (codepoint >> 12 & 0x3F));
    out[2] = (char)(0x80 | (codepoint >> 6 & 0x3F));
    out[3] = (char)(0x80 | (codepoint & 0x3F));
    return 4;
}

uint32_t hd_utf8_encode_all(const uint32_t *points, uint32_t n, char *out)
{
    uint32_t len_bytes = 0;
    for (uint32_t i = 0; i < n; i++)
        len_bytes += hd_utf8_encode(points[i], out + len_bytes);
    return len_bytes;
}

static bool within(uint32_t codepoint, uint32_t first, uint32_t last)
{
    return codepoint >= first && codepoint <= last;
}

bool hd_is_han(uint32_t codepoint)
{
    if (within(codepoint, 0x4E00, 0x9FFF))
        return true;
    if (codepoint < 0x20000) {
        return codepoint == 0x3007 || within(codepoint, 0x3400, 0x4DBF) || /* 〇, Extension A */
               within(codepoint, 0xF900, 0xFAFF);                          /* compatibility */
    }
    return within(codepoint, 0x20000, 0x2A6DF) || /* Extension B */
           within(codepoint, 0x2A700, 0x2EBE0) || /* C to F */
           within(codepoint, 0x2EBF0, 0x2EE5D) || /* I */
           within(codepoint, 0x2F800, 0x2FA1F) || /* compatibility supplement */
           within(codepoint, 0x30000, 0x3134F) || /* G */
           within(codepoint, 0x31350, 0x323AF);   /* H */
}
