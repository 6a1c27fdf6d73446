#include "pipeline/relate.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/computed.h"

typedef struct relate_job {
    const hd_mentions *mentions;
    const hd_clusters *clusters;
    hd_computed_set computed;
    hd_mention *related[HD_N_RELATION_KINDS];
} relate_job;

static hd_mention person_of(const relate_job *job, hd_mention i)
{
    return job->clusters->member[job->clusters->start[job->clusters->of[i]]];
}

static void say(relate_job *job, hd_relation_kind relation, hd_mention i, hd_mention other)
{
    hd_mention *related = job->related[relation], person = person_of(job, other);
    if (related && related[i] == HD_NO_MENTION && person != person_of(job, i))
        related[i] = person;
}

/* ---- what records say ---- */

static void apply_rule(relate_job *job, hd_str relation, hd_mention i, hd_mention other)
{
    int kind = hd_relation_kind_find(relation);
    if (kind < 0)
        return;
    say(job, (hd_relation_kind)kind, i, other);
    if (kind == HD_RELATION_spouse)
        say(job, HD_RELATION_spouse, other, i);
    if (kind == HD_RELATION_mother || kind == HD_RELATION_father)
        say(job, HD_RELATION_child, other, i);
}

/* The record of the mentions [begin, end). */
static void take_record(relate_job *job, hd_mention begin, hd_mention end)
{
    const hd_mentions *m = job->mentions;
    const hd_source *source = &m->ruleset->sources[m->source[begin]];
    hd_mention by_role[HD_ROLES_MAX];
    for (uint32_t r = 0; r < HD_ROLES_MAX; r++)
        by_role[r] = HD_NO_MENTION;
    for (hd_mention i = begin; i < end; i++)
        by_role[m->role[i]] = i;
    for (uint32_t k = 0; k < source->n_relations; k++) {
        const hd_relation_rule *rule = &source->relations[k];
        if (by_role[rule->role] != HD_NO_MENTION && by_role[rule->other_role] != HD_NO_MENTION)
            apply_rule(job, rule->relation, by_role[rule->role], by_role[rule->other_role]);
    }
}

static void take_records(relate_job *job)
{
    const hd_mentions *m = job->mentions;
    for (hd_mention begin = 0, end; begin < m->n; begin = end) {
        for (end = begin + 1; end < m->n && m->source[end] == m->source[begin] &&
                              m->record[end] == m->record[begin];)
            end++;
        if (end - begin > 1)
            take_record(job, begin, end);
    }
}

/* ---- lookups ---- */

static bool holds(const relate_job *job, uint32_t condition, hd_mention i)
{
    return condition == HD_NONE || hd_computed_get(&job->computed.item[condition], i) == 1;
}

static uint64_t key_of(const relate_job *job, const uint32_t *number, uint32_t n_keys, hd_mention i)
{
    uint64_t hash = 1;
    for (uint32_t k = 0; k < n_keys; k++) {
        const hd_computed *c = &job->computed.item[number[k]];
        uint64_t next = hd_computed_hash((hd_type)c->expr->type, hd_computed_get(c, i),
                                         job->mentions->ruleset->texts);
        if (!next)
            return 0;
        hash = hd_hash_mix(hash, next);
    }
    return hash;
}

/* The mentions for which `condition` holds, by their keys; within one key in mention order. */
static size_t sort_keys(const relate_job *job, const uint32_t *number, uint32_t n_keys,
                        uint32_t condition, hd_keyed *items)
{
    size_t n = 0;
    for (hd_mention i = 0; i < job->mentions->n; i++) {
        uint64_t key = holds(job, condition, i) ? key_of(job, number, n_keys, i) : 0;
        if (key)
            items[n++] = (hd_keyed){key, i};
    }
    hd_sort_keyed(items, n);
    return n;
}

/* The one person to whom the mentions of the first key of `is` belong; HD_NO_MENTION: several. */
static hd_mention only_person(const relate_job *job, const hd_keyed *is, size_t n, size_t *n_key)
{
    hd_mention person = person_of(job, is[0].value);
    size_t i = 1;
    for (; i < n && is[i].key == is[0].key; i++)
        if (person_of(job, is[i].value) != person)
            person = HD_NO_MENTION;
    *n_key = i;
    return person;
}

static void join_keys(relate_job *job, hd_relation_kind relation, const hd_keyed *of, size_t n_of,
                      const hd_keyed *is, size_t n_is)
{
    for (size_t i = 0, k = 0, n_key; i < n_is; i += n_key) {
        hd_mention person = only_person(job, is + i, n_is - i, &n_key);
        while (k < n_of && of[k].key < is[i].key)
            k++;
        for (; k < n_of && of[k].key == is[i].key; k++)
            if (person != HD_NO_MENTION)
                say(job, relation, of[k].value, person);
    }
}

/* Numbers of a lookup's expressions in the computed set. */
typedef struct lookup_numbers {
    uint32_t *of, *is;
    uint32_t when, where; /* HD_NONE: none */
} lookup_numbers;

static void look_up(relate_job *job, const hd_relation_lookup *lookup, const lookup_numbers *number)
{
    size_t n = (size_t)job->mentions->n + 1;
    hd_keyed *of = hd_alloc(n * sizeof *of), *is = hd_alloc(n * sizeof *is);
    size_t n_of = sort_keys(job, number->of, lookup->n_keys, number->when, of);
    size_t n_is = sort_keys(job, number->is, lookup->n_keys, number->where, is);
    join_keys(job, lookup->relation, of, n_of, is, n_is);
    hd_free(of);
    hd_free(is);
}

static void number_lookup(relate_job *job, const hd_relation_lookup *lookup, lookup_numbers *out)
{
    hd_computed_set *set = &job->computed;
    out->of = HD_NEW_N(&set->arena, uint32_t, lookup->n_keys);
    out->is = HD_NEW_N(&set->arena, uint32_t, lookup->n_keys);
    for (uint32_t k = 0; k < lookup->n_keys; k++) {
        out->of[k] = hd_computed_add(set, lookup->of[k]);
        out->is[k] = hd_computed_add(set, lookup->is[k]);
    }
    out->when = lookup->when ? hd_computed_add(set, lookup->when) : HD_NONE;
    out->where = lookup->where ? hd_computed_add(set, lookup->where) : HD_NONE;
}

/* In the order in which they are declared: what an earlier one found stays. */
static hd_status look_up_all(hd_ctx *ctx, relate_job *job)
{
    const hd_ruleset *ruleset = job->mentions->ruleset;
    lookup_numbers *numbers =
        HD_NEW_N(&job->computed.arena, lookup_numbers, ruleset->n_lookups + 1u);
    for (uint32_t i = 0; i < ruleset->n_lookups; i++)
        if (job->related[ruleset->lookups[i].relation])
            number_lookup(job, &ruleset->lookups[i], &numbers[i]);
    HD_TRY_DOING(ctx, hd_computed_run(ctx, &job->computed), "computing what relations go by");
    for (uint32_t i = 0; i < ruleset->n_lookups; i++)
        if (job->related[ruleset->lookups[i].relation])
            look_up(job, &ruleset->lookups[i], &numbers[i]);
    return HD_OK;
}

/* ---- */

static void begin(relate_job *job)
{
    size_t bytes = ((size_t)job->mentions->n + 1) * sizeof(hd_mention);
    hd_computed_init(&job->computed, job->mentions);
    for (int r = 0; r < HD_N_RELATION_KINDS; r++)
        if (job->mentions->ruleset->relations_asked >> r & 1)
            job->related[r] = memset(hd_alloc(bytes), 0xFF, bytes);
    for (hd_mention i = 0; job->related[HD_RELATION_self] && i < job->mentions->n; i++)
        job->related[HD_RELATION_self][i] = person_of(job, i);
}

/* Gives the mentions what was found in place of what was known. */
static bool hand_over(relate_job *job, hd_mentions *mentions)
{
    bool changed = false;
    size_t bytes = (size_t)mentions->n * sizeof(hd_mention);
    for (int r = 0; r < HD_N_RELATION_KINDS; r++) {
        hd_mention *before = mentions->related[r], *now = job->related[r];
        changed |= !before != !now || (before && memcmp(before, now, bytes) != 0);
        hd_free(before);
        mentions->related[r] = now;
    }
    return changed;
}

hd_status hd_relate_run(hd_ctx *ctx, hd_mentions *mentions, const hd_clusters *clusters,
                        bool *changed)
{
    relate_job job = {.mentions = mentions, .clusters = clusters};
    begin(&job);
    take_records(&job);
    hd_status status = look_up_all(ctx, &job);
    *changed = hand_over(&job, mentions);
    hd_computed_release(&job.computed);
    return status;
}

void hd_relate_forget(hd_mentions *mentions)
{
    for (int r = 0; r < HD_N_RELATION_KINDS; r++) {
        hd_free(mentions->related[r]);
        mentions->related[r] = NULL;
    }
}
