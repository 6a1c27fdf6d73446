#include "matchers/text_distance.h"

#include "base/utf8.h"

/* Where each character of one text stands in the other, as bits. Every distance here but Hamming's
 * is a loop over these words: texts of at most 64 characters need no table of cells. */
typedef struct hits {
    uint32_t n_a, n_b;
    uint64_t at[HD_DISTANCE_MAX]; /* bit i of at[j]: the characters a[i] and b[j] are equal */
} hits;

typedef struct text {
    uint32_t n;
    uint32_t all; /* the characters, or-ed */
    uint32_t chars[HD_DISTANCE_MAX];
} text;

static inline bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The first HD_DISTANCE_MAX characters. */
static inline hd_str bounded(hd_str s)
{
    if (s.len_bytes <= HD_DISTANCE_MAX)
        return s;
    uint32_t pos = 0;
    for (uint32_t n = 0; n < HD_DISTANCE_MAX && pos < s.len_bytes; n++)
        hd_utf8_next(s, &pos);
    return (hd_str){s.ptr, pos};
}

/* U+1000 … U+CFFF and U+E000 … U+FFFF are three bytes whose only rule is that two continuations
 * follow: most of what is compared is Han, and is read here without a call. */
static inline uint32_t next_char(hd_str s, uint32_t *pos)
{
    const unsigned char *p = (const unsigned char *)s.ptr + *pos;
    if (p[0] < 0x80) {
        *pos += 1;
        return p[0];
    }
    bool free_three = p[0] > 0xE0 && p[0] < 0xF0 && p[0] != 0xED;
    if (free_three && s.len_bytes - *pos >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
        *pos += 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    }
    return hd_utf8_next(s, pos);
}

/* `s` is bounded. */
static inline void decode(text *t, hd_str s)
{
    uint32_t n = 0, all = 0;
    for (uint32_t pos = 0; pos < s.len_bytes; n++) {
        t->chars[n] = next_char(s, &pos);
        all |= t->chars[n];
    }
    t->n = n;
    t->all = all;
}

static inline uint64_t equal_among(const uint32_t *chars, uint64_t candidates, uint32_t c)
{
    uint64_t equal = 0;
    for (; candidates; candidates &= candidates - 1) {
        unsigned i = (unsigned)__builtin_ctzll(candidates);
        equal |= (uint64_t)(chars[i] == c) << i;
    }
    return equal;
}

/* By the low seven bits first, of which only those in use are cleared; in ASCII that is all. */
static void find_hits_by_table(hits *h, const text *a, const text *b)
{
    uint64_t where[128];
    for (uint32_t j = 0; j < b->n; j++)
        where[b->chars[j] & 127] = 0;
    for (uint32_t i = 0; i < a->n; i++)
        where[a->chars[i] & 127] = 0;
    for (uint32_t i = 0; i < a->n; i++)
        where[a->chars[i] & 127] |= UINT64_C(1) << i;
    bool ascii = (a->all | b->all) < 0x80;
    for (uint32_t j = 0; j < b->n; j++) {
        uint64_t candidates = where[b->chars[j] & 127];
        h->at[j] = ascii ? candidates : equal_among(a->chars, candidates, b->chars[j]);
    }
}

static inline void find_hits(hits *h, const text *a, const text *b)
{
    enum { NAME_CHARS = 4 };
    h->n_a = a->n;
    h->n_b = b->n;
    if (a->n > NAME_CHARS) {
        find_hits_by_table(h, a, b);
        return;
    }
    for (uint32_t j = 0; j < b->n; j++) {
        uint64_t bits = 0;
        for (uint32_t i = 0; i < a->n; i++)
            bits |= (uint64_t)(a->chars[i] == b->chars[j]) << i;
        h->at[j] = bits;
    }
}

/* Take off what both texts begin and end with, in whole characters: the edit distances of what is
 * left are the same, and most pairs of one block share much. */
static inline void trim(hd_str *a, hd_str *b)
{
    uint32_t shorter = a->len_bytes < b->len_bytes ? a->len_bytes : b->len_bytes;
    uint32_t head = 0, tail = 0;
    while (head < shorter && a->ptr[head] == b->ptr[head])
        head++;
    while (head > 0 && ((head < a->len_bytes && is_continuation(a->ptr[head])) ||
                        (head < b->len_bytes && is_continuation(b->ptr[head]))))
        head--;
    *a = (hd_str){a->ptr + head, a->len_bytes - head};
    *b = (hd_str){b->ptr + head, b->len_bytes - head};
    shorter -= head;
    while (tail < shorter && a->ptr[a->len_bytes - tail - 1] == b->ptr[b->len_bytes - tail - 1])
        tail++;
    while (tail > 0 && is_continuation(a->ptr[a->len_bytes - tail]))
        tail--;
    a->len_bytes -= tail;
    b->len_bytes -= tail;
}

/* Myers, "A fast bit-vector algorithm for approximate string matching", J. ACM 46 (1999), with the
 * first row of a distance between whole texts. Bit i of `up` and `down`: the cell of a[i] is one
 * more, or one less, than the cell above it. With `swaps`, Hyyrö, "A bit-vector algorithm for
 * computing Levenshtein and Damerau edit distances", Nordic J. of Computing 10 (2003). */
static inline uint32_t edit_distance(const hits *h, bool swaps)
{
    uint64_t up = UINT64_MAX, down = 0, zero = 0, before = 0;
    unsigned last = h->n_a - 1;
    uint32_t distance = h->n_a;
    for (uint32_t j = 0; j < h->n_b; j++) {
        uint64_t hit = h->at[j];
        uint64_t swapped = swaps ? ((~zero & hit) << 1) & before : 0;
        zero = (((hit & up) + up) ^ up) | hit | down | swapped;
        uint64_t more = down | ~(zero | up), less = zero & up;
        distance += (uint32_t)(more >> last & 1);
        distance -= (uint32_t)(less >> last & 1);
        more = more << 1 | 1;
        up = less << 1 | ~(zero | more);
        down = more & zero;
        before = hit;
    }
    return distance;
}

/* Names of two persons mostly do not: 26 ns a pair of three characters become 20. */
static inline bool share_any(const hits *h)
{
    uint64_t any = 0;
    for (uint32_t j = 0; j < h->n_b; j++)
        any |= h->at[j];
    return any != 0;
}

static inline uint32_t distance_of(hd_str a, hd_str b, bool swaps)
{
    if (hd_str_eq(a, b))
        return 0;
    if (hd_str_empty(a) || hd_str_empty(b))
        return hd_utf8_count(bounded(hd_str_empty(a) ? b : a));
    a = bounded(a);
    b = bounded(b);
    trim(&a, &b);
    text x, y;
    decode(&x, a);
    decode(&y, b);
    if (x.n <= 1 && y.n <= 1)
        return x.n | y.n;
    if (x.n == 0 || y.n == 0)
        return x.n + y.n;
    hits h;
    find_hits(&h, &x, &y);
    if (!share_any(&h))
        return x.n > y.n ? x.n : y.n;
    return edit_distance(&h, swaps);
}

uint32_t hd_levenshtein(hd_str a, hd_str b)
{
    return distance_of(a, b, false);
}

uint32_t hd_damerau(hd_str a, hd_str b)
{
    return distance_of(a, b, true);
}

static void find_hits_of(hits *h, hd_str a, hd_str b)
{
    text x, y;
    decode(&x, bounded(a));
    decode(&y, bounded(b));
    find_hits(h, &x, &y);
}

/* Bits from `first` to `last`, both at most 63. */
static inline uint64_t bits_between(uint32_t first, uint32_t last)
{
    return UINT64_MAX << first & UINT64_MAX >> (63 - last);
}

/* Half the matched characters that stand in another order, rounded down as in Winkler's strcmp95.
 * Characters match greedily from the left; windows of equal width make that the same in both
 * directions. */
static double jaro_of(const hits *h)
{
    uint32_t longer = h->n_a > h->n_b ? h->n_a : h->n_b;
    uint32_t window = longer >= 2 ? longer / 2 - 1 : 0;
    if (h->n_a == 0 || h->n_b == 0)
        return longer == 0;
    uint64_t used_a = 0, used_b = 0;
    for (uint32_t j = 0; j < h->n_b; j++) {
        uint32_t first = j > window ? j - window : 0, last = j + window;
        uint64_t open = h->at[j] & ~used_a & bits_between(first, last < 63 ? last : 63);
        used_a |= open & -open;
        used_b |= (uint64_t)(open != 0) << j;
    }
    if (used_a == 0)
        return 0;
    uint32_t matched = 0, moved = 0;
    for (uint64_t x = used_a, y = used_b; x; x &= x - 1, y &= y - 1) {
        matched++;
        moved += !(h->at[__builtin_ctzll(y)] >> __builtin_ctzll(x) & 1);
    }
    double m = matched;
    return (m / h->n_a + m / h->n_b + (m - moved / 2) / m) / 3;
}

double hd_jaro(hd_str a, hd_str b)
{
    hits h;
    find_hits_of(&h, a, b);
    return jaro_of(&h);
}

double hd_jaro_winkler(hd_str a, hd_str b)
{
    enum { PREFIX_MAX = 4 };
    hits h;
    find_hits_of(&h, a, b);
    uint32_t shorter = h.n_a < h.n_b ? h.n_a : h.n_b, prefix = 0;
    while (prefix < PREFIX_MAX && prefix < shorter && h.at[prefix] >> prefix & 1)
        prefix++;
    double jaro = jaro_of(&h);
    return jaro + prefix * 0.1 * (1 - jaro);
}

/* Bytes that are not equal in eight. */
static inline uint32_t bytes_differing(uint64_t x)
{
    const uint64_t low = UINT64_C(0x7F7F7F7F7F7F7F7F);
    uint64_t nonzero = ~(((x & low) + low) | x | low);
    return 8 - (uint32_t)((nonzero >> 7) * UINT64_C(0x0101010101010101) >> 56);
}

static inline uint64_t load(const char *ptr, uint32_t n)
{
    uint64_t word = 0;
    memcpy(&word, ptr, n);
    return word;
}

/* UINT32_MAX where one of the first `n` bytes is not ASCII: bytes are not characters then. */
static inline uint32_t ascii_differing(const char *a, const char *b, uint32_t n)
{
    uint32_t differing = 0;
    uint64_t all = 0;
    for (; n >= 8; n -= 8, a += 8, b += 8) {
        uint64_t x = load(a, 8), y = load(b, 8);
        all |= x | y;
        differing += bytes_differing(x ^ y);
    }
    uint64_t x = load(a, n), y = load(b, n);
    all |= x | y;
    differing += bytes_differing(x ^ y);
    return all & UINT64_C(0x8080808080808080) ? UINT32_MAX : differing;
}

static uint32_t chars_differing(hd_str a, hd_str b)
{
    uint32_t differing = 0, i = 0, j = 0;
    while (i < a.len_bytes && j < b.len_bytes)
        differing += next_char(a, &i) != next_char(b, &j);
    for (; i < a.len_bytes; differing++)
        next_char(a, &i);
    for (; j < b.len_bytes; differing++)
        next_char(b, &j);
    return differing;
}

uint32_t hd_positions_differing(hd_str a, hd_str b)
{
    if (hd_str_eq(a, b))
        return 0;
    a = bounded(a);
    b = bounded(b);
    if (a.len_bytes == b.len_bytes) {
        uint32_t differing = ascii_differing(a.ptr, b.ptr, a.len_bytes);
        if (differing != UINT32_MAX)
            return differing;
    }
    return chars_differing(a, b);
}

/* A bigram of the shorter text stands in the longer where its two characters stand side by side. */
double hd_bigram_overlap(hd_str a, hd_str b)
{
    text x, y;
    decode(&x, bounded(a));
    decode(&y, bounded(b));
    const text *shorter = x.n < y.n ? &x : &y, *longer = x.n < y.n ? &y : &x;
    if (shorter->n < 2)
        return hd_str_eq(a, b);
    hits h;
    find_hits(&h, longer, shorter);
    uint64_t used = 0;
    uint32_t found = 0;
    for (uint32_t j = 0; j + 1 < shorter->n; j++) {
        uint64_t open = h.at[j] & h.at[j + 1] >> 1 & ~used;
        used |= open & -open;
        found += open != 0;
    }
    return (double)found / (shorter->n - 1);
}
