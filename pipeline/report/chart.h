#ifndef HD_REPORT_CHART_H
#define HD_REPORT_CHART_H

/* Charts as inline SVG for a page of html.h: no script, drawn 360 units wide, so that letters stay
 * legible on a telephone and a chart fits a printed column. Texts are escaped on their way in;
 * colours are ours. Each chart stands in a figure with its title. */

#include "hedui/status.h"
#include "pipeline/report/html.h"

/* Between these, charts stand side by side where there is room: in columns, one below the other, or
 * (beside) each next to the one before it, whatever their heights. */
void hd_charts_open(hd_buf *out);
void hd_beside_open(hd_buf *out);
void hd_charts_close(hd_buf *out);

typedef struct hd_chart_axis {
    hd_str label;
    double from, to;  /* from < to */
    bool logarithmic; /* of base ten; from > 0 */
} hd_chart_axis;

/* Points joined by straight lines; where x or y is no number there is a gap. */
typedef struct hd_chart_line {
    hd_str label; /* for the legend */
    const char *colour;
    const double *x, *y;
    const double *low, *high; /* of an interval around y, drawn as a band; NULL: none */
    uint32_t n;
    bool dots;
} hd_chart_line;

/* `mark_x`: a vertical line; NAN: none. Ends with a legend where there are several lines. */
void hd_chart_lines(hd_buf *out, hd_str title, hd_chart_axis x, hd_chart_axis y,
                    const hd_chart_line *lines, uint32_t n_lines, double mark_x);

typedef struct hd_chart_column {
    double x, width, value;
    const char *colour;
} hd_chart_column;
void hd_chart_columns(hd_buf *out, hd_str title, hd_chart_axis x, hd_chart_axis y,
                      const hd_chart_column *columns, uint32_t n_columns, double mark_x);

enum { HD_ROW_BARS = 2 };
/* A row of a chart of bars: its label above, then its bars, each with a figure behind. */
typedef struct hd_chart_row {
    hd_str label, note; /* the note stands behind the label, less loud; null: none */
    uint32_t n_bars;
    struct hd_chart_row_bar {
        double from, to;
        const char *colour;
        char figure[24];
    } bar[HD_ROW_BARS];
} hd_chart_row;
/* `mark_x` as above. */
void hd_chart_rows(hd_buf *out, hd_str title, double from, double to, const hd_chart_row *rows,
                   uint32_t n_rows, double mark_x);

/* A cluster: nodes on a circle, numbered from 1; heavier edges are drawn thicker. */
typedef struct hd_chart_edge {
    uint32_t a, b; /* nodes from 0 */
    double weight;
    bool strong; /* drawn whole; else dashed */
} hd_chart_edge;
void hd_chart_graph(hd_buf *out, hd_str title, uint32_t n_nodes, const hd_chart_edge *edges,
                    uint32_t n_edges);

#endif
