/* The page of a profile: for each source what its columns are made of, then what stands in them. */

#include <stdio.h>

#include "pipeline/analyse/profile.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/io/file.h"
#include "pipeline/report/html.h"

static const char *const colours[HD_N_STATES] = {
    [HD_STATE_ok] = "#3b7dd8",          [HD_STATE_repaired] = "#9cc0ee",
    [HD_STATE_suspicious] = "#d99a2b",  [HD_STATE_damaged] = "#a274c4",
    [HD_STATE_placeholder] = "#8a97a5", [HD_STATE_invalid] = "#c94f4f",
    [HD_STATE_missing] = "#e6ebf0"};

static void make_parts(const hd_profiled *p, const hd_profile_counts *counts,
                       hd_part parts[HD_N_STATES])
{
    for (unsigned i = 0; i < HD_N_STATES; i++)
        parts[i] =
            (hd_part){hd_profile_state(p, (hd_state)i), counts ? counts->state[i] : 0, colours[i]};
}

static void open_table(const hd_profiled *p, hd_buf *out, const char *const *keys, uint32_t n,
                       uint32_t numbers)
{
    hd_str heads[8];
    HD_ASSERT(n <= 8);
    for (uint32_t i = 0; i < n; i++)
        heads[i] = hd_profile_word(p, keys[i]);
    hd_html_table_open(out, heads, n, numbers);
}

static void number_cell(hd_buf *out, hd_buf *cell)
{
    hd_buf_add(out, HD_STR("<td class=\"n\">"));
    hd_html_text(out, hd_buf_str(cell));
    hd_buf_add(out, HD_STR("</td>"));
    hd_buf_clear(cell);
}

static void add_field_cell(const hd_profiled *p, uint32_t c, hd_buf *out)
{
    hd_buf cell = {0};
    hd_profile_add_field(&cell, p, c);
    hd_html_cell(out, hd_buf_str(&cell));
    hd_buf_release(&cell);
}

static void add_counts_row(const hd_profiled *p, uint32_t c, hd_buf *out)
{
    const hd_profile_column *column = &p->profile.column[c];
    const hd_profile_counts *now = &column->now;
    hd_part parts[HD_N_STATES];
    hd_buf cell = {0};
    make_parts(p, now, parts);
    hd_html_row_open(out);
    add_field_cell(p, c, out);
    hd_html_cell(out, column->column);
    hd_buf_add(out, HD_STR("<td>"));
    hd_html_parts(out, parts, HD_N_STATES);
    hd_buf_add(out, HD_STR("</td>"));
    hd_profile_add_share(&cell, hd_profile_filled(now), now->rows);
    number_cell(out, &cell);
    hd_profile_add_share(&cell, now->state[HD_STATE_ok] + now->state[HD_STATE_repaired], now->rows);
    number_cell(out, &cell);
    hd_html_number(out, now->distinct);
    hd_profile_add_change(&cell, p, c);
    number_cell(out, &cell);
    hd_html_row_close(out);
    hd_buf_release(&cell);
}

static void add_tops_cell(const hd_profile_tops *tops, uint64_t rows, hd_buf *out)
{
    hd_buf share = {0};
    hd_buf_add(out, HD_STR("<td class=\"s\">"));
    for (uint32_t i = 0; i < tops->n; i++) {
        hd_buf_add(out, i ? HD_STR("<br>") : HD_STR(""));
        hd_html_text(out, tops->item[i].shown);
        hd_buf_clear(&share);
        hd_profile_add_share(&share, tops->item[i].n, rows);
        hd_buf_add(out, HD_STR(" <small>"));
        hd_html_text(out, hd_buf_str(&share));
        hd_buf_add(out, HD_STR("</small>"));
    }
    hd_buf_add(out, HD_STR("</td>"));
    hd_buf_release(&share);
}

static void add_years_cell(const hd_profile_detail *detail, hd_buf *out)
{
    uint32_t first, last;
    char title[32];
    hd_buf_add(out, HD_STR("<td>"));
    if (hd_profile_years(detail, &first, &last)) {
        snprintf(title, sizeof title, "%u–%u", first, last);
        hd_html_columns(out, hd_str_from(title), detail->by_year + (first - HD_PROFILE_YEAR_FIRST),
                        last - first + 1);
        hd_html_text(out, hd_str_from(title));
    }
    hd_buf_add(out, HD_STR("</td>"));
}

static void add_values_row(const hd_profiled *p, uint32_t c, hd_buf *out)
{
    const hd_profile_detail *detail = &p->detail[c];
    uint64_t rows = p->profile.column[c].now.rows;
    hd_html_row_open(out);
    add_field_cell(p, c, out);
    add_years_cell(detail, out);
    add_tops_cell(&detail->patterns, rows, out);
    add_tops_cell(&detail->values, rows, out);
    add_tops_cell(&detail->wrong, rows, out);
    hd_html_row_close(out);
}

static void add_source(const hd_profiled *p, uint32_t from, uint32_t to, hd_buf *out)
{
    static const char *const counts[] = {"field", "column",   "states", "filled",
                                         "good",  "distinct", "change"};
    static const char *const values[] = {"field", "years", "patterns", "values", "wrong"};
    hd_buf title = {0};
    hd_profile_add_source(&title, p, from);
    hd_html_heading(out, hd_buf_str(&title));
    hd_buf_release(&title);
    open_table(p, out, counts, 7, 0x78);
    for (uint32_t c = from; c < to; c++)
        add_counts_row(p, c, out);
    hd_html_table_close(out);
    hd_buf_add(out, HD_STR("<p></p>\n"));
    open_table(p, out, values, 5, 0);
    for (uint32_t c = from; c < to; c++)
        add_values_row(p, c, out);
    hd_html_table_close(out);
}

static void add_paragraph(hd_buf *out, hd_str text)
{
    hd_buf_add(out, HD_STR("<p>"));
    hd_html_text(out, text);
    hd_buf_add(out, HD_STR("</p>\n"));
}

hd_status hd_profile_page(hd_ctx *ctx, const hd_profiled *p, const char *path)
{
    bool chinese = hd_str_eq(p->ruleset->language, HD_STR("zh"));
    char site[64];
    hd_part parts[HD_N_STATES];
    hd_buf out = {0}, subtitle = {0};
    hd_html_site(site, sizeof site, HD_STR_NULL, p->ruleset->site);
    hd_text_fill(&subtitle, p->ruleset->catalogue,
                 p->has_before ? "profile.subtitle" : "profile.subtitle_first", "site", site, NULL);
    hd_html_open(&out, hd_profile_word(p, "title"), chinese ? "zh-CN" : "en");
    add_paragraph(&out, hd_buf_str(&subtitle));
    add_paragraph(&out, hd_profile_word(p, "note"));
    make_parts(p, NULL, parts);
    hd_html_legend(&out, parts, HD_N_STATES);
    uint32_t to;
    for (uint32_t from = 0; from < p->profile.n; from = to) {
        to = hd_profile_source_end(p, from);
        add_source(p, from, to, &out);
    }
    hd_html_close(&out);
    hd_status status = hd_file_write(ctx, path, 0600, hd_buf_str(&out));
    hd_buf_release(&subtitle);
    hd_buf_release(&out);
    return status;
}
