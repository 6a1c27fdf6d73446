#include "cases.h"

Test(address, forms)
{
    static const std_case cases[] = {
        {"云南省曲靖市麒麟区南宁街道1号", "云南省曲靖市麒麟区南宁街道1号", OK, ""},
        {"云南省 曲靖市 麒麟区", "云南省曲靖市麒麟区", REPAIRED, "blanks"},
        {"南宁街道１２号（东院）", "南宁街道12号(东院)", REPAIRED, "width"},
        {"南宁街道\xE2\x80\x8B"
         "1号",
         "南宁街道1号", REPAIRED, "blanks"},
        {" 南宁街道 ", "南宁街道", OK, ""},
        {"Room 3b", "Room3b", REPAIRED, "blanks"},
        {"无", NULL, PLACEHOLDER, "placeholder"},
        {"不详", NULL, PLACEHOLDER, "placeholder"},
        {"0", NULL, PLACEHOLDER, "placeholder"},
        {"--", NULL, PLACEHOLDER, "placeholder"},
        {"??????", NULL, DAMAGED, "stand_in"},
        {"", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, address, cases);
    hd_std_env_free(env);
}

Test(address, length)
{
    hd_std_env *env = hd_std_env_new();
    hd_buf raw = {0};
    for (unsigned i = 0; i < HD_STD_ADDRESS_MAX; i++)
        hd_buf_add(&raw, HD_STR("街"));
    cr_assert_eq(hd_std_address(env, hd_buf_str(&raw)).state, OK);
    hd_buf_add(&raw, HD_STR("街"));
    cr_assert_eq(hd_std_address(env, hd_buf_str(&raw)).reasons, HD_REASON_BIT(too_long));
    hd_buf_release(&raw);
    hd_std_env_free(env);
}

Test(address, promises_hold_for_anything)
{
    static const char *const pieces[] = {"云南省", "街道", "1", "１", " ",
                                         "（",     "号",   "0", "?",  "\xC2\xB4"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, address, pieces, 50000);
    hd_std_env_free(env);
}

/* ---- with the table of divisions ---- */

static hd_arena arena;

static hd_std_env *env_with_divisions(void)
{
    hd_divisions_fault fault;
    hd_std_env *env = hd_std_env_new();
    env->divisions = hd_divisions_parse(&arena,
                                        HD_STR("530000\t云南省\t\t\t\n"
                                               "530300\t曲靖市\t1997\t\t\n"
                                               "530323\t师宗县\t1997\t\t\n"
                                               "530303\t沾益区\t2016\t\t\n"),
                                        HD_STR("530323001\t丹凤街道\t丹凤镇\n"), &fault);
    cr_assert_not_null(env->divisions);
    return env;
}

static void free_env(hd_std_env *env)
{
    hd_std_env_free(env);
    hd_arena_release(&arena);
}

Test(address, divisions_that_stand_twice)
{
    static const std_case cases[] = {
        {"师宗县丹凤镇新村三组", "师宗县丹凤镇新村三组", OK, ""},
        {"师宗县师宗县丹凤镇", "师宗县丹凤镇", REPAIRED, "address_repeated"},
        {"师宗县师宗县师宗县丹凤镇", "师宗县丹凤镇", REPAIRED, "address_repeated"},
        {"云南省曲靖市师宗县师宗县丹凤镇", "云南省曲靖市师宗县丹凤镇", REPAIRED,
         "address_repeated"},
        {"师宗县云南省曲靖市师宗县丹凤镇", "云南省曲靖市师宗县丹凤镇", REPAIRED,
         "address_repeated"},
        {"师宗县 师宗县丹凤镇", "师宗县丹凤镇", REPAIRED, "blanks address_repeated"},
        {"某某县某某县丹凤镇", "某某县某某县丹凤镇", OK, ""}, /* no table has it */
    };
    hd_std_env *env = env_with_divisions();
    STD_CASES(env, address, cases);
    free_env(env);
}

Test(address, promises_hold_with_the_table)
{
    static const char *const pieces[] = {"云南省", "曲靖市", "师宗县", "师宗", "沾益区",
                                         "丹凤镇", "县",     "1号",    " ",    "云南"};
    hd_std_env *env = env_with_divisions();
    STD_RANDOM(env, address, pieces, 50000);
    free_env(env);
}
