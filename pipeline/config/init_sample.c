/* The head of a CSV file (RFC 4180), enough of it to guess what it holds. */

#include "pipeline/config/init_guess.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { SAMPLE_BYTES = 1 << 20, SAMPLE_COLUMNS = 1000 };

/* ---- bytes ---- */

/* What is left of `bytes` without a last line that is cut off. */
static hd_str whole_lines(hd_str bytes)
{
    const char *end = bytes.len_bytes ? memrchr(bytes.ptr, '\n', bytes.len_bytes) : NULL;
    return (hd_str){bytes.ptr, end ? (uint32_t)(end - bytes.ptr) + 1 : 0};
}

static hd_status read_head(hd_ctx *ctx, hd_arena *arena, const char *folder, hd_str file,
                           hd_str *out)
{
    hd_str path = hd_arena_printf(arena, "%s/%.*s", folder, HD_ARG(file));
    errno = 0;
    gzFile gz = gzopen(path.ptr, "rbe"); /* reads a file that is not gzipped as it is */
    if (!gz)
        return HD_FAIL(ctx, HD_CONFIG, "%s: cannot be read: %s", path.ptr,
                       strerror(errno ? errno : ENOMEM));
    char *bytes = hd_arena_alloc(arena, SAMPLE_BYTES);
    int got = gzread(gz, bytes, SAMPLE_BYTES);
    gzclose_r(gz);
    *out = (hd_str){bytes, got > 0 ? (uint32_t)got : 0};
    if (got == SAMPLE_BYTES)
        *out = whole_lines(*out);
    return HD_OK;
}

/* GB18030 → UTF-8; a null text where it is not that either. */
static hd_str from_gb18030(hd_arena *arena, hd_str bytes)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1)
        return HD_STR_NULL;
    size_t room = (size_t)bytes.len_bytes * 3 + 1, left = bytes.len_bytes, free_bytes = room;
    char *text = hd_arena_alloc(arena, room), *from = (char *)bytes.ptr, *to = text;
    size_t failed = iconv(converter, &from, &left, &to, &free_bytes);
    iconv_close(converter);
    if (failed == (size_t)-1)
        return HD_STR_NULL;
    return (hd_str){text, (uint32_t)(room - free_bytes)};
}

static hd_str decode(hd_arena *arena, hd_str bytes, hd_encoding *encoding)
{
    *encoding = HD_ENCODING_AUTO;
    if (hd_str_starts(bytes, HD_STR("\xEF\xBB\xBF")))
        bytes = (hd_str){bytes.ptr + 3, bytes.len_bytes - 3};
    if (bytes.len_bytes && memchr(bytes.ptr, '\0', bytes.len_bytes))
        return HD_STR_NULL;
    if (hd_utf8_valid(bytes))
        return bytes;
    *encoding = HD_ENCODING_GB18030;
    return from_gb18030(arena, bytes);
}

/* ---- rows ---- */

typedef struct scanner {
    hd_arena *arena;
    hd_str text;
    uint32_t at;
    char delimiter;
} scanner;

/* "" inside a quoted value stands for ". */
static hd_str undouble(hd_arena *arena, hd_str inside)
{
    char *value = hd_arena_alloc(arena, inside.len_bytes + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < inside.len_bytes; i++) {
        value[n++] = inside.ptr[i];
        i += inside.ptr[i] == '"'; /* the second one */
    }
    return (hd_str){value, n};
}

/* A quoted value; steps over it, not over what ends it. False: the quote does not end. */
static bool scan_quoted(scanner *s, hd_str *out)
{
    uint32_t begin = ++s->at;
    bool doubled = false;
    for (; s->at < s->text.len_bytes; s->at++) {
        if (s->text.ptr[s->at] != '"')
            continue;
        hd_str inside = {s->text.ptr + begin, s->at - begin};
        s->at++;
        if (s->at == s->text.len_bytes || s->text.ptr[s->at] != '"') {
            *out = doubled ? undouble(s->arena, inside) : inside;
            return true;
        }
        doubled = true;
    }
    return false;
}

/* False: a quote inside, which RFC 4180 knows in quoted values only. */
static bool scan_plain(scanner *s, hd_str *out)
{
    uint32_t begin = s->at;
    while (s->at < s->text.len_bytes && s->text.ptr[s->at] != s->delimiter &&
           s->text.ptr[s->at] != '\n' && s->text.ptr[s->at] != '\r')
        s->at++;
    *out = (hd_str){s->text.ptr + begin, s->at - begin};
    return out->len_bytes == 0 || !memchr(out->ptr, '"', out->len_bytes);
}

/* One row of at most `max` values; false at the end, or where nothing can be read any more. */
static bool scan_row(scanner *s, hd_str *values, uint32_t max, uint32_t *n)
{
    *n = 0;
    if (s->at >= s->text.len_bytes)
        return false;
    for (;;) {
        hd_str value;
        bool quoted = s->at < s->text.len_bytes && s->text.ptr[s->at] == '"';
        if (!(quoted ? scan_quoted(s, &value) : scan_plain(s, &value)))
            return false;
        if (*n == max)
            return false;
        values[(*n)++] = value;
        if (s->at < s->text.len_bytes && s->text.ptr[s->at] == s->delimiter) {
            s->at++;
            continue;
        }
        if (s->at < s->text.len_bytes && s->text.ptr[s->at] == '\r')
            s->at++;
        if (s->at < s->text.len_bytes && s->text.ptr[s->at] == '\n')
            s->at++;
        else if (s->at < s->text.len_bytes)
            return false; /* text after a closing quote */
        return true;
    }
}

enum { TITLE_LINES = 4 };

/* The sign that splits one of the first lines into most values. */
static char guess_delimiter(hd_arena *arena, hd_str text, hd_str *values)
{
    static const char signs[] = ",\t;|";
    char best = ',';
    uint32_t most = 0;
    for (const char *sign = signs; *sign; sign++) {
        scanner s = {.arena = arena, .text = text, .delimiter = *sign};
        uint32_t n;
        for (uint32_t line = 0; line < TITLE_LINES && scan_row(&s, values, SAMPLE_COLUMNS, &n);
             line++)
            if (n > most) {
                best = *sign;
                most = n;
            }
    }
    return best;
}

static uint32_t count_filled(const hd_str *values, uint32_t n)
{
    uint32_t filled = 0;
    for (uint32_t i = 0; i < n; i++)
        filled += !hd_str_empty(hd_str_trim(values[i]));
    return filled;
}

/* The header's values: the first line, or what stands below a title and a date, which fill one
 * column each. Empty lines are no lines. */
static bool scan_header(scanner *s, hd_str *values, uint32_t *n, uint32_t *number)
{
    scanner first = *s;
    uint32_t filled = 0;
    for (*number = 0; *number < TITLE_LINES && filled < 2;) {
        if (!scan_row(s, values, SAMPLE_COLUMNS, n))
            break;
        filled = count_filled(values, *n);
        *number += filled > 0 || *n > 1;
    }
    if (filled >= 2)
        return true;
    *s = first;
    *number = 1;
    return scan_row(s, values, SAMPLE_COLUMNS, n);
}

/* Names that no configuration can write, and names that stand twice, are null. */
static void keep_columns(hd_arena *arena, hd_sample *sample, const hd_str *values, uint32_t n)
{
    sample->columns = HD_NEW_N(arena, hd_str, n);
    sample->n_columns = n;
    for (uint32_t i = 0; i < n; i++) {
        hd_str name = hd_str_trim(values[i]);
        bool usable = name.len_bytes && name.ptr[0] != '=';
        for (uint32_t j = 0; j < i; j++)
            usable &= !hd_str_eq(sample->columns[j], name);
        if (usable)
            sample->columns[i] = name;
    }
}

static uint64_t hash_of(hd_str value)
{
    return hd_str_empty(value) ? 0 : hd_hash_mix(0, hd_hash64(value.ptr, value.len_bytes, 0));
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts them. */
static bool each_once(uint64_t *rows, uint32_t n)
{
    qsort(rows, n, sizeof *rows, compare_hashes);
    bool unique = n > 0 && rows[0] != 0;
    for (uint32_t i = 1; i < n; i++)
        unique &= rows[i] != rows[i - 1];
    return unique;
}

bool hd_sample_unique(const hd_str *values, uint32_t n)
{
    uint64_t rows[HD_SAMPLE_ROWS];
    HD_ASSERT(n <= HD_SAMPLE_ROWS);
    for (uint32_t i = 0; i < n; i++)
        rows[i] = hash_of(values[i]);
    return each_once(rows, n);
}

bool hd_sample_unique_together(const hd_sample *sample, const hd_sample_key *key)
{
    uint64_t rows[HD_SAMPLE_ROWS];
    if (!sample->hashes)
        return false;
    for (uint32_t i = 0; i < sample->n_rows; i++) {
        rows[i] = 1;
        for (uint32_t k = 0; k < key->n && rows[i]; k++) {
            uint64_t value = sample->hashes[key->columns[k]][i];
            rows[i] = value ? hd_hash_mix(rows[i], value) : 0;
        }
    }
    return each_once(rows, sample->n_rows);
}

/* 1, 2, 3 … (or from 0): what a list is numbered by. */
static bool is_running(const hd_str *values, uint32_t n)
{
    char want[16];
    uint32_t first = n && hd_str_eq(values[0], HD_STR("0")) ? 0 : 1;
    for (uint32_t i = 0; i < n; i++) {
        snprintf(want, sizeof want, "%u", first + i);
        if (!hd_str_eq(values[i], hd_str_from(want)))
            return false;
    }
    return n > 0;
}

/* `column[c]` gets the values of column c, row by row. Returns the number of rows. */
static uint32_t read_rows(scanner *s, hd_str *values, uint32_t n_columns, hd_str **column)
{
    uint32_t n_rows = 0, n;
    while (n_rows < HD_SAMPLE_ROWS && scan_row(s, values, SAMPLE_COLUMNS, &n)) {
        if (n != n_columns)
            continue;
        for (uint32_t i = 0; i < n; i++)
            column[i][n_rows] = hd_str_trim(values[i]);
        n_rows++;
    }
    return n_rows;
}

static uint64_t *hashes_of(hd_arena *arena, const hd_str *values, uint32_t n)
{
    uint64_t *hashes = HD_NEW_N(arena, uint64_t, n + 1u);
    for (uint32_t i = 0; i < n; i++)
        hashes[i] = hash_of(values[i]);
    return hashes;
}

static void look_at_rows(hd_arena *arena, scanner *s, hd_str *values, hd_sample *sample)
{
    uint32_t n = sample->n_columns;
    hd_str *cells = hd_alloc_zero((size_t)n * HD_SAMPLE_ROWS, sizeof *cells);
    hd_str **column = hd_alloc_zero(n, sizeof *column);
    for (uint32_t i = 0; i < n; i++)
        column[i] = cells + (size_t)i * HD_SAMPLE_ROWS;
    uint32_t n_rows = sample->n_rows = read_rows(s, values, n, column);
    sample->unique = HD_NEW_N(arena, bool, n);
    sample->running = HD_NEW_N(arena, bool, n);
    sample->hashes = HD_NEW_N(arena, uint64_t *, n);
    for (uint32_t i = 0; i < n; i++) {
        sample->hashes[i] = hashes_of(arena, column[i], n_rows);
        sample->running[i] = is_running(column[i], n_rows);
        sample->unique[i] =
            hd_sample_unique_together(sample, &(hd_sample_key){.columns = {i}, .n = 1});
    }
    hd_free(column);
    hd_free(cells);
}

/* What it is, where it is nothing that can be read: zip and OLE 2 are what workbooks are packed in.
 */
static hd_left_out no_text(hd_str bytes)
{
    if (hd_str_starts(bytes, HD_STR("\xFF\xFE")) || hd_str_starts(bytes, HD_STR("\xFE\xFF")))
        return HD_LEFT_OUT_utf_16;
    if (hd_str_starts(bytes, HD_STR("PK\x03\x04")) ||
        hd_str_starts(bytes, HD_STR("\xD0\xCF\x11\xE0")))
        return HD_LEFT_OUT_workbook;
    return HD_LEFT_OUT_no_csv;
}

hd_status hd_sample_read(hd_ctx *ctx, hd_arena *arena, const char *folder, hd_str file,
                         hd_sample *out)
{
    hd_str bytes;
    *out = (hd_sample){.name = file, .delimiter = ','};
    HD_TRY(read_head(ctx, arena, folder, file, &bytes));
    out->left_out = no_text(bytes);
    hd_str text = HD_STR_NULL;
    if (out->left_out == HD_LEFT_OUT_no_csv)
        text = decode(arena, bytes, &out->encoding);
    if (hd_str_empty(text))
        return HD_OK;
    hd_str *values = HD_NEW_N(arena, hd_str, SAMPLE_COLUMNS);
    out->delimiter = guess_delimiter(arena, text, values);
    scanner s = {.arena = arena, .text = text, .delimiter = out->delimiter};
    uint32_t n;
    if (!scan_header(&s, values, &n, &out->header))
        return HD_OK;
    out->left_out = HD_LEFT_OUT_no;
    keep_columns(arena, out, values, n);
    look_at_rows(arena, &s, values, out);
    return HD_OK;
}
