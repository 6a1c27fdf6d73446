#include <stdio.h>

#include "base/mem.h"
#include "ops/cli/values.h"
#include "pipeline/analyse/one_value.h"
#include "pipeline/config/catalogue.h"

static const char *field, *config, *language, *column, *encoding = "auto", *threads, *file;
static bool explain, json;

/* A thread's own. */
typedef struct session {
    hd_one_field one;
    hd_buf cell, valid;
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
    const hd_catalogue *texts = s->one.ruleset->catalogue;
    bool chinese = hd_str_eq(s->one.ruleset->language, HD_STR("zh"));
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

static void write_head(const hd_one_field *one, hd_buf *out)
{
    hd_buf_add(out, HD_STR("raw,standard,state,reasons"));
    for (uint32_t i = 0; i < one->n_keys; i++)
        hd_buf_addf(out, ",%s", one->key_name[i]);
    hd_buf_addf(out, "%s\n", explain ? ",explanation" : "");
}

static void write_csv(session *s, const answer *a, hd_buf *out)
{
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

static void write_json(session *s, const answer *a, hd_buf *out)
{
    hd_buf_add(out, HD_STR("{\"raw\":"));
    hd_buf_add_json(out, a->raw);
    hd_buf_add(out, HD_STR(",\"standard\":"));
    hd_str standard = standard_text(s, a);
    if (standard.len_bytes)
        hd_buf_add_json(out, standard);
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
            hd_buf_add_json(out, key_text(s, a, i));
    }
    hd_buf_add_char(out, '}');
    if (explain) {
        hd_buf_clear(&s->cell);
        add_explanation(s, a, &s->cell);
        hd_buf_add(out, HD_STR(",\"explanation\":"));
        hd_buf_add_json(out, hd_buf_str(&s->cell));
    }
    hd_buf_add(out, HD_STR("}\n"));
}

/* ---- the stream ---- */

static void answer_row(void *worker, const cli_row *row, hd_buf *out)
{
    session *s = worker;
    answer a = {.result.state = HD_STATE_invalid};
    for (uint32_t i = 0; i < s->one.n_keys; i++)
        a.keys[i] = HD_NULL;
    if (row->fault == HD_CSV_FINE) {
        a.raw = row->value[0];
        a.result = hd_one_field_standardise(&s->one, a.raw);
        hd_one_field_keys(&s->one, &a.result, a.keys);
    } else {
        hd_buf_clear(&s->valid);
        cli_add_valid(&s->valid, row->raw);
        a.raw = hd_buf_str(&s->valid);
        a.fault = cli_fault_name(row->fault);
    }
    (json ? write_json : write_csv)(s, &a, out);
}

static hd_status open_sessions(hd_ctx *ctx, hd_ruleset *ruleset, void **sessions)
{
    for (uint32_t i = 0; i < ctx->n_threads; i++) {
        session *s = hd_alloc_zero(1, sizeof *s);
        sessions[i] = s;
        HD_TRY(hd_one_field_open(ctx, ruleset, hd_str_from(field), &s->one));
    }
    return HD_OK;
}

static void close_sessions(const hd_ctx *ctx, void **sessions)
{
    for (uint32_t i = 0; i < ctx->n_threads && sessions[i]; i++) {
        session *s = sessions[i];
        hd_one_field_release(&s->one);
        hd_buf_release(&s->cell);
        hd_buf_release(&s->valid);
        hd_free(s);
    }
    hd_free(sessions);
}

static hd_status answer_all(hd_ctx *ctx, hd_csv *csv, void **sessions)
{
    hd_buf head = {0};
    uint32_t place = 0;
    if (column)
        HD_TRY(cli_find_column(ctx, csv, hd_str_from(column), &place));
    if (!json)
        write_head(&((session *)sessions[0])->one, &head);
    hd_status status =
        cli_answer_rows(ctx, csv, &place, 1, hd_buf_str(&head), answer_row, sessions);
    hd_buf_release(&head);
    return status;
}

static hd_status run(hd_ctx *ctx)
{
    hd_ruleset *ruleset = NULL;
    hd_csv *csv = NULL;
    if (!field)
        return HD_FAIL(ctx, HD_USAGE, "hedui standardise: --field is needed");
    HD_TRY(cli_threads(ctx, threads));
    HD_TRY(cli_rules(ctx, config, language, &ruleset));
    if (column && hd_ruleset_denies(ruleset, hd_str_from(column))) {
        hd_ruleset_free(ruleset);
        return HD_FAIL(ctx, HD_CONFIG,
                       "column \"%s\" is about contraception, pregnancy checks or policy: such "
                       "columns are never read",
                       column);
    }
    void **sessions = hd_alloc_zero(ctx->n_threads, sizeof *sessions);
    hd_status status = open_sessions(ctx, ruleset, sessions);
    if (status == HD_OK)
        status = cli_open_rows(ctx, file, encoding, !column, &csv);
    if (status == HD_OK)
        status = answer_all(ctx, csv, sessions);
    hd_csv_close(csv);
    close_sessions(ctx, sessions);
    hd_ruleset_free(ruleset);
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
            CLI_FIELD(field),
            {"column", "NAME", "take this column of a CSV file with a header", &column, NULL},
            {"explain", NULL, "say in words what was seen and done", NULL, &explain},
            {"json", NULL, "write one JSON object a line instead of CSV", NULL, &json},
            CLI_ENCODING(encoding),
            {"config", "FILE",
             "a county's configuration, for its fields, code tables and language (default: the "
             "packaged rules)",
             &config, NULL},
            {"language", "LANGUAGE", "of --explain, without --config: zh or en (default: zh)",
             &language, NULL},
            CLI_THREADS(threads),
        },
    .most = 1,
    .rest = &file,
    .run = run,
};
