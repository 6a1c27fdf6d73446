#ifndef HD_CLI_JSON_H
#define HD_CLI_JSON_H

/* What commands tell programs: one JSON value on one line. */

#include <jansson.h>

#include "base/view.h"

json_t *cli_json_text(hd_str text); /* null stays null */
json_t *cli_json_count(uint64_t n);
/* To standard output; takes the reference. `digits`: of numbers that are not whole, at most 17. */
void cli_json_print(json_t *value, int digits);

#endif
