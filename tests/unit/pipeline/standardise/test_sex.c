#include "cases.h"

Test(sex, forms)
{
    static const std_case cases[] = {
        {"1", "1", OK, ""},
        {"2", "2", OK, ""},
        {"01", "1", OK, ""},
        {"男", "1", OK, ""},
        {"女", "2", OK, ""},
        {"男性", "1", OK, ""},
        {"女性", "2", OK, ""},
        {"M", "1", OK, ""},
        {"f", "2", OK, ""},
        {"male", "1", OK, ""},
        {"Female", "2", OK, ""},
        {" 男 ", "1", OK, ""},
        {"男 性", "1", REPAIRED, "blanks"},
        {"１", "1", REPAIRED, "width"},
        {"1-男", "1", OK, ""},
        {"2.女性", "2", OK, ""},
        {"1男", "1", OK, ""},
        {"2、女", "2", OK, ""},
        {"女(2)", "2", OK, ""},
        {"男（1）", "1", REPAIRED, "width"},
        {"男1", "1", OK, ""},
        {"女/2", "2", OK, ""},
        {"2:女", "2", OK, ""},
        {"1.0", "1", OK, ""},
        {"女童", "2", OK, ""},
        {"♂", "1", OK, ""},
        {"11", NULL, INVALID, "code_unknown"},
        {"3.0", NULL, INVALID, "code_unknown"},
        {"0", NULL, PLACEHOLDER, "placeholder"},
        {"9", NULL, PLACEHOLDER, "placeholder"},
        {"未知", NULL, PLACEHOLDER, "placeholder"},
        {"未知的性别", NULL, PLACEHOLDER, "placeholder"},
        {"9-未说明的性别", NULL, PLACEHOLDER, "placeholder"},
        {"-", NULL, PLACEHOLDER, "placeholder"},
        {"", NULL, MISSING, ""},
        {"3", NULL, INVALID, "code_unknown"},
        {"12", NULL, INVALID, "code_unknown"},
        {"1-女", NULL, INVALID, "code_unknown"},
        {"女(1)", NULL, INVALID, "code_unknown"},
        {"男女", NULL, INVALID, "code_unknown"},
        {"1-", NULL, INVALID, "code_unknown"},
        {"张三", NULL, INVALID, "code_unknown"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, sex, cases);
    hd_std_env_free(env);
}

Test(sex, promises_hold_for_anything)
{
    static const char *const pieces[] = {"1", "2", "男", "女",   "性", "M",  "f", "-",   "(",
                                         ")", "0", "9",  "未知", " ",  "１", ".", "male"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, sex, pieces, 50000);
    hd_std_env_free(env);
}
