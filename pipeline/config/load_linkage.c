/* rules/linkage.yaml: derived names, relations, passes, comparisons, conflicts, thresholds. */

#include "pipeline/config/load.h"

enum {
    KEY_DERIVED,
    KEY_RELATIONS,
    KEY_ORDER,
    KEY_PASSES,
    KEY_COMPARISONS,
    KEY_CONFLICTS,
    KEY_LINK,
    N_KEYS
};
static const char *const file_keys[N_KEYS] = {"derived",     "relations", "birth_order", "passes",
                                              "comparisons", "conflicts", "link"};
static const hd_map_spec file_spec = {"rules/linkage.yaml", file_keys, N_KEYS};
static const hd_section sections[KEY_LINK] = {{"derived name", NULL},  {"relation", "code"},
                                              {"birth order", "code"}, {"pass", "code"},
                                              {"comparison", "code"},  {"conflict", "code"}};

/* A list of expressions over one mention; *out at least empty. */
static hd_status load_exprs(hd_loader *loader, const hd_node *node, const char *expected,
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

/* ---- derived ---- */

static hd_status load_derived_one(hd_loader *loader, const hd_node *node)
{
    hd_ctx *ctx = loader->ctx;
    hd_ruleset *ruleset = loader->ruleset;
    HD_TRY(hd_node_name(ctx, node->key, "a derived name"));
    hd_scope scope = hd_scope_mention(ruleset);
    hd_ref ref;
    hd_type type;
    if (scope.resolve(scope.arg, HD_STR_NULL, node->key->text, &ref, &type)) {
        hd_hint(ctx, "give it another name");
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "\"%.*s\" is a field already", HD_POS(node->key->pos),
                       HD_ARG(node->key->text));
    }
    const hd_expr *expr;
    HD_TRY(hd_load_expr(loader, &scope, node, HD_TYPE_NULL, &expr));
    ruleset->derived[ruleset->n_derived++] = (hd_derived){node->key->text, expr};
    return HD_OK;
}

static hd_status load_derived(hd_loader *loader, const hd_node *map)
{
    loader->ruleset->derived = HD_NEW_N(loader->arena, hd_derived, map->n);
    for (HD_EACH(entry, map))
        HD_TRY(load_derived_one(loader, entry));
    return HD_OK;
}

/* ---- relations ---- */

enum { REL_CODE, REL_RELATION, REL_OF, REL_WHEN, REL_IS, REL_WHERE, REL_OFF, N_REL_KEYS };
static const char *const relation_keys[N_REL_KEYS] = {"code", "relation", "of", "when",
                                                      "is",   "where",    "off"};
static const hd_map_spec relation_spec = {"a relation", relation_keys, N_REL_KEYS};

static hd_status load_condition(hd_loader *loader, const hd_node *node, const hd_expr **out)
{
    hd_scope scope = hd_scope_mention(loader->ruleset);
    return node ? hd_load_expr(loader, &scope, node, HD_TYPE_BOOL, out) : HD_OK;
}

static hd_status load_relation_kind(hd_loader *loader, const hd_node *node, hd_relation_kind *out)
{
    const char *kinds[HD_N_RELATION_KINDS];
    uint32_t kind;
    for (int i = 0; i < HD_N_RELATION_KINDS; i++)
        kinds[i] = hd_relation_kind_name((hd_relation_kind)i);
    /* who one is oneself is for the clusters to say */
    HD_TRY(hd_node_choice(loader->ctx, node, kinds + 1, HD_N_RELATION_KINDS - 1, &kind));
    *out = (hd_relation_kind)(kind + 1);
    return HD_OK;
}

static bool keys_match(const hd_relation_lookup *lookup, uint32_t n_is)
{
    bool match = lookup->n_keys && lookup->n_keys == n_is;
    for (uint32_t i = 0; match && i < n_is; i++)
        match = lookup->of[i]->type == lookup->is[i]->type;
    return match;
}

static bool lookup_reachable(const hd_loader *loader, const hd_relation_lookup *lookup)
{
    bool reachable = (!lookup->when || hd_expr_reachable(loader, lookup->when)) &&
                     (!lookup->where || hd_expr_reachable(loader, lookup->where));
    for (uint32_t i = 0; i < lookup->n_keys; i++)
        reachable = reachable && hd_expr_reachable(loader, lookup->of[i]) &&
                    hd_expr_reachable(loader, lookup->is[i]);
    return reachable;
}

static hd_status load_relation(hd_loader *loader, const hd_node *node)
{
    hd_ctx *ctx = loader->ctx;
    hd_ruleset *ruleset = loader->ruleset;
    const hd_node *value[N_REL_KEYS];
    hd_relation_lookup lookup = {0};
    uint32_t n_is;
    HD_TRY(hd_node_map(ctx, node, &relation_spec, value));
    HD_TRY(hd_node_need(ctx, node, &relation_spec, value[REL_RELATION], "relation"));
    HD_TRY(hd_node_need(ctx, node, &relation_spec, value[REL_OF], "of"));
    HD_TRY(hd_node_need(ctx, node, &relation_spec, value[REL_IS], "is"));
    lookup.code = value[REL_CODE]->text;
    HD_TRY(load_relation_kind(loader, value[REL_RELATION], &lookup.relation));
    HD_TRY(load_exprs(loader, value[REL_OF], "a list of values", &lookup.of, &lookup.n_keys));
    HD_TRY(load_exprs(loader, value[REL_IS], "a list of values", &lookup.is, &n_is));
    HD_TRY(load_condition(loader, value[REL_WHEN], &lookup.when));
    HD_TRY(load_condition(loader, value[REL_WHERE], &lookup.where));
    if (!keys_match(&lookup, n_is))
        return HD_FAIL(ctx, HD_CONFIG,
                       HD_AT "\"of\" and \"is\" need the same number of values, of the same types",
                       HD_POS(value[REL_IS]->pos));
    if (lookup_reachable(loader, &lookup)) {
        ruleset->lookups[ruleset->n_lookups++] = lookup;
        ruleset->relations_said |= UINT32_C(1) << lookup.relation;
    }
    return HD_OK;
}

/* What the records of the sources say of each other's persons, whichever way round. */
static uint32_t relations_of_records(const hd_ruleset *ruleset)
{
    uint32_t said = 0;
    for (uint32_t s = 0; s < ruleset->n_sources; s++)
        for (uint32_t i = 0; i < ruleset->sources[s].n_relations; i++) {
            int kind = hd_relation_kind_find(ruleset->sources[s].relations[i].relation);
            said |= kind < 0 ? 0 : UINT32_C(1) << kind;
            said |= kind == HD_RELATION_mother || kind == HD_RELATION_father
                        ? UINT32_C(1) << HD_RELATION_child
                        : 0;
        }
    return said;
}

static hd_status load_relations(hd_loader *loader, const hd_node *list)
{
    hd_ruleset *ruleset = loader->ruleset;
    ruleset->lookups = HD_NEW_N(loader->arena, hd_relation_lookup, list->n + 1u);
    ruleset->relations_said = relations_of_records(ruleset);
    for (HD_EACH(entry, list))
        HD_TRY(load_relation(loader, entry));
    if (ruleset->relations_said)
        ruleset->relations_said |= UINT32_C(1) << HD_RELATION_self;
    return HD_OK;
}

/* ---- birth order ---- */

enum { ORDER_CODE, ORDER_AMONG, ORDER_BY, ORDER_WHEN, ORDER_OFF, N_ORDER_KEYS };
static const char *const order_keys[N_ORDER_KEYS] = {"code", "among", "by", "when", "off"};
static const hd_map_spec order_spec = {"a birth order", order_keys, N_ORDER_KEYS};

static hd_status load_birth_order(hd_loader *loader, const hd_node *node)
{
    hd_ctx *ctx = loader->ctx;
    hd_ruleset *ruleset = loader->ruleset;
    hd_scope scope = hd_scope_mention(ruleset);
    const hd_node *value[N_ORDER_KEYS];
    hd_birth_order order = {0};
    HD_TRY(hd_node_map(ctx, node, &order_spec, value));
    HD_TRY(hd_node_need(ctx, node, &order_spec, value[ORDER_AMONG], "among"));
    HD_TRY(hd_node_need(ctx, node, &order_spec, value[ORDER_BY], "by"));
    order.code = value[ORDER_CODE]->text;
    HD_TRY(
        load_exprs(loader, value[ORDER_AMONG], "a list of values", &order.among, &order.n_among));
    HD_TRY(hd_load_expr(loader, &scope, value[ORDER_BY], HD_TYPE_TEXT, &order.by));
    HD_TRY(load_condition(loader, value[ORDER_WHEN], &order.when));
    bool reachable = hd_expr_reachable(loader, order.by);
    for (uint32_t i = 0; i < order.n_among; i++) {
        reachable = reachable && hd_expr_reachable(loader, order.among[i]);
        ruleset->relations_asked |= hd_expr_related(order.among[i]);
    }
    if (reachable) {
        ruleset->birth_orders[ruleset->n_birth_orders++] = order;
        ruleset->relations_said |= UINT32_C(1) << HD_BIRTH_ORDER;
    }
    return HD_OK;
}

static hd_status load_birth_orders(hd_loader *loader, const hd_node *list)
{
    loader->ruleset->birth_orders = HD_NEW_N(loader->arena, hd_birth_order, list->n + 1u);
    for (HD_EACH(entry, list))
        HD_TRY(load_birth_order(loader, entry));
    return HD_OK;
}

/* ---- passes ---- */

enum { PASS_CODE, PASS_KEYS, PASS_NARROW, PASS_OFF, N_PASS_KEYS };
static const char *const pass_keys[N_PASS_KEYS] = {"code", "keys", "narrow", "off"};
static const hd_map_spec pass_spec = {"a pass", pass_keys, N_PASS_KEYS};

static hd_status too_many(hd_loader *loader, const hd_node *node, const char *what, int max)
{
    hd_hint(loader->ctx, "turn off some: {code: …, off: true}");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "more than %d %s", HD_POS(node->pos), max, what);
}

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
    HD_TRY(load_exprs(loader, value[PASS_KEYS], "a list of keys", &pass.keys, &pass.n_keys));
    pass.key_texts = HD_NEW_N(loader->arena, hd_str, pass.n_keys + 1u);
    uint32_t n = 0;
    for (HD_EACH(key, value[PASS_KEYS]))
        pass.key_texts[n++] = key->text;
    HD_TRY(load_exprs(loader, value[PASS_NARROW], "a list of keys", &pass.narrow, &pass.n_narrow));
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
        return too_many(loader, node, "passes", HD_PASSES_MAX);
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

/* ---- comparisons ---- */

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
    HD_TRY(load_exprs(loader, value[CMP_NEEDS], "a list of values", &comparison.needs,
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
        return too_many(loader, node, "comparisons", HD_COMPARISONS_MAX);
    comparison.asks_persons = comparison_persons(&comparison) != 0;
    ruleset->relations_asked |= comparison_persons(&comparison);
    ruleset->comparisons[ruleset->n_comparisons++] = comparison;
    return HD_OK;
}

static hd_status load_comparisons(hd_loader *loader, const hd_node *list)
{
    loader->ruleset->comparisons = HD_NEW_N(loader->arena, hd_comparison, HD_COMPARISONS_MAX);
    for (HD_EACH(entry, list))
        HD_TRY(load_comparison(loader, entry));
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
        return too_many(loader, list, "conflicts", HD_CONFLICTS_MAX);
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
    loader->ruleset->match_threshold_bits = 8;
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
        load_derived, load_relations,   load_birth_orders,
        load_passes,  load_comparisons, load_conflicts};
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
