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

/* Length of what stands before the ending of a file that may be a list; 0: another file, or a
 * hidden one. Workbooks are none that can be read, which is said. */
static uint32_t stem_length(hd_str name)
{
    static const char *const suffixes[] = {".csv", ".csv.gz", ".txt", ".tsv", ".xls", ".xlsx"};
    for (uint32_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t length = strlen(suffixes[i]);
        if (name.len_bytes > length && name.ptr[0] != '.' &&
            strcasecmp(name.ptr + name.len_bytes - length, suffixes[i]) == 0)
            return name.len_bytes - (uint32_t)length;
    }
    return 0;
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
        qsort(all->item, all->n, sizeof *all->item, hd_str_compare);
        return HD_OK;
    }
    hd_hint(loader->ctx, "put the sources' CSV files there, each with its header line");
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s: no *.csv, *.csv.gz, *.txt or *.tsv in this folder",
                   folder);
}

/* household_2024-01 → household: what files of one source have in common. */
static hd_str common_stem(hd_str file)
{
    hd_str stem = {file.ptr, stem_length(file)};
    uint32_t n = stem.len_bytes;
    while (n && strchr("0123456789_-. ()", stem.ptr[n - 1]))
        n--;
    return n ? (hd_str){stem.ptr, n} : stem;
}

static hd_status guess_files(hd_loader *loader, const char *folder, const names *files, hd_buf *out,
                             hd_buf *told_out)
{
    hd_init_place place = {.shown = folder};
    hd_sample *samples = HD_NEW_N(loader->arena, hd_sample, files->n);
    for (size_t i = 0; i < files->n; i++) {
        HD_TRY(hd_sample_read(loader->ctx, loader->arena, folder, files->item[i], &samples[i]));
        samples[i].stem = common_stem(files->item[i]);
    }
    return hd_init_sources(loader, &place, samples, (uint32_t)files->n, out, told_out);
}

hd_status hd_init_folder(hd_ctx *ctx, const char *folder, const char *rules_dir, hd_buf *yaml_out,
                         hd_buf *told_out)
{
    hd_loader loader;
    names files = {0};
    hd_buf path = {0};
    hd_buf_addf(&path, "%s/hedui.yaml", folder);
    hd_status status = hd_loader_open(ctx, path.ptr, rules_dir, &loader);
    if (status == HD_OK)
        status = list_files(&loader, folder, &files);
    if (status == HD_OK)
        status = guess_files(&loader, folder, &files, yaml_out, told_out);
    hd_free(files.item);
    hd_buf_release(&path);
    hd_ruleset_free(loader.ruleset);
    return status;
}
