#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mini.h"
#include "pipeline/unfinished.h"

enum { NOW = 1767225600, HOUR = 3600 };

typedef struct county {
    hd_mini mini;
    char runs[96];
    char key_mark[HD_ID_CHARS + 1];
    hd_unfinished_for begins;
    hd_unfinished found;
} county;

static const char *below(const county *c, const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", c->runs, name);
    return path;
}

static bool is_there(const county *c, const char *name)
{
    struct stat st;
    return lstat(below(c, name), &st) == 0;
}

static county *open_county(void)
{
    static county c;
    c = (county){0};
    hd_mini_open(&c.mini, 1);
    hd_mini_write(&c.mini, "hedui.yaml",
                  "site: 530303\n"
                  "language: en\n"
                  "sources:\n"
                  "  death: {type: death, csv: 'd*.csv', key: [id],\n"
                  "          mentions: {self: {name: name}}}\n");
    hd_mini_write(&c.mini, "d.csv", "id,name\nd1,张伟\n");
    hd_mini_read(&c.mini);
    snprintf(c.runs, sizeof c.runs, "%s/runs", c.mini.folder);
    mkdir(c.runs, 0700);
    hd_artefact_key_mark(hd_mini_key, c.key_mark);
    c.begins = (hd_unfinished_for){.ruleset = c.mini.ruleset,
                                   .key = hd_mini_key,
                                   .runs = c.runs,
                                   .as_of = 20260101,
                                   .now = NOW};
    return &c;
}

static void close_county(county *c)
{
    hd_unfinished_release(&c->found);
    hd_mini_close(&c->mini);
}

static hd_artefact_about about_of(const county *c, const char *run_id)
{
    return (hd_artefact_about){.run_id = hd_str_from(run_id),
                               .ruleset_hash = hd_str_from(c->mini.ruleset->hash),
                               .key_mark = hd_str_from(c->key_mark),
                               .as_of = 20260101,
                               .read_at = NOW - HOUR};
}

static void lose(county *c, const char *folder, const hd_artefact_about *about)
{
    char name[64];
    mkdir(below(c, folder), 0700);
    snprintf(name, sizeof name, "%s/mentions.hdm", folder);
    cr_assert_eq(
        hd_artefact_write(&c->mini.ctx, below(c, name), about, c->mini.ruleset, &c->mini.extract),
        HD_OK, "%s", c->mini.ctx.frames[0].text);
}

static void lose_run(county *c, const char *run_id)
{
    hd_artefact_about about = about_of(c, run_id);
    lose(c, run_id, &about);
}

static void find(county *c)
{
    cr_assert_eq(hd_unfinished_find(&c->mini.ctx, &c->begins, &c->found), HD_OK, "%s",
                 c->mini.ctx.frames[0].text);
    cr_expect_eq(c->mini.ctx.n_frames, 0);
}

static void expect_continued(county *c, const char *run_id)
{
    find(c);
    cr_assert_not_null(c->found.run_id.ptr);
    cr_expect_str_eq(c->found.run_id.ptr, run_id);
    cr_expect_eq(c->found.refusal, HD_REFUSED_NOT);
    cr_expect_not_null(c->found.artefact);
}

/* Refused, and what it kept is gone. */
static void expect_refused(county *c, hd_refusal why)
{
    find(c);
    cr_expect_str_eq(c->found.run_id.ptr, "R1");
    cr_expect_eq(c->found.refusal, why, "refused for %d", (int)c->found.refusal);
    cr_expect_null(c->found.artefact);
    cr_expect_not(is_there(c, "R1/mentions.hdm"));
    close_county(c);
}

static void expect_told(const county *c, const char *wanted)
{
    hd_buf line = {0};
    hd_buf_add(&line, HD_STR(""));
    hd_unfinished_tell(&line, c->mini.ruleset->catalogue, &c->found);
    cr_expect_str_eq(line.ptr, wanted);
    hd_buf_release(&line);
}

Test(unfinished, none)
{
    county *c = open_county();
    mkdir(below(c, "R1"), 0700);
    find(c);
    cr_expect_null(c->found.run_id.ptr);
    expect_told(c, "");
    close_county(c);
}

Test(unfinished, is_continued)
{
    county *c = open_county();
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    lose_run(c, "R1");
    expect_continued(c, "R1");
    cr_expect(is_there(c, "R1/mentions.hdm"));
    expect_told(c,
                "run R1 was not finished and is continued: the mentions read at 2026-01-01 07:00 "
                "are used, the sources are not read again.");
    close_county(c);
}

Test(unfinished, tells_why_not)
{
    county *c = open_county();
    lose_run(c, "R1");
    c->begins.as_of = 20260102;
    find(c);
    expect_told(c, "run R1 was not finished and cannot be continued (--as-of differs): the sources "
                   "are read again.");
    close_county(c);
}

/* Two at most can come to be where one could not be removed; both hold personal data. */
Test(unfinished, the_latest_of_several)
{
    county *c = open_county();
    lose_run(c, "R1");
    lose_run(c, "R3");
    lose_run(c, "R2");
    expect_continued(c, "R3");
    cr_expect_not(is_there(c, "R1/mentions.hdm"));
    cr_expect_not(is_there(c, "R2/mentions.hdm"));
    cr_expect(is_there(c, "R3/mentions.hdm"));
    close_county(c);
}

Test(unfinished, what_the_store_knows_was_finished)
{
    county *c = open_county();
    static hd_stored_run stored[] = {{.id = {"R2", 2}}, {.id = {"R9", 2}}};
    c->begins.stored = stored;
    c->begins.n_stored = 2;
    lose_run(c, "R1");
    lose_run(c, "R2");
    expect_continued(c, "R1");
    cr_expect_not(is_there(c, "R2/mentions.hdm"));
    close_county(c);
}

/* `current` names a run that was published but not cleared up when it was killed, or a folder of
 * somebody's: neither is a run of that name, in whatever order a folder's entries come. */
Test(unfinished, a_link_is_no_run)
{
    county *c = open_county();
    static hd_stored_run stored[] = {{.id = {"R1", 2}}};
    c->begins.stored = stored;
    c->begins.n_stored = 1;
    lose_run(c, "R1");
    lose_run(c, "../elsewhere");
    cr_assert_eq(symlink("R1", below(c, "current")), 0);
    cr_assert_eq(symlink("../elsewhere", below(c, "other")), 0);
    find(c);
    cr_expect_null(c->found.run_id.ptr);
    cr_expect_not(is_there(c, "R1/mentions.hdm"));
    cr_expect(is_there(c, "../elsewhere/mentions.hdm"));
    cr_expect(is_there(c, "current"));
    close_county(c);
}

Test(unfinished, fresh)
{
    county *c = open_county();
    lose_run(c, "R1");
    c->begins.fresh = true;
    expect_refused(c, HD_REFUSED_fresh);
}

Test(unfinished, damaged)
{
    county *c = open_county();
    lose_run(c, "R1");
    cr_assert_eq(truncate(below(c, "R1/mentions.hdm"), 300), 0);
    expect_refused(c, HD_REFUSED_damaged);
}

Test(unfinished, of_another_program)
{
    county *c = open_county();
    lose_run(c, "R1");
    int fd = open(below(c, "R1/mentions.hdm"), O_WRONLY);
    cr_assert(fd >= 0 && pwrite(fd, "9", 1, 22) == 1 && close(fd) == 0);
    expect_refused(c, HD_REFUSED_program);
}

Test(unfinished, in_the_folder_of_another_run)
{
    county *c = open_county();
    hd_artefact_about about = about_of(c, "R2");
    lose(c, "R1", &about);
    expect_refused(c, HD_REFUSED_damaged);
}

Test(unfinished, other_rules)
{
    county *c = open_county();
    hd_artefact_about about = about_of(c, "R1");
    about.ruleset_hash = HD_STR("another");
    lose(c, "R1", &about);
    expect_refused(c, HD_REFUSED_rules);
}

Test(unfinished, other_key)
{
    county *c = open_county();
    static const uint8_t key[HD_KEY_BYTES] = {1};
    lose_run(c, "R1");
    c->begins.key = key;
    expect_refused(c, HD_REFUSED_key);
}

Test(unfinished, other_day)
{
    county *c = open_county();
    lose_run(c, "R1");
    c->begins.as_of = 20251231;
    expect_refused(c, HD_REFUSED_as_of);
}

Test(unfinished, a_day_old)
{
    county *c = open_county();
    lose_run(c, "R1");
    c->begins.now = NOW + 23 * HOUR;
    expect_continued(c, "R1");
    hd_unfinished_release(&c->found);
    c->begins.now++;
    expect_refused(c, HD_REFUSED_age);
}

Test(unfinished, read_in_the_future)
{
    county *c = open_county();
    lose_run(c, "R1");
    c->begins.now = NOW - 2 * HOUR;
    expect_refused(c, HD_REFUSED_age);
}

Test(unfinished, a_file_of_another_size)
{
    county *c = open_county();
    lose_run(c, "R1");
    hd_mini_write(&c->mini, "d.csv", "id,name\nd1,王芳伟\n");
    expect_refused(c, HD_REFUSED_files);
}

static void set_time(const county *c, const char *name, int64_t ns)
{
    char path[128];
    const struct timespec times[2] = {{ns / 1000000000, ns % 1000000000},
                                      {ns / 1000000000, ns % 1000000000}};
    snprintf(path, sizeof path, "%s/%s", c->mini.folder, name);
    cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

Test(unfinished, a_file_of_another_time)
{
    county *c = open_county();
    lose_run(c, "R1");
    set_time(c, "d.csv", c->mini.extract.files.file[0].modified_ns + 1);
    expect_refused(c, HD_REFUSED_files);
}

/* Size and time are what is asked: no file is read. */
Test(unfinished, a_file_of_the_same_size_and_time)
{
    county *c = open_county();
    lose_run(c, "R1");
    hd_mini_write(&c->mini, "d.csv", "id,name\nd1,王芳\n");
    set_time(c, "d.csv", c->mini.extract.files.file[0].modified_ns);
    expect_continued(c, "R1");
    close_county(c);
}

Test(unfinished, one_file_more)
{
    county *c = open_county();
    lose_run(c, "R1");
    hd_mini_write(&c->mini, "d2.csv", "id,name\n");
    expect_refused(c, HD_REFUSED_files);
}

Test(unfinished, no_file_any_more)
{
    county *c = open_county();
    char path[128];
    lose_run(c, "R1");
    snprintf(path, sizeof path, "%s/d.csv", c->mini.folder);
    cr_assert_eq(remove(path), 0);
    expect_refused(c, HD_REFUSED_files);
}

static void make_file(const county *c, const char *name)
{
    int fd = open(below(c, name), O_WRONLY | O_CREAT, 0600);
    cr_assert(fd >= 0 && close(fd) == 0, "%s", name);
}

/* What a writer that was killed had begun, and nothing else. */
Test(unfinished, temporary_files_go)
{
    county *c = open_county();
    mkdir(below(c, "R1"), 0700);
    mkdir(below(c, "R1/discrepancies"), 0700);
    mkdir(below(c, "R1/.a-folder.abcdef"), 0700);
    static const char *const gone[] = {"R1/.mentions.hdm.abcdef", "R1/.reject.csv.ABCDEF",
                                       "R1/discrepancies/.530303101.csv.a1b2c3"};
    static const char *const kept[] = {"R1/reject.csv", "R1/.hidden", ".lock", "a-file"};
    for (unsigned i = 0; i < 3; i++)
        make_file(c, gone[i]);
    for (unsigned i = 0; i < 4; i++)
        make_file(c, kept[i]);
    cr_assert_eq(symlink("R1", below(c, ".current.4711")), 0);
    cr_assert_eq(symlink("R1", below(c, "current")), 0);
    find(c);
    for (unsigned i = 0; i < 3; i++)
        cr_expect_not(is_there(c, gone[i]), "%s", gone[i]);
    for (unsigned i = 0; i < 4; i++)
        cr_expect(is_there(c, kept[i]), "%s", kept[i]);
    cr_expect_not(is_there(c, ".current.4711"));
    cr_expect(is_there(c, "current"));
    cr_expect(is_there(c, "R1/.a-folder.abcdef"));
    close_county(c);
}

/* A continued run reports anew; a refused one's reports stay beside those of the next. */
Test(unfinished, a_folder_of_a_run_that_left_nothing_goes)
{
    county *c = open_county();
    mkdir(below(c, "R1"), 0700);
    mkdir(below(c, "R1/discrepancies"), 0700);
    make_file(c, "R1/discrepancies/.530303101.csv.a1b2c3");
    mkdir(below(c, "R2"), 0700);
    make_file(c, "R2/.mentions.hdm.abcdef");
    mkdir(below(c, "R3"), 0700);
    make_file(c, "R3/reject.csv");
    mkdir(below(c, "R4"), 0700);
    mkdir(below(c, "R4/discrepancies"), 0700);
    make_file(c, "R4/manifest.json");
    find(c);
    cr_expect_not(is_there(c, "R1"));
    cr_expect_not(is_there(c, "R2"));
    cr_expect(is_there(c, "R3/reject.csv"));
    cr_expect(is_there(c, "R4/discrepancies"));
    close_county(c);
}

Test(unfinished, reports_of_a_run_that_is_continued_go)
{
    static const char *const reports[] = {"R1/manifest.json", "R1/report.html",
                                          "R1/discrepancies/530303101.csv"};
    county *c = open_county();
    lose_run(c, "R1");
    mkdir(below(c, "R1/discrepancies"), 0700);
    for (unsigned i = 0; i < 3; i++)
        make_file(c, reports[i]);
    make_file(c, "other");
    expect_continued(c, "R1");
    for (unsigned i = 0; i < 3; i++)
        cr_expect_not(is_there(c, reports[i]), "%s", reports[i]);
    cr_expect(is_there(c, "R1/mentions.hdm"));
    cr_expect(is_there(c, "other"));
    hd_unfinished_release(&c->found);
    make_file(c, reports[0]);
    c->begins.fresh = true;
    find(c);
    cr_expect(is_there(c, reports[0]));
    close_county(c);
}

Test(unfinished, what_cannot_be_removed_stops_the_run)
{
    county *c = open_county();
    static hd_stored_run stored[] = {{.id = {"R1", 2}}};
    c->begins.stored = stored;
    c->begins.n_stored = 1;
    mkdir(below(c, "R1"), 0700);
    mkdir(below(c, "R1/mentions.hdm"), 0700);
    cr_expect_eq(hd_unfinished_find(&c->mini.ctx, &c->begins, &c->found), HD_STORE);
    close_county(c);
}

Test(unfinished, no_folder_of_runs)
{
    county *c = open_county();
    c->begins.runs = "/nowhere";
    find(c);
    cr_expect_null(c->found.run_id.ptr);
    close_county(c);
}
