#include "pipeline/store/table.h"

int hd_table_column(const hd_table *table, hd_str name)
{
    for (uint32_t i = 0; i < table->n_columns; i++) {
        if (hd_str_eq(table->columns[i].name, name))
            return (int)i;
    }
    return -1;
}

static void add_quoted(hd_buf *out, char quote, hd_str text)
{
    hd_buf_add_char(out, quote);
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        if (text.ptr[i] == quote)
            hd_buf_add_char(out, quote);
        hd_buf_add_char(out, text.ptr[i]);
    }
    hd_buf_add_char(out, quote);
}

void hd_quoted_name(hd_buf *out, hd_str name)
{
    add_quoted(out, '"', name);
}

void hd_quoted_text(hd_buf *out, hd_str text)
{
    add_quoted(out, '\'', text);
}

void hd_column_names(hd_buf *out, const hd_table *table, uint32_t begin, uint32_t end,
                     const char *before)
{
    for (uint32_t i = begin; i < end; i++) {
        hd_buf_addf(out, i > begin ? ", %s" : "%s", before);
        hd_quoted_name(out, table->columns[i].name);
    }
}
