#include "pipeline/extract/rows.h"

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/extract/text_cache.h"

enum { ID_BLOCK_BYTES = 64 << 10 }; /* an arena alone would round each id up to 16 bytes */

/* ---- values ---- */

static hd_value load_state(const hd_extract_reader *r, bool there)
{
    hd_state state = there ? HD_STATE_ok : HD_STATE_missing;
    return hd_pool_intern(r->ruleset->texts, hd_str_from(hd_state_name(state)));
}

/* A column is not standardised: its value is what is written, and no reason holds of it. */
static hd_value load_column(const void *row, const hd_ref *ref)
{
    const hd_extract_reader *r = row;
    hd_str value = r->row[r->value_of[ref->index]];
    if (ref->what == HD_REF_STATE)
        return load_state(r, value.len_bytes > 0);
    if (ref->what == HD_REF_REASON)
        return 0;
    if (value.len_bytes == 0)
        return HD_NULL;
    hd_text_cache *cache = &r->caches[r->n_slots + ref->index];
    return hd_text_cache_intern(cache, r->ruleset->texts, value);
}

/* What an input says: always text, or null. */
static hd_str eval_text(hd_extract_reader *reader, const hd_expr *expr)
{
    hd_value value = hd_expr_eval(expr, &reader->env);
    if (value == HD_NULL)
        return HD_STR_NULL;
    HD_ASSERT(expr->type == HD_TYPE_TEXT);
    return hd_pool_get(reader->ruleset->texts, (hd_text)value);
}

static void plan_slots(hd_extract_reader *reader)
{
    const hd_source *source = reader->source;
    reader->n_slots = hd_extract_n_slots(source);
    reader->slots = hd_realloc(reader->slots, reader->n_slots, sizeof *reader->slots);
    for (uint32_t i = 0; i < reader->n_slots; i++) {
        const hd_input *input = hd_extract_slot_input(source, i);
        hd_slot_plan *slot = &reader->slots[i];
        *slot =
            (hd_slot_plan){.pool = reader->values->written[reader->values->pool_of[input->field]]};
        slot->value = input->column >= 0 ? (int32_t)reader->value_of[input->column] : -1;
        if (slot->value < 0 && input->expr->sides != 0)
            slot->expr = input->expr;
        else if (slot->value < 0)
            slot->constant = hd_pool_intern(slot->pool, eval_text(reader, input->expr));
    }
}

static void start_caches(hd_extract_reader *reader)
{
    uint32_t n = reader->n_slots + reader->source->n_columns;
    if (n > reader->n_caches) {
        reader->caches = hd_realloc(reader->caches, n, sizeof *reader->caches);
        reader->asks = hd_realloc(reader->asks, n, sizeof *reader->asks);
        reader->ask_slot = hd_realloc(reader->ask_slot, n, sizeof *reader->ask_slot);
        reader->n_caches = n;
    }
    memset(reader->caches, 0, n * sizeof *reader->caches);
}

void hd_extract_rows_begin(hd_extract_reader *reader, hd_extract_part *part, uint32_t *value_of)
{
    reader->part = part;
    reader->source = &reader->ruleset->sources[part->source];
    reader->value_of = value_of;
    reader->env.texts = reader->ruleset->texts;
    reader->env.han = reader->ruleset->han;
    reader->env.divisions = reader->ruleset->divisions;
    reader->env.load = load_column;
    reader->env.row = reader;
    plan_slots(reader);
    start_caches(reader);
}

void hd_extract_reader_release(hd_extract_reader *reader)
{
    hd_free(reader->caches);
    hd_free(reader->asks);
    hd_free(reader->ask_slot);
    hd_free(reader->slots);
    hd_env_release(&reader->env);
    hd_buf_release(&reader->key_text);
    *reader = (hd_extract_reader){0};
}

/* ---- record ids ---- */

static void add_escaped(hd_buf *out, hd_str part)
{
    for (uint32_t i = 0; i < part.len_bytes; i++) {
        if (part.ptr[i] == '|' || part.ptr[i] == '\\')
            hd_buf_add_char(out, '\\');
        hd_buf_add_char(out, part.ptr[i]);
    }
}

/* The key as one text, the value itself where it is one column; null where it holds nothing but
 * blanks. Valid until the next row. */
static hd_str join_key(hd_extract_reader *reader, const hd_str *values)
{
    const hd_source *source = reader->source;
    bool blank = true;
    for (uint32_t i = 0; i < source->n_key; i++)
        blank &= hd_str_empty(hd_str_trim(values[reader->value_of[source->key[i]]]));
    if (blank)
        return HD_STR_NULL;
    if (source->n_key == 1)
        return values[reader->value_of[source->key[0]]];
    hd_buf_clear(&reader->key_text);
    for (uint32_t i = 0; i < source->n_key; i++) {
        if (i)
            hd_buf_add_char(&reader->key_text, '|');
        add_escaped(&reader->key_text, values[reader->value_of[source->key[i]]]);
    }
    return hd_buf_str(&reader->key_text);
}

static hd_str keep_id(hd_extract_reader *reader, hd_str id)
{
    if (id.len_bytes > ID_BLOCK_BYTES / 8)
        return hd_arena_str(reader->arena, id);
    if (id.len_bytes > (size_t)(reader->block_end - reader->block_next)) {
        reader->block_next = hd_arena_alloc(reader->arena, ID_BLOCK_BYTES);
        reader->block_end = reader->block_next + ID_BLOCK_BYTES;
    }
    hd_str kept = {memcpy(reader->block_next, id.ptr, id.len_bytes), id.len_bytes};
    reader->block_next += id.len_bytes;
    return kept;
}

static hd_str record_id(hd_extract_reader *reader, hd_str joined)
{
    if (!reader->source->key_is_personal)
        return keep_id(reader, joined);
    char id[1 + HD_ID_CHARS + 1] = "~";
    hd_keyed_id(reader->key, joined, id + 1);
    return keep_id(reader, (hd_str){id, 1 + HD_ID_CHARS});
}

/* ---- rows ---- */

void hd_extract_rows_reject(hd_extract_reader *reader, hd_reject_reason why, uint64_t number,
                            uint64_t line, hd_str raw)
{
    hd_extract_part_add_reject(reader->part, (hd_reject){.reason = why,
                                                         .row = number,
                                                         .line = line,
                                                         .text = hd_arena_str(reader->arena, raw)});
}

/* What the caches do not know is asked for together. */
static void take_slots(hd_extract_reader *reader, const hd_str *values, hd_value_no *out)
{
    uint32_t n_asks = 0;
    for (uint32_t i = 0; i < reader->n_slots; i++) {
        const hd_slot_plan *slot = &reader->slots[i];
        out[i] = slot->constant;
        if (slot->value < 0 && !slot->expr)
            continue;
        hd_str text = slot->expr ? eval_text(reader, slot->expr) : values[slot->value];
        if (hd_str_empty(text) || hd_text_cache_find(&reader->caches[i], text, &out[i]))
            continue;
        reader->ask_slot[n_asks] = i;
        reader->asks[n_asks++] = (hd_pool_ask){.pool = slot->pool, .text = text};
    }
    hd_pool_intern_many(reader->asks, n_asks);
    for (uint32_t k = 0; k < n_asks; k++) {
        const hd_pool_ask *ask = &reader->asks[k];
        out[reader->ask_slot[k]] = ask->number;
        hd_text_cache_tell(&reader->caches[reader->ask_slot[k]], ask->pool, ask->number);
    }
}

/* What a spreadsheet leaves below its last row: commas only. */
static bool is_blank(const hd_extract_seen *row)
{
    for (uint32_t i = 0; i < row->n_values; i++)
        if (!hd_str_empty(hd_str_trim(row->values[i])))
            return false;
    return true;
}

static void add_row(hd_extract_reader *reader, const hd_extract_seen *row, hd_str joined)
{
    hd_extract_part *part = reader->part;
    size_t n = part->n;
    HD_GROW(part->record_id, part->record_id_cap, n + 1);
    HD_GROW(part->row, part->row_cap, n + 1);
    HD_GROW(part->slots, part->slots_cap, (n + 1) * reader->n_slots);
    part->record_id[n] = record_id(reader, joined);
    part->row[n] = (uint32_t)row->number;
    take_slots(reader, row->values, part->slots + n * reader->n_slots);
    part->n++;
}

bool hd_extract_rows_take(hd_extract_reader *reader, const hd_extract_seen *row,
                          hd_reject_reason *why)
{
    const hd_source *source = reader->source;
    reader->row = row->values;
    if (source->filter && !hd_expr_holds(source->filter, &reader->env)) {
        reader->part->n_filtered++;
        return true;
    }
    hd_str joined = join_key(reader, row->values);
    if (joined.ptr) {
        add_row(reader, row, joined);
        return true;
    }
    *why = HD_REJECT_KEY_EMPTY;
    bool blank = is_blank(row);
    reader->part->n_filtered += blank;
    return blank;
}

hd_status hd_extract_rows_count(hd_ctx *ctx, hd_extract_reader *reader, uint64_t number)
{
    if (number > UINT32_MAX)
        return HD_FAIL(ctx, HD_SOURCE, "%.*s has more than 2^32 rows", HD_ARG(reader->part->name));
    reader->part->n_rows = number;
    return HD_OK;
}
