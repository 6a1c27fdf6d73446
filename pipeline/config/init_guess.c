/* From names of columns to a source: its type, its mentions, its key. */

#include "pipeline/config/init_guess.h"

typedef struct guesser {
    hd_loader *loader;
    const hd_columns *columns;
    const hd_sample *sample;
    const hd_type_columns *type; /* NULL: person */
    hd_str *keys;                /* [column] as hd_column_key writes it; null: not to be used */
    hd_guess *out;
} guesser;

static bool among(const hd_words *words, hd_str key)
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

/* The first column of one of these names, the earlier name first, behind one of the prefixes (NULL:
 * behind none); -1: none. */
static int32_t find_column(const guesser *g, const hd_words *names, const hd_words *prefixes)
{
    for (uint32_t n = 0; n < names->n; n++)
        for (uint32_t c = 0; c < g->sample->n_columns; c++) {
            hd_str key = g->keys[c];
            if (!prefixes && hd_str_eq(key, names->item[n]) && key.ptr)
                return (int32_t)c;
            if (!prefixes || !ends_with(key, names->item[n]))
                continue;
            key.len_bytes -= names->item[n].len_bytes;
            if (among(prefixes, key))
                return (int32_t)c;
        }
    return -1;
}

static const hd_role_columns *role_of(const hd_columns *columns, hd_str code)
{
    for (uint32_t i = 0; i < columns->n_roles; i++)
        if (hd_str_eq(columns->roles[i].code, code))
            return &columns->roles[i];
    return NULL;
}

/* ---- type ---- */

/* The name of a file holds a word of the type. */
static bool named_by_file(const guesser *g, const hd_type_columns *type)
{
    hd_str name = hd_column_key(g->loader->arena, g->sample->file);
    for (uint32_t i = 0; i < type->files.n; i++)
        if (memmem(name.ptr, name.len_bytes, type->files.item[i].ptr,
                   type->files.item[i].len_bytes))
            return true;
    return false;
}

static bool role_has_column(const guesser *g, hd_str code)
{
    const hd_role_columns *role = role_of(g->columns, code);
    for (uint32_t f = 0; f < g->loader->ruleset->n_fields; f++)
        if (find_column(g, &g->columns->fields[f], &role->prefixes) >= 0)
            return true;
    return false;
}

/* How many columns or roles speak for a type; 0 where one is not there. */
static uint32_t spoken_for(const guesser *g, const hd_type_columns *type)
{
    for (uint32_t i = 0; i < type->n_has; i++)
        if (find_column(g, &g->columns->fields[type->has[i]], NULL) < 0)
            return 0;
    for (uint32_t i = 0; i < type->n_roles; i++)
        if (!role_has_column(g, type->roles[i]))
            return 0;
    return type->n_has + type->n_roles;
}

static void guess_type(guesser *g)
{
    uint32_t most = 0;
    g->out->type = HD_STR("person");
    g->out->type_why = "nothing speaks for another";
    for (uint32_t i = 0; i < g->columns->n_types && !g->type; i++)
        if (named_by_file(g, &g->columns->types[i])) {
            g->type = &g->columns->types[i];
            g->out->type_why = "by the file's name";
        }
    for (uint32_t i = 0; i < g->columns->n_types && (!g->type || most); i++) {
        uint32_t n = spoken_for(g, &g->columns->types[i]);
        if (n <= most)
            continue;
        most = n;
        g->type = &g->columns->types[i];
        g->out->type_why = "by its columns";
    }
    if (g->type)
        g->out->type = g->type->code;
}

/* ---- mentions ---- */

static bool has_field(const hd_guess_role *role, uint32_t field)
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

static void add_input(guesser *g, hd_guess_role *role, uint32_t field, int32_t column)
{
    if (column < 0 || has_field(role, field))
        return;
    role->inputs[role->n_inputs++] = (hd_guess_input){.field = (uint16_t)field, .column = column};
    g->out->used[column] = true;
}

/* Fields of a person, of the record, or of both, in the order of the fields; without prefixes also
 * by the names that mean something in this type only. */
static void add_fields(guesser *g, hd_guess_role *role, const hd_words *prefixes, bool persons,
                       bool records)
{
    for (uint32_t f = 0; f < g->loader->ruleset->n_fields; f++) {
        if (!(g->columns->record[f] ? records : persons))
            continue;
        int32_t column = find_column(g, &g->columns->fields[f], prefixes);
        if (!prefixes || !has_column(role, column))
            add_input(g, role, f, column);
        if (g->type && !prefixes)
            add_input(g, role, f, find_column(g, &g->type->also[f], NULL));
    }
}

/* What the role says of the person, where no column does. */
static void add_sex(guesser *g, hd_guess_role *role, const hd_role_columns *known)
{
    int sex = hd_field_find(g->loader->ruleset, HD_STR("sex"));
    if (sex < 0 || !known->sex.ptr || role->n_inputs == 0 || has_field(role, (uint32_t)sex))
        return;
    role->inputs[role->n_inputs++] =
        (hd_guess_input){.field = (uint16_t)sex, .column = -1, .constant = known->sex};
}

/* Columns that other roles' prefixes claim are not the main role's: mqxm is the mother's name, and
 * the child has it from her. */
static void guess_main(guesser *g, hd_guess_role *role)
{
    for (uint32_t c = 0; c < g->sample->n_columns; c++)
        if (g->out->used[c])
            g->keys[c] = HD_STR_NULL;
    add_fields(g, role, NULL, true, false);
}

static void guess_roles(guesser *g)
{
    hd_guess *out = g->out;
    hd_guess_role *main = NULL;
    add_fields(g, &out->record, NULL, false, true);
    for (uint32_t i = 0; i < g->type->n_roles; i++) {
        hd_guess_role *role = &out->roles[i];
        *role = (hd_guess_role){.code = g->type->roles[i]};
        add_fields(g, role, &role_of(g->columns, role->code)->prefixes, true, false);
        main = hd_str_eq(role->code, g->type->main) ? role : main;
    }
    if (main)
        guess_main(g, main);
    for (uint32_t i = 0; i < g->type->n_roles; i++) {
        hd_guess_role role = out->roles[i];
        add_sex(g, &role, role_of(g->columns, role.code));
        if (role.n_inputs)
            out->roles[out->n_roles++] = role;
    }
}

static void guess_mentions(guesser *g)
{
    if (g->type && g->type->n_roles) {
        guess_roles(g);
        return;
    }
    hd_guess_role *self = &g->out->roles[0];
    *self = (hd_guess_role){.code = HD_STR("self")};
    add_fields(g, self, NULL, true, true);
    g->out->n_roles = self->n_inputs > 0;
}

/* ---- key ---- */

/* How likely a column is the record's number; 0: it is not. */
static uint32_t key_rank(const guesser *g, uint32_t column, bool unique)
{
    const hd_words *names = &g->columns->keys, *endings = &g->columns->key_endings;
    uint32_t rank = unique ? 10000 : 0;
    if (!g->keys[column].ptr || g->out->used[column])
        return 0;
    for (uint32_t i = 0; i < names->n; i++)
        if (hd_str_eq(g->keys[column], names->item[i]))
            return rank + 2000 - i;
    for (uint32_t i = 0; i < endings->n; i++)
        if (ends_with(g->keys[column], endings->item[i]))
            return rank + 1000 - i;
    return unique ? rank + 1 : 0;
}

/* Without a number of its own, a record may be known by the person's. */
static bool guess_personal_key(guesser *g)
{
    int field = hd_field_find(g->loader->ruleset, HD_STR("id_number"));
    for (uint32_t r = 0; r < g->out->n_roles; r++)
        for (uint32_t i = 0; i < g->out->roles[r].n_inputs; i++) {
            const hd_guess_input *input = &g->out->roles[r].inputs[i];
            if (input->field != field || input->column < 0 ||
                !hd_sample_unique(g->sample, (uint32_t)input->column))
                continue;
            g->out->key = (uint32_t)input->column;
            g->out->key_why = "an identity number, each once in the first rows";
            return true;
        }
    return false;
}

static void guess_key(guesser *g)
{
    uint32_t best = 0;
    for (uint32_t c = 0; c < g->sample->n_columns; c++) {
        bool unique = hd_sample_unique(g->sample, c);
        uint32_t rank = key_rank(g, c, unique);
        if (rank <= best)
            continue;
        best = rank;
        g->out->key = c;
        g->out->key_why = unique ? "each value once in the first rows"
                                 : "by its name only: the first rows do not say that it is unique";
    }
    if (best < 10000 && guess_personal_key(g))
        return;
    if (best == 0) {
        while (!g->sample->columns[g->out->key].ptr || g->out->denied[g->out->key])
            g->out->key++; /* ends: some column was recognised */
        g->out->key_why = "the first column; nothing speaks for it: check";
    }
}

void hd_guess_source(hd_loader *loader, const hd_columns *columns, const hd_sample *sample,
                     hd_guess *out)
{
    guesser g = {.loader = loader, .columns = columns, .sample = sample, .out = out};
    *out = (hd_guess){.sample = sample};
    out->used = HD_NEW_N(loader->arena, bool, sample->n_columns);
    out->denied = HD_NEW_N(loader->arena, bool, sample->n_columns);
    g.keys = HD_NEW_N(loader->arena, hd_str, sample->n_columns);
    for (uint32_t c = 0; c < sample->n_columns; c++) {
        hd_str name = sample->columns[c];
        out->denied[c] = name.ptr && hd_deny_has(&loader->deny, name);
        if (name.ptr && !out->denied[c])
            g.keys[c] = hd_column_key(loader->arena, name);
    }
    guess_type(&g);
    guess_mentions(&g);
    if (out->n_roles == 0)
        return;
    guess_key(&g);
    out->key_is_personal = out->used[out->key]; /* it says something of a person */
    out->used[out->key] = true;
}
