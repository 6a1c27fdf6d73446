#include "cases.h"

/* A small table in the shape of rules/tables/codes: sorted by spelling. */
static const hd_code_table *small_table(void)
{
    static hd_str from[] = {HD_STR("01"),   HD_STR("05"),    HD_STR("10"), HD_STR("HA"),
                            HD_STR("其他"), HD_STR("无"),    HD_STR("汉"), HD_STR("汉族"),
                            HD_STR("苗族"), HD_STR("藏(卫)")};
    static hd_str to[] = {HD_STR("01"), HD_STR("05"), HD_STR("10"), HD_STR("01"), HD_STR("97"),
                          HD_STR("99"), HD_STR("01"), HD_STR("01"), HD_STR("06"), HD_STR("04")};
    static const hd_code_table table = {{"ethnicity", 9}, from, to, sizeof from / sizeof *from};
    for (uint32_t i = 1; i < table.n; i++)
        cr_assert_lt(hd_str_cmp(from[i - 1], from[i]), 0);
    return &table;
}

Test(code, by_table)
{
    static const std_case cases[] = {
        {"01", "01", OK, ""},
        {"1", "01", OK, ""},
        {"001", "01", OK, ""},
        {"0001", "01", OK, ""},
        {"10", "10", OK, ""},
        {"汉族", "01", OK, ""},
        {" 汉 ", "01", OK, ""},
        {"汉　族", NULL, INVALID, "code_unknown"},
        {"０１", "01", REPAIRED, "width"},
        {"ha", "01", OK, ""},
        {"HA", "01", OK, ""},
        {"06", "06", OK, ""}, /* only ever a standard code */
        {"藏（卫）", "04", REPAIRED, "width"},
        {"无", "99", OK, ""},
        {"其他", "97", OK, ""},
        {"01-汉族", "01", REPAIRED, "note"},
        {"1 汉族", "01", REPAIRED, "note"},
        {"汉族(01)", "01", REPAIRED, "note"},
        {"01/汉族", "01", REPAIRED, "note"},
        {"1.0", "01", REPAIRED, "note"},
        {"10.0", "10", REPAIRED, "note"},
        {"2.0", NULL, INVALID, "code_unknown"},
        {"汉.0", NULL, INVALID, "code_unknown"},
        {"05汉族", NULL, INVALID, "code_unknown"},
        {"02", NULL, INVALID, "code_unknown"},
        {"00001", NULL, INVALID, "code_unknown"},
        {"0", NULL, INVALID, "code_unknown"},
        {"布依族", NULL, INVALID, "code_unknown"},
        {"01-", NULL, INVALID, "code_unknown"},
        {"不详", NULL, PLACEHOLDER, "placeholder"},
        {"-", NULL, PLACEHOLDER, "placeholder"},
        {"", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    env->table = small_table();
    STD_CASES(env, code, cases);
    hd_std_env_free(env);
}

Test(code, without_a_table)
{
    static const std_case cases[] = {
        {" 111 ", "111", OK, ""},
        {"身份证", "身份证", OK, ""},
        {"１１１", "111", REPAIRED, "width"},
        {"无", NULL, PLACEHOLDER, "placeholder"},
        {"", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, code, cases);
    hd_std_env_free(env);
}

Test(code, too_long)
{
    static char raw[HD_STD_RAW_MAX_BYTES + 1];
    memset(raw, 'x', sizeof raw);
    hd_std_env *env = hd_std_env_new();
    env->table = small_table();
    cr_assert_eq(hd_std_code(env, (hd_str){raw, sizeof raw}).reasons, HD_REASON_BIT(too_long));
    cr_assert_eq(hd_std_code(env, (hd_str){raw, HD_STD_TEXT_MAX + 1}).reasons,
                 HD_REASON_BIT(too_long));
    cr_assert_eq(hd_std_code(env, (hd_str){raw, HD_STD_TEXT_MAX}).reasons,
                 HD_REASON_BIT(code_unknown));
    hd_std_env_free(env);
}

Test(code, promises_hold_for_anything)
{
    static const char *const pieces[] = {"0", "1", "01", "汉", "汉族", "苗族", "-",   "(",
                                         ")", " ", "１", "无", "HA",   "05",   "其他"};
    hd_std_env *env = hd_std_env_new();
    env->table = small_table();
    STD_RANDOM(env, code, pieces, 50000);
    env->table = NULL;
    STD_RANDOM(env, code, pieces, 20000);
    hd_std_env_free(env);
}
