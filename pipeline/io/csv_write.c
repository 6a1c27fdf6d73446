#include "pipeline/io/csv.h"

static bool must_be_quoted(hd_str value)
{
    for (uint32_t i = 0; i < value.len_bytes; i++) {
        char c = value.ptr[i];
        if (c == ',' || c == '"' || c == '\n' || c == '\r')
            return true;
    }
    return false;
}

static bool opens_formula(hd_str value)
{
    return value.len_bytes && memchr("=+-@\t\r", value.ptr[0], 6);
}

static void add_doubling_quotes(hd_buf *out, hd_str value)
{
    while (value.len_bytes) {
        const char *quote = memchr(value.ptr, '"', value.len_bytes);
        uint32_t n = quote ? (uint32_t)(quote - value.ptr) + 1 : value.len_bytes;
        hd_buf_add(out, (hd_str){value.ptr, n});
        if (quote)
            hd_buf_add_char(out, '"');
        value.ptr += n;
        value.len_bytes -= n;
    }
}

void hd_csv_add_value(hd_buf *out, hd_csv_style style, hd_str value)
{
    bool quoted = must_be_quoted(value);
    if (quoted)
        hd_buf_add_char(out, '"');
    if (style == HD_CSV_SPREADSHEET && opens_formula(value))
        hd_buf_add_char(out, '\'');
    if (quoted) {
        add_doubling_quotes(out, value);
        hd_buf_add_char(out, '"');
    } else {
        hd_buf_add(out, value);
    }
}

void hd_csv_add_row(hd_buf *out, hd_csv_style style, const hd_str *values, uint32_t n_values)
{
    if (n_values == 1 && hd_str_empty(values[0]))
        hd_buf_add(out, HD_STR("\"\""));
    for (uint32_t i = 0; i < n_values; i++) {
        if (i)
            hd_buf_add_char(out, ',');
        hd_csv_add_value(out, style, values[i]);
    }
    hd_buf_add_char(out, '\n');
}
