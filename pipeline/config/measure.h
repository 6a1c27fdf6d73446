#ifndef HD_CONFIG_MEASURE_H
#define HD_CONFIG_MEASURE_H

/* Measures: what two values are to each other, as a small number. Several functions of the rule
 * language ask for one and the same: name_alike for a level of likeness, id_one_digit and
 * id_swapped for a kind of difference, levenshtein(x, y) = 1 for a distance. So match measures two
 * values once, whatever the number of levels that look at it.
 * Symmetric, as their functions are; thread-safe with an environment a thread. */

#include "base/lanes.h"
#include "pipeline/config/rule.h"

#define HD_MEASURES(X)                                      \
    X(name_level)        /* hd_name_level */                \
    X(id_difference)     /* hd_id_difference */             \
    X(day_month_swapped) /* 0 no, 1 yes; so are the next */ \
    X(same_known_parts)                                     \
    X(same_as_lunar)                                        \
    X(date_digits)                                          \
    X(levenshtein)                                          \
    X(damerau)                                              \
    X(positions)

typedef enum hd_measure_kind {
#define X(name) HD_MEASURE_##name,
    HD_MEASURES(X)
#undef X
        HD_N_MEASURES
} hd_measure_kind;

enum { HD_MEASURE_MOST = 15 }; /* what is more is as much */

/* Whether `expr` holds by what two values are to each other alone: a call of two arguments, or its
 * comparison with a small whole number. Out: the measure, its call, and the results for which it
 * holds, a bit each. */
typedef struct hd_measured {
    hd_measure_kind measure;
    const hd_expr *call; /* its first two arguments are the values */
    uint16_t holds;
} hd_measured;
bool hd_measure_find(const hd_expr *expr, const hd_pool *texts, hd_measured *out);

/* 0 … HD_MEASURE_MOST. Neither value is null. */
uint8_t hd_measure_values(hd_measure_kind measure, uint32_t x, uint32_t y, hd_env *env);

/* Begins to fetch what hd_measure_values reads of the value, so that it waits less a few values
 * later. Not null. */
void hd_measure_fetch(hd_measure_kind measure, uint32_t x, const hd_env *env);

/* For many pairs of few values: what most of them have as result shows quickly in a short form of
 * each value. Bytes of that form; 0: the measure has none. */
uint32_t hd_measure_prepared_bytes(hd_measure_kind measure);
/* `x` may be null (all bits set). */
void hd_measure_prepare(hd_measure_kind measure, uint32_t x, hd_env *env, void *out);
/* One value beside up to 64, whose forms stand in a row. Of the lanes that are wanted those whose
 * result shows; their bits are added to `result`. Readable for all lanes. */
hd_lanes hd_measure_prepared(hd_measure_kind measure, const void *a, const void *b, hd_lanes wanted,
                             hd_lanes result[HD_MEASURE_MOST + 1]);

#endif
