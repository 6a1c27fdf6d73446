#ifndef HD_CONFIG_LOAD_H
#define HD_CONFIG_LOAD_H

/* Private to the loader: what its parts hand each other while a configuration is read. All memory
 * is the ruleset's arena: names, places and texts of the YAML trees are pointed to for good. */

#include "base/hash.h"
#include "pipeline/config/merge.h"
#include "pipeline/config/ruleset.h"

/* rules/types.yaml, of one type of source. Roles by code: which of them a source has is its own. */
typedef struct hd_type_fill {
    hd_str role, from_role;
    uint16_t field, from_field;
} hd_type_fill;

typedef struct hd_type_relation {
    hd_str role, other, relation;
    int16_t start_field, end_field;
} hd_type_relation;

typedef struct hd_type_like {
    hd_str role, like;
} hd_type_like;

typedef struct hd_source_type {
    hd_str code;
    hd_str *roles; /* that the type speaks of; none: any role will do */
    uint32_t n_roles;
    bool own_roles; /* any role will do all the same */
    hd_type_like *likes;
    uint32_t n_likes;
    hd_type_fill *fills;
    uint32_t n_fills;
    hd_type_relation *relations;
    uint32_t n_relations;
    hd_str *duplicate_free; /* roles */
    uint32_t n_duplicate_free;
} hd_source_type;

/* Columns that are never read: rules/deny.yaml. */
typedef struct hd_deny {
    hd_str *contains, *equals;
    uint32_t n_contains, n_equals;
} hd_deny;

typedef struct hd_loader {
    hd_ctx *ctx;
    hd_ruleset *ruleset;
    hd_arena *arena;                     /* the ruleset's */
    const char *rules_dir, *rules_shown; /* packaged; how messages name the folder: "rules" */
    const char *own_dir, *own_shown;     /* rules/ beside hedui.yaml, there or not */
    bool own_is_packaged;                /* hedui.yaml lies beside the packaged rules */
    hd_digest digest;                    /* of all that was read */
    hd_source_type *types;
    uint32_t n_types;
    hd_deny deny;
    bool mapped[HD_FIELDS_MAX]; /* some source gives the field to a mention */
} hd_loader;

/* Start with what sources are described with and no source: fields, types, tables, deny words. The
 * caller frees loader->ruleset in any case. */
hd_status hd_loader_open(hd_ctx *ctx, const char *config_path, const char *rules_dir,
                         hd_loader *loader);

/* Text of `name` below the packaged or the own rules; null where it is not there. */
hd_status hd_load_text(hd_loader *loader, bool own, const char *name, const char **shown,
                       hd_str *out);
/* The same, but an error where it is not there. */
hd_status hd_load_packaged_text(hd_loader *loader, const char *name, const char **shown,
                                hd_str *out);
/* The packaged and the county's own file of one name: values by the keys of `spec`, NULL where a
 * key, or the own file, is not there. */
hd_status hd_load_rules(hd_loader *loader, const char *name, const hd_map_spec *spec,
                        const hd_node **packaged, const hd_node **own);
/* The same for a file without a fixed list of keys: roots. *own NULL: not there. */
hd_status hd_load_trees(hd_loader *loader, const char *name, const hd_node **packaged,
                        const hd_node **own);

hd_status hd_load_expr(hd_loader *loader, const hd_scope *scope, const hd_node *node, hd_type want,
                       const hd_expr **out);
hd_status hd_load_field_ref(hd_loader *loader, const hd_node *node, uint16_t *out);
const hd_source_type *hd_load_type_ref(hd_loader *loader, hd_str code); /* or NULL */
hd_status hd_load_unknown_type(hd_loader *loader, const hd_node *node);

/* A role for ruleset->role_names, where it is new. They are numbered, by code, once all sources are
 * read: hd_load_number_roles. */
hd_status hd_load_add_role(hd_loader *loader, const hd_node *node, hd_str code);
void hd_load_number_roles(hd_ruleset *ruleset);

/* What the rows of a source mean; filter, record and codes may be NULL. */
typedef struct hd_mapping {
    const hd_node *key, *filter, *record, *mentions, *codes;
} hd_mapping;
hd_status hd_load_mapping(hd_loader *loader, const hd_mapping *mapping, const hd_source_type *type,
                          hd_source *source);
enum {
    HD_CODES_MAX = 120
}; /* of one field of one source: arguments of a function are counted in a byte */
/* `codes:` of a source: known fields that hold codes, and codes that their tables know. */
hd_status hd_load_check_codes(hd_loader *loader, const hd_node *codes);
/* The expression (without its =) that recodes `input`, a column or =expression, by one field's map.
 */
hd_str hd_load_recode(hd_loader *loader, const hd_node *map, hd_str input);
/* What the type says, between the roles that the source has and of fields that it maps. */
void hd_load_fills(hd_loader *loader, const hd_source_type *type, hd_source *source);
void hd_load_relations(hd_loader *loader, const hd_source_type *type, hd_source *source);
/* Which of its roles have everybody once: what the type says, unless the source does (`node`, may
 * be NULL): true, false or a list of its roles. */
hd_status hd_load_duplicate_free(hd_loader *loader, const hd_source_type *type, const hd_node *node,
                                 hd_source *source);

/* A connection string, HD_CONFIG where it holds a password. `node` is where it stands, `tls_waiver`
 * may be NULL. */
#define HD_CONNINFO_EXPECTED "a connection string, as \"service=police\""
hd_status hd_load_database(hd_loader *loader, const hd_node *node, hd_str conninfo,
                           const hd_node *tls_waiver, hd_database *out);
/* [schema.]name: source->schema, table and place. */
hd_status hd_load_table_name(hd_loader *loader, const hd_node *node, hd_source *source);
/* Where `store:` names one in PostgreSQL: ruleset->store_database. */
hd_status hd_load_store_database(hd_loader *loader, const hd_node *node);

/* Sections of rules/linkage.yaml, merged: relations, birth_order, comparisons. */
hd_status hd_load_lookups(hd_loader *loader, const hd_node *list);
hd_status hd_load_birth_orders(hd_loader *loader, const hd_node *list);
hd_status hd_load_comparisons(hd_loader *loader, const hd_node *list);
/* A list of expressions over one mention; `node` NULL: none, and *out stays. `expected`: for whom
 * wrote something else. */
hd_status hd_load_exprs(hd_loader *loader, const hd_node *node, const char *expected,
                        const hd_expr ***out, uint32_t *n);
/* HD_CONFIG: "more than <max> <what>". */
hd_status hd_load_too_many(hd_loader *loader, const hd_node *node, const char *what, int max);

/* HD_CONFIG where the county's rules hold a file that nothing reads: a rule that its author
 * believes to hold would not. */
hd_status hd_check_own_files(hd_loader *loader);

/* The parts, in the order in which they need each other. `settings`: of hedui.yaml, may be NULL. */
hd_status hd_load_tables(hd_loader *loader);
hd_status hd_load_fields(hd_loader *loader, const hd_node *settings);
hd_status hd_load_types(hd_loader *loader);
hd_status hd_load_deny(hd_loader *loader);
hd_status hd_load_sources(hd_loader *loader, const hd_node *settings);
hd_status hd_load_waits(hd_loader *loader, const hd_node *settings);
hd_status hd_load_linkage(hd_loader *loader, const hd_node *settings);
hd_status hd_load_reconcile(hd_loader *loader);
hd_status hd_load_checks(hd_loader *loader);

bool hd_deny_has(const hd_deny *deny, hd_str column);
/* HD_CONFIG where `column` is of those that are never read. */
hd_status hd_deny_check(hd_loader *loader, hd_source_pos pos, hd_str column);
/* Whether the expression can have a value, given the fields that are mapped. */
bool hd_expr_reachable(const hd_loader *loader, const hd_expr *expr);

/* rules/text.<language>.yaml and English behind it. */
hd_status hd_catalogue_load(hd_loader *loader, hd_str language, struct hd_catalogue **out);

#endif
