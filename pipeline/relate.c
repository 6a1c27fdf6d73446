#include "pipeline/relate.h"

#include "base/group.h"
#include "base/mem.h"
#include "matchers/union_find.h"
#include "pipeline/births.h"
#include "pipeline/computed.h"

/* One side of a lookup, as numbers in the computed set. */
typedef struct side {
    const uint32_t *number; /* [n_keys] */
    uint32_t n_keys;
    uint32_t condition; /* HD_NONE: none */
    const hd_computed_set *computed;
} side;

typedef struct sides {
    side of, is;
} sides;

typedef struct relate_job {
    const hd_mentions *mentions;
    const hd_clusters *clusters;
    hd_computed_set *computed;
    hd_mention *person; /* [mention] its person */
    uint32_t *related[HD_N_RELATED];
    sides *lookups;     /* [declared] */
    uint32_t *together; /* sets of mentions, and of who may be mother, and father, of each person:
                           [3 × mentions]; NULL: nobody asks */
} relate_job;

static void say(relate_job *job, hd_relation_kind relation, hd_mention i, hd_mention other)
{
    hd_mention *related = job->related[relation], person = job->person[other];
    if (related && related[i] == HD_NO_MENTION && person != job->person[i])
        related[i] = person;
}

/* That a mention is said to be a child's mother or father; threads may do so at once. */
static void say_parent(relate_job *job, hd_relation_kind relation, hd_mention child,
                       hd_mention parent)
{
    uint32_t n = job->mentions->n;
    bool is_parent = relation == HD_RELATION_mother || relation == HD_RELATION_father;
    if (!job->together || !is_parent || job->person[child] == job->person[parent])
        return;
    uint32_t parents_of = (relation == HD_RELATION_mother ? n : 2 * n) + job->person[child];
    hd_union_find_join_shared(job->together, parent, parents_of);
}

/* ---- what records say ---- */

static void take_related(void *arg, const hd_relation_rule *rule, hd_mention i, hd_mention other)
{
    relate_job *job = arg;
    int kind = hd_relation_kind_find(rule->relation);
    if (kind < 0)
        return;
    say(job, (hd_relation_kind)kind, i, other);
    say_parent(job, (hd_relation_kind)kind, i, other);
    if (kind == HD_RELATION_spouse)
        say(job, HD_RELATION_spouse, other, i);
    if (kind == HD_RELATION_mother || kind == HD_RELATION_father)
        say(job, HD_RELATION_child, other, i);
}

/* ---- lookups ---- */

static void side_keys(void *arg, uint32_t begin, uint32_t end, uint64_t *out)
{
    const side *s = arg;
    for (hd_mention i = begin; i < end; i++) {
        bool holds =
            s->condition == HD_NONE || hd_computed_get(&s->computed->item[s->condition], i) == 1;
        out[i - begin] = holds ? hd_computed_key(s->computed, s->number, s->n_keys, i) : 0;
    }
}

static bool same_side(const side *a, const side *b)
{
    return a->n_keys == b->n_keys && a->condition == b->condition &&
           memcmp(a->number, b->number, a->n_keys * sizeof *a->number) == 0;
}

typedef struct joining {
    relate_job *job;
    hd_relation_kind relation;
    const hd_groups *of, *is;
} joining;

/* The one person to whom the mentions of the first key of `is` belong; HD_NO_MENTION: several. */
static hd_mention only_person(const relate_job *job, const hd_keyed *is, size_t n, size_t *n_key)
{
    hd_mention person = job->person[is[0].value];
    *n_key = hd_keyed_run(is, n);
    for (size_t i = 1; i < *n_key; i++)
        if (job->person[is[i].value] != person)
            return HD_NO_MENTION;
    return person;
}

static void say_looked_up(const joining *j, hd_mention of, hd_mention person, const hd_keyed *is,
                          size_t n)
{
    say(j->job, j->relation, of, person);
    for (size_t i = 0; i < n; i++)
        say_parent(j->job, j->relation, of, is[i].value);
}

/* A mention has one key, so no other part says anything of it. */
static hd_status join_part(hd_ctx *ctx, uint32_t part, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const joining *j = arg;
    const hd_keyed *of = j->of->item + j->of->start[part], *is = j->is->item + j->is->start[part];
    size_t n_of = j->of->start[part + 1] - j->of->start[part];
    size_t n_is = j->is->start[part + 1] - j->is->start[part];
    for (size_t i = 0, k = 0, n_key; i < n_is; i += n_key) {
        hd_mention person = only_person(j->job, is + i, n_is - i, &n_key);
        while (k < n_of && of[k].key < is[i].key)
            k++;
        for (; k < n_of && of[k].key == is[i].key; k++)
            if (person != HD_NO_MENTION)
                say_looked_up(j, of[k].value, person, is + i, n_key);
    }
    return HD_OK;
}

static hd_status look_up(hd_ctx *ctx, relate_job *job, hd_relation_kind relation, sides *lookup,
                         const hd_groups *is)
{
    hd_groups of;
    joining j = {job, relation, &of, is};
    hd_status status = hd_group(ctx, job->mentions->n, side_keys, &lookup->of, &of);
    if (status == HD_OK)
        status = hd_parallel(ctx, HD_GROUP_PARTS, join_part, &j);
    hd_groups_release(&of);
    return status;
}

/* In the order in which they are declared: what an earlier one found stays. One after another often
 * looks in the same place. */
static hd_status look_up_in_order(hd_ctx *ctx, relate_job *job)
{
    const hd_ruleset *ruleset = job->mentions->ruleset;
    const side *at = NULL;
    hd_groups is = {0};
    hd_status status = HD_OK;
    for (uint32_t i = 0; i < ruleset->n_lookups && status == HD_OK; i++) {
        sides *lookup = &job->lookups[i];
        hd_relation_kind relation = ruleset->lookups[i].relation;
        if (!job->related[relation])
            continue;
        if (!at || !same_side(at, &lookup->is)) {
            hd_groups_release(&is);
            status = hd_group(ctx, job->mentions->n, side_keys, &lookup->is, &is);
            at = &lookup->is;
        }
        if (status == HD_OK)
            status = look_up(ctx, job, relation, lookup, &is);
    }
    hd_groups_release(&is);
    return status;
}

static side number_side(hd_computed_set *set, const hd_expr **keys, uint32_t n_keys,
                        const hd_expr *condition)
{
    uint32_t *number = HD_NEW_N(&set->arena, uint32_t, n_keys);
    for (uint32_t k = 0; k < n_keys; k++)
        number[k] = hd_computed_add(set, keys[k]);
    return (side){number, n_keys, condition ? hd_computed_add(set, condition) : HD_NONE, set};
}

static hd_status look_up_all(hd_ctx *ctx, relate_job *job)
{
    const hd_ruleset *ruleset = job->mentions->ruleset;
    hd_computed_set *set = job->computed;
    job->lookups = HD_NEW_N(&set->arena, sides, ruleset->n_lookups + 1u);
    for (uint32_t i = 0; i < ruleset->n_lookups; i++) {
        const hd_relation_lookup *declared = &ruleset->lookups[i];
        if (job->related[declared->relation])
            job->lookups[i] =
                (sides){number_side(set, declared->of, declared->n_keys, declared->when),
                        number_side(set, declared->is, declared->n_keys, declared->where)};
    }
    HD_TRY_DOING(ctx, hd_computed_run(ctx, set), "computing what relations go by");
    return look_up_in_order(ctx, job);
}

/* ---- parents of one child ---- */

/* A mention that is said to be no parent knows nothing, whatever others of its person say: two
 * would agree because they were joined. */
static void tell_parents(relate_job *job)
{
    uint32_t n = job->mentions->n, *together = job->together;
    uint32_t *as_parent = job->related[HD_RELATION_as_parent];
    for (uint32_t parents_of = n; parents_of < 3 * n; parents_of++) {
        uint32_t first = hd_union_find_root(together, parents_of);
        if (first < n)
            as_parent[first] = first;
    }
    for (hd_mention i = 0; i < n; i++)
        as_parent[i] = as_parent[hd_union_find_root(together, i)];
}

/* ---- */

static void begin(relate_job *job)
{
    size_t n = (size_t)job->mentions->n + 1;
    uint32_t asked = job->mentions->ruleset->relations_asked;
    if (asked >> HD_RELATION_as_parent & 1 && n <= UINT32_MAX / 3) {
        job->together = hd_alloc_mapped(3 * n, sizeof *job->together);
        hd_union_find_init(job->together, 3 * job->mentions->n);
        asked |= UINT32_C(1) << HD_RELATION_mother | UINT32_C(1) << HD_RELATION_father;
    }
    for (int r = 0; r < HD_N_RELATED; r++) {
        if (!(asked >> r & 1))
            continue;
        job->related[r] = hd_fill_none(hd_alloc_mapped(n, sizeof *job->related[r]), n);
    }
    if (job->related[HD_RELATION_self])
        memcpy(job->related[HD_RELATION_self], job->person, job->mentions->n * sizeof *job->person);
}

/* A person goes by its smallest mention. */
static hd_mention *persons_of(const hd_clusters *clusters, uint32_t n_mentions)
{
    hd_mention *person = hd_alloc(((size_t)n_mentions + 1) * sizeof *person);
    for (uint32_t c = 0; c < clusters->n; c++)
        for (uint32_t i = clusters->start[c]; i < clusters->start[c + 1]; i++)
            person[clusters->member[i]] = clusters->member[clusters->start[c]];
    return person;
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
    relate_job job = {.mentions = mentions,
                      .clusters = clusters,
                      .computed = computed,
                      .person = persons_of(clusters, mentions->n)};
    begin(&job);
    hd_mentions_each_related(mentions, take_related, &job);
    hd_status status = look_up_all(ctx, &job);
    if (job.together)
        tell_parents(&job);
    hd_free_mapped(job.together);
    *changed = hand_over(&job, mentions, 0, HD_N_RELATION_KINDS);
    if (status == HD_OK && job.related[HD_BIRTH_ORDER])
        status = hd_births_order(ctx, mentions, clusters, job.person, job.related[HD_BIRTH_ORDER]);
    *changed |= hand_over(&job, mentions, HD_BIRTH_ORDER, HD_N_RELATED);
    hd_free(job.person);
    return status;
}

void hd_relate_forget(hd_mentions *mentions)
{
    for (int r = 0; r < HD_N_RELATED; r++) {
        hd_free_mapped(mentions->related[r]);
        mentions->related[r] = NULL;
    }
}
