#include <math.h>

#include "ops/cli/values.h"
#include "pipeline/analyse/one_pair.h"

static const char *field, *config, *encoding = "auto", *file;

typedef struct session {
    hd_ruleset *ruleset;
    hd_one_pair pair;
    hd_csv *csv;
    uint32_t column[2];
    hd_buf out;
} session;

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

static void write_row(session *s, hd_str a, hd_str b, const hd_compared *compared)
{
    const hd_str ends[] = {a, b};
    for (int i = 0; i < 2; i++) {
        hd_csv_add_value(&s->out, HD_CSV_PLAIN, ends[i]);
        hd_buf_add_char(&s->out, ',');
    }
    hd_buf_add(&s->out, compared->level);
    hd_buf_add_char(&s->out, ',');
    add_score(&s->out, compared->score);
    hd_buf_add_char(&s->out, ',');
    hd_csv_add_value(&s->out, HD_CSV_PLAIN, compared->reason);
    hd_buf_add_char(&s->out, '\n');
}

static void answer_row(session *s, const hd_csv_row *row)
{
    if (row->fault != HD_CSV_FINE) {
        hd_compared unreadable = {HD_STR("unreadable"), -1,
                                  hd_str_from(cli_fault_name(row->fault))};
        write_row(s, HD_STR_NULL, HD_STR_NULL, &unreadable);
        return;
    }
    hd_str a = row->values[s->column[0]], b = row->values[s->column[1]];
    hd_compared compared = hd_one_pair_compare(&s->pair, a, b);
    write_row(s, a, b, &compared);
}

static hd_status answer_all(hd_ctx *ctx, session *s)
{
    hd_csv_row row;
    bool more;
    HD_TRY(cli_find_column(ctx, s->csv, HD_STR("a"), &s->column[0]));
    HD_TRY(cli_find_column(ctx, s->csv, HD_STR("b"), &s->column[1]));
    hd_buf_add(&s->out, HD_STR("a,b,level,score,reason\n"));
    for (;;) {
        HD_TRY(hd_csv_next(ctx, s->csv, &row, &more));
        if (!more)
            return cli_spill(ctx, &s->out, true);
        answer_row(s, &row);
        HD_TRY(cli_spill(ctx, &s->out, false));
    }
}

static hd_status run(hd_ctx *ctx)
{
    session s = {0};
    if (!field)
        return HD_FAIL(ctx, HD_USAGE, "hedui compare: --field is needed");
    hd_status status = cli_rules(ctx, config, NULL, &s.ruleset);
    if (status == HD_OK)
        status = hd_one_pair_open(ctx, s.ruleset, hd_str_from(field), &s.pair);
    if (status == HD_OK)
        status = cli_open_rows(ctx, file, encoding, false, &s.csv);
    if (status == HD_OK)
        status = answer_all(ctx, &s);
    hd_csv_close(s.csv);
    hd_one_pair_release(&s.pair);
    hd_ruleset_free(s.ruleset);
    hd_buf_release(&s.out);
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
        },
    .most = 1,
    .rest = &file,
    .run = run,
};
