#include "pipeline/rounds.h"

#include "pipeline/analyse/train.h"
#include "pipeline/relate.h"

static hd_status link(hd_ctx *ctx, const hd_rounds *r, const hd_model *model)
{
    hd_edges_release(r->edges);
    hd_clusters_release(r->clusters);
    HD_TRY(hd_match_run(ctx, r->plan, model, r->blocks, r->edges));
    return hd_cluster_run(ctx, r->plan, model, r->edges, r->given, r->clusters);
}

/* Relations from the clusters, and by them passes and comparisons anew. One computed set for all:
 * what a lookup goes by is mostly a key, too. */
static hd_status prepare(hd_ctx *ctx, const hd_rounds *r, bool *changed)
{
    hd_computed_set computed;
    hd_computed_init(&computed, r->mentions);
    hd_status status = hd_relate_run(ctx, r->mentions, r->clusters, &computed, changed);
    if (status == HD_OK && *changed)
        status = hd_block_again(ctx, r->ruleset, &computed, r->blocks);
    if (status == HD_OK && *changed)
        status = hd_plan_again(ctx, &computed, r->plan);
    hd_computed_release(&computed);
    return status == HD_OK ? hd_blocks_check(ctx, r->ruleset, r->blocks) : status;
}

hd_status hd_rounds_run(hd_ctx *ctx, const hd_rounds *r, const hd_model *model)
{
    bool changed = true;
    for (uint32_t round = 2; round <= r->ruleset->rounds && changed; round++) {
        HD_TRY(prepare(ctx, r, &changed));
        if (changed)
            HD_TRY(link(ctx, r, model));
    }
    return HD_OK;
}

/* As before the first round. */
static hd_status forget(hd_ctx *ctx, const hd_rounds *r)
{
    hd_computed_set computed;
    hd_relate_forget(r->mentions);
    hd_edges_release(r->edges);
    hd_clusters_release(r->clusters);
    hd_computed_init(&computed, r->mentions);
    hd_status status = hd_block_again(ctx, r->ruleset, &computed, r->blocks);
    if (status == HD_OK)
        status = hd_plan_again(ctx, &computed, r->plan);
    hd_computed_release(&computed);
    return status;
}

/* A model of the second round, for what the first could not see. */
static hd_status train_persons(hd_ctx *ctx, const hd_rounds *r, const hd_known_matches *known,
                               hd_model *model)
{
    bool changed;
    hd_model *second = NULL;
    HD_TRY(link(ctx, r, model));
    HD_TRY(prepare(ctx, r, &changed));
    HD_TRY(hd_train_model(ctx, r->plan, r->blocks, known, NULL, &second));
    for (uint32_t c = 0; c < r->ruleset->n_comparisons; c++)
        for (uint32_t l = 0; l < r->ruleset->comparisons[c].n_levels; l++)
            if (r->ruleset->comparisons[c].asks_persons) {
                model->comparison[c].level[l].m = second->comparison[c].level[l].m;
                model->comparison[c].level[l].u = second->comparison[c].level[l].u;
            }
    hd_model_free(second);
    return HD_OK;
}

hd_status hd_rounds_train(hd_ctx *ctx, const hd_rounds *r, const hd_known_matches *known,
                          hd_training *training, hd_model **out)
{
    HD_TRY(hd_train_model(ctx, r->plan, r->blocks, known, training, out));
    if (r->ruleset->rounds == 1)
        return HD_OK;
    HD_TRY(train_persons(ctx, r, known, *out));
    return forget(ctx, r);
}
