/* The columns of a source, and what each means. */

#include "pipeline/config/load.h"

#include <stdlib.h>

enum { COLUMNS_MAX = 4096 }; /* of one source; no table has as many */

/* The columns of a source as they are asked for: each once, in the order of first use. */
typedef struct columns {
    hd_loader *loader;
    const hd_node *codes; /* `codes:` of the source; NULL: none */
    hd_str *item;
    size_t n, cap;
} columns;

static uint16_t column_number(columns *all, hd_str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (hd_str_eq(all->item[i], name))
            return (uint16_t)i;
    if (all->n == all->cap) {
        all->cap = all->cap ? 2 * all->cap : 32;
        hd_str *more = HD_NEW_N(all->loader->arena, hd_str, all->cap);
        for (size_t i = 0; i < all->n; i++)
            more[i] = all->item[i];
        all->item = more;
    }
    all->item[all->n] = hd_arena_str(all->loader->arena, name);
    return (uint16_t)all->n++;
}

/* Every name in an expression over a row is a column; which there are is known at extract only. */
static bool resolve_column(void *arg, hd_str qualifier, hd_str name, hd_ref *ref, hd_type *type)
{
    columns *all = arg;
    if (qualifier.ptr || all->n == COLUMNS_MAX)
        return false;
    *ref = (hd_ref){.what = HD_REF_VALUE, .role = -1, .index = column_number(all, name)};
    *type = HD_TYPE_TEXT;
    return true;
}

static hd_status load_over_columns(columns *all, const hd_node *node, hd_type want,
                                   const hd_expr **out)
{
    hd_loader *loader = all->loader;
    size_t known = all->n;
    hd_scope scope = {.arg = all,
                      .resolve = resolve_column,
                      .arena = loader->arena,
                      .texts = loader->ruleset->texts};
    HD_TRY(hd_load_expr(loader, &scope, node, want, out));
    for (; known < all->n; known++)
        HD_TRY(hd_deny_check(loader, node->pos, all->item[known]));
    return HD_OK;
}

static hd_status load_column(columns *all, const hd_node *node, uint16_t *out)
{
    hd_str name;
    HD_TRY(hd_node_text(all->loader->ctx, node, "a column", &name));
    HD_TRY(hd_deny_check(all->loader, node->pos, name));
    if (all->n == COLUMNS_MAX)
        return HD_FAIL(all->loader->ctx, HD_CONFIG, HD_AT "more than %d columns", HD_POS(node->pos),
                       COLUMNS_MAX);
    *out = column_number(all, name);
    return HD_OK;
}

/* A column, or after '=' an expression over the row's columns. */
static hd_status load_input(columns *all, const hd_node *node, hd_input *input)
{
    hd_str text;
    HD_TRY(hd_node_text(all->loader->ctx, node, "a column or =expression", &text));
    input->pos = node->pos;
    input->column = -1;
    if (text.ptr[0] != '=') {
        uint16_t column;
        HD_TRY(load_column(all, node, &column));
        input->column = (int16_t)column;
        return HD_OK;
    }
    hd_node inside = *node;
    inside.text = (hd_str){text.ptr + 1, text.len_bytes - 1};
    inside.pos.column++;
    return load_over_columns(all, &inside, HD_TYPE_TEXT, &input->expr);
}

static const hd_node *codes_of(const columns *all, hd_str field)
{
    if (all->codes)
        for (HD_EACH(map, all->codes))
            if (hd_str_eq(map->key->text, field))
                return map;
    return NULL;
}

/* Once more, with the codes changed around what was there: that is known to be right by then. */
static hd_status recode_input(columns *all, const hd_node *map, const hd_node *node,
                              hd_input *input)
{
    hd_node inside = *node;
    inside.text = hd_load_recode(all->loader, map, node->text);
    input->column = -1;
    return load_over_columns(all, &inside, HD_TYPE_TEXT, &input->expr);
}

static hd_status load_inputs(columns *all, const hd_node *map, hd_input **out, uint32_t *n)
{
    hd_loader *loader = all->loader;
    HD_TRY(hd_node_is(loader->ctx, map, HD_NODE_MAP, "fields and their columns"));
    hd_input *inputs = HD_NEW_N(loader->arena, hd_input, map->n);
    *n = 0;
    for (HD_EACH(entry, map)) {
        hd_input *input = &inputs[(*n)++];
        HD_TRY(hd_load_field_ref(loader, entry->key, &input->field));
        HD_TRY(load_input(all, entry, input));
        const hd_node *codes = codes_of(all, entry->key->text);
        if (codes)
            HD_TRY(recode_input(all, codes, entry, input));
        loader->mapped[input->field] = true;
    }
    *out = inputs;
    return HD_OK;
}

static hd_status check_role(hd_loader *loader, const hd_source_type *type, const hd_node *key)
{
    HD_TRY(hd_node_name(loader->ctx, key, "a role"));
    hd_near_name nearest = {.wanted = key->text};
    for (uint32_t i = 0; i < type->n_roles; i++) {
        if (hd_str_eq(type->roles[i], key->text))
            return HD_OK;
        hd_near_name_offer(&nearest, type->roles[i]);
    }
    if (type->n_roles == 0 || type->own_roles)
        return HD_OK;
    hd_hint(loader->ctx,
            "roles of type %.*s are those that types.yaml names; own ones go into %s/"
            "types.yaml",
            HD_ARG(type->code), loader->own_shown);
    return hd_node_unknown(loader->ctx, key, "role", &nearest);
}

/* A field of the record is a field of each of its mentions: said twice, which one would count? */
static hd_status check_twice(hd_loader *loader, const hd_source *source, const hd_node *role)
{
    for (HD_EACH(entry, role))
        for (uint32_t i = 0; i < source->n_record; i++)
            if (hd_str_eq(loader->ruleset->fields[source->record[i].field].code,
                          entry->key->text)) {
                hd_hint(loader->ctx, "every mention has the fields under `record:`; keep one");
                return HD_FAIL(loader->ctx, HD_CONFIG,
                               HD_AT "field \"%.*s\" is given for the record already",
                               HD_POS(entry->key->pos), HD_ARG(entry->key->text));
            }
    return HD_OK;
}

static int compare_roles(const void *x, const void *y)
{
    const hd_role *a = x, *b = y;
    return hd_str_cmp(a->code, b->code);
}

static hd_status load_mentions(columns *all, const hd_node *map, const hd_source_type *type,
                               hd_source *source)
{
    hd_loader *loader = all->loader;
    HD_TRY(hd_node_is(loader->ctx, map, HD_NODE_MAP, "roles and their fields"));
    if (map->n == 0)
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "a source needs a mention at least",
                       HD_POS(map->pos));
    source->roles = HD_NEW_N(loader->arena, hd_role, map->n);
    for (HD_EACH(entry, map)) {
        hd_role *role = &source->roles[source->n_roles++];
        HD_TRY(check_role(loader, type, entry->key));
        HD_TRY(hd_load_add_role(loader, entry->key, entry->key->text));
        role->code = entry->key->text;
        HD_TRY(load_inputs(all, entry, &role->inputs, &role->n_inputs));
        HD_TRY(check_twice(loader, source, entry));
        if (role->n_inputs == 0)
            return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "a mention needs a field at least",
                           HD_POS(entry->pos));
    }
    qsort(source->roles, source->n_roles, sizeof *source->roles, compare_roles);
    return HD_OK;
}

static hd_status load_key(columns *all, const hd_node *node, hd_source *source)
{
    hd_loader *loader = all->loader;
    hd_str *names;
    HD_TRY(hd_node_texts(loader->ctx, loader->arena, node, "a column", &names, &source->n_key));
    source->key = HD_NEW_N(loader->arena, uint16_t, source->n_key);
    const hd_node *item = node->kind == HD_NODE_LIST ? node->first : node;
    for (uint32_t i = 0; i < source->n_key; i++, item = item->next) {
        HD_TRY(load_column(all, item, &source->key[i]));
        for (uint32_t j = 0; j < i; j++)
            if (source->key[j] == source->key[i])
                return HD_FAIL(loader->ctx, HD_CONFIG,
                               HD_AT "column \"%.*s\" stands twice in the key", HD_POS(item->pos),
                               HD_ARG(names[i]));
    }
    return HD_OK;
}

static bool has_input(const hd_input *inputs, uint32_t n, int field)
{
    for (uint32_t i = 0; i < n; i++)
        if (inputs[i].field == field)
            return true;
    return false;
}

/* Codes of a field that the source does not have are a mistake. */
static hd_status check_codes_used(const columns *all, const hd_source *source)
{
    const hd_loader *loader = all->loader;
    if (!all->codes)
        return HD_OK;
    for (HD_EACH(map, all->codes)) {
        int field = hd_field_find(loader->ruleset, map->key->text);
        bool used = has_input(source->record, source->n_record, field);
        for (uint32_t i = 0; i < source->n_roles; i++)
            used |= has_input(source->roles[i].inputs, source->roles[i].n_inputs, field);
        if (!used)
            return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "the source has no field \"%.*s\"",
                           HD_POS(map->key->pos), HD_ARG(map->key->text));
    }
    return HD_OK;
}

hd_status hd_load_mapping(hd_loader *loader, const hd_mapping *mapping, const hd_source_type *type,
                          hd_source *source)
{
    columns all = {.loader = loader, .codes = mapping->codes};
    HD_TRY(hd_load_check_codes(loader, mapping->codes));
    HD_TRY(load_key(&all, mapping->key, source));
    if (mapping->filter)
        HD_TRY(load_over_columns(&all, mapping->filter, HD_TYPE_BOOL, &source->filter));
    if (mapping->record)
        HD_TRY(load_inputs(&all, mapping->record, &source->record, &source->n_record));
    HD_TRY(load_mentions(&all, mapping->mentions, type, source));
    HD_TRY(check_codes_used(&all, source));
    source->columns = all.item;
    source->n_columns = (uint32_t)all.n;
    return HD_OK;
}
