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

/* Passes and comparisons, by the relations that are known by now. */
static hd_status make_again(hd_ctx *ctx, const hd_rounds *r)
{
    hd_computed_set computed;
    hd_computed_init(&computed, r->mentions);
    hd_status status = hd_block_again(ctx, r->ruleset, &computed, r->blocks);
    if (status == HD_OK)
        status = hd_plan_again(ctx, &computed, r->plan);
    hd_computed_release(&computed);
    return status == HD_OK ? hd_blocks_check(ctx, r->ruleset, r->blocks) : status;
}

hd_status hd_rounds_run(hd_ctx *ctx, const hd_rounds *r, const hd_model *model)
{
    for (uint32_t round = 2; round <= r->ruleset->rounds; round++) {
        bool changed;
        HD_TRY(hd_relate_run(ctx, r->mentions, r->clusters, &changed));
        if (!changed)
            break;
        HD_TRY(make_again(ctx, r));
        HD_TRY(link(ctx, r, model));
    }
    return HD_OK;
}

/* A model of the second round, for what the first could not see. */
static hd_status train_persons(hd_ctx *ctx, const hd_rounds *r, const hd_known_matches *known,
                               hd_model *model)
{
    bool changed;
    hd_model *second = NULL;
    HD_TRY(link(ctx, r, model));
    HD_TRY(hd_relate_run(ctx, r->mentions, r->clusters, &changed));
    HD_TRY(make_again(ctx, r));
    HD_TRY(hd_train_model(ctx, r->plan, r->blocks, known, NULL, &second));
    for (uint32_t c = 0; c < r->ruleset->n_comparisons; c++)
        if (r->ruleset->comparisons[c].asks_persons)
            memcpy(model->comparison[c].level, second->comparison[c].level,
                   sizeof model->comparison[c].level);
    hd_model_free(second);
    return HD_OK;
}

hd_status hd_rounds_train(hd_ctx *ctx, const hd_rounds *r, const hd_known_matches *known,
                          hd_training *training, hd_model **out)
{
    HD_TRY(hd_train_model(ctx, r->plan, r->blocks, known, training, out));
    if (r->ruleset->rounds == 1)
        return HD_OK;
    hd_status status = train_persons(ctx, r, known, *out);
    hd_relate_forget(r->mentions);
    hd_edges_release(r->edges);
    hd_clusters_release(r->clusters);
    return status == HD_OK ? make_again(ctx, r) : status;
}
