#include <criterion/criterion.h>

#include "base/utf8.h"

Test(utf8, every_scalar_value_round_trips)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char bytes[4];
        hd_str s = {bytes, hd_utf8_encode(c, bytes)};
        uint32_t pos = 0;
        cr_assert_eq(s.len_bytes, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        cr_assert(hd_utf8_valid(s));
        cr_assert_eq(hd_utf8_next(s, &pos), c);
        cr_assert_eq(pos, s.len_bytes);
        for (uint32_t cut = 1; cut < s.len_bytes; cut++)
            cr_assert_not(hd_utf8_valid((hd_str){bytes, cut}));
    }
}

/* All sequences of up to three bytes, and the four-byte leads: valid exactly where encoding what
 * was decoded gives the same bytes back. */
Test(utf8, valid_agrees_with_encode)
{
    for (uint32_t lead = 0x80; lead <= 0xFF; lead++) {
        for (uint32_t low = 0; low <= 0xFFFF; low++) {
            char bytes[4] = {(char)lead, (char)(low >> 8), (char)(low & 0xFF), (char)0xBF};
            uint32_t len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2, pos = 0;
            hd_str s = {bytes, len};
            uint32_t c = hd_utf8_next(s, &pos);
            char again[4];
            bool same = hd_utf8_encode(c, again) == len && memcmp(bytes, again, len) == 0;
            cr_assert_eq(hd_utf8_valid(s), same);
            cr_assert_eq(pos, same ? len : 1);
        }
    }
}

Test(utf8, malformed_is_refused)
{
    static const hd_str bad[] = {
        {"\xC0\x80", 2},
        {"\xC1\xBF", 2},
        {"\xE0\x9F\xBF", 3},
        {"\xF0\x8F\xBF\xBF", 4},
        {"\xED\xA0\x80", 3},
        {"\xED\xBF\xBF", 3},
        {"\xF4\x90\x80\x80", 4},
        {"\xF5\x80\x80\x80", 4},
        {"\xFF", 1},
        {"\x80", 1},
        {"\xE6\x9B", 2},
        {"\xE6", 1},
        {"12345678\xE6\x9B", 10},
        {"1234567\x80", 8},
        {"\xF0\xA0\x80", 3},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(hd_utf8_valid(bad[i]), "case %zu", i);
    cr_assert(hd_utf8_valid(HD_STR("")));
    cr_assert(hd_utf8_valid(HD_STR_NULL));
    cr_assert(hd_utf8_valid(HD_STR("12345678曲靖市12345678麒麟区abc𠀀")));
    cr_assert(hd_utf8_valid((hd_str){"a\0b", 3}));
}

Test(utf8, malformed_steps_one_byte)
{
    /* 曲, then a lead without its second byte, then a stray continuation, then a cut 曲 */
    hd_str s = HD_STR("\xE6\x9B\xB2\xE6"
                      "a\x80\xE6\x9B");
    uint32_t out[8];
    uint32_t expected[] = {0x66F2, 0xFFFD, 'a', 0xFFFD, 0xFFFD, 0xFFFD};
    cr_assert_eq(hd_utf8_decode(s, out, 8), 6);
    cr_assert_arr_eq(out, expected, sizeof expected);
    cr_assert_eq(hd_utf8_count(s), 6);
    cr_assert_not(hd_utf8_valid(s));
}

Test(utf8, what_is_decoded_is_encoded_again)
{
    hd_str text = HD_STR("a é 曲靖 𠮷");
    uint32_t points[16], n = hd_utf8_decode(text, points, 16);
    char out[4 * 16];
    cr_assert(hd_str_eq((hd_str){out, hd_utf8_encode_all(points, n, out)}, text));
    cr_assert_eq(hd_utf8_encode_all(points, 0, out), 0);
}

Test(utf8, decode_stops_at_max)
{
    uint32_t out[4] = {0, 0, 0, 77};
    cr_assert_eq(hd_utf8_decode(HD_STR("曲靖市麒麟区"), out, 3), 3);
    cr_assert_eq(out[2], 0x5E02);
    cr_assert_eq(out[3], 77);
    cr_assert_eq(hd_utf8_decode(HD_STR("曲靖"), out, 4), 2);
    cr_assert_eq(hd_utf8_decode(HD_STR_NULL, out, 4), 0);
    cr_assert_eq(hd_utf8_decode(HD_STR("曲"), out, 0), 0);
    cr_assert_eq(hd_utf8_count(HD_STR("曲a𠀀é")), 4);
    cr_assert_eq(hd_utf8_count(HD_STR_NULL), 0);
}

Test(utf8, han_ranges_at_their_edges)
{
    static const uint32_t ranges[][2] = {
        {0x3007, 0x3007},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
        {0xF900, 0xFAFF},   {0x20000, 0x2A6DF}, {0x2A700, 0x2EBE0},
        {0x2EBF0, 0x2EE5D}, {0x2F800, 0x2FA1F}, {0x30000, 0x323AF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        cr_assert(hd_is_han(ranges[i][0]) && hd_is_han(ranges[i][1]), "range %zu", i);
        cr_assert_not(hd_is_han(ranges[i][0] - 1), "before range %zu", i);
        cr_assert_not(hd_is_han(ranges[i][1] + 1), "after range %zu", i);
    }
    cr_assert_not(hd_is_han('a'));
    cr_assert_not(hd_is_han(0xB7));   /* the middle dot of minority names */
    cr_assert_not(hd_is_han(0xAC00)); /* Hangul */
    cr_assert_not(hd_is_han(0x10FFFF));
}
