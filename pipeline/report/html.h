#ifndef HD_REPORT_HTML_H
#define HD_REPORT_HTML_H

/* Pieces of a self-contained page: no script, no reference to another file. All text is escaped on
 * its way in (OWASP: HTML body and quoted attribute contexts), so a name cannot become markup. */

#include "base/buf.h"

void hd_html_text(hd_buf *out, hd_str text);
void hd_html_digits(hd_buf *out, uint64_t number); /* thousands set apart by a thin space */
/* "曲靖市 530303 · ", to stand before what is told of it; empty where nothing names the site. */
void hd_html_site(char *out, size_t size, hd_str place, hd_str site);
void hd_html_open(hd_buf *out, hd_str title, const char *language);
void hd_html_close(hd_buf *out);
void hd_html_heading(hd_buf *out, hd_str text);

/* A table: head, rows of cells, end. `numbers`: bits of the columns that hold numbers, which are
 * aligned to the right. */
void hd_html_table_open(hd_buf *out, const hd_str *heads, uint32_t n, uint32_t numbers);
void hd_html_row_open(hd_buf *out);
void hd_html_cell(hd_buf *out, hd_str text);
void hd_html_help_cell(hd_buf *out, hd_str name, hd_str code, hd_str help); /* help: below */
void hd_html_number(hd_buf *out, uint64_t number);
void hd_html_row_close(hd_buf *out);
void hd_html_table_close(hd_buf *out);

/* A figure with its name, for the top of the page. */
void hd_html_card(hd_buf *out, hd_str label, uint64_t number);

typedef struct hd_bar {
    hd_str label;
    uint64_t value;
    uint8_t tone; /* 0 calm, 1 warn, 2 error */
} hd_bar;
/* Horizontal bars in the order given, without those of nothing; labels may be of any length.
 * `title` is read out by screen readers. */
void hd_html_bars(hd_buf *out, hd_str title, const hd_bar *bars, uint32_t n);

/* Small charts for a cell of a table: what one is made of, side by side; and numbers as columns,
 * the highest as high as there is room. What is not nothing is seen. */
typedef struct hd_part {
    hd_str label;
    uint64_t value;
    const char *colour; /* of CSS; ours, not escaped */
} hd_part;
void hd_html_parts(hd_buf *out, const hd_part *parts, uint32_t n);
void hd_html_columns(hd_buf *out, hd_str title, const uint64_t *values, uint32_t n);
/* Which colour is what, in one line. */
void hd_html_legend(hd_buf *out, const hd_part *parts, uint32_t n);

#endif
