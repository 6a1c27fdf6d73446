#include "matchers/text_overlap.h"

#include "matchers/characters.h"

/* ---- groups of neighbouring characters ---- */

/* The groups of the shorter text, of the longer, and those in common. */
typedef struct groups {
    uint32_t n_shorter, n_longer, n_shared;
} groups;

/* A group of the shorter text stands in the longer where its characters stand side by side. */
static uint32_t shared_in_word(const hd_characters *longer, const hd_characters *shorter,
                               uint32_t size)
{
    hd_hits h;
    hd_hits_find(&h, longer, 0, shorter);
    uint64_t used = 0;
    uint32_t n = 0;
    for (uint32_t j = 0; j + size <= shorter->n; j++) {
        uint64_t open = ~used;
        for (uint32_t k = 0; k < size; k++)
            open &= h.at[j + k] >> k;
        used |= open & -open;
        n += open != 0;
    }
    return n;
}

static uint32_t shared_in_long(const hd_characters *longer, const hd_characters *shorter,
                               uint32_t size)
{
    bool used[HD_CHARACTERS_MAX] = {false};
    uint32_t n = 0;
    for (uint32_t j = 0; j + size <= shorter->n; j++) {
        uint32_t i = 0;
        while (i + size <= longer->n &&
               (used[i] || memcmp(longer->at + i, shorter->at + j, size * sizeof *longer->at)))
            i++;
        if (i + size > longer->n)
            continue;
        used[i] = true;
        n++;
    }
    return n;
}

/* False: one of the texts has no group. */
static bool count_groups(hd_str a, hd_str b, uint32_t size, groups *out)
{
    hd_characters x, y;
    hd_characters_read(&x, a);
    hd_characters_read(&y, b);
    const hd_characters *shorter = x.n < y.n ? &x : &y, *longer = x.n < y.n ? &y : &x;
    if (shorter->n < size)
        return false;
    out->n_shorter = shorter->n - size + 1;
    out->n_longer = longer->n - size + 1;
    out->n_shared = longer->n <= HD_WORD_CHARACTERS ? shared_in_word(longer, shorter, size)
                                                    : shared_in_long(longer, shorter, size);
    return true;
}

static double jaccard(uint32_t n, uint32_t m, uint32_t n_shared)
{
    return (double)n_shared / (n + m - n_shared);
}

double hd_bigram_overlap(hd_str a, hd_str b)
{
    groups g;
    if (!count_groups(a, b, 2, &g))
        return hd_str_eq(a, b);
    return (double)g.n_shared / g.n_shorter;
}

double hd_bigram_dice(hd_str a, hd_str b)
{
    groups g;
    if (!count_groups(a, b, 2, &g))
        return hd_str_eq(a, b);
    return 2.0 * g.n_shared / (g.n_shorter + g.n_longer);
}

static double group_jaccard(hd_str a, hd_str b, uint32_t size)
{
    groups g;
    if (!count_groups(a, b, size, &g))
        return hd_str_eq(a, b);
    return jaccard(g.n_shorter, g.n_longer, g.n_shared);
}

double hd_bigram_jaccard(hd_str a, hd_str b)
{
    return group_jaccard(a, b, 2);
}

double hd_trigram_jaccard(hd_str a, hd_str b)
{
    return group_jaccard(a, b, 3);
}

/* ---- sets ---- */

typedef struct members {
    uint32_t n;
    hd_str member[HD_MEMBERS_MAX]; /* each once */
} members;

/* An apostrophe stands inside words. */
static bool parts_words(uint32_t c)
{
    return hd_is_punctuation(c) && c != '\'' && c != 0x2019;
}

static bool parts_values(uint32_t c)
{
    return c == ',' || c == ';' || c == '|' || c == '/' || c == '\n' || c == 0x3001 ||
           c == 0xFF0C || c == 0xFF1B || c == 0xFF0F || c == 0xFF5C;
}

static bool has(const members *set, hd_str wanted)
{
    for (uint32_t i = 0; i < set->n; i++)
        if (hd_str_eq(set->member[i], wanted))
            return true;
    return false;
}

static void add(members *set, hd_str member)
{
    member = hd_str_trim(member);
    if (member.len_bytes && set->n < HD_MEMBERS_MAX && !has(set, member))
        set->member[set->n++] = member;
}

static void part(hd_str s, bool (*parts)(uint32_t), members *out)
{
    uint32_t begin = 0;
    out->n = 0;
    for (uint32_t pos = 0; pos < s.len_bytes;) {
        uint32_t end = pos;
        if (!parts(hd_character_next(s, &pos)))
            continue;
        add(out, (hd_str){s.ptr + begin, end - begin});
        begin = pos;
    }
    if (begin < s.len_bytes)
        add(out, (hd_str){s.ptr + begin, s.len_bytes - begin});
}

static uint32_t count_shared(const members *a, const members *b)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->n; i++)
        n += has(b, a->member[i]);
    return n;
}

double hd_token_set(hd_str a, hd_str b)
{
    members x, y;
    part(a, parts_words, &x);
    part(b, parts_words, &y);
    if (x.n == 0 || y.n == 0)
        return hd_str_eq(a, b);
    return jaccard(x.n, y.n, count_shared(&x, &y));
}

uint32_t hd_list_shared(hd_str a, hd_str b)
{
    members x, y;
    part(a, parts_values, &x);
    part(b, parts_values, &y);
    return count_shared(&x, &y);
}

double hd_list_overlap(hd_str a, hd_str b)
{
    members x, y;
    part(a, parts_values, &x);
    part(b, parts_values, &y);
    uint32_t shorter = x.n < y.n ? x.n : y.n;
    if (shorter == 0)
        return hd_str_eq(a, b);
    return (double)count_shared(&x, &y) / shorter;
}
