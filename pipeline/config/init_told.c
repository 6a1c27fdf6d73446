/* What a reader of a guessed configuration should look at first. */

#include "pipeline/config/init_guess.h"

#include "pipeline/config/catalogue.h"

/* A list as readers read it, and what stands between its items. */
typedef struct told_list {
    hd_buf text;
    hd_str separator;
} told_list;

static void add_item(told_list *list, hd_str item)
{
    if (list->text.len_bytes)
        hd_buf_add(&list->text, list->separator);
    hd_buf_add(&list->text, item);
}

static const hd_guess_role *find_role(const hd_guess *guess, hd_str code)
{
    if (hd_str_eq(code, HD_STR("record")))
        return &guess->record;
    for (uint32_t i = 0; i < guess->n_roles; i++)
        if (hd_str_eq(guess->roles[i].code, code))
            return &guess->roles[i];
    /* of a family a row, the first member */
    return hd_str_eq(code, HD_STR("self")) && guess->n_roles ? &guess->roles[0] : NULL;
}

static const char *c_text(const hd_loader *loader, hd_str text)
{
    return hd_arena_str(loader->arena, text).ptr;
}

/* Fields of one role that are wanted and not there; of several roles, whose they are. */
static void add_missing(const hd_loader *loader, const hd_catalogue *texts, const hd_guess *guess,
                        const hd_wanted *wanted, told_list *list)
{
    const hd_guess_role *role = find_role(guess, wanted->role);
    bool own = hd_str_eq(wanted->role, HD_STR("self")) || role == &guess->record;
    hd_buf text = {0};
    for (uint32_t i = 0; i < wanted->n; i++) {
        hd_str code = loader->ruleset->fields[wanted->fields[i]].code;
        if (role && hd_guess_role_has(role, wanted->fields[i]))
            continue;
        hd_buf_clear(&text);
        hd_text_fill(&text, texts, own ? "init.field" : "init.field_of", "field",
                     c_text(loader, hd_text_for(texts, "field", code, NULL)), "role",
                     c_text(loader, hd_text_for(texts, "role", wanted->role, NULL)), "code",
                     c_text(loader, code), NULL);
        add_item(list, hd_buf_str(&text));
    }
    hd_buf_release(&text);
}

static void list_unused(const hd_guess *guess, told_list *list)
{
    for (uint32_t c = 0; c < guess->sample->n_columns; c++)
        if (guess->sample->columns[c].ptr && !guess->used[c] && !guess->denied[c])
            add_item(list, guess->sample->columns[c]);
}

static void tell_missing(const hd_loader *loader, const hd_catalogue *texts, const hd_guess *guess,
                         hd_buf *out)
{
    hd_str separator = hd_text_of(texts, "init.separator");
    told_list missing = {.separator = separator}, unused = {.separator = separator};
    for (uint32_t i = 0; guess->known && i < guess->known->n_wants; i++)
        add_missing(loader, texts, guess, &guess->known->wants[i], &missing);
    list_unused(guess, &unused);
    if (missing.text.len_bytes) {
        bool any = unused.text.len_bytes;
        hd_text_fill(out, texts, any ? "init.missing" : "init.missing_all_used", "source",
                     c_text(loader, guess->code), "type",
                     c_text(loader, hd_text_for(texts, "type", guess->type, NULL)), "fields",
                     missing.text.ptr, "columns", any ? unused.text.ptr : "", NULL);
        hd_buf_add_char(out, '\n');
    }
    hd_buf_release(&missing.text);
    hd_buf_release(&unused.text);
}

static void tell_key(const hd_loader *loader, const hd_catalogue *texts, const hd_guess *guess,
                     hd_buf *out)
{
    if (!guess->key_is_weak)
        return;
    hd_text_fill(out, texts, "init.key", "source", c_text(loader, guess->code), "key",
                 c_text(loader, guess->sample->columns[guess->key.columns[0]]), NULL);
    hd_buf_add_char(out, '\n');
}

static void tell_left_out(const hd_loader *loader, const hd_catalogue *texts, const hd_guess *guess,
                          hd_buf *out)
{
    static const char *const keys[] = {
#define X(name, text) "init.left_out_" #name,
        HD_LEFT_OUT(X)
#undef X
    };
    /* whoever looks at a database did not choose its tables; lists of codes are among them */
    if (guess->sample->table.ptr)
        return;
    hd_text_fill(out, texts, keys[guess->left_out], "file", c_text(loader, guess->sample->name),
                 NULL);
    hd_buf_add_char(out, '\n');
}

static bool has_address(const hd_loader *loader, const hd_guess_role *role)
{
    for (uint32_t i = 0; i < role->n_inputs; i++)
        if (loader->ruleset->fields[role->inputs[i].field].kind == HD_KIND_address)
            return true;
    return false;
}

/* The packaged tables of places end at counties; villages are the county's own to list. */
static hd_status tell_places(hd_loader *loader, const hd_catalogue *texts, bool addresses,
                             hd_buf *out)
{
    const char *shown;
    hd_str own;
    HD_TRY(hd_load_text(loader, true, "tables/places.tsv", &shown, &own));
    if (addresses && !own.ptr) {
        hd_text_fill(out, texts, "init.places", "file", shown, NULL);
        hd_buf_add_char(out, '\n');
    }
    return HD_OK;
}

hd_status hd_guess_tell(hd_loader *loader, const hd_guess *guesses, uint32_t n, hd_buf *out)
{
    hd_catalogue *texts;
    bool addresses = false;
    /* of the language that the configuration names */
    HD_TRY(hd_catalogue_load(loader, HD_STR(HD_INIT_LANGUAGE), &texts));
    for (uint32_t i = 0; i < n; i++) {
        if (guesses[i].left_out) {
            tell_left_out(loader, texts, &guesses[i], out);
            continue;
        }
        tell_missing(loader, texts, &guesses[i], out);
        tell_key(loader, texts, &guesses[i], out);
        for (uint32_t r = 0; r < guesses[i].n_roles; r++)
            addresses |= has_address(loader, &guesses[i].roles[r]);
    }
    return tell_places(loader, texts, addresses, out);
}
