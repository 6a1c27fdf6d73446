#include <math.h>

#include "base/mem.h"
#include "ops/cli/values.h"
#include "pipeline/analyse/one_pair.h"

static const char *field, *config, *encoding = "auto", *threads, *file;

/* Four digits are more than any similarity means. */
static void add_score(hd_buf *out, double score)
{
    if (score < 0)
        return;
    uint64_t digits = (uint64_t)lround(score * 10000);
    hd_buf_add_digits(out, digits / 10000, 1);
    hd_buf_add_char(out, '.');
    hd_buf_add_digits(out, digits % 10000, 4);
}

static void write_row(hd_buf *out, const hd_str *ends, const hd_compared *compared)
{
    for (int i = 0; i < 2; i++) {
        hd_csv_add_value(out, HD_CSV_PLAIN, ends[i]);
        hd_buf_add_char(out, ',');
    }
    hd_buf_add(out, compared->level);
    hd_buf_add_char(out, ',');
    add_score(out, compared->score);
    hd_buf_add_char(out, ',');
    hd_csv_add_value(out, HD_CSV_PLAIN, compared->reason);
    hd_buf_add_char(out, '\n');
}

static void answer_row(void *worker, const cli_row *row, hd_buf *out)
{
    hd_compared compared = {HD_STR("unreadable"), -1, HD_STR_NULL};
    if (row->fault == HD_CSV_FINE)
        compared = hd_one_pair_compare(worker, row->value[0], row->value[1]);
    else
        compared.reason = hd_str_from(cli_fault_name(row->fault));
    write_row(out, row->value, &compared);
}

static hd_status answer_all(hd_ctx *ctx, hd_csv *csv, void *const *pairs)
{
    uint32_t column[2];
    HD_TRY(cli_find_column(ctx, csv, HD_STR("a"), &column[0]));
    HD_TRY(cli_find_column(ctx, csv, HD_STR("b"), &column[1]));
    return cli_answer_rows(ctx, csv, column, 2, HD_STR("a,b,level,score,reason\n"), answer_row,
                           pairs);
}

static hd_status open_pairs(hd_ctx *ctx, hd_ruleset *ruleset, void **pairs)
{
    for (uint32_t i = 0; i < ctx->n_threads; i++) {
        pairs[i] = hd_alloc_zero(1, sizeof(hd_one_pair));
        HD_TRY(hd_one_pair_open(ctx, ruleset, hd_str_from(field), pairs[i]));
    }
    return HD_OK;
}

static void close_pairs(const hd_ctx *ctx, void **pairs)
{
    for (uint32_t i = 0; i < ctx->n_threads && pairs[i]; i++) {
        hd_one_pair_release(pairs[i]);
        hd_free(pairs[i]);
    }
    hd_free(pairs);
}

static hd_status run(hd_ctx *ctx)
{
    hd_ruleset *ruleset = NULL;
    hd_csv *csv = NULL;
    if (!field)
        return HD_FAIL(ctx, HD_USAGE, "hedui compare: --field is needed");
    HD_TRY(cli_threads(ctx, threads));
    HD_TRY(cli_rules(ctx, config, NULL, &ruleset));
    void **pairs = hd_alloc_zero(ctx->n_threads, sizeof *pairs);
    hd_status status = open_pairs(ctx, ruleset, pairs);
    if (status == HD_OK)
        status = cli_open_rows(ctx, file, encoding, false, &csv);
    if (status == HD_OK)
        status = answer_all(ctx, csv, pairs);
    hd_csv_close(csv);
    close_pairs(ctx, pairs);
    hd_ruleset_free(ruleset);
    return status;
}

const cli_command cli_compare = {
    .name = "compare",
    .purpose = "pairs of values of one field: level, score, reason",
    .arguments = "--field FIELD [FILE]",
    .summary =
        "Compare columns a and b of a CSV file, or of standard input, as values of one field, by "
        "the rules'\ncomparison of it, and write CSV: a, b, level, score, reason. The score rises "
        "with similarity, 0 to 1.",
    .options =
        {
            {"field", "FIELD", "a field of rules/fields.yaml, or a kind: name, id_number, date …",
             &field, NULL},
            {"encoding", "NAME", "auto, utf-8 or gb18030 (default: auto)", &encoding, NULL},
            {"config", "FILE",
             "a county's configuration, for its fields and comparisons (default: the packaged "
             "rules)",
             &config, NULL},
            {"threads", "N", "threads (default: as many as there are processors)", &threads, NULL},
        },
    .most = 1,
    .rest = &file,
    .run = run,
};
