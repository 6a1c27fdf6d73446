#include "pipeline/relate.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "pipeline/computed.h"

/* Numbers of a lookup's expressions in the computed set. */
typedef struct lookup_numbers {
    uint32_t *of, *is;
    uint32_t when, where; /* HD_NONE: none */
} lookup_numbers;

typedef struct relate_job {
    const hd_mentions *mentions;
    const hd_clusters *clusters;
    hd_computed_set *computed;
    lookup_numbers *numbers; /* [lookup] */
    uint32_t *related[HD_N_RELATED];
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

static void take_related(void *arg, const hd_relation_rule *rule, hd_mention i, hd_mention other)
{
    relate_job *job = arg;
    int kind = hd_relation_kind_find(rule->relation);
    if (kind < 0)
        return;
    say(job, (hd_relation_kind)kind, i, other);
    if (kind == HD_RELATION_spouse)
        say(job, HD_RELATION_spouse, other, i);
    if (kind == HD_RELATION_mother || kind == HD_RELATION_father)
        say(job, HD_RELATION_child, other, i);
}

/* ---- lookups ---- */

static bool holds(const relate_job *job, uint32_t condition, hd_mention i)
{
    return condition == HD_NONE || hd_computed_get(&job->computed->item[condition], i) == 1;
}

/* One or two parts are their own key, since equal values have equal numbers: no text is looked at,
 * and nothing collides. More are hashed by their bytes, so that a collision, rare as it is, does
 * not depend on how texts were numbered. 0: a part is not there. */
static uint64_t key_of(const relate_job *job, const uint32_t *number, uint32_t n_keys, hd_mention i)
{
    uint64_t key = n_keys > 2;
    for (uint32_t k = 0; k < n_keys; k++) {
        const hd_computed *c = &job->computed->item[number[k]];
        uint32_t value = hd_computed_get(c, i);
        if (value == HD_NONE)
            return 0;
        if (n_keys <= 2)
            key = key << 32 | (value + 1u);
        else
            key = hd_hash_mix(key, hd_computed_hash((hd_type)c->expr->type, value,
                                                    job->mentions->ruleset->texts));
    }
    return key;
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
    hd_computed_set *set = job->computed;
    out->of = HD_NEW_N(&set->arena, uint32_t, lookup->n_keys);
    out->is = HD_NEW_N(&set->arena, uint32_t, lookup->n_keys);
    for (uint32_t k = 0; k < lookup->n_keys; k++) {
        out->of[k] = hd_computed_add(set, lookup->of[k]);
        out->is[k] = hd_computed_add(set, lookup->is[k]);
    }
    out->when = lookup->when ? hd_computed_add(set, lookup->when) : HD_NONE;
    out->where = lookup->where ? hd_computed_add(set, lookup->where) : HD_NONE;
}

/* The lookups of one relation, in the order in which they are declared: what an earlier one found
 * stays. */
static hd_status look_up_kind(hd_ctx *ctx, uint32_t kind, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    relate_job *job = arg;
    const hd_ruleset *ruleset = job->mentions->ruleset;
    for (uint32_t i = 0; i < ruleset->n_lookups && job->related[kind]; i++)
        if ((uint32_t)ruleset->lookups[i].relation == kind)
            look_up(job, &ruleset->lookups[i], &job->numbers[i]);
    return HD_OK;
}

static hd_status look_up_all(hd_ctx *ctx, relate_job *job)
{
    const hd_ruleset *ruleset = job->mentions->ruleset;
    job->numbers = HD_NEW_N(&job->computed->arena, lookup_numbers, ruleset->n_lookups + 1u);
    for (uint32_t i = 0; i < ruleset->n_lookups; i++)
        if (job->related[ruleset->lookups[i].relation])
            number_lookup(job, &ruleset->lookups[i], &job->numbers[i]);
    HD_TRY_DOING(ctx, hd_computed_run(ctx, job->computed), "computing what relations go by");
    return hd_parallel(ctx, HD_N_RELATION_KINDS, look_up_kind, job);
}

/* ---- who was born first ---- */

enum { BORN_MAX = 8 }; /* children of one mother on one day, with room for what did not join yet */

typedef struct born {
    hd_mention person;
    hd_str by;
} born;

/* The persons of a group in the order of their values; 0: one alone, too many, or two alike. */
static uint32_t order_persons(const relate_job *job, const hd_computed *by, const hd_keyed *items,
                              size_t n, born *out)
{
    uint32_t n_persons = 0;
    for (size_t i = 0; i < n; i++) {
        hd_mention person = person_of(job, items[i].value);
        hd_str text =
            hd_pool_get(job->mentions->ruleset->texts, hd_computed_get(by, items[i].value));
        uint32_t at = 0, k = n_persons;
        while (at < n_persons && out[at].person != person)
            at++;
        if (at < n_persons)
            continue; /* its smallest mention's value counts */
        if (n_persons == BORN_MAX)
            return 0;
        for (; k > 0 && hd_str_cmp(out[k - 1].by, text) > 0; k--)
            out[k] = out[k - 1];
        if (k > 0 && hd_str_eq(out[k - 1].by, text))
            return 0;
        out[k] = (born){person, text};
        n_persons++;
    }
    return n_persons > 1 ? n_persons : 0;
}

/* "1/2": the first of two. */
static uint32_t order_text(const relate_job *job, uint32_t rank, uint32_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%u/%u", rank, n);
    return hd_pool_intern(job->mentions->ruleset->texts, hd_str_from(text));
}

static void order_group(relate_job *job, const hd_computed *by, const hd_keyed *items, size_t n)
{
    born persons[BORN_MAX];
    uint32_t n_persons = order_persons(job, by, items, n, persons);
    uint32_t *order = job->related[HD_BIRTH_ORDER];
    for (size_t i = 0; n_persons && i < n; i++) {
        uint32_t rank = 0;
        while (persons[rank].person != person_of(job, items[i].value))
            rank++;
        if (order[items[i].value] == HD_NONE)
            order[items[i].value] = order_text(job, rank + 1, n_persons);
    }
}

/* `number`: of what they share, and last of what orders them, in the computed set. */
static void order_by(relate_job *job, const uint32_t *number, uint32_t n_among, uint32_t when)
{
    const hd_computed *by = &job->computed->item[number[n_among]];
    hd_keyed *items = hd_alloc(((size_t)job->mentions->n + 1) * sizeof *items);
    size_t n = sort_keys(job, number, n_among, when, items), kept = 0;
    for (size_t i = 0; i < n; i++)
        if (hd_computed_get(by, items[i].value) != HD_NONE)
            items[kept++] = items[i];
    for (size_t i = 0, run; i < kept; i += run) {
        run = hd_keyed_run(items + i, kept - i);
        if (run > 1)
            order_group(job, by, items + i, run);
    }
    hd_free(items);
}

/* A mother whom one of a person's mentions names is the mother of all of them. */
static hd_mention *mothers_of_persons(const relate_job *job)
{
    const hd_clusters *clusters = job->clusters;
    const hd_mention *mother = job->mentions->related[HD_RELATION_mother];
    hd_mention *out = hd_alloc(((size_t)job->mentions->n + 1) * sizeof *out);
    for (uint32_t c = 0; c < clusters->n; c++) {
        hd_mention known = HD_NO_MENTION;
        for (uint32_t i = clusters->start[c]; i < clusters->start[c + 1]; i++)
            if (known == HD_NO_MENTION)
                known = mother[clusters->member[i]];
        for (uint32_t i = clusters->start[c]; i < clusters->start[c + 1]; i++)
            out[clusters->member[i]] =
                mother[clusters->member[i]] != HD_NO_MENTION ? mother[clusters->member[i]] : known;
    }
    return out;
}

/* After the mothers are known, whom it goes by. */
static hd_status order_births(hd_ctx *ctx, relate_job *job)
{
    const hd_ruleset *ruleset = job->mentions->ruleset;
    hd_status status = HD_OK;
    for (uint32_t o = 0; o < ruleset->n_birth_orders && status == HD_OK; o++) {
        const hd_birth_order *order = &ruleset->birth_orders[o];
        uint32_t *number = HD_NEW_N(&job->computed->arena, uint32_t, order->n_among + 1u);
        for (uint32_t i = 0; i < order->n_among; i++)
            number[i] = hd_computed_add(job->computed, order->among[i]);
        number[order->n_among] = hd_computed_add(job->computed, order->by);
        uint32_t when = order->when ? hd_computed_add(job->computed, order->when) : HD_NONE;
        status = hd_computed_run(ctx, job->computed);
        if (status == HD_OK)
            order_by(job, number, order->n_among, when);
    }
    return status;
}

/* Among persons, where passes and comparisons ask for what a mention itself says: so it goes by a
 * view of the mentions that knows their persons' mothers, and by a set of its own. */
static hd_status order_births_of_persons(hd_ctx *ctx, const relate_job *job)
{
    hd_mentions of_persons = *job->mentions;
    hd_mention **mother = &of_persons.related[HD_RELATION_mother];
    hd_computed_set computed;
    relate_job order = *job;
    *mother = *mother ? mothers_of_persons(job) : NULL;
    hd_computed_init(&computed, &of_persons);
    order.mentions = &of_persons;
    order.computed = &computed;
    hd_status status = order_births(ctx, &order);
    hd_computed_release(&computed);
    hd_free(*mother);
    return status;
}

/* ---- */

static void begin(relate_job *job)
{
    size_t n = (size_t)job->mentions->n + 1;
    for (int r = 0; r < HD_N_RELATED; r++) {
        if (!(job->mentions->ruleset->relations_asked >> r & 1))
            continue;
        job->related[r] = hd_fill_none(hd_alloc_mapped(n, sizeof *job->related[r]), n);
    }
    for (hd_mention i = 0; job->related[HD_RELATION_self] && i < job->mentions->n; i++)
        job->related[HD_RELATION_self][i] = person_of(job, i);
}

/* Gives the mentions what was found, of [first, end), in place of what was known. */
static bool hand_over(relate_job *job, hd_mentions *mentions, int first, int end)
{
    bool changed = false;
    size_t bytes = (size_t)mentions->n * sizeof(uint32_t);
    for (int r = first; r < end; r++) {
        uint32_t *before = mentions->related[r], *now = job->related[r];
        changed |= !before != !now || (before && memcmp(before, now, bytes) != 0);
        hd_free_mapped(before);
        mentions->related[r] = now;
    }
    return changed;
}

hd_status hd_relate_run(hd_ctx *ctx, hd_mentions *mentions, const hd_clusters *clusters,
                        hd_computed_set *computed, bool *changed)
{
    relate_job job = {.mentions = mentions, .clusters = clusters, .computed = computed};
    begin(&job);
    hd_mentions_each_related(mentions, take_related, &job);
    hd_status status = look_up_all(ctx, &job);
    *changed = hand_over(&job, mentions, 0, HD_N_RELATION_KINDS);
    if (status == HD_OK && job.related[HD_BIRTH_ORDER])
        status = order_births_of_persons(ctx, &job);
    *changed |= hand_over(&job, mentions, HD_BIRTH_ORDER, HD_N_RELATED);
    return status;
}

void hd_relate_forget(hd_mentions *mentions)
{
    for (int r = 0; r < HD_N_RELATED; r++) {
        hd_free_mapped(mentions->related[r]);
        mentions->related[r] = NULL;
    }
}
