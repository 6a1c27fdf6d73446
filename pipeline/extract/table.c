#include "pipeline/extract/table.h"

#include <inttypes.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/utf8.h"
#include "pipeline/io/csv.h"
#include "pipeline/io/gb18030.h"
#include "pipeline/io/pg_copy.h"

enum { PART_BYTES = 32 << 20 };

/* ---- parts ---- */

uint32_t hd_extract_table_n_parts(const hd_extract_table *table)
{
    if (table->n_blocks == 0 || table->size_bytes <= PART_BYTES)
        return 1;
    uint64_t n = (table->size_bytes + PART_BYTES / 2) / PART_BYTES;
    return (uint32_t)(n < table->n_blocks ? n : table->n_blocks);
}

void hd_extract_table_part(const hd_extract_table *table, uint32_t i, hd_extract_part *part)
{
    uint32_t n = hd_extract_table_n_parts(table);
    part->name = table->source->place;
    part->size_bytes = n == 1 ? table->size_bytes : table->size_bytes / n;
    if (n == 1)
        return;
    uint64_t first, end;
    hd_piece(table->n_blocks, n, i, &first, &end);
    part->first_block = (uint32_t)first;
    part->end_block = (uint32_t)end;
    part->last = i == n - 1;
}

/* The last part has no upper end: what a table gained since it was measured no snapshot of ours
 * sees, but nothing is lost where that should not hold. */
static void add_range(hd_buf *sql, const hd_extract_part *part)
{
    if (part->end_block)
        hd_buf_addf(sql, " WHERE ctid >= '(%" PRIu32 ",0)'", part->first_block);
    if (part->end_block && !part->last)
        hd_buf_addf(sql, " AND ctid < '(%" PRIu32 ",0)'", part->end_block);
}

/* ---- rows ---- */

/* A part while it is read. */
typedef struct stream {
    const hd_extract_table *table;
    hd_gb18030 *gb; /* NULL: texts are UTF-8 */
    hd_pg_copy *copy;
    uint32_t n_columns;
    hd_str *sent;    /* [column] as the server sends it */
    hd_str *text;    /* [column] UTF-8, empty where NULL */
    hd_buf *scratch; /* [column], then [n_columns + column] what decoding it needs */
    uint64_t n_rows;
    uint64_t n_bytes;
    hd_multiset sum;
    uint64_t sequence;
    hd_buf line;
} stream;

/* A part of a table is where the planner's own choice, when it knows too little of the table, may
 * be to read all of it. */
static hd_status open_copy(hd_ctx *ctx, stream *s, hd_pg *pg, const hd_extract_part *part)
{
    HD_TRY(hd_pg_run(ctx, pg,
                     part->end_block ? "SET enable_seqscan TO off" : "SET enable_seqscan TO on"));
    hd_buf sql = {0};
    hd_buf_add(&sql, HD_STR("COPY ("));
    hd_buf_add(&sql, s->table->select);
    add_range(&sql, part);
    hd_buf_add(&sql, HD_STR(") TO STDOUT (FORMAT binary)"));
    hd_status status = hd_pg_copy_open(ctx, pg, sql.ptr, s->n_columns, &s->copy);
    hd_buf_release(&sql);
    return status;
}

static hd_status open_stream(hd_ctx *ctx, const hd_extract_table *table, hd_pg *pg,
                             const hd_extract_part *part, stream *s)
{
    uint32_t n = table->source->n_columns;
    *s = (stream){.table = table, .n_columns = n};
    s->sent = hd_alloc_zero(n, sizeof *s->sent);
    s->text = hd_alloc_zero(n, sizeof *s->text);
    s->scratch = hd_alloc_zero(2 * (size_t)n, sizeof *s->scratch);
    if (table->gb18030)
        HD_TRY(hd_gb18030_open(ctx, &s->gb));
    return open_copy(ctx, s, pg, part);
}

static void close_stream(stream *s)
{
    hd_pg_copy_close(s->copy);
    hd_gb18030_close(s->gb);
    for (uint32_t i = 0; s->scratch && i < 2 * s->n_columns; i++)
        hd_buf_release(&s->scratch[i]);
    hd_free(s->scratch);
    hd_free(s->text);
    hd_free(s->sent);
    hd_buf_release(&s->line);
}

static hd_status next_row(hd_ctx *ctx, stream *s, bool *more)
{
    HD_TRY(hd_pg_copy_next(ctx, s->copy, s->sent, more));
    if (!*more)
        return HD_OK;
    hd_str row = hd_pg_copy_row(s->copy);
    s->n_rows++;
    s->n_bytes += row.len_bytes;
    s->sequence = hd_hash_mix(s->sequence, hd_multiset_add(&s->sum, row.ptr, row.len_bytes));
    return HD_OK;
}

/* ---- values ---- */

/* Bytes of a value that is not taken, as the reject file has them. */
static hd_str cut(hd_str sent)
{
    if (sent.len_bytes > HD_CSV_VALUE_MAX_BYTES)
        sent.len_bytes = HD_CSV_VALUE_MAX_BYTES;
    return sent;
}

/* False: it is no text; `text` is what can be shown of it then. */
static bool decode_text(stream *s, uint32_t column, hd_str sent, hd_str *text)
{
    *text = sent;
    if (s->gb)
        return hd_gb18030_text(s->gb, sent, &s->scratch[s->n_columns + column], text);
    return hd_utf8_valid(sent);
}

/* HD_N_REJECT_REASONS: fine. A NUL cannot be in a text of PostgreSQL's, but in what somebody sends
 * who is not. */
static hd_reject_reason decode_value(stream *s, uint32_t column)
{
    hd_str sent = s->sent[column], *text = &s->text[column];
    *text = HD_STR("");
    if (sent.len_bytes == 0)
        return HD_N_REJECT_REASONS;
    if (sent.len_bytes > HD_CSV_VALUE_MAX_BYTES) {
        *text = cut(sent);
        return HD_REJECT_TOO_LONG;
    }
    hd_pg_type type = s->table->types[column];
    hd_str value = hd_pg_decode(type, sent, &s->scratch[column]);
    if (!value.ptr)
        return HD_REJECT_ENCODING;
    bool is_text = type == HD_PG_TEXT || type == HD_PG_BPCHAR;
    *text = value;
    if (is_text && (!decode_text(s, column, value, text) || memchr(value.ptr, 0, value.len_bytes)))
        return HD_REJECT_ENCODING;
    if (text->len_bytes <= HD_CSV_VALUE_MAX_BYTES)
        return HD_N_REJECT_REASONS;
    *text = cut(*text);
    return HD_REJECT_TOO_LONG;
}

/* All values, so that the reject file has them all; why the row cannot be taken is its first fault.
 */
static hd_reject_reason decode_row(stream *s)
{
    hd_reject_reason first = HD_N_REJECT_REASONS;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        hd_reject_reason why = decode_value(s, i);
        if (first == HD_N_REJECT_REASONS)
            first = why;
    }
    return first;
}

/* The columns that were read, as one line of CSV. */
static hd_str row_line(stream *s)
{
    hd_buf_clear(&s->line);
    hd_csv_add_row(&s->line, HD_CSV_PLAIN, s->text, s->n_columns);
    s->line.len_bytes--;
    return hd_buf_str(&s->line);
}

/* ---- reading ---- */

static hd_status read_rows(hd_ctx *ctx, stream *s, hd_extract_reader *reader)
{
    for (;;) {
        bool more;
        HD_TRY(next_row(ctx, s, &more));
        if (!more)
            return HD_OK;
        HD_TRY(hd_extract_rows_count(ctx, reader, s->n_rows));
        hd_reject_reason why = decode_row(s);
        hd_extract_seen seen = {s->text, s->n_columns, s->n_rows};
        if (why != HD_N_REJECT_REASONS || !hd_extract_rows_take(reader, &seen, &why))
            hd_extract_rows_reject(reader, why, s->n_rows, 0, row_line(s));
    }
}

/* A row has its columns as the configuration numbers them. */
static uint32_t *same_numbers(uint32_t n)
{
    uint32_t *value_of = hd_alloc(n * sizeof *value_of);
    for (uint32_t i = 0; i < n; i++)
        value_of[i] = i;
    return value_of;
}

hd_status hd_extract_table_read(hd_ctx *ctx, const hd_extract_table *table, hd_pg *pg,
                                hd_extract_reader *reader, hd_extract_part *part)
{
    stream s;
    uint32_t *value_of = same_numbers(table->source->n_columns);
    hd_status status = open_stream(ctx, table, pg, part, &s);
    if (status == HD_OK) {
        hd_extract_rows_begin(reader, part, value_of);
        status = read_rows(ctx, &s, reader);
    }
    part->n_bytes = s.n_bytes;
    part->sum = s.sum;
    part->sequence = s.sequence;
    close_stream(&s);
    hd_free(value_of);
    return status;
}

static hd_status fetch_rows(hd_ctx *ctx, stream *s, hd_arena *arena, hd_extract_row *rows,
                            uint32_t n)
{
    for (uint32_t next = 0;;) {
        bool more;
        HD_TRY(next_row(ctx, s, &more));
        if (!more)
            return HD_OK;
        if (next == n || s->n_rows != rows[next].number)
            continue;
        decode_row(s);
        rows[next++].raw = hd_arena_str(arena, row_line(s));
    }
}

hd_status hd_extract_table_rows(hd_ctx *ctx, const hd_extract_table *table, hd_pg *pg,
                                const hd_extract_part *part, hd_arena *arena, hd_extract_row *rows,
                                uint32_t n)
{
    stream s;
    hd_status status = open_stream(ctx, table, pg, part, &s);
    if (status == HD_OK)
        status = fetch_rows(ctx, &s, arena, rows, n);
    if (status == HD_OK && (s.n_rows != part->n_rows || s.sequence != part->sequence)) {
        hd_hint(ctx, "some of its rows have one key, so it was read twice: it needs an ORDER BY "
                     "that leaves no two rows in doubt");
        status = HD_FAIL(ctx, HD_SOURCE, "cannot read %s: its rows came in another order",
                         hd_pg_shown(pg));
    }
    close_stream(&s);
    return status;
}
