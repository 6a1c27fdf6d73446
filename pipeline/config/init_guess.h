#ifndef HD_CONFIG_INIT_GUESS_H
#define HD_CONFIG_INIT_GUESS_H

/* How a first configuration comes about, shared by those who look at files (init.c) and at
 * databases (pipeline/analyse/init_database.c): what was looked at, what is known of columns, and
 * what follows. Texts are UTF-8 and live as long as the loader's arena. */

#include "pipeline/config/load.h"

#define HD_INIT_LANGUAGE "zh" /* that the configuration names */

/* ---- the head of a file (init_sample.c), or a table ---- */

enum { HD_SAMPLE_ROWS = 2000, HD_KEY_COLUMNS_MAX = 32 }; /* no index of PostgreSQL's has more */

/* Columns that a database says name a row. */
typedef struct hd_sample_key {
    uint32_t columns[HD_KEY_COLUMNS_MAX];
    uint32_t n;
    bool primary;
} hd_sample_key;

/* Why a file or a table cannot be a source: X(name, as the configuration says it). The catalogue
 * says it to whoever asked, as init.left_out_NAME. */
#define HD_LEFT_OUT(X)                                               \
    X(no, "")                                                        \
    X(no_csv, "it is no CSV in UTF-8 or GB18030")                    \
    X(utf_16, "it is UTF-16: save it as CSV in UTF-8")               \
    X(workbook, "it is a workbook: save each sheet as CSV in UTF-8") \
    X(no_column, "no column was recognised")                         \
    X(one_column, "one column alone was recognised")                 \
    X(no_rows, "its rows cannot be read")                            \
    X(name, "its name is no text in UTF-8 or GB18030")
typedef enum hd_left_out {
#define X(name, text) HD_LEFT_OUT_##name,
    HD_LEFT_OUT(X)
#undef X
} hd_left_out;

typedef struct hd_sample {
    hd_str name; /* base name of the file, or of the table without its schema */
    hd_str stem; /* what a source's code is made of */
    hd_left_out left_out;
    hd_encoding encoding; /* to be said; AUTO: need not */
    char delimiter;       /* of a file */
    uint32_t header;      /* of a file: the line with the names of its columns, below a title */
    hd_str *columns;      /* null: a name that cannot be used, as one that stands twice */
    bool *unique;         /* in each of the first rows the column has a value, and each once */
    bool *running;     /* of a file: the first rows are numbered 1, 2, 3 … by it; NULL: none is */
    uint64_t **hashes; /* [column][n_rows] of the first rows' values, 0: empty; NULL: of a table */
    uint32_t n_rows;
    uint32_t n_columns;

    /* of a table only */
    hd_str table;        /* as `table:` names it; null: a file */
    hd_str schema;       /* of the table */
    hd_str comment;      /* null: none */
    hd_str rows;         /* how many there are, for readers */
    hd_str *comments;    /* of the columns; null: none */
    hd_sample_key *keys; /* the best first */
    uint32_t n_keys;
} hd_sample;

/* Header and the first rows of folder/file, gzipped or not; no stem. A file that is no text, or has
 * no header, is left out; HD_CONFIG only where it cannot be opened. */
hd_status hd_sample_read(hd_ctx *ctx, hd_arena *arena, const char *folder, hd_str file,
                         hd_sample *out);
/* All filled, each value once; at most HD_SAMPLE_ROWS. */
bool hd_sample_unique(const hd_str *values, uint32_t n);
/* The same of several columns together. False: of a table, too. */
bool hd_sample_unique_together(const hd_sample *sample, const hd_sample_key *key);

/* Where the samples come from. */
typedef struct hd_init_place {
    const char *shown; /* how messages name it */
    hd_str conninfo;   /* of the database; null: a folder of files */
    hd_str tls_waiver; /* null: none */
} hd_init_place;

/* Append the text of a hedui.yaml (init_sources.c), and what is to be told of it (NULL: nothing).
 * HD_CONFIG where no column is recognised. */
hd_status hd_init_sources(hd_loader *loader, const hd_init_place *place, const hd_sample *samples,
                          uint32_t n, hd_buf *out, hd_buf *told_out);

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

/* Fields of a person that are another's: mother_name is the name of the mother. */
typedef struct hd_kin_field {
    uint16_t of_person, field;
} hd_kin_field;

typedef struct hd_kin_columns {
    const hd_role_columns *role;
    hd_kin_field *fields;
    uint32_t n_fields;
    hd_str *said; /* by a column of relation, of the person beside */
    uint32_t n_said;
} hd_kin_columns;

/* A field whose value may stand in several columns, joined in this order; `unless`: another field
 * says it already. */
typedef struct hd_part_columns {
    uint16_t field;
    hd_words *names;
    uint32_t n;
    uint16_t *unless;
    uint32_t n_unless;
} hd_part_columns;

/* A field that a longer number begins with. */
typedef struct hd_inside_columns {
    uint16_t field;
    uint32_t first; /* characters */
    hd_words names;
} hd_inside_columns;

/* A kind of member of a family that stands in one row. */
typedef struct hd_family_columns {
    hd_str role;
    bool numbered; /* behind a prefix stands 1, 2 …: roles child, child2 … */
    hd_words prefixes;
    hd_str relation; /* to the head, where no column says it; null: not known */
} hd_family_columns;

/* What a mention of a source of some type should have. */
typedef struct hd_wanted {
    hd_str role;
    uint16_t *fields;
    uint32_t n;
} hd_wanted;

typedef struct hd_type_columns {
    hd_str code;
    hd_words files;
    uint16_t *has;
    uint32_t n_has;
    bool named; /* by its name alone: its columns speak for another */
    hd_str *roles;
    uint32_t n_roles;
    hd_str main; /* null: none */
    hd_words also[HD_FIELDS_MAX];
    hd_wanted *wants;
    uint32_t n_wants;
} hd_type_columns;

typedef struct hd_columns {
    hd_words fields[HD_FIELDS_MAX];
    bool record[HD_FIELDS_MAX];
    hd_role_columns *roles;
    uint32_t n_roles;
    hd_type_columns *types;
    uint32_t n_types;
    hd_words keys, key_endings, running, numbered_within, personal_key_endings, not_key_endings;
    hd_words *self; /* [n_self] prefixes that mean the same person */
    uint32_t n_self;
    hd_kin_columns *kin;
    uint32_t n_kin;
    hd_words beside, beside_relation, beside_relation_alone;
    hd_part_columns *parts;
    uint32_t n_parts;
    hd_inside_columns *inside;
    uint32_t n_inside;
    hd_family_columns *family;
    uint32_t n_family;
} hd_columns;

hd_status hd_columns_load(hd_loader *loader, hd_columns *out);
hd_role_columns *hd_columns_role(const hd_columns *columns, hd_str code); /* NULL: none such */
/* A column's name without what does not count: case, blanks, _ and -, and a part in brackets. */
hd_str hd_column_key(hd_arena *arena, hd_str name);
/* The same of a column's comment, without what follows a first clause: 性别：1男 2女. */
hd_str hd_comment_key(hd_arena *arena, hd_str comment);
/* By its name or its comment, a column that is never read. */
bool hd_column_denied(const hd_deny *deny, hd_str name, hd_str comment);

/* ---- what follows (init_guess.c) ---- */

typedef struct hd_guess_input {
    uint16_t field;
    int32_t column; /* -1: the expression */
    hd_str expr;
} hd_guess_input;

typedef struct hd_guess_role {
    hd_str code;
    hd_guess_input inputs[HD_FIELDS_MAX];
    uint32_t n_inputs;
} hd_guess_role;

typedef struct hd_guess {
    hd_str code, type;
    hd_str type_why;
    hd_left_out left_out;
    hd_str *files; /* or one table */
    uint32_t n_files;
    const hd_sample *sample; /* of the first file */
    hd_guess_role record;
    hd_guess_role roles[HD_ROLES_MAX];
    uint32_t n_roles;
    const hd_type_columns *known; /* the type; NULL: nothing is known of it */
    hd_sample_key key;
    const char *key_why;
    bool key_is_personal;
    bool key_is_weak; /* nothing says that it is unique and lasts */
    bool *used;       /* [column] */
    bool *denied;     /* [column] */
    bool *by_comment; /* [column] recognised by its comment, not by its name */
} hd_guess;

bool hd_guess_role_has(const hd_guess_role *role, uint32_t field);
void hd_guess_source(hd_loader *loader, const hd_columns *columns, const hd_sample *sample,
                     hd_guess *out);

/* Append the whole configuration (init_write.c). */
void hd_guess_write(hd_buf *out, const hd_ruleset *ruleset, const hd_init_place *place,
                    const hd_guess *guesses, uint32_t n);

/* Append, in the words of the catalogue, what a reader of the configuration should look at first:
 * fields that sources of their types should have and have not, with the columns that nothing uses,
 * keys that may not last, and what addresses need (init_told.c). */
hd_status hd_guess_tell(hd_loader *loader, const hd_guess *guesses, uint32_t n, hd_buf *out);

#endif
