#ifndef HD_MATCHERS_CHARACTERS_H
#define HD_MATCHERS_CHARACTERS_H

/* Texts as characters (code points), and where the characters of one stand in another, as bits:
 * what the comparators of texts are made of. No allocation; about 1 ns a character. */

#include "base/utf8.h"

enum {
    HD_CHARACTERS_MAX = 256, /* what is longer is compared by its first so many */
    HD_WORD_CHARACTERS = 64  /* of which each has a bit in a word */
};

typedef struct hd_characters {
    uint32_t n;
    uint32_t all; /* the characters, or-ed */
    uint32_t at[HD_CHARACTERS_MAX];
} hd_characters;

/* Bit i of at[j]: the characters a[i] and b[j] are equal. */
typedef struct hd_hits {
    uint32_t n_a, n_b; /* at most HD_WORD_CHARACTERS, HD_CHARACTERS_MAX */
    uint64_t at[HD_CHARACTERS_MAX];
} hd_hits;

/* The first HD_CHARACTERS_MAX characters. */
static inline hd_str hd_characters_bound(hd_str s)
{
    if (s.len_bytes <= HD_CHARACTERS_MAX)
        return s;
    uint32_t pos = 0;
    for (uint32_t n = 0; n < HD_CHARACTERS_MAX && pos < s.len_bytes; n++)
        hd_utf8_next(s, &pos);
    return (hd_str){s.ptr, pos};
}

/* U+1000 … U+CFFF and U+E000 … U+FFFF are three bytes whose only rule is that two continuations
 * follow: most of what is compared is Han, and is read here without a call. */
static inline uint32_t hd_character_next(hd_str s, uint32_t *pos)
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

static inline void hd_characters_read(hd_characters *out, hd_str s)
{
    uint32_t n = 0, all = 0;
    s = hd_characters_bound(s);
    for (uint32_t pos = 0; pos < s.len_bytes; n++) {
        out->at[n] = hd_character_next(s, &pos);
        all |= out->at[n];
    }
    out->n = n;
    out->all = all;
}

/* Blanks and signs, in ASCII all but letters and digits. U+3005 to U+3007 are written like
 * characters. */
static inline bool hd_is_punctuation(uint32_t c)
{
    if (c < 0x80)
        return !((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'));
    return c == 0xA0 || c == 0xB7 || (c >= 0x2000 && c <= 0x206F) ||
           (c >= 0x3000 && c <= 0x301F && !(c >= 0x3005 && c <= 0x3007)) ||
           (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20);
}

static inline uint64_t hd_equal_among(const uint32_t *chars, uint64_t candidates, uint32_t c)
{
    uint64_t equal = 0;
    for (; candidates; candidates &= candidates - 1) {
        unsigned i = (unsigned)__builtin_ctzll(candidates);
        equal |= (uint64_t)(chars[i] == c) << i;
    }
    return equal;
}

/* By the low seven bits first, of which only those in use are cleared; in ASCII that is all. */
static inline void hd_hits_by_table(hd_hits *h, const uint32_t *a, const uint32_t *b, bool ascii)
{
    uint64_t where[128];
    for (uint32_t j = 0; j < h->n_b; j++)
        where[b[j] & 127] = 0;
    for (uint32_t i = 0; i < h->n_a; i++)
        where[a[i] & 127] = 0;
    for (uint32_t i = 0; i < h->n_a; i++)
        where[a[i] & 127] |= UINT64_C(1) << i;
    for (uint32_t j = 0; j < h->n_b; j++) {
        uint64_t candidates = where[b[j] & 127];
        h->at[j] = ascii ? candidates : hd_equal_among(a, candidates, b[j]);
    }
}

/* Of the word's worth of `a` that begins at `from`, and all of `b`. */
static inline void hd_hits_find(hd_hits *h, const hd_characters *a, uint32_t from,
                                const hd_characters *b)
{
    enum { NAME_CHARACTERS = 4 };
    const uint32_t *x = a->at + from;
    h->n_a = a->n - from < HD_WORD_CHARACTERS ? a->n - from : HD_WORD_CHARACTERS;
    h->n_b = b->n;
    if (h->n_a > NAME_CHARACTERS) {
        hd_hits_by_table(h, x, b->at, (a->all | b->all) < 0x80);
        return;
    }
    for (uint32_t j = 0; j < h->n_b; j++) {
        uint64_t bits = 0;
        for (uint32_t i = 0; i < h->n_a; i++)
            bits |= (uint64_t)(x[i] == b->at[j]) << i;
        h->at[j] = bits;
    }
}

#endif
