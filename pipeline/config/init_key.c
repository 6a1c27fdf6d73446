/* Which columns name a record: the key of a source. */

#include "pipeline/config/init_guesser.h"

/* A column that is not only unique, but called as a record's number is, counts more. */
enum { RANK_UNIQUE = 10000, RANK_RUNNING = 5000, RANK_KEY = 2000, RANK_KEY_ENDING = 1000 };

static void set_key(hd_guesser *g, const hd_sample_key *key, const char *why, bool is_personal)
{
    g->out->key = *key;
    g->out->key_why = why;
    g->out->key_is_personal = is_personal;
}

/* Whether the column is read as a field of which `is` holds. */
typedef bool field_test(const hd_guesser *g, uint32_t field);
static bool is_read_as(const hd_guesser *g, uint32_t column, field_test *is)
{
    for (uint32_t r = 0; r < g->out->n_roles; r++)
        for (uint32_t i = 0; i < g->out->roles[r].n_inputs; i++) {
            const hd_guess_input *input = &g->out->roles[r].inputs[i];
            if (input->column == (int32_t)column && is(g, input->field))
                return true;
        }
    return false;
}

/* Whether a value points at a person; a code, or a household, does not. */
static bool points_at_person(const hd_guesser *g, uint32_t field)
{
    if (g->columns->record[field])
        return false;
    switch (g->loader->ruleset->fields[field].kind) {
    case HD_KIND_name:
    case HD_KIND_id_number:
    case HD_KIND_date:
    case HD_KIND_phone:
    case HD_KIND_address:
        return true;
    default:
        return false;
    }
}

static bool is_personal(const hd_guesser *g, uint32_t column)
{
    return is_read_as(g, column, points_at_person);
}

static void set_column_key(hd_guesser *g, uint32_t column, const char *why)
{
    hd_sample_key key = {.columns = {column}, .n = 1};
    set_key(g, &key, why, is_personal(g, column));
}

/* The first key of the database's own that can be read, and is personal or not. */
static bool guess_own_key(hd_guesser *g, bool personal)
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

/* A certificate's number is the record's own as well as what it says. */
static bool is_certificate(const hd_guesser *g, const hd_guess_role *role, uint32_t column)
{
    for (uint32_t i = 0; i < role->n_inputs; i++)
        if (role->inputs[i].column == (int32_t)column &&
            g->loader->ruleset->fields[role->inputs[i].field].kind == HD_KIND_certificate)
            return true;
    return false;
}

/* By its name, or how that ends. */
static bool is_called(const hd_guesser *g, const hd_words *endings, uint32_t column)
{
    hd_str key = g->keys[column];
    return hd_words_have(endings, key) || hd_words_ending(endings, key) >= 0;
}

static bool is_free(const hd_guesser *g, uint32_t column)
{
    bool free = !g->out->used[column] || is_certificate(g, &g->out->record, column);
    for (uint32_t r = 0; r < g->out->n_roles; r++)
        free |= is_certificate(g, &g->out->roles[r], column);
    return free && g->keys[column].ptr &&
           !is_called(g, &g->columns->personal_key_endings, column) &&
           !is_called(g, &g->columns->not_key_endings, column);
}

/* 1, 2, 3 … by a name that says no more: another export numbers other rows so. */
static bool is_running(const hd_guesser *g, uint32_t column)
{
    return g->sample->running && g->sample->running[column] &&
           hd_words_have(&g->columns->running, g->keys[column]);
}

/* How likely a column is the record's number; 0: it is not. */
static uint32_t key_rank(const hd_guesser *g, uint32_t column)
{
    const hd_words *names = &g->columns->keys;
    bool unique = g->sample->unique[column];
    uint32_t rank = unique ? RANK_UNIQUE : 0;
    if (!is_free(g, column))
        return 0;
    if (is_running(g, column))
        return RANK_RUNNING;
    for (uint32_t i = 0; i < names->n; i++)
        if (hd_str_eq(g->keys[column], names->item[i]))
            return rank + RANK_KEY - i;
    int32_t ending = hd_words_ending(&g->columns->key_endings, g->keys[column]);
    if (ending >= 0)
        return rank + RANK_KEY_ENDING - (uint32_t)ending;
    return unique ? rank + 1 : 0;
}

/* The column of the person's identity number, where each row has another; -1: none. */
static int32_t unique_id_number(const hd_guesser *g)
{
    int field = hd_field_find(g->loader->ruleset, HD_STR("id_number"));
    for (uint32_t r = 0; r < g->out->n_roles; r++)
        for (uint32_t i = 0; i < g->out->roles[r].n_inputs; i++) {
            const hd_guess_input *input = &g->out->roles[r].inputs[i];
            if (input->field == field && input->column >= 0 && g->sample->unique[input->column])
                return input->column;
        }
    return -1;
}

/* Without a number of its own, a record may be known by the person's. */
static bool guess_personal_key(hd_guesser *g)
{
    int32_t column = unique_id_number(g);
    hd_sample_key key = {.columns = {(uint32_t)column}, .n = 1};
    if (column >= 0) {
        set_key(g, &key, "an identity number, each once in the first rows", true);
        return true;
    }
    for (uint32_t c = 0; c < g->sample->n_columns; c++)
        if (g->sample->unique[c] && g->keys[c].ptr &&
            is_called(g, &g->columns->personal_key_endings, c)) {
            key.columns[0] = c;
            set_key(g, &key, "a number of the person's, each once in the first rows", true);
            return true;
        }
    return false;
}

static bool is_part_of_field(const hd_guesser *g, hd_str name)
{
    for (uint32_t p = 0; p < g->columns->n_parts; p++)
        for (uint32_t i = 0; i < g->columns->parts[p].n; i++)
            if (hd_words_have(&g->columns->parts[p].names[i], name))
                return true;
    return false;
}

static bool is_household_or_division(const hd_guesser *g, uint32_t field)
{
    return field == (uint32_t)hd_field_find(g->loader->ruleset, HD_STR("household")) ||
           g->loader->ruleset->fields[field].kind == HD_KIND_division;
}

/* What a number may begin anew in: a household, a division, a township, a year. */
static bool is_numbered_within(const hd_guesser *g, uint32_t column)
{
    if (!g->sample->columns[column].ptr || g->out->denied[column])
        return false;
    hd_str name = hd_column_key(g->loader->arena, g->sample->columns[column]);
    return hd_words_have(&g->columns->numbered_within, name) || is_part_of_field(g, name) ||
           is_read_as(g, column, is_household_or_division);
}

static bool try_key(hd_guesser *g, const hd_sample_key *key)
{
    if (!hd_sample_unique_together(g->sample, key))
        return false;
    set_key(g, key, "together each once in the first rows", false);
    return true;
}

/* The number with one column that it begins anew in, or with two. */
static bool guess_numbered_within(hd_guesser *g, uint32_t number)
{
    uint32_t within[HD_KEY_COLUMNS_MAX], n = 0;
    for (uint32_t c = 0; c < g->sample->n_columns && n < HD_KEY_COLUMNS_MAX; c++)
        if (c != number && is_numbered_within(g, c))
            within[n++] = c;
    for (uint32_t i = 0; i < n; i++)
        if (try_key(g, &(hd_sample_key){.columns = {within[i], number}, .n = 2}))
            return true;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = i + 1; j < n; j++)
            if (try_key(g, &(hd_sample_key){.columns = {within[i], within[j], number}, .n = 3}))
                return true;
    return false;
}

/* Where no column has each value once: a number that begins anew in each household, township, year.
 */
static bool guess_columns_together(hd_guesser *g)
{
    for (uint32_t c = 0; c < g->sample->n_columns; c++)
        if (key_rank(g, c) && !g->sample->unique[c] && guess_numbered_within(g, c))
            return true;
    return false;
}

void hd_guess_key(hd_guesser *g)
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
    if (best < RANK_RUNNING && guess_columns_together(g))
        return;
    if (best < RANK_UNIQUE && guess_personal_key(g))
        return;
    if (best == 0)
        while (!g->sample->columns[column].ptr || g->out->denied[column])
            column++; /* ends: some column was recognised */
    set_column_key(g, column,
                   best == 0             ? "the first column; nothing speaks for it: check"
                   : best >= RANK_UNIQUE ? "each value once in the first rows"
                   : best == RANK_RUNNING
                       ? "a running number, which the next export gives to other rows: check"
                       : "by its name only: the first rows do not say that it is unique");
    g->out->key_is_weak = best < RANK_UNIQUE;
}
