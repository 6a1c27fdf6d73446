#include "ops/cli/values.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/utf8.h"
#include "pipeline/config/near_name.h"

hd_status cli_rules(hd_ctx *ctx, const char *config, const char *language, hd_ruleset **out)
{
    *out = NULL;
    if (!language)
        return config ? hd_ruleset_load(ctx, config, NULL, out)
                      : hd_ruleset_load_packaged(ctx, NULL, NULL, out);
    if (config)
        return HD_FAIL(ctx, HD_USAGE, "--language is for use without --config, which says it");
    if (strcmp(language, "zh") != 0 && strcmp(language, "en") != 0)
        return HD_FAIL(ctx, HD_USAGE, "--language takes zh or en, not \"%s\"", language);
    return hd_ruleset_load_packaged(ctx, language, NULL, out);
}

hd_status cli_open_rows(hd_ctx *ctx, const char *path, const char *encoding, bool lines,
                        hd_csv **out)
{
    static const char *const names[] = {
        [HD_CSV_AUTO] = "auto", [HD_CSV_UTF8] = "utf-8", [HD_CSV_GB18030] = "gb18030"};
    hd_csv_options options = {.lines = lines};
    unsigned i = 0;
    while (i < sizeof names / sizeof *names && strcmp(names[i], encoding) != 0)
        i++;
    if (i == sizeof names / sizeof *names)
        return HD_FAIL(ctx, HD_USAGE, "--encoding takes auto, utf-8 or gb18030, not \"%s\"",
                       encoding);
    options.encoding = (hd_csv_encoding)i;
    return hd_csv_open(ctx, path ? path : "-", options, out);
}

hd_status cli_find_column(hd_ctx *ctx, const hd_csv *csv, hd_str name, uint32_t *out)
{
    uint32_t n;
    const hd_str *header = hd_csv_header(csv, &n);
    hd_near_name nearest = {.wanted = name};
    for (uint32_t i = 0; i < n; i++) {
        *out = i;
        if (hd_str_eq(header[i], name))
            return HD_OK;
        hd_near_name_offer(&nearest, header[i]);
    }
    hd_near_name_hint(ctx, &nearest);
    return HD_FAIL(ctx, HD_USAGE, "the header has no column \"%.*s\"", HD_ARG(name));
}

const char *cli_fault_name(hd_csv_fault fault)
{
    switch (fault) {
    case HD_CSV_COLUMNS:
        return "columns";
    case HD_CSV_ENCODING:
        return "encoding";
    case HD_CSV_QUOTE:
        return "quote";
    case HD_CSV_TOO_LONG:
        return "too_long";
    default:
        HD_BUG("fault %d", (int)fault);
    }
}

/* ---- answers ---- */

enum { PIECE_ROWS = 512, BATCH_PIECES = 32, BATCH_BYTES = 4 << 20 };

typedef struct batch {
    cli_row *rows; /* [PIECE_ROWS * BATCH_PIECES] */
    uint32_t n;
    uint64_t n_bytes;
    hd_arena arena; /* what the rows point to */
    hd_buf out[BATCH_PIECES];
    cli_answer *answer;
    void *const *workers;
} batch;

static hd_str keep(batch *b, hd_str text)
{
    b->n_bytes += text.len_bytes;
    return hd_arena_str(&b->arena, text);
}

static void add_row(batch *b, const hd_csv_row *from, const uint32_t *columns, uint32_t n_columns)
{
    cli_row *row = &b->rows[b->n++];
    *row = (cli_row){.fault = from->fault};
    if (from->fault != HD_CSV_FINE)
        row->raw = keep(b, from->raw);
    for (uint32_t i = 0; from->fault == HD_CSV_FINE && i < n_columns; i++)
        row->value[i] = keep(b, from->values[columns[i]]);
}

static hd_status read_batch(hd_ctx *ctx, hd_csv *csv, const uint32_t *columns, uint32_t n_columns,
                            batch *b)
{
    hd_csv_row row;
    bool more = true;
    hd_arena_reset(&b->arena);
    b->n = 0;
    b->n_bytes = 0;
    while (b->n < PIECE_ROWS * BATCH_PIECES && b->n_bytes < BATCH_BYTES) {
        HD_TRY(hd_csv_next(ctx, csv, &row, &more));
        if (!more)
            return HD_OK;
        add_row(b, &row, columns, n_columns);
    }
    return HD_OK;
}

static hd_status answer_piece(hd_ctx *ctx, uint32_t piece, uint32_t worker, void *arg)
{
    (void)ctx;
    batch *b = arg;
    uint32_t begin = piece * PIECE_ROWS;
    uint32_t end = b->n - begin > PIECE_ROWS ? begin + PIECE_ROWS : b->n;
    hd_buf_clear(&b->out[piece]);
    for (uint32_t i = begin; i < end; i++)
        b->answer(b->workers[worker], &b->rows[i], &b->out[piece]);
    return HD_OK;
}

static hd_status print(hd_ctx *ctx, hd_str text)
{
    size_t written = text.len_bytes ? fwrite(text.ptr, 1, text.len_bytes, stdout) : 0;
    return written == text.len_bytes ? HD_OK
                                     : HD_FAIL(ctx, HD_SPACE, "cannot write to standard output");
}

static hd_status answer_batches(hd_ctx *ctx, hd_csv *csv, const uint32_t *columns,
                                uint32_t n_columns, batch *b)
{
    for (;;) {
        HD_TRY(read_batch(ctx, csv, columns, n_columns, b));
        if (!b->n)
            return HD_OK;
        uint32_t n_pieces = (b->n + PIECE_ROWS - 1) / PIECE_ROWS;
        HD_TRY(hd_parallel(ctx, n_pieces, answer_piece, b));
        for (uint32_t piece = 0; piece < n_pieces; piece++)
            HD_TRY(print(ctx, hd_buf_str(&b->out[piece])));
    }
}

hd_status cli_answer_rows(hd_ctx *ctx, hd_csv *csv, const uint32_t *columns, uint32_t n_columns,
                          hd_str head, cli_answer *answer, void *const *workers)
{
    batch b = {.answer = answer, .workers = workers};
    HD_ASSERT(n_columns <= CLI_COLUMNS_MAX);
    b.rows = hd_alloc(PIECE_ROWS * BATCH_PIECES * sizeof *b.rows);
    hd_status status = print(ctx, head);
    if (status == HD_OK)
        status = answer_batches(ctx, csv, columns, n_columns, &b);
    for (int piece = 0; piece < BATCH_PIECES; piece++)
        hd_buf_release(&b.out[piece]);
    hd_arena_release(&b.arena);
    hd_free(b.rows);
    return status;
}

void cli_add_valid(hd_buf *out, hd_str bytes)
{
    for (uint32_t at = 0; at < bytes.len_bytes;) {
        uint32_t c = hd_utf8_next(bytes, &at);
        hd_buf_add_codepoint(out, c ? c : 0xFFFD);
    }
}
