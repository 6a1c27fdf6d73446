#include "matchers/divisions.h"

#include <stdlib.h>

#include "matchers/division_names.h"

/* Entries lie in the order of their codes, those of one prefecture together, and of one code the
 * newest last. */

enum {
    N_PREFECTURES = 10000, /* of four digits */
    N_COLUMNS = 5,         /* of divisions.tsv */
    PLACE_COLUMNS = 4,     /* of places.tsv; the last two may be left off */
    FOLLOW_MAX = 8 /* 曲靖县 → 曲靖市 → 麒麟区; the bound ends a circle in a county's list */
};

static const uint64_t tail_of_prefecture = UINT64_C(100000000), tail_of_county = 1000000;

struct hd_divisions {
    hd_division *entries;
    uint32_t n;
    uint32_t start[N_PREFECTURES + 1];
    const hd_division_names *names;
};

/* ---- codes --------------------------------------------------------------------------------- */

hd_division_code hd_division_read(hd_str digits)
{
    uint32_t n = digits.len_bytes;
    if (n != 2 && n != 4 && n != 6 && n != 9 && n != 12)
        return 0;
    hd_division_code code = 0;
    for (uint32_t i = 0; i < HD_DIVISION_DIGITS; i++) {
        char digit = i < n ? digits.ptr[i] : '0';
        if (digit < '0' || digit > '9')
            return 0;
        code = code * 10 + (uint64_t)(digit - '0');
    }
    return code;
}

static uint64_t tail_of(hd_division_level level)
{
    static const uint64_t tails[] = {
        UINT64_C(1000000000000), UINT64_C(10000000000), 100000000, 1000000, 1000, 1};
    return tails[level];
}

hd_division_level hd_division_level_of(hd_division_code code)
{
    hd_division_level level = HD_DIVISION_PROVINCE;
    while (code % tail_of(level))
        level++;
    return level;
}

bool hd_division_within(hd_division_code code, hd_division_code whole)
{
    uint64_t tail = tail_of(hd_division_level_of(whole));
    return code != whole && code / tail == whole / tail;
}

uint32_t hd_division_print(hd_division_code code, char digits[HD_DIVISION_DIGITS])
{
    static const uint32_t n_digits[] = {0, 2, 4, 6, 9, 12};
    uint32_t n = n_digits[hd_division_level_of(code)];
    for (uint32_t i = HD_DIVISION_DIGITS; i-- > 0; code /= 10) {
        if (i < n)
            digits[i] = (char)('0' + code % 10);
    }
    return n;
}

hd_division_code hd_division_county(hd_division_code code)
{
    return code - code % tail_of_county;
}

/* ---- look-up ------------------------------------------------------------------------------- */

/* The first entry of a higher code. */
static uint32_t after(const hd_divisions *divisions, hd_division_code code)
{
    uint64_t prefecture = code / tail_of_prefecture;
    if (prefecture >= N_PREFECTURES)
        return 0;
    uint32_t low = divisions->start[prefecture], high = divisions->start[prefecture + 1];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (divisions->entries[middle].code <= code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const hd_division *hd_divisions_find(const hd_divisions *divisions, hd_division_code code)
{
    uint32_t end = after(divisions, code);
    return end > 0 && divisions->entries[end - 1].code == code ? &divisions->entries[end - 1]
                                                               : NULL;
}

bool hd_divisions_held(const hd_divisions *divisions, hd_division_code code, int year)
{
    for (uint32_t i = after(divisions, code); i > 0; i--) {
        const hd_division *entry = &divisions->entries[i - 1];
        if (entry->code != code)
            return false;
        if (year >= entry->first && (entry->last == 0 || year <= entry->last + 1))
            return true;
    }
    return false;
}

hd_division_code hd_divisions_current(const hd_divisions *divisions, hd_division_code code)
{
    for (uint32_t i = 0; i < FOLLOW_MAX; i++) {
        const hd_division *entry = hd_divisions_find(divisions, code);
        hd_division_code next = entry ? entry->next : 0;
        if (!entry && code % tail_of_county) {
            hd_division_code county = hd_division_county(code);
            entry = hd_divisions_find(divisions, county);
            next = entry && entry->next % tail_of_county == 0 && entry->next % tail_of_prefecture
                       ? entry->next + code % tail_of_county
                       : 0;
        }
        if (next == 0)
            break;
        code = next;
    }
    return code;
}

/* ---- parsing ------------------------------------------------------------------------------- */

/* How many there are; `columns` beyond that are empty. */
static uint32_t split_columns(hd_str line, hd_str *columns, uint32_t max)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < max; i++)
        columns[i] = HD_STR("");
    for (hd_str column; hd_str_cut(&line, '\t', &column); n++) {
        if (n < max)
            columns[n] = hd_str_trim(column);
    }
    return n;
}

static bool read_year(hd_str text, uint16_t *year)
{
    *year = 0;
    if (text.len_bytes != 0 && text.len_bytes != 4)
        return false;
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *year = (uint16_t)(*year * 10 + (text.ptr[i] - '0'));
    }
    return true;
}

/* Blank-separated codes; `*next` is the only one, or 0. */
static bool read_next(hd_str text, hd_division_code *next)
{
    uint32_t n = 0;
    *next = 0;
    for (hd_str one; hd_str_cut(&text, ' ', &one);) {
        if (hd_str_empty(one))
            continue;
        *next = hd_division_read(one);
        n++;
        if (*next == 0)
            return false;
    }
    *next = n == 1 ? *next : 0;
    return true;
}

/* NULL, or what the line should be. */
static const char *parse_division(hd_str line, hd_division *out)
{
    hd_str columns[N_COLUMNS];
    if (split_columns(line, columns, N_COLUMNS) != N_COLUMNS)
        return "five columns: code, name, first year, last year, codes of today";
    out->code = hd_division_read(columns[0]);
    if (out->code == 0)
        return "a code of 2, 4, 6, 9 or 12 digits comes first";
    if (hd_str_empty(columns[1]))
        return "a name comes second";
    if (!read_year(columns[2], &out->first) || !read_year(columns[3], &out->last))
        return "a year has four digits, or is left off";
    if (!read_next(columns[4], &out->next))
        return "codes of today have 2, 4, 6, 9 or 12 digits each";
    out->name = columns[1];
    return NULL;
}

/* A place that has a code of today has ended; a county need not know when. */
static const char *parse_place(hd_str line, hd_division *out)
{
    enum { GONE = 9999 };
    hd_str columns[PLACE_COLUMNS];
    uint32_t n = split_columns(line, columns, PLACE_COLUMNS);
    if (n < 2 || n > PLACE_COLUMNS)
        return "code, name, other names (blank-separated), today's code; the last two may be left "
               "off";
    out->code = hd_division_read(columns[0]);
    if (out->code == 0)
        return "a code of 2, 4, 6, 9 or 12 digits comes first";
    if (hd_str_empty(columns[1]))
        return "a name comes second";
    if (!read_next(columns[3], &out->next))
        return "today's code has 2, 4, 6, 9 or 12 digits";
    out->last = out->next ? GONE : 0;
    out->own = true;
    out->name = columns[1];
    out->others = columns[2];
    return NULL;
}

typedef const char *parse_line(hd_str line, hd_division *out);

/* Names are views into a copy of the text. */
static bool parse_lines(hd_divisions *divisions, hd_arena *arena, hd_str tsv, parse_line *parse,
                        hd_divisions_fault *fault)
{
    tsv = hd_arena_str(arena, tsv);
    fault->line = 0;
    for (hd_str line; hd_str_cut(&tsv, '\n', &line);) {
        fault->line++;
        if (hd_str_empty(hd_str_trim(line)) || line.ptr[0] == '#')
            continue;
        hd_division *entry = &divisions->entries[divisions->n++];
        fault->what = parse(line, entry);
        if (fault->what)
            return false;
    }
    return true;
}

static int compare_years(uint16_t x, uint16_t y)
{
    return (x > y) - (x < y);
}

/* A county's own after the table's, a name in use after those that ended. */
static int compare(const void *x, const void *y)
{
    const hd_division *a = x, *b = y;
    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    if (a->own != b->own)
        return a->own ? 1 : -1;
    if (a->last != b->last)
        return a->last == 0 ? 1 : b->last == 0 ? -1 : compare_years(a->last, b->last);
    if (a->first != b->first)
        return compare_years(a->first, b->first);
    int order = hd_str_cmp(a->name, b->name);
    return order ? order : hd_str_cmp(a->others, b->others);
}

/* A county that gives a code another name does not say that it is in use. */
static void keep_years(hd_divisions *divisions)
{
    for (uint32_t i = 1; i < divisions->n; i++) {
        hd_division *entry = &divisions->entries[i];
        const hd_division *before = entry - 1;
        if (!entry->own || entry->next || before->code != entry->code)
            continue;
        entry->first = before->first;
        entry->last = before->last;
        entry->next = before->next;
    }
}

static void index_prefectures(hd_divisions *divisions)
{
    uint32_t i = 0;
    for (uint32_t prefecture = 0; prefecture <= N_PREFECTURES; prefecture++) {
        divisions->start[prefecture] = i;
        while (i < divisions->n && divisions->entries[i].code / tail_of_prefecture == prefecture)
            i++;
    }
}

const hd_divisions *hd_divisions_parse(hd_arena *arena, hd_str tsv, hd_str places_tsv,
                                       hd_divisions_fault *fault)
{
    hd_divisions *divisions = HD_NEW(arena, hd_divisions);
    divisions->entries = HD_NEW_N(
        arena, hd_division, hd_str_count_pieces(tsv, '\n') + hd_str_count_pieces(places_tsv, '\n'));
    *fault = (hd_divisions_fault){0};
    if (!parse_lines(divisions, arena, tsv, parse_division, fault))
        return NULL;
    fault->in_places = true;
    if (!parse_lines(divisions, arena, places_tsv, parse_place, fault))
        return NULL;
    *fault = (hd_divisions_fault){0};
    if (divisions->n)
        qsort(divisions->entries, divisions->n, sizeof *divisions->entries, compare);
    keep_years(divisions);
    index_prefectures(divisions);
    divisions->names = hd_division_names_make(arena, divisions->entries, divisions->n);
    return divisions;
}

hd_division_match hd_divisions_match(const hd_divisions *divisions, hd_str text,
                                     hd_division_code within)
{
    return hd_division_names_match(divisions->names, text, within);
}
