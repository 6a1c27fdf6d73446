/* rules/columns.yaml: what names of columns mean. */

#include "pipeline/config/init_guess.h"

enum {
    KEY_FIELDS,
    KEY_RECORD,
    KEY_ROLES,
    KEY_SELF,
    KEY_KIN,
    KEY_BESIDE,
    KEY_PARTS,
    KEY_INSIDE,
    KEY_FAMILY,
    KEY_SEX,
    KEY_TYPES,
    KEY_KEYS,
    KEY_ENDINGS,
    KEY_RUNNING,
    KEY_WITHIN,
    KEY_PERSONAL_ENDINGS,
    KEY_NOT_ENDINGS,
    N_KEYS
};
static const char *const file_keys[N_KEYS] = {"fields",
                                              "record",
                                              "roles",
                                              "self",
                                              "kin",
                                              "beside",
                                              "parts",
                                              "inside",
                                              "family",
                                              "sex",
                                              "types",
                                              "keys",
                                              "key_endings",
                                              "running",
                                              "numbered_within",
                                              "personal_key_endings",
                                              "not_key_endings"};
static const hd_map_spec file_spec = {"rules/columns.yaml", file_keys, N_KEYS};

enum {
    TYPE_FILES,
    TYPE_HAS,
    TYPE_ROLES,
    TYPE_MAIN,
    TYPE_NAMED,
    TYPE_ALSO,
    TYPE_WANTS,
    TYPE_OFF,
    N_TYPE_KEYS
};
static const char *const type_keys[N_TYPE_KEYS] = {"files", "has",  "roles", "main",
                                                   "named", "also", "wants", "off"};
static const hd_map_spec type_spec = {"a type", type_keys, N_TYPE_KEYS};

enum { KIN_FIELDS, KIN_SAID, N_KIN_KEYS };
static const char *const kin_keys[N_KIN_KEYS] = {"fields", "said"};
static const hd_map_spec kin_spec = {"a person's kin", kin_keys, N_KIN_KEYS};

enum { BESIDE_PREFIXES, BESIDE_RELATION, BESIDE_ALONE, N_BESIDE_KEYS };
static const char *const beside_keys[N_BESIDE_KEYS] = {"prefixes", "relation", "relation_alone"};
static const hd_map_spec beside_spec = {"persons beside", beside_keys, N_BESIDE_KEYS};

enum { INSIDE_FIRST, INSIDE_COLUMNS, N_INSIDE_KEYS };
static const char *const inside_keys[N_INSIDE_KEYS] = {"first", "columns"};
static const hd_map_spec inside_spec = {"a field inside a longer number", inside_keys,
                                        N_INSIDE_KEYS};

enum { FAMILY_PREFIXES, FAMILY_NUMBERED, FAMILY_RELATION, N_FAMILY_KEYS };
static const char *const family_keys[N_FAMILY_KEYS] = {"prefixes", "numbered", "relation"};
static const hd_map_spec family_spec = {"a member of a family", family_keys, N_FAMILY_KEYS};

enum { PARTS_UNLESS, PARTS_JOINED, N_PARTS_KEYS };
static const char *const parts_keys[N_PARTS_KEYS] = {"unless", "joined"};
static const hd_map_spec parts_spec = {"parts of a field", parts_keys, N_PARTS_KEYS};

hd_str hd_column_key(hd_arena *arena, hd_str name)
{
    static const char full_width_bracket[] = "\xEF\xBC\x88", full_width_blank[] = "\xE3\x80\x80";
    char *key = hd_arena_alloc(arena, name.len_bytes + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < name.len_bytes; i++) {
        hd_str rest = {name.ptr + i, name.len_bytes - i};
        char c = name.ptr[i];
        if (i && (c == '(' || hd_str_starts(rest, hd_str_from(full_width_bracket))))
            break;
        if (hd_str_starts(rest, hd_str_from(full_width_blank)))
            i += 2;
        else if (c != ' ' && c != '\t' && c != '_' && c != '-')
            key[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
    }
    return (hd_str){key, n};
}

hd_str hd_comment_key(hd_arena *arena, hd_str comment)
{
    static const char *const ends[] = {":", ",", ";", "\n", "：", "，", "；", "。", "、"};
    for (uint32_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *end = memmem(comment.ptr, comment.len_bytes, ends[i], strlen(ends[i]));
        if (end && end > comment.ptr)
            comment.len_bytes = (uint32_t)(end - comment.ptr);
    }
    return hd_column_key(arena, hd_str_trim(comment));
}

bool hd_column_denied(const hd_deny *deny, hd_str name, hd_str comment)
{
    return hd_deny_has(deny, name) || hd_deny_has(deny, comment);
}

static hd_status load_words(hd_loader *loader, const hd_node *node, hd_words *out)
{
    HD_TRY(
        hd_node_texts(loader->ctx, loader->arena, node, "names of columns", &out->item, &out->n));
    for (uint32_t i = 0; i < out->n; i++)
        out->item[i] = hd_column_key(loader->arena, out->item[i]);
    return HD_OK;
}

/* A map from fields to names. */
static hd_status load_field_words(hd_loader *loader, const hd_node *map, hd_words *fields)
{
    HD_TRY(hd_node_is(loader->ctx, map, HD_NODE_MAP, "fields and names of columns"));
    for (HD_EACH(entry, map)) {
        uint16_t field;
        HD_TRY(hd_load_field_ref(loader, entry->key, &field));
        HD_TRY(load_words(loader, entry, &fields[field]));
    }
    return HD_OK;
}

static hd_status load_record(hd_loader *loader, const hd_node *list, hd_columns *out)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of fields"));
    for (HD_EACH(item, list)) {
        uint16_t field;
        HD_TRY(hd_load_field_ref(loader, item, &field));
        out->record[field] = true;
    }
    return HD_OK;
}

hd_role_columns *hd_columns_role(const hd_columns *columns, hd_str code)
{
    for (uint32_t i = 0; i < columns->n_roles; i++)
        if (hd_str_eq(columns->roles[i].code, code))
            return &columns->roles[i];
    return NULL;
}

static hd_status role_ref(hd_loader *loader, const hd_columns *columns, const hd_node *node,
                          hd_role_columns **out)
{
    hd_str code;
    HD_TRY(hd_node_text(loader->ctx, node, "a role", &code));
    *out = hd_columns_role(columns, code);
    if (*out)
        return HD_OK;
    hd_near_name nearest = {.wanted = code};
    for (uint32_t i = 0; i < columns->n_roles; i++)
        hd_near_name_offer(&nearest, columns->roles[i].code);
    return hd_node_unknown(loader->ctx, node, "role", &nearest);
}

static hd_status load_roles(hd_loader *loader, const hd_node *roles, const hd_node *sexes,
                            hd_columns *out)
{
    out->roles = HD_NEW_N(loader->arena, hd_role_columns, roles->n);
    for (HD_EACH(entry, roles)) {
        hd_role_columns *role = &out->roles[out->n_roles++];
        role->code = entry->key->text;
        HD_TRY(load_words(loader, entry, &role->prefixes));
    }
    for (HD_EACH(entry, sexes)) {
        hd_role_columns *role;
        HD_TRY(role_ref(loader, out, entry->key, &role));
        HD_TRY(hd_node_text(loader->ctx, entry, "a sex", &role->sex));
    }
    return HD_OK;
}

static hd_status load_field_list(hd_loader *loader, const hd_node *list, uint16_t **out,
                                 uint32_t *n)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of fields"));
    *out = HD_NEW_N(loader->arena, uint16_t, list->n);
    *n = 0;
    for (HD_EACH(item, list))
        HD_TRY(hd_load_field_ref(loader, item, &(*out)[(*n)++]));
    return HD_OK;
}

/* ---- persons and fields in several columns ---- */

static hd_status load_kin_fields(hd_loader *loader, const hd_node *map, hd_kin_columns *kin)
{
    HD_TRY(hd_node_is(loader->ctx, map, HD_NODE_MAP, "fields of the other and of the person"));
    kin->fields = HD_NEW_N(loader->arena, hd_kin_field, map->n);
    for (HD_EACH(entry, map)) {
        hd_kin_field *field = &kin->fields[kin->n_fields++];
        HD_TRY(hd_load_field_ref(loader, entry->key, &field->of_person));
        HD_TRY(hd_load_field_ref(loader, entry, &field->field));
    }
    return HD_OK;
}

static hd_status load_kin(hd_loader *loader, const hd_node *map, hd_columns *out)
{
    out->kin = HD_NEW_N(loader->arena, hd_kin_columns, map->n);
    for (HD_EACH(entry, map)) {
        hd_kin_columns *kin = &out->kin[out->n_kin++];
        const hd_node *value[N_KIN_KEYS];
        hd_role_columns *role;
        HD_TRY(role_ref(loader, out, entry->key, &role));
        kin->role = role;
        HD_TRY(hd_node_map(loader->ctx, entry, &kin_spec, value));
        if (value[KIN_FIELDS])
            HD_TRY(load_kin_fields(loader, value[KIN_FIELDS], kin));
        if (value[KIN_SAID])
            HD_TRY(hd_node_texts(loader->ctx, loader->arena, value[KIN_SAID], "relations",
                                 &kin->said, &kin->n_said));
    }
    return HD_OK;
}

static hd_status load_beside(hd_loader *loader, const hd_node *map, hd_columns *out)
{
    const hd_node *value[N_BESIDE_KEYS];
    hd_words *words[N_BESIDE_KEYS] = {&out->beside, &out->beside_relation,
                                      &out->beside_relation_alone};
    HD_TRY(hd_node_map(loader->ctx, map, &beside_spec, value));
    for (uint32_t i = 0; i < N_BESIDE_KEYS; i++)
        if (value[i])
            HD_TRY(load_words(loader, value[i], words[i]));
    return HD_OK;
}

static hd_status load_part(hd_loader *loader, const hd_node *node, hd_part_columns *part)
{
    const hd_node *value[N_PARTS_KEYS];
    HD_TRY(hd_load_field_ref(loader, node->key, &part->field));
    HD_TRY(hd_node_map(loader->ctx, node, &parts_spec, value));
    if (value[PARTS_UNLESS])
        HD_TRY(load_field_list(loader, value[PARTS_UNLESS], &part->unless, &part->n_unless));
    if (!value[PARTS_JOINED])
        return HD_OK;
    HD_TRY(
        hd_node_is(loader->ctx, value[PARTS_JOINED], HD_NODE_LIST, "a list of names of columns"));
    part->names = HD_NEW_N(loader->arena, hd_words, value[PARTS_JOINED]->n);
    for (HD_EACH(item, value[PARTS_JOINED]))
        HD_TRY(load_words(loader, item, &part->names[part->n++]));
    return HD_OK;
}

static hd_status load_parts(hd_loader *loader, const hd_node *map, hd_columns *out)
{
    out->parts = HD_NEW_N(loader->arena, hd_part_columns, map->n);
    for (HD_EACH(entry, map))
        HD_TRY(load_part(loader, entry, &out->parts[out->n_parts++]));
    return HD_OK;
}

static hd_status load_inside(hd_loader *loader, const hd_node *map, hd_columns *out)
{
    out->inside = HD_NEW_N(loader->arena, hd_inside_columns, map->n);
    for (HD_EACH(entry, map)) {
        hd_inside_columns *inside = &out->inside[out->n_inside++];
        const hd_node *value[N_INSIDE_KEYS];
        double first = 0;
        HD_TRY(hd_load_field_ref(loader, entry->key, &inside->field));
        HD_TRY(hd_node_map(loader->ctx, entry, &inside_spec, value));
        if (value[INSIDE_FIRST])
            HD_TRY(hd_node_number(loader->ctx, value[INSIDE_FIRST], 1, 100, &first));
        inside->first = (uint32_t)first;
        if (value[INSIDE_COLUMNS])
            HD_TRY(load_words(loader, value[INSIDE_COLUMNS], &inside->names));
    }
    return HD_OK;
}

static hd_status load_family(hd_loader *loader, const hd_node *map, hd_columns *out)
{
    out->family = HD_NEW_N(loader->arena, hd_family_columns, map->n);
    for (HD_EACH(entry, map)) {
        hd_family_columns *kind = &out->family[out->n_family++];
        const hd_node *value[N_FAMILY_KEYS];
        HD_TRY(hd_node_name(loader->ctx, entry->key, "a role"));
        kind->role = entry->key->text;
        HD_TRY(hd_node_map(loader->ctx, entry, &family_spec, value));
        kind->numbered = value[FAMILY_NUMBERED] != NULL;
        if (value[FAMILY_PREFIXES])
            HD_TRY(load_words(loader, value[FAMILY_PREFIXES], &kind->prefixes));
        if (value[FAMILY_NUMBERED])
            HD_TRY(load_words(loader, value[FAMILY_NUMBERED], &kind->prefixes));
        if (value[FAMILY_RELATION])
            HD_TRY(
                hd_node_text(loader->ctx, value[FAMILY_RELATION], "a relation", &kind->relation));
    }
    return HD_OK;
}

static hd_status load_self(hd_loader *loader, const hd_node *list, hd_columns *out)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of who the person may be"));
    out->self = HD_NEW_N(loader->arena, hd_words, list->n);
    for (HD_EACH(item, list))
        HD_TRY(load_words(loader, item, &out->self[out->n_self++]));
    return HD_OK;
}

/* ---- types ---- */

static hd_status load_wants(hd_loader *loader, const hd_node *map, hd_type_columns *type)
{
    HD_TRY(hd_node_is(loader->ctx, map, HD_NODE_MAP, "roles and their fields"));
    type->wants = HD_NEW_N(loader->arena, hd_wanted, map->n);
    for (HD_EACH(entry, map)) {
        hd_wanted *wanted = &type->wants[type->n_wants++];
        wanted->role = entry->key->text;
        HD_TRY(load_field_list(loader, entry, &wanted->fields, &wanted->n));
    }
    return HD_OK;
}

static hd_status load_type_roles(hd_loader *loader, const hd_columns *columns, const hd_node *list,
                                 hd_type_columns *type)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of roles"));
    if (list->n > HD_ROLES_MAX)
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "more than %d roles", HD_POS(list->pos),
                       HD_ROLES_MAX);
    type->roles = HD_NEW_N(loader->arena, hd_str, list->n);
    for (HD_EACH(item, list)) {
        hd_role_columns *role;
        HD_TRY(role_ref(loader, columns, item, &role));
        type->roles[type->n_roles++] = role->code;
    }
    return HD_OK;
}

static hd_status load_type(hd_loader *loader, const hd_columns *columns, const hd_node *node,
                           hd_type_columns *type)
{
    const hd_node *value[N_TYPE_KEYS];
    type->code = node->key->text;
    if (!hd_load_type_ref(loader, type->code))
        return hd_load_unknown_type(loader, node->key);
    HD_TRY(hd_node_map(loader->ctx, node, &type_spec, value));
    if (value[TYPE_FILES])
        HD_TRY(load_words(loader, value[TYPE_FILES], &type->files));
    if (value[TYPE_HAS])
        HD_TRY(load_field_list(loader, value[TYPE_HAS], &type->has, &type->n_has));
    if (value[TYPE_ROLES])
        HD_TRY(load_type_roles(loader, columns, value[TYPE_ROLES], type));
    if (value[TYPE_MAIN]) {
        hd_role_columns *role;
        HD_TRY(role_ref(loader, columns, value[TYPE_MAIN], &role));
        type->main = role->code;
    }
    if (value[TYPE_NAMED])
        HD_TRY(hd_node_bool(loader->ctx, value[TYPE_NAMED], &type->named));
    if (value[TYPE_WANTS])
        HD_TRY(load_wants(loader, value[TYPE_WANTS], type));
    return value[TYPE_ALSO] ? load_field_words(loader, value[TYPE_ALSO], type->also) : HD_OK;
}

/* The county's own over the packaged, entry by entry; of lists the own one. */
static hd_status merge_all(hd_loader *loader, const hd_node **value)
{
    static const hd_section sections[N_KEYS] = {
        [KEY_FIELDS] = {"field", NULL}, [KEY_ROLES] = {"role", NULL},  [KEY_KIN] = {"role", NULL},
        [KEY_FAMILY] = {"role", NULL},  [KEY_PARTS] = {"field", NULL}, [KEY_SEX] = {"role", NULL},
        [KEY_TYPES] = {"type", NULL}};
    const hd_node *packaged[N_KEYS], *own[N_KEYS];
    HD_TRY(hd_load_rules(loader, "columns.yaml", &file_spec, packaged, own));
    for (uint32_t i = 0; i < N_KEYS; i++) {
        value[i] = own[i] ? own[i] : packaged[i];
        if (sections[i].what)
            HD_TRY(
                hd_merge(loader->ctx, loader->arena, &sections[i], packaged[i], own[i], &value[i]));
    }
    return HD_OK;
}

static hd_status load_lists(hd_loader *loader, const hd_node *const *value, hd_columns *out)
{
    const struct {
        int key;
        hd_words *words;
    } lists[] = {{KEY_KEYS, &out->keys},
                 {KEY_ENDINGS, &out->key_endings},
                 {KEY_RUNNING, &out->running},
                 {KEY_WITHIN, &out->numbered_within},
                 {KEY_PERSONAL_ENDINGS, &out->personal_key_endings},
                 {KEY_NOT_ENDINGS, &out->not_key_endings}};
    for (uint32_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (value[lists[i].key])
            HD_TRY(load_words(loader, value[lists[i].key], lists[i].words));
    return HD_OK;
}

hd_status hd_columns_load(hd_loader *loader, hd_columns *out)
{
    const hd_node *value[N_KEYS];
    memset(out, 0, sizeof *out);
    HD_TRY(merge_all(loader, value));
    HD_TRY(load_field_words(loader, value[KEY_FIELDS], out->fields));
    if (value[KEY_RECORD])
        HD_TRY(load_record(loader, value[KEY_RECORD], out));
    HD_TRY(load_roles(loader, value[KEY_ROLES], value[KEY_SEX], out));
    HD_TRY(load_kin(loader, value[KEY_KIN], out));
    if (value[KEY_BESIDE])
        HD_TRY(load_beside(loader, value[KEY_BESIDE], out));
    if (value[KEY_SELF])
        HD_TRY(load_self(loader, value[KEY_SELF], out));
    HD_TRY(load_parts(loader, value[KEY_PARTS], out));
    HD_TRY(load_inside(loader, value[KEY_INSIDE], out));
    if (value[KEY_FAMILY])
        HD_TRY(load_family(loader, value[KEY_FAMILY], out));
    out->types = HD_NEW_N(loader->arena, hd_type_columns, value[KEY_TYPES]->n);
    for (HD_EACH(entry, value[KEY_TYPES]))
        HD_TRY(load_type(loader, out, entry, &out->types[out->n_types++]));
    return load_lists(loader, value, out);
}
