/* rules/linkage.yaml: derived names, passes, conflicts, thresholds; the rest in load_lookups.c and
 * load_comparisons.c. */

#include "pipeline/config/load.h"

enum {
    KEY_DERIVED,
    KEY_DERIVED_PAIR,
    KEY_RELATIONS,
    KEY_ORDER,
    KEY_PASSES,
    KEY_COMPARISONS,
    KEY_CONFLICTS,
    KEY_LINK,
    N_KEYS
};
static const char *const file_keys[N_KEYS] = {"derived", "derived_pair", "relations", "birth_order",
                                              "passes",  "comparisons",  "conflicts", "link"};
static const hd_map_spec file_spec = {"rules/linkage.yaml", file_keys, N_KEYS};
static const hd_section sections[KEY_LINK] = {
    {"derived name", NULL}, {"derived name", NULL}, {"relation", "code"}, {"birth order", "code"},
    {"pass", "code"},       {"comparison", "code"}, {"conflict", "code"}};

hd_status hd_load_exprs(hd_loader *loader, const hd_node *node, const char *expected,
                        const hd_expr ***out, uint32_t *n)
{
    *n = 0;
    if (!node)
        return HD_OK;
    HD_TRY(hd_node_is(loader->ctx, node, HD_NODE_LIST, expected));
    hd_scope scope = hd_scope_mention(loader->ruleset);
    *out = HD_NEW_N(loader->arena, const hd_expr *, node->n);
    for (HD_EACH(item, node))
        HD_TRY(hd_load_expr(loader, &scope, item, HD_TYPE_NULL, &(*out)[(*n)++]));
    return HD_OK;
}

hd_status hd_load_too_many(hd_loader *loader, const hd_node *node, const char *what, int max)
{
    hd_hint(loader->ctx, "turn off some: {code: …, off: true}");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "more than %d %s", HD_POS(node->pos), max, what);
}

/* ---- derived ---- */

/* No name means two things, not even in different places. */
static hd_status check_derived_name(hd_loader *loader, const hd_node *name)
{
    hd_ctx *ctx = loader->ctx;
    hd_scope scope = hd_scope_mention(loader->ruleset);
    hd_ref ref;
    hd_type type;
    HD_TRY(hd_node_name(ctx, name, "a derived name"));
    bool is_field = scope.resolve(scope.arg, HD_STR_NULL, name->text, &ref, &type);
    if (!is_field && !scope.derive(scope.arg, HD_STR_NULL, name->text))
        return HD_OK;
    hd_hint(ctx, "give it another name");
    return HD_FAIL(ctx, HD_CONFIG, HD_AT "\"%.*s\" is a %s already", HD_POS(name->pos),
                   HD_ARG(name->text), is_field ? "field" : "derived name");
}

/* One may ask for those before it. */
static hd_status load_derived_in(hd_loader *loader, const hd_scope *scope, const hd_node *map,
                                 hd_derived **out, uint32_t *n)
{
    *out = HD_NEW_N(loader->arena, hd_derived, map->n);
    for (HD_EACH(entry, map)) {
        const hd_expr *expr;
        HD_TRY(check_derived_name(loader, entry->key));
        HD_TRY(hd_load_expr(loader, scope, entry, HD_TYPE_NULL, &expr));
        (*out)[(*n)++] = (hd_derived){entry->key->text, expr};
    }
    return HD_OK;
}

static hd_status load_derived(hd_loader *loader, const hd_node *map)
{
    hd_ruleset *ruleset = loader->ruleset;
    hd_scope scope = hd_scope_mention(ruleset);
    return load_derived_in(loader, &scope, map, &ruleset->derived, &ruleset->n_derived);
}

static hd_status load_derived_pair(hd_loader *loader, const hd_node *map)
{
    hd_ruleset *ruleset = loader->ruleset;
    hd_scope scope = hd_scope_pair(ruleset);
    return load_derived_in(loader, &scope, map, &ruleset->derived_pair, &ruleset->n_derived_pair);
}

/* ---- passes ---- */

enum { PASS_CODE, PASS_KEYS, PASS_NARROW, PASS_OFF, N_PASS_KEYS };
static const char *const pass_keys[N_PASS_KEYS] = {"code", "keys", "narrow", "off"};
static const hd_map_spec pass_spec = {"a pass", pass_keys, N_PASS_KEYS};

static void ask_persons(hd_ruleset *ruleset, hd_pass *pass, const hd_expr *key)
{
    uint32_t asked = hd_expr_related(key);
    pass->asks_persons |= asked != 0;
    ruleset->relations_asked |= asked;
}

static hd_status load_pass(hd_loader *loader, const hd_node *node)
{
    hd_ctx *ctx = loader->ctx;
    hd_ruleset *ruleset = loader->ruleset;
    const hd_node *value[N_PASS_KEYS];
    HD_TRY(hd_node_map(ctx, node, &pass_spec, value));
    HD_TRY(hd_node_need(ctx, node, &pass_spec, value[PASS_KEYS], "keys"));
    hd_pass pass = {.code = value[PASS_CODE]->text, .pos = node->pos};
    HD_TRY(hd_load_exprs(loader, value[PASS_KEYS], "a list of keys", &pass.keys, &pass.n_keys));
    pass.key_texts = HD_NEW_N(loader->arena, hd_str, pass.n_keys + 1u);
    uint32_t n = 0;
    for (HD_EACH(key, value[PASS_KEYS]))
        pass.key_texts[n++] = key->text;
    HD_TRY(
        hd_load_exprs(loader, value[PASS_NARROW], "a list of keys", &pass.narrow, &pass.n_narrow));
    if (pass.n_keys == 0)
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "a pass needs a key at least",
                       HD_POS(value[PASS_KEYS]->pos));
    for (uint32_t i = 0; i < pass.n_keys; i++)
        if (!hd_expr_reachable(loader, pass.keys[i]))
            return HD_OK; /* no mention can have this key, so no block can come of it */
    for (uint32_t i = 0; i < pass.n_keys; i++)
        ask_persons(ruleset, &pass, pass.keys[i]);
    for (uint32_t i = 0; i < pass.n_narrow; i++)
        ask_persons(ruleset, &pass, pass.narrow[i]);
    if (ruleset->n_passes == HD_PASSES_MAX)
        return hd_load_too_many(loader, node, "passes", HD_PASSES_MAX);
    ruleset->passes[ruleset->n_passes++] = pass;
    return HD_OK;
}

static hd_status load_passes(hd_loader *loader, const hd_node *list)
{
    loader->ruleset->passes = HD_NEW_N(loader->arena, hd_pass, HD_PASSES_MAX);
    for (HD_EACH(entry, list))
        HD_TRY(load_pass(loader, entry));
    return HD_OK;
}

/* ---- conflicts ---- */

enum { CONFLICT_CODE, CONFLICT_WHEN, CONFLICT_OFF, N_CONFLICT_KEYS };
static const char *const conflict_keys[N_CONFLICT_KEYS] = {"code", "when", "off"};
static const hd_map_spec conflict_spec = {"a conflict", conflict_keys, N_CONFLICT_KEYS};

static hd_status load_conflicts(hd_loader *loader, const hd_node *list)
{
    hd_ruleset *ruleset = loader->ruleset;
    hd_scope scope = hd_scope_pair(ruleset);
    if (list->n > HD_CONFLICTS_MAX)
        return hd_load_too_many(loader, list, "conflicts", HD_CONFLICTS_MAX);
    ruleset->conflicts = HD_NEW_N(loader->arena, hd_conflict, list->n);
    for (HD_EACH(entry, list)) {
        const hd_node *value[N_CONFLICT_KEYS];
        hd_conflict *conflict = &ruleset->conflicts[ruleset->n_conflicts++];
        HD_TRY(hd_node_map(loader->ctx, entry, &conflict_spec, value));
        HD_TRY(hd_node_need(loader->ctx, entry, &conflict_spec, value[CONFLICT_WHEN], "when"));
        conflict->code = value[CONFLICT_CODE]->text;
        HD_TRY(hd_load_expr(loader, &scope, value[CONFLICT_WHEN], HD_TYPE_BOOL, &conflict->when));
        ruleset->relations_asked |= hd_expr_related(conflict->when);
    }
    return HD_OK;
}

/* ---- link ---- */

enum {
    LINK_MODEL,
    LINK_MODE,
    LINK_PAIRS,
    LINK_MATCH,
    LINK_REVIEW,
    LINK_MARGIN,
    LINK_ROUNDS,
    LINK_CAP,
    LINK_LIMIT,
    LINK_COMPONENT,
    LINK_ALARM,
    N_LINK_KEYS
};
static const char *const link_keys[N_LINK_KEYS] = {"model",
                                                   "mode",
                                                   "pairs",
                                                   "match_threshold",
                                                   "review_threshold",
                                                   "contest_margin",
                                                   "rounds",
                                                   "block_cap_pairs",
                                                   "pass_limit_pairs",
                                                   "component_cap",
                                                   "cluster_alarm_size"};
static const hd_map_spec link_spec = {"link", link_keys, N_LINK_KEYS};
static const char *const link_modes[] = {
    [HD_LINK_BOTH] = "both", [HD_LINK_ACROSS] = "link", [HD_LINK_WITHIN] = "deduplicate"};
enum { N_LINK_MODES = sizeof link_modes / sizeof *link_modes };

static hd_status check_thresholds(hd_loader *loader, const hd_node *const *value)
{
    const hd_ruleset *ruleset = loader->ruleset;
    if (ruleset->review_threshold_bits <= ruleset->match_threshold_bits)
        return HD_OK;
    const hd_node *said = value[LINK_REVIEW] ? value[LINK_REVIEW] : value[LINK_MATCH];
    hd_hint(loader->ctx, "pairs from the review threshold up to the match threshold go to review");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "review_threshold %g is above match_threshold %g",
                   HD_POS(said->pos), ruleset->review_threshold_bits,
                   ruleset->match_threshold_bits);
}

static hd_status load_mode(hd_loader *loader, const hd_node *node)
{
    uint32_t mode;
    HD_TRY(hd_node_choice(loader->ctx, node, link_modes, N_LINK_MODES, &mode));
    loader->ruleset->link_mode = (hd_link_mode)mode;
    if (mode != HD_LINK_ACROSS || loader->ruleset->n_sources != 1)
        return HD_OK;
    hd_hint(loader->ctx, "mode deduplicate finds what is twice in one source");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "mode link needs two sources: there is one",
                   HD_POS(node->pos));
}

static hd_status load_link(hd_loader *loader, const hd_node *const *value)
{
    hd_ctx *ctx = loader->ctx;
    hd_ruleset *ruleset = loader->ruleset;
    uint64_t alarm = ruleset->cluster_alarm_size, component = ruleset->component_cap;
    uint64_t rounds = ruleset->rounds;
    if (value[LINK_MODEL])
        HD_TRY(hd_node_text(ctx, value[LINK_MODEL], "the path of a model", &ruleset->model_path));
    if (value[LINK_MODE])
        HD_TRY(load_mode(loader, value[LINK_MODE]));
    if (value[LINK_PAIRS])
        HD_TRY(
            hd_node_text(ctx, value[LINK_PAIRS], "the path of a CSV file", &ruleset->pairs_path));
    if (value[LINK_MATCH])
        HD_TRY(hd_node_number(ctx, value[LINK_MATCH], -1000, 1000, &ruleset->match_threshold_bits));
    if (value[LINK_REVIEW])
        HD_TRY(
            hd_node_number(ctx, value[LINK_REVIEW], -1000, 1000, &ruleset->review_threshold_bits));
    if (value[LINK_MARGIN])
        HD_TRY(hd_node_number(ctx, value[LINK_MARGIN], 0, 1000, &ruleset->contest_margin_bits));
    if (value[LINK_ROUNDS])
        HD_TRY(hd_node_whole(ctx, value[LINK_ROUNDS], 1, HD_ROUNDS_MAX, &rounds));
    if (value[LINK_COMPONENT])
        HD_TRY(hd_node_whole(ctx, value[LINK_COMPONENT], 2, UINT32_MAX, &component));
    if (value[LINK_CAP])
        HD_TRY(hd_node_whole(ctx, value[LINK_CAP], 1, UINT64_C(1000000000000),
                             &ruleset->block_cap_pairs));
    if (value[LINK_LIMIT])
        HD_TRY(hd_node_whole(ctx, value[LINK_LIMIT], 1, UINT64_C(1000000000000),
                             &ruleset->pass_limit_pairs));
    if (value[LINK_ALARM])
        HD_TRY(hd_node_whole(ctx, value[LINK_ALARM], 2, UINT32_MAX, &alarm));
    ruleset->cluster_alarm_size = (uint32_t)alarm;
    ruleset->component_cap = (uint32_t)component;
    ruleset->rounds = (uint32_t)rounds;
    return check_thresholds(loader, value);
}

/* What hedui.yaml says over what the county's rules say over what is packaged. */
static hd_status load_links(hd_loader *loader, const hd_node *packaged, const hd_node *own,
                            const hd_node *settings)
{
    const hd_node *layers[] = {packaged, own, settings}, *value[N_LINK_KEYS] = {NULL};
    loader->ruleset->match_threshold_bits = 5;
    loader->ruleset->block_cap_pairs = 2000000;
    loader->ruleset->pass_limit_pairs = 1000000000;
    loader->ruleset->cluster_alarm_size = 40;
    loader->ruleset->component_cap = 1000;
    loader->ruleset->rounds = 2;
    loader->ruleset->contest_margin_bits = 3;
    for (uint32_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        const hd_node *said[N_LINK_KEYS];
        if (!layers[i])
            continue;
        HD_TRY(hd_node_map(loader->ctx, layers[i], &link_spec, said));
        for (uint32_t k = 0; k < N_LINK_KEYS; k++)
            value[k] = said[k] ? said[k] : value[k];
    }
    return load_link(loader, value);
}

hd_status hd_load_linkage(hd_loader *loader, const hd_node *settings)
{
    static hd_status (*const load[KEY_LINK])(hd_loader *, const hd_node *) = {
        load_derived, load_derived_pair,   hd_load_lookups, hd_load_birth_orders,
        load_passes,  hd_load_comparisons, load_conflicts};
    const hd_node *packaged[N_KEYS], *own[N_KEYS], *merged;
    HD_TRY(hd_load_rules(loader, "linkage.yaml", &file_spec, packaged, own));
    HD_TRY(load_links(loader, packaged[KEY_LINK], own[KEY_LINK], settings));
    for (uint32_t i = 0; i < KEY_LINK; i++) {
        HD_TRY(hd_merge(loader->ctx, loader->arena, &sections[i], packaged[i], own[i], &merged));
        HD_TRY(load[i](loader, merged));
    }
    if (!(loader->ruleset->relations_asked & loader->ruleset->relations_said))
        loader->ruleset->rounds = 1;
    return HD_OK;
}
