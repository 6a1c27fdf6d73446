#include "ops/cli/json.h"

#include <stdio.h>
#include <stdlib.h>

json_t *cli_json_text(hd_str text)
{
    return text.ptr ? json_stringn(text.ptr, text.len_bytes) : json_null();
}

json_t *cli_json_count(uint64_t n)
{
    return json_integer((json_int_t)n);
}

void cli_json_print(json_t *value, int digits)
{
    char *line = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(digits));
    printf("%s\n", line);
    free(line); /* jansson's */
    json_decref(value);
}
