/* rules/types.yaml: roles, fills and relations of each type of source. */

#include "pipeline/config/load.h"

enum { KEY_AS, KEY_FILLS, KEY_RELATIONS, KEY_LIKE, KEY_ONCE, KEY_OWN, KEY_OFF, N_KEYS };
static const char *const type_keys[N_KEYS] = {
    "as", "fills", "relations", "roles_like", "duplicate_free", "own_roles", "off"};
static const hd_map_spec type_spec = {"a type", type_keys, N_KEYS};

enum { REL_ROLE, REL_OTHER, REL_RELATION, REL_START, REL_END, N_REL_KEYS };
static const char *const relation_keys[N_REL_KEYS] = {"role", "other", "relation", "start", "end"};
static const hd_map_spec relation_spec = {"a relation", relation_keys, N_REL_KEYS};
static const char *const relations[] = {"spouse", "mother", "father"};

static const char *const file_keys[] = {"types"};
static const hd_map_spec file_spec = {"rules/types.yaml", file_keys, 1};
static const hd_section section = {"type", NULL};

/* A role that the type speaks of. `scalar`: what names it. */
static hd_status add_role(hd_loader *loader, hd_source_type *type, const hd_node *scalar)
{
    HD_TRY(hd_node_name(loader->ctx, scalar, "a role"));
    for (uint32_t i = 0; i < type->n_roles; i++)
        if (hd_str_eq(type->roles[i], scalar->text))
            return HD_OK;
    HD_TRY(hd_load_add_role(loader, scalar, scalar->text)); /* bounds the type's roles too */
    type->roles[type->n_roles++] = scalar->text;
    return HD_OK;
}

/* "wife.name" */
static hd_status load_from(hd_loader *loader, const hd_node *node, hd_type_fill *fill)
{
    static const char expected[] = "a role and its field, as mother.name";
    hd_str text;
    HD_TRY(hd_node_text(loader->ctx, node, expected, &text));
    const char *dot = memchr(text.ptr, '.', text.len_bytes);
    if (!dot)
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "expected %s, found \"%.*s\"",
                       HD_POS(node->pos), expected, HD_ARG(text));
    fill->from_role = (hd_str){text.ptr, (uint32_t)(dot - text.ptr)};
    hd_node field = *node;
    field.text = hd_str_from(dot + 1);
    field.pos.column += fill->from_role.len_bytes + 1;
    return hd_load_field_ref(loader, &field, &fill->from_field);
}

/* Values of two fields are one value's numbers only where one standardiser makes both. */
static hd_status check_kinds(hd_loader *loader, const hd_node *node, const hd_type_fill *fill)
{
    const hd_field *to = &loader->ruleset->fields[fill->field];
    const hd_field *from = &loader->ruleset->fields[fill->from_field];
    if (to->kind == from->kind && hd_str_eq(to->table, from->table))
        return HD_OK;
    return HD_FAIL(loader->ctx, HD_CONFIG,
                   HD_AT "%.*s cannot be filled from %.*s: they are not of one kind",
                   HD_POS(node->pos), HD_ARG(to->code), HD_ARG(from->code));
}

static hd_status load_fills(hd_loader *loader, const hd_node *map, hd_source_type *type)
{
    uint32_t n = 0;
    HD_TRY(hd_node_is(loader->ctx, map, HD_NODE_MAP, "roles and their fills"));
    for (HD_EACH(role, map)) {
        HD_TRY(hd_node_is(loader->ctx, role, HD_NODE_MAP, "fields and where they come from"));
        HD_TRY(add_role(loader, type, role->key));
        n += role->n;
    }
    type->fills = HD_NEW_N(loader->arena, hd_type_fill, n);
    for (HD_EACH(role, map))
        for (HD_EACH(entry, role)) {
            hd_type_fill *fill = &type->fills[type->n_fills++];
            fill->role = role->key->text;
            HD_TRY(hd_load_field_ref(loader, entry->key, &fill->field));
            HD_TRY(load_from(loader, entry, fill));
            HD_TRY(check_kinds(loader, entry, fill));
        }
    return HD_OK;
}

static hd_status load_date_field(hd_loader *loader, const hd_node *node, int16_t *out)
{
    *out = -1;
    if (!node)
        return HD_OK;
    uint16_t field;
    HD_TRY(hd_load_field_ref(loader, node, &field));
    if (loader->ruleset->fields[field].kind != HD_KIND_date)
        return HD_FAIL(loader->ctx, HD_CONFIG,
                       HD_AT "expected a field of kind date, found \"%.*s\"", HD_POS(node->pos),
                       HD_ARG(node->text));
    *out = (int16_t)field;
    return HD_OK;
}

static hd_status load_relation(hd_loader *loader, const hd_node *node, hd_source_type *type)
{
    hd_ctx *ctx = loader->ctx;
    const hd_node *value[N_REL_KEYS];
    HD_TRY(hd_node_map(ctx, node, &relation_spec, value));
    for (uint32_t i = 0; i <= REL_RELATION; i++)
        HD_TRY(hd_node_need(ctx, node, &relation_spec, value[i], relation_keys[i]));
    uint32_t relation;
    HD_TRY(add_role(loader, type, value[REL_ROLE]));
    HD_TRY(add_role(loader, type, value[REL_OTHER]));
    HD_TRY(hd_node_choice(ctx, value[REL_RELATION], relations, sizeof relations / sizeof *relations,
                          &relation));
    hd_type_relation *out = &type->relations[type->n_relations++];
    *out = (hd_type_relation){.role = value[REL_ROLE]->text,
                              .other = value[REL_OTHER]->text,
                              .relation = hd_str_from(relations[relation])};
    HD_TRY(load_date_field(loader, value[REL_START], &out->start_field));
    return load_date_field(loader, value[REL_END], &out->end_field);
}

static hd_status load_relations(hd_loader *loader, const hd_node *list, hd_source_type *type)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of relations"));
    type->relations = HD_NEW_N(loader->arena, hd_type_relation, list->n);
    for (HD_EACH(relation, list))
        HD_TRY(load_relation(loader, relation, type));
    return HD_OK;
}

static hd_status load_likes(hd_loader *loader, const hd_node *map, hd_source_type *type)
{
    HD_TRY(hd_node_is(loader->ctx, map, HD_NODE_MAP, "roles and the role that each is like"));
    type->likes = HD_NEW_N(loader->arena, hd_type_like, map->n);
    for (HD_EACH(entry, map)) {
        HD_TRY(add_role(loader, type, entry->key));
        HD_TRY(add_role(loader, type, entry));
        type->likes[type->n_likes++] = (hd_type_like){entry->key->text, entry->text};
    }
    for (HD_EACH(entry, map))
        for (HD_EACH(other, map))
            if (hd_str_eq(entry->text, other->key->text))
                return HD_FAIL(loader->ctx, HD_CONFIG,
                               HD_AT "%.*s is like another role itself; name that one",
                               HD_POS(entry->pos), HD_ARG(entry->text));
    return HD_OK;
}

static hd_status load_duplicate_free(hd_loader *loader, const hd_node *node, hd_source_type *type)
{
    HD_TRY(hd_node_is(loader->ctx, node, HD_NODE_LIST, "a list of roles"));
    type->duplicate_free = HD_NEW_N(loader->arena, hd_str, node->n);
    for (HD_EACH(role, node)) {
        HD_TRY(add_role(loader, type, role));
        type->duplicate_free[type->n_duplicate_free++] = role->text;
    }
    return HD_OK;
}

/* Every role that a fill takes from must be one of the type's. */
static hd_status check_fills(hd_loader *loader, const hd_node *fills, const hd_source_type *type)
{
    const hd_type_fill *fill = type->fills;
    for (HD_EACH(role, fills))
        for (HD_EACH(entry, role)) {
            hd_near_name nearest = {.wanted = fill++->from_role};
            bool known = false;
            for (uint32_t i = 0; i < type->n_roles; i++) {
                known |= hd_str_eq(type->roles[i], nearest.wanted);
                hd_near_name_offer(&nearest, type->roles[i]);
            }
            if (!known)
                return hd_node_unknown(loader->ctx, entry, "role", &nearest);
        }
    return HD_OK;
}

/* All that holds for a type above holds for this one, and nothing else does. */
static hd_status load_as(hd_loader *loader, const hd_node *const *value, hd_source_type *type)
{
    const hd_node *node = value[KEY_AS];
    hd_str code, own = type->code;
    for (uint32_t i = KEY_AS + 1; i < KEY_OFF; i++)
        if (value[i])
            return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "\"%s\" cannot stand beside \"as\"",
                           HD_POS(value[i]->key->pos), type_keys[i]);
    HD_TRY(hd_node_text(loader->ctx, node, "a type that stands above", &code));
    const hd_source_type *other = hd_load_type_ref(loader, code);
    if (!other)
        return hd_load_unknown_type(loader, node);
    *type = *other;
    type->code = own;
    return HD_OK;
}

static hd_status load_type(hd_loader *loader, const hd_node *node, hd_source_type *type)
{
    const hd_node *value[N_KEYS];
    HD_TRY(hd_node_code(loader->ctx, node->key, "a type's name", &type->code));
    HD_TRY(hd_node_map(loader->ctx, node, &type_spec, value));
    if (value[KEY_AS])
        return load_as(loader, value, type);
    type->roles = HD_NEW_N(loader->arena, hd_str, HD_ROLES_MAX);
    if (value[KEY_OWN])
        HD_TRY(hd_node_bool(loader->ctx, value[KEY_OWN], &type->own_roles));
    if (value[KEY_FILLS])
        HD_TRY(load_fills(loader, value[KEY_FILLS], type));
    if (value[KEY_RELATIONS])
        HD_TRY(load_relations(loader, value[KEY_RELATIONS], type));
    if (value[KEY_LIKE])
        HD_TRY(load_likes(loader, value[KEY_LIKE], type));
    if (value[KEY_ONCE])
        HD_TRY(load_duplicate_free(loader, value[KEY_ONCE], type));
    return value[KEY_FILLS] ? check_fills(loader, value[KEY_FILLS], type) : HD_OK;
}

hd_status hd_load_types(hd_loader *loader)
{
    const hd_node *packaged, *own, *types;
    HD_TRY(hd_load_rules(loader, "types.yaml", &file_spec, &packaged, &own));
    HD_TRY(hd_merge(loader->ctx, loader->arena, &section, packaged, own, &types));
    loader->types = HD_NEW_N(loader->arena, hd_source_type, types->n);
    for (HD_EACH(type, types)) {
        HD_TRY(load_type(loader, type, &loader->types[loader->n_types]));
        loader->n_types++;
    }
    return HD_OK;
}

const hd_source_type *hd_load_type_ref(hd_loader *loader, hd_str code)
{
    for (uint32_t i = 0; i < loader->n_types; i++)
        if (hd_str_eq(loader->types[i].code, code))
            return &loader->types[i];
    return NULL;
}

hd_status hd_load_unknown_type(hd_loader *loader, const hd_node *node)
{
    hd_near_name nearest = {.wanted = node->text};
    for (uint32_t i = 0; i < loader->n_types; i++)
        hd_near_name_offer(&nearest, loader->types[i].code);
    hd_hint(loader->ctx, "types are listed in %s/types.yaml; `person` is for anything else",
            loader->rules_shown);
    return hd_node_unknown(loader->ctx, node, "type of source", &nearest);
}
