#ifndef HD_MATCHERS_COMPARATOR_H
#define HD_MATCHERS_COMPARATOR_H

/* The contract of everything that compares two values, and the list of what keeps it.
 *
 * Takes two operands of its kind, neither of them missing. Texts are UTF-8 and compared by
 * characters (code points), never bytes, as they are written: who wants case or width folded gives
 * folded texts. What is longer than HD_CHARACTERS_MAX characters is compared by its first so many.
 * Malformed bytes do no harm: each is one character, U+FFFD.
 *
 * Gives a likeness of 0 to 1, where 1 is most alike, or a distance of at least 0, which has no
 * bound and rises with what differs. Never infinite, never not a number. Symmetric: compare(a, b) =
 * compare(b, a); and of a value with itself 1, or distance 0. (That two values are the same does
 * not follow from it: parts of them may be all that is compared.)
 *
 * Is pure: no state, no allocation, no clock, no locale; so reentrant, and the same bits for the
 * same operands everywhere. That is why what was compared lately can be remembered
 * (pipeline/config/score_cache.h). What it costs is said where each is declared.
 *
 * Each comparator is a plain function that can be called without this list; the list is what the
 * rule language, the tests of the contract and the fuzz target go through. A new one is a function
 * in a file of this room, a line here, and its line in pipeline/config/functions.def. */

#include "matchers/date.h"
#include "matchers/han_name.h"
#include "matchers/idcard.h"
#include "matchers/number_distance.h"
#include "matchers/text_distance.h"
#include "matchers/text_overlap.h"

typedef enum hd_score_kind { HD_LIKENESS, HD_DISTANCE } hd_score_kind;

/* Two fields of one side that may have changed places: given name and surname. */
typedef struct hd_two_texts {
    hd_str first, second;
} hd_two_texts;

/* Kinds of operands: X(kind, type) */
#define HD_OPERANDS(X)                                               \
    X(text, hd_str)                                                  \
    X(number, double)                                                \
    X(date, hd_date)                                                 \
    X(name, const hd_han_name *) /* prepared once a distinct name */ \
    X(two_texts, hd_two_texts)

typedef enum hd_operand_kind {
#define X(kind, type) HD_OPERAND_##kind,
    HD_OPERANDS(X)
#undef X
} hd_operand_kind;

typedef union hd_operand {
#define X(kind, type) type kind;
    HD_OPERANDS(X)
#undef X
} hd_operand;

/* X(name, function, operands, measure, remember): the name is the rule language's; remember: 1
 * where to remember what it said (5 ns) is cheaper than to ask again. */
#define HD_COMPARATORS(X)                                                    \
    X(exact, hd_exact, text, HD_LIKENESS, 0)                                 \
    X(levenshtein, hd_levenshtein, text, HD_DISTANCE, 1)                     \
    X(damerau, hd_damerau, text, HD_DISTANCE, 1)                             \
    X(edit_similarity, hd_edit_similarity, text, HD_LIKENESS, 1)             \
    X(jaro, hd_jaro, text, HD_LIKENESS, 1)                                   \
    X(jaro_winkler, hd_jaro_winkler, text, HD_LIKENESS, 1)                   \
    X(positions_differing, hd_positions_differing, text, HD_DISTANCE, 0)     \
    X(prefix_overlap, hd_prefix_overlap, text, HD_LIKENESS, 0)               \
    X(bigram_overlap, hd_bigram_overlap, text, HD_LIKENESS, 1)               \
    X(bigram_dice, hd_bigram_dice, text, HD_LIKENESS, 1)                     \
    X(bigram_jaccard, hd_bigram_jaccard, text, HD_LIKENESS, 1)               \
    X(trigram_jaccard, hd_trigram_jaccard, text, HD_LIKENESS, 1)             \
    X(token_set, hd_token_set, text, HD_LIKENESS, 1)                         \
    X(list_overlap, hd_list_overlap, text, HD_LIKENESS, 1)                   \
    X(id_similarity, hd_idcard_similarity, text, HD_LIKENESS, 0)             \
    X(number_distance, hd_number_distance, number, HD_DISTANCE, 0)           \
    X(number_similarity, hd_number_similarity, number, HD_LIKENESS, 0)       \
    X(days_apart, hd_date_days_apart, date, HD_DISTANCE, 0)                  \
    X(date_digits_differing, hd_date_digits_differing, date, HD_DISTANCE, 0) \
    X(either_order, hd_either_order, two_texts, HD_LIKENESS, 0)              \
    X(name_similarity, hd_han_name_similarity, name, HD_LIKENESS, 0)

typedef enum hd_comparator_number {
#define X(name, function, operands, measure, remember) HD_COMPARATOR_##name,
    HD_COMPARATORS(X)
#undef X
        HD_N_COMPARATORS
} hd_comparator_number;

typedef struct hd_comparator {
    const char *name;
    hd_operand_kind takes;
    hd_score_kind gives;
    bool remember;
    double (*compare)(const hd_operand *a, const hd_operand *b);
} hd_comparator;

extern const hd_comparator hd_comparators[HD_N_COMPARATORS];

double hd_exact(hd_str a, hd_str b); /* 1: the same bytes, else 0; 2 ns */
/* Mean of the two fields' likeness (Jaro–Winkler) to those of the other side, in the order that
 * suits better: 1 for (given, surname) and (surname, given). Four times Jaro–Winkler. */
double hd_either_order(hd_two_texts a, hd_two_texts b);
/* Two identity numbers: their difference (hd_idcard_compare) as a likeness, 1 for the first of the
 * list to 0 for the last. 10 ns. */
double hd_idcard_similarity(hd_str a, hd_str b);
double hd_han_name_similarity(const hd_han_name *a,
                              const hd_han_name *b); /* hd_han_name_compare's */

#endif
