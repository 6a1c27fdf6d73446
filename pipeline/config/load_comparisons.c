/* `comparisons:` of rules/linkage.yaml. */

#include "pipeline/config/load.h"

enum {
    CMP_CODE,
    CMP_NEEDS,
    CMP_UNLESS,
    CMP_FAMILY,
    CMP_LEVELS,
    CMP_FREQUENCY,
    CMP_OFF,
    N_CMP_KEYS
};
static const char *const comparison_keys[N_CMP_KEYS] = {"code",   "needs",     "unless", "family",
                                                        "levels", "frequency", "off"};
static const hd_map_spec comparison_spec = {"a comparison", comparison_keys, N_CMP_KEYS};

enum { LEVEL_CODE, LEVEL_WHEN, LEVEL_M, LEVEL_U, LEVEL_FAMILY, N_LEVEL_KEYS };
static const char *const level_keys[N_LEVEL_KEYS] = {"code", "when", "m", "u", "family"};
static const hd_map_spec level_spec = {"a level", level_keys, N_LEVEL_KEYS};

enum { FREQ_VALUE, FREQ_LEVEL, FREQ_TABLE, N_FREQ_KEYS };
static const char *const frequency_keys[N_FREQ_KEYS] = {"value", "level", "table"};
static const hd_map_spec frequency_spec = {"a frequency", frequency_keys, N_FREQ_KEYS};

/* Both or neither: what training cannot learn, as what it would learn from is in doubt itself. */
static hd_status load_declared(hd_loader *loader, const hd_node *const *value, hd_level *level)
{
    const double least = 1e-9;
    if (!value[LEVEL_M] && !value[LEVEL_U])
        return HD_OK;
    for (int i = LEVEL_M; i <= LEVEL_U; i++)
        HD_TRY(hd_node_need(loader->ctx, value[LEVEL_CODE], &level_spec, value[i], level_keys[i]));
    HD_TRY(hd_node_number(loader->ctx, value[LEVEL_M], least, 1 - least, &level->m));
    return hd_node_number(loader->ctx, value[LEVEL_U], least, 1 - least, &level->u);
}

static hd_status load_level(hd_loader *loader, const hd_node *node, hd_level *level)
{
    hd_ctx *ctx = loader->ctx;
    const hd_node *value[N_LEVEL_KEYS];
    HD_TRY(hd_node_map(ctx, node, &level_spec, value));
    HD_TRY(hd_node_need(ctx, node, &level_spec, value[LEVEL_CODE], "code"));
    HD_TRY(hd_node_code(ctx, value[LEVEL_CODE], "a code", &level->code));
    HD_TRY(load_declared(loader, value, level));
    if (value[LEVEL_FAMILY])
        HD_TRY(hd_node_bool(ctx, value[LEVEL_FAMILY], &level->family));
    if (!value[LEVEL_WHEN] && node->next) {
        hd_hint(ctx, "only the last level, which is all the rest, goes without");
        return hd_node_need(ctx, node, &level_spec, NULL, "when");
    }
    if (value[LEVEL_WHEN] && !node->next) {
        hd_hint(ctx, "add one: {code: differs}");
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "the last level is all the rest and has no \"when\"",
                       HD_POS(value[LEVEL_WHEN]->key->pos));
    }
    if (!value[LEVEL_WHEN])
        return HD_OK;
    hd_scope scope = hd_scope_pair(loader->ruleset);
    level->written = value[LEVEL_WHEN]->text;
    return hd_load_expr(loader, &scope, value[LEVEL_WHEN], HD_TYPE_BOOL, &level->when);
}

static hd_status load_levels(hd_loader *loader, const hd_node *list, hd_comparison *comparison)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of levels"));
    if (list->n < 2 || list->n > HD_LEVELS_MAX)
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "%u levels: expected 2 to %d",
                       HD_POS(list->pos), list->n, HD_LEVELS_MAX);
    comparison->levels = HD_NEW_N(loader->arena, hd_level, list->n);
    for (HD_EACH(entry, list)) {
        hd_level *level = &comparison->levels[comparison->n_levels];
        HD_TRY(load_level(loader, entry, level));
        for (uint32_t i = 0; i < comparison->n_levels; i++)
            if (hd_str_eq(comparison->levels[i].code, level->code))
                return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "level \"%.*s\" stands here twice",
                               HD_POS(entry->pos), HD_ARG(level->code));
        comparison->n_levels++;
    }
    for (uint32_t i = 1; i < comparison->n_levels; i++)
        if ((comparison->levels[i].m > 0) != (comparison->levels[0].m > 0))
            return HD_FAIL(loader->ctx, HD_CONFIG,
                           HD_AT "\"m\" and \"u\" are given for all levels or for none",
                           HD_POS(list->pos));
    return HD_OK;
}

static hd_status find_level(hd_loader *loader, const hd_node *node, hd_comparison *comparison,
                            hd_level **out)
{
    hd_str code;
    HD_TRY(hd_node_text(loader->ctx, node, "a level", &code));
    hd_near_name nearest = {.wanted = code};
    for (uint32_t i = 0; i < comparison->n_levels; i++) {
        *out = &comparison->levels[i];
        if (hd_str_eq((*out)->code, code))
            return HD_OK;
        hd_near_name_offer(&nearest, (*out)->code);
    }
    return hd_node_unknown(loader->ctx, node, "level", &nearest);
}

static hd_status load_frequency(hd_loader *loader, const hd_node *node, hd_comparison *comparison)
{
    hd_ctx *ctx = loader->ctx;
    const hd_node *value[N_FREQ_KEYS];
    hd_level *level = NULL;
    HD_TRY(hd_node_map(ctx, node, &frequency_spec, value));
    for (uint32_t i = FREQ_VALUE; i <= FREQ_LEVEL; i++)
        HD_TRY(hd_node_need(ctx, node, &frequency_spec, value[i], frequency_keys[i]));
    HD_TRY(find_level(loader, value[FREQ_LEVEL], comparison, &level));
    if (level->frequency)
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "level \"%.*s\" has a frequency already",
                       HD_POS(value[FREQ_LEVEL]->pos), HD_ARG(level->code));
    if (value[FREQ_TABLE])
        HD_TRY(
            hd_node_text(ctx, value[FREQ_TABLE], "the path of a table", &level->frequency_table));
    hd_scope scope = hd_scope_mention(loader->ruleset);
    return hd_load_expr(loader, &scope, value[FREQ_VALUE], HD_TYPE_TEXT, &level->frequency);
}

/* One, or a list of them. */
static hd_status load_frequencies(hd_loader *loader, const hd_node *node, hd_comparison *comparison)
{
    if (node->kind != HD_NODE_LIST)
        return load_frequency(loader, node, comparison);
    for (HD_EACH(entry, node))
        HD_TRY(load_frequency(loader, entry, comparison));
    return HD_OK;
}

static uint32_t comparison_persons(const hd_comparison *comparison)
{
    uint32_t asked = comparison->unless ? hd_expr_related(comparison->unless) : 0;
    for (uint32_t i = 0; i < comparison->n_needs; i++)
        asked |= hd_expr_related(comparison->needs[i]);
    for (uint32_t i = 0; i < comparison->n_levels; i++)
        asked |= comparison->levels[i].when ? hd_expr_related(comparison->levels[i].when) : 0;
    return asked;
}

static hd_status load_comparison(hd_loader *loader, const hd_node *node)
{
    hd_ctx *ctx = loader->ctx;
    hd_ruleset *ruleset = loader->ruleset;
    const hd_node *value[N_CMP_KEYS];
    HD_TRY(hd_node_map(ctx, node, &comparison_spec, value));
    HD_TRY(hd_node_need(ctx, node, &comparison_spec, value[CMP_NEEDS], "needs"));
    HD_TRY(hd_node_need(ctx, node, &comparison_spec, value[CMP_LEVELS], "levels"));
    hd_comparison comparison = {.code = value[CMP_CODE]->text};
    HD_TRY(hd_load_exprs(loader, value[CMP_NEEDS], "a list of values", &comparison.needs,
                         &comparison.n_needs));
    hd_scope pair = hd_scope_pair(ruleset);
    if (value[CMP_UNLESS])
        HD_TRY(hd_load_expr(loader, &pair, value[CMP_UNLESS], HD_TYPE_BOOL, &comparison.unless));
    HD_TRY(load_levels(loader, value[CMP_LEVELS], &comparison));
    bool family = false;
    if (value[CMP_FAMILY])
        HD_TRY(hd_node_bool(ctx, value[CMP_FAMILY], &family));
    for (uint32_t i = 0; i < comparison.n_levels; i++)
        comparison.levels[i].family |= family;
    if (value[CMP_FREQUENCY])
        HD_TRY(load_frequencies(loader, value[CMP_FREQUENCY], &comparison));
    bool reachable = false;
    for (uint32_t i = 0; i < comparison.n_needs; i++)
        reachable |= hd_expr_reachable(loader, comparison.needs[i]);
    if (!reachable)
        return HD_OK; /* missing in every pair */
    if (ruleset->n_comparisons == HD_COMPARISONS_MAX)
        return hd_load_too_many(loader, node, "comparisons", HD_COMPARISONS_MAX);
    comparison.asks_persons = comparison_persons(&comparison) != 0;
    ruleset->relations_asked |= comparison_persons(&comparison);
    ruleset->comparisons[ruleset->n_comparisons++] = comparison;
    return HD_OK;
}

/* All levels of all comparisons, and missing, are told apart by one number (hd_pattern). */
static hd_status check_combinations(hd_loader *loader, const hd_node *node)
{
    const hd_ruleset *ruleset = loader->ruleset;
    uint64_t n = 1;
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++)
        n *= ruleset->comparisons[c].n_levels + 1;
    if (n <= HD_PATTERNS_MAX)
        return HD_OK;
    hd_hint(loader->ctx, "take a level, or a comparison, away");
    return HD_FAIL(loader->ctx, HD_CONFIG,
                   HD_AT "comparisons up to this one have more than 2^40 combinations of levels",
                   HD_POS(node->pos));
}

hd_status hd_load_comparisons(hd_loader *loader, const hd_node *list)
{
    loader->ruleset->comparisons = HD_NEW_N(loader->arena, hd_comparison, HD_COMPARISONS_MAX);
    for (HD_EACH(entry, list)) {
        HD_TRY(load_comparison(loader, entry));
        HD_TRY(check_combinations(loader, entry));
    }
    return HD_OK;
}
