#include "cases.h"

Test(phone, mobile)
{
    static const std_case cases[] = {
        {"13987412365", "13987412365", OK, ""},
        {"139 8741 2365", "13987412365", OK, ""},
        {"139-8741-2365", "13987412365", OK, ""},
        {"139\xE2\x80\x93"
         "8741\xE2\x80\x93"
         "2365",
         "13987412365", OK, ""},
        {"+8613987412365", "13987412365", OK, ""},
        {"+86 139 8741 2365", "13987412365", OK, ""},
        {"(+86)13987412365", "13987412365", OK, ""},
        {"008613987412365", "13987412365", OK, ""},
        {"8613987412365", "13987412365", OK, ""},
        {"013987412365", "13987412365", OK, ""},
        {"１３９８７４１２３６５", "13987412365", REPAIRED, "width"},
        {"13987412365/0874-3123456", "13987412365", REPAIRED, "phone_several"},
        {"0874-3123456/13987412365", "13987412365", REPAIRED, "phone_several"},
        {"13987412365、13787412365", "13987412365", REPAIRED, "phone_several"},
        {"13987412365，13787412365", "13987412365", REPAIRED, "width phone_several"},
        {"1398741236513787412365", "13987412365", REPAIRED, "phone_several"},
        {"13987412365,13987412365", "13987412365", REPAIRED, "note"},
        {"13987412365;13787412365", "13987412365", REPAIRED, "phone_several"},
        {"13987412365 13787412365", "13987412365", REPAIRED, "phone_several"},
        {"13987412365(13787412365)", "13987412365", REPAIRED, "phone_several"},
        {"13987412365(父亲)", "13987412365", REPAIRED, "note"},
        {"手机:13987412365", "13987412365", REPAIRED, "note"},
        {"1398741 / 13987412365", "13987412365", REPAIRED, "note"},
        {"13987412365.0", "13987412365", REPAIRED, "note"},
        {"12987412365", NULL, INVALID, "phone_form"},
        {"1398741236", NULL, INVALID, "phone_form"},
        {"139874123655", NULL, INVALID, "phone_form"},
        {"1.39874E+10", NULL, DAMAGED, "rounded"},
        {"139****2365", NULL, DAMAGED, "stand_in"},
        {"139XXXX2365", NULL, DAMAGED, "stand_in"},
        {"661234", NULL, INVALID, "phone_form"},
        {"张三", NULL, INVALID, "phone_form"},
        {"", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, phone, cases);
    hd_std_env_free(env);
}

Test(phone, landline)
{
    static const std_case cases[] = {
        {"0874-3123456", "08743123456", OK, ""},
        {"08743123456", "08743123456", OK, ""},
        {"(0874)3123456", "08743123456", OK, ""},
        {"（0874）3123456", "08743123456", REPAIRED, "width"},
        {"0874 3123456", "08743123456", OK, ""},
        {"0871-63123456", "087163123456", OK, ""},
        {"010-62345679", "01062345679", OK, ""},
        {"+86-874-3123456", "08743123456", OK, ""},
        {"0874-3123456-801", "08743123456", REPAIRED, "note"},
        {"0874-3123456转801", "08743123456", REPAIRED, "note"},
        {"(0874)3123456转801", "08743123456", REPAIRED, "note"},
        {"电话0874-3123456", "08743123456", REPAIRED, "note"},
        {"3123456", "3123456", SUSPICIOUS, "phone_form"},
        {"63123456", "63123456", SUSPICIOUS, "phone_form"},
        {"312-3456", "3123456", SUSPICIOUS, "phone_form"},
        {"3123456转801", "3123456", SUSPICIOUS, "note phone_form"},
        {"0874-123456", NULL, INVALID, "phone_form"},
        {"0874-0123456", NULL, INVALID, "phone_form"},
        {"0074-3123456", NULL, INVALID, "phone_form"},
        {"1123456", NULL, INVALID, "phone_form"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, phone, cases);
    hd_std_env_free(env);
}

Test(phone, placeholders)
{
    static const char *const placeholders[] = {"13800000000",
                                               "13888888888",
                                               "13800138000",
                                               "11111111111",
                                               "12345678901",
                                               "0",
                                               "00000000000",
                                               "13912345678",
                                               "99999999",
                                               "12345678",
                                               "1234567",
                                               "0874-0000000",
                                               "010-88888888",
                                               "+8613800000000",
                                               "无",
                                               "110",
                                               "10086",
                                               "13987654321",
                                               "-",
                                               "00000000"};
    hd_std_env *env = hd_std_env_new();
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        std_case c = {placeholders[i], NULL, PLACEHOLDER, "placeholder"};
        std_check_cases(env, HD_KIND_phone, &c, 1);
    }
    hd_std_env_free(env);
}

Test(phone, promises_hold_for_anything)
{
    static const char *const pieces[] = {"139",      "8741",
                                         "2365",     "0874",
                                         "3123456",  "-",
                                         " ",        "/",
                                         "(",        ")",
                                         "+86",      "86",
                                         "0",        "转",
                                         "801",      "13987412365",
                                         "、",       "１",
                                         ".",        "010",
                                         "88888888", "1398741236513787412365",
                                         "**",       "E+10",
                                         "1."};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, phone, pieces, 200000);
    hd_std_env_free(env);
}
