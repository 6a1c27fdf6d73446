#ifndef HD_ANALYSE_PROFILE_H
#define HD_ANALYSE_PROFILE_H

/* Each column of the sources, looked at from outside a run: how full and how good it is
 * (pipeline/profile.h), what stands in it most, in which patterns, and what has changed since the
 * last published run. Values are masked: nothing here says who somebody is.
 *
 * Reads the sources as a run does, and changes nothing but the site's key, where there is none yet.
 * Same rows, same bytes. */

#include "pipeline/profile.h"

enum { HD_PROFILE_TOP = 5, HD_PROFILE_YEAR_FIRST = 1800, HD_PROFILE_YEARS = 400 };

typedef struct hd_profile_top {
    hd_str shown; /* masked value, or a pattern */
    uint64_t n;
    uint32_t reasons; /* of a value: bits of hd_reason */
    hd_state state;
} hd_profile_top;

typedef struct hd_profile_tops {
    hd_profile_top item[HD_PROFILE_TOP]; /* most first */
    uint32_t n;
} hd_profile_tops;

typedef struct hd_profile_detail {
    hd_profile_tops values;   /* those that stand there more than once */
    hd_profile_tops patterns; /* 9 a digit, A a letter, 汉 a Han character, ␣ a blank */
    hd_profile_tops wrong;    /* suspicious, damaged and invalid ones */
    uint64_t *by_year;        /* [HD_PROFILE_YEARS] from HD_PROFILE_YEAR_FIRST; NULL: no dates */
    hd_profile_counts before; /* of the last published run; rows 0: none */
    hd_arena arena;
} hd_profile_detail;

typedef struct hd_profiled {
    hd_ruleset *ruleset; /* of `source` alone, where one was named */
    hd_extract extract;
    hd_mentions mentions;
    hd_profile profile;
    hd_profile_detail *detail; /* [profile.n] */
    bool has_before;
} hd_profiled;

/* `source`: its code; null: all. HD_USAGE: there is none. Release in any case. */
hd_status hd_profile_run(hd_ctx *ctx, const char *config, hd_str source, hd_profiled *out);
void hd_profiled_release(hd_profiled *profiled);

/* The share that a state has now less that which it had, in points; 0 where nothing is known of
 * before. */
double hd_profile_change(const hd_profile_counts *now, const hd_profile_counts *before,
                         hd_state state);

/* The pattern of a written value, appended: 汉汉汉, 999-9999, long runs counted (汉{20}9汉), cut
 * after twelve runs. No letter and no digit of it stays. */
void hd_profile_pattern(hd_buf *out, hd_str written);

#endif
