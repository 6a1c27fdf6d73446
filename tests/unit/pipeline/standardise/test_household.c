#include "cases.h"

Test(household, numbers)
{
    static const std_case cases[] = {
        {"530303100201010012", "530303100201010012", OK, ""}, /* village, group, serial */
        {"530303-100-201-01-0012", "530303100201010012", OK, ""},
        {"100000007", "100000007", OK, ""},
        {"H0001234", "H0001234", OK, ""},
        {"h0001234", "H0001234", OK, ""},
        {"１０００００００７", "100000007", REPAIRED, "width"},
        {"100 000 007", "100000007", REPAIRED, "blanks"},
        {"户号:100000007", "100000007", REPAIRED, "note"},
        {"第100000007号", "100000007", REPAIRED, "note"},
        {"100000007.0", "100000007", REPAIRED, "note"},
        {"100000007.0号.0", "100000007", REPAIRED, "note"},
        {"12", "12", SUSPICIOUS, "number_form"},
        {"东村12号", "东村12", SUSPICIOUS, "note number_form"},
        {"集体户", NULL, PLACEHOLDER, "note placeholder"},
        {"集体", NULL, PLACEHOLDER, "placeholder"},
        {"000000000", NULL, PLACEHOLDER, "placeholder"},
        {"999999999", NULL, PLACEHOLDER, "placeholder"},
        {"123456789", NULL, PLACEHOLDER, "placeholder"},
        {"530303100201010000", NULL, PLACEHOLDER, "placeholder"},
        {"0", NULL, PLACEHOLDER, "placeholder"},
        {"户号:无", NULL, PLACEHOLDER, "note placeholder"},
        {"不详", NULL, PLACEHOLDER, "placeholder"},
        {"5.303031E+17", NULL, DAMAGED, "rounded"},
        {"530303******0012", NULL, DAMAGED, "stand_in"},
        {"", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, household, cases);
    hd_std_env_free(env);
}

Test(household, promises_hold_for_anything)
{
    static const char *const pieces[] = {"530303", "100", "201", "01", "0012", "-",    "户号", ":",
                                         "第",     "号",  "户",  ".0", " ",    "E+17", "5.3",  "*",
                                         "东村",   "H",   "１",  "无", "(",    ")",    "0000"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, household, pieces, 200000);
    hd_std_env_free(env);
}
