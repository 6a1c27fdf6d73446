/* rules/checks.yaml: what a steward must look at. */

#include "pipeline/config/load.h"

static const char *const file_keys[] = {"rules"};
static const hd_map_spec file_spec = {"rules/checks.yaml", file_keys, 1};
static const hd_section section = {"rule", "code"};

enum {
    KEY_CODE,
    KEY_KIND,
    KEY_CHECK,
    KEY_SEVERITY,
    KEY_FIELD,
    KEY_WHEN,
    KEY_UNLESS,
    KEY_VALUE,
    KEY_CONFLICT,
    KEY_WHY,
    KEY_EXAMPLE,
    KEY_OFF,
    N_KEYS
};
static const char *const rule_keys[N_KEYS] = {"code",     "kind", "check",   "severity",
                                              "field",    "when", "unless",  "value",
                                              "conflict", "why",  "example", "off"};
static const hd_map_spec rule_spec = {"a rule", rule_keys, N_KEYS};

static const char *const kinds[] = {"form",   "logic",    "agreement",  "coverage",
                                    "unique", "relation", "timeliness", "empty"};
/* In the order of hd_check and hd_severity. */
static const char *const checks[] = {"mention", "pair", "shared", "lacks", "review"};
static const char *const severities[] = {"info", "warn", "error"};

enum { N_CHECKS = sizeof checks / sizeof *checks };

/* Which of when, unless, value and conflict each check takes: needed, possible, not possible. */
typedef enum need { NO, MAY, MUST } need;
enum { N_NEEDS = 4 };
static const need needs[N_CHECKS][N_NEEDS] = {[HD_CHECK_MENTION] = {MUST, NO, NO, NO},
                                              [HD_CHECK_PAIR] = {MUST, NO, NO, NO},
                                              [HD_CHECK_SHARED] = {MAY, NO, MUST, NO},
                                              [HD_CHECK_LACKS] = {MUST, MUST, NO, NO},
                                              [HD_CHECK_REVIEW] = {MUST, NO, NO, MUST}};

/* ---- examples ---- */

enum { EXAMPLE_GIVEN, EXAMPLE_EXPECT, N_EXAMPLE_KEYS };
static const char *const example_keys[N_EXAMPLE_KEYS] = {"given", "expect"};
static const hd_map_spec example_spec = {"an example", example_keys, N_EXAMPLE_KEYS};
static const char *const expectations[] = {"clean", "found"};

typedef struct hd_example_mention example_mention;

/* person, type and role are of the mention; all else is a field of it. */
static hd_status load_example_entry(hd_loader *loader, const hd_node *entry, example_mention *out)
{
    hd_ctx *ctx = loader->ctx;
    if (hd_str_eq(entry->key->text, HD_STR("person"))) {
        uint64_t person;
        HD_TRY(hd_node_whole(ctx, entry, 1, 1000, &person));
        out->person = (uint32_t)person;
        return HD_OK;
    }
    if (hd_str_eq(entry->key->text, HD_STR("role")))
        return hd_node_text(ctx, entry, "a role", &out->role);
    if (hd_str_eq(entry->key->text, HD_STR("type"))) {
        HD_TRY(hd_node_text(ctx, entry, "a type of source", &out->type));
        return hd_load_type_ref(loader, out->type) ? HD_OK : hd_load_unknown_type(loader, entry);
    }
    HD_TRY(hd_load_field_ref(loader, entry->key, &out->fields[out->n_values]));
    HD_TRY(hd_node_is(ctx, entry, HD_NODE_SCALAR, "a value as a source writes it"));
    out->values[out->n_values++] = entry->text;
    return HD_OK;
}

static hd_status load_example_mention(hd_loader *loader, const hd_node *node, example_mention *out)
{
    HD_TRY(hd_node_is(loader->ctx, node, HD_NODE_MAP, "a mention: its type, role and fields"));
    *out = (example_mention){.person = 1, .role = HD_STR("self")};
    out->fields = HD_NEW_N(loader->arena, uint16_t, node->n);
    out->values = HD_NEW_N(loader->arena, hd_str, node->n);
    for (HD_EACH(entry, node))
        HD_TRY(load_example_entry(loader, entry, out));
    if (out->type.ptr)
        return HD_OK;
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "a mention needs \"type\"", HD_POS(node->pos));
}

static hd_status load_example(hd_loader *loader, const hd_node *node, hd_example *out)
{
    hd_ctx *ctx = loader->ctx;
    const hd_node *value[N_EXAMPLE_KEYS];
    uint32_t expect;
    HD_TRY(hd_node_map(ctx, node, &example_spec, value));
    for (uint32_t i = 0; i < N_EXAMPLE_KEYS; i++)
        HD_TRY(hd_node_need(ctx, node, &example_spec, value[i], example_keys[i]));
    HD_TRY(hd_node_choice(ctx, value[EXAMPLE_EXPECT], expectations, 2, &expect));
    HD_TRY(hd_node_is(ctx, value[EXAMPLE_GIVEN], HD_NODE_LIST, "a list of mentions"));
    *out = (hd_example){.pos = node->pos, .expect = expect == 1};
    out->mentions = HD_NEW_N(loader->arena, example_mention, value[EXAMPLE_GIVEN]->n);
    for (HD_EACH(mention, value[EXAMPLE_GIVEN]))
        HD_TRY(load_example_mention(loader, mention, &out->mentions[out->n_mentions++]));
    return HD_OK;
}

static hd_status load_examples(hd_loader *loader, const hd_node *list, hd_rule *rule)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of examples"));
    rule->examples = HD_NEW_N(loader->arena, hd_example, list->n);
    for (HD_EACH(example, list))
        HD_TRY(load_example(loader, example, &rule->examples[rule->n_examples++]));
    return HD_OK;
}

/* ---- rules ---- */

static hd_status check_need(hd_loader *loader, const hd_node *node, hd_check check,
                            const hd_node *const *value)
{
    for (uint32_t i = 0; i < N_NEEDS; i++) {
        const hd_node *said = value[KEY_WHEN + i];
        if (needs[check][i] == MUST && !said)
            return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "a rule with \"check: %s\" needs \"%s\"",
                           HD_POS(node->pos), checks[check], rule_keys[KEY_WHEN + i]);
        if (needs[check][i] == NO && said)
            return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "a rule with \"check: %s\" has no \"%s\"",
                           HD_POS(said->key->pos), checks[check], rule_keys[KEY_WHEN + i]);
    }
    return HD_OK;
}

static hd_status find_conflict(hd_loader *loader, const hd_node *node, int16_t *out)
{
    const hd_ruleset *ruleset = loader->ruleset;
    for (uint32_t i = 0; i < ruleset->n_conflicts; i++) {
        *out = (int16_t)i;
        if (hd_str_eq(ruleset->conflicts[i].code, node->text))
            return HD_OK;
    }
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "linkage.yaml declares no conflict \"%.*s\"",
                   HD_POS(node->pos), HD_ARG(node->text));
}

static hd_status load_conditions(hd_loader *loader, const hd_node *node,
                                 const hd_node *const *value, hd_rule *rule)
{
    HD_TRY(check_need(loader, node, rule->check, value));
    bool two = rule->check == HD_CHECK_PAIR || rule->check == HD_CHECK_REVIEW;
    hd_scope scope = two ? hd_scope_pair(loader->ruleset) : hd_scope_mention(loader->ruleset);
    rule->conflict = -1;
    if (value[KEY_CONFLICT])
        HD_TRY(find_conflict(loader, value[KEY_CONFLICT], &rule->conflict));
    if (value[KEY_WHEN])
        HD_TRY(hd_load_expr(loader, &scope, value[KEY_WHEN], HD_TYPE_BOOL, &rule->when));
    if (value[KEY_UNLESS])
        HD_TRY(hd_load_expr(loader, &scope, value[KEY_UNLESS], HD_TYPE_BOOL, &rule->unless));
    if (value[KEY_VALUE])
        HD_TRY(hd_load_expr(loader, &scope, value[KEY_VALUE], HD_TYPE_NULL, &rule->value));
    return HD_OK;
}

/* What it is: kind, check, severity, and the field that it is about. */
static hd_status load_nature(hd_loader *loader, const hd_node *const *value, hd_rule *rule)
{
    hd_ctx *ctx = loader->ctx;
    uint32_t kind, check, severity;
    HD_TRY(hd_node_choice(ctx, value[KEY_KIND], kinds, sizeof kinds / sizeof *kinds, &kind));
    HD_TRY(hd_node_choice(ctx, value[KEY_CHECK], checks, N_CHECKS, &check));
    HD_TRY(hd_node_choice(ctx, value[KEY_SEVERITY], severities,
                          sizeof severities / sizeof *severities, &severity));
    HD_TRY(hd_node_text(ctx, value[KEY_WHY], "why the rule is there", &rule->why));
    rule->kind = hd_str_from(kinds[kind]);
    rule->about_form = kind == 0;
    rule->check = (hd_check)check;
    rule->severity = (hd_severity)severity;
    rule->field = -1;
    if (!value[KEY_FIELD])
        return HD_OK;
    uint16_t field;
    HD_TRY(hd_load_field_ref(loader, value[KEY_FIELD], &field));
    rule->field = (int16_t)field;
    return HD_OK;
}

static hd_status load_rule(hd_loader *loader, const hd_node *node, hd_rule *rule)
{
    static const uint32_t needed[] = {KEY_KIND, KEY_CHECK, KEY_SEVERITY, KEY_WHY, KEY_EXAMPLE};
    const hd_node *value[N_KEYS];
    HD_TRY(hd_node_map(loader->ctx, node, &rule_spec, value));
    for (uint32_t i = 0; i < sizeof needed / sizeof *needed; i++)
        HD_TRY(hd_node_need(loader->ctx, node, &rule_spec, value[needed[i]], rule_keys[needed[i]]));
    *rule = (hd_rule){.code = value[KEY_CODE]->text, .pos = node->pos};
    HD_TRY(load_nature(loader, value, rule));
    HD_TRY(load_conditions(loader, node, value, rule));
    return load_examples(loader, value[KEY_EXAMPLE], rule);
}

hd_status hd_load_checks(hd_loader *loader)
{
    hd_ruleset *ruleset = loader->ruleset;
    const hd_node *packaged, *own, *rules;
    HD_TRY(hd_load_rules(loader, "checks.yaml", &file_spec, &packaged, &own));
    HD_TRY(hd_merge(loader->ctx, loader->arena, &section, packaged, own, &rules));
    ruleset->rules = HD_NEW_N(loader->arena, hd_rule, rules->n);
    for (HD_EACH(rule, rules))
        HD_TRY(load_rule(loader, rule, &ruleset->rules[ruleset->n_rules++]));
    return HD_OK;
}
