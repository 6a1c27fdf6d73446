/* What the last published run said: who each mention was, and which ids must not return. */

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/stages.h"

/* Open addressing. The tag, bits of the hash, spares a look at nearly every text but the right one:
 * at a million ids each look is a miss of the cache or two. */
typedef struct text_slot {
    uint32_t tag;
    uint32_t number; /* + 1; 0: free */
} text_slot;

/* Texts, each once, numbered as they came. */
typedef struct text_set {
    hd_str *text;
    size_t cap;
    uint32_t n;
    text_slot *slot;
    uint32_t mask;
} text_set;

/* A person as the store gave it. */
typedef struct stored_person {
    hd_str first_run;
    uint32_t number; /* in the order of first mentions */
} stored_person;

/* A row of mention that was read: its person's id is looked up with those of others, so that the
 * waits for memory overlap. Its texts begin in `bytes`, one after the other. */
enum { WAITING = 32, LINK_TEXTS = 4, LINK_ID = 3 };
typedef struct waiting {
    uint32_t at;
    uint32_t len_bytes[LINK_TEXTS]; /* source, record_id, role, person_id */
    uint64_t hash;                  /* of the last */
} waiting;

typedef struct reader {
    hd_store *store;
    const hd_mentions *mentions;
    hd_previous *out;
    text_set ids;          /* of persons */
    text_set first_runs;   /* few */
    stored_person *person; /* [number of an id] */
    size_t stored_cap, persons_cap, retired_cap;
    hd_mention next; /* mentions before it were met, or are new */
    hd_buf last[3];  /* key of the last link */
    waiting waiting[WAITING];
    uint32_t n_waiting;
    hd_buf bytes;
} reader;

static text_slot *find_slot(const text_set *set, hd_str text, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & set->mask, tag = (uint32_t)(hash >> 32);
    while (set->slot[at].number &&
           (set->slot[at].tag != tag || !hd_str_eq(set->text[set->slot[at].number - 1], text)))
        at = (at + 1) & set->mask;
    return &set->slot[at];
}

static uint64_t hash_of(hd_str text)
{
    return hd_hash64(text.ptr, text.len_bytes, 0);
}

static void grow_slots(text_set *set)
{
    uint32_t n_slots = set->slot ? (set->mask + 1) * 2 : 1024;
    hd_free(set->slot);
    set->slot = hd_alloc_zero(n_slots, sizeof *set->slot);
    set->mask = n_slots - 1;
    for (uint32_t i = 0; i < set->n; i++) {
        uint64_t hash = hash_of(set->text[i]);
        *find_slot(set, set->text[i], hash) = (text_slot){(uint32_t)(hash >> 32), i + 1};
    }
}

/* The text's number; its bytes are copied where it is new. */
static uint32_t set_add(text_set *set, hd_arena *arena, hd_str text)
{
    if (!set->slot || set->n > set->mask / 2)
        grow_slots(set);
    uint64_t hash = hash_of(text);
    text_slot *slot = find_slot(set, text, hash);
    if (slot->number == 0) {
        HD_GROW(set->text, set->cap, (size_t)set->n + 1);
        set->text[set->n++] = hd_arena_str(arena, text);
        *slot = (text_slot){(uint32_t)(hash >> 32), set->n};
    }
    return slot->number - 1;
}

/* -1: not in the set. */
static int64_t set_find(const text_set *set, hd_str text, uint64_t hash)
{
    return set->slot ? (int64_t)find_slot(set, text, hash)->number - 1 : -1;
}

/* The text that stands where one of this hash is looked for first, which is mostly it; NULL: none
 * does. Reads no text. */
static const hd_str *set_first(const text_set *set, uint64_t hash)
{
    const text_slot *slot = set->slot ? &set->slot[(uint32_t)hash & set->mask] : NULL;
    return slot && slot->number ? &set->text[slot->number - 1] : NULL;
}

/* ---- the three queries ---- */

typedef hd_status take_row(hd_ctx *ctx, reader *r, const hd_cell *row);

/* All columns are texts that are never null in a store of ours. `from`: the table, whose name the
 * store's prefix goes before. */
static hd_status read_rows(hd_ctx *ctx, reader *r, const char *select, const char *from,
                           uint32_t n_columns, take_row *take)
{
    static const hd_cell_type types[] = {HD_CELL_TEXT, HD_CELL_TEXT, HD_CELL_TEXT, HD_CELL_TEXT};
    hd_stored *rows;
    hd_cell row[4];
    bool more;
    hd_buf sql = {0};
    hd_buf_addf(&sql, "SELECT %s FROM %s%s", select, hd_store_prefix(r->store), from);
    hd_status status = hd_store_select(ctx, r->store, sql.ptr, types, n_columns, &rows);
    if (status == HD_OK)
        status = hd_stored_next(ctx, rows, row, &more);
    while (status == HD_OK && more) {
        for (uint32_t i = 0; i < n_columns && status == HD_OK; i++) {
            if (row[i].type != HD_CELL_TEXT)
                status = HD_FAIL(ctx, HD_STORE, "store %s is damaged: a value is missing in `%s`",
                                 hd_store_shown(r->store), sql.ptr);
        }
        if (status == HD_OK)
            status = take(ctx, r, row);
        if (status == HD_OK)
            status = hd_stored_next(ctx, rows, row, &more);
    }
    hd_stored_close(rows);
    hd_buf_release(&sql);
    return status;
}

static hd_status take_person(hd_ctx *ctx, reader *r, const hd_cell *row)
{
    (void)ctx;
    uint32_t id = set_add(&r->ids, &r->out->arena, row[0].text);
    uint32_t first_run = set_add(&r->first_runs, &r->out->arena, row[1].text);
    HD_GROW(r->person, r->stored_cap, (size_t)id + 1);
    r->person[id] = (stored_person){r->first_runs.text[first_run], HD_NO_PERSON};
    return HD_OK;
}

/* The number of the person with an id. */
static uint32_t number_person(reader *r, size_t id)
{
    hd_previous *out = r->out;
    stored_person *stored = &r->person[id];
    if (stored->number == HD_NO_PERSON) {
        HD_GROW(out->person, r->persons_cap, (size_t)out->n_persons + 1);
        stored->number = out->n_persons++;
        out->person[stored->number] = (hd_previous_person){r->ids.text[id], stored->first_run, 0};
    }
    return stored->number;
}

/* Of keys of three texts: source, record_id, role. */
static int compare_keys(const hd_str x[3], const hd_str y[3])
{
    int c = 0;
    for (int i = 0; i < 3 && c == 0; i++)
        c = hd_str_cmp(x[i], y[i]);
    return c;
}

/* What would be lost if they were not in order are the ids of persons, for good. */
static void expect_order(reader *r, const hd_str key[3])
{
    const hd_str last[3] = {hd_buf_str(&r->last[0]), hd_buf_str(&r->last[1]),
                            hd_buf_str(&r->last[2])};
    HD_ASSERT(r->out->n == 0 || compare_keys(last, key) < 0);
    for (int i = 0; i < 3; i++) {
        hd_buf_clear(&r->last[i]);
        hd_buf_add(&r->last[i], key[i]);
    }
}

/* Both sides are in the order of keys: one walk finds all that are on both. */
static void recognise(reader *r, const hd_str key[3], uint32_t person)
{
    const hd_mentions *m = r->mentions;
    for (; r->next < m->n; r->next++) {
        const hd_source *source = &m->ruleset->sources[m->source[r->next]];
        const hd_str at[3] = {source->code, hd_mention_record_id(m, r->next),
                              source->roles[m->role[r->next]].code};
        int c = compare_keys(key, at);
        if (c == 0)
            r->out->of[r->next++] = person;
        if (c <= 0)
            return;
    }
}

static hd_status take_waiting(hd_ctx *ctx, reader *r, const waiting *w)
{
    hd_str text[LINK_TEXTS];
    const char *next = hd_buf_str(&r->bytes).ptr + w->at;
    for (int i = 0; i < LINK_TEXTS; next += w->len_bytes[i++])
        text[i] = (hd_str){next, w->len_bytes[i]};
    const hd_str *key = text;
    int64_t id = set_find(&r->ids, text[LINK_ID], w->hash);
    if (id < 0)
        return HD_FAIL(ctx, HD_STORE,
                       "store %s is damaged: person_link names a person that person does not have",
                       hd_store_shown(r->store));
    uint32_t person = number_person(r, (size_t)id);
    expect_order(r, key);
    recognise(r, key, person);
    r->out->person[person].n++;
    r->out->n++;
    return HD_OK;
}

static hd_status take_all_waiting(hd_ctx *ctx, reader *r)
{
    const hd_str *first[WAITING];
    hd_status status = HD_OK;
    for (uint32_t i = 0; i < r->n_waiting; i++) {
        first[i] = set_first(&r->ids, r->waiting[i].hash);
        __builtin_prefetch(first[i]);
    }
    for (uint32_t i = 0; i < r->n_waiting; i++)
        if (first[i])
            __builtin_prefetch(first[i]->ptr);
    for (uint32_t i = 0; i < r->n_waiting && status == HD_OK; i++)
        status = take_waiting(ctx, r, &r->waiting[i]);
    r->n_waiting = 0;
    hd_buf_clear(&r->bytes);
    return status;
}

static hd_status take_link(hd_ctx *ctx, reader *r, const hd_cell *row)
{
    waiting *w = &r->waiting[r->n_waiting++];
    *w = (waiting){.at = hd_buf_str(&r->bytes).len_bytes, .hash = hash_of(row[LINK_ID].text)};
    for (int i = 0; i < LINK_TEXTS; i++) {
        w->len_bytes[i] = row[i].text.len_bytes;
        hd_buf_add(&r->bytes, row[i].text);
    }
    if (r->ids.slot)
        __builtin_prefetch(&r->ids.slot[(uint32_t)w->hash & r->ids.mask]);
    return r->n_waiting == WAITING ? take_all_waiting(ctx, r) : HD_OK;
}

static hd_status take_retired(hd_ctx *ctx, reader *r, const hd_cell *row)
{
    (void)ctx;
    hd_previous *out = r->out;
    HD_GROW(out->retired, r->retired_cap, out->n_retired + 1);
    out->retired[out->n_retired++] = hd_arena_str(&out->arena, row[0].text);
    return HD_OK;
}

static hd_status read_all(hd_ctx *ctx, reader *r)
{
    HD_TRY(hd_store_current(ctx, r->store, &r->out->arena, &r->out->run));
    HD_TRY(read_rows(ctx, r, "person_id, first_run", "person", 2, take_person));
    HD_TRY(read_rows(ctx, r, "source, record_id, role, person_id",
                     "mention ORDER BY source, record_id, role", LINK_TEXTS, take_link));
    HD_TRY(take_all_waiting(ctx, r));
    return read_rows(ctx, r, "DISTINCT person_id",
                     "person_history WHERE event IN ('merged into', 'retired') ORDER BY person_id",
                     1, take_retired);
}

typedef struct previous_job {
    const hd_mentions *mentions;
    hd_previous *out;
} previous_job;

static hd_status read_store(hd_ctx *ctx, hd_store *store, void *arg)
{
    const previous_job *job = arg;
    hd_previous *out = job->out;
    hd_previous_release(out);
    uint32_t n = job->mentions->n;
    out->of = hd_fill_none(hd_alloc_mapped(n, sizeof *out->of), n);
    reader r = {.store = store, .mentions = job->mentions, .out = out};
    hd_status status = read_all(ctx, &r);
    hd_free(r.ids.text);
    hd_free(r.ids.slot);
    hd_free(r.first_runs.text);
    hd_free(r.first_runs.slot);
    hd_free(r.person);
    for (int i = 0; i < 3; i++)
        hd_buf_release(&r.last[i]);
    hd_buf_release(&r.bytes);
    return status;
}

hd_status hd_previous_read(hd_ctx *ctx, hd_store *store, const hd_mentions *mentions,
                           hd_previous *out)
{
    previous_job job = {mentions, out};
    *out = (hd_previous){0};
    if (!store || hd_store_is_new(store))
        return HD_OK;
    hd_status status = hd_store_read(ctx, store, read_store, &job);
    if (status != HD_OK)
        hd_previous_release(out);
    return status;
}

void hd_previous_release(hd_previous *previous)
{
    hd_free_mapped(previous->of);
    hd_free(previous->person);
    hd_free(previous->retired);
    hd_arena_release(&previous->arena);
    *previous = (hd_previous){0};
}
