/* From files or tables to the sources of a configuration. */

#include "pipeline/config/init_guess.h"

/* Files that are one source. */
static bool same_layout(const hd_sample *a, const hd_sample *b)
{
    bool same = !a->left_out && !b->left_out && a->delimiter == b->delimiter &&
                a->header == b->header && a->n_columns == b->n_columns &&
                a->encoding == b->encoding;
    for (uint32_t i = 0; same && i < a->n_columns; i++)
        same = hd_str_eq(a->columns[i], b->columns[i]);
    return same && hd_str_eq(a->stem, b->stem);
}

static bool code_taken(const hd_guess *guesses, uint32_t n, hd_str code)
{
    for (uint32_t i = 0; i < n; i++)
        if (hd_str_eq(guesses[i].code, code))
            return true;
    return false;
}

/* From the name; where that has no letters of a code, from the type. */
static hd_str code_for(hd_arena *arena, const hd_guess *guesses, uint32_t n, const hd_guess *guess)
{
    hd_str stem = guess->sample->stem;
    char *text = hd_arena_alloc(arena, stem.len_bytes + 1);
    uint32_t length = 0;
    for (uint32_t i = 0; i < stem.len_bytes; i++) {
        char c = stem.ptr[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
        bool letter = c >= 'a' && c <= 'z';
        if (letter || (length && ((c >= '0' && c <= '9') || c == '_' || c == '-')))
            text[length++] = c;
    }
    hd_str base = length ? (hd_str){text, length} : guess->type, code = base;
    for (uint32_t i = 2; code_taken(guesses, n, code); i++)
        code = hd_arena_printf(arena, "%.*s_%u", HD_ARG(base), i);
    return code;
}

static void add_guess(hd_loader *loader, const hd_columns *columns, const hd_sample *sample,
                      uint32_t n_samples, hd_guess *guesses, uint32_t *n)
{
    for (uint32_t i = 0; i < *n && !sample->table.ptr; i++)
        if (same_layout(guesses[i].sample, sample)) {
            guesses[i].files[guesses[i].n_files++] = sample->name;
            return;
        }
    hd_guess *guess = &guesses[*n];
    hd_guess_source(loader, columns, sample, guess);
    guess->files = HD_NEW_N(loader->arena, hd_str, sample->table.ptr ? 1 : n_samples);
    guess->files[guess->n_files++] = sample->table.ptr ? sample->table : sample->name;
    if (!guess->left_out)
        guess->code = code_for(loader->arena, guesses, *n, guess);
    ++*n;
}

static hd_status fail_unrecognised(hd_loader *loader, const hd_init_place *place)
{
    hd_hint(loader->ctx, "%s/columns.yaml lists the names that are; write hedui.yaml by hand",
            loader->rules_shown);
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s: no column of any %s was recognised", place->shown,
                   place->conninfo.ptr ? "table" : "file");
}

static hd_status fail_too_many(hd_loader *loader, const hd_init_place *place, uint32_t n_sources)
{
    if (place->conninfo.ptr)
        hd_hint(loader->ctx, "let the role read only what hedui is to read, and start again");
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s: %u sources, at most %d can be configured",
                   place->shown, n_sources, HD_SOURCES_MAX);
}

hd_status hd_init_sources(hd_loader *loader, const hd_init_place *place, const hd_sample *samples,
                          uint32_t n, hd_buf *out, hd_buf *told_out)
{
    hd_columns *columns = HD_NEW(loader->arena, hd_columns);
    hd_guess *guesses = HD_NEW_N(loader->arena, hd_guess, n);
    uint32_t n_guesses = 0, n_sources = 0;
    HD_TRY(hd_columns_load(loader, columns));
    for (uint32_t i = 0; i < n; i++)
        add_guess(loader, columns, &samples[i], n, guesses, &n_guesses);
    for (uint32_t i = 0; i < n_guesses; i++)
        n_sources += !guesses[i].left_out;
    if (n_sources == 0)
        return fail_unrecognised(loader, place);
    if (n_sources > HD_SOURCES_MAX)
        return fail_too_many(loader, place, n_sources);
    hd_guess_write(out, loader->ruleset, place, guesses, n_guesses);
    return told_out ? hd_guess_tell(loader, guesses, n_guesses, told_out) : HD_OK;
}
