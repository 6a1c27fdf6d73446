#include "pipeline/report/chart.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static hd_buf out;

static void end(void)
{
    hd_buf_release(&out);
}

TestSuite(chart, .fini = end);

static uint32_t count(const char *what)
{
    uint32_t n = 0;
    for (const char *at = out.ptr; (at = strstr(at, what)); at++)
        n++;
    return n;
}

static const hd_chart_axis unit = {{"x", 1}, 0, 1, false};

Test(chart, lines_have_points_gaps_and_a_legend)
{
    const double x[] = {0, 0.25, 0.5, 1}, y[] = {0, 1, NAN, 0.5};
    const hd_chart_line lines[] = {
        {.label = HD_STR("one"), .colour = "#000", .x = x, .y = y, .n = 4, .dots = true},
        {.label = HD_STR("two"), .colour = "#111", .x = x, .y = y, .n = 2}};
    hd_chart_lines(&out, HD_STR("title"), unit, unit, lines, 2, 0.5);
    cr_expect_eq(count("<path"), 2);
    cr_expect_eq(count("<circle"), 3, "what is no number is no point");
    cr_expect_eq(count("M62.0"), 2);
    cr_expect_not_null(strstr(out.ptr, "M346.0"), "a line begins anew behind a gap");
    cr_expect_eq(count("stroke-dasharray"), 1, "the mark");
    cr_expect_eq(count("class=\"legend\""), 1);
    cr_expect_null(strstr(out.ptr, "nan"));
}

Test(chart, texts_are_escaped)
{
    const hd_chart_row row = {.label = HD_STR("<b>"), .note = HD_STR("a & b")};
    hd_chart_rows(&out, HD_STR("\"<script>\""), -1, 1, &row, 1, NAN);
    cr_expect_null(strstr(out.ptr, "<script>"));
    cr_expect_null(strstr(out.ptr, "<b>"));
    cr_expect_not_null(strstr(out.ptr, "a &amp; b"));
}

Test(chart, bars_point_to_their_side)
{
    hd_chart_row rows[2] = {{.label = HD_STR("for"), .n_bars = 1},
                            {.label = HD_STR("against"), .n_bars = 1}};
    rows[0].bar[0] = (struct hd_chart_row_bar){0, 5, "#00f", "+5"};
    rows[1].bar[0] = (struct hd_chart_row_bar){0, -5, "#f00", "-5"};
    hd_chart_rows(&out, HD_STR("weights"), -10, 10, rows, 2, 3);
    /* 260 units are twenty: nought stands at 180 */
    cr_expect_not_null(strstr(out.ptr, "<rect x=\"180.0\""));
    cr_expect_not_null(strstr(out.ptr, "<rect x=\"115.0\""));
    cr_expect_eq(count("width=\"65.0\""), 2);
}

Test(chart, what_is_not_nothing_is_seen)
{
    const hd_chart_column columns[] = {
        {0, 0.5, 1e6, "#00f"}, {0.5, 0.5, 1, "#00f"}, {0.75, 0.25, 0, "#00f"}};
    hd_chart_columns(&out, HD_STR("pairs"), unit, (hd_chart_axis){HD_STR_NULL, 0, 2e6, false},
                     columns, 3, NAN);
    cr_expect_eq(count("<rect"), 2);
    cr_expect_not_null(strstr(out.ptr, "height=\"1.0\""));
}

Test(chart, a_logarithmic_axis_has_a_tick_a_power)
{
    const hd_chart_column column = {0, 1, 1000, "#00f"};
    hd_chart_columns(&out, HD_STR("pairs"), unit, (hd_chart_axis){HD_STR_NULL, 1, 10000, true},
                     &column, 1, NAN);
    static const char *const ticks[] = {">1<", ">10<", ">100<", ">1\u202F000<", ">10\u202F000<"};
    for (int i = 0; i < 5; i++)
        cr_expect_not_null(strstr(out.ptr, ticks[i]), "%s", ticks[i]);
}

Test(chart, a_large_tick_is_short)
{
    const hd_chart_column column = {0, 1, 1, "#00f"};
    hd_chart_columns(&out, HD_STR("pairs"), unit, (hd_chart_axis){HD_STR_NULL, 0, 2e7, false},
                     &column, 1, NAN);
    cr_expect_not_null(strstr(out.ptr, ">5\u202F000\u202F000<"));
    cr_expect_not_null(strstr(out.ptr, ">15 M<"));
}

Test(chart, a_graph_has_its_nodes_and_edges)
{
    const hd_chart_edge edges[] = {{0, 1, 20, true}, {1, 2, 5, false}};
    hd_chart_graph(&out, HD_STR("person"), 3, edges, 2);
    cr_expect_eq(count("<circle"), 3);
    cr_expect_eq(count("stroke-width"), 2);
    cr_expect_eq(count("stroke-dasharray"), 1);
}
