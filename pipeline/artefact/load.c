#include "base/mem.h"
#include "base/parallel.h"
#include "base/utf8.h"
#include "pipeline/artefact/open.h"
#include "pipeline/stages.h"

enum {
    TOGETHER = 32,              /* values that are interned at once */
    OVERREAD = sizeof(uint32_t) /* bytes that a number of fewer is read with */
};

/* The least that an item of a section takes, so that no count makes more memory than its file has
 * bytes for, but for a factor. */
enum { VALUE_LEAST = 3, ID_LEAST = 2, REJECT_LEAST = 7 };

/* A section where it lies. */
typedef struct place {
    hd_section section;
    hd_section_head head;
    uint64_t offset; /* of its payload */
} place;

typedef struct reader {
    const hd_artefact *a;
    const hd_ruleset *ruleset;
    hd_extract *extract;
    uint32_t n_places, n_values; /* places of values come first */
    place *places;
    uint8_t *slot_pool[HD_SOURCES_MAX];   /* [source][slot] */
    hd_value_no *number[HD_FIELDS_MAX];   /* [pool][number in the file] of the pool here */
    hd_standard *standard[HD_FIELDS_MAX]; /* the same */
    hd_buf *payload;                      /* [worker] */
} reader;

static hd_status fail_section(hd_ctx *ctx, const reader *r, const place *p)
{
    static const char *const names[] = {[HD_SECTION_VALUES] = "values",
                                        [HD_SECTION_IDS] = "ids",
                                        [HD_SECTION_SLOTS] = "slots",
                                        [HD_SECTION_REJECTS] = "rejects"};
    return HD_FAIL(ctx, HD_SOURCE, "%s is damaged: section %u (%s)", r->a->path,
                   (unsigned)(p - r->places) + 1, names[p->section.kind]);
}

/* ---- is it what the ruleset and the size of the file allow? ---- */

static hd_status fail_counts(hd_ctx *ctx, const reader *r, const char *what)
{
    return HD_FAIL(ctx, HD_SOURCE, "%s is damaged: the number of %s", r->a->path, what);
}

static hd_status check_sources(hd_ctx *ctx, reader *r)
{
    for (uint32_t source = 0; source < r->ruleset->n_sources; source++) {
        const hd_source *s = &r->ruleset->sources[source];
        uint32_t n = hd_form_slots(s, &r->extract->values, NULL, 0);
        if (r->a->records[source].n_slots != n)
            return fail_counts(ctx, r, "slots");
        r->slot_pool[source] = hd_alloc(n);
        hd_form_slots(s, &r->extract->values, r->slot_pool[source], n);
    }
    return HD_OK;
}

static hd_status check_counts(hd_ctx *ctx, reader *r)
{
    const hd_form_counts *counts = &r->a->counts;
    if (counts->n_pools != r->extract->values.n_pools)
        return fail_counts(ctx, r, "pools");
    if (counts->n_sources != r->ruleset->n_sources)
        return fail_counts(ctx, r, "sources");
    uint64_t n_rejects = 0, least = 0;
    for (uint32_t pool = 0; pool < counts->n_pools; pool++)
        least += (uint64_t)counts->values[pool] * VALUE_LEAST;
    for (uint32_t source = 0; source < counts->n_sources; source++) {
        const hd_records *records = &r->a->records[source];
        least += (uint64_t)records->n * ID_LEAST;
        if (records->n_rejected > counts->n_rejects - n_rejects)
            return fail_counts(ctx, r, "rejects");
        n_rejects += records->n_rejected;
    }
    if (n_rejects != counts->n_rejects)
        return fail_counts(ctx, r, "rejects");
    if (least > r->a->size_bytes || n_rejects > (r->a->size_bytes - least) / REJECT_LEAST)
        return fail_counts(ctx, r, "items");
    return check_sources(ctx, r);
}

static uint64_t slots_bytes(const reader *r, const hd_section *s)
{
    uint64_t width = 0;
    for (uint32_t slot = 0; slot < r->a->records[s->of].n_slots; slot++)
        width += hd_form_width(r->a->counts.values[r->slot_pool[s->of][slot]]);
    return width * s->n;
}

static bool fits(const reader *r, const place *p)
{
    const hd_section *s = &p->section;
    const hd_section_head *head = &p->head;
    if (head->kind != s->kind || head->of != s->of || head->n != s->n ||
        head->bytes > r->a->size_bytes - p->offset)
        return false;
    switch (s->kind) {
    case HD_SECTION_VALUES:
        return head->bytes >= (uint64_t)s->n * VALUE_LEAST;
    case HD_SECTION_IDS:
        return head->bytes >= (uint64_t)s->n * ID_LEAST;
    case HD_SECTION_SLOTS:
        return head->bytes == slots_bytes(r, s);
    default:
        return head->bytes >= (uint64_t)s->n * REJECT_LEAST;
    }
}

/* Every section is where it must be, and the last ends with the file. */
static hd_status find_sections(hd_ctx *ctx, reader *r)
{
    hd_section *sections;
    r->n_places = hd_form_sections(&r->a->counts, &sections);
    r->places = hd_alloc_zero(r->n_places, sizeof *r->places);
    uint64_t offset = r->a->sections_at;
    hd_status status = HD_OK;
    for (uint32_t i = 0; i < r->n_places && status == HD_OK; i++) {
        place *p = &r->places[i];
        p->section = sections[i];
        r->n_values += sections[i].kind == HD_SECTION_VALUES;
        status = hd_artefact_bytes(ctx, r->a, offset, &p->head, sizeof p->head);
        p->offset = offset + sizeof p->head;
        if (status == HD_OK && !fits(r, p))
            status = fail_section(ctx, r, p);
        offset = p->offset + p->head.bytes;
    }
    hd_free(sections);
    if (status == HD_OK && offset != r->a->size_bytes)
        status = HD_FAIL(ctx, HD_SOURCE, "%s is damaged: it goes on behind its end", r->a->path);
    return status;
}

static hd_status read_payload(hd_ctx *ctx, const reader *r, const place *p, char *out,
                              hd_cursor *cursor)
{
    HD_TRY(hd_artefact_payload(ctx, r->a, (uint64_t)(p - r->places) + 1, p->offset, &p->head, out));
    *cursor = (hd_cursor){out, out + p->head.bytes, false};
    return HD_OK;
}

/* Into what this worker reads one section after another with. */
static hd_status read_scratch(hd_ctx *ctx, const reader *r, const place *p, uint32_t worker,
                              hd_cursor *cursor)
{
    hd_buf *payload = &r->payload[worker];
    hd_buf_clear(payload);
    hd_buf_reserve(payload, p->head.bytes + OVERREAD);
    return read_payload(ctx, r, p, payload->ptr, cursor);
}

/* ---- values ---- */

/* As CSV and COPY give them: what follows relies on it. */
static bool is_text(hd_str s)
{
    return s.len_bytes > 0 && hd_utf8_valid(s) && !memchr(s.ptr, 0, s.len_bytes);
}

static bool is_date(uint64_t d)
{
    if (d > 99991231)
        return false;
    int year = (int)(d / 10000), month = (int)(d / 100 % 100), day = (int)(d % 100);
    return year > 0 && month <= 12 && day <= 31 &&
           (month == 0 || day == 0 || hd_date_exists(year, month, day));
}

static void take_standard(hd_cursor *c, bool is_date_pool, hd_str written, hd_str *text,
                          hd_standard *out)
{
    unsigned bits = (unsigned)hd_take_count_to(c, 0x3F), what = bits & HD_FORM_STANDARD;
    *out = (hd_standard){HD_NULL, 0, (uint8_t)(bits & HD_FORM_STATE)};
    *text = HD_STR_NULL;
    c->bad |= out->state >= HD_N_STATES;
    c->bad |= what && (is_date_pool != (what == HD_FORM_DATE) || out->state > HD_STATE_damaged);
    if (what == HD_FORM_SAME)
        *text = written;
    if (what == HD_FORM_TEXT) {
        *text = hd_take_text(c);
        c->bad |= !is_text(*text);
    }
    if (what == HD_FORM_DATE) {
        out->value = hd_take_count(c);
        c->bad |= !is_date(out->value);
    }
    if (bits & HD_FORM_REASONS)
        out->reasons = (uint32_t)hd_take_count_to(c, (UINT64_C(1) << HD_N_REASONS) - 1);
}

/* The next `n` values, numbered from `no` in the file. */
static void take_values(hd_cursor *c, const reader *r, uint32_t pool, uint64_t no, uint32_t n)
{
    hd_pool_ask ask[2 * TOGETHER];
    hd_standard *standard = r->standard[pool] + no;
    bool is_date_pool = r->ruleset->fields[r->extract->values.field_of[pool]].kind == HD_KIND_date;
    for (uint32_t i = 0; i < n; i++) {
        hd_str written = hd_take_text(c), text;
        c->bad |= !is_text(written);
        take_standard(c, is_date_pool, written, &text, &standard[i]);
        ask[2 * i] = (hd_pool_ask){.pool = r->extract->values.written[pool], .text = written};
        ask[2 * i + 1] = (hd_pool_ask){.pool = r->ruleset->texts, .text = text};
    }
    if (c->bad)
        return;
    hd_pool_intern_many(ask, 2 * n);
    for (uint32_t i = 0; i < n; i++) {
        r->number[pool][no + i] = ask[2 * i].number;
        if (ask[2 * i + 1].number)
            standard[i].value = ask[2 * i + 1].number;
    }
}

static hd_status load_values(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    const reader *r = arg;
    const place *p = &r->places[task];
    hd_cursor c;
    HD_TRY(read_scratch(ctx, r, p, worker, &c));
    for (uint32_t done = 0; done < p->section.n && !c.bad;) {
        uint32_t n = p->section.n - done < TOGETHER ? p->section.n - done : TOGETHER;
        take_values(&c, r, p->section.of, p->section.first + done + 1, n);
        done += n;
    }
    return c.bad || c.at != c.end ? fail_section(ctx, r, p) : HD_OK;
}

/* Standard forms go where the pool's numbers say. */
static hd_status place_standards(hd_ctx *ctx, uint32_t pool, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    reader *r = arg;
    hd_values *values = &r->extract->values;
    uint32_t limit = hd_pool_limit(values->written[pool]);
    values->standard[pool] = hd_alloc((size_t)limit * sizeof *values->standard[pool]);
    for (uint32_t no = 0; no < limit; no++)
        values->standard[pool][no] = (hd_standard){HD_NULL, 0, HD_STATE_missing};
    for (uint32_t i = 1; i <= r->a->counts.values[pool]; i++)
        values->standard[pool][r->number[pool][i]] = r->standard[pool][i];
    hd_free(r->standard[pool]);
    r->standard[pool] = NULL;
    return HD_OK;
}

static hd_status load_all_values(hd_ctx *ctx, reader *r)
{
    uint32_t n_pools = r->a->counts.n_pools;
    for (uint32_t pool = 0; pool < n_pools; pool++) {
        size_t n = (size_t)r->a->counts.values[pool] + 1;
        r->number[pool] = hd_alloc(n * sizeof *r->number[pool]);
        r->number[pool][0] = 0;
        r->standard[pool] = hd_alloc(n * sizeof *r->standard[pool]);
    }
    HD_TRY(hd_parallel(ctx, r->n_values, load_values, r));
    return hd_parallel(ctx, n_pools, place_standards, r);
}

/* ---- records and rejects ---- */

/* Ids are seen where they were read, in the arena. */
static hd_status load_ids(hd_ctx *ctx, const reader *r, const place *p, hd_arena *arena)
{
    hd_cursor c;
    HD_TRY(read_payload(ctx, r, p, hd_arena_alloc(arena, p->head.bytes), &c));
    hd_str *ids = r->extract->records[p->section.of].record_id + p->section.first;
    for (uint32_t i = 0; i < p->section.n; i++) {
        ids[i] = hd_take_text(&c);
        c.bad |= !is_text(ids[i]) || (i > 0 && hd_str_cmp(ids[i - 1], ids[i]) >= 0);
    }
    return c.bad || c.at != c.end ? fail_section(ctx, r, p) : HD_OK;
}

static void take_slot(hd_cursor *c, const reader *r, uint32_t pool, uint32_t n, hd_value_no *out)
{
    uint32_t n_values = r->a->counts.values[pool];
    unsigned width = hd_form_width(n_values);
    uint32_t mask = UINT32_MAX >> (32 - 8 * width);
    const char *at = hd_take_bytes(c, (uint64_t)n * width).ptr;
    const hd_value_no *number = r->number[pool];
    for (uint32_t i = 0; i < n && !c->bad; i++, at += width) {
        uint32_t no;
        memcpy(&no, at, sizeof no);
        no &= mask;
        c->bad = no > n_values;
        out[i] = number[c->bad ? 0 : no];
    }
}

static hd_status load_slots(hd_ctx *ctx, const reader *r, const place *p, uint32_t worker)
{
    hd_cursor c;
    HD_TRY(read_scratch(ctx, r, p, worker, &c));
    const hd_records *records = &r->extract->records[p->section.of];
    for (uint32_t slot = 0; slot < records->n_slots; slot++)
        take_slot(&c, r, r->slot_pool[p->section.of][slot], p->section.n,
                  records->slots[slot] + p->section.first);
    return c.bad ? fail_section(ctx, r, p) : HD_OK;
}

static hd_status load_rejects(hd_ctx *ctx, const reader *r, const place *p, hd_arena *arena)
{
    hd_cursor c;
    HD_TRY(read_payload(ctx, r, p, hd_arena_alloc(arena, p->head.bytes), &c));
    hd_reject *rejects = r->extract->rejects + p->section.first;
    for (uint32_t i = 0; i < p->section.n; i++) {
        hd_reject *reject = &rejects[i];
        reject->source = (uint16_t)hd_take_count_to(&c, r->ruleset->n_sources - 1u);
        reject->reason = (hd_reject_reason)hd_take_count_to(&c, HD_N_REJECT_REASONS - 1);
        reject->row = hd_take_count(&c);
        reject->line = hd_take_count(&c);
        reject->file = hd_take_text_or_null(&c);
        reject->record_id = hd_take_text_or_null(&c);
        reject->text = hd_take_text_or_null(&c);
    }
    return c.bad || c.at != c.end ? fail_section(ctx, r, p) : HD_OK;
}

static hd_status load_rest(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    const reader *r = arg;
    const place *p = &r->places[r->n_values + task];
    hd_arena *arena = &r->extract->arenas[worker];
    switch (p->section.kind) {
    case HD_SECTION_IDS:
        return load_ids(ctx, r, p, arena);
    case HD_SECTION_SLOTS:
        return load_slots(ctx, r, p, worker);
    default:
        return load_rejects(ctx, r, p, arena);
    }
}

static void make_records(reader *r)
{
    for (uint32_t source = 0; source < r->ruleset->n_sources; source++) {
        hd_records *records = &r->extract->records[source];
        *records = r->a->records[source];
        records->snapshot = hd_arena_str(&r->extract->arenas[0], records->snapshot);
        records->record_id = hd_alloc_mapped(records->n, sizeof *records->record_id);
        records->slots = hd_alloc_zero(records->n_slots, sizeof *records->slots);
        for (uint32_t slot = 0; slot < records->n_slots; slot++)
            records->slots[slot] = hd_alloc_mapped(records->n, sizeof *records->slots[slot]);
    }
    r->extract->n_rejects = r->a->counts.n_rejects;
    r->extract->rejects = hd_alloc_zero(r->extract->n_rejects, sizeof *r->extract->rejects);
}

/* What no section can tell alone: ids rise from one to the next, and rejects are as many as each
 * source says, source by source. */
static hd_status check_whole(hd_ctx *ctx, const reader *r)
{
    for (uint32_t i = r->n_values; i < r->n_places; i++) {
        const hd_section *s = &r->places[i].section;
        const hd_str *ids = r->extract->records[s->of].record_id;
        if (s->kind == HD_SECTION_IDS && s->first > 0 &&
            hd_str_cmp(ids[s->first - 1], ids[s->first]) >= 0)
            return fail_section(ctx, r, &r->places[i]);
    }
    size_t at = 0;
    for (uint32_t source = 0; source < r->ruleset->n_sources; source++) {
        uint64_t end = at + r->extract->records[source].n_rejected;
        for (; at < end; at++) {
            if (r->extract->rejects[at].source != source)
                return fail_counts(ctx, r, "rejects");
        }
    }
    return HD_OK;
}

static hd_status load_all(hd_ctx *ctx, reader *r)
{
    HD_TRY(check_counts(ctx, r));
    HD_TRY(find_sections(ctx, r));
    HD_TRY(load_all_values(ctx, r));
    make_records(r);
    HD_TRY(hd_parallel(ctx, r->n_places - r->n_values, load_rest, r));
    return check_whole(ctx, r);
}

static void start(hd_ctx *ctx, reader *r)
{
    hd_extract *extract = r->extract;
    *extract = (hd_extract){.n_arenas = ctx->n_threads, .n_records = r->ruleset->n_sources};
    extract->arenas = hd_alloc_zero(extract->n_arenas, sizeof *extract->arenas);
    extract->records = hd_alloc_zero(extract->n_records, sizeof *extract->records);
    hd_values_init(&extract->values, r->ruleset);
    r->payload = hd_alloc_zero(ctx->n_threads, sizeof *r->payload);
}

hd_status hd_artefact_load(hd_ctx *ctx, hd_artefact *artefact, const hd_ruleset *ruleset,
                           hd_extract *out)
{
    reader r = {.a = artefact, .ruleset = ruleset, .extract = out};
    HD_ASSERT(artefact->own);
    start(ctx, &r);
    hd_status status = load_all(ctx, &r);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        hd_buf_release(&r.payload[i]);
    hd_free(r.payload);
    for (uint32_t pool = 0; pool < out->values.n_pools; pool++) {
        hd_free(r.number[pool]);
        hd_free(r.standard[pool]);
    }
    for (uint32_t source = 0; source < ruleset->n_sources; source++)
        hd_free(r.slot_pool[source]);
    hd_free(r.places);
    if (status != HD_OK)
        hd_extract_release(out);
    return status;
}
