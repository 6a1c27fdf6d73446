#include "pipeline/io/gb18030.h"

#include <criterion/criterion.h>

static hd_gb18030 *gb;
static hd_buf scratch;

static void setup(void)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    cr_assert_eq(hd_gb18030_open(&ctx, &gb), HD_OK);
}

static void teardown(void)
{
    hd_gb18030_close(gb);
    hd_buf_release(&scratch);
}

TestSuite(gb18030, .init = setup, .fini = teardown);

static void expect_text(hd_str text, const char *expected)
{
    hd_str out;
    cr_expect(hd_gb18030_text(gb, text, &scratch, &out), "%s", expected);
    cr_expect(hd_str_eq(out, hd_str_from(expected)), "%.*s", HD_ARG(out));
}

Test(gb18030, ascii_is_not_copied)
{
    hd_str text = HD_STR("an ASCII text of more than eight bytes"), out;
    cr_assert(hd_gb18030_text(gb, text, &scratch, &out));
    cr_expect_eq(out.ptr, text.ptr);
    cr_expect_eq(out.len_bytes, text.len_bytes);
    expect_text(HD_STR(""), "");
}

Test(gb18030, text_of_two_and_four_bytes)
{
    expect_text(HD_STR("\xD5\xC5\xC8\xFD"), "张三");
    expect_text(HD_STR("No 1234567\xD5\xC5"), "No 1234567张");
    expect_text(HD_STR("\x95\x32\x82\x36"), "𠀀"); /* U+20000 */
    expect_text(HD_STR("\x90\x5C"), "怽");         /* a trail byte that is a backslash */
}

/* The next text is read as if the broken one had not been. */
Test(gb18030, broken_text)
{
    static const hd_str broken[] = {HD_STR("\xD5"), HD_STR("\xD5\xC5\xFF"), HD_STR("\x81\x30\x81"),
                                    HD_STR("a\x80\x20")};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        hd_str out;
        cr_expect_not(hd_gb18030_text(gb, broken[i], &scratch, &out), "%zu", i);
        expect_text(HD_STR("\xC5\xD5"), "耪");
    }
}

Test(gb18030, encode_is_the_way_back)
{
    static const char text[] = "select 'a\\' from \"户籍\" where x = '𠀀¥'";
    hd_buf out = {0}, again = {0};
    hd_buf_addf(&out, "-- ");
    hd_gb18030_encode(gb, hd_str_from(text), &out);
    cr_expect_eq(out.ptr[out.len_bytes], '\0');
    cr_expect_str_neq(out.ptr, text);
    hd_buf_add(&again, HD_STR("-- "));
    hd_buf_addf(&again, "%s", text);
    expect_text(hd_buf_str(&out), again.ptr);
    hd_buf_release(&out);
    hd_buf_release(&again);
}
