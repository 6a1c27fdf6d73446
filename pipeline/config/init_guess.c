/* From names of columns, and comments on them, to a source: its type and its mentions. */

#include "pipeline/config/init_guesser.h"

bool hd_words_have(const hd_words *words, hd_str key)
{
    for (uint32_t i = 0; i < words->n; i++)
        if (hd_str_eq(words->item[i], key))
            return true;
    return false;
}

static bool ends_with(hd_str text, hd_str end)
{
    return text.len_bytes > end.len_bytes &&
           memcmp(text.ptr + text.len_bytes - end.len_bytes, end.ptr, end.len_bytes) == 0;
}

int32_t hd_words_ending(const hd_words *words, hd_str key)
{
    for (uint32_t i = 0; i < words->n; i++)
        if (ends_with(key, words->item[i]))
            return (int32_t)i;
    return -1;
}

/* The word, behind one of the prefixes (NULL: behind none). */
static bool is_called(hd_str key, hd_str word, const hd_words *prefixes)
{
    if (!prefixes)
        return key.ptr && hd_str_eq(key, word);
    if (!ends_with(key, word))
        return false;
    key.len_bytes -= word.len_bytes;
    return hd_words_have(prefixes, key);
}

int32_t hd_guesser_find(const hd_guesser *g, const hd_words *names, const hd_words *prefixes)
{
    for (uint32_t n = 0; n < names->n; n++)
        for (uint32_t c = 0; c < g->sample->n_columns; c++)
            if (is_called(g->keys[c], names->item[n], prefixes))
                return (int32_t)c;
    return -1;
}

/* ---- type ---- */

/* The first type of which a word stands in a name or a comment; NULL: none. */
static const hd_type_columns *type_named(const hd_guesser *g, hd_str text)
{
    hd_str key = hd_column_key(g->loader->arena, text);
    for (uint32_t t = 0; t < g->columns->n_types; t++) {
        const hd_words *words = &g->columns->types[t].files;
        for (uint32_t i = 0; i < words->n; i++)
            if (memmem(key.ptr, key.len_bytes, words->item[i].ptr, words->item[i].len_bytes))
                return &g->columns->types[t];
    }
    return NULL;
}

static bool role_has_column(const hd_guesser *g, hd_str code)
{
    const hd_role_columns *role = hd_columns_role(g->columns, code);
    for (uint32_t f = 0; f < g->loader->ruleset->n_fields; f++)
        if (hd_guesser_find(g, &g->columns->fields[f], &role->prefixes) >= 0)
            return true;
    return false;
}

/* How many columns or roles speak for a type; 0 where one is not there. */
static uint32_t spoken_for(const hd_guesser *g, const hd_type_columns *type)
{
    if (type->named)
        return 0;
    for (uint32_t i = 0; i < type->n_has; i++)
        if (hd_guesser_find(g, &g->columns->fields[type->has[i]], NULL) < 0)
            return 0;
    for (uint32_t i = 0; i < type->n_roles; i++)
        if (!role_has_column(g, type->roles[i]))
            return 0;
    return type->n_has + type->n_roles;
}

/* The type that most columns or roles speak for; NULL: none. */
static const hd_type_columns *type_spoken_for(const hd_guesser *g)
{
    const hd_type_columns *type = NULL;
    uint32_t most = 0;
    for (uint32_t i = 0; i < g->columns->n_types; i++) {
        uint32_t n = spoken_for(g, &g->columns->types[i]);
        type = n > most ? &g->columns->types[i] : type;
        most = n > most ? n : most;
    }
    return type;
}

static const hd_type_columns *find_type(const hd_columns *columns, hd_str code)
{
    for (uint32_t t = 0; t < columns->n_types; t++)
        if (hd_str_eq(columns->types[t].code, code))
            return &columns->types[t];
    return NULL;
}

static void guess_type(hd_guesser *g)
{
    const hd_sample *sample = g->sample;
    if ((g->type = type_named(g, sample->name)))
        g->out->type_why =
            sample->table.ptr ? HD_STR("by the table's name") : HD_STR("by the file's name");
    else if ((g->type = type_named(g, sample->comment)))
        g->out->type_why = HD_STR("by the table's comment");
    else if ((g->type = type_spoken_for(g)))
        g->out->type_why = HD_STR("by its columns");
    else if ((g->type = type_named(g, sample->schema)))
        g->out->type_why = HD_STR("by the schema's name");
    else
        g->out->type_why = HD_STR("nothing speaks for another");
    if (!g->type)
        g->type = find_type(g->columns, HD_STR("person"));
    g->out->type = g->type ? g->type->code : HD_STR("person");
}

/* ---- mentions ---- */

bool hd_guess_role_has(const hd_guess_role *role, uint32_t field)
{
    for (uint32_t i = 0; i < role->n_inputs; i++)
        if (role->inputs[i].field == field)
            return true;
    return false;
}

/* Behind a prefix a column says one thing: nvfxm is 女方姓名, her name, and not 女's 父姓名 as
 * well.
 */
static bool has_column(const hd_guess_role *role, int32_t column)
{
    for (uint32_t i = 0; i < role->n_inputs; i++)
        if (role->inputs[i].column == column)
            return true;
    return false;
}

static void add_input(hd_guesser *g, hd_guess_role *role, uint32_t field, int32_t column)
{
    if (column < 0 || hd_guess_role_has(role, field))
        return;
    role->inputs[role->n_inputs++] = (hd_guess_input){.field = (uint16_t)field, .column = column};
    g->out->used[column] = true;
}

/* 母亲身份证号: another's field of the person, behind what the other's columns start with. */
static void add_kin(hd_guesser *g, hd_guess_role *role)
{
    for (uint32_t k = 0; k < g->columns->n_kin; k++) {
        const hd_kin_columns *kin = &g->columns->kin[k];
        for (uint32_t i = 0; i < kin->n_fields; i++) {
            const hd_words *names = &g->columns->fields[kin->fields[i].of_person];
            add_input(g, role, kin->fields[i].field,
                      hd_guesser_find(g, names, &kin->role->prefixes));
        }
    }
}

const hd_words *hd_guess_self(const hd_guesser *g)
{
    int name = hd_field_find(g->loader->ruleset, HD_STR("name"));
    if (name < 0 || hd_guesser_find(g, &g->columns->fields[name], NULL) >= 0)
        return NULL;
    for (uint32_t i = 0; i < g->columns->n_self; i++)
        if (hd_guesser_find(g, &g->columns->fields[name], &g->columns->self[i]) >= 0)
            return &g->columns->self[i];
    return NULL;
}

/* Fields of a person, of the record, or of both, in the order of the fields; without prefixes also
 * by the names that mean something in this type only. */
static void add_fields(hd_guesser *g, hd_guess_role *role, const hd_words *prefixes, bool persons,
                       bool records)
{
    for (uint32_t f = 0; f < g->loader->ruleset->n_fields; f++) {
        if (!(g->columns->record[f] ? records : persons))
            continue;
        int32_t column = hd_guesser_find(g, &g->columns->fields[f], prefixes);
        if (!prefixes || !has_column(role, column))
            add_input(g, role, f, column);
        if (g->type && !prefixes)
            add_input(g, role, f, hd_guesser_find(g, &g->type->also[f], NULL));
    }
}

void hd_guess_fields(hd_guesser *g, hd_guess_role *role, const hd_words *prefixes)
{
    add_fields(g, role, prefixes, true, false);
}

/* What the role says of the person, where no column does. */
static void add_sex(hd_guesser *g, hd_guess_role *role, const hd_role_columns *known)
{
    int sex = hd_field_find(g->loader->ruleset, HD_STR("sex"));
    if (sex < 0 || !known->sex.ptr || role->n_inputs == 0 || hd_guess_role_has(role, (uint32_t)sex))
        return;
    role->inputs[role->n_inputs++] =
        (hd_guess_input){.field = (uint16_t)sex,
                         .column = -1,
                         .expr = hd_arena_printf(g->loader->arena, "\"%.*s\"", HD_ARG(known->sex))};
}

/* Columns that other roles' prefixes claim are not the main role's: mqxm is the mother's name, and
 * the child has it from her. */
static void guess_main(hd_guesser *g, hd_guess_role *role)
{
    for (uint32_t c = 0; c < g->sample->n_columns; c++)
        if (g->out->used[c])
            g->keys[c] = HD_STR_NULL;
    add_fields(g, role, NULL, true, false);
}

static void guess_roles(hd_guesser *g)
{
    hd_guess *out = g->out;
    hd_guess_role *main = NULL;
    add_fields(g, &out->record, NULL, false, true);
    for (uint32_t i = 0; i < g->type->n_roles; i++) {
        hd_guess_role *role = &out->roles[i];
        *role = (hd_guess_role){.code = g->type->roles[i]};
        add_fields(g, role, &hd_columns_role(g->columns, role->code)->prefixes, true, false);
        main = hd_str_eq(role->code, g->type->main) ? role : main;
    }
    if (main) {
        guess_main(g, main);
        add_kin(g, main);
    }
    for (uint32_t i = 0; i < g->type->n_roles; i++) {
        hd_guess_role role = out->roles[i];
        if (!role.n_inputs)
            hd_guess_beside_role(g, &role);
        add_sex(g, &role, hd_columns_role(g->columns, role.code));
        if (role.n_inputs)
            out->roles[out->n_roles++] = role;
    }
}

/* In the order of the fields, whichever way they were found. */
void hd_guess_sort_inputs(hd_guess_role *role)
{
    for (uint32_t i = 1; i < role->n_inputs; i++) {
        hd_guess_input input = role->inputs[i];
        uint32_t at = i;
        for (; at && role->inputs[at - 1].field > input.field; at--)
            role->inputs[at] = role->inputs[at - 1];
        role->inputs[at] = input;
    }
}

static void guess_mentions(hd_guesser *g)
{
    if (g->type && g->type->n_roles) {
        guess_roles(g);
        return;
    }
    if (hd_guess_family(g)) {
        add_fields(g, &g->out->record, NULL, false, true);
        return;
    }
    hd_guess_role *self = &g->out->roles[0];
    const hd_words *prefixes = hd_guess_self(g);
    *self = (hd_guess_role){.code = HD_STR("self")};
    add_fields(g, self, NULL, true, true);
    if (prefixes)
        add_fields(g, self, prefixes, true, true);
    add_kin(g, self);
    hd_guess_beside(g, self);
    hd_guess_parts(g, self);
    hd_guess_inside(g, self);
    hd_guess_sort_inputs(self);
    g->out->n_roles = self->n_inputs > 0;
}

/* ---- all of it ---- */

static bool means_field(const hd_guesser *g, hd_str key)
{
    for (uint32_t f = 0; f < g->loader->ruleset->n_fields; f++) {
        const hd_words *words = &g->columns->fields[f];
        for (uint32_t i = 0; i < words->n; i++) {
            if (hd_str_eq(key, words->item[i]))
                return true;
            for (uint32_t r = 0; r < g->columns->n_roles; r++)
                if (is_called(key, words->item[i], &g->columns->roles[r].prefixes))
                    return true;
            for (uint32_t p = 0; p < g->columns->n_self; p++)
                if (is_called(key, words->item[i], &g->columns->self[p]))
                    return true;
        }
        for (uint32_t t = 0; t < g->columns->n_types; t++)
            if (hd_words_have(&g->columns->types[t].also[f], key))
                return true;
    }
    return false;
}

/* What is known of the comment counts where nothing is known of the name; a name that many a number
 * has, as bh, says less than a comment that says a field. */
static bool comment_counts(const hd_guesser *g, hd_str name, hd_str comment)
{
    if (means_field(g, name))
        return false;
    return means_field(g, comment) ||
           (!hd_words_have(&g->columns->keys, name) && hd_words_have(&g->columns->keys, comment));
}

static void name_columns(hd_guesser *g)
{
    hd_arena *arena = g->loader->arena;
    const hd_sample *sample = g->sample;
    for (uint32_t c = 0; c < sample->n_columns; c++) {
        hd_str name = sample->columns[c];
        hd_str comment = sample->comments ? sample->comments[c] : HD_STR_NULL;
        g->out->denied[c] = name.ptr && hd_column_denied(&g->loader->deny, name, comment);
        if (!name.ptr || g->out->denied[c])
            continue;
        g->keys[c] = hd_column_key(arena, name);
        if (!comment.ptr)
            continue;
        hd_str comment_key = hd_comment_key(arena, comment);
        g->out->by_comment[c] = comment_counts(g, g->keys[c], comment_key);
        if (g->out->by_comment[c])
            g->keys[c] = comment_key;
    }
}

/* Databases hold lists of codes and their names, too. */
static hd_left_out why_left_out(const hd_guess *guess)
{
    uint32_t n_used = 0;
    if (guess->sample->left_out)
        return guess->sample->left_out;
    if (guess->n_roles == 0)
        return HD_LEFT_OUT_no_column;
    for (uint32_t c = 0; c < guess->sample->n_columns; c++)
        n_used += guess->used[c];
    return guess->sample->table.ptr && n_used < 2 ? HD_LEFT_OUT_one_column : HD_LEFT_OUT_no;
}

void hd_guess_source(hd_loader *loader, const hd_columns *columns, const hd_sample *sample,
                     hd_guess *out)
{
    hd_guesser g = {.loader = loader, .columns = columns, .sample = sample, .out = out};
    *out = (hd_guess){.sample = sample};
    out->used = HD_NEW_N(loader->arena, bool, sample->n_columns);
    out->denied = HD_NEW_N(loader->arena, bool, sample->n_columns);
    out->by_comment = HD_NEW_N(loader->arena, bool, sample->n_columns);
    g.keys = HD_NEW_N(loader->arena, hd_str, sample->n_columns);
    name_columns(&g);
    guess_type(&g);
    out->known = g.type;
    guess_mentions(&g);
    out->left_out = why_left_out(out);
    if (out->left_out) {
        memset(out->used, 0, sample->n_columns * sizeof *out->used);
        return;
    }
    hd_guess_key(&g);
    for (uint32_t i = 0; i < out->key.n; i++)
        out->used[out->key.columns[i]] = true;
}
