#ifndef HD_MATCHERS_HAN_NAME_H
#define HD_MATCHERS_HAN_NAME_H

/* Compare two names by their characters: how each looks, and how it sounds.
 *
 * In    two prepared names, made from standard texts (pipeline/standardise): Han, letters, U+00B7
 *       between the parts of a name, U+25A1 □ for each character that was lost.
 * Out   a level, a score of 0 to 1 that rises with likeness, and by hd_han_name_explain what each
 *       character is to its partner.
 *       Symmetric; pure; thread-safe; no allocation.
 * Cost  O(|a||b|), at most HD_HAN_NAME_MAX units each; two names of three characters:
 *       about 0.1 µs, and as much to prepare one: once a distinct value.
 * How   The characters are aligned as in the edit distance with swaps of neighbours (Damerau 1964;
 *       optimal string alignment), where a pair costs by its relation and a surname's pair by what
 *       is known of surnames: nobody mistypes their own surname, so another one tells more; few
 *       surnames are common, so the same one tells less. The costs read evidence (Fellegi and
 *       Sunter 1969) on a scale: 0, what two equal characters say for one person; 1, what two
 *       characters without relation say against it; what is lost says neither.
 * Source readings, variants and shapes: matchers/han.h. Nothing was tuned to data. */

#include "matchers/han.h"

/* What two characters that were aligned are to each other. X(name) from most to least alike. */
#define HD_NAME_RELATIONS(X)                                                                \
    X(same)                                                                                 \
    X(variant)       /* one folded form: 張 张, 峯 峰 */                                \
    X(same_reading)  /* a reading in common, with its tone: 伟 玮 */                      \
    X(other_tone)    /* a syllable in common: 伟 卫; pinyin in place of a character */    \
    X(near_reading)  /* syllables that are confused: 英 音, 林 宁; another reading of a \
                        surname: 单 丹 */                                                 \
    X(similar_shape) /* taken for each other by eye: 未 末 */                             \
    X(swapped)       /* with its neighbour */                                               \
    X(unknown)       /* one of them was lost */                                             \
    X(missing)       /* nothing stands for it in the other name */                          \
    X(different)

typedef enum hd_name_relation {
#define X(name) HD_NAME_##name,
    HD_NAME_RELATIONS(X)
#undef X
        HD_N_NAME_RELATIONS
} hd_name_relation;

/* How alike two names are as a whole. X(name) from most to least; up to similar_shape each pair of
 * characters is at least that. Below, what agrees agrees in writing (in a name with dots, which is
 * a sound written down, in its syllables), as two kinds of slips in one name are rare. */
#define HD_NAME_LEVELS(X)                                                                  \
    X(same)                                                                                \
    X(variant)                                                                             \
    X(same_reading)                                                                        \
    X(other_tone)                                                                          \
    X(near_reading)                                                                        \
    X(similar_shape)                                                                       \
    X(unknown)       /* what is left of both agrees; of the given name something */        \
    X(swapped)       /* the same characters, neighbours in another order */                \
    X(part)          /* one is a part of the other: a given name, a name cut short, a name \
                        without the father's */                                            \
    X(one_character) /* one differs or is missing; surname and something more agree */     \
    X(given)         /* the surname alone differs */                                       \
    X(surname)       /* nothing but the surname is certain to agree */                     \
    X(different)

typedef enum hd_name_level {
#define X(name) HD_NAME_LEVEL_##name,
    HD_NAME_LEVELS(X)
#undef X
        HD_N_NAME_LEVELS
} hd_name_level;

enum {
    HD_HAN_NAME_MAX = 50,     /* units; what is longer is compared by its first 50 */
    HD_HAN_NAME_READINGS = 4, /* of a unit: the customary ones stand first in the table */
    HD_HAN_LOST = 0x25A1      /* □ */
};

/* A character, or pinyin that stands for one. */
typedef struct hd_name_unit {
    uint32_t written, folded;
    uint32_t readings[HD_HAN_NAME_READINGS]; /* fuzzy syllable << 16 | reading with its tone */
    uint8_t n_readings, n_first; /* the first ones are its own, the others near at best */
    uint8_t part;                /* between middle dots, from 0 */
    bool surname;
    uint64_t sounds;       /* a bit for each fuzzy syllable, by hash */
    uint64_t shape, alike; /* a bit for itself; bits for what looks like it */
    const uint32_t *looks; /* closed by 0 */
} hd_name_unit;

typedef struct hd_han_name {
    uint32_t n, n_parts;
    hd_name_unit unit[HD_HAN_NAME_MAX];
} hd_han_name;

typedef struct hd_name_match {
    hd_name_level level;
    double score;
} hd_name_match;

/* `name`: standard text, not retained; `out` refers to `han`. The units in use stand at its front:
 * who keeps many may keep hd_han_name_bytes of each. */
void hd_han_name_prepare(const hd_han *han, hd_str name, hd_han_name *out);
size_t hd_han_name_bytes(const hd_han_name *name);
hd_name_match hd_han_name_compare(const hd_han_name *a, const hd_han_name *b);
/* "伟:玮 same_reading, □:国 unknown": the pairs that are not the same, in the order of `a`; a
 * missing one is "-". Appended to `out`. */
void hd_han_name_explain(const hd_han_name *a, const hd_han_name *b, hd_buf *out);

const char *hd_name_relation_name(hd_name_relation relation);
const char *hd_name_level_name(hd_name_level level);
int hd_name_level_find(hd_str name); /* -1: none */

#endif
