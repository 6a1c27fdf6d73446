#include "cases.h"

Test(certificate, marriage)
{
    static const std_case cases[] = {
        {"J530303-2015-000123", "J530303-2015-000123", OK, ""},
        {"J5303032015000123", "J530303-2015-000123", OK, ""},
        {"j530303-2015-000123", "J530303-2015-000123", OK, ""},
        {"L530303-2015-000123", "L530303-2015-000123", OK, ""},
        {"BJ530303-2015-000123", "BJ530303-2015-000123", OK, ""},
        {"BL530303-2015-000123", "BL530303-2015-000123", OK, ""},
        {"J530303—2015—000123", "J530303-2015-000123", OK, ""},
        {"J530303一2015一000123", "J530303-2015-000123", OK, ""},
        {"Ｊ530303-2015-000123", "J530303-2015-000123", REPAIRED, "width"},
        {"J 530303 2015 000123", "J530303-2015-000123", REPAIRED, "blanks"},
        {"J53O303-2015-000l23", "J530303-2015-000123", REPAIRED, "lookalike"},
        {"结婚证字号：J530303-2015-000123", "J530303-2015-000123", REPAIRED, "width note"},
        {"J530303-2015-123", "J530303-2015-000123", REPAIRED, "number_form"},
        {"J530303-1915-000123", "J530303-1915-000123", SUSPICIOUS, "number_form"},
        {"J030303-2015-000123", "J030303-2015-000123", SUSPICIOUS, "number_form"},
        {"J530303-2015-000000", NULL, PLACEHOLDER, "placeholder"},
        {"J0000000000000000", NULL, PLACEHOLDER, "placeholder"},
        {"J53030320150123", NULL, INVALID, "number_form"}, /* which digits are missing? */
        {"K530303-2015-000123", NULL, INVALID, "number_form"},
        {"J530303-2015-****23", NULL, DAMAGED, "stand_in"},
        {"无", NULL, PLACEHOLDER, "placeholder"},
        {"遗失", NULL, INVALID, "number_form"},
        {"", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, certificate, cases);
    hd_std_env_free(env);
}

Test(certificate, before_2004)
{
    static const std_case cases[] = {
        {"云麒结字010500123", "云麒结字010500123", OK, ""},
        {"云麒结字第010500123号", "云麒结字010500123", OK, ""},
        {"云麒离字010500123", "云麒离字010500123", OK, ""},
        {"云麒补结字010500123", "云麒补结字010500123", OK, ""},
        {"云麒结字 010500123", "云麒结字010500123", REPAIRED, "blanks"},
        {"(2001)麒结字第123号", "麒结字(2001)123", SUSPICIOUS, "number_form"},
        {"麒结字(98)第0123号", "麒结字(98)0123", SUSPICIOUS, "number_form"},
        {"麒结字〔1998〕0123", "麒结字(1998)0123", SUSPICIOUS, "number_form"},
        {"麒结字第123号", "麒结字123", SUSPICIOUS, "number_form"},
        {"结字010500123", NULL, INVALID, "number_form"},
        {"(2015)麒民初字第123号", NULL, INVALID, "note number_form"}, /* a judgement */
        {"麒结字第号", NULL, INVALID, "number_form"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, certificate, cases);
    hd_std_env_free(env);
}

Test(certificate, birth)
{
    static const std_case cases[] = {
        {"X320101001", "X320101001", OK, ""},
        {"x320101001", "X320101001", OK, ""},
        {"Q53 0012345", "Q530012345", REPAIRED, "blanks"},
        {"Q53OO12345", "Q530012345", REPAIRED, "lookalike"},
        {"编号：Q530012345", "Q530012345", REPAIRED, "width note"},
        {"No.Q530012345", "Q530012345", REPAIRED, "note"},
        {"530012345", "530012345", SUSPICIOUS, "number_form"},
        {"Q53001234", NULL, INVALID, "number_form"},
        {"QQ530012345", NULL, INVALID, "number_form"},
        {"Q000000000", NULL, PLACEHOLDER, "placeholder"},
        {"Q123456789", NULL, PLACEHOLDER, "placeholder"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, certificate, cases);
    hd_std_env_free(env);
}

Test(certificate, promises_hold_for_anything)
{
    static const char *const pieces[] = {
        "J",   "BL", "530303", "2015", "000123", "-",  "一", "云", "结",   "离",
        "字",  "第", "号",     "(",    ")",      "〔", "98", "〕", "编号", ":",
        "NO.", "Q5", "O",      "l",    "*",      "0",  "１", " ",  "无",   "结婚证字号"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, certificate, pieces, 200000);
    hd_std_env_free(env);
}
