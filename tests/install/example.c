/* hedui in a program of one's own: make a synthetic county, check its configuration, link it, and
 * print what was found.
 *
 *   cc example.c $(pkg-config --cflags --libs hedui) -o example
 *   ./example FOLDER
 *
 * With a county of your own, leave out make_county and give the path of your hedui.yaml. */

#include <hedui/hedui.h>
#include <inttypes.h>
#include <stdio.h>

/* Every call that can fail returns a status, and leaves in the context what went wrong, what was
 * being done and what may help: enough for a log, and never a person's name, number or address.
 * The exit codes of the command (hedui(1)) can be those of this program too. */
static int complain(const hd_ctx *ctx, hd_status status)
{
    char text[HD_FAILURE_BYTES];
    hd_failure_text(ctx, status, text);
    fprintf(stderr, "example: %s", text);
    return hd_status_exit_code(status);
}

/* Nobody in it is real; the same seed makes the same county. */
static hd_status make_county(hd_ctx *ctx, const char *folder)
{
    const hd_county_options options = {.folder = folder, .n_persons = 300, .seed = 5};
    return hd_county_generate(ctx, &options);
}

/* The summary is ours, with all that it points to, until we free it. */
static void print_summary(const hd_summary *s)
{
    printf("source rows linked rejected filtered mentions\n");
    for (uint32_t i = 0; i < s->n_sources; i++) {
        const hd_source_counts *c = &s->sources[i];
        printf("%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", c->source,
               c->n_rows_read, c->n_linked, c->n_rejected, c->n_filtered, c->n_mentions);
    }
    printf("pairs %" PRIu64 "\npersons %" PRIu64 "\nrelations %" PRIu64 "\n", s->n_pairs,
           s->n_persons, s->n_relations);
    printf("reviews %" PRIu64 "\ndiscrepancies %" PRIu64 "\n", s->n_reviews, s->n_discrepancies);
    printf("run %s\n", s->run_id);
    if (s->folder)
        printf("report %s/report.html\n", s->folder);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: example FOLDER\n");
        return 2;
    }
    /* as many threads as there are processors, and no progress on the terminal */
    hd_ctx ctx;
    hd_ctx_init(&ctx, 0);
    ctx.quiet = true;

    hd_status status = make_county(&ctx, argv[1]);
    if (status != HD_OK)
        return complain(&ctx, status);

    /* What is not said is zero or NULL, which has a meaning: hedui/hedui.h tells which. The day is
     * the only date that a run knows; no clock is read. */
    char config[4096];
    snprintf(config, sizeof config, "%s/hedui.yaml", argv[1]);
    const hd_job job = {.config = config, .as_of = 20260101};

    /* Before a long run: is the configuration right, do the rules do what their examples say? */
    status = hd_job_check(&ctx, &job);
    if (status != HD_OK)
        return complain(&ctx, status);

    hd_summary *summary;
    status = hd_job_run(&ctx, &job, &summary);
    if (status != HD_OK)
        return complain(&ctx, status);
    print_summary(summary);
    hd_summary_free(summary);
    return 0;
}
