#ifndef HD_CONFIG_FUNCTIONS_H
#define HD_CONFIG_FUNCTIONS_H

/* The functions of functions.def, by number. */

#include "pipeline/config/rule.h"

typedef enum hd_function {
#define X(name, result, arguments, variadic, summary) HD_FUNCTION_##name,
#include "pipeline/config/functions.def"
#undef X
    HD_N_FUNCTIONS
} hd_function;

typedef struct hd_function_form {
    const char *name;
    char result;           /* letters as in functions.def */
    const char *arguments; /* the last one again and again where variadic */
    bool variadic;
} hd_function_form;

extern const hd_function_form hd_functions[HD_N_FUNCTIONS];

int hd_function_find(hd_str name); /* -1: unknown */
bool hd_function_takes_null(uint16_t function);
bool hd_function_needs_tables(uint16_t function);
/* Whether its first two arguments may change places. */
bool hd_function_is_symmetric(uint16_t function);
/* As hd_function_call, where no argument is null unless the function takes null. */
hd_value hd_function_apply(uint16_t function, const hd_value *args, unsigned n_args, hd_env *env);
/* Whether a field as an argument is also given where it is damaged: what is left of it. */
bool hd_function_takes_left(uint16_t function);
/* Whether the third argument, in quotes, must be a level of hd_name_level. */
bool hd_function_takes_name_level(uint16_t function);
/* A text without blanks at its ends. */
hd_value hd_value_trimmed(hd_value text, hd_env *env);
/* yyyy-mm-dd of a day that exists; 0: anything else. */
int32_t hd_date_literal(hd_str text);

#endif
