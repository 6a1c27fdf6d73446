#include <criterion/criterion.h>
#include <stdio.h>

#include "mini.h"
#include "pipeline/profile.h"

static const char config[] = "site: 530303\n"
                             "sources:\n"
                             "  marriage:\n"
                             "    type: marriage\n"
                             "    csv: marriage.csv\n"
                             "    key: [id]\n"
                             "    record: {event_date: rq}\n"
                             "    mentions:\n"
                             "      husband: {name: a, sex: '=\"1\"'}\n"
                             "      wife: {name: b}\n";

static hd_mini mini;
static hd_profile profile;

static void setup(void)
{
    hd_mini_open(&mini, 2);
    hd_mini_write(&mini, "hedui.yaml", config);
    hd_mini_write(&mini, "marriage.csv",
                  "id,rq,a,b\n1,2001-01-02,张三,李四\n2,2001-02-30,张三,\n3,,张□,无\n");
    hd_mini_read(&mini);
    hd_profile_list(mini.ruleset, &mini.extract, &profile);
    cr_assert_eq(hd_profile_count(&mini.ctx, &mini.extract, &profile), HD_OK);
}

static void teardown(void)
{
    hd_profile_release(&profile);
    hd_mini_close(&mini);
}

TestSuite(profile, .init = setup, .fini = teardown);

static void expect(uint32_t c, const char *role, const char *column, uint64_t distinct,
                   uint64_t missing)
{
    const hd_profile_column *found = &profile.column[c];
    cr_expect(hd_str_eq(found->role, hd_str_from(role)), "%u", c);
    cr_expect(hd_str_eq(found->column, hd_str_from(column)), "%u", c);
    cr_expect_eq(found->now.rows, 3);
    cr_expect_eq(found->now.distinct, distinct, "%u", c);
    cr_expect_eq(found->now.state[HD_STATE_missing], missing, "%u", c);
}

Test(profile, columns_are_what_is_mapped_but_for_constants)
{
    cr_assert_eq(profile.n, 3);
    expect(0, NULL, "rq", 2, 1);
    expect(1, "husband", "a", 2, 0);
    expect(2, "wife", "b", 2, 1);
    cr_expect_eq(profile.column[0].now.state[HD_STATE_invalid], 1);
    cr_expect_eq(profile.column[1].now.state[HD_STATE_damaged], 1);
    cr_expect_eq(profile.column[2].now.state[HD_STATE_placeholder], 1);
}

Test(profile, reasons_are_counted)
{
    cr_expect_eq(profile.column[0].reason[HD_REASON_date_impossible], 1);
    cr_expect_eq(profile.column[1].reason[HD_REASON_stand_in], 1);
    cr_expect_eq(profile.column[2].reason[HD_REASON_placeholder], 1);
    cr_expect_eq(profile.column[2].reason[HD_REASON_stand_in], 0);
}

Test(profile, what_was_written_is_read_again)
{
    char path[128];
    hd_profile_counts before[3];
    bool found;
    snprintf(path, sizeof path, "%s/profile.json", mini.folder);
    cr_assert_eq(hd_profile_read(&mini.ctx, path, mini.ruleset, &profile, before, &found), HD_OK);
    cr_expect_not(found);
    cr_assert_eq(hd_profile_write(&mini.ctx, mini.ruleset, &profile, path), HD_OK);
    profile.column[1].role = HD_STR("child"); /* which that run did not have */
    cr_assert_eq(hd_profile_read(&mini.ctx, path, mini.ruleset, &profile, before, &found), HD_OK);
    cr_expect(found);
    cr_expect_eq(memcmp(&before[0], &profile.column[0].now, sizeof before[0]), 0);
    cr_expect_eq(before[1].rows, 0);
    cr_expect_eq(memcmp(&before[2], &profile.column[2].now, sizeof before[2]), 0);
}

Test(profile, a_damaged_file_is_said_to_be_one)
{
    char path[128];
    hd_profile_counts before[3];
    bool found;
    hd_mini_write(&mini, "profile.json", "{\"columns\":");
    snprintf(path, sizeof path, "%s/profile.json", mini.folder);
    cr_expect_eq(hd_profile_read(&mini.ctx, path, mini.ruleset, &profile, before, &found),
                 HD_STORE);
}
