#include "cases.h"

static bool no_value(const char *text)
{
    uint32_t points[64];
    return hd_std_is_no_value(points, hd_utf8_decode(hd_str_from(text), points, 64));
}

Test(words, no_value)
{
    cr_expect(no_value("无"));
    cr_expect(no_value("待录入"));
    cr_expect(no_value("null"));
    cr_expect(no_value("UnDefined"));
    cr_expect(no_value("#VALUE!"));
    cr_expect(no_value("-/-"));
    cr_expect(no_value("……"));
    cr_expect_not(no_value("无名"));
    cr_expect_not(no_value("无无"));
    cr_expect_not(no_value("nul"));
    cr_expect_not(no_value("nulll"));
    cr_expect_not(no_value("-1-"));
    cr_expect_not(no_value("?"));
}

Test(words, ends)
{
    static const uint32_t points[] = {U'王', U'芳', U'之', U'子'};
    cr_expect_eq(hd_std_ends(points, 4, U"之子"), 2);
    cr_expect_eq(hd_std_ends(points, 3, U"之子"), 0);
    cr_expect_eq(hd_std_ends(points, 4, U"王芳之子"), 4);
    cr_expect_eq(hd_std_ends(points + 1, 3, U"王芳之子"), 0);
}

Test(words, digits)
{
    cr_expect(hd_std_all_same("7777", 4));
    cr_expect(hd_std_all_same("7", 1));
    cr_expect_not(hd_std_all_same("", 0));
    cr_expect_not(hd_std_all_same("7778", 4));
    cr_expect(hd_std_counting("1234", 4));
    cr_expect(hd_std_counting("8901", 4));
    cr_expect(hd_std_counting("3210", 4));
    cr_expect(hd_std_counting("1098", 4));
    cr_expect_not(hd_std_counting("1235", 4));
    cr_expect_not(hd_std_counting("1", 1));
    cr_expect(hd_std_all_digits("019", 3));
    cr_expect_not(hd_std_all_digits("0a", 2));
    cr_expect_not(hd_std_all_digits("", 0));
}
