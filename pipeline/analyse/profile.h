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

/* ---- as it is shown, on a terminal and on a page ---- */

/* "98.2%"; "–" for none. */
void hd_profile_add_share(hd_buf *out, uint64_t n, uint64_t of);
/* "child · name", in the words of the language; of the record the field alone. */
void hd_profile_add_field(hd_buf *out, const hd_profiled *profiled, uint32_t column);
/* "invalid +3.1": the state whose share changed most, of equal ones the worst; "0" where nothing
 * changed by a twentieth of a point, "–" where nothing is known of before. */
void hd_profile_add_change(hd_buf *out, const hd_profiled *profiled, uint32_t column);
/* A text of the group `profile`, and the name of a state. */
hd_str hd_profile_word(const hd_profiled *profiled, const char *code);
hd_str hd_profile_state(const hd_profiled *profiled, hd_state state);
/* "hukou · 6 rows" */
void hd_profile_add_source(hd_buf *out, const hd_profiled *profiled, uint32_t column);
/* [begin, end) of the columns of the source that has `begin`. */
uint32_t hd_profile_source_end(const hd_profiled *profiled, uint32_t begin);
/* First and last year that have a date; false: none has. */
bool hd_profile_years(const hd_profile_detail *detail, uint32_t *first, uint32_t *last);
/* One page that needs no other file and no script. */
hd_status hd_profile_page(hd_ctx *ctx, const hd_profiled *profiled, const char *path);

/* The share that a state has now less that which it had, in points; 0 where nothing is known of
 * before. */
double hd_profile_change(const hd_profile_counts *now, const hd_profile_counts *before,
                         hd_state state);

/* The pattern of a written value, appended: 汉汉汉, 999-9999, long runs counted (汉{20}9汉), cut
 * after twelve runs. No letter and no digit of it stays. */
void hd_profile_pattern(hd_buf *out, hd_str written);

#endif
