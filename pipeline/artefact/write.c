#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/artefact/form.h"
#include "pipeline/io/file.h"

enum {
    BATCH_A_THREAD = 4, /* sections that are made before they are written */
    AHEAD = 16          /* values that are fetched ahead */
};

/* Values of one pool that some record has, in the order in which records have them. */
typedef struct numbering {
    uint32_t n;
    uint32_t *new_of;    /* [hd_value_no] 0: no record has it */
    hd_value_no *old_of; /* [n + 1] */
} numbering;

typedef struct writer {
    const hd_artefact_about *about;
    const hd_ruleset *ruleset;
    const hd_extract *extract;
    uint8_t *slot_pool[HD_SOURCES_MAX]; /* [source][slot] */
    numbering numbering[HD_FIELDS_MAX]; /* [pool] */
    hd_section *sections;
    uint32_t n_sections;
    uint64_t seed;
    uint32_t first;        /* section of the batch */
    hd_buf *payload;       /* [section of the batch] */
    hd_section_head *head; /* the same */
    hd_file_out file;
} writer;

static void put_count(hd_buf *out, uint64_t n)
{
    for (; n >= 0x80; n >>= 7)
        hd_buf_add_char(out, (char)(n | 0x80));
    hd_buf_add_char(out, (char)n);
}

static void put_text(hd_buf *out, hd_str text)
{
    put_count(out, text.len_bytes);
    hd_buf_add(out, text);
}

static void put_text_or_null(hd_buf *out, hd_str text)
{
    put_count(out, text.ptr ? (uint64_t)text.len_bytes + 1 : 0);
    hd_buf_add(out, text);
}

/* ---- numbers ---- */

static void number_slot(numbering *numbers, const hd_value_no *slot, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t *new_no = &numbers->new_of[slot[i]];
        if (slot[i] && !*new_no) {
            *new_no = ++numbers->n;
            numbers->old_of[numbers->n] = slot[i];
        }
    }
}

static hd_status number_pool(hd_ctx *ctx, uint32_t pool, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    writer *w = arg;
    numbering *numbers = &w->numbering[pool];
    uint32_t limit = hd_pool_limit(w->extract->values.written[pool]);
    numbers->new_of = hd_alloc_zero(limit, sizeof *numbers->new_of);
    numbers->old_of = hd_alloc_zero((size_t)limit + 1, sizeof *numbers->old_of);
    for (uint32_t source = 0; source < w->extract->n_records; source++) {
        const hd_records *records = &w->extract->records[source];
        for (uint32_t slot = 0; slot < records->n_slots; slot++) {
            if (w->slot_pool[source][slot] == pool)
                number_slot(numbers, records->slots[slot], records->n);
        }
    }
    return HD_OK;
}

/* ---- what it is about ---- */

static void put_files(hd_buf *out, const hd_source_files *files)
{
    put_count(out, files->n);
    for (uint32_t i = 0; i < files->n; i++) {
        const hd_source_file *file = &files->file[i];
        put_count(out, file->source);
        put_text(out, file->path);
        put_count(out, file->size_bytes);
        put_count(out, (uint64_t)file->modified_ns);
    }
}

static void put_records(hd_buf *out, const hd_records *records)
{
    put_count(out, records->n);
    put_count(out, records->n_slots);
    put_count(out, records->n_rows_read);
    put_count(out, records->n_rejected);
    put_count(out, records->n_filtered);
    put_count(out, records->n_bytes_read);
    put_count(out, records->n_files);
    put_text(out, hd_str_from(records->checksum));
    put_text_or_null(out, records->snapshot);
}

static void put_about(hd_buf *out, const writer *w)
{
    put_text(out, w->about->run_id);
    put_text(out, w->about->ruleset_hash);
    put_text(out, w->about->key_mark);
    put_count(out, (uint64_t)w->about->as_of);
    put_count(out, (uint64_t)w->about->read_at);
    put_files(out, &w->extract->files);
    put_count(out, w->extract->values.n_pools);
    for (uint32_t pool = 0; pool < w->extract->values.n_pools; pool++)
        put_count(out, w->numbering[pool].n);
    put_count(out, w->extract->n_records);
    for (uint32_t source = 0; source < w->extract->n_records; source++)
        put_records(out, &w->extract->records[source]);
    put_count(out, w->extract->n_rejects);
}

/* ---- sections ---- */

static void put_standard(hd_buf *out, const writer *w, uint32_t pool, const hd_standard *standard,
                         hd_str written)
{
    bool has = standard->value != HD_NULL;
    bool is_date = w->ruleset->fields[w->extract->values.field_of[pool]].kind == HD_KIND_date;
    hd_str text =
        has && !is_date ? hd_pool_get(w->ruleset->texts, (hd_text)standard->value) : HD_STR_NULL;
    bool same = has && !is_date && hd_str_eq(text, written);
    unsigned what = !has ? 0 : is_date ? HD_FORM_DATE : same ? HD_FORM_SAME : HD_FORM_TEXT;
    unsigned reasons = standard->reasons ? HD_FORM_REASONS : 0;
    hd_buf_add_char(out, (char)(standard->state | what | reasons));
    if (what == HD_FORM_TEXT)
        put_text(out, text);
    else if (what == HD_FORM_DATE)
        put_count(out, standard->value);
    if (reasons)
        put_count(out, standard->reasons);
}

/* Values come in the order of records, so what is said of each lies anywhere: begun to be fetched
 * some values ahead, it costs half the time. */
static void fetch_ahead(const writer *w, uint32_t pool, const hd_value_no *old_of, uint32_t left)
{
    const hd_values *values = &w->extract->values;
    if (left > 2 * AHEAD) {
        hd_pool_fetch(values->written[pool], old_of[2 * AHEAD]);
        __builtin_prefetch(&values->standard[pool][old_of[2 * AHEAD]]);
    }
    if (left > AHEAD && w->ruleset->fields[values->field_of[pool]].kind != HD_KIND_date) {
        hd_value text = values->standard[pool][old_of[AHEAD]].value;
        hd_pool_fetch(w->ruleset->texts, text == HD_NULL ? 0 : (hd_text)text);
    }
}

static void put_values(hd_buf *out, const writer *w, const hd_section *s)
{
    const hd_values *values = &w->extract->values;
    const hd_value_no *old_of = w->numbering[s->of].old_of + s->first + 1;
    for (uint32_t i = 0; i < s->n; i++) {
        fetch_ahead(w, s->of, old_of + i, s->n - i);
        hd_str written = hd_pool_get(values->written[s->of], old_of[i]);
        put_text(out, written);
        put_standard(out, w, s->of, &values->standard[s->of][old_of[i]], written);
    }
}

static void put_ids(hd_buf *out, const writer *w, const hd_section *s)
{
    const hd_str *ids = w->extract->records[s->of].record_id + s->first;
    for (uint32_t i = 0; i < s->n; i++)
        put_text(out, ids[i]);
}

static void put_slot(hd_buf *out, const numbering *numbers, const hd_value_no *slot, uint32_t n)
{
    unsigned width = hd_form_width(numbers->n);
    hd_buf_reserve(out, (size_t)n * width + sizeof(uint32_t));
    char *at = out->ptr + out->len_bytes;
    for (uint32_t i = 0; i < n; i++, at += width)
        memcpy(at, &numbers->new_of[slot[i]],
               sizeof(uint32_t)); /* what is too much is overwritten */
    out->len_bytes += (size_t)n * width;
}

static void put_slots(hd_buf *out, const writer *w, const hd_section *s)
{
    const hd_records *records = &w->extract->records[s->of];
    for (uint32_t slot = 0; slot < records->n_slots; slot++)
        put_slot(out, &w->numbering[w->slot_pool[s->of][slot]], records->slots[slot] + s->first,
                 s->n);
}

static void put_rejects(hd_buf *out, const writer *w, const hd_section *s)
{
    const hd_reject *rejects = w->extract->rejects + s->first;
    for (uint32_t i = 0; i < s->n; i++) {
        put_count(out, rejects[i].source);
        put_count(out, rejects[i].reason);
        put_count(out, rejects[i].row);
        put_count(out, rejects[i].line);
        put_text_or_null(out, rejects[i].file);
        put_text_or_null(out, rejects[i].record_id);
        put_text_or_null(out, rejects[i].text);
    }
}

static hd_status make_section(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    writer *w = arg;
    static void (*const put[])(hd_buf *, const writer *,
                               const hd_section *) = {[HD_SECTION_VALUES] = put_values,
                                                      [HD_SECTION_IDS] = put_ids,
                                                      [HD_SECTION_SLOTS] = put_slots,
                                                      [HD_SECTION_REJECTS] = put_rejects};
    const hd_section *s = &w->sections[w->first + task];
    hd_buf *payload = &w->payload[task];
    hd_section_head *head = &w->head[task];
    hd_buf_clear(payload);
    put[s->kind](payload, w, s);
    *head = (hd_section_head){.kind = s->kind, .of = s->of, .n = s->n, .bytes = payload->len_bytes};
    hd_form_checksum(head, w->seed, w->first + task + 1u, payload->ptr, head->checksum);
    return HD_OK;
}

/* ---- the file ---- */

static void add_bytes(writer *w, const void *ptr, size_t n)
{
    hd_buf_reserve(&w->file.buf, n);
    memcpy(w->file.buf.ptr + w->file.buf.len_bytes, ptr, n);
    w->file.buf.len_bytes += n;
    hd_file_spill(&w->file);
}

static void write_about(writer *w)
{
    hd_form_head head;
    hd_form_head_init(&head);
    add_bytes(w, &head, sizeof head);
    hd_buf payload = {0};
    put_about(&payload, w);
    hd_section_head section = {.kind = HD_SECTION_ABOUT, .n = 1, .bytes = payload.len_bytes};
    hd_form_checksum(&section, hd_form_seed(&head, sizeof head), 0, payload.ptr, section.checksum);
    add_bytes(w, &section, sizeof section);
    add_bytes(w, payload.ptr, payload.len_bytes);
    w->seed = hd_form_seed(section.checksum, sizeof section.checksum);
    hd_buf_release(&payload);
}

/* Sections are made by all threads, a batch at a time, and written in their order. After a write
 * that failed there is nothing more to do than to say so. */
static hd_status write_sections(hd_ctx *ctx, writer *w)
{
    uint32_t most = ctx->n_threads * BATCH_A_THREAD;
    w->payload = hd_alloc_zero(most, sizeof *w->payload);
    w->head = hd_alloc_zero(most, sizeof *w->head);
    hd_status status = HD_OK;
    for (w->first = 0; w->first < w->n_sections && status == HD_OK && !w->file.error;) {
        uint32_t n = w->n_sections - w->first < most ? w->n_sections - w->first : most;
        status = hd_parallel(ctx, n, make_section, w);
        for (uint32_t i = 0; i < n; i++) {
            add_bytes(w, &w->head[i], sizeof w->head[i]);
            add_bytes(w, w->payload[i].ptr, w->payload[i].len_bytes);
        }
        w->first += n;
    }
    for (uint32_t i = 0; i < most; i++)
        hd_buf_release(&w->payload[i]);
    hd_free(w->payload);
    hd_free(w->head);
    return status;
}

static void plan(writer *w)
{
    hd_form_counts counts = {.n_pools = w->extract->values.n_pools,
                             .n_sources = w->extract->n_records,
                             .n_rejects = w->extract->n_rejects};
    for (uint32_t pool = 0; pool < counts.n_pools; pool++)
        counts.values[pool] = w->numbering[pool].n;
    for (uint32_t source = 0; source < counts.n_sources; source++)
        counts.records[source] = w->extract->records[source].n;
    w->n_sections = hd_form_sections(&counts, &w->sections);
}

static void find_slots(writer *w)
{
    HD_ASSERT(w->extract->n_records <= HD_SOURCES_MAX);
    for (uint32_t source = 0; source < w->extract->n_records; source++) {
        uint32_t n_slots = w->extract->records[source].n_slots;
        w->slot_pool[source] = hd_alloc(n_slots);
        uint32_t n = hd_form_slots(&w->ruleset->sources[source], &w->extract->values,
                                   w->slot_pool[source], n_slots);
        HD_ASSERT(n == n_slots);
    }
}

static void release(writer *w)
{
    for (uint32_t source = 0; source < w->extract->n_records; source++)
        hd_free(w->slot_pool[source]);
    for (uint32_t pool = 0; pool < w->extract->values.n_pools; pool++) {
        hd_free(w->numbering[pool].new_of);
        hd_free(w->numbering[pool].old_of);
    }
    hd_free(w->sections);
}

hd_status hd_artefact_write(hd_ctx *ctx, const char *path, const hd_artefact_about *about,
                            const hd_ruleset *ruleset, const hd_extract *extract)
{
    writer w = {.about = about, .ruleset = ruleset, .extract = extract};
    HD_TRY(hd_file_create(ctx, path, 0600, &w.file));
    find_slots(&w);
    hd_status status = hd_parallel(ctx, extract->values.n_pools, number_pool, &w);
    if (status == HD_OK) {
        plan(&w);
        write_about(&w);
        status = write_sections(ctx, &w);
    }
    status = hd_file_end(ctx, &w.file, status);
    release(&w);
    return status;
}
