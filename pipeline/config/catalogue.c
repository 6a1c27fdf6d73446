/* rules/text.<language>.yaml, read once: keys sorted, English behind the language. */

#include "pipeline/config/catalogue.h"

#include "base/mem.h"
#include "pipeline/config/load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct entry {
    hd_str key, text;
    uint32_t rank; /* of its file: a smaller one counts */
    hd_source_pos pos;
} entry;

struct hd_catalogue {
    entry *entries; /* by key, each once */
    size_t n;
};

typedef struct entries {
    entry *item;
    size_t n, cap;
} entries;

static int compare(const void *x, const void *y)
{
    const entry *a = x, *b = y;
    int c = hd_str_cmp(a->key, b->key);
    if (c == 0)
        c = (a->rank > b->rank) - (a->rank < b->rank);
    return c ? c : (a->pos.line > b->pos.line) - (a->pos.line < b->pos.line);
}

static hd_status flatten(hd_loader *loader, const hd_node *map, hd_str prefix, uint32_t rank,
                         entries *all)
{
    for (HD_EACH(node, map)) {
        hd_str key = node->key->text;
        if (prefix.len_bytes)
            key = hd_arena_printf(loader->arena, "%.*s.%.*s", HD_ARG(prefix), HD_ARG(key));
        if (node->kind == HD_NODE_MAP) {
            HD_TRY(flatten(loader, node, key, rank, all));
            continue;
        }
        hd_str text;
        HD_TRY(hd_node_text(loader->ctx, node, "a text", &text));
        HD_GROW(all->item, all->cap, all->n + 1);
        all->item[all->n++] = (entry){key, text, rank, node->key->pos};
    }
    return HD_OK;
}

static hd_status read_language(hd_loader *loader, hd_str language, uint32_t rank, entries *all)
{
    const hd_node *packaged, *own;
    hd_str name = hd_arena_printf(loader->arena, "text.%.*s.yaml", HD_ARG(language));
    HD_TRY(hd_load_trees(loader, name.ptr, &packaged, &own));
    if (own) {
        HD_TRY(hd_node_is(loader->ctx, own, HD_NODE_MAP, "texts by their keys"));
        HD_TRY(flatten(loader, own, HD_STR(""), rank, all));
    }
    HD_TRY(hd_node_is(loader->ctx, packaged, HD_NODE_MAP, "texts by their keys"));
    return flatten(loader, packaged, HD_STR(""), rank + 1, all);
}

static hd_status build(hd_loader *loader, entries *all, hd_catalogue *out)
{
    if (all->n)
        qsort(all->item, all->n, sizeof *all->item, compare);
    out->entries = HD_NEW_N(loader->arena, entry, all->n);
    for (size_t i = 0; i < all->n; i++) {
        const entry *one = &all->item[i], *kept = out->n ? &out->entries[out->n - 1] : NULL;
        if (!kept || !hd_str_eq(kept->key, one->key)) {
            out->entries[out->n++] = *one;
        } else if (all->item[i - 1].rank == one->rank) {
            hd_hint(loader->ctx, "keep one of the two");
            return HD_FAIL(loader->ctx, HD_CONFIG,
                           HD_AT "text \"%.*s\" stands here twice; first on line %u",
                           HD_POS(one->pos), HD_ARG(one->key), all->item[i - 1].pos.line);
        }
    }
    return HD_OK;
}

hd_status hd_catalogue_load(hd_loader *loader, hd_str language, hd_catalogue **out)
{
    entries all = {0};
    *out = HD_NEW(loader->arena, hd_catalogue);
    hd_status status = read_language(loader, HD_STR("en"), 2, &all);
    if (status == HD_OK && !hd_str_eq(language, HD_STR("en")))
        status = read_language(loader, language, 0, &all);
    if (status == HD_OK)
        status = build(loader, &all, *out);
    hd_free(all.item);
    return status;
}

hd_str hd_text_of(const hd_catalogue *catalogue, const char *key)
{
    hd_str wanted = hd_str_from(key);
    size_t low = 0, high = catalogue->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int c = hd_str_cmp(catalogue->entries[middle].key, wanted);
        if (c == 0)
            return catalogue->entries[middle].text;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return wanted;
}

/* The value that belongs to a place-holder; NULL: none does. */
static const char *value_of(hd_str name, va_list args)
{
    const char *found = NULL, *given;
    va_list again;
    va_copy(again, args);
    while (!found && (given = va_arg(again, const char *))) {
        const char *value = va_arg(again, const char *);
        if (hd_str_eq(name, hd_str_from(given)))
            found = value;
    }
    va_end(again);
    return found;
}

void hd_text_fill_list(hd_buf *out, const hd_catalogue *catalogue, const char *key, va_list args)
{
    hd_str text = hd_text_of(catalogue, key);
    uint32_t i = 0;
    while (i < text.len_bytes) {
        const char *open = memchr(text.ptr + i, '{', text.len_bytes - i);
        uint32_t until = open ? (uint32_t)(open - text.ptr) : text.len_bytes;
        hd_buf_add(out, (hd_str){text.ptr + i, until - i});
        if (!open)
            return;
        const char *close = memchr(open, '}', text.len_bytes - until);
        hd_str name = {open + 1, close ? (uint32_t)(close - open - 1) : 0};
        const char *value = close ? value_of(name, args) : NULL;
        if (value) {
            hd_buf_add(out, hd_str_from(value));
            i = until + name.len_bytes + 2;
        } else { /* no place-holder of ours: as it stands */
            hd_buf_add_char(out, '{');
            i = until + 1;
        }
    }
}

void hd_text_fill(hd_buf *out, const hd_catalogue *catalogue, const char *key, ...)
{
    va_list args;
    va_start(args, key);
    hd_text_fill_list(out, catalogue, key, args);
    va_end(args);
}

hd_str hd_text_for(const hd_catalogue *catalogue, const char *group, hd_str code, const char *what)
{
    char key[192];
    snprintf(key, sizeof key, "%s.%.*s%s%s", group, HD_ARG(code), what ? "." : "",
             what ? what : "");
    hd_str text = hd_text_of(catalogue, key);
    return text.ptr == key ? code : text;
}
