#include "pipeline/io/csv.h"

#include <endian.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "pipeline/io/gb18030.h"
#include "pipeline/io/stream.h"

/* The buffer holds a row of the largest size and one filling; a filling stays in the second level
 * cache. The head decides the encoding. */
enum {
    FILL_BYTES = 256 << 10,
    HEAD_BYTES = 1 << 20,
    WAIT_BYTES = HD_CSV_ROW_MAX_BYTES + 2, /* most that waits for more: a row and half a CRLF */
    BUFFER_BYTES = WAIT_BYTES + FILL_BYTES,
    SLACK_BYTES = 16, /* a line end that stops every search, and room to read a word past it */
    RAW_BYTES = 64 << 10
};
_Static_assert(HD_GB18030_ROOM(RAW_BYTES) <= FILL_BYTES, "one decoded piece is one filling");
_Static_assert(HEAD_BYTES <= BUFFER_BYTES, "the head fits the buffer");

struct hd_csv {
    char *path;
    hd_stream *stream;
    hd_csv_encoding encoding;
    hd_gb18030 *decoder; /* NULL: UTF-8 */
    char *raw;           /* HEAD_BYTES, to be decoded: the head, then pieces of RAW_BYTES */
    size_t raw_next, raw_end;
    bool raw_last; /* nothing follows raw_end */

    char *buf;         /* BUFFER_BYTES + SLACK_BYTES */
    size_t begin, end; /* what is there and not used yet; a line end stands at `end` */
    bool at_end;       /* nothing follows `end` */
    bool in_refused;   /* `begin` is inside a line that was given as refused: its rest is dropped */

    char delimiter; /* of lines: a line end, so that no byte of a value is one */
    bool lines;
    hd_str *values;
    size_t values_cap;
    uint32_t n_values;
    bool has_quotes;     /* this row has quoted values */
    const char *row_end; /* its line end */
    char *unquoted;      /* values that held doubled quotes; NULL until there is one */
    size_t n_unquoted;

    hd_str *header;
    uint32_t n_columns; /* 0: the header is still to be read */
    uint64_t n_rows, line;
    hd_arena arena;
};

/* ---- bytes ---- */

static void mark_end(hd_csv *csv)
{
    csv->buf[csv->end] = '\n';
}

static hd_status fill_decoded(hd_ctx *ctx, hd_csv *csv)
{
    if (csv->raw_next == csv->raw_end) {
        csv->raw_next = 0;
        HD_TRY(hd_stream_read(ctx, csv->stream, csv->raw, RAW_BYTES, &csv->raw_end));
        csv->raw_last = csv->raw_end < RAW_BYTES;
    }
    size_t left = csv->raw_end - csv->raw_next;
    size_t n = left < RAW_BYTES ? left : RAW_BYTES;
    csv->at_end = csv->raw_last && n == left;
    csv->end += hd_gb18030_decode(csv->decoder, csv->raw + csv->raw_next, n, csv->at_end,
                                  csv->buf + csv->end);
    csv->raw_next += n;
    return HD_OK;
}

/* More bytes behind what is there, which moves to the front. */
static hd_status fill(hd_ctx *ctx, hd_csv *csv)
{
    HD_ASSERT(!csv->at_end);
    memmove(csv->buf, csv->buf + csv->begin, csv->end - csv->begin);
    csv->end -= csv->begin;
    csv->begin = 0;
    HD_ASSERT(csv->end <= WAIT_BYTES);
    if (csv->decoder) {
        HD_TRY(fill_decoded(ctx, csv));
    } else {
        size_t got;
        HD_TRY(hd_stream_read(ctx, csv->stream, csv->buf + csv->end, FILL_BYTES, &got));
        csv->at_end = got < FILL_BYTES;
        csv->end += got;
    }
    mark_end(csv);
    return HD_OK;
}

/* The first byte at or after `p` that is `delimiter` or ends a line, eight bytes a step. The byte
 * at `end` is one. A byte of x is zero where (x - 0x01…) & ~x has its high bit; a borrow can make
 * false ones only above the first true one, and the first is all that counts. */
static const char *find_stop(const char *p, char delimiter)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t wanted = ones * (unsigned char)delimiter;
    for (;; p += 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        word = le64toh(word);
        uint64_t a = word ^ wanted, b = word ^ ones * '\n', c = word ^ ones * '\r';
        uint64_t found = ((a - ones) & ~a) | ((b - ones) & ~b) | ((c - ones) & ~c);
        found &= ones << 7;
        if (found)
            return p + (__builtin_ctzll(found) >> 3);
    }
}

static const char *find_line_end(const char *p)
{
    return find_stop(p, '\n');
}

/* What follows the line end at `p`, which may be `end` itself. */
static const char *after_line_end(const char *p, const char *end)
{
    if (p == end)
        return end;
    return p + (p[0] == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1);
}

/* Whether what stands at `p` cannot be told before more is read: nothing, or half of CRLF. */
static bool undecided(const hd_csv *csv, const char *p)
{
    const char *end = csv->buf + csv->end;
    return !csv->at_end && (p == end || (*p == '\r' && p + 1 == end));
}

/* ---- a row ---- */

typedef enum scan { SCAN_ROW, SCAN_MORE, SCAN_QUOTE, SCAN_LONG } scan;

static hd_str unquote(hd_csv *csv, const char *from, const char *to)
{
    if (!csv->unquoted)
        csv->unquoted = hd_alloc(BUFFER_BYTES);
    char *first = csv->unquoted + csv->n_unquoted, *out = first;
    while (from < to) {
        const char *quote = memchr(from, '"', (size_t)(to - from));
        size_t n = (size_t)((quote ? quote + 1 : to) - from);
        memcpy(out, from, n);
        out += n;
        from += quote ? n + 1 : n;
    }
    csv->n_unquoted += (size_t)(out - first);
    return (hd_str){first, (uint32_t)(out - first)};
}

/* An open quote that finds no end: where it went on over lines it was never meant to be one. */
static scan endless(const char *first, const char *limit)
{
    return find_line_end(first) < limit ? SCAN_QUOTE : SCAN_LONG;
}

/* The quoted value that opens at *at; steps behind its closing quote. */
static scan scan_quoted(hd_csv *csv, const char **at)
{
    const char *end = csv->buf + csv->end, *first = *at + 1, *p = first;
    bool cut = end - first > HD_CSV_VALUE_MAX_BYTES + 1;
    const char *limit = cut ? first + HD_CSV_VALUE_MAX_BYTES + 1 : end;
    bool doubled = false;
    for (;;) {
        const char *quote = p < limit ? memchr(p, '"', (size_t)(limit - p)) : NULL;
        *at = quote ? quote : limit;
        if (!quote && cut)
            return endless(first, limit);
        if (!csv->at_end && (!quote || quote + 1 == end))
            return SCAN_MORE;
        if (!quote)
            return SCAN_QUOTE;
        *at = p = quote + 1;
        if (p == end || *p == csv->delimiter || *p == '\n' || *p == '\r') {
            csv->values[csv->n_values] =
                doubled ? unquote(csv, first, quote) : (hd_str){first, (uint32_t)(quote - first)};
            return SCAN_ROW;
        }
        if (*p != '"')
            return SCAN_QUOTE;
        doubled = true;
        p++;
    }
}

/* The value at *at, quoted or not, into values[n_values]; steps behind it. */
static scan scan_value(hd_csv *csv, const char **at)
{
    const char *p = *at;
    if (*p == '"' && p < csv->buf + csv->end && !csv->lines) {
        csv->has_quotes = true;
        return scan_quoted(csv, at);
    }
    *at = find_stop(p, csv->delimiter);
    if (*at - p > HD_CSV_VALUE_MAX_BYTES)
        return SCAN_LONG;
    csv->values[csv->n_values] = (hd_str){p, (uint32_t)(*at - p)};
    return SCAN_ROW;
}

/* Split the row at `begin`; *at is how far the search went. */
static scan scan_values(hd_csv *csv, const char **at)
{
    const char *end = csv->buf + csv->end;
    csv->n_values = 0;
    csv->n_unquoted = 0;
    csv->has_quotes = false;
    for (;;) {
        HD_GROW(csv->values, csv->values_cap, (size_t)csv->n_values + 1);
        scan result = scan_value(csv, at);
        if (result != SCAN_ROW)
            return result;
        if (undecided(csv, *at))
            return SCAN_MORE;
        csv->n_values++;
        if (*at == end || **at != csv->delimiter || csv->lines)
            return SCAN_ROW;
        ++*at;
    }
}

/* Whether a row is over its limit must not depend on how much of it happened to be read. */
static scan scan_row(hd_csv *csv)
{
    const char *begin = csv->buf + csv->begin, *at = begin;
    scan result = scan_values(csv, &at);
    if (at - begin > HD_CSV_ROW_MAX_BYTES)
        return SCAN_LONG;
    csv->row_end = at;
    return result;
}

/* UTF-8 without NUL. Most rows of numbers and codes are ASCII: a quick look settles them. */
static bool is_text(hd_str s)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    uint64_t any = 0, zero = 0;
    uint32_t i = 0;
    for (; i + 8 <= s.len_bytes; i += 8) {
        uint64_t word;
        memcpy(&word, s.ptr + i, sizeof word);
        any |= word;
        zero |= (word - ones) & ~word;
    }
    for (; i < s.len_bytes; i++) {
        any |= (unsigned char)s.ptr[i];
        zero |= s.ptr[i] ? 0 : highs;
    }
    return !(zero & highs) && (!(any & highs) || hd_utf8_valid(s));
}

static uint64_t count_line_ends(hd_str s)
{
    uint64_t n = 0;
    const char *end = s.ptr + s.len_bytes;
    for (const char *p = s.ptr; p < end; n++) {
        p = find_line_end(p);
        if (p >= end)
            break;
        p = after_line_end(p, end);
    }
    return n;
}

/* Step over the line end at `stop`. */
static void step_over(hd_csv *csv, const char *stop)
{
    csv->begin = (size_t)(after_line_end(stop, csv->buf + csv->end) - csv->buf);
    csv->line++;
}

/* Give the first line of what stands at `begin` as a row with this fault. */
static hd_status refuse_line(hd_ctx *ctx, hd_csv *csv, hd_csv_fault fault, hd_csv_row *row)
{
    const char *stop = find_line_end(csv->buf + csv->begin);
    while (undecided(csv, stop) && csv->end - csv->begin <= HD_CSV_VALUE_MAX_BYTES + 1) {
        HD_TRY(fill(ctx, csv));
        stop = find_line_end(csv->buf + csv->begin);
    }
    const char *begin = csv->buf + csv->begin;
    size_t n = (size_t)(stop - begin);
    row->fault = fault;
    row->raw = (hd_str){begin, n < HD_CSV_VALUE_MAX_BYTES ? (uint32_t)n : HD_CSV_VALUE_MAX_BYTES};
    csv->in_refused = undecided(csv, stop);
    if (csv->in_refused)
        csv->begin = (size_t)(stop - csv->buf);
    else
        step_over(csv, stop);
    return HD_OK;
}

static hd_status drop_refused(hd_ctx *ctx, hd_csv *csv)
{
    const char *stop = find_line_end(csv->buf + csv->begin);
    while (undecided(csv, stop)) {
        csv->begin = (size_t)(stop - csv->buf);
        HD_TRY(fill(ctx, csv));
        stop = find_line_end(csv->buf + csv->begin);
    }
    csv->in_refused = false;
    step_over(csv, stop);
    return HD_OK;
}

static hd_status take_row(hd_ctx *ctx, hd_csv *csv, hd_csv_row *row)
{
    const char *begin = csv->buf + csv->begin;
    row->raw = (hd_str){begin, (uint32_t)(csv->row_end - begin)};
    uint64_t n_inside = csv->has_quotes ? count_line_ends(row->raw) : 0;
    bool wrong_width = csv->n_columns && csv->n_values != csv->n_columns;
    if (!is_text(row->raw))
        row->fault = HD_CSV_ENCODING;
    else if (wrong_width)
        row->fault = HD_CSV_COLUMNS;
    if (wrong_width && n_inside)
        return refuse_line(ctx, csv, row->fault, row);
    csv->line += n_inside;
    step_over(csv, csv->row_end);
    return HD_OK;
}

/* The next line that is a row: not empty, but for lines. `*more` false: there is none. */
static hd_status next_row(hd_ctx *ctx, hd_csv *csv, hd_csv_row *row, bool *more)
{
    *row = (hd_csv_row){0};
    if (csv->in_refused)
        HD_TRY(drop_refused(ctx, csv));
    for (;;) {
        *more = !(csv->at_end && csv->begin == csv->end);
        if (!*more)
            return HD_OK;
        scan result = scan_row(csv);
        if (result == SCAN_MORE) {
            HD_TRY(fill(ctx, csv));
            continue;
        }
        row->line = csv->line;
        if (result == SCAN_QUOTE)
            return refuse_line(ctx, csv, HD_CSV_QUOTE, row);
        if (result == SCAN_LONG)
            return refuse_line(ctx, csv, HD_CSV_TOO_LONG, row);
        if (csv->row_end != csv->buf + csv->begin || csv->lines)
            return take_row(ctx, csv, row);
        step_over(csv, csv->row_end);
    }
}

hd_status hd_csv_next(hd_ctx *ctx, hd_csv *csv, hd_csv_row *row, bool *more)
{
    HD_TRY(next_row(ctx, csv, row, more));
    if (!*more)
        return HD_OK;
    row->number = ++csv->n_rows;
    if (row->fault == HD_CSV_FINE) {
        row->values = csv->values;
        row->n_values = csv->n_values;
    }
    return HD_OK;
}

/* ---- the head: encoding and header ---- */

static bool starts_with(const hd_csv *csv, const char *mark, size_t n)
{
    return csv->end >= n && memcmp(csv->buf, mark, n) == 0;
}

static bool has_utf8_mark(const hd_csv *csv)
{
    return starts_with(csv, "\xEF\xBB\xBF", 3);
}

static bool is_ascii(hd_str s)
{
    for (uint32_t i = 0; i < s.len_bytes; i++) {
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    }
    return true;
}

/* The last line is looked at only where the head is the whole file: else it may be cut. */
static hd_csv_encoding guess_encoding(const hd_csv *csv)
{
    if (has_utf8_mark(csv))
        return HD_CSV_UTF8;
    uint64_t n_utf8 = 0, n_other = 0;
    const char *end = csv->buf + csv->end;
    for (const char *p = csv->buf; p < end;) {
        const char *stop = find_line_end(p);
        if (stop == end && !csv->at_end)
            break;
        hd_str line = {p, (uint32_t)(stop - p)};
        if (!is_ascii(line))
            ++*(hd_utf8_valid(line) ? &n_utf8 : &n_other);
        p = after_line_end(stop, end);
    }
    return n_utf8 >= n_other ? HD_CSV_UTF8 : HD_CSV_GB18030;
}

static hd_status decide_encoding(hd_ctx *ctx, hd_csv *csv)
{
    if (starts_with(csv, "\xFF\xFE", 2) || starts_with(csv, "\xFE\xFF", 2)) {
        hd_hint(ctx, "save it as UTF-8 (\"CSV UTF-8\" in a spreadsheet) or GB 18030");
        return HD_FAIL(ctx, HD_SOURCE, "%s is UTF-16, which cannot be read", csv->path);
    }
    if (csv->encoding == HD_CSV_AUTO)
        csv->encoding = guess_encoding(csv);
    if (csv->encoding == HD_CSV_GB18030 && has_utf8_mark(csv)) {
        hd_hint(ctx, "say encoding: auto for this source");
        return HD_FAIL(ctx, HD_SOURCE, "%s is UTF-8 (it opens with its mark), not GB 18030",
                       csv->path);
    }
    return HD_OK;
}

/* What was read as the head is decoded instead of used. */
static hd_status start_decoding(hd_ctx *ctx, hd_csv *csv)
{
    HD_TRY(hd_gb18030_open(ctx, &csv->decoder));
    csv->raw = hd_alloc(HEAD_BYTES);
    memcpy(csv->raw, csv->buf, csv->end);
    csv->raw_end = csv->end;
    csv->raw_last = csv->at_end;
    csv->end = 0;
    csv->at_end = false;
    return fill(ctx, csv);
}

static hd_status read_head(hd_ctx *ctx, hd_csv *csv)
{
    HD_TRY(hd_stream_read(ctx, csv->stream, csv->buf, HEAD_BYTES, &csv->end));
    csv->at_end = csv->end < HEAD_BYTES;
    mark_end(csv);
    HD_TRY(decide_encoding(ctx, csv));
    if (csv->encoding == HD_CSV_GB18030)
        HD_TRY(start_decoding(ctx, csv));
    if (has_utf8_mark(csv)) /* GB 18030 has a mark too, which is decoded to the same bytes */
        csv->begin = 3;
    return HD_OK;
}

static const char *fault_text(hd_csv_fault fault, hd_csv_encoding encoding)
{
    switch (fault) {
    case HD_CSV_ENCODING:
        return encoding == HD_CSV_UTF8 ? "it holds bytes that are not UTF-8"
                                       : "it holds bytes that are not GB 18030";
    case HD_CSV_QUOTE:
        return "a quoted name does not end, or text follows its end";
    case HD_CSV_TOO_LONG:
        return "it is too long";
    default:
        HD_BUG("fault %d of a header", (int)fault);
    }
}

static hd_status read_header(hd_ctx *ctx, hd_csv *csv, uint32_t number)
{
    hd_csv_row row;
    bool more = true;
    HD_TRY(next_row(ctx, csv, &row, &more));
    for (uint32_t i = 1; i < number && more; i++)
        HD_TRY(next_row(ctx, csv, &row, &more));
    if (!more && number > 1)
        return HD_FAIL(ctx, HD_SOURCE, "%s has no line %u, where its header should be", csv->path,
                       number);
    if (!more)
        return HD_FAIL(ctx, HD_SOURCE, "%s is empty: it has no header", csv->path);
    if (row.fault != HD_CSV_FINE)
        return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: the header cannot be read: %s", csv->path,
                       (unsigned long long)row.line, fault_text(row.fault, csv->encoding));
    csv->header = HD_NEW_N(&csv->arena, hd_str, csv->n_values);
    for (uint32_t i = 0; i < csv->n_values; i++)
        csv->header[i] = hd_arena_str(&csv->arena, hd_str_trim(csv->values[i]));
    csv->n_columns = csv->n_values;
    return HD_OK;
}

static hd_status start(hd_ctx *ctx, hd_csv *csv, const char *path, const hd_csv_options *options)
{
    HD_TRY(hd_stream_open(ctx, path, options->digest, &csv->stream));
    HD_TRY(read_head(ctx, csv));
    if (!csv->lines)
        return read_header(ctx, csv, options->header);
    csv->n_columns = 1;
    return HD_OK;
}

hd_status hd_csv_open(hd_ctx *ctx, const char *path, hd_csv_options options, hd_csv **out)
{
    hd_csv *csv = hd_alloc_zero(1, sizeof *csv);
    const char *shown = hd_stream_name(path);
    size_t size = strlen(shown) + 1;
    csv->path = memcpy(hd_arena_alloc(&csv->arena, size), shown, size);
    csv->encoding = options.encoding;
    csv->lines = options.lines;
    csv->delimiter = options.delimiter ? options.delimiter : ',';
    csv->delimiter = options.lines ? '\n' : csv->delimiter;
    csv->buf = hd_alloc_zero(BUFFER_BYTES + SLACK_BYTES, 1);
    csv->line = 1;
    hd_status status = start(ctx, csv, path, &options);
    if (status != HD_OK) {
        hd_csv_close(csv);
        csv = NULL;
    }
    *out = csv;
    return status;
}

const hd_str *hd_csv_header(const hd_csv *csv, uint32_t *n_columns)
{
    *n_columns = csv->n_columns;
    return csv->header;
}

bool hd_csv_column(const hd_csv *csv, const char *name, uint32_t *out)
{
    uint32_t n;
    const hd_str *header = hd_csv_header(csv, &n);
    for (*out = 0; *out < n; ++*out)
        if (hd_str_eq(header[*out], hd_str_from(name)))
            return true;
    return false;
}

hd_csv_encoding hd_csv_encoding_of(const hd_csv *csv)
{
    return csv->encoding;
}

uint64_t hd_csv_bytes(const hd_csv *csv)
{
    return hd_stream_bytes(csv->stream);
}

void hd_csv_digest(hd_csv *csv, char out[65])
{
    hd_stream_digest(csv->stream, out);
}

void hd_csv_close(hd_csv *csv)
{
    if (!csv)
        return;
    hd_stream_close(csv->stream);
    hd_gb18030_close(csv->decoder);
    hd_free(csv->raw);
    hd_free(csv->buf);
    hd_free(csv->values);
    hd_free(csv->unquoted);
    hd_arena_release(&csv->arena);
    hd_free(csv);
}
