#include <stdio.h>

#include "pipeline/config/catalogue.h"
#include "pipeline/io/csv.h"
#include "pipeline/io/file.h"
#include "pipeline/report/report.h"

/* A line of cells that is being put together. */
typedef struct line {
    hd_file_out *file;
    bool started;
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
static void head_line(line *l, const hd_outcome *outcome, const char *const *keys, uint32_t n)
{
    hd_buf_add(&l->file->buf, HD_STR("\xEF\xBB\xBF"));
    for (uint32_t i = 0; i < n; i++)
        cell(l, hd_report_text(outcome, "column", hd_str_from(keys[i])));
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

static void masked_cell(line *l, const hd_outcome *outcome, hd_mention mention, int field)
{
    hd_buf value = {0};
    if (field >= 0 && mention != HD_NO_MENTION)
        hd_mention_print_masked(&value, outcome->mentions, mention, (uint32_t)field);
    cell(l, hd_buf_str(&value));
    hd_buf_release(&value);
}

static void discrepancy_line(line *l, const hd_outcome *outcome, const hd_discrepancy *d)
{
    const hd_rule *rule = &outcome->ruleset->rules[d->rule];
    static const char *const severity[] = {"info", "warn", "error"};
    cell(l, hd_str_from(d->id));
    cell(l, rule->code);
    cell(l, hd_text_for(outcome->ruleset->catalogue, "rule", rule->code, "name"));
    cell(l, hd_report_text(outcome, "kind", rule->kind));
    cell(l, hd_report_text(outcome, "severity", hd_str_from(severity[rule->severity])));
    cell(l, outcome->persons->person_id[d->person]);
    masked_cell(l, outcome, d->a, hd_field_find(outcome->ruleset, HD_STR("name")));
    cell(l, d->field < 0
                ? HD_STR_NULL
                : hd_report_text(outcome, "field", outcome->ruleset->fields[d->field].code));
    mention_cells(l, outcome, d->a);
    masked_cell(l, outcome, d->a, d->field);
    mention_cells(l, outcome, d->b);
    masked_cell(l, outcome, d->b, d->field);
    end_line(l);
}

static hd_status unit_file(hd_ctx *ctx, const hd_outcome *outcome, const hd_by_unit *units,
                           uint32_t unit, const char *path)
{
    static const char *const heads[] = {"discrepancy_id", "rule",      "rule_name", "kind",
                                        "severity",       "person_id", "name",      "field",
                                        "source_a",       "record_a",  "role_a",    "value_a",
                                        "source_b",       "record_b",  "role_b",    "value_b"};
    hd_file_out file;
    HD_TRY(hd_file_create(ctx, path, 0600, &file));
    line l = {.file = &file};
    head_line(&l, outcome, heads, sizeof heads / sizeof *heads);
    for (uint32_t i = units->start[unit]; i < units->start[unit + 1]; i++)
        discrepancy_line(&l, outcome, &outcome->discrepancies->item[units->order[i]]);
    return hd_file_commit(ctx, &file);
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

hd_status hd_report_unit_files(hd_ctx *ctx, const hd_outcome *outcome, const hd_by_unit *units,
                               const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/discrepancies", folder);
    HD_TRY(hd_folder_make(ctx, path, 0700));
    for (uint32_t u = 0; u < units->n_units; u++) {
        hd_str unit = plain_code(units->unit[u]) ? units->unit[u] : HD_STR("unknown");
        snprintf(path, sizeof path, "%s/discrepancies/%.*s.csv", folder, HD_ARG(unit));
        HD_TRY(unit_file(ctx, outcome, units, u, path));
    }
    return HD_OK;
}

static hd_str review_reason(const hd_outcome *outcome, int16_t conflict)
{
    if (conflict >= 0)
        return hd_report_text(outcome, "conflict", outcome->ruleset->conflicts[conflict].code);
    static const char *const codes[] = {[-HD_REVIEW_ONE_RECORD] = "one_record",
                                        [-HD_REVIEW_BETWEEN] = "between",
                                        [-HD_REVIEW_AGAINST] = "cluster_against",
                                        [-HD_REVIEW_TOO_LARGE] = "too_large"};
    return hd_report_text(outcome, "review", hd_str_from(codes[-conflict]));
}

hd_status hd_report_review_file(hd_ctx *ctx, const hd_outcome *outcome, const char *folder)
{
    static const char *const heads[] = {"weight", "reason",  "source_a", "record_a", "role_a",
                                        "name_a", "birth_a", "id_a",     "source_b", "record_b",
                                        "role_b", "name_b",  "birth_b",  "id_b"};
    static const char *const shown[] = {"name", "birth_date", "id_number"};
    char path[4096], weight[32];
    snprintf(path, sizeof path, "%s/review.csv", folder);
    hd_file_out file;
    HD_TRY(hd_file_create(ctx, path, 0600, &file));
    line l = {.file = &file};
    head_line(&l, outcome, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < outcome->clusters->n_review; i++) {
        const hd_review *r = &outcome->clusters->review[i];
        snprintf(weight, sizeof weight, "%.2f", (double)r->weight / HD_WEIGHT_ONE);
        /* a negative weight is a number, not a formula: it is written as one */
        hd_buf_add(&file.buf, hd_str_from(weight));
        l.started = true;
        cell(&l, review_reason(outcome, r->conflict));
        for (int side = 0; side < 2; side++) {
            mention_cells(&l, outcome, side ? r->b : r->a);
            for (int f = 0; f < 3; f++)
                masked_cell(&l, outcome, side ? r->b : r->a,
                            hd_field_find(outcome->ruleset, hd_str_from(shown[f])));
        }
        end_line(&l);
    }
    return hd_file_commit(ctx, &file);
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
    return hd_file_commit(ctx, &file);
}
