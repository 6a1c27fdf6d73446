#include <criterion/criterion.h>
#include <dirent.h>
#include <sys/stat.h>

#include "pipeline/current.h"
#include "tests/unit/pipeline/io/scratch.h"

TestSuite(current, .init = scratch_make, .fini = scratch_remove);

static hd_ctx ctx;

static void expect_current(const char *run_id)
{
    char target[64] = "";
    ssize_t n = readlink(scratch_path("current"), target, sizeof target - 1);
    cr_expect_eq(n, (ssize_t)strlen(run_id));
    cr_expect_str_eq(target, run_id);
    cr_expect(hd_current_is(scratch, hd_str_from(run_id)));
}

static unsigned n_entries(void)
{
    unsigned n = 0;
    DIR *dir = opendir(scratch);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n - 2; /* . and .. */
}

Test(current, names_one_run_then_another)
{
    cr_expect_not(hd_current_is(scratch, HD_STR("R1")));
    cr_assert_eq(hd_current_set(&ctx, scratch, HD_STR("R1")), HD_OK);
    expect_current("R1");
    cr_assert_eq(hd_current_set(&ctx, scratch, (hd_str){"R22 and more", 3}), HD_OK);
    expect_current("R22");
    cr_expect_not(hd_current_is(scratch, HD_STR("R2")));
    cr_expect_eq(n_entries(), 1);
}

Test(current, cannot_be_set)
{
    cr_assert_eq(mkdir(scratch_path("current"), 0700), 0);
    cr_expect_eq(hd_current_set(&ctx, scratch, HD_STR("R1")), HD_STORE);
    cr_expect_eq(n_entries(), 1);
}

Test(current, is_repaired_where_the_run_is_there)
{
    cr_assert_eq(mkdir(scratch_path("R1"), 0700), 0);
    cr_assert_eq(mkdir(scratch_path("R2"), 0700), 0);
    cr_assert_eq(hd_current_set(&ctx, scratch, HD_STR("R1")), HD_OK);
    cr_expect_eq(hd_current_repair(&ctx, scratch, HD_STR("R2")), HD_OK);
    expect_current("R2");
    /* after a step back the store names the earlier one */
    cr_expect_eq(hd_current_repair(&ctx, scratch, HD_STR("R1")), HD_OK);
    expect_current("R1");
}

Test(current, stays_where_there_is_nothing_to_repair)
{
    cr_assert_eq(mkdir(scratch_path("R1"), 0700), 0);
    cr_assert_eq(hd_current_set(&ctx, scratch, HD_STR("R1")), HD_OK);
    cr_expect_eq(hd_current_repair(&ctx, scratch, HD_STR_NULL), HD_OK);
    cr_expect_eq(hd_current_repair(&ctx, scratch, HD_STR("R3")), HD_OK); /* its folder is gone */
    scratch_text("R4", "no folder");
    cr_expect_eq(hd_current_repair(&ctx, scratch, HD_STR("R4")), HD_OK);
    expect_current("R1");
}
