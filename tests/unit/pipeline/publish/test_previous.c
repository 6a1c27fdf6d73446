#include "night.h"

TestSuite(previous, .init = nights_begin, .fini = nights_end);

static const night_files county = {.household = "h1,张伟,,19491231,,,,\nh2,李娜,,19800102,,,,\n",
                                   .resident = "r1,张伟,,19491231,,,\n"};

static void expect_str(hd_str is, const char *want)
{
    cr_expect(hd_str_eq(is, hd_str_from(want)), "%.*s, not %s", HD_ARG(is), want);
}

Test(previous, without_a_store_is_empty_and_makes_none)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, "");
    cr_expect_eq(n.previous.n, 0);
    cr_expect_eq(n.previous.n_retired, 0);
    cr_expect_neq(access(night_path("county.db"), F_OK), 0);
    night_end(&n);
}

Test(previous, of_no_store_at_all_is_empty)
{
    night n;
    hd_previous previous;
    night_begin(&n, 20260101, "R1", &county, "");
    n.mini.ruleset->has_store = false;
    cr_expect_eq(night_read_previous(&n, &previous), HD_OK);
    cr_expect_eq(previous.n, 0);
    hd_previous_release(&previous);
    night_end(&n);
}

Test(previous, an_empty_file_is_no_store_yet)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, "");
    FILE *file = fopen(night_path("county.db"), "w");
    cr_assert_not_null(file);
    fclose(file);
    hd_previous previous;
    cr_expect_eq(night_read_previous(&n, &previous), HD_OK);
    cr_expect_eq(previous.n, 0);
    hd_previous_release(&previous);
    night_end(&n);
}

Test(previous, tells_who_each_mention_was)
{
    night n;
    night_publish(20260101, "R1", &county, "household/h1/self resident/r1/self");
    night_files more = county;
    more.resident = "r1,张伟,,19491231,,,\nr2,王芳,,,,,\n";
    night_publish(20260102, "R2", &more, "household/h1/self resident/r1/self");
    night_begin(&n, 20260103, "R3", &county, "");
    const hd_previous *previous = &n.previous;
    uint32_t of[3];
    static const char *const names[] = {"household/h1/self", "household/h2/self",
                                        "resident/r1/self"};
    for (int i = 0; i < 3; i++)
        of[i] = previous->of[hd_mini_mention(&n.mini, names[i])];
    cr_assert_eq(previous->n, 4);
    cr_assert_eq(previous->n_persons, 3);
    cr_expect_eq(of[0], of[2]);
    cr_expect_neq(of[0], of[1]);
    expect_str(previous->person[of[0]].first_run, "2026-01-01");
    cr_expect_eq(previous->person[of[0]].n, 2);
    cr_expect_eq(previous->person[of[0]].id.len_bytes, 26);
    expect_str(previous->person[2].first_run, "2026-01-02"); /* resident/r2, no longer there */
    night_end(&n);
}

Test(previous, tells_which_ids_must_not_return)
{
    night n;
    night_publish(20260101, "R1", &county, "");
    night_publish(20260102, "R2", &county, "household/h1/self resident/r1/self");
    night_files fewer = {.household = "h1,张伟,,19491231,,,,\n"};
    night_publish(20260103, "R3", &fewer, "");
    night_begin(&n, 20260104, "R4", &county, "");
    cr_assert_eq(n.previous.n_retired, 2);
    cr_expect_lt(hd_str_cmp(n.previous.retired[0], n.previous.retired[1]), 0);
    cr_expect_eq(n.previous.n, 1);
    night_end(&n);
    night_expect("SELECT event FROM person_history WHERE event <> 'new' ORDER BY run",
                 "merged into\nretired\n");
}

Test(previous, a_link_to_nobody_is_damage)
{
    night n;
    night_publish(20260101, "R1", &county, "");
    night_begin(&n, 20260102, "R2", &county, "");
    night_run_sql("DELETE FROM person WHERE name = '李娜'");
    hd_previous previous;
    char expected[256];
    cr_expect_eq(night_read_previous(&n, &previous), HD_STORE);
    snprintf(expected, sizeof expected,
             "store %s is damaged: person_link names a person that person does not have",
             night_path("county.db"));
    cr_expect_str_eq(n.mini.ctx.frames[0].text, expected);
    night_end(&n);
}
