#include <stdio.h>

#include "pipeline/config/catalogue.h"
#include "pipeline/io/csv.h"
#include "pipeline/io/file.h"
#include "pipeline/report/report.h"

/* A line of cells that is being put together. */
typedef struct line {
    hd_file_out *file;
    bool started;
    hd_buf masked; /* scratch */
} line;

static void cell(line *l, hd_str value)
{
    if (l->started)
        hd_buf_add_char(&l->file->buf, ',');
    hd_csv_add_value(&l->file->buf, HD_CSV_SPREADSHEET, value);
    l->started = true;
}

static void end_line(line *l)
{
    hd_buf_add_char(&l->file->buf, '\n');
    hd_file_spill(l->file);
    l->started = false;
}

/* A byte order mark: without it a spreadsheet program takes UTF-8 for the local code page. */
static void begin_list(line *l)
{
    hd_buf_add(&l->file->buf, HD_STR("\xEF\xBB\xBF"));
}

static void head_cell(line *l, const hd_outcome *outcome, const char *key)
{
    cell(l, hd_report_text(outcome, "column", hd_str_from(key)));
}

static void head_line(line *l, const hd_outcome *outcome, const char *const *keys, uint32_t n)
{
    begin_list(l);
    for (uint32_t i = 0; i < n; i++)
        head_cell(l, outcome, keys[i]);
    end_line(l);
}

static void mention_cells(line *l, const hd_outcome *outcome, hd_mention mention)
{
    if (mention == HD_NO_MENTION) {
        for (int i = 0; i < 3; i++)
            cell(l, HD_STR_NULL);
        return;
    }
    const hd_mentions *m = outcome->mentions;
    const hd_source *source = &outcome->ruleset->sources[m->source[mention]];
    cell(l, source->code);
    cell(l, hd_mention_record_id(m, mention));
    cell(l, source->roles[m->role[mention]].code);
}

static void masked_cell(line *l, const hd_outcome *outcome, hd_mention mention, int field,
                        bool as_written)
{
    hd_buf_clear(&l->masked);
    if (field >= 0 && mention != HD_NO_MENTION)
        hd_mention_print_masked(&l->masked, outcome->mentions, mention, (uint32_t)field,
                                as_written);
    cell(l, hd_buf_str(&l->masked));
}

/* Frees what the line holds, whatever became of it. */
static hd_status commit(hd_ctx *ctx, line *l)
{
    hd_buf_release(&l->masked);
    return hd_file_commit(ctx, l->file);
}

/* ---- what lines repeat ---- */

void hd_report_words_init(const hd_outcome *outcome, hd_arena *arena, hd_report_words *out)
{
    static const char *const severity[] = {"info", "warn", "error"};
    const hd_ruleset *r = outcome->ruleset;
    *out = (hd_report_words){.rule = HD_NEW_N(arena, hd_str, r->n_rules + 1),
                             .kind = HD_NEW_N(arena, hd_str, r->n_rules + 1),
                             .field = HD_NEW_N(arena, hd_str, r->n_fields + 1),
                             .conflict = HD_NEW_N(arena, hd_str, r->n_conflicts + 1)};
    for (uint32_t i = 0; i < r->n_rules; i++) {
        out->rule[i] = hd_text_for(r->catalogue, "rule", r->rules[i].code, "name");
        out->kind[i] = hd_report_text(outcome, "kind", r->rules[i].kind);
    }
    for (uint32_t i = 0; i < r->n_fields; i++)
        out->field[i] = hd_report_text(outcome, "field", r->fields[i].code);
    for (uint32_t i = 0; i < r->n_conflicts; i++)
        out->conflict[i] = hd_report_text(outcome, "conflict", r->conflicts[i].code);
    for (int i = 0; i <= HD_SEVERITY_ERROR; i++)
        out->severity[i] = hd_report_text(outcome, "severity", hd_str_from(severity[i]));
    for (int i = 1; i <= -HD_REVIEW_LAST; i++)
        out->review[i] = hd_report_text(outcome, "review", hd_str_from(hd_review_code(-i)));
    out->n_who = hd_who_fields(outcome->mentions, out->who);
    out->name = hd_field_find(r, HD_STR("name"));
}

/* ---- the files ---- */

static void discrepancy_line(line *l, const hd_outcome *outcome, const hd_report_words *words,
                             const hd_discrepancy *d)
{
    const hd_rule *rule = &outcome->ruleset->rules[d->rule];
    cell(l, hd_str_from(d->id));
    cell(l, rule->code);
    cell(l, words->rule[d->rule]);
    cell(l, words->kind[d->rule]);
    cell(l, words->severity[rule->severity]);
    cell(l, outcome->persons->person_id[d->person]);
    masked_cell(l, outcome, d->a, words->name, false);
    cell(l, d->field < 0 ? HD_STR_NULL : words->field[d->field]);
    mention_cells(l, outcome, d->a);
    masked_cell(l, outcome, d->a, d->field, rule->about_form);
    mention_cells(l, outcome, d->b);
    masked_cell(l, outcome, d->b, d->field, rule->about_form);
    end_line(l);
}

/* Division codes are digits by the time they are a standard value; anything else would be a path.
 */
static bool plain_code(hd_str code)
{
    for (uint32_t i = 0; i < code.len_bytes; i++)
        if (code.ptr[i] < '0' || code.ptr[i] > '9')
            return false;
    return code.len_bytes > 0;
}

hd_status hd_report_unit_file(hd_ctx *ctx, const hd_outcome *outcome, const hd_report_words *words,
                              const hd_by_unit *units, uint32_t unit, const char *folder)
{
    static const char *const heads[] = {"discrepancy_id", "rule",      "rule_name", "kind",
                                        "severity",       "person_id", "name",      "field",
                                        "source_a",       "record_a",  "role_a",    "value_a",
                                        "source_b",       "record_b",  "role_b",    "value_b"};
    char path[4096];
    hd_file_out file;
    hd_str code = plain_code(units->unit[unit]) ? units->unit[unit] : HD_STR("unknown");
    snprintf(path, sizeof path, "%s/discrepancies/%.*s.csv", folder, HD_ARG(code));
    HD_TRY(hd_file_create(ctx, path, 0600, &file));
    line l = {.file = &file};
    head_line(&l, outcome, heads, sizeof heads / sizeof *heads);
    for (uint32_t i = units->start[unit]; i < units->start[unit + 1]; i++)
        discrepancy_line(&l, outcome, words, &outcome->discrepancies->item[units->order[i]]);
    return commit(ctx, &l);
}

/* 出生日期甲, birth_date_a */
static void who_head(line *l, const hd_outcome *outcome, const hd_report_words *words, uint32_t f,
                     const char *side_key)
{
    hd_arena arena = {0};
    hd_buf head = {0};
    const char *code =
        hd_arena_printf(&arena, "%.*s", HD_ARG(outcome->ruleset->fields[f].code)).ptr;
    const char *field = hd_arena_printf(&arena, "%.*s", HD_ARG(words->field[f])).ptr;
    hd_text_fill(&head, outcome->ruleset->catalogue, side_key, "code", code, "field", field, NULL);
    cell(l, hd_buf_str(&head));
    hd_buf_release(&head);
    hd_arena_release(&arena);
}

static void review_head(line *l, const hd_outcome *outcome, const hd_report_words *words)
{
    static const char *const pair[] = {"weight", "reason", "pairs"};
    static const char *const side[2][3] = {{"source_a", "record_a", "role_a"},
                                           {"source_b", "record_b", "role_b"}};
    begin_list(l);
    for (int i = 0; i < 3; i++)
        head_cell(l, outcome, pair[i]);
    for (int s = 0; s < 2; s++) {
        for (int i = 0; i < 3; i++)
            head_cell(l, outcome, side[s][i]);
        for (uint32_t i = 0; i < words->n_who; i++)
            who_head(l, outcome, words, words->who[i], s ? "column.of_b" : "column.of_a");
    }
    head_cell(l, outcome, "decision"); /* for who answers (pipeline/given.h) */
    end_line(l);
}

static void review_line(line *l, const hd_outcome *outcome, const hd_report_words *words,
                        const hd_review *r)
{
    char weight[32], pairs[16];
    snprintf(weight, sizeof weight, "%.2f", (double)r->weight / HD_WEIGHT_ONE);
    snprintf(pairs, sizeof pairs, "%u", r->n_pairs);
    /* a negative weight is a number, not a formula: it is written as one */
    hd_buf_add(&l->file->buf, hd_str_from(weight));
    l->started = true;
    cell(l, r->conflict < 0 ? words->review[-r->conflict] : words->conflict[r->conflict]);
    cell(l, hd_str_from(pairs));
    for (int side = 0; side < 2; side++) {
        mention_cells(l, outcome, side ? r->b : r->a);
        for (uint32_t i = 0; i < words->n_who; i++)
            masked_cell(l, outcome, side ? r->b : r->a, (int)words->who[i], false);
    }
    cell(l, HD_STR_NULL);
    end_line(l);
}

hd_status hd_report_review_file(hd_ctx *ctx, const hd_outcome *outcome,
                                const hd_report_words *words, const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/review.csv", folder);
    hd_file_out file;
    HD_TRY(hd_file_create(ctx, path, 0600, &file));
    line l = {.file = &file};
    review_head(&l, outcome, words);
    for (size_t i = 0, n = 0; n < outcome->clusters->n_asked; i++) {
        const hd_review *r = &outcome->clusters->review[i];
        if (!r->n_pairs)
            continue; /* of two persons one pair stands for all */
        review_line(&l, outcome, words, r);
        n++;
    }
    return commit(ctx, &l);
}

/* The rejected rows as they came, so that they can be mended and read again: for their owner only.
 */
hd_status hd_report_rejects(hd_ctx *ctx, const hd_outcome *outcome, const char *folder)
{
    static const char *const heads[] = {"source",    "file",   "row", "line",
                                        "record_id", "reason", "text"};
    char path[4096], number[24];
    snprintf(path, sizeof path, "%s/reject.csv", folder);
    hd_file_out file;
    HD_TRY(hd_file_create(ctx, path, 0600, &file));
    line l = {.file = &file};
    head_line(&l, outcome, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < outcome->extract->n_rejects; i++) {
        const hd_reject *r = &outcome->extract->rejects[i];
        cell(&l, outcome->ruleset->sources[r->source].code);
        cell(&l, r->file);
        snprintf(number, sizeof number, "%llu", (unsigned long long)r->row);
        cell(&l, hd_str_from(number));
        snprintf(number, sizeof number, "%llu", (unsigned long long)r->line);
        cell(&l, r->line ? hd_str_from(number) : HD_STR_NULL);
        cell(&l, r->record_id);
        cell(&l, hd_report_text(outcome, "reject", hd_str_from(hd_reject_reason_name(r->reason))));
        cell(&l, r->text);
        end_line(&l);
    }
    return commit(ctx, &l);
}
