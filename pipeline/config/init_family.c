/* A family a row: each of its members has columns of its own, 成员1姓名, 成员2姓名 …, or 户主姓名,
 * 配偶姓名, 子女1姓名 … */

#include "pipeline/config/init_guesser.h"

enum { MEMBERS_MAX = 10 }; /* of a kind */

static int32_t find(const hd_guesser *g, const char *field, const hd_words *prefixes)
{
    int f = hd_field_find(g->loader->ruleset, hd_str_from(field));
    return f < 0 ? -1 : hd_guesser_find(g, &g->columns->fields[f], prefixes);
}

/* A name, and something else that is the person's own. */
static bool is_there(const hd_guesser *g, const hd_words *prefixes)
{
    return find(g, "name", prefixes) >= 0 &&
           (find(g, "id_number", prefixes) >= 0 || find(g, "birth_date", prefixes) >= 0 ||
            find(g, "sex", prefixes) >= 0);
}

/* 成员 and 3: 成员3, 成员三. */
static hd_words number_prefixes(const hd_guesser *g, const hd_words *words, uint32_t number)
{
    static const char *const han[MEMBERS_MAX + 1] = {"",   "一", "二", "三", "四", "五",
                                                     "六", "七", "八", "九", "十"};
    hd_words out = {HD_NEW_N(g->loader->arena, hd_str, 2 * words->n), 0};
    for (uint32_t i = 0; i < words->n; i++) {
        hd_str word = words->item[i];
        out.item[out.n++] = hd_arena_printf(g->loader->arena, "%.*s%u", HD_ARG(word), number);
        out.item[out.n++] = hd_arena_printf(g->loader->arena, "%.*s%s", HD_ARG(word), han[number]);
    }
    return out;
}

static hd_words prefixes_of(const hd_guesser *g, const hd_family_columns *kind, uint32_t number)
{
    return kind->numbered ? number_prefixes(g, &kind->prefixes, number) : kind->prefixes;
}

static uint32_t count_members(const hd_guesser *g, const hd_family_columns *kind)
{
    uint32_t n = 0, limit = kind->numbered ? MEMBERS_MAX : 1;
    for (; n < limit; n++) {
        hd_words prefixes = prefixes_of(g, kind, n + 1);
        if (!is_there(g, &prefixes))
            break;
    }
    return n;
}

/* What stands once in the row: the household, where it lives, its telephone. */
static void guess_shared(hd_guesser *g, hd_guess_role *shared)
{
    hd_guess_role all = {0};
    hd_guess_fields(g, &all, NULL);
    for (uint32_t i = 0; i < all.n_inputs; i++) {
        hd_kind kind = g->loader->ruleset->fields[all.inputs[i].field].kind;
        if (kind == HD_KIND_household || kind == HD_KIND_division || kind == HD_KIND_address ||
            kind == HD_KIND_phone)
            shared->inputs[shared->n_inputs++] = all.inputs[i];
        else
            g->out->used[all.inputs[i].column] = false;
    }
    hd_guess_parts(g, shared);
}

/* What the member is to the head: as a column says, or as its place in the row does. */
static void guess_relation(hd_guesser *g, hd_guess_role *role, const hd_family_columns *kind,
                           const hd_words *prefixes)
{
    int field = hd_field_find(g->loader->ruleset, HD_STR("relation"));
    if (field < 0 || hd_guess_role_has(role, (uint32_t)field))
        return;
    hd_guess_input input = {.field = (uint16_t)field,
                            .column = hd_guesser_find(g, &g->columns->beside_relation, prefixes)};
    if (input.column >= 0)
        g->out->used[input.column] = true;
    else if (kind->relation.ptr)
        input.expr = hd_arena_printf(g->loader->arena, "\"%.*s\"", HD_ARG(kind->relation));
    else
        return;
    role->inputs[role->n_inputs++] = input;
}

static void add_member(hd_guesser *g, const hd_family_columns *kind, uint32_t number,
                       const hd_guess_role *shared)
{
    hd_words prefixes = prefixes_of(g, kind, number);
    hd_guess_role *role = &g->out->roles[g->out->n_roles++];
    *role = (hd_guess_role){.code = kind->role};
    if (number > 1)
        role->code = hd_arena_printf(g->loader->arena, "%.*s%u", HD_ARG(kind->role), number);
    hd_guess_fields(g, role, &prefixes);
    guess_relation(g, role, kind, &prefixes);
    for (uint32_t i = 0; i < shared->n_inputs; i++)
        if (!hd_guess_role_has(role, shared->inputs[i].field))
            role->inputs[role->n_inputs++] = shared->inputs[i];
    hd_guess_sort_inputs(role);
}

/* A pupil, an insured person …: who stands beside it is its family, not a member of the row's. */
static bool has_person(const hd_guesser *g)
{
    const hd_words *self = hd_guess_self(g);
    if (find(g, "name", NULL) >= 0)
        return true;
    for (uint32_t i = 0; i < g->columns->n_family && self; i++)
        if (find(g, "name", self) == find(g, "name", &g->columns->family[i].prefixes))
            return false;
    return self != NULL;
}

bool hd_guess_family(hd_guesser *g)
{
    uint32_t n_kinds = g->columns->n_family, n = 0;
    uint32_t *members = HD_NEW_N(g->loader->arena, uint32_t, n_kinds + 1u);
    if (has_person(g))
        return false;
    for (uint32_t i = 0; i < n_kinds; i++)
        n += members[i] = count_members(g, &g->columns->family[i]);
    if (n < 2 || n > HD_ROLES_MAX)
        return false;
    hd_guess_role shared = {0};
    guess_shared(g, &shared);
    for (uint32_t i = 0; i < n_kinds; i++)
        for (uint32_t number = 1; number <= members[i]; number++)
            add_member(g, &g->columns->family[i], number, &shared);
    return true;
}
