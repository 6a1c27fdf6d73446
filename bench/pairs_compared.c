/* How long the pairs of a county take: pairs_compared CONFIG MODEL THREADS TIMES [WHAT]. Reads and
 * blocks once, then TIMES times, in turn: weighs the pairs as match does, edges and their order
 * included; compares all of them to the end, as training does; walks over them and compares
 * nothing; and reads each row and block number that the walk needs, in its order, once. A line
 * each: what, pairs, seconds of the clock, seconds of processors. With WHAT: that alone. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/parallel.h"
#include "base/progress.h"
#include "pipeline/pairs.h"
#include "pipeline/run.h"

static double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef struct bench {
    const hd_run *run;
    const hd_model *model;
    hd_plan nothing; /* the plan without comparisons */
    uint64_t n_pairs;
    struct {
        uint64_t n, sum;
        char room[48]; /* a line each, so that threads do not wait for each other's */
    } * worker;
} bench;

static void count(void *arg, uint32_t worker, const hd_pair *pair)
{
    bench *b = arg;
    b->worker[worker].n++;
    b->worker[worker].sum += pair->pattern;
}

static hd_status weigh(hd_ctx *ctx, bench *b)
{
    hd_edges edges;
    HD_TRY(hd_match_run(ctx, &b->run->plan, b->model, &b->run->blocks, &edges));
    b->n_pairs = edges.n_pairs;
    hd_edges_release(&edges);
    return HD_OK;
}

static hd_status compare_all(hd_ctx *ctx, bench *b)
{
    return hd_pairs_walk(ctx, &b->run->plan, &b->run->blocks, count, b);
}

static hd_status walk_only(hd_ctx *ctx, bench *b)
{
    return hd_pairs_walk(ctx, &b->nothing, &b->run->blocks, count, b);
}

static hd_status read_pass(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    bench *b = arg;
    const hd_blocks *blocks = &b->run->blocks;
    const hd_pass_blocks *pass = &blocks->pass[task];
    uint32_t n = pass->start[pass->n_blocks];
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i + 16 < n)
            hd_plan_fetch_row(&b->run->plan, pass->member[i + 16]);
        const uint32_t *row = hd_plan_row(&b->run->plan, pass->member[i]);
        for (uint32_t s = 0; s < b->run->plan.stride; s++)
            sum += row[s];
        for (uint32_t p = 0; p < blocks->n_passes; p++)
            sum += blocks->block_of[(size_t)pass->member[i] * blocks->n_passes + p];
    }
    b->worker[worker].sum += sum;
    return HD_OK;
}

static hd_status read_only(hd_ctx *ctx, bench *b)
{
    return hd_parallel(ctx, b->run->blocks.n_passes, read_pass, b);
}

static const struct {
    const char *what;
    hd_status (*call)(hd_ctx *ctx, bench *b);
} works[] = {{"weigh", weigh}, {"all", compare_all}, {"walk", walk_only}, {"read", read_only}};

static hd_status measure(hd_ctx *ctx, const hd_run *run, const hd_model *model, int times,
                         const char *only)
{
    bench b = {.run = run, .model = model, .nothing = run->plan};
    b.nothing.n_comparisons = b.nothing.n_steps = 0;
    b.worker = calloc(ctx->n_threads, sizeof *b.worker);
    for (int i = 0; i < times; i++)
        for (size_t k = 0; k < sizeof works / sizeof *works; k++) {
            if (only && strcmp(only, works[k].what) != 0)
                continue;
            double clock = hd_clock_seconds(), processors = processor_seconds();
            HD_TRY(works[k].call(ctx, &b));
            printf("%s %llu %.6f %.6f\n", works[k].what, (unsigned long long)b.n_pairs,
                   hd_clock_seconds() - clock, processor_seconds() - processors);
            fflush(stdout);
        }
    free(b.worker);
    return HD_OK;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: pairs_compared CONFIG MODEL THREADS TIMES [WHAT]\n");
        return 2;
    }
    hd_ctx ctx;
    hd_run run;
    hd_model *model = NULL;
    hd_run_options options = {.config = argv[1], .as_of = 20260101, .dry_run = true};
    hd_ctx_init(&ctx, 0);
    hd_status status = hd_run_start(&ctx, &options, HD_RUN_TO_PLAN, &run);
    if (status == HD_OK)
        status = hd_model_load(&ctx, argv[2], run.ruleset, &model);
    ctx.n_threads = (unsigned)atoi(argv[3]);
    if (status == HD_OK)
        status = measure(&ctx, &run, model, atoi(argv[4]), argv[5]);
    hd_model_free(model);
    hd_run_release(&run);
    if (status != HD_OK)
        fprintf(stderr, "pairs_compared: cannot measure %s: %s\n", argv[1], ctx.frames[0].text);
    return status != HD_OK;
}
