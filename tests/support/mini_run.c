#include "mini_run.h"

#include <stdio.h>
#include <stdlib.h>

static void must(hd_mini_run *run, hd_status status)
{
    char text[HD_FAILURE_BYTES];
    if (status == HD_OK)
        return;
    hd_failure_text(&run->mini.ctx, status, text);
    fputs(text, stderr);
    abort();
}

static void plain_model(hd_mini_run *run)
{
    run->model = (hd_model){.prior = 0.1};
    for (uint32_t c = 0; c < run->mini.ruleset->n_comparisons; c++) {
        uint32_t n = run->mini.ruleset->comparisons[c].n_levels;
        for (uint32_t l = 0; l < n; l++) {
            run->model.comparison[c].level[l].frequency_floor = 0.01 / (n - 1);
            run->model.comparison[c].level[l].m = l + 1 < n ? 0.9 / (n - 1) : 0.1;
            run->model.comparison[c].level[l].u = l + 1 < n ? 0.01 / (n - 1) : 0.99;
        }
    }
}

void hd_mini_run_open(hd_mini_run *run, unsigned n_threads, const char *const *files)
{
    hd_ctx *ctx = &run->mini.ctx;
    hd_mini_open(&run->mini, n_threads);
    for (; files[0]; files += 2)
        hd_mini_write(&run->mini, files[0], files[1]);
    hd_mini_read(&run->mini);
    plain_model(run);
    run->run = (hd_run){.ruleset = run->mini.ruleset,
                        .mentions = run->mini.mentions,
                        .extract = run->mini.extract,
                        .model = &run->model};
    memcpy(run->run.key, hd_mini_key, sizeof run->run.key);
    hd_run *r = &run->run;
    hd_mini_block(&run->mini, &r->blocks, &r->plan);
    must(run, hd_match_run(ctx, &r->plan, r->model, &r->blocks, &r->edges));
    must(run, hd_cluster_run(ctx, &r->plan, r->model, &r->edges, NULL, &r->clusters));
    must(run, hd_review_run(ctx, &r->plan, r->model, NULL, &r->clusters));
}

hd_mention hd_mini_run_mention(const hd_mini_run *run, const char *key)
{
    return hd_mini_mention(&run->mini, key);
}

void hd_mini_run_close(hd_mini_run *run)
{
    hd_clusters_release(&run->run.clusters);
    hd_edges_release(&run->run.edges);
    hd_blocks_release(&run->run.blocks);
    hd_plan_release(&run->run.plan);
    hd_mini_close(&run->mini);
}
