/* Which person_id a cluster has, and what became of the ids of the last published run.
 *
 * A part is what a cluster and a former person have in common. A former person's largest part may
 * keep its id; of the former persons whose largest part lies in one cluster, one gives its id and
 * the others are merged into it. Every other cluster gets a new id: keyed BLAKE2b of its smallest
 * mention's key, hashed again with a counter while that id was ever given. */

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "pipeline/reconcile/reconcile.h"

#define NONE UINT32_MAX

/* Ids, each once, numbered as they came. The tag is a half of the id's hash: it places the slot, so
 * that growing reads no id, and turns away nearly every other id. */
typedef struct id_slot {
    uint32_t tag, number_plus_1; /* 0: free */
} id_slot;

typedef struct id_set {
    hd_str *id;
    size_t cap;
    uint32_t n;
    id_slot *slot;
    uint32_t mask; /* number of slots - 1 */
} id_set;

typedef struct part {
    uint32_t cluster;
    uint32_t former;  /* person of the last published run */
    uint32_t n;       /* mentions */
    hd_mention first; /* the smallest */
} part;

typedef struct identity {
    const hd_reconcile *reconcile;
    const uint8_t *key;
    const hd_previous *previous;
    id_set ids;        /* that were ever given */
    uint32_t *largest; /* [former person] part; NONE: no mention of it is left */
    part *parts;       /* by cluster */
    size_t n_parts, parts_cap;
    uint32_t *part_start; /* [cluster + 1] */
    uint32_t *kept;       /* [cluster] former person whose id it has; NONE: a new id */
    hd_history *history;
    size_t n_history, history_cap;
    char *id_bytes; /* [cluster * (HD_ID_CHARS + 1)] what person_id points to */
} identity;

/* ---- the set of all ids that were ever given ---- */

static void set_grow_slots(id_set *set)
{
    uint32_t n_old = set->slot ? set->mask + 1 : 0, mask = n_old ? n_old * 2 - 1 : 1023;
    id_slot *slot = hd_alloc_zero((size_t)mask + 1, sizeof *slot);
    for (uint32_t i = 0; i < n_old; i++) {
        uint32_t at = set->slot[i].tag & mask;
        if (!set->slot[i].number_plus_1)
            continue;
        while (slot[at].number_plus_1)
            at = (at + 1) & mask;
        slot[at] = set->slot[i];
    }
    hd_free(set->slot);
    set->slot = slot;
    set->mask = mask;
}

/* The id's slot, or the free one where it belongs. */
static id_slot *set_slot(const id_set *set, hd_str id, uint32_t tag)
{
    for (uint32_t at = tag & set->mask;; at = (at + 1) & set->mask) {
        id_slot *slot = &set->slot[at];
        if (!slot->number_plus_1 ||
            (slot->tag == tag && hd_str_eq(set->id[slot->number_plus_1 - 1], id)))
            return slot;
    }
}

static uint32_t tag_of(hd_str id)
{
    return (uint32_t)hd_hash64(id.ptr, id.len_bytes, 0);
}

/* The id's number; it was added where that is the count of before. The bytes are not copied. */
static uint32_t set_add(id_set *set, hd_str id)
{
    if (!set->slot || set->n > set->mask / 2)
        set_grow_slots(set);
    uint32_t tag = tag_of(id);
    id_slot *slot = set_slot(set, id, tag);
    if (!slot->number_plus_1) {
        HD_GROW(set->id, set->cap, (size_t)set->n + 1);
        set->id[set->n] = id;
        *slot = (id_slot){tag, ++set->n};
    }
    return slot->number_plus_1 - 1;
}

static bool set_has(const id_set *set, hd_str id)
{
    return set->slot && set_slot(set, id, tag_of(id))->number_plus_1 != 0;
}

static hd_str role_code(const hd_mentions *mentions, hd_mention i)
{
    return mentions->ruleset->sources[mentions->source[i]].roles[mentions->role[i]].code;
}

static hd_str source_code(const hd_mentions *mentions, hd_mention i)
{
    return mentions->ruleset->sources[mentions->source[i]].code;
}

static void take_ids(identity *job)
{
    for (uint32_t f = 0; f < job->previous->n_persons; f++)
        set_add(&job->ids, job->previous->person[f].id);
    for (size_t k = 0; k < job->previous->n_retired; k++)
        set_add(&job->ids, job->previous->retired[k]);
}

/* ---- who keeps an id ---- */

static void add_to_part(identity *job, size_t first_part, uint32_t cluster, hd_mention i)
{
    uint32_t number = job->previous->of[i];
    for (size_t p = first_part; p < job->n_parts; p++) {
        if (job->parts[p].former == number) {
            job->parts[p].n++;
            return;
        }
    }
    HD_GROW(job->parts, job->parts_cap, job->n_parts + 1);
    job->parts[job->n_parts++] = (part){cluster, number, 1, i};
}

static bool was_there(const identity *job, hd_mention i)
{
    return job->previous && job->previous->of && job->previous->of[i] != HD_NO_PERSON;
}

static void find_parts(identity *job)
{
    const hd_clusters *clusters = job->reconcile->clusters;
    for (uint32_t c = 0; c < clusters->n; c++) {
        size_t first_part = job->n_parts;
        job->part_start[c] = (uint32_t)first_part;
        for (uint32_t j = clusters->start[c]; j < clusters->start[c + 1]; j++) {
            if (was_there(job, clusters->member[j]))
                add_to_part(job, first_part, c, clusters->member[j]);
        }
    }
    job->part_start[clusters->n] = (uint32_t)job->n_parts;
}

static void find_largest_parts(identity *job)
{
    for (uint32_t p = 0; p < job->n_parts; p++) {
        const part *this = &job->parts[p];
        uint32_t *largest = &job->largest[this->former];
        const part *best = *largest == NONE ? NULL : &job->parts[*largest];
        if (!best || this->n > best->n || (this->n == best->n && this->first < best->first))
            *largest = p;
    }
}

/* More of the cluster's mentions, then first seen earlier, then the smaller id. */
static bool has_better_claim(const identity *job, const part *a, const part *b)
{
    if (a->n != b->n)
        return a->n > b->n;
    const hd_previous_person *x = &job->previous->person[a->former];
    const hd_previous_person *y = &job->previous->person[b->former];
    int c = hd_str_cmp(x->first_run, y->first_run);
    return c ? c < 0 : hd_str_cmp(x->id, y->id) < 0;
}

static void choose_kept(identity *job)
{
    for (uint32_t c = 0; c < job->reconcile->clusters->n; c++) {
        const part *best = NULL;
        for (uint32_t p = job->part_start[c]; p < job->part_start[c + 1]; p++) {
            const part *this = &job->parts[p];
            if (job->largest[this->former] == p && (!best || has_better_claim(job, this, best)))
                best = this;
        }
        job->kept[c] = best ? best->former : NONE;
    }
}

/* ---- ids ---- */

/* `counter` 0: the first attempt, without one. */
static void make_id(const identity *job, uint32_t cluster, uint32_t counter, hd_buf *message,
                    char *out)
{
    const hd_clusters *clusters = job->reconcile->clusters;
    const hd_mentions *mentions = job->reconcile->mentions;
    hd_mention i = clusters->member[clusters->start[cluster]];
    hd_buf_clear(message);
    hd_buf_add(message, source_code(mentions, i));
    hd_buf_add_char(message, '\x1f');
    hd_buf_add(message, hd_mention_record_id(mentions, i));
    hd_buf_add_char(message, '\x1f');
    hd_buf_add(message, role_code(mentions, i));
    if (counter)
        hd_buf_addf(message, "\x1f%u", counter);
    hd_keyed_id(job->key, hd_buf_str(message), out);
}

static char *id_bytes(const identity *job, uint32_t cluster)
{
    return job->id_bytes + (size_t)cluster * (HD_ID_CHARS + 1);
}

/* New ids are compared with all that were ever given, not with each other: no two clusters hash the
 * same message, and 128 bits do not meet by chance. */
static hd_status make_ids_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const identity *job = arg;
    hd_buf message = {0};
    uint32_t begin, end;
    hd_reconcile_range(job->reconcile, task, &begin, &end);
    for (uint32_t c = begin; c < end; c++) {
        if (job->kept[c] != NONE)
            continue;
        uint32_t counter = 0;
        do
            make_id(job, c, counter++, &message, id_bytes(job, c));
        while (set_has(&job->ids, (hd_str){id_bytes(job, c), HD_ID_CHARS}));
    }
    hd_buf_release(&message);
    return HD_OK;
}

/* first_run texts are few: interned, so that a million persons share them. */
static void keep_id(identity *job, uint32_t cluster)
{
    hd_persons *persons = job->reconcile->persons;
    const hd_previous_person *former = &job->previous->person[job->kept[cluster]];
    hd_str id = former->id, first_run = former->first_run;
    HD_ASSERT(id.len_bytes == HD_ID_CHARS);
    memcpy(id_bytes(job, cluster), id.ptr, HD_ID_CHARS);
    id_bytes(job, cluster)[HD_ID_CHARS] = '\0';
    hd_pool *texts = job->reconcile->ruleset->texts;
    persons->first_run[cluster] = hd_pool_get(texts, hd_pool_intern(texts, first_run));
}

static hd_status give_ids(hd_ctx *ctx, identity *job)
{
    hd_persons *persons = job->reconcile->persons;
    job->id_bytes = hd_arena_alloc(&persons->arena, (size_t)persons->n * (HD_ID_CHARS + 1));
    persons->person_id = HD_NEW_N(&persons->arena, hd_str, persons->n);
    persons->first_run = HD_NEW_N(&persons->arena, hd_str, persons->n);
    for (uint32_t c = 0; c < persons->n; c++) {
        persons->person_id[c] = (hd_str){id_bytes(job, c), HD_ID_CHARS};
        if (job->kept[c] != NONE)
            keep_id(job, c);
    }
    return hd_parallel(ctx, hd_reconcile_n_tasks(job->reconcile), make_ids_task, job);
}

/* ---- history ---- */

static void add_history(identity *job, hd_event event, hd_str person_id, hd_str other)
{
    HD_GROW(job->history, job->history_cap, job->n_history + 1);
    job->history[job->n_history++] = (hd_history){person_id, other, event};
}

/* The id of a former person, outliving the previous run's memory. */
static hd_str former_id(identity *job, uint32_t number)
{
    return hd_arena_str(&job->reconcile->persons->arena, job->previous->person[number].id);
}

static void record_history(identity *job)
{
    const hd_str *person_id = job->reconcile->persons->person_id;
    for (uint32_t c = 0; c < job->reconcile->clusters->n; c++) {
        if (job->kept[c] != NONE)
            continue;
        if (job->part_start[c] == job->part_start[c + 1])
            add_history(job, HD_EVENT_NEW, person_id[c], HD_STR_NULL);
        for (uint32_t p = job->part_start[c]; p < job->part_start[c + 1]; p++)
            add_history(job, HD_EVENT_SPLIT_FROM, person_id[c],
                        former_id(job, job->parts[p].former));
    }
    for (uint32_t f = 0; job->previous && f < job->previous->n_persons; f++) {
        uint32_t largest = job->largest[f];
        if (largest == NONE) {
            add_history(job, HD_EVENT_RETIRED, former_id(job, f), HD_STR_NULL);
            continue;
        }
        uint32_t cluster = job->parts[largest].cluster;
        if (job->kept[cluster] != f)
            add_history(job, HD_EVENT_MERGED_INTO, former_id(job, f), person_id[cluster]);
    }
}

static int compare_history(const void *a, const void *b)
{
    const hd_history *x = a, *y = b;
    int c = hd_str_cmp(x->person_id, y->person_id);
    if (c == 0)
        c = (x->event > y->event) - (x->event < y->event);
    return c ? c : hd_str_cmp(x->other_person_id, y->other_person_id);
}

/* Into the arena, by person_id, event, other: by the first eight bytes at once (at the first run
 * there is a line for every person), then the few that are equal in those. */
static void sort_history(identity *job)
{
    hd_persons *persons = job->reconcile->persons;
    size_t n = job->n_history;
    hd_keyed *items = hd_alloc(n * sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = (hd_keyed){hd_sort_prefix(job->history[i].person_id, 0), (uint32_t)i};
    hd_sort_keyed(items, n);
    persons->history = hd_arena_alloc(&persons->arena, n * sizeof(hd_history));
    persons->n_history = n;
    for (size_t i = 0; i < n; i++)
        persons->history[i] = job->history[items[i].value];
    for (size_t i = 0, run; i < n; i += run) {
        run = hd_keyed_run(items + i, n - i);
        if (run > 1)
            qsort(persons->history + i, run, sizeof(hd_history), compare_history);
    }
    hd_free(items);
}

/* ---- */

static void release_identity(identity *job)
{
    hd_free(job->ids.id);
    hd_free(job->ids.slot);
    hd_free(job->largest);
    hd_free(job->parts);
    hd_free(job->part_start);
    hd_free(job->kept);
    hd_free(job->history);
}

hd_status hd_identity_assign(hd_ctx *ctx, const hd_reconcile *reconcile, const uint8_t key[32],
                             const hd_previous *previous)
{
    identity job = {.reconcile = reconcile, .key = key, .previous = previous};
    size_t n = reconcile->clusters->n, n_former = previous ? previous->n_persons : 0;
    job.largest = hd_fill_none(hd_alloc(n_former * sizeof *job.largest), n_former);
    job.part_start = hd_alloc((n + 1) * sizeof *job.part_start);
    job.kept = hd_alloc(n * sizeof *job.kept);
    if (previous)
        take_ids(&job);
    find_parts(&job);
    find_largest_parts(&job);
    choose_kept(&job);
    hd_status status = give_ids(ctx, &job);
    if (status == HD_OK) {
        record_history(&job);
        sort_history(&job);
    }
    release_identity(&job);
    return status;
}
