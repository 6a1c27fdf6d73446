#include "pipeline/analyse/profile.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "mini.h"

static void expect_pattern(const char *written, const char *pattern)
{
    hd_buf out = {0};
    hd_profile_pattern(&out, hd_str_from(written));
    cr_expect_str_eq(out.ptr, pattern);
    hd_buf_release(&out);
}

Test(profile_patterns, no_letter_and_no_digit_stays)
{
    expect_pattern("张三丰", "汉汉汉");
    expect_pattern("11010519491231002X", "99999999999999999A");
    expect_pattern("１２－x", "99－A");
    expect_pattern("张\xE3\x80\x80三 (1)", "汉␣汉␣(9)");
    expect_pattern("阿卜杜·热合曼", "汉汉汉·汉汉汉");
    expect_pattern("ئەخمەت Иван ü", "AAAAAA␣AAAA␣A");
    expect_pattern("云南省曲靖市麒麟区1号", "汉{9}9汉");
    expect_pattern("1a1a1a1a1a1a1a1a", "9A9A9A9A9A9A…");
    expect_pattern("\xFF\xE2\x80\x8B", "A␣");
}

static hd_mini mini;
static hd_profiled profiled;

static const char config[] = "site: 530303\n"
                             "store: county.db\n"
                             "fields: {trade: {kind: code}}\n"
                             "sources:\n"
                             "  death:\n"
                             "    type: death\n"
                             "    csv: death.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: xm}\n"
                             "  household:\n"
                             "    type: household\n"
                             "    csv: household.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: xm, sex: xb, birth_date: csrq, trade: hy}\n";

static void setup(void)
{
    hd_mini_open(&mini, 2);
    hd_mini_write(&mini, "hedui.yaml", config);
    hd_mini_write(&mini, "death.csv", "id,xm\n1,张三\n");
    hd_mini_write(&mini, "household.csv",
                  "id,xm,xb,csrq,hy\n1,欧阳娜娜,1,19800102,\n2,欧阳娜娜,2,1980-02-03,\n"
                  "3,不详,2,19790101,农民\n"
                  "4,不详,13987412365,1979,农民\n5,王芳之子,2,19800230,\n6,王芳之子,,,\n"
                  "7,王芳之子,2,,\n");
}

static void teardown(void)
{
    hd_profiled_release(&profiled);
    hd_mini_close(&mini);
}

TestSuite(profile_run, .init = setup, .fini = teardown);

static hd_status profile(const char *source)
{
    char path[128];
    snprintf(path, sizeof path, "%s/hedui.yaml", mini.folder);
    hd_profiled_release(&profiled);
    return hd_profile_run(&mini.ctx, path, hd_str_from(source), &profiled);
}

static void expect_tops(const hd_profile_tops *tops, const char *expected)
{
    hd_buf out = {0};
    hd_buf_add(&out, HD_STR(""));
    for (uint32_t i = 0; i < tops->n; i++)
        hd_buf_addf(&out, "%s%.*s %llu", i ? ", " : "", HD_ARG(tops->item[i].shown),
                    (unsigned long long)tops->item[i].n);
    cr_expect_str_eq(out.ptr, expected);
    hd_buf_release(&out);
}

Test(profile_run, values_are_masked_but_for_words_that_are_none)
{
    cr_assert_eq(profile("household"), HD_OK);
    cr_assert_eq(profiled.profile.n, 4);
    expect_tops(&profiled.detail[0].values, "王**子 3, 不详 2, 欧**娜 2");
    expect_tops(&profiled.detail[1].values, "2 4");
    expect_tops(&profiled.detail[1].wrong, "139**** 1"); /* a telephone among the sexes */
    expect_tops(&profiled.detail[3].values, "农**** 2"); /* no table says that it is a code */
    expect_tops(&profiled.detail[2].wrong, "1979 1, 1980**** 1");
}

Test(profile_run, patterns_and_years)
{
    cr_assert_eq(profile("household"), HD_OK);
    expect_tops(&profiled.detail[2].patterns, "99999999 3, 9999 1, 9999-99-99 1");
    const uint64_t *by_year = profiled.detail[2].by_year;
    cr_expect_eq(by_year[1979 - HD_PROFILE_YEAR_FIRST], 2);
    cr_expect_eq(by_year[1980 - HD_PROFILE_YEAR_FIRST], 2);
    cr_expect_null(profiled.detail[0].by_year);
}

Test(profile_run, all_sources_or_one)
{
    cr_assert_eq(profile(NULL), HD_OK);
    cr_expect_eq(profiled.profile.n, 5);
    cr_expect_eq(profile("houshold"), HD_USAGE);
    cr_expect_str_eq(mini.ctx.hint, "the nearest is \"household\"");
}

Test(profile_run, change_in_points)
{
    const hd_profile_counts now = {.rows = 4, .state = {[HD_STATE_ok] = 3, [HD_STATE_invalid] = 1}};
    const hd_profile_counts before = {.rows = 2, .state = {[HD_STATE_ok] = 2}}, none = {0};
    cr_expect_float_eq(hd_profile_change(&now, &before, HD_STATE_ok), -25, 1e-9);
    cr_expect_float_eq(hd_profile_change(&now, &before, HD_STATE_invalid), 25, 1e-9);
    cr_expect_eq(hd_profile_change(&now, &none, HD_STATE_ok), 0);
}
