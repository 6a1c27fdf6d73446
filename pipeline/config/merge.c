#include "pipeline/config/merge.h"

static const hd_node *entry_of(const hd_node *map, const char *key)
{
    if (map->kind != HD_NODE_MAP)
        return NULL;
    for (HD_EACH(entry, map))
        if (hd_str_eq(entry->key->text, hd_str_from(key)))
            return entry;
    return NULL;
}

/* The scalar that names an entry; that it is there was checked. */
static const hd_node *name_of(const hd_section *section, const hd_node *entry)
{
    return section->id ? entry_of(entry, section->id) : entry->key;
}

static const hd_node *find(const hd_section *section, const hd_node *entries, const hd_node *until,
                           hd_str name)
{
    for (HD_EACH(entry, entries)) {
        if (entry == until)
            return NULL;
        if (hd_str_eq(name_of(section, entry)->text, name))
            return entry;
    }
    return NULL;
}

static hd_status check_list(hd_ctx *ctx, const hd_section *section, const hd_node *list)
{
    for (HD_EACH(entry, list)) {
        const hd_node *name = entry_of(entry, section->id);
        hd_str text;
        if (!name)
            return HD_FAIL(ctx, HD_CONFIG, HD_AT "a %s is a map and needs \"%s\"",
                           HD_POS(entry->pos), section->what, section->id);
        HD_TRY(hd_node_code(ctx, name, "a code", &text));
        const hd_node *first = find(section, list, entry, text);
        if (!first)
            continue;
        hd_hint(ctx, "keep one of the two, or give one another %s", section->id);
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "%s \"%.*s\" stands here twice; first on line %u",
                       HD_POS(name->pos), section->what, HD_ARG(text), first->pos.line);
    }
    return HD_OK;
}

static hd_status check(hd_ctx *ctx, const hd_section *section, const hd_node *entries)
{
    if (!entries)
        return HD_OK;
    if (!section->id)
        return hd_node_is(ctx, entries, HD_NODE_MAP, "a map");
    HD_TRY(hd_node_is(ctx, entries, HD_NODE_LIST, "a list"));
    return check_list(ctx, section, entries);
}

static hd_status is_off(hd_ctx *ctx, const hd_node *entry, bool *off)
{
    const hd_node *said = entry_of(entry, "off");
    *off = false;
    return said ? hd_node_bool(ctx, said, off) : HD_OK;
}

typedef struct joined {
    hd_node *node;
    hd_node *last;
} joined;

static hd_status append(hd_ctx *ctx, hd_arena *arena, joined *to, const hd_node *entry)
{
    bool off;
    HD_TRY(is_off(ctx, entry, &off));
    if (off)
        return HD_OK;
    hd_node *copy = HD_NEW(arena, hd_node);
    *copy = *entry;
    copy->next = NULL;
    if (to->last)
        to->last->next = copy;
    else
        to->node->first = copy;
    to->last = copy;
    to->node->n++;
    return HD_OK;
}

/* An own entry that the packaged rules do not have. */
static hd_status append_new(hd_ctx *ctx, hd_arena *arena, const hd_section *section, joined *to,
                            const hd_node *packaged, const hd_node *entry)
{
    bool off;
    HD_TRY(is_off(ctx, entry, &off));
    if (!off)
        return append(ctx, arena, to, entry);
    const hd_node *name = name_of(section, entry);
    hd_near_name nearest = {.wanted = name->text};
    if (packaged)
        for (HD_EACH(other, packaged))
            hd_near_name_offer(&nearest, name_of(section, other)->text);
    hd_hint(ctx, "\"off: true\" takes out a %s of the packaged rules; there is none of this name",
            section->what);
    return hd_node_unknown(ctx, name, section->what, &nearest);
}

hd_status hd_merge(hd_ctx *ctx, hd_arena *arena, const hd_section *section, const hd_node *packaged,
                   const hd_node *own, const hd_node **out)
{
    HD_TRY(check(ctx, section, packaged));
    HD_TRY(check(ctx, section, own));
    joined to = {.node = HD_NEW(arena, hd_node)};
    const hd_node *named = packaged ? packaged : own;
    *to.node = (hd_node){.kind = section->id ? HD_NODE_LIST : HD_NODE_MAP};
    if (named)
        to.node->pos = named->pos;
    *out = to.node;
    if (packaged)
        for (HD_EACH(entry, packaged)) {
            const hd_node *over =
                own ? find(section, own, NULL, name_of(section, entry)->text) : NULL;
            HD_TRY(append(ctx, arena, &to, over ? over : entry));
        }
    if (own)
        for (HD_EACH(entry, own))
            if (!packaged || !find(section, packaged, NULL, name_of(section, entry)->text))
                HD_TRY(append_new(ctx, arena, section, &to, packaged, entry));
    return HD_OK;
}
