#include "matchers/text_distance.h"

#include "matchers/characters.h"

static inline bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
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

/* Bit i of `up` and `down`: the cell of a[i] is one more, or one less, than the cell above it; the
 * first row is that of a distance between whole texts. */
static inline uint32_t edit_distance(const hd_hits *h, bool swaps)
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

/* What the last row of a block of 64 hands to the block below, in each column: whether its cell is
 * one more, or one less, than the cell before it, and whether a swap may begin in it. */
typedef struct border {
    uint8_t more[HD_CHARACTERS_MAX], less[HD_CHARACTERS_MAX], swap[HD_CHARACTERS_MAX];
} border;

/* The same for a block of a longer text. Returns by how much the cells of its last row grow from
 * the first column to the last. */
static int32_t edit_block(const hd_hits *h, bool swaps, border *edge)
{
    uint64_t up = UINT64_MAX, down = 0, zero = 0, before = 0;
    unsigned last = h->n_a - 1;
    int32_t grown = 0;
    for (uint32_t j = 0; j < h->n_b; j++) {
        uint64_t hit = h->at[j], open = ~zero & hit;
        uint64_t swapped = swaps ? (open << 1 | edge->swap[j]) & before : 0;
        uint64_t equal = hit | edge->less[j];
        zero = (((equal & up) + up) ^ up) | equal | down | swapped;
        uint64_t more = down | ~(zero | up), less = zero & up;
        uint64_t more_above = edge->more[j], less_above = edge->less[j];
        edge->more[j] = more >> last & 1;
        edge->less[j] = less >> last & 1;
        edge->swap[j] = open >> last & 1;
        grown += edge->more[j] - edge->less[j];
        more = more << 1 | more_above;
        up = less << 1 | less_above | ~(zero | more);
        down = more & zero;
        before = hit;
    }
    return grown;
}

static uint32_t edit_distance_of_long(const hd_characters *a, const hd_characters *b, bool swaps)
{
    hd_hits h;
    border edge = {0};
    memset(edge.more, 1, b->n);
    int32_t grown = 0;
    for (uint32_t from = 0; from < a->n; from += HD_WORD_CHARACTERS) {
        hd_hits_find(&h, a, from, b);
        grown = edit_block(&h, swaps, &edge);
    }
    return a->n + (uint32_t)grown;
}

/* Names of two persons mostly do not: 26 ns a pair of three characters become 20. */
static inline bool share_any(const hd_hits *h)
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
    a = hd_characters_bound(a);
    b = hd_characters_bound(b);
    if (hd_str_empty(a) || hd_str_empty(b))
        return hd_utf8_count(hd_str_empty(a) ? b : a);
    trim(&a, &b);
    hd_characters x, y;
    hd_characters_read(&x, a);
    hd_characters_read(&y, b);
    if (x.n <= 1 && y.n <= 1)
        return x.n | y.n;
    if (x.n == 0 || y.n == 0)
        return x.n + y.n;
    if (x.n > HD_WORD_CHARACTERS)
        return edit_distance_of_long(&x, &y, swaps);
    hd_hits h;
    hd_hits_find(&h, &x, 0, &y);
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

static uint32_t count(hd_str s)
{
    return hd_utf8_count(hd_characters_bound(s));
}

double hd_edit_similarity(hd_str a, hd_str b)
{
    if (hd_str_eq(a, b))
        return 1;
    uint32_t n = count(a), m = count(b), longer = n > m ? n : m;
    return longer ? 1 - (double)hd_levenshtein(a, b) / longer : 1;
}

/* Bits from `first` to `last`, both at most 63. */
static inline uint64_t bits_between(uint32_t first, uint32_t last)
{
    return UINT64_MAX << first & UINT64_MAX >> (63 - last);
}

/* How far apart two characters may stand and still match. */
static inline uint32_t jaro_window(uint32_t n, uint32_t m)
{
    uint32_t longer = n > m ? n : m;
    return longer >= 2 ? longer / 2 - 1 : 0;
}

/* Half the matched characters that stand in another order, rounded down. */
static inline double jaro_of(uint32_t n, uint32_t m, uint32_t matched, uint32_t moved)
{
    double c = matched;
    return matched ? (c / n + c / m + (c - moved / 2) / c) / 3 : 0;
}

/* Characters match greedily from the left; windows of equal width make that the same in both
 * directions. */
static double jaro_of_words(const hd_characters *a, const hd_characters *b)
{
    hd_hits h;
    hd_hits_find(&h, a, 0, b);
    uint64_t used_a = 0, used_b = 0;
    uint32_t window = jaro_window(a->n, b->n), matched = 0, moved = 0;
    for (uint32_t j = 0; j < h.n_b; j++) {
        uint32_t first = j > window ? j - window : 0, last = j + window;
        uint64_t open = h.at[j] & ~used_a & bits_between(first, last < 63 ? last : 63);
        used_a |= open & -open;
        used_b |= (uint64_t)(open != 0) << j;
    }
    for (uint64_t x = used_a, y = used_b; x; x &= x - 1, y &= y - 1) {
        matched++;
        moved += !(h.at[__builtin_ctzll(y)] >> __builtin_ctzll(x) & 1);
    }
    return jaro_of(a->n, b->n, matched, moved);
}

static double jaro_of_long(const hd_characters *a, const hd_characters *b)
{
    bool used[HD_CHARACTERS_MAX] = {false};
    uint32_t in_order[HD_CHARACTERS_MAX]; /* the characters of b that matched */
    uint32_t window = jaro_window(a->n, b->n), matched = 0, moved = 0, k = 0;
    for (uint32_t j = 0; j < b->n; j++) {
        for (uint32_t i = j > window ? j - window : 0; i < a->n && i <= j + window; i++) {
            if (used[i] || a->at[i] != b->at[j])
                continue;
            used[i] = true;
            in_order[matched++] = b->at[j];
            break;
        }
    }
    for (uint32_t i = 0; i < a->n; i++)
        if (used[i])
            moved += a->at[i] != in_order[k++];
    return jaro_of(a->n, b->n, matched, moved);
}

static double jaro(const hd_characters *a, const hd_characters *b)
{
    if (a->n == 0 || b->n == 0)
        return a->n == b->n;
    bool words = a->n <= HD_WORD_CHARACTERS && b->n <= HD_WORD_CHARACTERS;
    return words ? jaro_of_words(a, b) : jaro_of_long(a, b);
}

double hd_jaro(hd_str a, hd_str b)
{
    hd_characters x, y;
    hd_characters_read(&x, a);
    hd_characters_read(&y, b);
    return jaro(&x, &y);
}

/* Characters with which both begin, at most `max`. */
static uint32_t common_prefix(const hd_characters *a, const hd_characters *b, uint32_t max)
{
    uint32_t n = 0;
    while (n < max && n < a->n && n < b->n && a->at[n] == b->at[n])
        n++;
    return n;
}

double hd_jaro_winkler(hd_str a, hd_str b)
{
    enum { PREFIX_MAX = 4 };
    hd_characters x, y;
    hd_characters_read(&x, a);
    hd_characters_read(&y, b);
    double likeness = jaro(&x, &y);
    return likeness + common_prefix(&x, &y, PREFIX_MAX) * 0.1 * (1 - likeness);
}

double hd_prefix_overlap(hd_str a, hd_str b)
{
    hd_characters x, y;
    hd_characters_read(&x, a);
    hd_characters_read(&y, b);
    uint32_t shorter = x.n < y.n ? x.n : y.n;
    if (shorter == 0)
        return x.n == y.n;
    return (double)common_prefix(&x, &y, shorter) / shorter;
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
        differing += hd_character_next(a, &i) != hd_character_next(b, &j);
    for (; i < a.len_bytes; differing++)
        hd_character_next(a, &i);
    for (; j < b.len_bytes; differing++)
        hd_character_next(b, &j);
    return differing;
}

uint32_t hd_positions_differing(hd_str a, hd_str b)
{
    if (hd_str_eq(a, b))
        return 0;
    a = hd_characters_bound(a);
    b = hd_characters_bound(b);
    if (a.len_bytes == b.len_bytes) {
        uint32_t differing = ascii_differing(a.ptr, b.ptr, a.len_bytes);
        if (differing != UINT32_MAX)
            return differing;
    }
    return chars_differing(a, b);
}
