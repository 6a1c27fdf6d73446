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
