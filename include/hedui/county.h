#ifndef HEDUI_COUNTY_H
#define HEDUI_COUNTY_H

/* A synthetic county with known truth, for trials and benchmarks: `hedui generate`.
 *
 * Families of three generations in villages of one prefecture, written down by the clerks of seven
 * registers with the errors that clerks make. Nobody in it is real; the names of townships,
 * villages and estates are made up.
 *
 * Into `folder` (made if it is not there):
 *   hedui.yaml             ready to run
 *   data/household.csv     UTF-8 with a byte order mark, CRLF
 *   data/resident.csv      GB 18030
 *   data/marriage.csv  birth.csv  migrant_out.csv  death.csv
 *   data/migrant_in.csv.gz
 *   truth.csv              source,record_id,role,person_id: each written mention once
 *   truth_relation.csv     person_id,relation,other_person_id: spouse (both ways), mother, father
 *                          between mentions of one written record; twin (both ways)
 *   truth_error.csv        source,record_id,role,error: each error that was made in a mention
 *   truth_discrepancy.csv  discrepancy,rule,source,record_id,role: what the rules of
 *                          rules/checks.yaml find in the written values when every person is known;
 *                          the lines of one discrepancy share its number
 *
 * The same options give the same bytes on every machine (of the .gz, the same content).
 * Cost  one thread; 6 s and 315 MB for one million persons (EPYC, gcc -O2); linear. */

#include "hedui/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { HD_COUNTY_PERSONS_MIN = 100, HD_COUNTY_PERSONS_MAX = 20000000 };

typedef struct hd_county_options {
    const char *folder;
    uint64_t seed;
    uint32_t n_persons; /* living, or dead for less than eight years */
    int32_t as_of;      /* yyyymmdd; 0: 20260101 */
    const struct hd_county_rates
        *rates;            /* of errors: fixtures/county.h; NULL: those of rates.def */
    uint32_t bad_rows_ppm; /* rows of resident.csv that cannot be read; 0: none */
    uint32_t twins_ppm;    /* births that are of twins; 0: 12000, as everywhere */
} hd_county_options;

/* HD_USAGE for an option out of range or a folder with a hedui.yaml that was not generated;
 * HD_STORE or HD_SPACE where a file cannot be written. */
HD_API hd_status hd_county_generate(hd_ctx *ctx, const hd_county_options *options);

#ifdef __cplusplus
}
#endif

#endif
