#ifndef HD_CONFIG_RULESET_H
#define HD_CONFIG_RULESET_H

/* Everything that was configured: hedui.yaml over the packaged rules, checked and compiled.
 * Immutable once loaded, shared by all threads; lives in its own arena. */

#include "matchers/date.h"
#include "matchers/han.h"
#include "pipeline/config/rule.h"
#include "pipeline/field.h"

enum {
    HD_FIELDS_MAX = 64,
    HD_ROLES_MAX = 32,
    HD_PASSES_MAX = 32,
    HD_COMPARISONS_MAX = 24,
    HD_LEVELS_MAX = 12,
    HD_CONFLICTS_MAX = 64, /* each is asked of every pair between two clusters that would join */
    HD_SOURCES_MAX = 64,
    HD_ROUNDS_MAX = 10
};

/* Combinations of levels of all comparisons: so many that an edge takes 16 bytes. */
#define HD_PATTERNS_MAX (UINT64_C(1) << 40)

/* One field that a mention can have. Declared in rules/fields.yaml or under `fields:`. */
typedef struct hd_field {
    hd_str code;
    hd_kind kind;
    hd_str table;  /* kind code: name of its code table under rules/tables/codes/, or null */
    bool person;   /* a column of the person table */
    hd_str column; /* its name there (registered_division_code …), else as `code` */
} hd_field;

typedef enum hd_encoding { HD_ENCODING_AUTO, HD_ENCODING_UTF8, HD_ENCODING_GB18030 } hd_encoding;

/* A database in PostgreSQL, as hedui.yaml names it. */
typedef struct hd_database {
    hd_str conninfo; /* libpq's connection string, without a password; ends in a NUL; null: none */
    hd_str tls_waiver; /* why sslmode=verify-full is not demanded off this host; ends in a NUL;
                          null: it is */
    hd_source_pos pos;
} hd_database;

/* How long to wait for databases, in seconds: hd_pg_waits. */
typedef struct hd_waits {
    uint32_t connect, retry, lock, statement, idle;
} hd_waits;

/* One value of a mention: a column of the source, or an expression over its columns. */
typedef struct hd_input {
    uint16_t field;
    int16_t column;      /* index into hd_source.columns; -1: `expr` */
    const hd_expr *expr; /* scope: columns of the row, all text; NULL when `column` */
    hd_source_pos pos;
} hd_input;

/* The same for every row. */
static inline bool hd_input_is_constant(const hd_input *input)
{
    return input->column < 0 && input->expr->sides == 0;
}

typedef struct hd_role {
    hd_str code;    /* self, child, mother … */
    uint8_t number; /* index into hd_ruleset.role_names: the same for one code in all sources */
    hd_input *inputs;
    uint32_t n_inputs;
    bool duplicate_free; /* no two of the source's mentions of such roles are one person */
} hd_role;

/* Values that a mention takes from another of its record, where it has none itself (a child's
 * mother_name from the mother's name). From the source's type. */
typedef struct hd_fill {
    uint8_t role, from_role; /* indexes into hd_source.roles */
    uint16_t field, from_field;
} hd_fill;

typedef struct hd_relation_rule {
    uint8_t role, other_role;
    hd_str relation; /* spouse, mother, father: of `role`'s person, the other is its … */
    int16_t start_field, end_field; /* -1: none; fields of the record */
} hd_relation_rule;

typedef struct hd_source {
    hd_str code, type;
    hd_str *csv; /* globs, relative to the configuration's folder; none where it has a database */
    uint32_t n_csv;
    hd_database database; /* conninfo null: CSV files */
    hd_str schema, table; /* as they are, not folded; schema null: the first on the search path */
    hd_str query;         /* a SELECT without its semicolon, where `table` is null */
    hd_str place;         /* how readers are told of it: the table as it was written, or "query" */
    hd_source_pos place_pos;
    hd_encoding encoding; /* of the files, or of a database in SQL_ASCII */
    char delimiter;       /* of CSV: ',' unless said */
    uint32_t header;      /* of CSV: the line with the names of columns, from 1 */
    hd_str *columns;      /* every column that is read, each once */
    uint32_t n_columns;
    uint16_t *key; /* indexes into columns, in the order of the composite key */
    uint32_t n_key;
    bool key_is_personal;
    const hd_expr *filter; /* over columns; NULL: every row */
    hd_input *record;      /* fields of the record: every mention of it has them */
    uint32_t n_record;
    hd_role *roles; /* sorted by code */
    uint32_t n_roles;
    hd_fill *fills;
    uint32_t n_fills;
    hd_relation_rule *relations;
    uint32_t n_relations;
    hd_source_pos pos;
} hd_source;

/* A named expression over one mention (`derived:` in rules/linkage.yaml), usable like a field; or
 * over two (`derived_pair:`), usable by its bare name where two are spoken of. */
typedef struct hd_derived {
    hd_str code;
    const hd_expr *expr;
} hd_derived;

/* How to find the person that stands in a relation to a mention: the one person of whose mentions
 * one for which `where` holds has in `is` what the mention, for which `when` holds, has in `of`. */
typedef struct hd_relation_lookup {
    hd_str code;
    hd_relation_kind relation;
    const hd_expr **of, **is; /* scope: a mention; [n_keys] of each */
    uint32_t n_keys;
    const hd_expr *when, *where; /* scope: a mention; NULL: any */
} hd_relation_lookup;

/* A way to tell who was born first: of persons that share `among` and differ in `by`, he who has
 * the smaller. */
typedef struct hd_birth_order {
    hd_str code;
    const hd_expr **among; /* scope: a mention */
    uint32_t n_among;
    const hd_expr *by, *when; /* scope: a mention; `when` NULL: any */
} hd_birth_order;

/* Mentions that share all keys of a pass (none of them null) are a block. */
typedef struct hd_pass {
    hd_str code;
    const hd_expr **keys; /* scope: a mention */
    hd_str *key_texts;    /* as they stand in the file */
    uint32_t n_keys;
    const hd_expr **narrow; /* added to the keys inside a block over the cap; may be none */
    uint32_t n_narrow;
    hd_source_pos pos;
    bool asks_persons; /* its blocks change from round to round */
} hd_pass;

typedef struct hd_level {
    hd_str code;
    const hd_expr *when; /* scope: a pair; NULL: otherwise (the last) */
    hd_str written;      /* the condition as it stands in the file; null: otherwise */
    /* the mention's value of which the frequency adjusts the level's weight; NULL: none */
    const hd_expr *frequency;
    hd_str frequency_table; /* file that holds the frequencies; null: they are the mentions' */
    double m, u;            /* declared probabilities; 0: training estimates them */
    bool family; /* what a family has in common: does not tell brothers and sisters apart */
} hd_level;

typedef struct hd_comparison {
    hd_str code;
    /* compared where any of these is known on both sides (each an expression over one mention);
     * else the level is "missing", which weighs nothing */
    const hd_expr **needs;
    uint32_t n_needs;
    const hd_expr
        *unless;       /* over a pair: where it holds the level is "missing", too; may be NULL */
    bool asks_persons; /* it says nothing in the first round */
    hd_level *levels;  /* ordered, the first that holds; the last is otherwise */
    uint32_t n_levels;
} hd_comparison;

/* Two mentions for which this holds are never one person. Scope: a pair. */
typedef struct hd_conflict {
    hd_str code;
    const hd_expr *when;
} hd_conflict;

typedef enum hd_prefer {
    HD_PREFER_STATE,
    HD_PREFER_SOURCE,
    HD_PREFER_FREQUENT,
    HD_PREFER_RECENT,
    HD_PREFER_LONGEST
} hd_prefer;

/* How one field of the person is chosen: criteria in order, the next only where the one before is
 * equal; then the smallest mention. */
typedef struct hd_survivorship {
    uint16_t field;
    uint8_t n_prefer;
    uint8_t prefer[6];    /* hd_prefer */
    hd_str *source_types; /* best first, for HD_PREFER_SOURCE */
    uint32_t n_source_types;
} hd_survivorship;

typedef enum hd_check {
    HD_CHECK_MENTION, /* `when` over one mention */
    HD_CHECK_PAIR,    /* `when` over two mentions of one person, in either order: a is the first
                         mention that has a partner, each partner of a is a discrepancy */
    HD_CHECK_SHARED,  /* `value` (of a mention for which `when` holds) is the same for two or more
                         persons: a is the smallest such mention, b each other person's smallest */
    HD_CHECK_LACKS,   /* a person has a mention with `when`, and none with `unless` */
    HD_CHECK_REVIEW   /* `when` over two mentions of persons that only `conflict` kept apart; one
                         discrepancy for each two persons, with their smallest such mentions */
} hd_check;

typedef enum hd_severity { HD_SEVERITY_INFO, HD_SEVERITY_WARN, HD_SEVERITY_ERROR } hd_severity;

typedef struct hd_example {
    hd_source_pos pos;
    bool expect; /* found */
    uint32_t n_mentions;
    struct hd_example_mention {
        uint32_t person;   /* mentions with equal numbers are one person */
        hd_str type, role; /* source type; role (self unless said) */
        uint32_t n_values;
        uint16_t *fields;
        hd_str *values; /* as a source would write them */
    } * mentions;
} hd_example;

typedef struct hd_rule {
    hd_str code; /* id.checksum */
    hd_str kind; /* form, logic, agreement, coverage, unique, relation, timeliness, empty */
    hd_check check;
    bool about_form; /* kind form: how a value is written, not what it is */
    hd_severity severity;
    int16_t field;    /* the field that the discrepancy is about; -1: none */
    int16_t conflict; /* HD_CHECK_REVIEW: index into hd_ruleset.conflicts; else -1 */
    const hd_expr *when, *unless, *value;
    hd_str why; /* language-neutral source; what readers see comes from rules/text.* */
    hd_example *examples;
    uint32_t n_examples;
    hd_source_pos pos;
} hd_rule;

/* Which pairs may be made: link.mode. */
typedef enum hd_link_mode {
    HD_LINK_BOTH,   /* any two mentions */
    HD_LINK_ACROSS, /* link: of two sources */
    HD_LINK_WITHIN  /* deduplicate: of one source */
} hd_link_mode;

typedef struct hd_gate {
    double warn, stop; /* negative: none */
} hd_gate;

typedef struct hd_code_table {
    hd_str name;
    hd_str *from, *to; /* sorted by from: every accepted spelling → standard code */
    uint32_t n;
} hd_code_table;

typedef struct hd_ruleset {
    hd_arena arena;
    hd_pool *texts; /* standard values, literals, computed texts */
    const hd_han *han;
    const hd_divisions *divisions;
    hd_str path, folder; /* of hedui.yaml; folder ends without a slash, "." at least */
    hd_str site;
    hd_str language; /* zh, en */
    bool has_store;
    hd_str store; /* path of the SQLite file, absolute or relative to the folder; null: none */
    hd_database store_database; /* or the store in PostgreSQL */
    hd_str model_path;          /* link.model */
    hd_str pairs_path;          /* link.pairs; null: none */
    hd_str runs_folder;         /* runs/ beside the SQLite file, else beside hedui.yaml */
    hd_waits waits;
    hd_link_mode link_mode;
    double match_threshold_bits, review_threshold_bits;
    uint64_t block_cap_pairs, pass_limit_pairs;
    uint32_t cluster_alarm_size, component_cap;
    double contest_margin_bits;
    hd_gate rejected_share, fewer_rows;

    hd_field fields[HD_FIELDS_MAX];
    uint32_t n_fields;
    hd_str role_names[HD_ROLES_MAX]; /* what hd_ref.role counts */
    uint32_t n_role_names;
    hd_derived *derived;
    uint32_t n_derived;
    hd_derived *derived_pair;
    uint32_t n_derived_pair;
    hd_relation_lookup *lookups;
    uint32_t n_lookups;
    hd_birth_order *birth_orders;
    uint32_t n_birth_orders;
    uint32_t relations_said;  /* bits as of hd_expr_related: what can be told */
    uint32_t relations_asked; /* passes, comparisons or conflicts ask for them */
    uint32_t rounds;          /* of linkage, at most; 1 where nobody asks for relations */
    hd_source *sources;       /* sorted by code */
    uint32_t n_sources;
    hd_pass *passes;
    uint32_t n_passes;
    hd_comparison *comparisons;
    uint32_t n_comparisons;
    hd_conflict *conflicts;
    uint32_t n_conflicts;
    hd_survivorship *survivorship;
    uint32_t n_survivorship;
    hd_rule *rules;
    uint32_t n_rules;
    hd_code_table *code_tables;
    uint32_t n_code_tables;
    const struct hd_deny *deny;     /* columns that are never read: hd_ruleset_denies */
    struct hd_catalogue *catalogue; /* texts of the chosen language, config/catalogue.h */
    char hash[65];                  /* SHA-256 of all that was read, hex */
} hd_ruleset;

/* Load `config_path` over the packaged rules in `rules_dir` (NULL: $HEDUI_RULES, else those
 * installed with this code (config/packaged.h), else those of the sources). Fails with HD_CONFIG
 * and file:line. */
hd_status hd_ruleset_load(hd_ctx *ctx, const char *config_path, const char *rules_dir,
                          hd_ruleset **out);
/* The packaged rules by themselves: fields, tables, linkage (as if every field were mapped) and the
 * texts of `language` (zh, en; NULL: zh). No sources, no store, and nothing of the folder that the
 * process is in. */
hd_status hd_ruleset_load_packaged(hd_ctx *ctx, const char *language, const char *rules_dir,
                                   hd_ruleset **out);
void hd_ruleset_free(hd_ruleset *ruleset);

/* An environment for the ruleset's expressions; `load`, `row` are the caller's to set. */
static inline hd_env hd_ruleset_env(const hd_ruleset *ruleset)
{
    return (hd_env){.texts = ruleset->texts, .han = ruleset->han, .divisions = ruleset->divisions};
}

/* A path of the configuration (store, model_path, runs_folder, a glob of a source) as a program
 * opens it: absolute as it is, else below the folder. Ends in a NUL; lives in `arena`. */
hd_str hd_ruleset_path(hd_arena *arena, const hd_ruleset *ruleset, hd_str path);

/* Whether a column is of those that are never read: rules/deny.yaml. */
bool hd_ruleset_denies(const hd_ruleset *ruleset, hd_str column);

hd_type hd_kind_type(hd_kind kind);                        /* of its standard values */
int hd_field_find(const hd_ruleset *ruleset, hd_str code); /* -1: unknown */
int hd_source_find(const hd_ruleset *ruleset, hd_str code);
hd_survivorship *hd_survivorship_find(const hd_ruleset *ruleset, uint16_t field); /* or NULL */
const hd_code_table *hd_code_table_find(const hd_ruleset *ruleset, hd_str name);  /* or NULL */

/* Scopes for compiling. A mention: field, role.field, source, source_type, role. A pair: a.field,
 * b.field. */
hd_scope hd_scope_mention(hd_ruleset *ruleset);
hd_scope hd_scope_pair(hd_ruleset *ruleset);
/* hd_ref.index of the builtins. */
enum { HD_BUILTIN_SOURCE, HD_BUILTIN_SOURCE_TYPE, HD_BUILTIN_ROLE };

#endif
