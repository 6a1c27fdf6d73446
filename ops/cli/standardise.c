#include <stdio.h>

#include "ops/cli/values.h"
#include "pipeline/analyse/one_value.h"
#include "pipeline/config/catalogue.h"

static const char *field, *config, *language, *column, *encoding = "auto", *file;
static bool explain, json;

typedef struct session {
    hd_ruleset *ruleset;
    hd_one_field one;
    hd_csv *csv;
    uint32_t column;
    hd_buf out, cell;
} session;

/* What is written of one value. A row that cannot be read has a fault in place of reasons. */
typedef struct answer {
    hd_str raw;
    hd_std_result result;
    const char *fault; /* NULL: none */
    hd_value keys[HD_ONE_KEYS_MAX];
} answer;

/* ---- words ---- */

/* "repaired: It held … . The separator …": what a steward reads. */
static void add_explanation(const session *s, const answer *a, hd_buf *out)
{
    const hd_catalogue *texts = s->ruleset->catalogue;
    bool chinese = hd_str_eq(s->ruleset->language, HD_STR("zh"));
    hd_str state = hd_str_from(hd_state_name(a->result.state));
    hd_buf_add(out, hd_text_for(texts, "state", state, NULL));
    hd_buf_add(out, chinese ? HD_STR("：") : HD_STR(": "));
    if (a->fault)
        hd_buf_add(out, hd_text_for(texts, "reject", hd_str_from(a->fault), NULL));
    else if (!a->result.reasons)
        hd_buf_add(out, hd_text_for(texts, "state_means", state, NULL));
    for (unsigned i = 0, n = 0; i < HD_N_REASONS; i++) {
        if (!(a->result.reasons >> i & 1))
            continue;
        if (n++ && !chinese)
            hd_buf_add_char(out, ' ');
        hd_buf_add(out,
                   hd_text_for(texts, "reason", hd_str_from(hd_reason_name((hd_reason)i)), NULL));
    }
}

static void add_reasons(const answer *a, const char *before, const char *between, hd_buf *out)
{
    if (a->fault)
        hd_buf_addf(out, "%s%s%s", before, a->fault, before);
    for (unsigned i = 0, n = 0; i < HD_N_REASONS; i++)
        if (a->result.reasons >> i & 1)
            hd_buf_addf(out, "%s%s%s%s", n++ ? between : "", before, hd_reason_name((hd_reason)i),
                        before);
}

static hd_str key_text(session *s, const answer *a, uint32_t i)
{
    hd_buf_clear(&s->cell);
    hd_value_print(&s->cell, s->one.key_type[i], a->keys[i], s->one.transient.env.texts);
    return hd_buf_str(&s->cell);
}

static hd_str standard_text(session *s, const answer *a)
{
    hd_buf_clear(&s->cell);
    hd_one_field_print(&s->one, &a->result, &s->cell);
    return hd_buf_str(&s->cell);
}

/* ---- CSV ---- */

static void write_head(session *s)
{
    hd_buf_add(&s->out, HD_STR("raw,standard,state,reasons"));
    for (uint32_t i = 0; i < s->one.n_keys; i++)
        hd_buf_addf(&s->out, ",%s", s->one.key_name[i]);
    hd_buf_addf(&s->out, "%s\n", explain ? ",explanation" : "");
}

static void write_csv(session *s, const answer *a)
{
    hd_buf *out = &s->out;
    hd_csv_add_value(out, HD_CSV_PLAIN, a->raw);
    hd_buf_add_char(out, ',');
    hd_csv_add_value(out, HD_CSV_PLAIN, standard_text(s, a));
    hd_buf_add_char(out, ',');
    hd_buf_add(out, hd_str_from(hd_state_name(a->result.state)));
    hd_buf_add_char(out, ',');
    add_reasons(a, "", " ", out);
    for (uint32_t i = 0; i < s->one.n_keys; i++) {
        hd_buf_add_char(out, ',');
        hd_csv_add_value(out, HD_CSV_PLAIN, key_text(s, a, i));
    }
    if (explain) {
        hd_buf_add_char(out, ',');
        hd_buf_clear(&s->cell);
        add_explanation(s, a, &s->cell);
        hd_csv_add_value(out, HD_CSV_PLAIN, hd_buf_str(&s->cell));
    }
    hd_buf_add_char(out, '\n');
}

/* ---- JSON, an object a line ---- */

static void write_json(session *s, const answer *a)
{
    hd_buf *out = &s->out;
    hd_buf_add(out, HD_STR("{\"raw\":"));
    cli_add_json(out, a->raw);
    hd_buf_add(out, HD_STR(",\"standard\":"));
    hd_str standard = standard_text(s, a);
    if (standard.len_bytes)
        cli_add_json(out, standard);
    else
        hd_buf_add(out, HD_STR("null"));
    hd_buf_addf(out, ",\"state\":\"%s\",\"reasons\":[", hd_state_name(a->result.state));
    add_reasons(a, "\"", ",", out);
    hd_buf_add(out, HD_STR("],\"keys\":{"));
    for (uint32_t i = 0, n = 0; i < s->one.n_keys; i++) {
        if (a->keys[i] == HD_NULL)
            continue;
        hd_buf_addf(out, "%s\"%s\":", n++ ? "," : "", s->one.key_name[i]);
        if (s->one.key_type[i] == HD_TYPE_NUMBER || s->one.key_type[i] == HD_TYPE_BOOL)
            hd_buf_add(out, key_text(s, a, i));
        else
            cli_add_json(out, key_text(s, a, i));
    }
    hd_buf_add_char(out, '}');
    if (explain) {
        hd_buf_clear(&s->cell);
        add_explanation(s, a, &s->cell);
        hd_buf_add(out, HD_STR(",\"explanation\":"));
        cli_add_json(out, hd_buf_str(&s->cell));
    }
    hd_buf_add(out, HD_STR("}\n"));
}

/* ---- the stream ---- */

static void answer_row(session *s, const hd_csv_row *row)
{
    answer a = {.result.state = HD_STATE_invalid};
    hd_buf valid = {0};
    for (uint32_t i = 0; i < s->one.n_keys; i++)
        a.keys[i] = HD_NULL;
    if (row->fault == HD_CSV_FINE) {
        a.raw = row->values[s->column];
        a.result = hd_one_field_standardise(&s->one, a.raw);
        hd_one_field_keys(&s->one, &a.result, a.keys);
    } else {
        cli_add_valid(&valid, row->raw);
        a.raw = hd_buf_str(&valid);
        a.fault = cli_fault_name(row->fault);
    }
    (json ? write_json : write_csv)(s, &a);
    hd_buf_release(&valid);
}

static hd_status answer_all(hd_ctx *ctx, session *s)
{
    hd_csv_row row;
    bool more;
    if (column)
        HD_TRY(cli_find_column(ctx, s->csv, hd_str_from(column), &s->column));
    if (!json)
        write_head(s);
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
        return HD_FAIL(ctx, HD_USAGE, "hedui standardise: --field is needed");
    hd_status status = cli_rules(ctx, config, language, &s.ruleset);
    if (status == HD_OK)
        status = hd_one_field_open(ctx, s.ruleset, hd_str_from(field), &s.one);
    if (status == HD_OK)
        status = cli_open_rows(ctx, file, encoding, !column, &s.csv);
    if (status == HD_OK)
        status = answer_all(ctx, &s);
    hd_csv_close(s.csv);
    hd_one_field_release(&s.one);
    hd_ruleset_free(s.ruleset);
    hd_buf_release(&s.out);
    hd_buf_release(&s.cell);
    return status;
}

const cli_command cli_standardise = {
    .name = "standardise",
    .purpose = "one field's values: standard form, state, reasons, keys",
    .arguments = "--field FIELD [--column NAME] [--explain] [--json] [FILE]",
    .summary =
        "Standardise values of one field, one a line, from FILE or standard input, and write CSV: "
        "raw, standard,\nstate, reasons and the keys that rules make of it. Works without a "
        "configuration. FILE may be gzip.",
    .options =
        {
            {"field", "FIELD", "a field of rules/fields.yaml, or a kind: name, id_number, date …",
             &field, NULL},
            {"column", "NAME", "take this column of a CSV file with a header", &column, NULL},
            {"explain", NULL, "say in words what was seen and done", NULL, &explain},
            {"json", NULL, "write one JSON object a line instead of CSV", NULL, &json},
            {"encoding", "NAME", "auto, utf-8 or gb18030 (default: auto)", &encoding, NULL},
            {"config", "FILE",
             "a county's configuration, for its fields, code tables and language (default: the "
             "packaged rules)",
             &config, NULL},
            {"language", "LANGUAGE", "of --explain, without --config: zh or en (default: zh)",
             &language, NULL},
        },
    .most = 1,
    .rest = &file,
    .run = run,
};
