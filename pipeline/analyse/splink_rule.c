#include "pipeline/analyse/splink_rule.h"

#include "pipeline/analyse/splink_phrase.h"

enum { NEEDS_MAX = 8 };

hd_status hd_splink_level(const hd_sql_source *source, hd_ruleset *ruleset, hd_str *out)
{
    const hd_translator t = {source, ruleset, HD_SPLINK_LEVEL, false};
    hd_sql_node *tree;
    hd_phrase made;
    HD_TRY(hd_sql_parse(source, &tree));
    HD_TRY(hd_phrase_translate(&t, tree, &made));
    if (made.type != HD_TYPE_BOOL && made.type != HD_TYPE_NULL)
        return hd_sql_fail(source, 1, "a level is a condition");
    *out = made.text;
    return HD_OK;
}

static hd_status too_involved(const hd_translator *t, const hd_sql_node *node)
{
    hd_hint(t->source->ctx, "expected x_l IS NULL OR x_r IS NULL, for several columns joined by "
                            "AND or by OR");
    return hd_sql_fail(t->source, node->place, "no form of a null level");
}

/* What must be known: all of these, `sides` being those on which each was asked for … */
typedef struct need {
    hd_phrase all[NEEDS_MAX];
    uint32_t n;
} need;

/* … of any of these. */
typedef struct needs {
    need any[NEEDS_MAX];
    uint32_t n;
} needs;

static hd_status find_leaf(const hd_translator *t, const hd_sql_node *node, needs *out)
{
    hd_phrase *part = &out->any[0].all[0];
    HD_TRY(hd_phrase_translate(t, node->first, part));
    out->n = out->any[0].n = 1;
    return part->sides == HD_SIDE_L || part->sides == HD_SIDE_R ? HD_OK : too_involved(t, node);
}

static bool add_need(need *to, const hd_phrase *part)
{
    for (uint32_t i = 0; i < to->n; i++)
        if (hd_str_eq(to->all[i].text, part->text)) {
            to->all[i].sides |= part->sides;
            return true;
        }
    if (to->n == NEEDS_MAX)
        return false;
    to->all[to->n++] = *part;
    return true;
}

/* Each alternative of one with each of the other. */
static hd_status both(const hd_translator *t, const hd_sql_node *node, needs *all,
                      const needs *more)
{
    needs made = {.n = 0};
    if (all->n * more->n > NEEDS_MAX)
        return too_involved(t, node);
    for (uint32_t i = 0; i < all->n; i++)
        for (uint32_t k = 0; k < more->n; k++) {
            need *to = &made.any[made.n++];
            *to = all->any[i];
            for (uint32_t part = 0; part < more->any[k].n; part++)
                if (!add_need(to, &more->any[k].all[part]))
                    return too_involved(t, node);
        }
    *all = made;
    return HD_OK;
}

static hd_status either(const hd_translator *t, const hd_sql_node *node, needs *all,
                        const needs *more)
{
    if (all->n + more->n > NEEDS_MAX)
        return too_involved(t, node);
    memcpy(all->any + all->n, more->any, more->n * sizeof *more->any);
    all->n += more->n;
    return HD_OK;
}

/* The negation: OR of nulls is AND of what is needed. */
static hd_status find_needs(const hd_translator *t, const hd_sql_node *node, needs *out)
{
    if (node->op == HD_SQL_IS_NULL)
        return find_leaf(t, node, out);
    if (node->op != HD_SQL_OR && node->op != HD_SQL_AND)
        return too_involved(t, node);
    HD_TRY(find_needs(t, node->first, out));
    for (const hd_sql_node *arg = node->first->next; arg; arg = arg->next) {
        needs more;
        HD_TRY(find_needs(t, arg, &more));
        HD_TRY((node->op == HD_SQL_OR ? both : either)(t, node, out, &more));
    }
    return HD_OK;
}

/* One value; of several x = x and y = y, which is null where one of them is. */
static hd_status write_need(const hd_translator *t, const hd_sql_node *tree, const need *from,
                            hd_str *out)
{
    hd_buf text = {0};
    for (uint32_t i = 0; i < from->n; i++) {
        const hd_phrase *part = &from->all[i];
        if (part->sides != (HD_SIDE_L | HD_SIDE_R)) {
            hd_buf_release(&text);
            return too_involved(t, tree);
        }
        if (i)
            hd_buf_add(&text, HD_STR(" and "));
        hd_phrase_add(&text, part, from->n > 1 ? HD_HOLDS_SUM : HD_HOLDS_OR);
        if (from->n > 1) {
            hd_buf_add(&text, HD_STR(" = "));
            hd_phrase_add(&text, part, HD_HOLDS_SUM);
        }
    }
    *out = hd_phrase_keep(t, &text);
    return HD_OK;
}

/* Made of nothing but nulls. */
static bool asks_nulls_alone(const hd_sql_node *node)
{
    if (node->op != HD_SQL_OR && node->op != HD_SQL_AND)
        return node->op == HD_SQL_IS_NULL;
    for (const hd_sql_node *arg = node->first; arg; arg = arg->next)
        if (!asks_nulls_alone(arg))
            return false;
    return true;
}

/* The node is copied, as its `next` changes. */
static void add_to_chain(const hd_translator *t, hd_sql_node *chain, const hd_sql_node *node)
{
    hd_sql_node *copy = HD_NEW(t->source->arena, hd_sql_node);
    *copy = *node;
    copy->next = NULL;
    *(chain->first ? &chain->last->next : &chain->first) = copy;
    chain->last = copy;
    chain->n_args++;
}

static hd_status write_needs(const hd_translator *t, const hd_sql_node *nulls, hd_splink_texts *out)
{
    needs found;
    HD_TRY(find_needs(t, nulls, &found));
    *out = (hd_splink_texts){HD_NEW_N(t->source->arena, hd_str, found.n), found.n};
    for (uint32_t i = 0; i < found.n; i++)
        HD_TRY(write_need(t, nulls, &found.any[i], &out->text[i]));
    return HD_OK;
}

hd_status hd_splink_null_level(const hd_sql_source *source, hd_ruleset *ruleset,
                               hd_splink_missing *out)
{
    const hd_translator one = {source, ruleset, HD_SPLINK_LEVEL, true};
    const hd_translator pair = {source, ruleset, HD_SPLINK_LEVEL, false};
    hd_sql_node *tree, nulls = {.op = HD_SQL_OR, .place = 1}, rest = nulls;
    hd_phrase unless;
    *out = (hd_splink_missing){0};
    HD_TRY(hd_sql_parse(source, &tree));
    bool several = tree->op == HD_SQL_OR;
    for (const hd_sql_node *node = several ? tree->first : tree; node;
         node = several ? node->next : NULL)
        add_to_chain(&one, asks_nulls_alone(node) ? &nulls : &rest, node);
    if (nulls.n_args)
        HD_TRY(write_needs(&one, &nulls, &out->needs));
    if (!rest.n_args)
        return HD_OK;
    HD_TRY(hd_phrase_translate(&pair, rest.n_args > 1 ? &rest : rest.first, &unless));
    out->unless = unless.text;
    return HD_OK;
}

/* l.record <> r.record, and where mode is link l.source <> r.source: what hedui holds to anyway. */
static bool is_held_to(const hd_translator *t, const hd_sql_node *node)
{
    hd_str x, y;
    return node->op == HD_SQL_NE && node->first->op == HD_SQL_COLUMN &&
           node->last->op == HD_SQL_COLUMN &&
           hd_phrase_side(t, node->first, &x) + hd_phrase_side(t, node->last, &y) ==
               (HD_SIDE_L | HD_SIDE_R) &&
           hd_str_eq(x, y) &&
           (hd_str_eq(x, HD_STR("record")) ||
            (hd_str_eq(x, HD_STR("source")) && t->ruleset->link_mode == HD_LINK_ACROSS));
}

static hd_status find_key(const hd_translator *t, const hd_sql_node *node, hd_str *out)
{
    hd_phrase x, y;
    if (node->op == HD_SQL_EQ) {
        HD_TRY(hd_phrase_translate(t, node->first, &x));
        HD_TRY(hd_phrase_translate(t, node->last, &y));
        if (x.sides + y.sides == (HD_SIDE_L | HD_SIDE_R) && x.sides && y.sides &&
            hd_str_eq(x.text, y.text)) {
            *out = x.text;
            return HD_OK;
        }
    }
    return hd_sql_fail(t->source, node->place,
                       "a pass has keys that are equal on both sides, as l.x = r.x, and no other "
                       "conditions");
}

hd_status hd_splink_keys(const hd_sql_source *source, hd_ruleset *ruleset, hd_splink_texts *out)
{
    const hd_translator t = {source, ruleset, HD_SPLINK_BLOCKING, true};
    hd_sql_node *tree;
    HD_TRY(hd_sql_parse(source, &tree));
    bool several = tree->op == HD_SQL_AND;
    *out = (hd_splink_texts){HD_NEW_N(source->arena, hd_str, several ? tree->n_args : 1), 0};
    for (const hd_sql_node *node = several ? tree->first : tree; node;
         node = several ? node->next : NULL)
        if (!is_held_to(&t, node))
            HD_TRY(find_key(&t, node, &out->text[out->n++]));
    return out->n ? HD_OK : hd_sql_fail(source, 1, "a pass has a key at least");
}
