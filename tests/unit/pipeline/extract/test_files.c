#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "pipeline/stages.h"
#include "tests/unit/pipeline/io/scratch.h"

TestSuite(files, .init = scratch_make, .fini = scratch_remove);

static hd_ctx ctx;

static hd_ruleset *load(const char *birth, const char *death)
{
    char text[1024];
    snprintf(text, sizeof text,
             "site: 530303\n"
             "sources:\n"
             "  death: {type: death, csv: [%s], key: [id], mentions: {self: {name: xm}}}\n"
             "  birth: {type: birth, csv: [%s], key: [id], mentions: {child: {name: xm}}}\n",
             death, birth);
    scratch_text("hedui.yaml", text);
    hd_ctx_init(&ctx, 1);
    hd_ruleset *ruleset;
    cr_assert_eq(hd_ruleset_load(&ctx, scratch_path("hedui.yaml"), HEDUI_RULES_DIR, &ruleset),
                 HD_OK, "%s", ctx.frames[0].text);
    return ruleset;
}

static void set_time(const char *name, time_t seconds, long ns)
{
    const struct timespec times[2] = {{seconds, ns}, {seconds, ns}};
    cr_assert_eq(utimensat(AT_FDCWD, scratch_path(name), times, 0), 0);
}

Test(files, by_source_and_path_each_once)
{
    scratch_text("b2.csv", "id,xm\n");
    scratch_text("b1.csv", "id,xm\n1,\n");
    scratch_text("d.csv", "");
    hd_ruleset *ruleset = load("b*.csv, b2.csv", "d.csv");
    hd_source_files files;
    cr_assert_eq(hd_source_files_list(&ctx, ruleset, &files), HD_OK);
    static const char *const names[] = {"b1.csv", "b2.csv", "d.csv"};
    static const uint64_t sizes[] = {9, 6, 0};
    cr_assert_eq(files.n, 3);
    for (uint32_t i = 0; i < 3; i++) {
        cr_expect_str_eq(files.file[i].path.ptr, scratch_path(names[i]));
        cr_expect_eq(files.file[i].source, i == 2);
        cr_expect_eq(files.file[i].size_bytes, sizes[i]);
    }
    hd_source_files_release(&files);
    hd_ruleset_free(ruleset);
}

Test(files, times_to_the_nanosecond)
{
    scratch_text("b.csv", "id,xm\n");
    scratch_text("d.csv", "id,xm\n");
    set_time("b.csv", 1700000000, 123456789);
    set_time("d.csv", 1, 5);
    hd_ruleset *ruleset = load("b.csv", "d.csv");
    hd_source_files files;
    cr_assert_eq(hd_source_files_list(&ctx, ruleset, &files), HD_OK);
    cr_expect_eq(files.file[0].modified_ns, 1700000000123456789);
    cr_expect_eq(files.file[1].modified_ns, 1000000005);
    hd_source_files_release(&files);
    hd_ruleset_free(ruleset);
}

Test(files, a_link_to_nothing_is_listed)
{
    cr_assert_eq(symlink("nowhere", scratch_path("b.csv")), 0);
    scratch_text("d.csv", "id,xm\n");
    hd_ruleset *ruleset = load("b*.csv", "d.csv");
    hd_source_files files;
    cr_assert_eq(hd_source_files_list(&ctx, ruleset, &files), HD_OK);
    cr_assert_eq(files.n, 2);
    cr_expect_eq(files.file[0].modified_ns, 0);
    cr_expect_eq(files.file[0].size_bytes, 0);
    hd_source_files_release(&files);
    hd_ruleset_free(ruleset);
}

Test(files, a_pattern_that_matches_none)
{
    scratch_text("b.csv", "id,xm\n");
    hd_ruleset *ruleset = load("b.csv", "d*.csv");
    hd_source_files files;
    cr_assert_eq(hd_source_files_list(&ctx, ruleset, &files), HD_SOURCE);
    cr_expect_null(files.file);
    hd_ruleset_free(ruleset);
}
