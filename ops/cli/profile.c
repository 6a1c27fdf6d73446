#include "pipeline/analyse/profile.h"

#include <stdio.h>

#include "ops/cli/cli.h"
#include "ops/cli/json.h"

static const char *config = "hedui.yaml", *source, *html, *threads;
static bool json;

/* ---- for programs ---- */

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
        json_object_set_new(top, name, cli_json_text(tops->item[i].shown));
        json_object_set_new(top, "n", cli_json_count(tops->item[i].n));
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
                                   : cli_json_count(now->state[i]));
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
            json_object_set_new(out, year, cli_json_count(by_year[i]));
    }
    return out;
}

static json_t *describe_column(const hd_profiled *p, uint32_t c)
{
    const hd_profile_column *column = &p->profile.column[c];
    const hd_profile_detail *detail = &p->detail[c];
    json_t *out = json_object();
    json_object_set_new(out, "source", cli_json_text(p->ruleset->sources[column->source].code));
    json_object_set_new(out, "role", cli_json_text(column->role));
    json_object_set_new(out, "field", cli_json_text(p->ruleset->fields[column->field].code));
    json_object_set_new(out, "column", cli_json_text(column->column));
    json_object_set_new(out, "rows", cli_json_count(column->now.rows));
    json_object_set_new(out, "filled", cli_json_count(hd_profile_filled(&column->now)));
    json_object_set_new(out, "distinct", cli_json_count(column->now.distinct));
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
    cli_json_print(out, 6);
}

/* ---- for people ---- */

static void cell_of(cli_table *table, hd_buf *cell)
{
    cli_cell(table, hd_buf_str(cell));
    hd_buf_clear(cell);
}

static const hd_state shown_states[] = {HD_STATE_suspicious, HD_STATE_damaged, HD_STATE_placeholder,
                                        HD_STATE_invalid};
enum { N_SHOWN = sizeof shown_states / sizeof *shown_states };

static void counts_row(const hd_profiled *p, uint32_t c, cli_table *table)
{
    const hd_profile_column *column = &p->profile.column[c];
    const hd_profile_counts *now = &column->now;
    hd_buf cell = {0};
    hd_profile_add_field(&cell, p, c);
    cell_of(table, &cell);
    cli_cell(table, column->column);
    hd_profile_add_share(&cell, hd_profile_filled(now), now->rows);
    cell_of(table, &cell);
    cli_count(table, now->distinct);
    hd_profile_add_share(&cell, now->state[HD_STATE_ok] + now->state[HD_STATE_repaired], now->rows);
    cell_of(table, &cell);
    for (int i = 0; i < N_SHOWN; i++) {
        hd_profile_add_share(&cell, now->state[shown_states[i]], now->rows);
        cell_of(table, &cell);
    }
    hd_profile_add_change(&cell, p, c);
    cell_of(table, &cell);
    hd_buf_release(&cell);
}

static void print_counts(const hd_profiled *p, uint32_t from, uint32_t to)
{
    cli_table table = {.n_columns = 6 + N_SHOWN, .left = 0x2};
    const char *const heads[] = {"field", "column", "filled", "distinct", "good"};
    for (int i = 0; i < 5; i++)
        cli_cell(&table, hd_profile_word(p, heads[i]));
    for (int i = 0; i < N_SHOWN; i++)
        cli_cell(&table, hd_profile_state(p, shown_states[i]));
    cli_cell(&table, hd_profile_word(p, "change"));
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
        hd_profile_add_share(&cell, tops->item[i].n, rows);
    }
    cli_cell(table, tops->n ? hd_buf_str(&cell) : HD_STR("–"));
    hd_buf_release(&cell);
}

/* "1930 ▂▅█ 2020": a sign a decade. */
static void add_years(hd_buf *out, const hd_profile_detail *detail)
{
    uint64_t decade[HD_PROFILE_YEARS / 10] = {0}, most = 0;
    uint32_t first, last;
    if (!hd_profile_years(detail, &first, &last)) {
        hd_buf_add(out, HD_STR("–"));
        return;
    }
    for (uint32_t i = 0; i < HD_PROFILE_YEARS; i++)
        decade[i / 10] += detail->by_year[i];
    first = (first - HD_PROFILE_YEAR_FIRST) / 10;
    last = (last - HD_PROFILE_YEAR_FIRST) / 10;
    for (uint32_t i = first; i <= last; i++)
        most = decade[i] > most ? decade[i] : most;
    hd_buf_addf(out, "%u ", HD_PROFILE_YEAR_FIRST + 10 * first);
    for (uint32_t i = first; i <= last; i++) /* U+2581 … U+2588; a blank for none */
        hd_buf_add_codepoint(out, decade[i] ? 0x2581 + (uint32_t)(decade[i] * 7 / most) : ' ');
    hd_buf_addf(out, " %u", HD_PROFILE_YEAR_FIRST + 10 * last);
}

static void print_values(const hd_profiled *p, uint32_t from, uint32_t to)
{
    const char *const heads[] = {"field", "years", "patterns", "values", "wrong"};
    cli_table table = {.n_columns = 5, .left = 0x1E};
    hd_buf cell = {0};
    for (int i = 0; i < 5; i++)
        cli_cell(&table, hd_profile_word(p, heads[i]));
    for (uint32_t c = from; c < to; c++) {
        const hd_profile_detail *detail = &p->detail[c];
        uint64_t rows = p->profile.column[c].now.rows;
        hd_profile_add_field(&cell, p, c);
        cell_of(&table, &cell);
        add_years(&cell, detail);
        cell_of(&table, &cell);
        tops_cell(&detail->patterns, rows, &table);
        tops_cell(&detail->values, rows, &table);
        tops_cell(&detail->wrong, rows, &table);
    }
    hd_buf_release(&cell);
    cli_table_print(&table, stdout);
}

static void print_text(const hd_profiled *p)
{
    hd_buf line = {0};
    uint32_t to;
    for (uint32_t from = 0; from < p->profile.n; from = to) {
        to = hd_profile_source_end(p, from);
        hd_buf_clear(&line);
        hd_profile_add_source(&line, p, from);
        printf("%s\n\n", line.ptr);
        print_counts(p, from, to);
        printf("\n");
        print_values(p, from, to);
        printf("\n");
    }
    hd_buf_release(&line);
    printf("%.*s\n", HD_ARG(hd_profile_word(p, "note")));
}

static hd_status run(hd_ctx *ctx)
{
    hd_profiled profiled = {0};
    HD_TRY(cli_threads(ctx, threads));
    hd_status status = hd_profile_run(ctx, config, hd_str_from(source), &profiled);
    if (status == HD_OK && html)
        status = hd_profile_page(ctx, &profiled, html);
    if (status == HD_OK && html)
        printf("%s\n", html);
    else if (status == HD_OK)
        (json ? print_json : print_text)(&profiled);
    hd_profiled_release(&profiled);
    return status;
}

const cli_command cli_profile = {
    .name = "profile",
    .purpose = "what stands in each column of the sources",
    .arguments = "[--config FILE] [--source CODE] [--json | --html FILE]",
    .summary = "Show how full and how good each column of the sources is, what stands in it most, "
               "and what "
               "has\nchanged since the last published run. Values are masked.",
    .options =
        {
            CLI_CONFIG(config),
            {"source", "CODE", "this source only", &source, NULL},
            CLI_JSON(json),
            {"html", "FILE", "write one page with small charts instead, and print its name", &html,
             NULL},
            CLI_THREADS(threads),
        },
    .run = run,
};
