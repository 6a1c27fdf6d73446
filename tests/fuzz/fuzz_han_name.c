/* Two names in any bytes, parted by a line end: they are compared, in both orders, and nothing
 * breaks. What is no UTF-8 is no name. */

#include "base/utf8.h"
#include "hedui/status.h"
#include "matchers/han_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const hd_han *small_table(void)
{
    static hd_arena arena;
    static hd_han *han;
    uint32_t bad_line;
    if (han)
        return han;
    han =
        hd_han_parse(&arena,
                     HD_STR("单\t\tdan1 shan4 chan2\t\t8\n张\t\tzhang1\t\t7\n張\t张\tzhang1\t\t11\n"
                            "三\t\tsan1\t\t3\n山\t\tshan1\t\t3\n未\t\twei4\t\t5\n末\t\tmo4\t\t5\n"
                            "欧\t\tou1\t\t8\n阳\t\tyang2\t\t6\n明\t\tming2\t\t8\n"),
                     HD_STR("单\tshan4\n张\t\n欧阳\t\n"), &bad_line);
    if (!han || !hd_han_parse_shapes(&arena, han, HD_STR("未\t末\n末\t未\n"), &bad_line))
        HD_BUG("line %u", bad_line);
    return han;
}

static void check(const hd_han_name *a, const hd_han_name *b)
{
    hd_name_match there = hd_han_name_compare(a, b), back = hd_han_name_compare(b, a);
    if (there.level != back.level || there.score != back.score)
        HD_BUG("promise broken: symmetric");
    if (!(there.score >= 0 && there.score <= 1))
        HD_BUG("promise broken: score");
    hd_buf reason = {0};
    hd_han_name_explain(a, b, &reason);
    if (!hd_utf8_valid(hd_buf_str(&reason)))
        HD_BUG("promise broken: valid UTF-8");
    hd_buf_release(&reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0 || n > UINT32_MAX)
        return 0;
    hd_str all = {(const char *)data, (uint32_t)n};
    const char *end = memchr(all.ptr, '\n', n);
    hd_str a = {all.ptr, end ? (uint32_t)(end - all.ptr) : all.len_bytes};
    hd_str b = end ? (hd_str){end + 1, all.len_bytes - a.len_bytes - 1} : a;
    if (!hd_utf8_valid(a) || !hd_utf8_valid(b))
        return 0;
    static hd_han_name x, y;
    hd_han_name_prepare(small_table(), a, &x);
    hd_han_name_prepare(small_table(), b, &y);
    check(&x, &y);
    check(&x, &x);
    return 0;
}
