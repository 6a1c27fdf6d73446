#include "cases.h"

Test(division, forms)
{
    static const std_case cases[] = {
        {"530303", "530303", OK, ""},
        {"530303100", "530303100", OK, ""},
        {"530303100201", "530303100201", OK, ""},
        {"530303000000", "530303", OK, ""},
        {"530303100000", "530303100", OK, ""},
        {"530303000001", "530303000001", OK, ""},
        {"530303000", "530303", OK, ""},
        {"530300", "5303", OK, ""},
        {"530000", "53", OK, ""},
        {"530000000000", "53", OK, ""},
        {"53", "53", OK, ""},
        {"5303", "5303", OK, ""},
        {"100000", "10", OK, ""},
        {"530303100201003", "530303100201", REPAIRED, "note"},
        {"53030310020103", "530303100201", REPAIRED, "note"},
        {"530303100000003", "530303100", REPAIRED, "note"},
        {"530303.0", "530303", REPAIRED, "note"},
        {"530303.00", "530303", REPAIRED, "note"},
        {"530303-100-201", "530303100201", REPAIRED, "blanks"},
        {"53 03 03", "530303", REPAIRED, "blanks"},
        {"53.03.03", "530303", REPAIRED, "blanks"},
        {"'530303", "530303", REPAIRED, "blanks"},
        {"５３０３０３", "530303", REPAIRED, "width"},
        {"000000", NULL, PLACEHOLDER, "placeholder"},
        {"999999999999", NULL, PLACEHOLDER, "placeholder"},
        {"0", NULL, PLACEHOLDER, "placeholder"},
        {"无", NULL, PLACEHOLDER, "placeholder"},
        {"", NULL, MISSING, ""},
        {"5", NULL, INVALID, "division_form"},
        {"53030", NULL, INVALID, "division_form"},
        {"5303031", NULL, INVALID, "division_form"},
        {"030303", NULL, INVALID, "division_form"},
        {"53030310020100312345678901", NULL, INVALID, "division_form"},
        {"530303.5", NULL, INVALID, "blanks division_form"},
        {"5.30303E+11", NULL, INVALID, "blanks division_form"},
        {"曲靖市麒麟区", NULL, INVALID, "division_form"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, division, cases);
    hd_std_env_free(env);
}

Test(division, promises_hold_for_anything)
{
    static const char *const pieces[] = {"53", "03", "100", "000", "0", "00", ".", "-",
                                         " ",  "9",  "201", "１",  "'", ".0", "区"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, division, pieces, 100000);
    hd_std_env_free(env);
}

/* ---- with the table of divisions ---- */

static hd_arena arena;

static hd_std_env *env_with_divisions(void)
{
    static const char rows[] = "530000\t云南省\t\t\t\n"
                               "530300\t曲靖市\t1997\t\t\n"
                               "530323\t师宗县\t1997\t\t\n"
                               "530328\t沾益县\t1997\t2015\t530303\n"
                               "530303\t沾益区\t2016\t\t\n"
                               "110105\t朝阳区\t\t\t\n"
                               "220104\t朝阳区\t\t\t\n";
    static const char places[] = "530323001\t丹凤街道\t丹凤镇\n"
                                 "530323002\t老镇\t\t530323001\n"
                                 "530323001203\t新村村委会\n";
    hd_divisions_fault fault;
    hd_std_env *env = hd_std_env_new();
    env->divisions = hd_divisions_parse(&arena, hd_str_from(rows), hd_str_from(places), &fault);
    cr_assert_not_null(env->divisions);
    return env;
}

static void free_env(hd_std_env *env)
{
    hd_std_env_free(env);
    hd_arena_release(&arena);
}

Test(division, codes_are_looked_up)
{
    static const std_case cases[] = {
        {"530323", "530323", OK, ""},
        {"530328", "530328", OK, "division_old"},
        {"530328000000", "530328", OK, "division_old"},
        {"530328101203", "530328101203", OK, "division_old"},
        {"53 03 28", "530328", REPAIRED, "blanks division_old"},
        {"530399", "530399", SUSPICIOUS, "division_unknown"},
        {"530399101", "530399101", SUSPICIOUS, "division_unknown"},
        {"530399.0", "530399", SUSPICIOUS, "note division_unknown"},
        {"99", NULL, PLACEHOLDER, "placeholder"},
        {"530323001", "530323001", OK, ""},
        {"530323002", "530323002", OK, "division_old"},
        {"530323009", "530323009", OK, ""}, /* a township that no list names */
    };
    hd_std_env *env = env_with_divisions();
    STD_CASES(env, division, cases);
    free_env(env);
}

Test(division, names_become_codes)
{
    static const std_case cases[] = {
        {"师宗县", "530323", REPAIRED, "division_name"},
        {"云南省曲靖市师宗县", "530323", REPAIRED, "division_name"},
        {"云南省师宗县", "530323", REPAIRED, "division_name"},
        {"云南曲靖师宗", "530323", REPAIRED, "division_name"},
        {"云南省 曲靖市 师宗县", "530323", REPAIRED, "blanks division_name"},
        {"云南省/曲靖市/师宗县", "530323", REPAIRED, "division_name"},
        {"云南省—曲靖市—师宗县", "530323", REPAIRED, "division_name"},
        {"曲靖市", "5303", REPAIRED, "division_name"},
        {"沾益县", "530328", REPAIRED, "division_old division_name"},
        {"师宗县丹凤镇", "530323001", REPAIRED, "division_name"},
        {"丹凤镇", "530323001", REPAIRED, "division_name"},
        {"师宗县丹凤街道新村村委会", "530323001203", REPAIRED, "division_name"},
        {"530323师宗县", "530323", REPAIRED, "note"},
        {"530323 (师宗县)", "530323", REPAIRED, "blanks note"},
        {"朝阳区", NULL, INVALID, "division_form"},       /* which of the two? */
        {"师宗", NULL, INVALID, "division_form"},         /* a short form of nothing known */
        {"师宗县某某镇", NULL, INVALID, "division_form"}, /* something is left over */
        {"师宗县曲靖市", NULL, INVALID, "division_form"}, /* the wrong way round */
        {"五三零三二三", NULL, INVALID, "division_form"},
    };
    hd_std_env *env = env_with_divisions();
    STD_CASES(env, division, cases);
    free_env(env);
}

Test(division, promises_hold_with_the_table)
{
    static const char *const pieces[] = {
        "53", "03", "28", "23", "000",    "云南省", "曲靖市", "师宗县", "沾益县", "丹凤",
        "镇", "/",  " ",  "99", "530323", "001",    "203",    "新村",   "村"};
    hd_std_env *env = env_with_divisions();
    STD_RANDOM(env, division, pieces, 100000);
    free_env(env);
}
