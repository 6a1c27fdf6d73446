/* Which persons are related, from the records that name them together. */

#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/reconcile/reconcile.h"

#define PARENT HD_STR("parent")
#define CHILD HD_STR("child")
#define SPOUSE HD_STR("spouse")

typedef struct found {
    hd_relation *relation;
    size_t n, cap;
} found;

/* What is known last of a person's marriages counts for spouse; of one day, the larger mention. */
typedef struct marriage {
    hd_date date;       /* on which it began, or, where it has, ended; 0: not known */
    hd_mention mention; /* HD_NO_MENTION: none */
} marriage;

typedef struct relations_job {
    const hd_reconcile *reconcile;
    found found;
    marriage *marriages;     /* [person] */
    hd_mention *parent_said; /* [person * 2], mother, father: the mention that says who it is */
} relations_job;

static void add_relation(relations_job *job, hd_str relation, hd_mention mention, uint32_t other,
                         hd_date start, hd_date end)
{
    found *f = &job->found;
    HD_GROW(f->relation, f->cap, f->n + 1);
    f->relation[f->n++] = (hd_relation){.person = job->reconcile->clusters->of[mention],
                                        .other_person = other,
                                        .relation = relation,
                                        .start_date = start,
                                        .end_date = end,
                                        .mention = mention};
}

/* A marriage that has ended makes no spouse, but it also stands for the end of those before it. */
static void note_spouse(relations_job *job, hd_mention mention, uint32_t other, hd_date date,
                        bool ended)
{
    uint32_t person = job->reconcile->clusters->of[mention];
    marriage *last = &job->marriages[person];
    if (last->mention != HD_NO_MENTION &&
        (date < last->date || (date == last->date && mention < last->mention)))
        return;
    *last = (marriage){date, mention};
    job->reconcile->persons->spouse[person] = ended ? HD_NO_PERSON : other;
}

/* Of several records that name a mother, the smallest mention's counts. */
static void note_parent(relations_job *job, bool father, hd_mention mention, uint32_t other)
{
    hd_persons *persons = job->reconcile->persons;
    uint32_t person = job->reconcile->clusters->of[mention];
    hd_mention *said = &job->parent_said[(size_t)person * 2 + father];
    if (mention >= *said) /* HD_NO_MENTION is larger than all */
        return;
    *said = mention;
    (father ? persons->father : persons->mother)[person] = other;
}

static void take_related(void *arg, const hd_relation_rule *rule, hd_mention mention,
                         hd_mention other)
{
    relations_job *job = arg;
    const hd_mentions *mentions = job->reconcile->mentions;
    uint32_t person = job->reconcile->clusters->of[mention];
    uint32_t other_person = job->reconcile->clusters->of[other];
    if (person == other_person)
        return;
    hd_value start = HD_NULL, end = HD_NULL;
    if (rule->start_field >= 0)
        start = hd_mention_value(mentions, mention, (uint32_t)rule->start_field);
    if (rule->end_field >= 0)
        end = hd_mention_value(mentions, mention, (uint32_t)rule->end_field);
    hd_date from = start == HD_NULL ? 0 : (hd_date)start, to = end == HD_NULL ? 0 : (hd_date)end;
    bool mother = hd_str_eq(rule->relation, HD_STR("mother"));
    bool father = hd_str_eq(rule->relation, HD_STR("father"));
    if (mother || father)
        note_parent(job, father, mention, other_person);
    if (mother || father || hd_str_eq(rule->relation, PARENT)) {
        add_relation(job, PARENT, mention, other_person, from, to);
        add_relation(job, CHILD, other, person, from, to);
    } else if (hd_str_eq(rule->relation, CHILD)) {
        add_relation(job, CHILD, mention, other_person, from, to);
        add_relation(job, PARENT, other, person, from, to);
    } else if (hd_str_eq(rule->relation, SPOUSE)) {
        add_relation(job, SPOUSE, mention, other_person, from, to);
        add_relation(job, SPOUSE, other, person, from, to);
        bool ended = to || (rule->start_field < 0 && rule->end_field >= 0);
        hd_date last = to > from ? to : from;
        note_spouse(job, mention, other_person, last, ended);
        note_spouse(job, other, person, last, ended);
    } else { /* a county's own relation has no inverse that we know */
        add_relation(job, rule->relation, mention, other_person, from, to);
    }
}

/* Every relation that can be found, each once. */
static hd_str *relation_names(const hd_ruleset *ruleset, uint32_t *n_names)
{
    size_t n = 3;
    for (uint32_t s = 0; s < ruleset->n_sources; s++)
        n += ruleset->sources[s].n_relations;
    hd_str *names = hd_alloc(n * sizeof *names);
    names[0] = PARENT, names[1] = CHILD, names[2] = SPOUSE;
    *n_names = 3;
    for (uint32_t s = 0; s < ruleset->n_sources; s++) {
        for (uint32_t r = 0; r < ruleset->sources[s].n_relations; r++) {
            hd_str name = ruleset->sources[s].relations[r].relation;
            uint32_t k = 0;
            while (k < *n_names && !hd_str_eq(names[k], name))
                k++;
            names[k] = name;
            *n_names += k == *n_names;
        }
    }
    return names;
}

/* Place of a relation among all, in the order of their texts. */
static uint32_t relation_rank(const hd_str *names, uint32_t n, hd_str relation)
{
    uint32_t rank = 0;
    for (uint32_t i = 0; i < n; i++)
        rank += hd_str_cmp(names[i], relation) < 0;
    return rank;
}

/* By person, relation, other, mention: least significant first, each pass stable. */
static void sort_relations(const relations_job *job, hd_keyed *items)
{
    const found *f = &job->found;
    uint32_t n_names;
    hd_str *names = relation_names(job->reconcile->ruleset, &n_names);
    for (size_t i = 0; i < f->n; i++)
        items[i] = (hd_keyed){f->relation[i].mention, (uint32_t)i};
    hd_sort_keyed(items, f->n);
    for (size_t i = 0; i < f->n; i++)
        items[i].key = f->relation[items[i].value].other_person;
    hd_sort_keyed(items, f->n);
    for (size_t i = 0; i < f->n; i++) {
        const hd_relation *r = &f->relation[items[i].value];
        items[i].key = (uint64_t)r->person << 16 | relation_rank(names, n_names, r->relation);
    }
    hd_sort_keyed(items, f->n);
    hd_free(names);
}

static bool same_relation(const hd_relation *a, const hd_relation *b)
{
    return a->person == b->person && a->other_person == b->other_person &&
           hd_str_eq(a->relation, b->relation);
}

/* Of equal relations that of the smallest mention stays. Others say when it began, where that one
 * does not, and when it ended, unless it began anew after. */
static hd_relation merge(const found *f, const hd_keyed *items, size_t n)
{
    hd_relation kept = f->relation[items[0].value];
    hd_date last_start = 0, last_end = 0;
    for (size_t i = 0; i < n; i++) {
        const hd_relation *r = &f->relation[items[i].value];
        last_start = r->start_date > last_start ? r->start_date : last_start;
        last_end = r->end_date > last_end ? r->end_date : last_end;
        if (!kept.start_date)
            kept.start_date = r->start_date;
    }
    if (n > 1)
        kept.end_date = last_end >= last_start ? last_end : 0;
    return kept;
}

/* Sorted into the arena, each once. */
static void keep_relations(const relations_job *job)
{
    const found *f = &job->found;
    hd_persons *persons = job->reconcile->persons;
    HD_ASSERT(f->n <= UINT32_MAX);
    hd_keyed *items = hd_alloc(f->n * sizeof *items);
    sort_relations(job, items);
    persons->relation = hd_arena_alloc(&persons->arena, f->n * sizeof(hd_relation));
    for (size_t i = 0, end; i < f->n; i = end) {
        const hd_relation *first = &f->relation[items[i].value];
        for (end = i + 1; end < f->n && same_relation(first, &f->relation[items[end].value]);)
            end++;
        persons->relation[persons->n_relations++] = merge(f, items + i, end - i);
    }
    hd_free(items);
}

static uint32_t *no_persons(hd_persons *persons)
{
    size_t n = persons->n;
    return hd_fill_none(hd_arena_alloc(&persons->arena, n * sizeof(uint32_t)), n);
}

void hd_relations_find(const hd_reconcile *reconcile)
{
    hd_persons *persons = reconcile->persons;
    size_t n = persons->n;
    persons->spouse = no_persons(persons);
    persons->mother = no_persons(persons);
    persons->father = no_persons(persons);
    relations_job job = {.reconcile = reconcile};
    job.marriages = hd_alloc(n * sizeof *job.marriages);
    for (size_t i = 0; i < n; i++)
        job.marriages[i] = (marriage){.mention = HD_NO_MENTION};
    job.parent_said = hd_fill_none(hd_alloc(2 * n * sizeof *job.parent_said), 2 * n);
    hd_mentions_each_related(reconcile->mentions, take_related, &job);
    keep_relations(&job);
    hd_free(job.found.relation);
    hd_free(job.marriages);
    hd_free(job.parent_said);
}
