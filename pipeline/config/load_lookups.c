/* `relations:` and `birth_order:` of rules/linkage.yaml. */

#include "pipeline/config/load.h"

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
    /* who one is oneself is for the clusters to say, and the last follows from mothers and fathers
     */
    HD_TRY(hd_node_choice(loader->ctx, node, kinds + 1, HD_N_RELATION_KINDS - 2, &kind));
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
    HD_TRY(hd_load_exprs(loader, value[REL_OF], "a list of values", &lookup.of, &lookup.n_keys));
    HD_TRY(hd_load_exprs(loader, value[REL_IS], "a list of values", &lookup.is, &n_is));
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

hd_status hd_load_lookups(hd_loader *loader, const hd_node *list)
{
    hd_ruleset *ruleset = loader->ruleset;
    ruleset->lookups = HD_NEW_N(loader->arena, hd_relation_lookup, list->n + 1u);
    ruleset->relations_said = relations_of_records(ruleset);
    for (HD_EACH(entry, list))
        HD_TRY(load_relation(loader, entry));
    if (ruleset->relations_said)
        ruleset->relations_said |= UINT32_C(1) << HD_RELATION_self;
    if (ruleset->relations_said >> HD_RELATION_mother & 1 ||
        ruleset->relations_said >> HD_RELATION_father & 1)
        ruleset->relations_said |= UINT32_C(1) << HD_RELATION_as_parent;
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
    HD_TRY(hd_load_exprs(loader, value[ORDER_AMONG], "a list of values", &order.among,
                         &order.n_among));
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

hd_status hd_load_birth_orders(hd_loader *loader, const hd_node *list)
{
    loader->ruleset->birth_orders = HD_NEW_N(loader->arena, hd_birth_order, list->n + 1u);
    for (HD_EACH(entry, list))
        HD_TRY(load_birth_order(loader, entry));
    return HD_OK;
}
