/* rules/columns.yaml: what names of columns mean. */

#include "pipeline/config/init_guess.h"

enum { KEY_FIELDS, KEY_RECORD, KEY_ROLES, KEY_SEX, KEY_TYPES, KEY_KEYS, KEY_ENDINGS, N_KEYS };
static const char *const file_keys[N_KEYS] = {"fields", "record", "roles",      "sex",
                                              "types",  "keys",   "key_endings"};
static const hd_map_spec file_spec = {"rules/columns.yaml", file_keys, N_KEYS};

enum { TYPE_FILES, TYPE_HAS, TYPE_ROLES, TYPE_MAIN, TYPE_ALSO, TYPE_OFF, N_TYPE_KEYS };
static const char *const type_keys[N_TYPE_KEYS] = {"files", "has", "roles", "main", "also", "off"};
static const hd_map_spec type_spec = {"a type", type_keys, N_TYPE_KEYS};

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

static hd_status load_has(hd_loader *loader, const hd_node *list, hd_type_columns *type)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of fields"));
    type->has = HD_NEW_N(loader->arena, uint16_t, list->n);
    for (HD_EACH(item, list))
        HD_TRY(hd_load_field_ref(loader, item, &type->has[type->n_has++]));
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
        HD_TRY(load_has(loader, value[TYPE_HAS], type));
    if (value[TYPE_ROLES])
        HD_TRY(load_type_roles(loader, columns, value[TYPE_ROLES], type));
    if (value[TYPE_MAIN]) {
        hd_role_columns *role;
        HD_TRY(role_ref(loader, columns, value[TYPE_MAIN], &role));
        type->main = role->code;
    }
    return value[TYPE_ALSO] ? load_field_words(loader, value[TYPE_ALSO], type->also) : HD_OK;
}

/* The county's own over the packaged, entry by entry; of lists the own one. */
static hd_status merge_all(hd_loader *loader, const hd_node **value)
{
    static const hd_section sections[N_KEYS] = {[KEY_FIELDS] = {"field", NULL},
                                                [KEY_ROLES] = {"role", NULL},
                                                [KEY_SEX] = {"role", NULL},
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

hd_status hd_columns_load(hd_loader *loader, hd_columns *out)
{
    const hd_node *value[N_KEYS];
    memset(out, 0, sizeof *out);
    HD_TRY(merge_all(loader, value));
    HD_TRY(load_field_words(loader, value[KEY_FIELDS], out->fields));
    if (value[KEY_RECORD])
        HD_TRY(load_record(loader, value[KEY_RECORD], out));
    HD_TRY(load_roles(loader, value[KEY_ROLES], value[KEY_SEX], out));
    out->types = HD_NEW_N(loader->arena, hd_type_columns, value[KEY_TYPES]->n);
    for (HD_EACH(entry, value[KEY_TYPES]))
        HD_TRY(load_type(loader, out, entry, &out->types[out->n_types++]));
    if (value[KEY_KEYS])
        HD_TRY(load_words(loader, value[KEY_KEYS], &out->keys));
    return value[KEY_ENDINGS] ? load_words(loader, value[KEY_ENDINGS], &out->key_endings) : HD_OK;
}
