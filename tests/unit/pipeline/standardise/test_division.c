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
