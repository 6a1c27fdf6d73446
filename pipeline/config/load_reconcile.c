/* rules/reconcile.yaml: how each field of the person is chosen. */

#include "pipeline/config/load.h"

enum { KEY_ORDER, KEY_DEFAULT, KEY_SURVIVORSHIP, N_KEYS };
static const char *const file_keys[N_KEYS] = {"source_order", "default", "survivorship"};
static const hd_map_spec file_spec = {"rules/reconcile.yaml", file_keys, N_KEYS};
static const hd_section section = {"survivorship", "field"};

enum { SURVIVE_FIELD, SURVIVE_PREFER, SURVIVE_ORDER, SURVIVE_OFF, N_SURVIVE_KEYS };
static const char *const survive_keys[N_SURVIVE_KEYS] = {"field", "prefer", "source_order", "off"};
static const hd_map_spec survive_spec = {"a survivorship", survive_keys, N_SURVIVE_KEYS};

/* In the order of hd_prefer. */
static const char *const criteria[] = {"state", "source", "frequent", "recent", "longest"};
enum { N_CRITERIA = sizeof criteria / sizeof *criteria };

static hd_status load_prefer(hd_loader *loader, const hd_node *list, hd_survivorship *out)
{
    bool seen[N_CRITERIA] = {false};
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of criteria"));
    out->n_prefer = 0;
    for (HD_EACH(item, list)) {
        uint32_t criterion;
        HD_TRY(hd_node_choice(loader->ctx, item, criteria, N_CRITERIA, &criterion));
        if (seen[criterion])
            return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "\"%s\" stands twice in the list",
                           HD_POS(item->pos), criteria[criterion]);
        seen[criterion] = true;
        out->prefer[out->n_prefer++] = (uint8_t)criterion;
    }
    return HD_OK;
}

static hd_status load_order(hd_loader *loader, const hd_node *list, hd_survivorship *out)
{
    HD_TRY(hd_node_is(loader->ctx, list, HD_NODE_LIST, "a list of types of sources"));
    out->source_types = HD_NEW_N(loader->arena, hd_str, list->n);
    out->n_source_types = 0;
    for (HD_EACH(item, list)) {
        hd_str code;
        HD_TRY(hd_node_text(loader->ctx, item, "a type of source", &code));
        if (!hd_load_type_ref(loader, code))
            return hd_load_unknown_type(loader, item);
        out->source_types[out->n_source_types++] = code;
    }
    return HD_OK;
}

/* What holds for fields of which nothing is said. */
static hd_status load_default(hd_loader *loader, const hd_node *prefer, const hd_node *order,
                              hd_survivorship *out)
{
    *out = (hd_survivorship){.n_prefer = 1, .prefer = {HD_PREFER_STATE}};
    if (prefer)
        HD_TRY(load_prefer(loader, prefer, out));
    return order ? load_order(loader, order, out) : HD_OK;
}

hd_survivorship *hd_survivorship_find(const hd_ruleset *ruleset, uint16_t field)
{
    for (uint32_t i = 0; i < ruleset->n_survivorship; i++)
        if (ruleset->survivorship[i].field == field)
            return &ruleset->survivorship[i];
    return NULL;
}

static hd_status load_survivorship(hd_loader *loader, const hd_node *node)
{
    const hd_node *value[N_SURVIVE_KEYS];
    uint16_t field;
    HD_TRY(hd_node_map(loader->ctx, node, &survive_spec, value));
    HD_TRY(hd_load_field_ref(loader, value[SURVIVE_FIELD], &field));
    hd_survivorship *out = hd_survivorship_find(loader->ruleset, field);
    if (!out) {
        hd_hint(loader->ctx, "only fields with `person: true` are chosen");
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "\"%.*s\" is not a field of the person",
                       HD_POS(value[SURVIVE_FIELD]->pos), HD_ARG(value[SURVIVE_FIELD]->text));
    }
    if (value[SURVIVE_PREFER])
        HD_TRY(load_prefer(loader, value[SURVIVE_PREFER], out));
    return value[SURVIVE_ORDER] ? load_order(loader, value[SURVIVE_ORDER], out) : HD_OK;
}

hd_status hd_load_reconcile(hd_loader *loader)
{
    hd_ruleset *ruleset = loader->ruleset;
    const hd_node *packaged[N_KEYS], *own[N_KEYS], *merged;
    hd_survivorship usual;
    HD_TRY(hd_load_rules(loader, "reconcile.yaml", &file_spec, packaged, own));
    HD_TRY(load_default(loader, own[KEY_DEFAULT] ? own[KEY_DEFAULT] : packaged[KEY_DEFAULT],
                        own[KEY_ORDER] ? own[KEY_ORDER] : packaged[KEY_ORDER], &usual));
    ruleset->survivorship = HD_NEW_N(loader->arena, hd_survivorship, ruleset->n_fields);
    for (uint32_t i = 0; i < ruleset->n_fields; i++) {
        if (!ruleset->fields[i].person)
            continue;
        usual.field = (uint16_t)i;
        ruleset->survivorship[ruleset->n_survivorship++] = usual;
    }
    HD_TRY(hd_merge(loader->ctx, loader->arena, &section, packaged[KEY_SURVIVORSHIP],
                    own[KEY_SURVIVORSHIP], &merged));
    for (HD_EACH(entry, merged))
        HD_TRY(load_survivorship(loader, entry));
    return HD_OK;
}
