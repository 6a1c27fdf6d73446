#include "pipeline/extract/file.h"

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/config/near_name.h"
#include "pipeline/extract/text_cache.h"
#include "pipeline/io/csv.h"
#include "pipeline/io/file.h"

enum { ID_BLOCK_BYTES = 64 << 10 }; /* an arena alone would round each id up to 16 bytes */

/* Where a slot's value comes from in this file. */
typedef struct slot_plan {
    int32_t value; /* number in the row; -1: `expr`, or where that is NULL `constant` */
    const hd_expr *expr;
    hd_value_no constant;
    hd_pool *pool;
} slot_plan;

typedef struct file_plan {
    const hd_source *source;
    uint32_t *value_of; /* [column of the source] number in the row */
    slot_plan *slots;
    uint32_t n_slots;
} file_plan;

/* The row that an expression sees. */
typedef struct column_row {
    hd_extract_reader *reader;
    const file_plan *plan;
    const hd_str *values;
} column_row;

uint32_t hd_extract_n_slots(const hd_source *source)
{
    uint32_t n = source->n_record;
    for (uint32_t i = 0; i < source->n_roles; i++)
        n += source->roles[i].n_inputs;
    return n;
}

static const hd_input *slot_input(const hd_source *source, uint32_t slot)
{
    if (slot < source->n_record)
        return &source->record[slot];
    slot -= source->n_record;
    const hd_role *role = source->roles;
    for (; slot >= role->n_inputs; role++)
        slot -= role->n_inputs;
    return &role->inputs[slot];
}

uint16_t hd_extract_slot_field(const hd_source *source, uint32_t slot)
{
    return slot_input(source, slot)->field;
}

/* ---- header ---- */

/* Where the configuration asks for the column: its first input, else the source. */
static hd_source_pos column_pos(const hd_source *source, uint32_t column)
{
    uint32_t n = hd_extract_n_slots(source);
    for (uint32_t slot = 0; slot < n; slot++) {
        const hd_input *input = slot_input(source, slot);
        if (input->column == (int32_t)column)
            return input->pos;
    }
    return source->pos;
}

/* A file without a header shows a person's values here: so only a name that is nearly the one asked
 * for is repeated in the message. */
static hd_status fail_no_column(hd_ctx *ctx, const hd_source *source, uint32_t column,
                                const char *path, const hd_str *header, uint32_t n_header)
{
    hd_str wanted = source->columns[column];
    hd_source_pos pos = column_pos(source, column);
    hd_near_name near = {.wanted = wanted};
    for (uint32_t i = 0; i < n_header; i++)
        hd_near_name_offer(&near, header[i]);
    if (near.best.ptr)
        return HD_FAIL(ctx, HD_CONFIG,
                       "%s:%u:%u: source %.*s has no column \"%.*s\"; the nearest in %s is "
                       "\"%.*s\"",
                       pos.file, pos.line, pos.column, HD_ARG(source->code), HD_ARG(wanted),
                       hd_file_base_name(path), HD_ARG(near.best));
    if (n_header == 1)
        hd_hint(ctx, "%s has one column only: say `delimiter:` where it is not '%c'",
                hd_file_base_name(path), source->delimiter ? source->delimiter : ',');
    return HD_FAIL(ctx, HD_CONFIG, "%s:%u:%u: source %.*s has no column \"%.*s\" in %s", pos.file,
                   pos.line, pos.column, HD_ARG(source->code), HD_ARG(wanted),
                   hd_file_base_name(path));
}

static hd_status find_column(hd_ctx *ctx, const hd_source *source, uint32_t column,
                             const char *path, const hd_str *header, uint32_t n_header,
                             uint32_t *out)
{
    uint32_t n_found = 0;
    for (uint32_t i = 0; i < n_header; i++) {
        if (hd_str_eq(header[i], source->columns[column]) && n_found++ == 0)
            *out = i;
    }
    if (n_found == 0)
        return fail_no_column(ctx, source, column, path, header, n_header);
    if (n_found > 1)
        return HD_FAIL(ctx, HD_SOURCE, "%s has %u columns named \"%.*s\"", path, n_found,
                       HD_ARG(source->columns[column]));
    return HD_OK;
}

static hd_status find_columns(hd_ctx *ctx, const hd_source *source, const char *path,
                              const hd_csv *csv, uint32_t *value_of)
{
    uint32_t n_header;
    const hd_str *header = hd_csv_header(csv, &n_header);
    for (uint32_t column = 0; column < source->n_columns; column++)
        HD_TRY(find_column(ctx, source, column, path, header, n_header, &value_of[column]));
    return HD_OK;
}

static hd_csv_encoding csv_encoding(hd_encoding encoding)
{
    switch (encoding) {
    case HD_ENCODING_UTF8:
        return HD_CSV_UTF8;
    case HD_ENCODING_GB18030:
        return HD_CSV_GB18030;
    default:
        return HD_CSV_AUTO;
    }
}

/* Open and find the columns; `value_of` is made for the caller. */
static hd_status open_file(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_extract_file *file,
                           bool digest, hd_csv **csv, uint32_t **value_of)
{
    const hd_source *source = &ruleset->sources[file->source];
    hd_csv_options options = {.encoding = csv_encoding(source->encoding),
                              .delimiter = source->delimiter,
                              .digest = digest};
    HD_TRY_DOING(ctx, hd_csv_open(ctx, file->path, options, csv), "source %.*s",
                 HD_ARG(source->code));
    *value_of = hd_alloc(source->n_columns * sizeof **value_of);
    hd_status status = find_columns(ctx, source, file->path, *csv, *value_of);
    if (status != HD_OK) {
        hd_free(*value_of);
        hd_csv_close(*csv);
    }
    return status;
}

hd_status hd_extract_file_check(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_extract_file *file)
{
    hd_csv *csv;
    uint32_t *value_of;
    HD_TRY(open_file(ctx, ruleset, file, false, &csv, &value_of));
    hd_free(value_of);
    hd_csv_close(csv);
    return HD_OK;
}

/* ---- values ---- */

static hd_value load_state(const column_row *r, bool there)
{
    hd_state state = there ? HD_STATE_ok : HD_STATE_missing;
    return hd_pool_intern(r->reader->ruleset->texts, hd_str_from(hd_state_name(state)));
}

/* A column is not standardised: its value is what is written, and no reason holds of it. */
static hd_value load_column(const void *row, const hd_ref *ref)
{
    const column_row *r = row;
    hd_str value = r->values[r->plan->value_of[ref->index]];
    if (ref->what == HD_REF_STATE)
        return load_state(r, value.len_bytes > 0);
    if (ref->what == HD_REF_REASON)
        return 0;
    if (value.len_bytes == 0)
        return HD_NULL;
    hd_text_cache *cache = &r->reader->caches[r->plan->n_slots + ref->index];
    return hd_text_cache_intern(cache, r->reader->ruleset->texts, value);
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

static void plan_slots(hd_extract_reader *reader, file_plan *plan)
{
    plan->n_slots = hd_extract_n_slots(plan->source);
    plan->slots = hd_alloc_zero(plan->n_slots, sizeof *plan->slots);
    for (uint32_t i = 0; i < plan->n_slots; i++) {
        const hd_input *input = slot_input(plan->source, i);
        slot_plan *slot = &plan->slots[i];
        slot->pool = reader->values->written[reader->values->pool_of[input->field]];
        slot->value = input->column >= 0 ? (int32_t)plan->value_of[input->column] : -1;
        if (slot->value < 0 && input->expr->sides != 0)
            slot->expr = input->expr;
        else if (slot->value < 0)
            slot->constant = hd_pool_intern(slot->pool, eval_text(reader, input->expr));
    }
}

static void start_caches(hd_extract_reader *reader, const file_plan *plan)
{
    uint32_t n = plan->n_slots + plan->source->n_columns;
    if (n > reader->n_caches) {
        reader->caches = hd_realloc(reader->caches, n, sizeof *reader->caches);
        reader->asks = hd_realloc(reader->asks, n, sizeof *reader->asks);
        reader->ask_slot = hd_realloc(reader->ask_slot, n, sizeof *reader->ask_slot);
        reader->n_caches = n;
    }
    memset(reader->caches, 0, n * sizeof *reader->caches);
}

void hd_extract_reader_release(hd_extract_reader *reader)
{
    hd_free(reader->caches);
    hd_free(reader->asks);
    hd_free(reader->ask_slot);
    hd_buf_release(&reader->env.scratch);
    hd_buf_release(&reader->env.scratch2);
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
static hd_str join_key(hd_extract_reader *reader, const file_plan *plan, const hd_str *values)
{
    const hd_source *source = plan->source;
    bool blank = true;
    for (uint32_t i = 0; i < source->n_key; i++)
        blank &= hd_str_empty(hd_str_trim(values[plan->value_of[source->key[i]]]));
    if (blank)
        return HD_STR_NULL;
    if (source->n_key == 1)
        return values[plan->value_of[source->key[0]]];
    hd_buf_clear(&reader->key_text);
    for (uint32_t i = 0; i < source->n_key; i++) {
        if (i)
            hd_buf_add_char(&reader->key_text, '|');
        add_escaped(&reader->key_text, values[plan->value_of[source->key[i]]]);
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

static hd_str record_id(hd_extract_reader *reader, const file_plan *plan, hd_str joined)
{
    if (!plan->source->key_is_personal)
        return keep_id(reader, joined);
    char id[1 + HD_ID_CHARS + 1] = "~";
    hd_keyed_id(reader->key, joined, id + 1);
    return keep_id(reader, (hd_str){id, 1 + HD_ID_CHARS});
}

/* ---- rows ---- */

void hd_extract_file_add_reject(hd_extract_file *file, hd_reject reject)
{
    HD_GROW(file->rejects, file->rejects_cap, file->n_rejects + 1);
    reject.source = (uint16_t)file->source;
    reject.file = hd_str_from(hd_file_base_name(file->path));
    file->rejects[file->n_rejects++] = reject;
}

static void reject_row(hd_extract_reader *reader, hd_extract_file *file, const hd_csv_row *row,
                       hd_reject_reason reason)
{
    hd_extract_file_add_reject(file, (hd_reject){.reason = reason,
                                                 .row = row->number,
                                                 .line = row->line,
                                                 .text = hd_arena_str(reader->arena, row->raw)});
}

static hd_reject_reason reason_of_fault(hd_csv_fault fault)
{
    switch (fault) {
    case HD_CSV_COLUMNS:
        return HD_REJECT_COLUMNS;
    case HD_CSV_ENCODING:
        return HD_REJECT_ENCODING;
    case HD_CSV_QUOTE:
        return HD_REJECT_QUOTE;
    case HD_CSV_TOO_LONG:
        return HD_REJECT_TOO_LONG;
    default:
        HD_BUG("fault %d", (int)fault);
    }
}

/* What the caches do not know is asked for together. */
static void take_slots(hd_extract_reader *reader, const file_plan *plan, const hd_str *values,
                       hd_value_no *out)
{
    uint32_t n_asks = 0;
    for (uint32_t i = 0; i < plan->n_slots; i++) {
        const slot_plan *slot = &plan->slots[i];
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
static bool is_blank(const hd_csv_row *row)
{
    for (uint32_t i = 0; i < row->n_values; i++)
        if (!hd_str_empty(hd_str_trim(row->values[i])))
            return false;
    return true;
}

static void take_row(hd_extract_reader *reader, const file_plan *plan, hd_extract_file *file,
                     const hd_csv_row *row)
{
    if (row->fault != HD_CSV_FINE) {
        reject_row(reader, file, row, reason_of_fault(row->fault));
        return;
    }
    column_row seen = {reader, plan, row->values};
    reader->env.row = &seen;
    if (plan->source->filter && !hd_expr_holds(plan->source->filter, &reader->env)) {
        file->n_filtered++;
        return;
    }
    hd_str joined = join_key(reader, plan, row->values);
    if (!joined.ptr && is_blank(row)) {
        file->n_filtered++;
        return;
    }
    if (!joined.ptr) {
        reject_row(reader, file, row, HD_REJECT_KEY_EMPTY);
        return;
    }
    size_t n = file->n;
    HD_GROW(file->record_id, file->record_id_cap, n + 1);
    HD_GROW(file->row, file->row_cap, n + 1);
    HD_GROW(file->slots, file->slots_cap, (n + 1) * plan->n_slots);
    file->record_id[n] = record_id(reader, plan, joined);
    file->row[n] = (uint32_t)row->number;
    take_slots(reader, plan, row->values, file->slots + n * plan->n_slots);
    file->n++;
}

static hd_status read_rows(hd_ctx *ctx, hd_extract_reader *reader, const file_plan *plan,
                           hd_csv *csv, hd_extract_file *file)
{
    for (;;) {
        hd_csv_row row;
        bool more;
        HD_TRY(hd_csv_next(ctx, csv, &row, &more));
        if (!more)
            return HD_OK;
        if (row.number > UINT32_MAX)
            return HD_FAIL(ctx, HD_SOURCE, "%s has more than 2^32 rows", file->path);
        file->n_rows = row.number;
        take_row(reader, plan, file, &row);
    }
}

hd_status hd_extract_file_read(hd_ctx *ctx, hd_extract_reader *reader, hd_extract_file *file)
{
    const hd_source *source = &reader->ruleset->sources[file->source];
    hd_csv *csv;
    file_plan plan = {.source = source};
    HD_TRY(open_file(ctx, reader->ruleset, file, true, &csv, &plan.value_of));
    reader->env.texts = reader->ruleset->texts;
    reader->env.han = reader->ruleset->han;
    reader->env.load = load_column;
    plan_slots(reader, &plan);
    start_caches(reader, &plan);
    hd_status status = read_rows(ctx, reader, &plan, csv, file);
    if (status == HD_OK) {
        hd_csv_digest(csv, file->digest);
        file->n_bytes = hd_csv_bytes(csv);
    } else {
        hd_fail_doing(ctx, status, __FILE__, __LINE__, "source %.*s", HD_ARG(source->code));
    }
    hd_free(plan.slots);
    hd_free(plan.value_of);
    hd_csv_close(csv);
    return status;
}

static hd_status fetch_rows(hd_ctx *ctx, hd_csv *csv, hd_arena *arena, hd_extract_row *rows,
                            uint32_t n)
{
    uint32_t next = 0;
    for (;;) {
        hd_csv_row row;
        bool more;
        HD_TRY(hd_csv_next(ctx, csv, &row, &more));
        if (!more)
            return HD_OK;
        if (next == n || row.number != rows[next].number)
            continue;
        rows[next].line = row.line;
        rows[next++].raw = hd_arena_str(arena, row.raw);
    }
}

hd_status hd_extract_file_rows(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_extract_file *file,
                               hd_arena *arena, hd_extract_row *rows, uint32_t n)
{
    hd_csv *csv;
    uint32_t *value_of;
    HD_TRY(open_file(ctx, ruleset, file, true, &csv, &value_of));
    hd_status status = fetch_rows(ctx, csv, arena, rows, n);
    char digest[65] = "";
    if (status == HD_OK)
        hd_csv_digest(csv, digest);
    if (status == HD_OK && memcmp(digest, file->digest, sizeof digest) != 0)
        status = HD_FAIL(ctx, HD_SOURCE, "%s changed while it was read", file->path);
    hd_free(value_of);
    hd_csv_close(csv);
    return status;
}

void hd_extract_file_release(hd_extract_file *file)
{
    hd_free(file->record_id);
    hd_free(file->row);
    hd_free(file->slots);
    hd_free(file->rejects);
    *file = (hd_extract_file){0};
}
