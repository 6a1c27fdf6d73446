#include "pipeline/extract/file.h"

#include "base/mem.h"
#include "pipeline/io/csv.h"

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
static hd_status open_file(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_extract_part *part,
                           bool digest, hd_csv **csv, uint32_t **value_of)
{
    const hd_source *source = &ruleset->sources[part->source];
    hd_csv_options options = {.encoding = csv_encoding(source->encoding),
                              .delimiter = source->delimiter,
                              .header = source->header,
                              .digest = digest};
    HD_TRY_DOING(ctx, hd_csv_open(ctx, part->path, options, csv), "source %.*s",
                 HD_ARG(source->code));
    hd_extract_header header = {.shown = part->name,
                                .delimiter = source->delimiter ? source->delimiter : ','};
    header.names = hd_csv_header(*csv, &header.n);
    *value_of = hd_alloc(source->n_columns * sizeof **value_of);
    hd_status status = hd_extract_find_columns(ctx, source, &header, *value_of);
    if (status != HD_OK) {
        hd_free(*value_of);
        hd_csv_close(*csv);
    }
    return status;
}

hd_status hd_extract_file_check(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_extract_part *part)
{
    hd_csv *csv = NULL;
    uint32_t *value_of = NULL;
    HD_TRY(open_file(ctx, ruleset, part, false, &csv, &value_of));
    hd_free(value_of);
    hd_csv_close(csv);
    return HD_OK;
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

static void take_row(hd_extract_reader *reader, const hd_csv_row *row)
{
    hd_extract_seen seen = {row->values, row->n_values, row->number};
    hd_reject_reason why = HD_N_REJECT_REASONS;
    bool fine = row->fault == HD_CSV_FINE;
    if (!fine)
        why = reason_of_fault(row->fault);
    if (!fine || !hd_extract_rows_take(reader, &seen, &why))
        hd_extract_rows_reject(reader, why, row->number, row->line, row->raw);
}

static hd_status read_rows(hd_ctx *ctx, hd_extract_reader *reader, hd_csv *csv)
{
    for (;;) {
        hd_csv_row row;
        bool more;
        HD_TRY(hd_csv_next(ctx, csv, &row, &more));
        if (!more)
            return HD_OK;
        HD_TRY(hd_extract_rows_count(ctx, reader, row.number));
        take_row(reader, &row);
    }
}

hd_status hd_extract_file_read(hd_ctx *ctx, hd_extract_reader *reader, hd_extract_part *part)
{
    const hd_source *source = &reader->ruleset->sources[part->source];
    hd_csv *csv;
    uint32_t *value_of;
    HD_TRY(open_file(ctx, reader->ruleset, part, true, &csv, &value_of));
    hd_extract_rows_begin(reader, part, value_of);
    hd_status status = read_rows(ctx, reader, csv);
    if (status == HD_OK) {
        hd_csv_digest(csv, part->digest);
        part->n_bytes = hd_csv_bytes(csv);
    } else {
        hd_fail_doing(ctx, status, __FILE__, __LINE__, "source %.*s", HD_ARG(source->code));
    }
    hd_free(value_of);
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

hd_status hd_extract_file_rows(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_extract_part *part,
                               hd_arena *arena, hd_extract_row *rows, uint32_t n)
{
    hd_csv *csv;
    uint32_t *value_of;
    HD_TRY(open_file(ctx, ruleset, part, true, &csv, &value_of));
    hd_status status = fetch_rows(ctx, csv, arena, rows, n);
    char digest[65] = "";
    if (status == HD_OK)
        hd_csv_digest(csv, digest);
    if (status == HD_OK && memcmp(digest, part->digest, sizeof digest) != 0)
        status = HD_FAIL(ctx, HD_SOURCE, "%s changed while it was read", part->path);
    hd_free(value_of);
    hd_csv_close(csv);
    return status;
}
