/* Roles by number, and what a source's type says of the roles that the source has. */

#include "pipeline/config/load.h"

#include <stdlib.h>

static bool is_role(const hd_source_type *type, hd_str of_type, hd_str of_source)
{
    if (hd_str_eq(of_type, of_source))
        return true;
    for (uint32_t i = 0; i < type->n_likes; i++)
        if (hd_str_eq(type->likes[i].role, of_source) && hd_str_eq(type->likes[i].like, of_type))
            return true;
    return false;
}

static bool has_input(const hd_source *source, const hd_role *role, uint16_t field)
{
    for (uint32_t i = 0; i < source->n_record; i++)
        if (source->record[i].field == field)
            return true;
    for (uint32_t i = 0; i < role->n_inputs; i++)
        if (role->inputs[i].field == field)
            return true;
    return false;
}

/* The fills of the type, between the roles that this source has, from fields that it has. */
void hd_load_fills(hd_loader *loader, const hd_source_type *type, hd_source *source)
{
    source->fills = HD_NEW_N(loader->arena, hd_fill, (size_t)type->n_fills * source->n_roles);
    for (uint32_t r = 0; r < source->n_roles; r++)
        for (uint32_t i = 0; i < type->n_fills; i++) {
            const hd_type_fill *fill = &type->fills[i];
            uint32_t from = 0;
            while (from < source->n_roles && !hd_str_eq(source->roles[from].code, fill->from_role))
                from++;
            if (from == source->n_roles || !is_role(type, fill->role, source->roles[r].code) ||
                !has_input(source, &source->roles[from], fill->from_field))
                continue;
            source->fills[source->n_fills++] =
                (hd_fill){(uint8_t)r, (uint8_t)from, fill->field, fill->from_field};
            loader->mapped[fill->field] = true;
        }
}

void hd_load_relations(hd_loader *loader, const hd_source_type *type, hd_source *source)
{
    size_t pairs = (size_t)source->n_roles * source->n_roles;
    source->relations = HD_NEW_N(loader->arena, hd_relation_rule, type->n_relations * pairs);
    for (uint32_t i = 0; i < type->n_relations; i++)
        for (uint32_t r = 0; r < source->n_roles; r++)
            for (uint32_t o = 0; o < source->n_roles; o++) {
                const hd_type_relation *relation = &type->relations[i];
                if (r == o || !is_role(type, relation->role, source->roles[r].code) ||
                    !is_role(type, relation->other, source->roles[o].code))
                    continue;
                source->relations[source->n_relations++] =
                    (hd_relation_rule){(uint8_t)r, (uint8_t)o, relation->relation,
                                       relation->start_field, relation->end_field};
            }
}

static hd_status mark_role(hd_loader *loader, const hd_node *node, hd_source *source)
{
    hd_near_name nearest = {0};
    HD_TRY(hd_node_text(loader->ctx, node, "a role", &nearest.wanted));
    for (uint32_t r = 0; r < source->n_roles; r++) {
        hd_near_name_offer(&nearest, source->roles[r].code);
        if (hd_str_eq(source->roles[r].code, nearest.wanted)) {
            source->roles[r].duplicate_free = true;
            return HD_OK;
        }
    }
    return hd_node_unknown(loader->ctx, node, "role", &nearest);
}

hd_status hd_load_duplicate_free(hd_loader *loader, const hd_source_type *type, const hd_node *node,
                                 hd_source *source)
{
    bool all = false;
    if (node && node->kind == HD_NODE_LIST) {
        for (HD_EACH(role, node))
            HD_TRY(mark_role(loader, role, source));
        return HD_OK;
    }
    if (node)
        HD_TRY(hd_node_bool(loader->ctx, node, &all));
    for (uint32_t r = 0; r < source->n_roles; r++) {
        source->roles[r].duplicate_free = all;
        for (uint32_t i = 0; !node && i < type->n_duplicate_free; i++)
            source->roles[r].duplicate_free |=
                is_role(type, type->duplicate_free[i], source->roles[r].code);
    }
    return HD_OK;
}

static uint8_t role_number(const hd_ruleset *ruleset, hd_str code)
{
    for (uint32_t i = 0; i < ruleset->n_role_names; i++)
        if (hd_str_eq(ruleset->role_names[i], code))
            return (uint8_t)i;
    HD_BUG("role was not added");
}

void hd_load_number_roles(hd_ruleset *ruleset)
{
    qsort(ruleset->role_names, ruleset->n_role_names, sizeof *ruleset->role_names, hd_str_compare);
    for (uint32_t s = 0; s < ruleset->n_sources; s++)
        for (uint32_t r = 0; r < ruleset->sources[s].n_roles; r++) {
            hd_role *role = &ruleset->sources[s].roles[r];
            role->number = role_number(ruleset, role->code);
        }
}

hd_status hd_load_add_role(hd_loader *loader, const hd_node *node, hd_str code)
{
    hd_ruleset *ruleset = loader->ruleset;
    for (uint32_t i = 0; i < ruleset->n_role_names; i++)
        if (hd_str_eq(ruleset->role_names[i], code))
            return HD_OK;
    if (ruleset->n_role_names == HD_ROLES_MAX)
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "more than %d roles", HD_POS(node->pos),
                       HD_ROLES_MAX);
    ruleset->role_names[ruleset->n_role_names++] = code;
    return HD_OK;
}
