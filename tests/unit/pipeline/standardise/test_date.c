#include "cases.h"

Test(date, lawful_forms)
{
    static const char *const forms[] = {
        "19800102",
        "1980-01-02",
        "1980-1-2",
        "1980.01.02",
        "1980.1.2",
        "1980/1/2",
        "1980/01/02",
        "1980 01 02",
        "1980,1,2",
        "1980年1月2日",
        "1980年01月02日",
        "1980年1月2号",
        "1980年 1月 2日",
        "1980年1月2",
        "1980_01_02",
        "1980\\1\\2",
        "1980–01–02",
        "1980、1、2",
        "一九八〇年一月二日",
        "一九八○年一月二日",
        "一九八零年元月二日",
        "壹玖捌零年壹月贰日",
        "1980-01-02 00:00:00",
        "1980-01-02 08:30",
        "1980-1-2 8:30:00.000",
        "1980-01-02T08:30:00",
        "1980-01-02T08:30:00.123+08:00",
        "1980-01-02T00:00:00Z",
        "1980/1/2 0:00:00",
        "1980/1/2 上午 12:00:00",
        "1980年1月2日8时30分",
        "1980年1月2日 8点30分15秒",
        "19800102000000",
        "198001020830",
        "19800102083015123",
        "19800102 08:30:15",
        "2-Jan-1980",
        "02-JAN-1980",
        "2 January 1980",
        "Jan 2, 1980",
        " 1980-01-02 ",
        "1980.01.02.",
    };
    hd_std_env *env = hd_std_env_new();
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        std_case c = {forms[i], "19800102", OK, ""};
        std_check_cases(env, HD_KIND_date, &c, 1);
    }
    hd_std_env_free(env);
}

Test(date, other_dates)
{
    static const std_case cases[] = {
        {"二〇一五年三月四日", "20150304", OK, ""},
        {"二○一五年十月十日", "20151010", OK, ""},
        {"二〇一五年十二月二十一日", "20151221", OK, ""},
        {"二〇一五年十一月三十日", "20151130", OK, ""},
        {"二〇一五年三月二十日", "20150320", OK, ""},
        {"二〇一五年三月廿一日", "20150321", OK, ""},
        {"二〇一五年三月廿日", "20150320", OK, ""},
        {"二〇一五年三月卅一日", "20150331", OK, ""},
        {"20000229", "20000229", OK, ""},
        {"1999-12-31", "19991231", OK, ""},
        {"15-DEC-2003", "20031215", OK, ""},
        {"１９８０－０１－０２", "19800102", REPAIRED, "width"},
        {"１９８０年１月２日", "19800102", REPAIRED, "width"},
        {"1980-01-\xE2\x80\x8B"
         "02",
         "19800102", REPAIRED, "blanks"},
        {"", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, date, cases);
    hd_std_env_free(env);
}

Test(date, partial)
{
    static const std_case cases[] = {
        {"1980", "19800000", SUSPICIOUS, "date_partial"},
        {"1980年", "19800000", SUSPICIOUS, "date_partial"},
        {"198001", "19800100", SUSPICIOUS, "date_partial"},
        {"200112", "20011200", SUSPICIOUS, "date_partial"},
        {"1980-01", "19800100", SUSPICIOUS, "date_partial"},
        {"1980年1月", "19800100", SUSPICIOUS, "date_partial"},
        {"1980.1", "19800100", SUSPICIOUS, "date_partial"},
        {"1980-01-", "19800100", SUSPICIOUS, "date_partial"},
        {"01/1980", "19800100", SUSPICIOUS, "date_partial"},
        {"19800100", "19800100", SUSPICIOUS, "date_partial"},
        {"19800000", "19800000", SUSPICIOUS, "date_partial"},
        {"19800002", "19800000", SUSPICIOUS, "date_partial"},
        {"1980-00-00", "19800000", SUSPICIOUS, "date_partial"},
        {"1980-\?\?-\?\?", "19800000", SUSPICIOUS, "date_partial"},
        {"1980-**-**", "19800000", SUSPICIOUS, "date_partial"},
        {"1980-03-XX", "19800300", SUSPICIOUS, "date_partial"},
        {"一九八〇年三月", "19800300", SUSPICIOUS, "date_partial"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, date, cases);
    hd_std_env_free(env);
}

Test(date, guessed)
{
    static const std_case cases[] = {
        {"80-1-2", "19800102", SUSPICIOUS, "date_two_digit"},
        {"80.1.2", "19800102", SUSPICIOUS, "date_two_digit"},
        {"80年1月2日", "19800102", SUSPICIOUS, "date_two_digit"},
        {"05年1月2日", "20050102", SUSPICIOUS, "date_two_digit"},
        {"800102", "19800102", SUSPICIOUS, "date_two_digit"},
        {"31-1-2", "19310102", SUSPICIOUS, "date_two_digit"},
        {"30-1-2", "20300102", SUSPICIOUS, "date_two_digit"},
        {"02-1月 -80", "19800102", SUSPICIOUS, "date_two_digit"},
        {"02-JAN-80", "19800102", SUSPICIOUS, "date_two_digit"},
        {"1/2/80", "19800102", SUSPICIOUS, "date_two_digit date_other"},
        {"1/2/1980", "19800102", REPAIRED, "date_other"},
        {"01/31/1980", "19800131", REPAIRED, "date_other"},
        {"31/01/1980", "19800131", REPAIRED, "date_other"},
        {"1/2/1980 0:00", "19800102", REPAIRED, "date_other"},
        {"29222", "19800102", REPAIRED, "date_other"},
        {"29222.5", "19800102", REPAIRED, "date_other"},
        {"10000", "19270518", REPAIRED, "date_other"},
        {"60000", "20640408", REPAIRED, "date_other"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, date, cases);
    hd_std_env_free(env);
}

Test(date, placeholders)
{
    static const char *const placeholders[] = {
        "00000000",   "0000-00-00", "0",          "000000",     "0000",
        "1900-01-01", "19000101",   "9999-12-31", "99991231",   "9999-01-01",
        "1111-11-11", "11111111",   "0001-01-01", "00010101",   "1899-12-30",
        "1899/12/31", "88888888",   "22222222",   "无",         "不详",
        "长期",       "NULL",       "-",          "2099-12-31", "0000-00-00 00:00:00"};
    hd_std_env *env = hd_std_env_new();
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        std_case c = {placeholders[i], NULL, PLACEHOLDER, "placeholder"};
        std_check_cases(env, HD_KIND_date, &c, 1);
    }
    hd_std_env_free(env);
}

Test(date, impossible_and_formless)
{
    static const std_case cases[] = {
        {"19800230", NULL, INVALID, "date_impossible"},
        {"1980-02-30", NULL, INVALID, "date_impossible"},
        {"19810229", NULL, INVALID, "date_impossible"},
        {"19801301", NULL, INVALID, "date_impossible"},
        {"1980-13-00", NULL, INVALID, "date_impossible"},
        {"1980-1-32", NULL, INVALID, "date_impossible"},
        {"01021980", NULL, INVALID, "date_impossible"},
        {"13/13/1980", NULL, INVALID, "date_impossible date_other"},
        {"1780-01-02", NULL, INVALID, "date_impossible"},
        {"2980-01-02", NULL, INVALID, "date_impossible"},
        {"801332", NULL, INVALID, "date_impossible date_two_digit"},
        {"200013", NULL, INVALID, "date_form"},
        {"1980010", NULL, INVALID, "date_form"},
        {"80", NULL, INVALID, "date_form"},
        {"5000", NULL, INVALID, "date_impossible"},
        {"70000", NULL, INVALID, "date_form"},
        {"1-2", NULL, INVALID, "date_form"},
        {"1-2-3", NULL, INVALID, "date_form"},
        {"123-1-2", NULL, INVALID, "date_form"},
        {"1980-1-2-3", NULL, INVALID, "date_form"},
        {"1980-1980-2", NULL, INVALID, "date_form"},
        {"1980-1-1980", NULL, INVALID, "date_form"},
        {"1980-----1-2", NULL, INVALID, "date_form"},
        {"1980-1-2 abc", NULL, INVALID, "date_form"},
        {"1980-1-2 083000", NULL, INVALID, "date_form"},
        {"1月2日", NULL, INVALID, "date_form"},
        {"1980日", NULL, INVALID, "date_form"},
        {"19800102250000", NULL, INVALID, "date_form"},
        {"11010519491231002X", NULL, INVALID, "date_form"},
        {"198?-01-02", NULL, DAMAGED, "stand_in"},
        {"19**0102", NULL, DAMAGED, "stand_in"},
        {"????", NULL, DAMAGED, "stand_in"},
        {"张三", NULL, INVALID, "date_form"},
        {"1980-01-02 00:00:00 1980-01-02 00:00:00 1980-01-02 00:00:00 1980-01-02", NULL, INVALID,
         "date_form"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, date, cases);
    hd_std_env_free(env);
}

/* Every day of a leap year and of another, in three forms. */
Test(date, every_day)
{
    static const char *const forms[] = {"%04d%02d%02d", "%d-%d-%d", "%d年%d月%d日"};
    hd_std_env *env = hd_std_env_new();
    for (int i = 0; i < 2 * 12 * 31 * 3; i++) {
        int d = i % 31 + 1, m = i / 31 % 12 + 1, y = 1999 + i / 372 % 2;
        char raw[40];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(raw, sizeof raw, forms[i / 744], y, m, d);
#pragma GCC diagnostic pop
        hd_std_result r = hd_std_date(env, hd_str_from(raw));
        bool exists = hd_date_exists(y, m, d);
        cr_expect_eq(r.state, exists ? OK : INVALID, "%s", raw);
        cr_expect_eq(r.date, exists ? y * 10000 + m * 100 + d : 0, "%s", raw);
    }
    hd_std_env_free(env);
}

Test(date, promises_hold_for_anything)
{
    static const char *const pieces[] = {
        "1980", "01", "2",  "12",  "31", "19800102", "80", "0",  "-",    "/", ".",     "年",
        "月",   "日", " ",  "T",   ":",  "十",       "廿", "二", "〇",   "?", "29222", "JAN",
        "may",  "元", "\\", "00:", "Z",  "上午",     "时", "９", "1111", "M", "Y",     "农历"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, date, pieces, 200000);
    hd_std_env_free(env);
}

Test(date, lunar_dates_become_the_day_that_they_were)
{
    static const std_case cases[] = {
        {"农历1980年正月十五", "19800301", SUSPICIOUS, "date_lunar"},
        {"1980年农历正月十五", "19800301", SUSPICIOUS, "date_lunar"},
        {"1980年正月十五", "19800301", SUSPICIOUS, "date_lunar"},
        {"一九八〇年正月十五日", "19800301", SUSPICIOUS, "date_lunar"},
        {"阴历1980-01-15", "19800301", SUSPICIOUS, "date_lunar"},
        {"1980-01-15（农历）", "19800301", SUSPICIOUS, "width date_lunar"},
        {"19800115 旧历", "19800301", SUSPICIOUS, "date_lunar"},
        {"农历：1980年1月15日", "19800301", SUSPICIOUS, "width date_lunar"},
        {"1979年腊月廿九", "19800215", SUSPICIOUS, "date_lunar"},
        {"1980年冬月初十", "19801216", SUSPICIOUS, "date_lunar"},
        {"1980年三月初五", "19800419", SUSPICIOUS, "date_lunar"},
        {"1987年闰六月初一", "19870726", SUSPICIOUS, "date_lunar"},
        {"1987年六月初一", "19870626", SUSPICIOUS, "date_lunar"},
        {"农历八〇年正月十五", "19800301", SUSPICIOUS, "date_two_digit date_lunar"},
        {"农历1980年二月三十", NULL, INVALID, "date_impossible date_lunar"},
        {"1980年闰六月初一", NULL, INVALID, "date_impossible date_lunar"},
        {"农历1980年三月", NULL, INVALID, "date_partial date_lunar"},
        {"农历1980年", NULL, INVALID, "date_partial date_lunar"},
        {"正月十五", NULL, INVALID, "date_form date_lunar"},
        {"农历", NULL, INVALID, "date_form date_lunar"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, date, cases);
    hd_std_env_free(env);
}

Test(date, of_two_dates_the_one_of_the_sun)
{
    static const std_case cases[] = {
        {"1980-03-01(农历正月十五)", "19800301", REPAIRED, "note"},
        {"1980年3月1日(正月十五)", "19800301", REPAIRED, "note"},
        {"农历1980年正月十五(公历1980年3月1日)", "19800301", REPAIRED, "note"},
        {"公历1980年3月1日", "19800301", OK, ""},
        {"1980年3月1日(阳历)", "19800301", OK, ""},
        {"1980-03-01(补录)", "19800301", REPAIRED, "note"},
        {"1980-03-01(1981)", NULL, INVALID, "date_form"},
        {"1980-03-01(农历", "19800415", SUSPICIOUS, "date_lunar"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, date, cases);
    hd_std_env_free(env);
}

Test(date, words_around_a_date)
{
    static const std_case cases[] = {
        {"1980年1月2日出生", "19800102", REPAIRED, "note"},
        {"生于1980年1月2日", "19800102", REPAIRED, "note"},
        {"1980年1月2日生", "19800102", REPAIRED, "note"},
        {"公元1980年1月2日", "19800102", OK, ""},
        {"民国35年3月5日", "19460305", REPAIRED, "date_other"},
        {"民国三十五年三月五日", "19460305", REPAIRED, "date_other"},
        {"民国元年一月二日", "19120102", REPAIRED, "date_other"},
        {"198O0102", "19800102", REPAIRED, "lookalike"},
        {"l980-01-02", "19800102", REPAIRED, "lookalike"},
        {"1980-O1-02", "19800102", REPAIRED, "lookalike"},
        {"1980年初", NULL, INVALID, "date_form"},
        {"1980 年 1 月 2 日", "19800102", OK, ""},
        {"1980 年 1 月", "19800100", SUSPICIOUS, "date_partial"},
        {"53030319800102001X", NULL, INVALID, "date_form"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, date, cases);
    hd_std_env_free(env);
}

Test(date, promises_hold_for_words)
{
    static const char *const pieces[] = {"农历", "(",  ")",    "1980", "年",   "正月", "闰",
                                         "六月", "初", "十",   "五",   "民国", "35",   "元年",
                                         "O",    "生", "公历", "历",   "-",    "廿",   "3"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, date, pieces, 100000);
    hd_std_env_free(env);
}
