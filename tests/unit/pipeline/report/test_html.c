#include "pipeline/report/html.h"

#include <criterion/criterion.h>

static void expect(hd_buf *out, const char *text)
{
    cr_assert_str_eq(out->ptr, text);
    hd_buf_release(out);
}

Test(html, text_cannot_become_markup)
{
    hd_buf out = {0};
    hd_html_text(&out, HD_STR("<script>\"a\" & 'b'</script>张"));
    expect(&out, "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;张");
}

Test(html, numbers_have_thin_blanks)
{
    const struct {
        uint64_t number;
        const char *cell;
    } cases[] = {{0, "<td class=\"n\">0</td>"},
                 {999, "<td class=\"n\">999</td>"},
                 {1000, "<td class=\"n\">1\u202F000</td>"},
                 {1234567, "<td class=\"n\">1\u202F234\u202F567</td>"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hd_buf out = {0};
        hd_html_number(&out, cases[i].number);
        expect(&out, cases[i].cell);
    }
}

Test(html, bars_of_nothing_are_left_out)
{
    hd_buf out = {0};
    const hd_bar bars[] = {{HD_STR("a<b"), 1000000, 0}, {HD_STR("c"), 1, 2}, {HD_STR("d"), 0, 1}};
    hd_html_bars(&out, HD_STR("t"), bars, 3);
    cr_assert(strstr(out.ptr, "<span>a&lt;b</span>"));
    cr_assert(strstr(out.ptr, "*1.0000);"));
    cr_assert(strstr(out.ptr, "*0.0000);")); /* a pixel by the style */
    cr_assert(!strstr(out.ptr, "<span>d</span>"));
    hd_buf_clear(&out);
    hd_html_bars(&out, HD_STR("t"), bars + 2, 1);
    cr_assert_eq(out.len_bytes, 0, "no empty frame");
    hd_buf_release(&out);
}

Test(html, the_page_forbids_scripts)
{
    hd_buf out = {0};
    hd_html_open(&out, HD_STR("核对"), "zh-CN");
    hd_html_close(&out);
    cr_assert(strstr(out.ptr, "default-src 'none'"));
    cr_assert(!strstr(out.ptr, "<script"));
    cr_assert(strstr(out.ptr, "lang=\"zh-CN\""));
    hd_buf_release(&out);
}

Test(html, parts_and_columns_for_cells)
{
    hd_buf out = {0};
    const hd_part parts[] = {
        {HD_STR("a<b"), 999, "#111"}, {HD_STR("none"), 0, "#222"}, {HD_STR("c"), 1, "#333"}};
    hd_html_parts(&out, parts, 3);
    cr_assert(strstr(out.ptr, "<title>a&lt;b 999, c 1</title>"));
    cr_assert(strstr(out.ptr, "width=\"1.0\" height=\"14\" fill=\"#333\"")); /* it is seen */
    cr_assert(!strstr(out.ptr, "#222"));
    hd_buf_clear(&out);
    hd_html_parts(&out, parts + 1, 1); /* of nothing, nothing */
    cr_assert(!strstr(out.ptr, "<rect"));
    hd_buf_clear(&out);
    const uint64_t columns[] = {1000000, 0, 1};
    hd_html_columns(&out, HD_STR("t"), columns, 3);
    cr_assert(strstr(out.ptr, "height=\"32.0\""));
    cr_assert(strstr(out.ptr, "height=\"1.0\""));
    hd_buf_release(&out);
}
