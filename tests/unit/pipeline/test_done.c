#include "night.h"
#include "pipeline/done.h"
#include "pipeline/io/file.h"
#include "pipeline/manifest.h"

TestSuite(done, .init = nights_begin, .fini = nights_end);

static const night_files county = {
    .household = "h1,张伟,男,19491231,11010519491231002X,530303101001,,\n",
};

/* A night, and what the store would say of it. */
typedef struct done_night {
    night night;
    hd_arena arena;
    hd_stored_run stored;
} done_night;

static void begin(done_night *d)
{
    *d = (done_night){0};
    night_begin(&d->night, 20260101, "R1", &county, "household/h1/self");
    strcpy(d->night.outcome.key_mark, "KEY");
    d->stored = (hd_stored_run){.id = HD_STR("R1"),
                                .as_of = HD_STR("2026-01-01"),
                                .versions = hd_manifest_versions(&d->arena),
                                .checksums = hd_manifest_checksums(&d->arena, &d->night.outcome)};
    cr_assert_eq(hd_folder_make(&d->night.mini.ctx, night_path("R1"), 0700), HD_OK);
    cr_assert_eq(
        hd_file_write(&d->night.mini.ctx, night_path("R1/report.html"), 0600, HD_STR("page")),
        HD_OK);
}

static void end(done_night *d)
{
    hd_arena_release(&d->arena);
    night_end(&d->night);
}

static bool is_done(const done_night *d)
{
    return hd_done_already(&d->night.outcome, &d->stored, night_folder);
}

Test(done, the_same_night_is_done)
{
    done_night d;
    begin(&d);
    cr_expect(is_done(&d));
    cr_expect_not(hd_done_already(&d.night.outcome, NULL, night_folder), "no run before");
    end(&d);
}

Test(done, another_day_is_not)
{
    done_night d;
    begin(&d);
    d.night.outcome.as_of = 20260102;
    cr_expect_not(is_done(&d));
    end(&d);
}

Test(done, other_rows_are_not)
{
    done_night d;
    begin(&d);
    char *checksum = d.night.mini.extract.records[0].checksum;
    checksum[0] = checksum[0] == '0' ? '1' : '0';
    cr_expect_not(is_done(&d));
    end(&d);
}

Test(done, another_model_is_not_nor_is_none)
{
    done_night d;
    begin(&d);
    hd_model other = d.night.model;
    strcpy(other.hash, "another");
    d.night.outcome.model = &other;
    cr_expect_not(is_done(&d));
    d.night.outcome.model = NULL;
    cr_expect_not(is_done(&d));
    end(&d);
}

Test(done, other_rules_are_not)
{
    done_night d;
    begin(&d);
    char *hash = d.night.mini.ruleset->hash;
    hash[0] = hash[0] == '0' ? '1' : '0';
    cr_expect_not(is_done(&d));
    end(&d);
}

Test(done, other_decided_pairs_are_not)
{
    done_night d;
    begin(&d);
    strcpy(d.night.outcome.pairs_checksum, "another");
    cr_expect_not(is_done(&d));
    end(&d);
}

Test(done, another_site_key_is_not)
{
    done_night d;
    begin(&d);
    strcpy(d.night.outcome.key_mark, "OTHER");
    cr_expect_not(is_done(&d));
    end(&d);
}

Test(done, another_program_is_not)
{
    done_night d;
    begin(&d);
    d.stored.versions = HD_STR("{\"hedui\":\"0.0.9\"}");
    cr_expect_not(is_done(&d));
    end(&d);
}

Test(done, what_left_no_report_is_not)
{
    done_night d;
    begin(&d);
    cr_assert_eq(hd_file_remove(&d.night.mini.ctx, night_path("R1/report.html")), HD_OK);
    cr_expect_not(is_done(&d));
    end(&d);
}
