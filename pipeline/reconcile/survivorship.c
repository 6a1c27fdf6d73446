/* Which mention's value a person gets.
 *
 * Field by field over a chunk of persons: the values of a chunk's members are gathered first, so
 * that the look-ups (column, then table of distinct values) are independent loads that overlap, and
 * all that compares runs over what was gathered. A candidate's criteria are packed into one number,
 * the first criterion highest; the greatest wins, among equals the smallest mention. */

#include "base/mem.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "pipeline/reconcile/reconcile.h"

/* Bits of a packed criterion; together 60, each counts once. */
enum {
    STATE_BITS = 3,
    SOURCE_BITS = 7,
    FREQUENT_BITS = 7,
    RECENT_BITS = 27, /* yyyymmdd */
    LONGEST_BITS = 16,
    FEW = 16 /* members: below, looking at each is cheaper than sorting */
};
_Static_assert(HD_N_STATES <= 1 << STATE_BITS, "a state must fit its bits");
_Static_assert(HD_SOURCES_MAX < 1 << SOURCE_BITS && HD_SOURCES_MAX <= 64,
               "sources are counted in the bits of one word");
_Static_assert(99991231 < 1 << RECENT_BITS, "a date must fit its bits");

/* One person field, ready to be chosen. */
typedef struct chooser {
    uint16_t field;
    bool is_text;
    uint8_t n_prefer;
    const uint8_t *prefer;        /* hd_prefer, each once */
    uint8_t rank[HD_SOURCES_MAX]; /* of a source by its type: lower is better */
} chooser;

/* What is known of the members of a chunk, in member order. One a worker. */
typedef struct gathered {
    hd_value *value;
    uint8_t *state;
    uint8_t *source;
    hd_date *recent;
    uint8_t *n_sources; /* that give this value to this person */
    hd_keyed *sorted;
    size_t cap;
} gathered;

typedef struct survivorship_job {
    const hd_reconcile *reconcile;
    chooser choosers[HD_FIELDS_MAX];
    uint32_t n_choosers;
    int recency[3]; /* fields, the first that has a date counts; -1: none */
    gathered *scratch;
} survivorship_job;

static const uint8_t packaged_default[] = {HD_PREFER_STATE, HD_PREFER_SOURCE, HD_PREFER_FREQUENT,
                                           HD_PREFER_RECENT};

static chooser chooser_of(const hd_ruleset *ruleset, uint16_t field)
{
    const hd_survivorship *rule = hd_survivorship_find(ruleset, field);
    chooser c = {.field = field,
                 .is_text = ruleset->fields[field].kind != HD_KIND_date,
                 .prefer = rule ? rule->prefer : packaged_default,
                 .n_prefer = rule ? rule->n_prefer : sizeof packaged_default};
    for (uint32_t s = 0; s < ruleset->n_sources; s++) {
        uint32_t n_types = rule ? rule->n_source_types : 0, place = 0;
        while (place < n_types && !hd_str_eq(rule->source_types[place], ruleset->sources[s].type))
            place++;
        c.rank[s] = (uint8_t)(place < HD_SOURCES_MAX ? place : HD_SOURCES_MAX);
    }
    return c;
}

static void grow_gathered(gathered *g, size_t need)
{
    if (need <= g->cap)
        return;
    g->value = hd_realloc(g->value, need, sizeof *g->value);
    g->state = hd_realloc(g->state, need, sizeof *g->state);
    g->source = hd_realloc(g->source, need, sizeof *g->source);
    g->recent = hd_realloc(g->recent, need, sizeof *g->recent);
    g->n_sources = hd_realloc(g->n_sources, need, sizeof *g->n_sources);
    g->sorted = hd_realloc(g->sorted, need, sizeof *g->sorted);
    g->cap = need;
}

static void release_gathered(gathered *g)
{
    hd_free(g->value);
    hd_free(g->state);
    hd_free(g->source);
    hd_free(g->recent);
    hd_free(g->n_sources);
    hd_free(g->sorted);
}

/* When a mention was last known to be right: `updated`, else `registered`, else `event_date`. */
static hd_date recency(const survivorship_job *job, hd_mention i)
{
    for (int k = 0; k < 3; k++) {
        if (job->recency[k] < 0)
            continue;
        hd_value date = hd_mention_value(job->reconcile->mentions, i, (uint32_t)job->recency[k]);
        if (date != HD_NULL)
            return (hd_date)date;
    }
    return 0;
}

static void gather_members(const survivorship_job *job, gathered *g, const hd_mention *member,
                           uint32_t n)
{
    const hd_mentions *mentions = job->reconcile->mentions;
    for (uint32_t j = 0; j < n; j++)
        g->source[j] = (uint8_t)mentions->source[member[j]];
    for (uint32_t j = 0; j < n; j++)
        g->recent[j] = recency(job, member[j]);
}

static void gather_values(const hd_mentions *mentions, uint32_t field, gathered *g,
                          const hd_mention *member, uint32_t n)
{
    const hd_value_no *column = mentions->column[field];
    const hd_values *values = &mentions->extract->values;
    const hd_standard *standard = values->standard[values->pool_of[field]];
    for (uint32_t j = 0; j < n; j++) {
        hd_value_no no = column[member[j]];
        g->value[j] = no ? hd_standard_value(&standard[no]) : HD_NULL;
        g->state[j] = no ? standard[no].state : HD_STATE_missing;
    }
}

static uint8_t n_bits(uint64_t set)
{
    return (uint8_t)__builtin_popcountll(set);
}

/* n_sources for the members [begin, end) of one person. */
static void count_sources(gathered *g, uint32_t begin, uint32_t end)
{
    if (end - begin <= FEW) {
        for (uint32_t i = begin; i < end; i++) {
            uint64_t sources = 0;
            for (uint32_t j = begin; j < end; j++)
                sources |= g->value[j] == g->value[i] ? UINT64_C(1) << g->source[j] : 0;
            g->n_sources[i] = n_bits(sources);
        }
        return;
    }
    uint32_t n = end - begin;
    for (uint32_t i = 0; i < n; i++)
        g->sorted[i] = (hd_keyed){g->value[begin + i], begin + i};
    hd_sort_keyed(g->sorted, n);
    for (uint32_t i = 0, j; i < n; i = j) {
        uint64_t sources = 0;
        for (j = i; j < n && g->sorted[j].key == g->sorted[i].key; j++)
            sources |= UINT64_C(1) << g->source[g->sorted[j].value];
        for (uint32_t k = i; k < j; k++)
            g->n_sources[g->sorted[k].value] = n_bits(sources);
    }
}

static uint64_t text_length(const hd_ruleset *ruleset, hd_value value)
{
    uint32_t n = hd_utf8_count(hd_pool_get(ruleset->texts, (hd_text)value));
    return n < 1 << LONGEST_BITS ? n : (1 << LONGEST_BITS) - 1;
}

/* `differ`: the person's values are not all one, so that frequency and length can decide. */
static uint64_t score(const hd_ruleset *ruleset, const chooser *c, const gathered *g, uint32_t j,
                      bool differ)
{
    uint64_t packed = 0;
    for (uint32_t i = 0; i < c->n_prefer; i++) {
        switch ((hd_prefer)c->prefer[i]) {
        case HD_PREFER_STATE:
            packed = packed << STATE_BITS | (uint64_t)(HD_N_STATES - 1 - g->state[j]);
            break;
        case HD_PREFER_SOURCE:
            packed = packed << SOURCE_BITS | (uint64_t)(HD_SOURCES_MAX - c->rank[g->source[j]]);
            break;
        case HD_PREFER_FREQUENT:
            packed = packed << FREQUENT_BITS | (differ ? g->n_sources[j] : 0);
            break;
        case HD_PREFER_RECENT:
            packed = packed << RECENT_BITS | (uint32_t)g->recent[j];
            break;
        case HD_PREFER_LONGEST:
            packed = packed << LONGEST_BITS |
                     (differ && c->is_text ? text_length(ruleset, g->value[j]) : 0);
            break;
        }
    }
    return packed;
}

/* The winner among the members [begin, end) of one person; UINT32_MAX: none has a value. */
static uint32_t choose(const hd_ruleset *ruleset, const chooser *c, gathered *g, uint32_t begin,
                       uint32_t end)
{
    uint32_t first = UINT32_MAX, n = 0;
    bool differ = false;
    for (uint32_t j = begin; j < end; j++) {
        if (g->value[j] == HD_NULL)
            continue;
        if (n++ == 0)
            first = j;
        differ = differ || g->value[j] != g->value[first];
    }
    if (n <= 1)
        return first;
    if (differ)
        count_sources(g, begin, end);
    uint32_t best = first;
    uint64_t best_score = score(ruleset, c, g, first, differ);
    for (uint32_t j = first + 1; j < end; j++) {
        if (g->value[j] == HD_NULL)
            continue;
        uint64_t this_score = score(ruleset, c, g, j, differ);
        if (this_score > best_score) {
            best = j;
            best_score = this_score;
        }
    }
    return best;
}

static hd_status choose_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const survivorship_job *job = arg;
    const hd_clusters *clusters = job->reconcile->clusters;
    gathered *g = &job->scratch[worker];
    uint32_t begin, end;
    hd_reconcile_range(job->reconcile, task, &begin, &end);
    uint32_t first = clusters->start[begin], n = clusters->start[end] - first;
    const hd_mention *member = clusters->member + first;
    grow_gathered(g, n);
    gather_members(job, g, member, n);
    for (uint32_t i = 0; i < job->n_choosers; i++) {
        const chooser *c = &job->choosers[i];
        hd_mention *won = job->reconcile->persons->won[c->field];
        gather_values(job->reconcile->mentions, c->field, g, member, n);
        for (uint32_t person = begin; person < end; person++) {
            uint32_t best = choose(job->reconcile->ruleset, c, g, clusters->start[person] - first,
                                   clusters->start[person + 1] - first);
            won[person] = best == UINT32_MAX ? HD_NO_MENTION : member[best];
        }
    }
    return HD_OK;
}

static int date_field(const hd_ruleset *ruleset, hd_str code)
{
    int field = hd_field_find(ruleset, code);
    return field >= 0 && ruleset->fields[field].kind == HD_KIND_date ? field : -1;
}

hd_status hd_survivorship_choose(hd_ctx *ctx, const hd_reconcile *reconcile)
{
    const hd_ruleset *ruleset = reconcile->ruleset;
    hd_persons *persons = reconcile->persons;
    survivorship_job job = {.reconcile = reconcile,
                            .recency = {date_field(ruleset, HD_STR("updated")),
                                        date_field(ruleset, HD_STR("registered")),
                                        date_field(ruleset, HD_STR("event_date"))}};
    for (uint16_t field = 0; field < ruleset->n_fields; field++) {
        if (!ruleset->fields[field].person || !reconcile->mentions->column[field])
            continue;
        persons->won[field] =
            hd_arena_alloc(&persons->arena, (size_t)persons->n * sizeof(hd_mention));
        job.choosers[job.n_choosers++] = chooser_of(ruleset, field);
    }
    job.scratch = hd_alloc_zero(ctx->n_threads, sizeof *job.scratch);
    hd_status status = hd_parallel(ctx, hd_reconcile_n_tasks(reconcile), choose_task, &job);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        release_gathered(&job.scratch[i]);
    hd_free(job.scratch);
    return status;
}
