#include "pipeline/report/chart.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 360, HEIGHT = 236, LEFT = 62, RIGHT = 14, TOP = 22, BOTTOM = 40, TICKS_MAX = 12 };

#define INK "#1c2733"
#define SOFT "#5b6b7a"
#define FAINT "#dde3e9"
#define MARK "#c94f4f"

void hd_charts_open(hd_buf *out)
{
    hd_buf_add(out, HD_STR("<div class=\"charts\">\n"));
}

void hd_beside_open(hd_buf *out)
{
    hd_buf_add(out, HD_STR("<div class=\"beside\">\n"));
}

void hd_charts_close(hd_buf *out)
{
    hd_buf_add(out, HD_STR("</div>\n"));
}

static void open_figure(hd_buf *out, hd_str title, int height)
{
    hd_buf_add(out, HD_STR("<figure><figcaption>"));
    hd_html_text(out, title);
    hd_buf_addf(out,
                "</figcaption>\n<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
                "font-size=\"12\"><title>",
                WIDTH, height);
    hd_html_text(out, title);
    hd_buf_add(out, HD_STR("</title>\n"));
}

static void close_figure(hd_buf *out)
{
    hd_buf_add(out, HD_STR("</svg>"));
}

static void end_figure(hd_buf *out)
{
    hd_buf_add(out, HD_STR("</figure>\n"));
}

static void add_text(hd_buf *out, double x, double y, const char *anchor, const char *colour,
                     hd_str text)
{
    hd_buf_addf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">", x, y, anchor,
                colour);
    hd_html_text(out, text);
    hd_buf_add(out, HD_STR("</text>\n"));
}

static void add_rule(hd_buf *out, double x1, double y1, double x2, double y2, const char *colour,
                     const char *dashes)
{
    hd_buf_addf(out,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s%s%s/>\n", x1,
                y1, x2, y2, colour, dashes ? " stroke-dasharray=\"" : "", dashes ? dashes : "",
                dashes ? "\"" : "");
}

/* ---- axes ---- */

/* Where a value lies between the ends of an axis, 0 … 1; what lies outside is at the end. */
static double share_of(const hd_chart_axis *axis, double value)
{
    double from = axis->from, to = axis->to;
    if (axis->logarithmic) {
        from = log10(from);
        to = log10(to);
        value = value > 0 ? log10(value) : from;
    }
    return fmin(1, fmax(0, (value - from) / (to - from)));
}

static double place_x(const hd_chart_axis *axis, double value)
{
    return LEFT + share_of(axis, value) * (WIDTH - LEFT - RIGHT);
}

static double place_y(const hd_chart_axis *axis, double value)
{
    return HEIGHT - BOTTOM - share_of(axis, value) * (HEIGHT - TOP - BOTTOM);
}

/* 1, 2 or 5 times a power of ten, so that there are six ticks at most. */
static double step_of(double range)
{
    double step = pow(10, floor(log10(range / 6)));
    static const double factors[] = {1, 2, 5, 10};
    for (int i = 0; i < 4; i++)
        if (range / (step * factors[i]) <= 6.0001)
            return step * factors[i];
    return step * 10;
}

static uint32_t list_ticks(const hd_chart_axis *axis, double ticks[TICKS_MAX])
{
    uint32_t n = 0;
    if (axis->logarithmic) {
        double every = ceil(log10(axis->to / axis->from) / 6);
        for (double power = ceil(log10(axis->from)); n < TICKS_MAX; power += fmax(1, every)) {
            if (pow(10, power) > axis->to * 1.0001)
                break;
            ticks[n++] = pow(10, power);
        }
        return n;
    }
    double step = step_of(axis->to - axis->from);
    for (double i = ceil(axis->from / step - 1e-9); n < TICKS_MAX; i++) {
        if (i * step > axis->to + step * 1e-6)
            break;
        ticks[n++] = i * step + 0.0;
    }
    return n;
}

/* What stands left of the axis has room for "1 000 000"; "10 M" and more are short again. */
static void add_tick(hd_buf *out, double x, double y, const char *anchor, double value)
{
    hd_buf text = {0};
    if (fabs(value) >= 1e7)
        hd_buf_addf(&text, "%.6g M", value / 1e6);
    else if (value >= 1000)
        hd_html_digits(&text, (uint64_t)(value + 0.5));
    else
        hd_buf_addf(&text, "%.6g", fabs(value) < 1e-12 ? 0 : value);
    add_text(out, x, y, anchor, SOFT, hd_buf_str(&text));
    hd_buf_release(&text);
}

static void add_axes(hd_buf *out, const hd_chart_axis *x, const hd_chart_axis *y)
{
    double ticks[TICKS_MAX];
    uint32_t n = list_ticks(y, ticks);
    for (uint32_t i = 0; i < n; i++) {
        double at = place_y(y, ticks[i]);
        add_rule(out, LEFT, at, WIDTH - RIGHT, at, FAINT, NULL);
        add_tick(out, LEFT - 6, at + 4, "end", ticks[i]);
    }
    n = list_ticks(x, ticks);
    for (uint32_t i = 0; i < n; i++) {
        double at = place_x(x, ticks[i]);
        add_rule(out, at, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 4, SOFT, NULL);
        add_tick(out, at, HEIGHT - BOTTOM + 17, "middle", ticks[i]);
    }
    add_rule(out, LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, SOFT, NULL);
    add_text(out, WIDTH - RIGHT, HEIGHT - 6, "end", SOFT, x->label);
    add_text(out, 4, 12, "start", SOFT, y->label);
}

static void add_mark(hd_buf *out, const hd_chart_axis *x, double mark)
{
    if (!isnan(mark))
        add_rule(out, place_x(x, mark), TOP, place_x(x, mark), HEIGHT - BOTTOM, MARK, "4 3");
}

/* ---- lines ---- */

static bool is_point(const hd_chart_line *line, uint32_t i)
{
    return !isnan(line->x[i]) && !isnan(line->y[i]);
}

static void add_band(hd_buf *out, const hd_chart_axis *x, const hd_chart_axis *y,
                     const hd_chart_line *line)
{
    hd_buf_addf(out, "<polygon fill=\"%s\" fill-opacity=\"0.15\" points=\"", line->colour);
    for (uint32_t i = 0; i < line->n; i++)
        if (is_point(line, i))
            hd_buf_addf(out, "%.1f,%.1f ", place_x(x, line->x[i]), place_y(y, line->high[i]));
    for (uint32_t i = line->n; i-- > 0;)
        if (is_point(line, i))
            hd_buf_addf(out, "%.1f,%.1f ", place_x(x, line->x[i]), place_y(y, line->low[i]));
    hd_buf_add(out, HD_STR("\"/>\n"));
}

static void add_line(hd_buf *out, const hd_chart_axis *x, const hd_chart_axis *y,
                     const hd_chart_line *line)
{
    bool drawing = false;
    if (line->low)
        add_band(out, x, y, line);
    hd_buf_addf(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"", line->colour);
    for (uint32_t i = 0; i < line->n; i++) {
        if (is_point(line, i))
            hd_buf_addf(out, "%c%.1f %.1f ", drawing ? 'L' : 'M', place_x(x, line->x[i]),
                        place_y(y, line->y[i]));
        drawing = is_point(line, i);
    }
    hd_buf_add(out, HD_STR("\"/>\n"));
    for (uint32_t i = 0; line->dots && i < line->n; i++)
        if (is_point(line, i))
            hd_buf_addf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
                        place_x(x, line->x[i]), place_y(y, line->y[i]), line->colour);
}

void hd_chart_lines(hd_buf *out, hd_str title, hd_chart_axis x, hd_chart_axis y,
                    const hd_chart_line *lines, uint32_t n_lines, double mark_x)
{
    enum { LINES_MAX = 8 };
    hd_part parts[LINES_MAX];
    HD_ASSERT(n_lines <= LINES_MAX);
    open_figure(out, title, HEIGHT);
    add_axes(out, &x, &y);
    add_mark(out, &x, mark_x);
    for (uint32_t i = 0; i < n_lines; i++) {
        add_line(out, &x, &y, &lines[i]);
        parts[i] = (hd_part){lines[i].label, 0, lines[i].colour};
    }
    close_figure(out);
    if (n_lines > 1)
        hd_html_legend(out, parts, n_lines);
    end_figure(out);
}

void hd_chart_columns(hd_buf *out, hd_str title, hd_chart_axis x, hd_chart_axis y,
                      const hd_chart_column *columns, uint32_t n_columns, double mark_x)
{
    open_figure(out, title, HEIGHT);
    add_axes(out, &x, &y);
    for (uint32_t i = 0; i < n_columns; i++) {
        const hd_chart_column *c = &columns[i];
        if (!(c->value > 0))
            continue;
        double left = place_x(&x, c->x), right = place_x(&x, c->x + c->width);
        double top = place_y(&y, c->value), foot = HEIGHT - BOTTOM;
        top = foot - top < 1 ? foot - 1 : top; /* what is not nothing is seen */
        hd_buf_addf(out,
                    "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" fill=\"%s\"/>\n",
                    left, top, (right - left) * 0.9, foot - top, c->colour);
    }
    add_mark(out, &x, mark_x);
    close_figure(out);
    end_figure(out);
}

/* ---- rows of bars ---- */

enum { ROW_LABEL = 20, ROW_BAR = 13, ROW_GAP = 6, ROW_ROOM = 50 /* for figures at an end */ };

/* Where a value lies on the axis of the rows. Figures stand at the left, too, where bars point
 * there. */
static double place_row(double value, double from, double to)
{
    double left = from < 0 ? ROW_ROOM : 4;
    return left + (value - from) / (to - from) * (WIDTH - ROW_ROOM - left);
}

static int height_of(const hd_chart_row *row)
{
    return ROW_LABEL + ROW_GAP + (int)row->n_bars * ROW_BAR;
}

/* The figure stands outside the bar, on the side to which it points. */
static void add_bar(hd_buf *out, const struct hd_chart_row_bar *bar, double y, double from,
                    double to)
{
    double x1 = place_row(bar->from, from, to), x2 = place_row(bar->to, from, to);
    bool back = x2 < x1;
    double left = back ? x2 : x1, width = fmax(1, fabs(x2 - x1));
    hd_buf_addf(out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>\n",
                left, y, width, ROW_BAR - 3, bar->colour);
    add_text(out, back ? left - 4 : left + width + 4, y + 10, back ? "end" : "start", SOFT,
             hd_str_from(bar->figure));
}

/* White around the letters keeps the axis, which they may cross, from striking them through. */
static void add_label(hd_buf *out, const hd_chart_row *row, double y)
{
    hd_buf_addf(out,
                "<text x=\"2\" y=\"%.1f\" fill=\"" INK
                "\" stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\">",
                y + 13);
    hd_html_text(out, row->label);
    if (row->note.ptr) {
        hd_buf_add(out, HD_STR("<tspan fill=\"" SOFT "\" dx=\"6\">"));
        hd_html_text(out, row->note);
        hd_buf_add(out, HD_STR("</tspan>"));
    }
    hd_buf_add(out, HD_STR("</text>\n"));
}

void hd_chart_rows(hd_buf *out, hd_str title, double from, double to, const hd_chart_row *rows,
                   uint32_t n_rows, double mark_x)
{
    int height = 6;
    double y = 2, nought = place_row(0, from, to), mark = place_row(mark_x, from, to);
    for (uint32_t i = 0; i < n_rows; i++)
        height += height_of(&rows[i]);
    open_figure(out, title, height);
    if (from <= 0 && to >= 0)
        add_rule(out, nought, 0, nought, height, FAINT, NULL);
    if (mark_x >= from && mark_x <= to)
        add_rule(out, mark, 0, mark, height, MARK, "4 3");
    for (uint32_t i = 0; i < n_rows; i++) {
        add_label(out, &rows[i], y);
        for (uint32_t b = 0; b < rows[i].n_bars; b++)
            add_bar(out, &rows[i].bar[b], y + ROW_LABEL + b * ROW_BAR, from, to);
        y += height_of(&rows[i]);
    }
    close_figure(out);
    end_figure(out);
}

/* ---- a cluster ---- */

static void place_node(uint32_t i, uint32_t n, double *x, double *y)
{
    enum { RADIUS = 105, MIDDLE = 130 };
    double angle = 2 * M_PI * i / n - (n == 2 ? M_PI : M_PI / 2);
    *x = WIDTH / 2.0 + (n > 1 ? RADIUS * 1.3 * cos(angle) : 0);
    *y = MIDDLE + (n > 1 ? RADIUS * sin(angle) : 0);
}

void hd_chart_graph(hd_buf *out, hd_str title, uint32_t n_nodes, const hd_chart_edge *edges,
                    uint32_t n_edges)
{
    double most = 1, x1, y1, x2, y2;
    char number[16];
    open_figure(out, title, 260);
    for (uint32_t i = 0; i < n_edges; i++)
        most = fmax(most, edges[i].weight);
    for (uint32_t i = 0; i < n_edges; i++) {
        place_node(edges[i].a, n_nodes, &x1, &y1);
        place_node(edges[i].b, n_nodes, &x2, &y2);
        hd_buf_addf(out,
                    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" "
                    "stroke-width=\"%.1f\"%s><title>%u–%u: %.2f</title></line>\n",
                    x1, y1, x2, y2, edges[i].strong ? "#3b7dd8" : "#9cc0ee",
                    0.8 + 3.2 * fmax(0, edges[i].weight) / most,
                    edges[i].strong ? "" : " stroke-dasharray=\"3 3\"", edges[i].a + 1,
                    edges[i].b + 1, edges[i].weight);
    }
    for (uint32_t i = 0; i < n_nodes; i++) {
        place_node(i, n_nodes, &x1, &y1);
        snprintf(number, sizeof number, "%u", i + 1);
        hd_buf_addf(out,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"12\" fill=\"#fff\" stroke=\"" INK "\"/>\n",
                    x1, y1);
        add_text(out, x1, y1 + 4, "middle", INK, hd_str_from(number));
    }
    close_figure(out);
    end_figure(out);
}
