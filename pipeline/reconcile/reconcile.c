#include "pipeline/reconcile/reconcile.h"

#include <math.h>

#include "base/parallel.h"

/* What makes a mention say that its person is dead. */
typedef struct death_signs {
    int date_field; /* -1: none */
    /* [source] -1: no mention of it; else the role number of the dead, or HD_ROLES_MAX: any. In a
     * death record `self` died; another role (who reported it) did not. */
    int role[HD_SOURCES_MAX];
} death_signs;

typedef struct summary_job {
    const hd_reconcile *reconcile;
    death_signs death;
} summary_job;

static death_signs death_signs_of(const hd_ruleset *ruleset)
{
    death_signs signs = {.date_field = hd_field_find(ruleset, HD_STR("death_date"))};
    for (uint32_t s = 0; s < ruleset->n_sources; s++) {
        const hd_source *source = &ruleset->sources[s];
        signs.role[s] = hd_str_eq(source->type, HD_STR("death")) ? HD_ROLES_MAX : -1;
        for (uint32_t r = 0; r < source->n_roles && signs.role[s] != -1; r++) {
            if (hd_str_eq(source->roles[r].code, HD_STR("self")))
                signs.role[s] = (int)r;
        }
    }
    return signs;
}

static bool says_dead(const death_signs *signs, const hd_mentions *mentions, hd_mention i)
{
    int role = signs->role[mentions->source[i]];
    if (role == HD_ROLES_MAX || role == mentions->role[i])
        return true;
    return signs->date_field >= 0 &&
           hd_mention_value(mentions, i, (uint32_t)signs->date_field) != HD_NULL;
}

static uint16_t clamp_u16(uint32_t n)
{
    return n < UINT16_MAX ? (uint16_t)n : UINT16_MAX;
}

/* The weakest edge decides: a chain of mentions is as sure as its least sure link. Weights hold the
 * prior already, so the odds are 2^weight. */
static float confidence(const hd_clusters *clusters, uint32_t person)
{
    int32_t weakest = INT32_MAX;
    for (uint32_t j = clusters->start[person]; j < clusters->start[person + 1]; j++) {
        int32_t weight = clusters->link[clusters->member[j]].weight;
        if (weight != HD_EDGE_NONE && weight < weakest)
            weakest = weight;
    }
    if (weakest == INT32_MAX)
        return 1.0F;
    return (float)(1.0 / (1.0 + exp2(-(double)weakest / HD_WEIGHT_ONE)));
}

/* Members are in mention order, so those of one source, and of one record, are neighbours. */
static void summarise(const summary_job *job, uint32_t person)
{
    const hd_mentions *mentions = job->reconcile->mentions;
    const hd_clusters *clusters = job->reconcile->clusters;
    uint32_t n_records = 0, n_sources = 0, source = UINT32_MAX, record = UINT32_MAX;
    bool dead = false;
    for (uint32_t j = clusters->start[person]; j < clusters->start[person + 1]; j++) {
        hd_mention i = clusters->member[j];
        bool other_source = mentions->source[i] != source;
        n_sources += other_source;
        n_records += other_source || mentions->record[i] != record;
        source = mentions->source[i];
        record = mentions->record[i];
        dead = dead || says_dead(&job->death, mentions, i);
    }
    hd_persons *persons = job->reconcile->persons;
    persons->n_records[person] = clamp_u16(n_records);
    persons->n_sources[person] = clamp_u16(n_sources);
    persons->dead[person] = dead;
    persons->confidence[person] = confidence(clusters, person);
}

static hd_status summarise_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const summary_job *job = arg;
    uint32_t begin, end;
    hd_reconcile_range(job->reconcile, task, &begin, &end);
    for (uint32_t person = begin; person < end; person++)
        summarise(job, person);
    return HD_OK;
}

static hd_status summarise_all(hd_ctx *ctx, const hd_reconcile *reconcile)
{
    hd_persons *persons = reconcile->persons;
    persons->n_records = HD_NEW_N(&persons->arena, uint16_t, persons->n);
    persons->n_sources = HD_NEW_N(&persons->arena, uint16_t, persons->n);
    persons->dead = HD_NEW_N(&persons->arena, uint8_t, persons->n);
    persons->confidence = HD_NEW_N(&persons->arena, float, persons->n);
    summary_job job = {reconcile, death_signs_of(reconcile->ruleset)};
    return hd_parallel(ctx, hd_reconcile_n_tasks(reconcile), summarise_task, &job);
}

hd_status hd_reconcile_run(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_model *model,
                           const hd_mentions *mentions, const hd_clusters *clusters,
                           const uint8_t key[32], const hd_previous *previous, hd_persons *out)
{
    (void)model; /* a link's weight is all that is read of it here */
    *out = (hd_persons){.n = clusters->n};
    hd_reconcile job = {ruleset, mentions, clusters, out};
    HD_TRY(hd_survivorship_choose(ctx, &job));
    HD_TRY(hd_identity_assign(ctx, &job, key, previous));
    hd_relations_find(&job);
    return summarise_all(ctx, &job);
}

void hd_persons_release(hd_persons *persons)
{
    hd_arena_release(&persons->arena);
    *persons = (hd_persons){0};
}
