#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "pipeline/stages.h"

/* The configuration's folder stands before a relative pattern, and whatever its name holds is no
 * pattern. */
static void add_folder(hd_buf *out, hd_str folder)
{
    for (uint32_t i = 0; i < folder.len_bytes; i++) {
        if (memchr("*?[]\\", folder.ptr[i], 5))
            hd_buf_add_char(out, '\\');
        hd_buf_add_char(out, folder.ptr[i]);
    }
    hd_buf_add_char(out, '/');
}

/* What cannot be looked at is listed all the same: opening it will say why. */
static void add_file(hd_source_files *files, uint32_t source, const char *path)
{
    HD_GROW(files->file, files->cap, (size_t)files->n + 1);
    struct stat st;
    hd_source_file file = {.source = (uint16_t)source,
                           .path = hd_arena_str(&files->arena, hd_str_from(path))};
    if (stat(path, &st) == 0) {
        file.size_bytes = (uint64_t)st.st_size;
        file.modified_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    }
    files->file[files->n++] = file;
}

static hd_status fail_no_match(hd_ctx *ctx, const hd_source *source, hd_str pattern, int rc)
{
    if (rc == GLOB_NOSPACE)
        hd_mem_exhausted("files that match %.*s", HD_ARG(pattern));
    hd_hint(ctx, "patterns are relative to the folder of the configuration");
    return HD_FAIL(ctx, HD_SOURCE, "source %.*s: no file matches %.*s (%s:%u)",
                   HD_ARG(source->code), HD_ARG(pattern), source->pos.file, source->pos.line);
}

static hd_status expand_pattern(hd_ctx *ctx, const hd_ruleset *ruleset, uint32_t source_number,
                                hd_str pattern, hd_source_files *out)
{
    hd_str folder = ruleset->folder;
    hd_buf path = {0};
    bool beside = hd_str_empty(folder) || hd_str_eq(folder, HD_STR("."));
    if (!hd_str_starts(pattern, HD_STR("/")) && !beside)
        add_folder(&path, folder);
    hd_buf_add(&path, pattern);
    glob_t found;
    int rc = glob(path.ptr, GLOB_NOSORT, NULL, &found);
    hd_buf_release(&path);
    if (rc != 0)
        return fail_no_match(ctx, &ruleset->sources[source_number], pattern, rc);
    for (size_t i = 0; i < found.gl_pathc; i++)
        add_file(out, source_number, found.gl_pathv[i]);
    globfree(&found);
    return HD_OK;
}

static int compare_paths(const void *x, const void *y)
{
    const hd_source_file *a = x, *b = y;
    return strcmp(a->path.ptr, b->path.ptr);
}

/* Two patterns may match one file. */
static void drop_repeats(hd_source_files *files, uint32_t first)
{
    uint32_t kept = first + 1;
    for (uint32_t i = first + 1; i < files->n; i++) {
        if (!hd_str_eq(files->file[i].path, files->file[kept - 1].path))
            files->file[kept++] = files->file[i];
    }
    files->n = kept;
}

static hd_status expand_source(hd_ctx *ctx, const hd_ruleset *ruleset, uint32_t source_number,
                               hd_source_files *out)
{
    const hd_source *source = &ruleset->sources[source_number];
    uint32_t first = out->n;
    for (uint32_t i = 0; i < source->n_csv; i++)
        HD_TRY(expand_pattern(ctx, ruleset, source_number, source->csv[i], out));
    if (out->n == first)
        return HD_OK;
    qsort(out->file + first, out->n - first, sizeof *out->file, compare_paths);
    drop_repeats(out, first);
    return HD_OK;
}

hd_status hd_source_files_list(hd_ctx *ctx, const hd_ruleset *ruleset, hd_source_files *out)
{
    hd_status status = HD_OK;
    *out = (hd_source_files){0};
    for (uint32_t i = 0; i < ruleset->n_sources && status == HD_OK; i++)
        status = expand_source(ctx, ruleset, i, out);
    if (status != HD_OK)
        hd_source_files_release(out);
    return status;
}

void hd_source_files_release(hd_source_files *files)
{
    hd_free(files->file);
    hd_arena_release(&files->arena);
    *files = (hd_source_files){0};
}
