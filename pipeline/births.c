#include "pipeline/births.h"

#include <stdio.h>

#include "base/group.h"
#include "base/mem.h"
#include "pipeline/computed.h"

enum { BORN_MAX = 8 }; /* children of one mother on one day, with room for what did not join yet */

/* A mention that is asked for, and by what it is ordered. */
typedef struct born {
    hd_mention mention;
    hd_str by;
} born;

typedef struct worker_state {
    hd_env env;
    hd_mention_row row;
    born *born;
    size_t cap;
} worker_state;

typedef struct births_job {
    const hd_mentions *mentions; /* that know their persons' mothers */
    const hd_mention *person;
    uint32_t *order;
    worker_state *workers;
    /* one of the orders at a time */
    const hd_birth_order *declared;
    const hd_computed_set *computed;
    const uint32_t *among; /* numbers in it */
    const hd_groups *groups;
} births_job;

/* ---- those of one mother and day ---- */

static bool are_several(const births_job *job, const hd_keyed *items, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (job->person[items[i].value] != job->person[items[0].value])
            return true;
    return false;
}

/* What orders the mention; null: nothing, or it is not asked for. */
static hd_str ask(const births_job *job, worker_state *w, hd_mention i)
{
    w->row.side[0] = w->row.side[1] = i;
    if (job->declared->when && !hd_expr_holds(job->declared->when, &w->env))
        return HD_STR_NULL;
    hd_value by = hd_expr_eval(job->declared->by, &w->env);
    return by == HD_NULL ? HD_STR_NULL : hd_pool_get(w->env.texts, (hd_text)by);
}

static size_t collect(const births_job *job, worker_state *w, const hd_keyed *items, size_t n)
{
    size_t n_born = 0;
    HD_GROW(w->born, w->cap, n);
    for (size_t i = 0; i < n; i++) {
        hd_str by = ask(job, w, items[i].value);
        if (by.ptr)
            w->born[n_born++] = (born){items[i].value, by};
    }
    return n_born;
}

/* One mention of each person, in order; 0: of one alone, of too many, or two are alike. */
static uint32_t order_persons(const births_job *job, const born *all, size_t n, born *out)
{
    uint32_t n_persons = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t at = 0, k = n_persons;
        while (at < n_persons && job->person[out[at].mention] != job->person[all[i].mention])
            at++;
        if (at < n_persons)
            continue; /* its smallest mention's value counts */
        if (n_persons == BORN_MAX)
            return 0;
        for (; k > 0 && hd_str_cmp(out[k - 1].by, all[i].by) > 0; k--)
            out[k] = out[k - 1];
        if (k > 0 && hd_str_eq(out[k - 1].by, all[i].by))
            return 0;
        out[k] = all[i];
        n_persons++;
    }
    return n_persons > 1 ? n_persons : 0;
}

/* "1/2": the first of two. */
static uint32_t order_text(const births_job *job, uint32_t rank, uint32_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%u/%u", rank, n);
    return hd_pool_intern(job->mentions->ruleset->texts, hd_str_from(text));
}

static void order_group(const births_job *job, worker_state *w, const hd_keyed *items, size_t n)
{
    born persons[BORN_MAX];
    size_t n_born = collect(job, w, items, n);
    uint32_t n_persons = order_persons(job, w->born, n_born, persons);
    for (size_t i = 0; n_persons && i < n_born; i++) {
        hd_mention mention = w->born[i].mention;
        uint32_t rank = 0;
        while (job->person[persons[rank].mention] != job->person[mention])
            rank++;
        if (job->order[mention] == HD_NONE)
            job->order[mention] = order_text(job, rank + 1, n_persons);
    }
}

/* ---- one order ---- */

static hd_status order_part(hd_ctx *ctx, uint32_t part, uint32_t worker, void *arg)
{
    (void)ctx;
    const births_job *job = arg;
    const hd_groups *groups = job->groups;
    for (size_t i = groups->start[part], end = groups->start[part + 1], run; i < end; i += run) {
        run = hd_keyed_run(groups->item + i, end - i);
        if (are_several(job, groups->item + i, run))
            order_group(job, &job->workers[worker], groups->item + i, run);
    }
    return HD_OK;
}

static void among_keys(void *arg, uint32_t begin, uint32_t end, uint64_t *out)
{
    const births_job *job = arg;
    for (hd_mention i = begin; i < end; i++)
        out[i - begin] = hd_computed_key(job->computed, job->among, job->declared->n_among, i);
}

static hd_status order_by(hd_ctx *ctx, births_job *job)
{
    hd_groups groups;
    hd_status status = hd_group(ctx, job->mentions->n, among_keys, job, &groups);
    job->groups = &groups;
    if (status == HD_OK)
        status = hd_parallel(ctx, HD_GROUP_PARTS, order_part, job);
    hd_groups_release(&groups);
    return status;
}

/* ---- all ---- */

static hd_status order_all(hd_ctx *ctx, births_job *job)
{
    const hd_ruleset *ruleset = job->mentions->ruleset;
    hd_computed_set computed;
    hd_computed_init(&computed, job->mentions);
    uint32_t **among = HD_NEW_N(&computed.arena, uint32_t *, ruleset->n_birth_orders + 1u);
    for (uint32_t o = 0; o < ruleset->n_birth_orders; o++) {
        const hd_birth_order *declared = &ruleset->birth_orders[o];
        among[o] = HD_NEW_N(&computed.arena, uint32_t, declared->n_among);
        for (uint32_t k = 0; k < declared->n_among; k++)
            among[o][k] = hd_computed_add(&computed, declared->among[k]);
    }
    hd_status status = hd_computed_run(ctx, &computed);
    job->computed = &computed;
    for (uint32_t o = 0; o < ruleset->n_birth_orders && status == HD_OK; o++) {
        job->declared = &ruleset->birth_orders[o];
        job->among = among[o];
        status = order_by(ctx, job);
    }
    hd_computed_release(&computed);
    return status;
}

static hd_mention *mothers_of_persons(const hd_mentions *mentions, const hd_clusters *clusters)
{
    const hd_mention *mother = mentions->related[HD_RELATION_mother];
    hd_mention *out = hd_alloc(((size_t)mentions->n + 1) * sizeof *out);
    for (uint32_t c = 0; c < clusters->n; c++) {
        const hd_mention *member = clusters->member;
        hd_mention known = HD_NO_MENTION;
        for (uint32_t i = clusters->start[c]; i < clusters->start[c + 1]; i++)
            if (known == HD_NO_MENTION)
                known = mother[member[i]];
        for (uint32_t i = clusters->start[c]; i < clusters->start[c + 1]; i++)
            out[member[i]] = mother[member[i]] != HD_NO_MENTION ? mother[member[i]] : known;
    }
    return out;
}

/* Passes and comparisons ask for what a mention itself says: so this goes by a view of the
 * mentions. */
hd_status hd_births_order(hd_ctx *ctx, const hd_mentions *mentions, const hd_clusters *clusters,
                          const hd_mention *person, uint32_t *order)
{
    hd_mentions of_persons = *mentions;
    hd_mention **mother = &of_persons.related[HD_RELATION_mother];
    *mother = *mother ? mothers_of_persons(mentions, clusters) : NULL;
    births_job job = {.mentions = &of_persons, .person = person, .order = order};
    job.workers = hd_alloc_zero(ctx->n_threads, sizeof *job.workers);
    for (uint32_t i = 0; i < ctx->n_threads; i++) {
        worker_state *w = &job.workers[i];
        w->row.mentions = &of_persons;
        w->env = hd_ruleset_env(mentions->ruleset);
        w->env.load = hd_mention_load;
        w->env.row = &w->row;
    }
    hd_status status = order_all(ctx, &job);
    for (uint32_t i = 0; i < ctx->n_threads; i++) {
        hd_env_release(&job.workers[i].env);
        hd_free(job.workers[i].born);
    }
    hd_free(job.workers);
    hd_free(*mother);
    return status;
}
