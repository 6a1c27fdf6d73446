#include <stdio.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ops/cli/cli.h"

void cli_cell(cli_table *table, hd_str text)
{
    hd_buf_add(&table->text, text);
    hd_buf_add_char(&table->text, '\0');
    table->n_cells++;
}

void cli_cellf(cli_table *table, const char *fmt, ...)
{
    char text[128];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    cli_cell(table, hd_str_from(text));
}

void cli_count(cli_table *table, uint64_t n)
{
    hd_buf text = {0};
    hd_buf_add_grouped(&text, n, ",");
    cli_cell(table, hd_buf_str(&text));
    hd_buf_release(&text);
}

/* Columns on a terminal: East Asian wide characters take two (UAX #11). */
static uint32_t width_of(hd_str s)
{
    uint32_t width = 0;
    for (uint32_t pos = 0; pos < s.len_bytes;) {
        uint32_t c = hd_utf8_next(s, &pos);
        width +=
            hd_is_han(c) || (c >= 0x3000 && c <= 0x30FF) || (c >= 0xFF00 && c <= 0xFF60) ? 2 : 1;
    }
    return width;
}

static void print_cell(hd_str cell, uint32_t width, bool left, FILE *out)
{
    int pad = (int)(width - width_of(cell));
    if (left)
        fprintf(out, "%.*s%*s", HD_ARG(cell), pad, "");
    else
        fprintf(out, "%*s%.*s", pad, "", HD_ARG(cell));
}

void cli_table_print(cli_table *table, FILE *out)
{
    uint32_t *widths = hd_alloc_zero(table->n_columns, sizeof *widths);
    const char *cell = table->text.ptr;
    for (uint32_t i = 0; i < table->n_cells; i++) {
        uint32_t width = width_of(hd_str_from(cell));
        if (width > widths[i % table->n_columns])
            widths[i % table->n_columns] = width;
        cell += strlen(cell) + 1;
    }
    cell = table->text.ptr;
    for (uint32_t i = 0; i < table->n_cells; i++) {
        uint32_t column = i % table->n_columns;
        if (column)
            fputs("  ", out);
        bool last = column + 1 == table->n_columns;
        bool left = column == 0 || table->left >> column & 1;
        if (last && left) /* no blanks before the end of a line */
            fputs(cell, out);
        else
            print_cell(hd_str_from(cell), widths[column], left, out);
        if (last)
            fputc('\n', out);
        cell += strlen(cell) + 1;
    }
    hd_free(widths);
    hd_buf_release(&table->text);
    table->n_cells = 0;
}
