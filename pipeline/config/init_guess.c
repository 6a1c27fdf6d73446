/* From names of columns, and comments on them, to a source: its type, its mentions, its key. */

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

/* The word, behind one of the prefixes (NULL: behind none). */
static bool is_called(hd_str key, hd_str word, const hd_words *prefixes)
{
    if (!prefixes)
        return key.ptr && hd_str_eq(key, word);
    if (!ends_with(key, word))
        return false;
    key.len_bytes -= word.len_bytes;
    return among(prefixes, key);
}

/* The first column of one of these names, the earlier name first; -1: none. */
static int32_t find_column(const guesser *g, const hd_words *names, const hd_words *prefixes)
{
    for (uint32_t n = 0; n < names->n; n++)
        for (uint32_t c = 0; c < g->sample->n_columns; c++)
            if (is_called(g->keys[c], names->item[n], prefixes))
                return (int32_t)c;
    return -1;
}

/* ---- type ---- */

/* The first type of which a word stands in a name or a comment; NULL: none. */
static const hd_type_columns *type_named(const guesser *g, hd_str text)
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

static bool role_has_column(const guesser *g, hd_str code)
{
    const hd_role_columns *role = hd_columns_role(g->columns, code);
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

/* The type that most columns or roles speak for; NULL: none. */
static const hd_type_columns *type_spoken_for(const guesser *g)
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

static void guess_type(guesser *g)
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
    g->out->type = g->type ? g->type->code : HD_STR("person");
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
        add_fields(g, role, &hd_columns_role(g->columns, role->code)->prefixes, true, false);
        main = hd_str_eq(role->code, g->type->main) ? role : main;
    }
    if (main)
        guess_main(g, main);
    for (uint32_t i = 0; i < g->type->n_roles; i++) {
        hd_guess_role role = out->roles[i];
        add_sex(g, &role, hd_columns_role(g->columns, role.code));
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

/* A column that is not only unique, but called as a record's number is, counts more. */
enum { RANK_UNIQUE = 10000, RANK_KEY = 2000, RANK_KEY_ENDING = 1000 };

static void set_key(guesser *g, const hd_sample_key *key, const char *why, bool is_personal)
{
    g->out->key = *key;
    g->out->key_why = why;
    g->out->key_is_personal = is_personal;
}

/* One that says something of a person is personal. */
static void set_column_key(guesser *g, uint32_t column, const char *why)
{
    hd_sample_key key = {.columns = {column}, .n = 1};
    set_key(g, &key, why, g->out->used[column]);
}

/* Whether a value of the column points at a person; a code, or a household, does not. */
static bool is_personal(const guesser *g, uint32_t column)
{
    const hd_field *fields = g->loader->ruleset->fields;
    for (uint32_t r = 0; r < g->out->n_roles; r++)
        for (uint32_t i = 0; i < g->out->roles[r].n_inputs; i++) {
            const hd_guess_input *input = &g->out->roles[r].inputs[i];
            if (input->column != (int32_t)column || g->columns->record[input->field])
                continue;
            switch (fields[input->field].kind) {
            case HD_KIND_name:
            case HD_KIND_id_number:
            case HD_KIND_date:
            case HD_KIND_phone:
            case HD_KIND_address:
                return true;
            default:
                break;
            }
        }
    return false;
}

/* The first key of the database's own that can be read, and is personal or not. */
static bool guess_own_key(guesser *g, bool personal)
{
    for (uint32_t k = 0; k < g->sample->n_keys; k++) {
        const hd_sample_key *key = &g->sample->keys[k];
        bool can_be_read = true, found_personal = false;
        for (uint32_t i = 0; i < key->n; i++) {
            uint32_t column = key->columns[i];
            can_be_read &= g->sample->columns[column].ptr && !g->out->denied[column];
            found_personal |= is_personal(g, column);
        }
        if (!can_be_read || found_personal != personal)
            continue;
        set_key(g, key, key->primary ? "the primary key" : "a unique index", personal);
        return true;
    }
    return false;
}

/* How likely a column is the record's number; 0: it is not. */
static uint32_t key_rank(const guesser *g, uint32_t column)
{
    const hd_words *names = &g->columns->keys, *endings = &g->columns->key_endings;
    bool unique = g->sample->unique[column];
    uint32_t rank = unique ? RANK_UNIQUE : 0;
    if (!g->keys[column].ptr || g->out->used[column])
        return 0;
    for (uint32_t i = 0; i < names->n; i++)
        if (hd_str_eq(g->keys[column], names->item[i]))
            return rank + RANK_KEY - i;
    for (uint32_t i = 0; i < endings->n; i++)
        if (ends_with(g->keys[column], endings->item[i]))
            return rank + RANK_KEY_ENDING - i;
    return unique ? rank + 1 : 0;
}

/* Without a number of its own, a record may be known by the person's. */
static bool guess_personal_key(guesser *g)
{
    int field = hd_field_find(g->loader->ruleset, HD_STR("id_number"));
    for (uint32_t r = 0; r < g->out->n_roles; r++)
        for (uint32_t i = 0; i < g->out->roles[r].n_inputs; i++) {
            const hd_guess_input *input = &g->out->roles[r].inputs[i];
            if (input->field != field || input->column < 0 || !g->sample->unique[input->column])
                continue;
            set_column_key(g, (uint32_t)input->column,
                           "an identity number, each once in the first rows");
            return true;
        }
    return false;
}

static void guess_key(guesser *g)
{
    uint32_t best = 0, column = 0;
    if (guess_own_key(g, false))
        return;
    for (uint32_t c = 0; c < g->sample->n_columns; c++) {
        uint32_t rank = key_rank(g, c);
        column = rank > best ? c : column;
        best = rank > best ? rank : best;
    }
    if (best <= RANK_UNIQUE + 1 && guess_own_key(g, true))
        return;
    if (best < RANK_UNIQUE && guess_personal_key(g))
        return;
    if (best == 0)
        while (!g->sample->columns[column].ptr || g->out->denied[column])
            column++; /* ends: some column was recognised */
    set_column_key(g, column,
                   best == 0 ? "the first column; nothing speaks for it: check"
                   : best >= RANK_UNIQUE
                       ? "each value once in the first rows"
                       : "by its name only: the first rows do not say that it is unique");
}

/* ---- all of it ---- */

static bool means_field(const guesser *g, hd_str key)
{
    for (uint32_t f = 0; f < g->loader->ruleset->n_fields; f++) {
        const hd_words *words = &g->columns->fields[f];
        for (uint32_t i = 0; i < words->n; i++) {
            if (hd_str_eq(key, words->item[i]))
                return true;
            for (uint32_t r = 0; r < g->columns->n_roles; r++)
                if (is_called(key, words->item[i], &g->columns->roles[r].prefixes))
                    return true;
        }
        for (uint32_t t = 0; t < g->columns->n_types; t++)
            if (among(&g->columns->types[t].also[f], key))
                return true;
    }
    return false;
}

/* What is known of the comment counts where nothing is known of the name; a name that many a number
 * has, as bh, says less than a comment that says a field. */
static bool comment_counts(const guesser *g, hd_str name, hd_str comment)
{
    if (means_field(g, name))
        return false;
    return means_field(g, comment) ||
           (!among(&g->columns->keys, name) && among(&g->columns->keys, comment));
}

static void name_columns(guesser *g)
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
static const char *why_left_out(const hd_guess *guess)
{
    uint32_t n_used = 0;
    if (guess->sample->left_out)
        return guess->sample->left_out;
    if (guess->n_roles == 0)
        return "no column was recognised";
    for (uint32_t c = 0; c < guess->sample->n_columns; c++)
        n_used += guess->used[c];
    return guess->sample->table.ptr && n_used < 2 ? "one column alone was recognised" : NULL;
}

void hd_guess_source(hd_loader *loader, const hd_columns *columns, const hd_sample *sample,
                     hd_guess *out)
{
    guesser g = {.loader = loader, .columns = columns, .sample = sample, .out = out};
    *out = (hd_guess){.sample = sample};
    out->used = HD_NEW_N(loader->arena, bool, sample->n_columns);
    out->denied = HD_NEW_N(loader->arena, bool, sample->n_columns);
    out->by_comment = HD_NEW_N(loader->arena, bool, sample->n_columns);
    g.keys = HD_NEW_N(loader->arena, hd_str, sample->n_columns);
    name_columns(&g);
    guess_type(&g);
    guess_mentions(&g);
    out->left_out = why_left_out(out);
    if (out->left_out) {
        memset(out->used, 0, sample->n_columns * sizeof *out->used);
        return;
    }
    guess_key(&g);
    for (uint32_t i = 0; i < out->key.n; i++)
        out->used[out->key.columns[i]] = true;
}
