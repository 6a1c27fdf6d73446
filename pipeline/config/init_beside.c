/* Fields that no column holds alone: an expression over several says them. */

#include "pipeline/config/init_guesser.h"

#include "base/utf8.h"

/* A column in an expression. A name that starts with a Han character is no word of the language. */
static void add_column(hd_buf *out, const hd_guesser *g, int32_t column)
{
    hd_str name = g->sample->columns[column];
    uint32_t at = 0;
    bool plain = true;
    while (at < name.len_bytes && plain)
        plain = hd_is_han(hd_utf8_next(name, &at));
    hd_buf_addf(out, plain ? "%.*s" : "`%.*s`", HD_ARG(name));
}

/* No way is known to write a name with a backtick in it. */
static int32_t find_column(const hd_guesser *g, const hd_words *names, const hd_words *prefixes)
{
    int32_t column = hd_guesser_find(g, names, prefixes);
    if (column >= 0 &&
        memchr(g->sample->columns[column].ptr, '`', g->sample->columns[column].len_bytes))
        return -1;
    return column;
}

static void add_expression(hd_guesser *g, hd_guess_role *role, uint32_t field, hd_buf *text)
{
    role->inputs[role->n_inputs++] =
        (hd_guess_input){.field = (uint16_t)field,
                         .column = -1,
                         .expr = hd_arena_str(g->loader->arena, hd_buf_str(text))};
}

/* ---- persons beside ---- */

/* A field of the person beside; the name may stand under the prefix alone: 监护人. */
static int32_t find_beside(const hd_guesser *g, uint32_t field, hd_words prefix)
{
    int32_t column = find_column(g, &g->columns->fields[field], &prefix);
    bool is_name = hd_field_find(g->loader->ruleset, HD_STR("name")) == (int)field;
    return column < 0 && is_name ? find_column(g, &prefix, NULL) : column;
}

/* recode(监护人关系, "母亲", 监护人姓名, null) */
static void add_recode(hd_buf *out, const hd_guesser *g, const hd_kin_columns *kin,
                       int32_t relation, int32_t column)
{
    hd_buf_addf(out, "%srecode(", out->len_bytes ? ", " : "");
    add_column(out, g, relation);
    for (uint32_t i = 0; i < kin->n_said; i++) {
        hd_buf_addf(out, ", \"%.*s\", ", HD_ARG(kin->said[i]));
        add_column(out, g, column);
    }
    hd_buf_addf(out, ", null)");
}

/* One field of a parent, from all persons beside whose relation is said, as `to` of the role. */
static void add_beside_field(hd_guesser *g, hd_guess_role *role, const hd_kin_columns *kin,
                             uint16_t of_person, uint16_t to, const int32_t *relation)
{
    const hd_words *persons = &g->columns->beside;
    hd_buf text = {0};
    uint32_t n = 0;
    for (uint32_t p = 0; p < persons->n; p++) {
        hd_words prefix = {&persons->item[p], 1};
        int32_t column = relation[p] < 0 ? -1 : find_beside(g, of_person, prefix);
        if (column < 0 || hd_guess_role_has(role, to))
            continue;
        add_recode(&text, g, kin, relation[p], column);
        g->out->used[relation[p]] = g->out->used[column] = true;
        n++;
    }
    hd_buf all = {0};
    hd_buf_addf(&all, n > 1 ? "first(%.*s)" : "%.*s", HD_ARG(hd_buf_str(&text)));
    if (n)
        add_expression(g, role, to, &all);
    hd_buf_release(&all);
    hd_buf_release(&text);
}

/* The column that says who each person beside is: 监护人1关系; or 与学生关系, where there is but
 * one that has none of its own. -1: none does. */
static int32_t *find_relations(const hd_guesser *g)
{
    const hd_words *persons = &g->columns->beside;
    int name = hd_field_find(g->loader->ruleset, HD_STR("name"));
    int32_t *relation = HD_NEW_N(g->loader->arena, int32_t, persons->n);
    uint32_t n_without = 0, without = 0;
    for (uint32_t p = 0; p < persons->n; p++) {
        hd_words prefix = {&persons->item[p], 1};
        bool named = name >= 0 && find_beside(g, (uint32_t)name, prefix) >= 0;
        relation[p] = named ? find_column(g, &g->columns->beside_relation, &prefix) : -1;
        if (!named || relation[p] >= 0)
            continue;
        without = p;
        n_without++;
    }
    if (n_without == 1)
        relation[without] = find_column(g, &g->columns->beside_relation_alone, NULL);
    return relation;
}

void hd_guess_beside(hd_guesser *g, hd_guess_role *role)
{
    const int32_t *relation = find_relations(g);
    for (uint32_t k = 0; k < g->columns->n_kin; k++) {
        const hd_kin_columns *kin = &g->columns->kin[k];
        for (uint32_t i = 0; i < kin->n_fields && kin->n_said; i++)
            add_beside_field(g, role, kin, kin->fields[i].of_person, kin->fields[i].field,
                             relation);
    }
}

void hd_guess_beside_role(hd_guesser *g, hd_guess_role *role)
{
    static const char *const fields[] = {"name", "birth_date", "id_number", "phone"};
    const int32_t *relation = find_relations(g);
    for (uint32_t k = 0; k < g->columns->n_kin; k++) {
        const hd_kin_columns *kin = &g->columns->kin[k];
        if (!kin->n_said || !hd_str_eq(kin->role->code, role->code))
            continue;
        for (uint32_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            int field = hd_field_find(g->loader->ruleset, hd_str_from(fields[i]));
            if (field >= 0)
                add_beside_field(g, role, kin, (uint16_t)field, (uint16_t)field, relation);
        }
    }
}

/* ---- parts ---- */

static void add_parts(hd_guesser *g, hd_guess_role *role, const hd_part_columns *parts)
{
    hd_buf text = {0};
    uint32_t n = 0;
    int32_t column = -1;
    for (uint32_t i = 0; i < parts->n; i++) {
        int32_t part = find_column(g, &parts->names[i], NULL);
        if (part < 0 || g->out->used[part])
            continue;
        hd_buf_addf(&text, n++ ? ", " : "");
        add_column(&text, g, part);
        g->out->used[part] = true;
        column = part;
    }
    hd_buf all = {0};
    hd_buf_addf(&all, "join(%.*s)", HD_ARG(hd_buf_str(&text)));
    if (n > 1)
        add_expression(g, role, parts->field, &all);
    else if (n)
        role->inputs[role->n_inputs++] = (hd_guess_input){.field = parts->field, .column = column};
    hd_buf_release(&all);
    hd_buf_release(&text);
}

void hd_guess_parts(hd_guesser *g, hd_guess_role *role)
{
    for (uint32_t i = 0; i < g->columns->n_parts; i++) {
        const hd_part_columns *parts = &g->columns->parts[i];
        bool there = hd_guess_role_has(role, parts->field);
        for (uint32_t k = 0; k < parts->n_unless; k++)
            there |= hd_guess_role_has(role, parts->unless[k]);
        if (!there)
            add_parts(g, role, parts);
    }
}

/* ---- inside ---- */

void hd_guess_inside(hd_guesser *g, hd_guess_role *role)
{
    for (uint32_t i = 0; i < g->columns->n_inside; i++) {
        const hd_inside_columns *inside = &g->columns->inside[i];
        int32_t column = find_column(g, &inside->names, NULL);
        if (column < 0 || hd_guess_role_has(role, inside->field))
            continue;
        hd_buf text = {0};
        hd_buf_addf(&text, "prefix(");
        add_column(&text, g, column);
        hd_buf_addf(&text, ", %u)", inside->first);
        add_expression(g, role, inside->field, &text);
        g->out->used[column] = true;
        hd_buf_release(&text);
    }
}
