/* Any bytes as a CSV file: the reader ends, counts lines and rows right, and what it gives is text.
 */

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "pipeline/io/csv.h"
#include "pipeline/io/gb18030.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static uint64_t count_line_ends(const char *ptr, size_t n)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ptr[i] == '\n' || (ptr[i] == '\r' && (i + 1 == n || ptr[i + 1] != '\n'));
    return count;
}

/* Decoding keeps line ends and quotes, in one piece or in two. */
static void check_decoding(const char *ptr, size_t n)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_gb18030 *gb;
    HD_ASSERT(hd_gb18030_open(&ctx, &gb) == HD_OK);
    char *whole = hd_alloc(HD_GB18030_ROOM(n)), *parts = hd_alloc(HD_GB18030_ROOM(n) * 2);
    size_t n_whole = hd_gb18030_decode(gb, ptr, n, true, whole);
    HD_ASSERT(n_whole <= HD_GB18030_ROOM(n));
    size_t n_parts = hd_gb18030_decode(gb, ptr, n / 2, false, parts);
    n_parts += hd_gb18030_decode(gb, ptr + n / 2, n - n / 2, true, parts + n_parts);
    HD_ASSERT(n_parts == n_whole && memcmp(whole, parts, n_whole) == 0);
    HD_ASSERT(count_line_ends(whole, n_whole) == count_line_ends(ptr, n));
    hd_gb18030_close(gb);
    hd_free(whole);
    hd_free(parts);
}

static void check_row(const hd_csv_row *row, uint32_t n_columns, bool lines)
{
    HD_ASSERT(row->raw.len_bytes > 0 || row->fault != HD_CSV_FINE || lines);
    HD_ASSERT(!lines || (row->fault != HD_CSV_QUOTE && row->fault != HD_CSV_COLUMNS));
    if (row->fault != HD_CSV_FINE)
        return;
    HD_ASSERT(row->n_values == n_columns && row->raw.len_bytes <= HD_CSV_ROW_MAX_BYTES);
    for (uint32_t i = 0; i < row->n_values; i++) {
        hd_str value = row->values[i];
        HD_ASSERT(value.len_bytes <= HD_CSV_VALUE_MAX_BYTES && hd_utf8_valid(value));
        HD_ASSERT(!memchr(value.ptr, 0, value.len_bytes));
    }
}

static void read_all(const char *path, hd_csv_options options, uint64_t n_lines)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_csv *csv;
    if (hd_csv_open(&ctx, path, options, &csv) != HD_OK)
        return;
    uint32_t n_columns;
    hd_csv_header(csv, &n_columns);
    hd_csv_row row;
    bool more;
    uint64_t n_rows = 0, line = options.lines ? 0 : 1; /* the header is no row */
    while (hd_csv_next(&ctx, csv, &row, &more) == HD_OK && more) {
        HD_ASSERT(row.number == ++n_rows);
        HD_ASSERT(row.line > line);
        HD_ASSERT(n_lines == 0 || row.line <= n_lines);
        line = row.line;
        check_row(&row, n_columns, options.lines);
    }
    hd_csv_close(csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char delimiters[] = ",;\t|";
    if (n == 0)
        return 0;
    hd_csv_options options = {.encoding = (hd_csv_encoding)(data[0] % 3),
                              .delimiter = delimiters[data[0] / 3 % 4],
                              .digest = data[0] & 0x80};
    const char *text = (const char *)data + 1;
    n--;
    int fd = memfd_create("fuzz", 0);
    HD_ASSERT(fd >= 0 && write(fd, text, n) == (ssize_t)n);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool gzip = n >= 2 && text[0] == '\x1F' && text[1] == '\x8B';
    read_all(path, options, gzip ? 0 : count_line_ends(text, n) + 1);
    options.lines = true;
    read_all(path, options, gzip ? 0 : count_line_ends(text, n) + 1);
    close(fd);
    check_decoding(text, n);
    return 0;
}
