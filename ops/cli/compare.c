#include <math.h>

#include "base/mem.h"
#include "matchers/comparator.h"
#include "ops/cli/values.h"
#include "pipeline/analyse/one_pair.h"
#include "pipeline/config/near_name.h"

static const char *field, *by, *config, *encoding = "auto", *threads, *file;

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

static void add_ends(hd_buf *out, const hd_str *ends)
{
    for (int i = 0; i < 2; i++) {
        hd_csv_add_value(out, HD_CSV_PLAIN, ends[i]);
        hd_buf_add_char(out, ',');
    }
}

static void write_row(hd_buf *out, const hd_str *ends, const hd_compared *compared)
{
    add_ends(out, ends);
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

static hd_status answer_all(hd_ctx *ctx, hd_str head, cli_answer *answer, void *const *workers)
{
    uint32_t column[2];
    hd_csv *csv = NULL;
    hd_status status = cli_open_rows(ctx, file, encoding, false, &csv);
    if (status == HD_OK)
        status = cli_find_column(ctx, csv, HD_STR("a"), &column[0]);
    if (status == HD_OK)
        status = cli_find_column(ctx, csv, HD_STR("b"), &column[1]);
    if (status == HD_OK)
        status = cli_answer_rows(ctx, csv, column, 2, head, answer, workers);
    hd_csv_close(csv);
    return status;
}

/* ---- by the rules ---- */

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

static hd_status compare_by_rules(hd_ctx *ctx)
{
    hd_ruleset *ruleset = NULL;
    HD_TRY(cli_rules(ctx, config, NULL, &ruleset));
    void **pairs = hd_alloc_zero(ctx->n_threads, sizeof *pairs);
    hd_status status = open_pairs(ctx, ruleset, pairs);
    if (status == HD_OK)
        status = answer_all(ctx, HD_STR("a,b,level,score,reason\n"), answer_row, pairs);
    close_pairs(ctx, pairs);
    hd_ruleset_free(ruleset);
    return status;
}

/* ---- by one comparator ---- */

/* An empty cell has no value, as in the rules. */
static bool operand_of(const hd_comparator *comparator, hd_str text, hd_operand *out)
{
    if (comparator->takes == HD_OPERAND_number)
        return hd_decimal_read(text, &out->number);
    out->text = text;
    return text.len_bytes > 0;
}

static void answer_value(void *worker, const cli_row *row, hd_buf *out)
{
    const hd_comparator *comparator = worker;
    hd_operand a, b;
    add_ends(out, row->value);
    if (row->fault == HD_CSV_FINE && operand_of(comparator, row->value[0], &a) &&
        operand_of(comparator, row->value[1], &b))
        add_score(out, comparator->compare(&a, &b));
    hd_buf_add_char(out, '\n');
}

static bool can_be_asked(const hd_comparator *comparator)
{
    return comparator->takes == HD_OPERAND_text || comparator->takes == HD_OPERAND_number;
}

static hd_status find_comparator(hd_ctx *ctx, const hd_comparator **out)
{
    hd_near_name nearest = {.wanted = hd_str_from(by)};
    for (uint32_t i = 0; i < HD_N_COMPARATORS; i++) {
        *out = &hd_comparators[i];
        if (!can_be_asked(*out))
            continue;
        if (hd_str_eq(nearest.wanted, hd_str_from((*out)->name)))
            return HD_OK;
        hd_near_name_offer(&nearest, hd_str_from((*out)->name));
    }
    if (!hd_near_name_hint(ctx, &nearest))
        hd_hint(ctx, "docs/rule-language.md lists them: damerau, jaro_winkler, token_set …");
    return HD_FAIL(ctx, HD_USAGE, "--by %s: no comparator of two texts or numbers", by);
}

static hd_status compare_by_one(hd_ctx *ctx)
{
    const hd_comparator *comparator;
    HD_TRY(find_comparator(ctx, &comparator));
    void **workers = hd_alloc_zero(ctx->n_threads, sizeof *workers);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        workers[i] =
            (void *)(uintptr_t)comparator; /* which is the same to all, and stays as it is */
    hd_status status = answer_all(ctx, HD_STR("a,b,value\n"), answer_value, workers);
    hd_free(workers);
    return status;
}

static hd_status run(hd_ctx *ctx)
{
    if (!field == !by)
        return HD_FAIL(ctx, HD_USAGE, "hedui compare: --field or --by is needed%s",
                       field ? ", not both" : "");
    HD_TRY(cli_threads(ctx, threads));
    return field ? compare_by_rules(ctx) : compare_by_one(ctx);
}

const cli_command cli_compare = {
    .name = "compare",
    .purpose = "pairs of values of one field: level, score, reason",
    .arguments = "--field FIELD | --by COMPARATOR [FILE]",
    .summary =
        "Compare columns a and b of a CSV file, or of standard input, as values of one field, by "
        "the rules'\ncomparison of it, and write CSV: a, b, level, score, reason. The score rises "
        "with similarity, 0 to 1.\nOr by one comparator of the rule language, as they are written: "
        "a, b, value.",
    .options =
        {
            CLI_FIELD(field),
            {"by", "COMPARATOR", "damerau, jaro_winkler, token_set … (docs/rule-language.md)", &by,
             NULL},
            CLI_ENCODING(encoding),
            {"config", "FILE",
             "a county's configuration, for its fields and comparisons (default: the packaged "
             "rules)",
             &config, NULL},
            CLI_THREADS(threads),
        },
    .most = 1,
    .rest = &file,
    .run = run,
};
