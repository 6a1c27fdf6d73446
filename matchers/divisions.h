#ifndef HD_MATCHERS_DIVISIONS_H
#define HD_MATCHERS_DIVISIONS_H

/* Codes of administrative divisions: which there are, which there were, and what took their place.
 * One immutable table, parsed once at start from rules/tables/divisions.tsv (all editions of
 * GB/T 2260) and from a county's own tables/places.tsv (townships, villages, other names); then
 * only look-ups, of tens of nanoseconds, without allocation, from any thread.
 *
 * A code is a number of twelve digits, zeros where a level is not given: 530303 and 530303000000
 * are both 530303000000. Years are those of editions, which show the state at their end.
 * Source: GB/T 2260, GB/T 10114; see the table's own head lines. */

#include "base/arena.h"

typedef struct hd_divisions hd_divisions;
typedef uint64_t hd_division_code; /* 0: none */

enum { HD_DIVISION_DIGITS = 12 };

typedef enum hd_division_level {
    HD_DIVISION_PROVINCE = 1,
    HD_DIVISION_PREFECTURE,
    HD_DIVISION_COUNTY,
    HD_DIVISION_TOWNSHIP,
    HD_DIVISION_VILLAGE
} hd_division_level;

typedef struct hd_division {
    hd_str name, others; /* others: blank-separated; null: none */
    hd_division_code code;
    hd_division_code next; /* what took its place; 0: itself, nothing, or more than one */
    uint16_t first, last;  /* years that the name held; 0: since ever, until today */
    bool own;              /* of a county's list, which goes before the packaged table */
} hd_division;

/* A name with which a text opens; code 0 and a length: several places have it. */
typedef struct hd_division_match {
    hd_division_code code;
    uint32_t len_bytes; /* 0: it opens with none */
} hd_division_match;

/* Where a table is malformed. */
typedef struct hd_divisions_fault {
    bool in_places;   /* else in divisions.tsv */
    uint32_t line;    /* 1-based */
    const char *what; /* what the line should be; static */
} hd_divisions_fault;

/* In    whole texts, valid UTF-8, not retained; lines that open with '#' are comments.
 *       tsv: code, name, first year, last year, codes of today (blank-separated; one counts);
 *       places_tsv: code of 4 to 12 digits, name[, other names (blank-separated)[, today's code]].
 * Out   NULL and `*fault` where a line is malformed. Lives in `arena`, below 1 MiB with no places.
 * Cost  2 ms for the packaged 8,000 lines. */
const hd_divisions *hd_divisions_parse(hd_arena *arena, hd_str tsv, hd_str places_tsv,
                                       hd_divisions_fault *fault);

/* 2, 4, 6, 9 or 12 digits as a code; 0: anything else, or only zeros. */
hd_division_code hd_division_read(hd_str digits);
/* The digits without levels that are zeros, 2 to 12 of them; returns how many. */
uint32_t hd_division_print(hd_division_code code, char digits[HD_DIVISION_DIGITS]);
/* The code of the county (6 digits) or, of fewer, the same code. */
hd_division_code hd_division_county(hd_division_code code);
hd_division_level hd_division_level_of(hd_division_code code);
/* Is `code` a part of `whole`, and not the same? */
bool hd_division_within(hd_division_code code, hd_division_code whole);

/* The code's newest entry, `last` 0 where it is in use; NULL: in no edition and no county's list.
 * Of a township or village this finds only what a county lists. */
const hd_division *hd_divisions_find(const hd_divisions *divisions, hd_division_code code);
/* Was the code in use in that year? With the year after its last edition: that one says only that
 * it was gone at the end. An unknown code never was. */
bool hd_divisions_held(const hd_divisions *divisions, hd_division_code code, int year);
/* The code that stands for it today: followed from code to code where one took the place of one,
 * else the code as it is. A township or village that no county lists goes with its county and keeps
 * its own digits: near enough to compare by, not to write back. */
hd_division_code hd_divisions_current(const hd_divisions *divisions, hd_division_code code);
/* The longest name of a division below `within` (0: any) with which `text`, valid UTF-8, opens.
 * Names in use come before those that ended, and wider divisions before narrower ones. Short forms
 * (云南, 曲靖) are known of provinces, and of what lies below a known division. A microsecond. */
hd_division_match hd_divisions_match(const hd_divisions *divisions, hd_str text,
                                     hd_division_code within);

#endif
