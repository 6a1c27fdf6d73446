#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/extract/file.h"
#include "pipeline/extract/merge.h"
#include "pipeline/stages.h"

typedef struct job {
    const hd_ruleset *ruleset;
    hd_extract *extract;
    hd_extract_file *files; /* by source, path */
    uint32_t n_files;
    size_t cap;
    uint32_t *start;            /* [n_sources + 1] first file of each source */
    uint32_t *by_size;          /* files, largest first */
    hd_extract_reader *readers; /* [worker] */
} job;

/* ---- which files ---- */

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

static void add_file(job *j, uint32_t source, const char *path)
{
    HD_GROW(j->files, j->cap, (size_t)j->n_files + 1);
    struct stat st;
    j->files[j->n_files++] = (hd_extract_file){
        .source = source,
        .path = hd_arena_str(&j->extract->arenas[0], hd_str_from(path)).ptr,
        .size_bytes = stat(path, &st) == 0 ? (uint64_t)st.st_size : 0,
    };
}

static hd_status fail_no_match(hd_ctx *ctx, const hd_source *source, hd_str pattern, int rc)
{
    if (rc == GLOB_NOSPACE)
        hd_mem_exhausted("files that match %.*s", HD_ARG(pattern));
    hd_hint(ctx, "patterns are relative to the folder of the configuration");
    return HD_FAIL(ctx, HD_SOURCE, "source %.*s: no file matches %.*s (%s:%u)",
                   HD_ARG(source->code), HD_ARG(pattern), source->pos.file, source->pos.line);
}

static hd_status expand_pattern(hd_ctx *ctx, job *j, uint32_t source_number, hd_str pattern)
{
    const hd_source *source = &j->ruleset->sources[source_number];
    hd_str folder = j->ruleset->folder;
    hd_buf path = {0};
    bool beside = hd_str_empty(folder) || hd_str_eq(folder, HD_STR("."));
    if (!hd_str_starts(pattern, HD_STR("/")) && !beside)
        add_folder(&path, folder);
    hd_buf_add(&path, pattern);
    glob_t found;
    int rc = glob(path.ptr, GLOB_NOSORT, NULL, &found);
    hd_buf_release(&path);
    if (rc != 0)
        return fail_no_match(ctx, source, pattern, rc);
    for (size_t i = 0; i < found.gl_pathc; i++)
        add_file(j, source_number, found.gl_pathv[i]);
    globfree(&found);
    return HD_OK;
}

static int compare_paths(const void *x, const void *y)
{
    const hd_extract_file *a = x, *b = y;
    return strcmp(a->path, b->path);
}

/* Two patterns may match one file. */
static void drop_repeats(job *j, uint32_t first)
{
    uint32_t kept = first + 1;
    for (uint32_t i = first + 1; i < j->n_files; i++) {
        if (strcmp(j->files[i].path, j->files[kept - 1].path) != 0)
            j->files[kept++] = j->files[i];
    }
    j->n_files = kept;
}

static hd_status expand_source(hd_ctx *ctx, job *j, uint32_t source_number)
{
    const hd_source *source = &j->ruleset->sources[source_number];
    j->start[source_number] = j->n_files;
    for (uint32_t i = 0; i < source->n_csv; i++)
        HD_TRY(expand_pattern(ctx, j, source_number, source->csv[i]));
    uint32_t first = j->start[source_number];
    HD_ASSERT(j->n_files > first);
    qsort(j->files + first, j->n_files - first, sizeof *j->files, compare_paths);
    drop_repeats(j, first);
    return HD_OK;
}

static hd_status expand_all(hd_ctx *ctx, job *j)
{
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++)
        HD_TRY(expand_source(ctx, j, i));
    j->start[j->ruleset->n_sources] = j->n_files;
    return HD_OK;
}

/* ---- reading ---- */

static hd_status check_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)worker;
    job *j = arg;
    return hd_extract_file_check(ctx, j->ruleset, &j->files[task]);
}

static hd_status read_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    job *j = arg;
    return hd_extract_file_read(ctx, &j->readers[worker], &j->files[j->by_size[task]]);
}

static hd_status merge_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    job *j = arg;
    uint32_t first = j->start[task];
    return hd_extract_merge(ctx, j->ruleset, &j->extract->values, &j->files[first],
                            j->start[task + 1] - first, &j->extract->arenas[worker],
                            &j->extract->records[task]);
}

static int compare_sizes(const void *x, const void *y, void *arg)
{
    const hd_extract_file *files = arg;
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    if (files[a].size_bytes != files[b].size_bytes)
        return files[a].size_bytes > files[b].size_bytes ? -1 : 1;
    return a < b ? -1 : 1;
}

/* Largest first, so that no thread begins a large file when the others are done. */
static void order_by_size(job *j)
{
    j->by_size = hd_alloc(j->n_files * sizeof *j->by_size);
    for (uint32_t i = 0; i < j->n_files; i++)
        j->by_size[i] = i;
    qsort_r(j->by_size, j->n_files, sizeof *j->by_size, compare_sizes, j->files);
}

static void collect_rejects(job *j)
{
    hd_extract *extract = j->extract;
    for (uint32_t i = 0; i < j->n_files; i++)
        extract->n_rejects += j->files[i].n_rejects;
    extract->rejects = hd_alloc(extract->n_rejects * sizeof *extract->rejects);
    size_t n = 0;
    for (uint32_t i = 0; i < j->n_files; i++) {
        for (size_t k = 0; k < j->files[i].n_rejects; k++)
            extract->rejects[n++] = j->files[i].rejects[k];
    }
}

static hd_status run(hd_ctx *ctx, job *j)
{
    HD_TRY(expand_all(ctx, j));
    HD_TRY(hd_parallel(ctx, j->n_files, check_task, j));
    order_by_size(j);
    HD_TRY(hd_parallel(ctx, j->n_files, read_task, j));
    HD_TRY(hd_parallel(ctx, j->ruleset->n_sources, merge_task, j));
    collect_rejects(j);
    return HD_OK;
}

static void start(hd_ctx *ctx, job *j, const uint8_t key[32])
{
    hd_extract *extract = j->extract;
    uint32_t n_sources = j->ruleset->n_sources;
    *extract = (hd_extract){.n_arenas = ctx->n_threads};
    extract->arenas = hd_alloc_zero(extract->n_arenas, sizeof *extract->arenas);
    extract->n_records = n_sources;
    extract->records = hd_alloc_zero(n_sources, sizeof *extract->records);
    hd_values_init(&extract->values, j->ruleset);
    j->start = hd_alloc_zero(n_sources + 1u, sizeof *j->start);
    j->readers = hd_alloc_zero(ctx->n_threads, sizeof *j->readers);
    for (uint32_t i = 0; i < ctx->n_threads; i++) {
        j->readers[i].ruleset = j->ruleset;
        j->readers[i].key = key;
        j->readers[i].values = &extract->values;
        j->readers[i].arena = &extract->arenas[i];
    }
}

hd_status hd_extract_run(hd_ctx *ctx, const hd_ruleset *ruleset, const uint8_t key[32],
                         hd_extract *out)
{
    job j = {.ruleset = ruleset, .extract = out};
    start(ctx, &j, key);
    hd_status status = run(ctx, &j);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        hd_extract_reader_release(&j.readers[i]);
    for (uint32_t i = 0; i < j.n_files; i++)
        hd_extract_file_release(&j.files[i]);
    hd_free(j.readers);
    hd_free(j.files);
    hd_free(j.by_size);
    hd_free(j.start);
    if (status != HD_OK)
        hd_extract_release(out);
    return status;
}

void hd_extract_release(hd_extract *extract)
{
    for (uint32_t i = 0; i < extract->n_records; i++) {
        hd_records *records = &extract->records[i];
        for (uint32_t slot = 0; slot < records->n_slots; slot++)
            hd_free(records->slots[slot]);
        hd_free(records->slots);
        hd_free(records->record_id);
    }
    for (uint32_t i = 0; i < extract->n_arenas; i++)
        hd_arena_release(&extract->arenas[i]);
    hd_free(extract->records);
    hd_free(extract->rejects);
    hd_free(extract->arenas);
    if (extract->values.written)
        hd_values_release(&extract->values);
    *extract = (hd_extract){0};
}
