/* rules/deny.yaml: columns that are never read. A county's own words are added; none goes away. */

#include "pipeline/config/load.h"

enum { KEY_CONTAINS, KEY_EQUALS, N_KEYS };
static const char *const keys[N_KEYS] = {"contains", "equals"};
static const hd_map_spec spec = {"rules/deny.yaml", keys, N_KEYS};

static hd_status join(hd_loader *loader, const hd_node *packaged, const hd_node *own, hd_str **out,
                      uint32_t *n)
{
    hd_str *a = NULL, *b = NULL;
    uint32_t n_a = 0, n_b = 0;
    if (packaged)
        HD_TRY(hd_node_texts(loader->ctx, loader->arena, packaged, "words", &a, &n_a));
    if (own)
        HD_TRY(hd_node_texts(loader->ctx, loader->arena, own, "words", &b, &n_b));
    *n = n_a + n_b;
    *out = HD_NEW_N(loader->arena, hd_str, *n);
    for (uint32_t i = 0; i < *n; i++)
        (*out)[i] = i < n_a ? a[i] : b[i - n_a];
    return HD_OK;
}

hd_status hd_load_deny(hd_loader *loader)
{
    const hd_node *packaged[N_KEYS], *own[N_KEYS];
    hd_deny *deny = &loader->deny;
    HD_TRY(hd_load_rules(loader, "deny.yaml", &spec, packaged, own));
    HD_TRY(join(loader, packaged[KEY_CONTAINS], own[KEY_CONTAINS], &deny->contains,
                &deny->n_contains));
    HD_TRY(join(loader, packaged[KEY_EQUALS], own[KEY_EQUALS], &deny->equals, &deny->n_equals));
    hd_deny *kept = HD_NEW(loader->arena, hd_deny);
    *kept = *deny;
    loader->ruleset->deny = kept;
    return HD_OK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* `word` at byte `at` of `text`, which is long enough; letters in either case. */
static bool stands_at(hd_str text, uint32_t at, hd_str word)
{
    for (uint32_t i = 0; i < word.len_bytes; i++)
        if (lower(text.ptr[at + i]) != lower(word.ptr[i]))
            return false;
    return true;
}

static bool holds(hd_str text, hd_str word)
{
    for (uint32_t at = 0; at + word.len_bytes <= text.len_bytes; at++)
        if (stands_at(text, at, word))
            return true;
    return false;
}

bool hd_deny_has(const hd_deny *deny, hd_str column)
{
    for (uint32_t i = 0; i < deny->n_contains; i++)
        if (holds(column, deny->contains[i]))
            return true;
    for (uint32_t i = 0; i < deny->n_equals; i++)
        if (column.len_bytes == deny->equals[i].len_bytes && stands_at(column, 0, deny->equals[i]))
            return true;
    return false;
}

bool hd_ruleset_denies(const hd_ruleset *ruleset, hd_str column)
{
    return hd_deny_has(ruleset->deny, column);
}

hd_status hd_deny_check(hd_loader *loader, hd_source_pos pos, hd_str column)
{
    if (!hd_deny_has(&loader->deny, column))
        return HD_OK;
    hd_hint(loader->ctx, "take it out; %s/deny.yaml lists what this holds for",
            loader->rules_shown);
    return HD_FAIL(loader->ctx, HD_CONFIG,
                   HD_AT "column \"%.*s\" is about contraception, pregnancy checks or policy: such "
                         "columns are never read",
                   HD_POS(pos), HD_ARG(column));
}
