#ifndef HD_CONFIG_INIT_GUESS_H
#define HD_CONFIG_INIT_GUESS_H

/* Private to hd_init_folder: what a file looks like, what is known of columns, and what follows. */

#include "pipeline/config/load.h"

/* ---- the head of a file (init_sample.c) ---- */

typedef struct hd_sample {
    hd_str file; /* base name */
    bool readable;
    hd_encoding encoding; /* AUTO where it is UTF-8 */
    char delimiter;
    hd_str *columns; /* header, UTF-8; a name that stands twice is null the second time */
    uint32_t n_columns;
    hd_str *cells; /* [row * n_columns + column] */
    uint32_t n_rows;
} hd_sample;

/* Header and the first rows of folder/file, gzipped or not. A file that is no text, or has no
 * header, is not readable; HD_CONFIG only where it cannot be opened. */
hd_status hd_sample_read(hd_ctx *ctx, hd_arena *arena, const char *folder, hd_str file,
                         hd_sample *out);
bool hd_sample_unique(const hd_sample *sample, uint32_t column); /* all filled, each value once */

/* ---- rules/columns.yaml (init_columns.c) ---- */

typedef struct hd_words {
    hd_str *item; /* as hd_column_key writes them */
    uint32_t n;
} hd_words;

typedef struct hd_role_columns {
    hd_str code;
    hd_words prefixes;
    hd_str sex; /* null: says nothing */
} hd_role_columns;

typedef struct hd_type_columns {
    hd_str code;
    hd_words files;
    uint16_t *has;
    uint32_t n_has;
    hd_str *roles;
    uint32_t n_roles;
    hd_str main; /* null: none */
    hd_words also[HD_FIELDS_MAX];
} hd_type_columns;

typedef struct hd_columns {
    hd_words fields[HD_FIELDS_MAX];
    bool record[HD_FIELDS_MAX];
    hd_role_columns *roles;
    uint32_t n_roles;
    hd_type_columns *types;
    uint32_t n_types;
    hd_words keys, key_endings;
} hd_columns;

hd_status hd_columns_load(hd_loader *loader, hd_columns *out);
/* A column's name without what does not count: case, blanks, _ and -, and a part in brackets. */
hd_str hd_column_key(hd_arena *arena, hd_str name);

/* ---- what follows (init_guess.c) ---- */

typedef struct hd_guess_input {
    uint16_t field;
    int32_t column; /* -1: the constant */
    hd_str constant;
} hd_guess_input;

typedef struct hd_guess_role {
    hd_str code;
    hd_guess_input inputs[HD_FIELDS_MAX];
    uint32_t n_inputs;
} hd_guess_role;

typedef struct hd_guess {
    hd_str code, type;
    const char *type_why;
    hd_str *files;
    uint32_t n_files;
    const hd_sample *sample; /* of the first file */
    hd_guess_role record;
    hd_guess_role roles[HD_ROLES_MAX];
    uint32_t n_roles; /* 0: no column was recognised */
    uint32_t key;
    const char *key_why;
    bool key_is_personal;
    bool *used;   /* [column] */
    bool *denied; /* [column] */
} hd_guess;

void hd_guess_source(hd_loader *loader, const hd_columns *columns, const hd_sample *sample,
                     hd_guess *out);

/* Append the whole configuration (init_write.c). */
void hd_guess_write(hd_buf *out, const hd_ruleset *ruleset, const hd_guess *guesses, uint32_t n);

#endif
