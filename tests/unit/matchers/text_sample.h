#ifndef HD_TESTS_TEXT_SAMPLE_H
#define HD_TESTS_TEXT_SAMPLE_H

/* Seeded texts, and their characters as the textbook forms of the comparators want them. */

#include "base/hash.h"
#include "base/utf8.h"
#include "matchers/characters.h"

enum { SAMPLE_CHARS = HD_CHARACTERS_MAX + 16, SAMPLE_BYTES = 4 * SAMPLE_CHARS };

typedef struct text_sample {
    char bytes[SAMPLE_BYTES];
    hd_str view;
} text_sample;

/* Alphabets that are small enough for repeats, of one to four bytes a character; in the second,
 * characters share first, last and middle bytes, and some their low seven bits; in the last are
 * what parts words and values. */
static const uint32_t sample_alphabets[][6] = {
    {'0', '1', '2', '3', 'X', '9'},
    {0x4E00, 0x4E80, 0x5E00, 0x4E01, 0x7F00, 0x2000},
    {0x4E, 0x4E00 + 0x4E, 0xCE, 0xE9, 0x20000, 0x2004E},
    {0x7B2C, 0x5F20, 0x0915, 0xD55C, 0xB7, 'a'},
    {'a', ' ', 0x5F20, ',', 0x3001, 'b'},
};

enum { N_SAMPLE_ALPHABETS = sizeof sample_alphabets / sizeof *sample_alphabets };

/* Up to `n_max` characters. Two seeds that follow each other, the first even, share an alphabet. */
static inline void text_sample_make(text_sample *s, uint64_t seed, uint32_t n_max)
{
    uint32_t n = (uint32_t)(hd_hash_mix(seed, 1) % (n_max + 1)), len = 0;
    const uint32_t *alphabet = sample_alphabets[seed / 2 % N_SAMPLE_ALPHABETS];
    for (uint32_t i = 0; i < n; i++)
        len += hd_utf8_encode(alphabet[hd_hash_mix(seed, 2 + i) % 6], s->bytes + len);
    s->view = (hd_str){s->bytes, len};
}

/* The same text with `n_edits` characters replaced, inserted or taken out: what long texts that are
 * one look like. */
static inline void text_sample_edit(text_sample *to, const text_sample *from, uint64_t seed,
                                    uint32_t n_edits)
{
    uint32_t chars[SAMPLE_CHARS], n = hd_utf8_decode(from->view, chars, SAMPLE_CHARS), len = 0;
    for (uint32_t k = 0; k < n_edits && n > 0; k++) {
        uint32_t at = (uint32_t)(hd_hash_mix(seed, 3 * k) % n);
        uint32_t other = chars[hd_hash_mix(seed, 3 * k + 1) % n];
        switch (hd_hash_mix(seed, 3 * k + 2) % 3) {
        case 0:
            chars[at] = other;
            break;
        case 1:
            memmove(chars + at, chars + at + 1, (--n - at) * sizeof *chars);
            break;
        default:
            if (at + 1 < n) {
                uint32_t c = chars[at];
                chars[at] = chars[at + 1];
                chars[at + 1] = c;
            }
        }
    }
    for (uint32_t i = 0; i < n; i++)
        len += hd_utf8_encode(chars[i], to->bytes + len);
    to->view = (hd_str){to->bytes, len};
}

static inline uint32_t text_sample_decode(hd_str s, uint32_t out[HD_CHARACTERS_MAX])
{
    return hd_utf8_decode(s, out, HD_CHARACTERS_MAX);
}

#endif
