#include "pipeline/analyse/profile.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ops/cli/cli.h"
#include "pipeline/config/catalogue.h"

static const char *config = "hedui.yaml", *source, *threads;
static bool json;

static uint64_t filled(const hd_profile_counts *counts)
{
    return counts->rows - counts->state[HD_STATE_missing];
}

/* ---- for programs ---- */

static json_t *text(hd_str s)
{
    return s.ptr ? json_stringn(s.ptr, s.len_bytes) : json_null();
}

static json_t *count(uint64_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *describe_reasons(uint32_t reasons)
{
    json_t *out = json_array();
    for (unsigned i = 0; i < HD_N_REASONS; i++)
        if (reasons >> i & 1)
            json_array_append_new(out, json_string(hd_reason_name((hd_reason)i)));
    return out;
}

static json_t *describe_tops(const hd_profile_tops *tops, const char *name, bool states)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < tops->n; i++) {
        json_t *top = json_object();
        json_object_set_new(top, name, text(tops->item[i].shown));
        json_object_set_new(top, "n", count(tops->item[i].n));
        if (states) {
            json_object_set_new(top, "state", json_string(hd_state_name(tops->item[i].state)));
            json_object_set_new(top, "reasons", describe_reasons(tops->item[i].reasons));
        }
        json_array_append_new(out, top);
    }
    return out;
}

static json_t *describe_states(const hd_profile_counts *now, const hd_profile_counts *before)
{
    json_t *out = json_object();
    for (unsigned i = 0; i < HD_N_STATES; i++) {
        hd_state state = (hd_state)i;
        json_object_set_new(out, hd_state_name(state),
                            before ? json_real(hd_profile_change(now, before, state))
                                   : count(now->state[i]));
    }
    return out;
}

static json_t *describe_years(const uint64_t *by_year)
{
    json_t *out = json_object();
    for (uint32_t i = 0; by_year && i < HD_PROFILE_YEARS; i++) {
        char year[16];
        snprintf(year, sizeof year, "%u", HD_PROFILE_YEAR_FIRST + i);
        if (by_year[i])
            json_object_set_new(out, year, count(by_year[i]));
    }
    return out;
}

static json_t *describe_column(const hd_profiled *p, uint32_t c)
{
    const hd_profile_column *column = &p->profile.column[c];
    const hd_profile_detail *detail = &p->detail[c];
    json_t *out = json_object();
    json_object_set_new(out, "source", text(p->ruleset->sources[column->source].code));
    json_object_set_new(out, "role", text(column->role));
    json_object_set_new(out, "field", text(p->ruleset->fields[column->field].code));
    json_object_set_new(out, "column", text(column->column));
    json_object_set_new(out, "rows", count(column->now.rows));
    json_object_set_new(out, "filled", count(filled(&column->now)));
    json_object_set_new(out, "distinct", count(column->now.distinct));
    json_object_set_new(out, "states", describe_states(&column->now, NULL));
    json_object_set_new(out, "change_points",
                        detail->before.rows ? describe_states(&column->now, &detail->before)
                                            : json_null());
    json_object_set_new(out, "values", describe_tops(&detail->values, "value", true));
    json_object_set_new(out, "patterns", describe_tops(&detail->patterns, "pattern", false));
    json_object_set_new(out, "wrong", describe_tops(&detail->wrong, "value", true));
    if (detail->by_year)
        json_object_set_new(out, "years", describe_years(detail->by_year));
    return out;
}

static void print_json(const hd_profiled *p)
{
    json_t *columns = json_array();
    for (uint32_t c = 0; c < p->profile.n; c++)
        json_array_append_new(columns, describe_column(p, c));
    json_t *out = json_pack("{s:o}", "columns", columns);
    char *line = json_dumps(out, JSON_COMPACT | JSON_REAL_PRECISION(6));
    printf("%s\n", line);
    free(line); /* jansson's */
    json_decref(out);
}

/* ---- for people ---- */

static hd_str word(const hd_profiled *p, const char *code)
{
    return hd_text_for(p->ruleset->catalogue, "profile", hd_str_from(code), NULL);
}

static hd_str state_word(const hd_profiled *p, hd_state state)
{
    return hd_text_for(p->ruleset->catalogue, "state", hd_str_from(hd_state_name(state)), NULL);
}

static void add_share(hd_buf *out, uint64_t n, uint64_t of)
{
    double percent = of ? 100.0 * (double)n / (double)of : 0;
    if (n == 0)
        hd_buf_add(out, HD_STR("–"));
    else if (percent < 0.05)
        hd_buf_add(out, HD_STR("<0.1%"));
    else if (percent >= 99.95 && n < of)
        hd_buf_add(out, HD_STR(">99.9%"));
    else
        hd_buf_addf(out, "%.1f%%", percent);
}

static void cell_of(cli_table *table, hd_buf *cell)
{
    cli_cell(table, hd_buf_str(cell));
    hd_buf_clear(cell);
}

/* "self.name", or "event_date" of the record. */
static void field_cell(const hd_profiled *p, const hd_profile_column *column, cli_table *table)
{
    hd_str field = p->ruleset->fields[column->field].code;
    cli_cellf(table, "%.*s%s%.*s", HD_ARG(column->role), column->role.ptr ? "." : "",
              HD_ARG(field));
}

/* The state whose share changed most, of equal ones the worst; what changed less than a twentieth
 * of a point did not. */
static void change_cell(const hd_profiled *p, uint32_t c, cli_table *table)
{
    const hd_profile_counts *now = &p->profile.column[c].now, *before = &p->detail[c].before;
    double most = 0;
    hd_state state = HD_STATE_ok;
    for (unsigned i = 0; i < HD_N_STATES; i++) {
        double change = hd_profile_change(now, before, (hd_state)i);
        if (fabs(change) > 1e-9 && fabs(change) >= fabs(most) - 1e-9) {
            most = change;
            state = (hd_state)i;
        }
    }
    if (!before->rows || fabs(most) < 0.05)
        cli_cell(table, before->rows ? HD_STR("0") : HD_STR("–"));
    else
        cli_cellf(table, "%.*s %+.1f", HD_ARG(state_word(p, state)), most);
}

static const hd_state shown_states[] = {HD_STATE_suspicious, HD_STATE_damaged, HD_STATE_placeholder,
                                        HD_STATE_invalid};
enum { N_SHOWN = sizeof shown_states / sizeof *shown_states };

static void counts_row(const hd_profiled *p, uint32_t c, cli_table *table)
{
    const hd_profile_column *column = &p->profile.column[c];
    const hd_profile_counts *now = &column->now;
    hd_buf cell = {0};
    field_cell(p, column, table);
    cli_cell(table, column->column);
    add_share(&cell, filled(now), now->rows);
    cell_of(table, &cell);
    cli_cellf(table, "%llu", (unsigned long long)now->distinct);
    add_share(&cell, now->state[HD_STATE_ok] + now->state[HD_STATE_repaired], now->rows);
    cell_of(table, &cell);
    for (int i = 0; i < N_SHOWN; i++) {
        add_share(&cell, now->state[shown_states[i]], now->rows);
        cell_of(table, &cell);
    }
    change_cell(p, c, table);
    hd_buf_release(&cell);
}

static void print_counts(const hd_profiled *p, uint32_t from, uint32_t to)
{
    cli_table table = {.n_columns = 6 + N_SHOWN, .left = 0x2};
    const char *const heads[] = {"field", "column", "filled", "distinct", "good"};
    for (int i = 0; i < 5; i++)
        cli_cell(&table, word(p, heads[i]));
    for (int i = 0; i < N_SHOWN; i++)
        cli_cell(&table, state_word(p, shown_states[i]));
    cli_cell(&table, word(p, "change"));
    for (uint32_t c = from; c < to; c++)
        counts_row(p, c, &table);
    cli_table_print(&table, stdout);
}

static void tops_cell(const hd_profile_tops *tops, uint64_t rows, cli_table *table)
{
    enum { SHOWN = 3 };
    hd_buf cell = {0};
    for (uint32_t i = 0; i < tops->n && i < SHOWN; i++) {
        hd_buf_addf(&cell, "%s%.*s ", i ? "  " : "", HD_ARG(tops->item[i].shown));
        add_share(&cell, tops->item[i].n, rows);
    }
    cli_cell(table, tops->n ? hd_buf_str(&cell) : HD_STR("–"));
    hd_buf_release(&cell);
}

/* "1930 ▂▅█ 2020": a sign a decade. */
static void years_cell(const uint64_t *by_year, cli_table *table)
{
    enum { DECADES = HD_PROFILE_YEARS / 10 };
    uint64_t decade[DECADES] = {0}, most = 0;
    int first = -1, last = -1;
    hd_buf cell = {0};
    for (int i = 0; by_year && i < HD_PROFILE_YEARS; i++)
        decade[i / 10] += by_year[i];
    for (int i = 0; i < DECADES; i++) {
        most = decade[i] > most ? decade[i] : most;
        first = first < 0 && decade[i] ? i : first;
        last = decade[i] ? i : last;
    }
    if (first < 0) {
        cli_cell(table, HD_STR("–"));
        return;
    }
    hd_buf_addf(&cell, "%d ", HD_PROFILE_YEAR_FIRST + 10 * first);
    for (int i = first; i <= last; i++) /* U+2581 … U+2588; a blank for none */
        hd_buf_add_codepoint(&cell, decade[i] ? 0x2581 + (uint32_t)(decade[i] * 7 / most) : ' ');
    hd_buf_addf(&cell, " %d", HD_PROFILE_YEAR_FIRST + 10 * last);
    cli_cell(table, hd_buf_str(&cell));
    hd_buf_release(&cell);
}

static void print_values(const hd_profiled *p, uint32_t from, uint32_t to)
{
    const char *const heads[] = {"field", "years", "patterns", "values", "wrong"};
    cli_table table = {.n_columns = 5, .left = 0x1E};
    for (int i = 0; i < 5; i++)
        cli_cell(&table, word(p, heads[i]));
    for (uint32_t c = from; c < to; c++) {
        const hd_profile_column *column = &p->profile.column[c];
        const hd_profile_detail *detail = &p->detail[c];
        field_cell(p, column, &table);
        years_cell(detail->by_year, &table);
        tops_cell(&detail->patterns, column->now.rows, &table);
        tops_cell(&detail->values, column->now.rows, &table);
        tops_cell(&detail->wrong, column->now.rows, &table);
    }
    cli_table_print(&table, stdout);
}

static void print_source(const hd_profiled *p, uint32_t from, uint32_t to)
{
    const hd_profile_column *column = &p->profile.column[from];
    char code[64], n[24];
    hd_buf line = {0};
    snprintf(code, sizeof code, "%.*s", HD_ARG(p->ruleset->sources[column->source].code));
    snprintf(n, sizeof n, "%llu", (unsigned long long)column->now.rows);
    hd_text_fill(&line, p->ruleset->catalogue, "profile.rows", "source", code, "n", n, NULL);
    printf("%s\n\n", line.ptr);
    hd_buf_release(&line);
    print_counts(p, from, to);
    printf("\n");
    print_values(p, from, to);
    printf("\n");
}

static void print_text(const hd_profiled *p)
{
    uint32_t to;
    for (uint32_t from = 0; from < p->profile.n; from = to) {
        to = from;
        while (to < p->profile.n && p->profile.column[to].source == p->profile.column[from].source)
            to++;
        print_source(p, from, to);
    }
    printf("%.*s\n", HD_ARG(word(p, "note")));
}

static hd_status run(hd_ctx *ctx)
{
    hd_profiled profiled = {0};
    HD_TRY(cli_threads(ctx, threads));
    hd_status status = hd_profile_run(ctx, config, hd_str_from(source), &profiled);
    if (status == HD_OK)
        (json ? print_json : print_text)(&profiled);
    hd_profiled_release(&profiled);
    return status;
}

const cli_command cli_profile = {
    .name = "profile",
    .purpose = "what stands in each column of the sources",
    .arguments = "[--config FILE] [--source CODE] [--json]",
    .summary = "Show how full and how good each column of the sources is, what stands in it most, "
               "and what "
               "has\nchanged since the last published run. Values are masked.",
    .options =
        {
            {"config", "FILE", "configuration (default: hedui.yaml)", &config, NULL},
            {"source", "CODE", "this source only", &source, NULL},
            {"json", NULL, "print one JSON object", NULL, &json},
            {"threads", "N", "threads (default: as many as there are processors)", &threads, NULL},
        },
    .run = run,
};
