#include "cases.h"

Test(text, forms)
{
    static const std_case cases[] = {
        {"正常", "正常", OK, ""},
        {"  正常\r\n", "正常", OK, ""},
        {"530303001", "530303001", OK, ""},
        {"ａｂｃ １２３", "abc 123", REPAIRED, "width"},
        {"a  b\tc", "a b c", REPAIRED, "blanks"},
        {"a b", "a b", OK, ""},
        {"a\xC2\xA0"
         "b",
         "a b", OK, ""},
        {"㈱", "(株)", REPAIRED, "width"},
        {"0", "0", OK, ""},
        {"00", NULL, PLACEHOLDER, "placeholder"},
        {"000000000", NULL, PLACEHOLDER, "placeholder"},
        {"无", NULL, PLACEHOLDER, "placeholder"},
        {"\\N", NULL, PLACEHOLDER, "placeholder"},
        {"#REF!", NULL, PLACEHOLDER, "placeholder"},
        {"……", NULL, PLACEHOLDER, "placeholder"},
        {"- -", NULL, PLACEHOLDER, "placeholder"},
        {"? ?", NULL, DAMAGED, "stand_in"},
        {"", NULL, MISSING, ""},
        {"\xE2\x80\x8B", NULL, MISSING, ""},
        {"\x01\x02", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, text, cases);
    hd_std_env_free(env);
}

Test(text, length)
{
    hd_std_env *env = hd_std_env_new();
    hd_buf raw = {0};
    for (unsigned i = 0; i < HD_STD_TEXT_MAX; i++)
        hd_buf_add(&raw, HD_STR("\xF0\xA0\xAE\xB7")); /* four bytes each */
    cr_assert_eq(hd_std_text(env, hd_buf_str(&raw)).state, OK);
    hd_buf_add_char(&raw, 'x');
    cr_assert_eq(hd_std_text(env, hd_buf_str(&raw)).reasons, HD_REASON_BIT(too_long));
    hd_buf_clear(&raw);
    for (unsigned i = 0; i < HD_STD_RAW_MAX_BYTES / 3; i++)
        hd_buf_add(&raw, HD_STR("\xEF\xB7\xBA")); /* U+FDFA gives 18 each: the most there is */
    cr_assert_eq(hd_std_text(env, hd_buf_str(&raw)).reasons,
                 HD_REASON_BIT(too_long) | HD_REASON_BIT(width));
    for (unsigned i = 0; i < 70000; i++)
        hd_buf_add_char(&raw, ' ');
    hd_str text = hd_buf_str(&raw);
    text.ptr += text.len_bytes - 1000;
    text.len_bytes = 1000;
    cr_assert_eq(hd_std_text(env, text).state, MISSING);
    hd_buf_release(&raw);
    hd_std_env_free(env);
}

Test(text, promises_hold_for_anything)
{
    static const char *const pieces[] = {"正常",     "1", "１", " ",        "\xC2\xA0",     "e",
                                         "\xCC\x81", "0", "?",  "\xC2\xB4", "\xE2\x80\x8D", "a",
                                         "null"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, text, pieces, 100000);
    hd_std_env_free(env);
}
