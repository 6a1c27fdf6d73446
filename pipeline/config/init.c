#include "pipeline/config/init.h"

#include "base/mem.h"
#include "pipeline/config/init_guess.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

typedef struct names {
    hd_str *item;
    size_t n, cap;
} names;

/* Length of what stands before .csv or .csv.gz; 0: another file, or a hidden one. */
static uint32_t stem_length(hd_str name)
{
    static const char *const suffixes[] = {".csv", ".csv.gz"};
    for (uint32_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t length = strlen(suffixes[i]);
        if (name.len_bytes > length && name.ptr[0] != '.' &&
            strncasecmp(name.ptr + name.len_bytes - length, suffixes[i], length) == 0)
            return name.len_bytes - (uint32_t)length;
    }
    return 0;
}

static int compare(const void *x, const void *y)
{
    const hd_str *a = x, *b = y;
    return hd_str_cmp(*a, *b);
}

static hd_status list_files(hd_loader *loader, const char *folder, names *all)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return HD_FAIL(loader->ctx, HD_CONFIG, "%s: cannot be read: %s", folder, strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(dir))) {
        hd_str name = hd_str_from(entry->d_name);
        if (!stem_length(name))
            continue;
        HD_GROW(all->item, all->cap, all->n + 1);
        all->item[all->n++] = hd_arena_str(loader->arena, name);
    }
    closedir(dir);
    if (all->n) {
        qsort(all->item, all->n, sizeof *all->item, compare);
        return HD_OK;
    }
    hd_hint(loader->ctx, "put the sources' CSV files there, each with its header line");
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s: no *.csv or *.csv.gz in this folder", folder);
}

/* ---- sources ---- */

/* household_2024-01 → household: what files of one source have in common. */
static hd_str common_stem(hd_str file)
{
    hd_str stem = {file.ptr, stem_length(file)};
    uint32_t n = stem.len_bytes;
    while (n && strchr("0123456789_-. ()", stem.ptr[n - 1]))
        n--;
    return n ? (hd_str){stem.ptr, n} : stem;
}

static bool same_layout(const hd_sample *a, const hd_sample *b)
{
    bool same = a->readable && b->readable && a->delimiter == b->delimiter &&
                a->n_columns == b->n_columns && a->encoding == b->encoding;
    for (uint32_t i = 0; same && i < a->n_columns; i++)
        same = hd_str_eq(a->columns[i], b->columns[i]);
    return same && hd_str_eq(common_stem(a->file), common_stem(b->file));
}

static bool code_taken(const hd_guess *guesses, uint32_t n, hd_str code)
{
    for (uint32_t i = 0; i < n; i++)
        if (hd_str_eq(guesses[i].code, code))
            return true;
    return false;
}

/* From the file's name; where that has no letters of a code, from the type. */
static hd_str code_for(hd_arena *arena, const hd_guess *guesses, uint32_t n, const hd_guess *guess)
{
    hd_str stem = common_stem(guess->files[0]);
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
                      size_t n_files, hd_guess *guesses, uint32_t *n)
{
    for (uint32_t i = 0; i < *n; i++)
        if (same_layout(guesses[i].sample, sample)) {
            guesses[i].files[guesses[i].n_files++] = sample->file;
            return;
        }
    hd_guess *guess = &guesses[*n];
    hd_guess_source(loader, columns, sample, guess);
    guess->files = HD_NEW_N(loader->arena, hd_str, n_files);
    guess->files[guess->n_files++] = sample->file;
    guess->code = code_for(loader->arena, guesses, *n, guess);
    ++*n;
}

static hd_status write_guesses(hd_loader *loader, const char *folder, const hd_guess *guesses,
                               uint32_t n, hd_buf *out)
{
    uint32_t n_sources = 0;
    for (uint32_t i = 0; i < n; i++)
        n_sources += guesses[i].n_roles > 0;
    if (n_sources == 0) {
        hd_hint(loader->ctx, "%s/columns.yaml lists the names that are; write hedui.yaml by hand",
                loader->rules_shown);
        return HD_FAIL(loader->ctx, HD_CONFIG, "%s: no column of any file was recognised", folder);
    }
    if (n_sources > HD_SOURCES_MAX)
        return HD_FAIL(loader->ctx, HD_CONFIG, "%s: %u sources, at most %d can be configured",
                       folder, n_sources, HD_SOURCES_MAX);
    hd_guess_write(out, loader->ruleset, guesses, n);
    return HD_OK;
}

static hd_status guess_files(hd_loader *loader, const char *folder, const names *files, hd_buf *out)
{
    hd_columns *columns = HD_NEW(loader->arena, hd_columns);
    hd_guess *guesses = HD_NEW_N(loader->arena, hd_guess, files->n);
    hd_sample *samples = HD_NEW_N(loader->arena, hd_sample, files->n);
    uint32_t n = 0;
    HD_TRY(hd_columns_load(loader, columns));
    for (size_t i = 0; i < files->n; i++) {
        HD_TRY(hd_sample_read(loader->ctx, loader->arena, folder, files->item[i], &samples[i]));
        add_guess(loader, columns, &samples[i], files->n, guesses, &n);
    }
    return write_guesses(loader, folder, guesses, n, out);
}

hd_status hd_init_folder(hd_ctx *ctx, const char *folder, const char *rules_dir, hd_buf *yaml_out)
{
    hd_loader loader;
    names files = {0};
    hd_buf path = {0};
    hd_buf_addf(&path, "%s/hedui.yaml", folder);
    hd_status status = hd_loader_open(ctx, path.ptr, rules_dir, &loader);
    if (status == HD_OK)
        status = list_files(&loader, folder, &files);
    if (status == HD_OK)
        status = guess_files(&loader, folder, &files, yaml_out);
    hd_free(files.item);
    hd_buf_release(&path);
    hd_ruleset_free(loader.ruleset);
    return status;
}
