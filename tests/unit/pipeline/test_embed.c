#include "hedui/hedui.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mini.h"

#define CONFIG                                                       \
    "language: en\n"                                                 \
    "sources:\n"                                                     \
    "  household:\n"                                                 \
    "    type: household\n"                                          \
    "    csv: household.csv\n"                                       \
    "    key: [id]\n"                                                \
    "    filter: id != \"h9\"\n"                                     \
    "    mentions:\n"                                                \
    "      self: {name: xm, sex: xb, birth_date: csrq, phone: dh}\n" \
    "  resident:\n"                                                  \
    "    type: resident\n"                                           \
    "    csv: resident.csv\n"                                        \
    "    key: [id]\n"                                                \
    "    mentions:\n"                                                \
    "      self: {name: xm, sex: xb, birth_date: csrq, phone: dh}\n"

static hd_mini mini;
static char config[128];

static void start(void)
{
    hd_mini_open(&mini, 2);
    mini.ctx.quiet = true;
    snprintf(config, sizeof config, "%s/hedui.yaml", mini.folder);
    hd_mini_write(&mini, "household.csv",
                  "id,xm,xb,csrq,dh\n"
                  "h1,王小明,男,1980-01-02,13800000001\n"
                  "h2,李红,女,1982-03-04,13800000002\n"
                  "h9,赵六,男,1983-03-04,13800000009\n"
                  "h3,多,一,列,的,行\n");
    hd_mini_write(&mini, "resident.csv",
                  "id,xm,xb,csrq,dh\n"
                  "r1,王小明,男,1980-01-02,13800000001\n"
                  "r2,张三,男,1975-05-06,13800000003\n");
    hd_mini_write(&mini, "hedui.yaml", CONFIG "store: county.db\n");
}

static void stop(void)
{
    hd_mini_close(&mini);
}

TestSuite(embed, .init = start, .fini = stop);

static hd_job job_of_today(void)
{
    return (hd_job){.config = config, .rules_dir = HEDUI_RULES_DIR, .as_of = 20260101};
}

static hd_summary *run(const hd_job *job)
{
    hd_summary *summary = NULL;
    cr_assert_eq(hd_job_run(&mini.ctx, job, &summary), HD_OK, "%s", mini.ctx.frames[0].text);
    cr_assert_not_null(summary);
    return summary;
}

Test(embed, version_is_that_of_the_build)
{
    cr_assert_str_eq(hd_version(), HEDUI_VERSION);
}

Test(embed, summary_counts_every_row)
{
    hd_job job = job_of_today();
    hd_summary *summary = run(&job);
    cr_assert_eq(summary->n_sources, 2);
    const hd_source_counts *household = &summary->sources[0], *resident = &summary->sources[1];
    cr_expect_str_eq(household->source, "household");
    cr_expect_eq(household->n_rows_read, 4);
    cr_expect_eq(household->n_linked, 2);
    cr_expect_eq(household->n_rejected, 1);
    cr_expect_eq(household->n_filtered, 1);
    cr_expect_eq(household->n_mentions, 2);
    cr_expect_str_eq(resident->source, "resident");
    cr_expect_eq(resident->n_rows_read, 2);
    cr_expect_eq(resident->n_linked, 2);
    cr_expect_geq(summary->n_pairs, 1);
    cr_expect_geq(summary->n_persons, 3);
    cr_expect_leq(summary->n_persons, 4);
    hd_summary_free(summary);
}

Test(embed, summary_says_where_the_run_lies)
{
    char path[512];
    hd_job job = job_of_today();
    hd_summary *summary = run(&job);
    cr_assert_not_null(summary->folder);
    cr_assert(strstr(summary->folder, summary->run_id));
    snprintf(path, sizeof path, "%s/manifest.json", summary->folder);
    cr_expect_eq(access(path, F_OK), 0);
    cr_assert_not_null(summary->model_trained);
    cr_expect_eq(access(summary->model_trained, F_OK), 0);
    cr_expect_not(summary->done);
    hd_summary_free(summary);
    job.fresh = true;
    summary = run(&job);
    cr_expect_null(summary->model_trained); /* the second run has one */
    cr_expect_not(summary->done);
    hd_summary_free(summary);
}

Test(embed, summary_names_the_run_that_did_it_already)
{
    char first[64];
    hd_job job = job_of_today();
    hd_summary *summary = run(&job);
    snprintf(first, sizeof first, "%s", summary->run_id);
    uint64_t n_rows = summary->sources[0].n_rows_read;
    hd_summary_free(summary);
    summary = run(&job);
    cr_expect(summary->done);
    cr_expect_str_eq(summary->run_id, first);
    cr_expect_eq(summary->sources[0].n_rows_read, n_rows);
    hd_summary_free(summary);
}

Test(embed, dry_run_leaves_nothing)
{
    char path[512];
    hd_job job = job_of_today();
    job.dry_run = true;
    hd_summary *summary = run(&job);
    cr_expect_null(summary->folder);
    cr_expect_null(summary->model_trained);
    hd_summary_free(summary);
    snprintf(path, sizeof path, "%s/county.db", mini.folder);
    cr_expect_neq(access(path, F_OK), 0);
}

Test(embed, tables_as_csv)
{
    char csv[128], path[256];
    hd_job job = job_of_today();
    snprintf(csv, sizeof csv, "%s/tables", mini.folder);
    job.csv = csv;
    hd_summary_free(run(&job));
    snprintf(path, sizeof path, "%s/person.csv", csv);
    cr_expect_eq(access(path, F_OK), 0);
}

static void expect_failure(const hd_job *job, hd_status wanted, const char *text)
{
    hd_summary *summary = (hd_summary *)config;
    cr_expect_eq(hd_job_run(&mini.ctx, job, &summary), wanted);
    cr_expect_null(summary);
    cr_assert_geq(mini.ctx.n_frames, 1);
    cr_expect_str_eq(mini.ctx.frames[0].text, text);
    hd_ctx_clear(&mini.ctx);
}

Test(embed, job_without_configuration_or_day)
{
    hd_job job = job_of_today();
    job.config = NULL;
    expect_failure(&job, HD_USAGE, "a job needs the path of a configuration");
    cr_expect_eq(hd_job_check(&mini.ctx, &job), HD_USAGE);
    hd_ctx_clear(&mini.ctx);
    job = job_of_today();
    job.as_of = 0;
    expect_failure(&job, HD_USAGE, "as of 0: a job needs a day, as 20260131");
    job.as_of = 20260230;
    expect_failure(&job, HD_USAGE, "as of 20260230: a job needs a day, as 20260131");
}

Test(embed, check_of_a_right_configuration)
{
    hd_job job = job_of_today();
    job.as_of = 0;
    cr_expect_eq(hd_job_check(&mini.ctx, &job), HD_OK, "%s", mini.ctx.frames[0].text);
}

Test(embed, check_names_the_place_of_an_error)
{
    hd_job job = job_of_today();
    hd_mini_write(&mini, "hedui.yaml", "lnaguage: en\n" CONFIG);
    cr_expect_eq(hd_job_check(&mini.ctx, &job), HD_CONFIG);
    cr_expect(strstr(mini.ctx.frames[0].text, "hedui.yaml:1:1: "), "%s", mini.ctx.frames[0].text);
}

Test(embed, check_names_the_first_example_that_does_not_hold)
{
    hd_job job = job_of_today();
    hd_mini_write(&mini, "rules/checks.yaml",
                  "rules:\n"
                  "  - code: own.rule\n"
                  "    kind: logic\n"
                  "    check: mention\n"
                  "    severity: warn\n"
                  "    field: name\n"
                  "    when: known(name)\n"
                  "    why: a rule of which one example is wrong\n"
                  "    example:\n"
                  "      - {given: [{type: household, name: \"王小明\"}], expect: found}\n"
                  "      - {given: [{type: household, name: \"王小明\"}], expect: clean}\n");
    cr_expect_eq(hd_job_check(&mini.ctx, &job), HD_CONFIG);
    cr_expect(strstr(mini.ctx.frames[0].text, "example 2 of own.rule"), "%s",
              mini.ctx.frames[0].text);
}

/* ---- one at a time ---- */

static void *run_of_a_pipe(void *unused)
{
    (void)unused;
    hd_ctx ctx;
    hd_summary *summary;
    const hd_job job = {.config = config, .rules_dir = HEDUI_RULES_DIR, .as_of = 20260101};
    hd_status status;
    do { /* until it is the one that runs: then it waits for somebody to write into the pipe */
        hd_ctx_init(&ctx, 1);
        status = hd_job_run(&ctx, &job, &summary);
    } while (status == HD_LOCKED);
    return NULL;
}

Test(embed, one_job_at_a_time)
{
    pthread_t thread;
    hd_job job = job_of_today();
    job.config = "no/such/hedui.yaml";
    hd_summary *summary;
    cr_assert_eq(unlink(config), 0);
    cr_assert_eq(mkfifo(config, 0600), 0);
    cr_assert_eq(pthread_create(&thread, NULL, run_of_a_pipe, NULL), 0);
    while (hd_job_run(&mini.ctx, &job, &summary) != HD_LOCKED)
        hd_ctx_clear(&mini.ctx);
    cr_expect_str_eq(mini.ctx.frames[0].text, "this process runs a job already");
    hd_ctx_clear(&mini.ctx);
    int fd = open(config, O_WRONLY);
    cr_assert_geq(fd, 0);
    pthread_join(thread, NULL);
    close(fd);
    cr_expect_eq(hd_job_run(&mini.ctx, &job, &summary), HD_CONFIG); /* it has ended */
}
