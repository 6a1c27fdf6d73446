/* rules/fields.yaml, the county's own, and `fields:` of hedui.yaml. */

#include "pipeline/config/load.h"

enum { KEY_KIND, KEY_TABLE, KEY_PERSON, KEY_COLUMN, KEY_OFF, N_KEYS };
static const char *const field_keys[N_KEYS] = {"kind", "table", "person", "column", "off"};
static const hd_map_spec field_spec = {"a field", field_keys, N_KEYS};

static const char *const file_keys[] = {"fields"};
static const hd_map_spec file_spec = {"rules/fields.yaml", file_keys, 1};
static const hd_section section = {"field", NULL};

/* Names that mean something else where a field is named: in an expression, in an example. */
static const char *const reserved[] = {"source", "source_type", "role", "person", "type",
                                       "off",    "and",         "or",   "not",    "in",
                                       "true",   "false",       "null"};

/* Columns of the person table that no field fills. */
static const char *const person_columns[] = {
    "person_id", "spouse_person_id", "mother_person_id", "father_person_id", "n_records",
    "n_sources", "confidence",       "first_run",        "changed_run"};

static bool among(hd_str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (hd_str_eq(text, hd_str_from(words[i])))
            return true;
    return false;
}

static hd_status check_code(hd_loader *loader, const hd_node *key)
{
    HD_TRY(hd_node_name(loader->ctx, key, "a field's name"));
    if (!among(key->text, reserved, sizeof reserved / sizeof *reserved))
        return HD_OK;
    hd_hint(loader->ctx, "the rule language uses this word; choose another");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "a field cannot be called \"%.*s\"",
                   HD_POS(key->pos), HD_ARG(key->text));
}

static hd_status check_column(hd_loader *loader, const hd_field *field, const hd_node *node)
{
    const hd_ruleset *ruleset = loader->ruleset;
    bool taken =
        among(field->column, person_columns, sizeof person_columns / sizeof *person_columns);
    for (uint32_t i = 0; i < ruleset->n_fields; i++)
        taken |= ruleset->fields[i].person && hd_str_eq(ruleset->fields[i].column, field->column);
    if (!taken)
        return HD_OK;
    hd_hint(loader->ctx, "give the field another `column:`");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "the person table has a column \"%.*s\" already",
                   HD_POS(node->pos), HD_ARG(field->column));
}

static hd_status load_table(hd_loader *loader, const hd_node *node, hd_field *field)
{
    if (field->kind != HD_KIND_code) {
        hd_hint(loader->ctx, "write `kind: code`, or leave the table off");
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "only a field of kind code has a table",
                       HD_POS(node->pos));
    }
    HD_TRY(hd_node_code(loader->ctx, node, "the name of a code table", &field->table));
    if (hd_code_table_find(loader->ruleset, field->table))
        return HD_OK;
    hd_near_name nearest = {.wanted = field->table};
    for (uint32_t i = 0; i < loader->ruleset->n_code_tables; i++)
        hd_near_name_offer(&nearest, loader->ruleset->code_tables[i].name);
    hd_hint(loader->ctx,
            "code tables are files %s/tables/codes/NAME.tsv or %s/tables/codes/NAME.tsv",
            loader->rules_shown, loader->own_shown);
    return hd_node_unknown(loader->ctx, node, "code table", &nearest);
}

static hd_status load_kind(hd_loader *loader, const hd_node *node, hd_kind *out)
{
    const char *kinds[HD_N_KINDS];
    for (uint32_t i = 0; i < HD_N_KINDS; i++)
        kinds[i] = hd_kind_name((hd_kind)i);
    uint32_t kind;
    HD_TRY(hd_node_choice(loader->ctx, node, kinds, HD_N_KINDS, &kind));
    *out = (hd_kind)kind;
    return HD_OK;
}

static hd_status load_field(hd_loader *loader, const hd_node *node)
{
    hd_ctx *ctx = loader->ctx;
    hd_ruleset *ruleset = loader->ruleset;
    const hd_node *value[N_KEYS];
    HD_TRY(check_code(loader, node->key));
    if (ruleset->n_fields == HD_FIELDS_MAX) {
        hd_hint(ctx, "turn off fields that no source has: `fields: {relation: {off: true}}`");
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "more than %d fields", HD_POS(node->key->pos),
                       HD_FIELDS_MAX);
    }
    HD_TRY(hd_node_map(ctx, node, &field_spec, value));
    HD_TRY(hd_node_need(ctx, node, &field_spec, value[KEY_KIND], "kind"));
    hd_field field = {.code = node->key->text, .column = node->key->text};
    HD_TRY(load_kind(loader, value[KEY_KIND], &field.kind));
    if (value[KEY_TABLE])
        HD_TRY(load_table(loader, value[KEY_TABLE], &field));
    if (value[KEY_PERSON])
        HD_TRY(hd_node_bool(ctx, value[KEY_PERSON], &field.person));
    if (value[KEY_COLUMN]) {
        HD_TRY(hd_node_name(ctx, value[KEY_COLUMN], "a column's name"));
        field.column = value[KEY_COLUMN]->text;
    }
    if (field.person)
        HD_TRY(check_column(loader, &field, value[KEY_COLUMN] ? value[KEY_COLUMN] : node->key));
    ruleset->fields[ruleset->n_fields++] = field;
    return HD_OK;
}

hd_status hd_load_fields(hd_loader *loader, const hd_node *settings)
{
    const hd_node *packaged, *own, *fields;
    HD_TRY(hd_load_rules(loader, "fields.yaml", &file_spec, &packaged, &own));
    HD_TRY(hd_merge(loader->ctx, loader->arena, &section, packaged, own, &fields));
    HD_TRY(hd_merge(loader->ctx, loader->arena, &section, fields, settings, &fields));
    for (HD_EACH(field, fields))
        HD_TRY(load_field(loader, field));
    return HD_OK;
}

hd_status hd_load_field_ref(hd_loader *loader, const hd_node *node, uint16_t *out)
{
    hd_str code;
    HD_TRY(hd_node_text(loader->ctx, node, "a field", &code));
    int found = hd_field_find(loader->ruleset, code);
    *out = (uint16_t)found;
    if (found >= 0)
        return HD_OK;
    hd_near_name nearest = {.wanted = code};
    for (uint32_t i = 0; i < loader->ruleset->n_fields; i++)
        hd_near_name_offer(&nearest, loader->ruleset->fields[i].code);
    hd_hint(loader->ctx, "fields are listed in %s/fields.yaml; new ones go under `fields:`",
            loader->rules_shown);
    return hd_node_unknown(loader->ctx, node, "field", &nearest);
}
