#include "pipeline/config/node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char *kind_of(const hd_node *node)
{
    switch (node->kind) {
    case HD_NODE_LIST:
        return "a list";
    case HD_NODE_MAP:
        return "a map";
    default:
        return hd_node_nothing(node) ? "nothing" : "a text";
    }
}

bool hd_node_nothing(const hd_node *node)
{
    return node->kind == HD_NODE_SCALAR && node->plain &&
           (node->text.len_bytes == 0 || hd_str_eq(node->text, HD_STR("~")) ||
            hd_str_eq(node->text, HD_STR("null")));
}

static hd_status fail_expected(hd_ctx *ctx, const hd_node *node, const char *expected)
{
    if (node->kind == HD_NODE_SCALAR && !hd_node_nothing(node))
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "expected %s, found \"%.*s\"", HD_POS(node->pos),
                       expected, HD_ARG(node->text));
    return HD_FAIL(ctx, HD_CONFIG, HD_AT "expected %s, found %s", HD_POS(node->pos), expected,
                   kind_of(node));
}

hd_status hd_node_is(hd_ctx *ctx, const hd_node *node, hd_node_kind kind, const char *expected)
{
    return node->kind == kind ? HD_OK : fail_expected(ctx, node, expected);
}

hd_status hd_node_unknown(hd_ctx *ctx, const hd_node *node, const char *what,
                          const hd_near_name *nearest)
{
    if (!nearest->best.ptr)
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "unknown %s \"%.*s\"", HD_POS(node->pos), what,
                       HD_ARG(nearest->wanted));
    return HD_FAIL(ctx, HD_CONFIG, HD_AT "unknown %s \"%.*s\"; the nearest is \"%.*s\"",
                   HD_POS(node->pos), what, HD_ARG(nearest->wanted), HD_ARG(nearest->best));
}

/* The names in one line, for a hint; cut where they are more than it holds. */
static void hint_names(hd_ctx *ctx, const char *opening, const char *const *names, uint32_t n)
{
    char line[HD_FRAME_BYTES];
    size_t used = 0;
    for (uint32_t i = 0; i < n && used < sizeof line; i++)
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s", i ? ", " : "", names[i]);
    hd_hint(ctx, "%s %s", opening, line);
}

static hd_status fail_key(hd_ctx *ctx, const hd_node *key, const hd_map_spec *spec)
{
    hd_near_name nearest = {.wanted = key->text};
    for (uint32_t i = 0; i < spec->n_keys; i++)
        hd_near_name_offer(&nearest, hd_str_from(spec->keys[i]));
    /* { when: f(a, b) } is read as the two keys `when` and `b)` */
    if (key->plain && memchr(key->text.ptr, ')', key->text.len_bytes))
        hd_hint(ctx, "inside { } and [ ], a text that holds a comma goes into quotes");
    else
        hint_names(ctx, "valid here:", spec->keys, spec->n_keys);
    return hd_node_unknown(ctx, key, "key", &nearest);
}

hd_status hd_node_map(hd_ctx *ctx, const hd_node *map, const hd_map_spec *spec,
                      const hd_node **value)
{
    for (uint32_t i = 0; i < spec->n_keys; i++)
        value[i] = NULL;
    if (map->kind != HD_NODE_MAP) {
        hint_names(ctx, "its keys:", spec->keys, spec->n_keys);
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "expected %s, a map; found %s", HD_POS(map->pos),
                       spec->what, kind_of(map));
    }
    for (HD_EACH(entry, map)) {
        uint32_t i = 0;
        while (i < spec->n_keys && !hd_str_eq(entry->key->text, hd_str_from(spec->keys[i])))
            i++;
        if (i == spec->n_keys)
            return fail_key(ctx, entry->key, spec);
        value[i] = entry;
    }
    return HD_OK;
}

hd_status hd_node_need(hd_ctx *ctx, const hd_node *map, const hd_map_spec *spec,
                       const hd_node *value, const char *key)
{
    if (value)
        return HD_OK;
    hint_names(ctx, "its keys:", spec->keys, spec->n_keys);
    return HD_FAIL(ctx, HD_CONFIG, HD_AT "%s needs \"%s\"", HD_POS(map->pos), spec->what, key);
}

hd_status hd_node_text(hd_ctx *ctx, const hd_node *node, const char *expected, hd_str *out)
{
    if (node->kind != HD_NODE_SCALAR || hd_node_nothing(node) || hd_str_empty(node->text))
        return fail_expected(ctx, node, expected);
    *out = node->text;
    return HD_OK;
}

hd_status hd_node_bool(hd_ctx *ctx, const hd_node *node, bool *out)
{
    bool yes = node->kind == HD_NODE_SCALAR && hd_str_eq(node->text, HD_STR("true"));
    bool no = node->kind == HD_NODE_SCALAR && hd_str_eq(node->text, HD_STR("false"));
    *out = yes;
    return yes || no ? HD_OK : fail_expected(ctx, node, "true or false");
}

hd_status hd_node_number(hd_ctx *ctx, const hd_node *node, double min, double max, double *out)
{
    char expected[96];
    snprintf(expected, sizeof expected, "a number from %g to %g", min, max);
    hd_str text = HD_STR_NULL;
    HD_TRY(hd_node_text(ctx, node, expected, &text));
    char *end;
    *out = strtod(text.ptr, &end);
    /* strtod takes 0x10, inf, nan and leading blanks; a configuration does not */
    bool plain = strspn(text.ptr, "0123456789.eE+-") == text.len_bytes;
    if (!plain || *end != '\0' || !(*out >= min && *out <= max))
        return fail_expected(ctx, node, expected);
    return HD_OK;
}

hd_status hd_node_whole(hd_ctx *ctx, const hd_node *node, uint64_t min, uint64_t max, uint64_t *out)
{
    char expected[96];
    snprintf(expected, sizeof expected, "a whole number from %llu to %llu", (unsigned long long)min,
             (unsigned long long)max);
    hd_str text = HD_STR_NULL;
    HD_TRY(hd_node_text(ctx, node, expected, &text));
    bool digits = strspn(text.ptr, "0123456789") == text.len_bytes && text.len_bytes < 20;
    *out = digits ? strtoull(text.ptr, NULL, 10) : 0;
    return digits && *out >= min && *out <= max ? HD_OK : fail_expected(ctx, node, expected);
}

hd_status hd_node_choice(hd_ctx *ctx, const hd_node *node, const char *const *choices, uint32_t n,
                         uint32_t *out)
{
    char expected[HD_FRAME_BYTES];
    size_t used = (size_t)snprintf(expected, sizeof expected, "one of");
    for (uint32_t i = 0; i < n && used < sizeof expected; i++)
        used += (size_t)snprintf(expected + used, sizeof expected - used, "%s %s", i ? "," : "",
                                 choices[i]);
    hd_str text = HD_STR_NULL;
    HD_TRY(hd_node_text(ctx, node, expected, &text));
    for (*out = 0; *out < n; ++*out)
        if (hd_str_eq(text, hd_str_from(choices[*out])))
            return HD_OK;
    hd_near_name nearest = {.wanted = text};
    for (uint32_t i = 0; i < n; i++)
        hd_near_name_offer(&nearest, hd_str_from(choices[i]));
    hd_near_name_hint(ctx, &nearest);
    return fail_expected(ctx, node, expected);
}

hd_status hd_node_texts(hd_ctx *ctx, hd_arena *arena, const hd_node *node, const char *expected,
                        hd_str **out, uint32_t *n)
{
    if (node->kind == HD_NODE_MAP || (node->kind == HD_NODE_LIST && node->n == 0))
        return fail_expected(ctx, node, expected);
    *n = node->kind == HD_NODE_LIST ? node->n : 1;
    *out = HD_NEW_N(arena, hd_str, *n);
    if (node->kind == HD_NODE_SCALAR)
        return hd_node_text(ctx, node, expected, &(*out)[0]);
    uint32_t i = 0;
    for (HD_EACH(item, node))
        HD_TRY(hd_node_text(ctx, item, expected, &(*out)[i++]));
    return HD_OK;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Made of letters, digits and `others`. */
static bool made_of(hd_str text, const char *others)
{
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        char c = text.ptr[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9') && !strchr(others, c))
            return false;
    }
    return true;
}

hd_status hd_node_name(hd_ctx *ctx, const hd_node *node, const char *expected)
{
    hd_str text = HD_STR_NULL;
    HD_TRY(hd_node_text(ctx, node, expected, &text));
    if (is_letter(text.ptr[0]) && made_of(text, "_"))
        return HD_OK;
    hd_hint(ctx, "a name has letters a-z, digits and _, and starts with a letter");
    return fail_expected(ctx, node, expected);
}

hd_status hd_node_code(hd_ctx *ctx, const hd_node *node, const char *expected, hd_str *out)
{
    HD_TRY(hd_node_text(ctx, node, expected, out));
    if (made_of(*out, "._-") && out->ptr[0] != '.' && out->ptr[0] != '-')
        return HD_OK;
    hd_hint(ctx, "a code has letters a-z, digits and . _ -");
    return fail_expected(ctx, node, expected);
}
