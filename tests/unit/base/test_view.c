#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/view.h"

Test(view, null_is_not_empty)
{
    cr_assert_null(HD_STR_NULL.ptr);
    cr_assert_not_null(HD_STR("").ptr);
    cr_assert(hd_str_empty(HD_STR_NULL));
    cr_assert(hd_str_empty(HD_STR("")));
    cr_assert(hd_str_eq(HD_STR_NULL, HD_STR("")));
    cr_assert_null(hd_str_from(NULL).ptr);
    cr_assert_eq(hd_str_from("曲靖").len_bytes, 6);
}

Test(view, compares_by_bytes)
{
    cr_assert(hd_str_eq(HD_STR("麒麟"), HD_STR("麒麟")));
    cr_assert_not(hd_str_eq(HD_STR("麒"), HD_STR("麒麟")));
    cr_assert_not(hd_str_eq(HD_STR("ab"), HD_STR("ac")));
    cr_assert_lt(hd_str_cmp(HD_STR("a"), HD_STR("ab")), 0);
    cr_assert_gt(hd_str_cmp(HD_STR("b"), HD_STR("ab")), 0);
    cr_assert_eq(hd_str_cmp(HD_STR("ab"), HD_STR("ab")), 0);
    cr_assert_lt(hd_str_cmp(HD_STR_NULL, HD_STR("a")), 0);
    cr_assert_lt(hd_str_cmp(HD_STR("z"), HD_STR("曲")), 0);
    cr_assert(hd_str_starts(HD_STR("曲靖市"), HD_STR("曲靖")));
    cr_assert(hd_str_starts(HD_STR("x"), HD_STR_NULL));
    cr_assert_not(hd_str_starts(HD_STR("曲"), HD_STR("曲靖")));
    cr_assert_not(hd_str_starts(HD_STR("曲靖"), HD_STR("靖")));
}

Test(view, trim_takes_both_ends)
{
    cr_assert(hd_str_eq(hd_str_trim(HD_STR(" \t\r\na b\n ")), HD_STR("a b")));
    cr_assert(hd_str_eq(hd_str_trim(HD_STR("曲")), HD_STR("曲")));
    hd_str blank = hd_str_trim(HD_STR(" \t\r\n"));
    cr_assert_eq(blank.len_bytes, 0);
    cr_assert_not_null(blank.ptr);
    cr_assert_null(hd_str_trim(HD_STR_NULL).ptr);
    /* The ideographic blank U+3000 is left to standardise. */
    cr_assert_eq(hd_str_trim(HD_STR("　")).len_bytes, 3);
}

/* The pieces of `text`, each in brackets. */
static void expect_pieces(hd_str text, const char *expected)
{
    char out[64] = "";
    uint32_t n = 0;
    for (hd_str rest = text, piece; hd_str_cut(&rest, ',', &piece); n++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "[%.*s]", HD_ARG(piece));
    cr_expect_str_eq(out, expected);
    cr_expect_eq(hd_str_count_pieces(text, ','), n);
}

Test(view, cut_gives_every_piece)
{
    expect_pieces(HD_STR("a,bc,d"), "[a][bc][d]");
    expect_pieces(HD_STR("a,,b"), "[a][][b]");
    expect_pieces(HD_STR("a,"), "[a][]");
    expect_pieces(HD_STR(""), "[]");
    expect_pieces(HD_STR_NULL, "");
}

Test(view, texts_are_sorted_by_bytes)
{
    hd_str texts[] = {HD_STR("b"), HD_STR("曲"), HD_STR("ab"), HD_STR("a")};
    const char *const expected[] = {"a", "ab", "b", "曲"};
    qsort(texts, 4, sizeof *texts, hd_str_compare);
    for (int i = 0; i < 4; i++)
        cr_expect(hd_str_eq(texts[i], hd_str_from(expected[i])));
}
