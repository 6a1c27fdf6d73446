#include <criterion/criterion.h>

#include "base/buf.h"
#include "capture.h"

Test(buf, starts_empty)
{
    hd_buf buf = {0};
    cr_assert_eq(hd_buf_str(&buf).len_bytes, 0);
    cr_assert_not_null(hd_buf_str(&buf).ptr);
    hd_buf_clear(&buf);
    hd_buf_release(&buf);
}

Test(buf, always_ends_in_nul)
{
    hd_buf buf = {0};
    hd_buf_add(&buf, HD_STR_NULL);
    cr_assert_str_eq(buf.ptr, "");
    hd_buf_add(&buf, HD_STR("曲靖"));
    cr_assert_str_eq(buf.ptr, "曲靖");
    hd_buf_add_char(&buf, '-');
    cr_assert_str_eq(buf.ptr, "曲靖-");
    hd_buf_addf(&buf, "%03d|%s", 7, "");
    cr_assert_str_eq(buf.ptr, "曲靖-007|");
    hd_buf_add_codepoint(&buf, 0x20000);
    cr_assert_str_eq(buf.ptr, "曲靖-007|𠀀");
    cr_assert_eq(buf.len_bytes, strlen(buf.ptr));
    hd_buf_clear(&buf);
    cr_assert_str_eq(buf.ptr, "");
    cr_assert_eq(hd_buf_str(&buf).len_bytes, 0);
    hd_buf_release(&buf);
    cr_assert_null(buf.ptr);
    cr_assert_eq(buf.cap_bytes, 0);
}

Test(buf, digits_have_zeros_up_to_their_width)
{
    static const struct {
        uint64_t value;
        uint32_t width;
        const char *text;
    } cases[] = {{0, 0, "0"},
                 {0, 1, "0"},
                 {7, 2, "07"},
                 {1980, 4, "1980"},
                 {1980, 2, "1980"},
                 {1, 20, "00000000000000000001"},
                 {UINT64_MAX, 1, "18446744073709551615"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hd_buf buf = {0};
        hd_buf_add_digits(&buf, cases[i].value, cases[i].width);
        cr_assert_str_eq(buf.ptr, cases[i].text);
        hd_buf_release(&buf);
    }
}

Test(buf, thousands_are_set_apart)
{
    static const struct {
        uint64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {1002003, "1,002,003"},
                 {UINT64_MAX, "18,446,744,073,709,551,615"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hd_buf buf = {0};
        hd_buf_add_grouped(&buf, cases[i].value, ",");
        cr_expect_str_eq(buf.ptr, cases[i].text);
        hd_buf_release(&buf);
    }
}

Test(buf, json_is_quoted_and_escaped)
{
    hd_buf buf = {0};
    hd_buf_add_json(&buf, HD_STR("张\"\\\n\x01/"));
    cr_assert_str_eq(buf.ptr, "\"张\\\"\\\\\\u000a\\u0001/\"");
    hd_buf_clear(&buf);
    hd_buf_add_json(&buf, HD_STR_NULL);
    cr_assert_str_eq(buf.ptr, "\"\"");
    hd_buf_release(&buf);
}

Test(buf, grows)
{
    hd_buf buf = {0};
    for (int i = 0; i < 10000; i++)
        hd_buf_addf(&buf, "%d,", i % 10);
    cr_assert_eq(buf.len_bytes, 20000);
    for (size_t i = 0; i < 10000; i++)
        cr_assert_eq(buf.ptr[2 * i], '0' + (char)(i % 10));
    hd_buf_reserve(&buf, 1 << 20);
    char *ptr = buf.ptr;
    for (int i = 0; i < 1 << 20; i++)
        hd_buf_add_char(&buf, 'x');
    cr_assert_eq(buf.ptr, ptr);
    hd_buf_release(&buf);
}

static void surrogate(void)
{
    hd_buf buf = {0};
    hd_buf_add_codepoint(&buf, 0xD800);
}

static void above_unicode(void)
{
    hd_buf buf = {0};
    hd_buf_add_codepoint(&buf, 0x110000);
}

static void longer_than_a_view(void)
{
    hd_buf buf = {0};
    hd_buf_add_char(&buf, 'x');
    hd_buf_reserve(&buf, UINT32_MAX);
}

Test(buf, refuses)
{
    cr_assert_eq(capture(surrogate).exit_code, 70);
    cr_assert_eq(capture(above_unicode).exit_code, 70);
    captured c = capture(longer_than_a_view);
    cr_assert_eq(c.exit_code, 4);
    cr_assert_str_eq(c.text, "hedui: out of memory: a text of more than 4 GiB\n");
}
