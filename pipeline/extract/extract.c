#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/extract/file.h"
#include "pipeline/extract/merge.h"
#include "pipeline/extract/snapshots.h"
#include "pipeline/extract/table.h"
#include "pipeline/io/file.h"
#include "pipeline/stages.h"

/* How often reading from databases begins anew where a connection was lost, and how long it waits
 * before: a server that was restarted is there again in a moment, and hd_pg_open waits for one that
 * is not. */
enum { RESTARTS_MAX = 3, PAUSE_SECONDS = 1 };

typedef struct source_job {
    hd_extract_part *parts; /* files by path, parts of a table by block */
    uint32_t n_parts;
    size_t cap;
    hd_extract_table table; /* of a database */
    bool merged;
} source_job;

typedef struct job {
    const hd_ruleset *ruleset;
    hd_extract *extract;
    source_job *sources;    /* [source] */
    hd_extract_part **todo; /* parts that are not read yet, largest first */
    uint32_t n_todo;
    hd_extract_reader *readers; /* [worker] */
    hd_snapshots snapshots;
    hd_arena tables; /* what was found in databases */
} job;

/* ---- which files ---- */

static hd_extract_part *add_part(job *j, uint32_t source)
{
    source_job *s = &j->sources[source];
    HD_GROW(s->parts, s->cap, (size_t)s->n_parts + 1);
    hd_extract_part *part = &s->parts[s->n_parts++];
    *part = (hd_extract_part){.source = source};
    return part;
}

static hd_status list_files(hd_ctx *ctx, job *j)
{
    hd_source_files *files = &j->extract->files;
    HD_TRY(hd_source_files_list(ctx, j->ruleset, files));
    for (uint32_t i = 0; i < files->n; i++) {
        hd_extract_part *part = add_part(j, files->file[i].source);
        part->path = files->file[i].path.ptr;
        part->name = hd_str_from(hd_file_base_name(part->path));
        part->size_bytes = files->file[i].size_bytes;
    }
    return HD_OK;
}

/* ---- which tables ---- */

static hd_status find_table(hd_ctx *ctx, job *j, uint32_t source)
{
    source_job *s = &j->sources[source];
    hd_pg *pg;
    HD_TRY(hd_snapshots_get(ctx, &j->snapshots, source, 0, &pg));
    HD_TRY(hd_extract_table_find(ctx, &j->ruleset->sources[source], pg, &j->tables, &s->table));
    uint32_t n = hd_extract_table_n_parts(&s->table);
    for (uint32_t i = 0; i < n; i++)
        hd_extract_table_part(&s->table, i, add_part(j, source));
    return HD_OK;
}

static hd_status find_tables(hd_ctx *ctx, job *j)
{
    HD_TRY(hd_snapshots_open(ctx, &j->snapshots));
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++)
        if (j->ruleset->sources[i].database.conninfo.ptr)
            HD_TRY(find_table(ctx, j, i));
    return HD_OK;
}

/* ---- reading ---- */

static hd_status check_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)worker;
    job *j = arg;
    return hd_extract_file_check(ctx, j->ruleset, j->todo[task]);
}

static hd_status read_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    job *j = arg;
    hd_extract_part *part = j->todo[task];
    hd_pg *pg;
    hd_status status;
    if (part->path) {
        status = hd_extract_file_read(ctx, &j->readers[worker], part);
    } else {
        HD_TRY(hd_snapshots_get(ctx, &j->snapshots, part->source, worker, &pg));
        status = hd_extract_table_read(ctx, &j->sources[part->source].table, pg,
                                       &j->readers[worker], part);
    }
    part->progress = status == HD_OK ? HD_PART_READ : HD_PART_FAILED;
    return status;
}

static int compare_sizes(const void *x, const void *y)
{
    const hd_extract_part *a = *(hd_extract_part *const *)x, *b = *(hd_extract_part *const *)y;
    if (a->size_bytes != b->size_bytes)
        return a->size_bytes > b->size_bytes ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return (a > b) - (a < b); /* of one source's array */
}

/* Largest first, so that no thread begins a large part when the others are done. */
static void list_todo(job *j)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++)
        n += j->sources[i].n_parts;
    j->todo = hd_realloc(j->todo, n, sizeof *j->todo);
    j->n_todo = 0;
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++)
        for (uint32_t k = 0; k < j->sources[i].n_parts; k++)
            if (j->sources[i].parts[k].progress == HD_PART_TO_READ)
                j->todo[j->n_todo++] = &j->sources[i].parts[k];
}

/* ---- merging ---- */

typedef struct rereading {
    job *job;
    uint32_t worker;
} rereading;

static hd_status reread(hd_ctx *ctx, void *arg, const hd_extract_part *part, hd_arena *arena,
                        hd_extract_row *rows, uint32_t n)
{
    const rereading *r = arg;
    job *j = r->job;
    hd_pg *pg;
    if (part->path)
        return hd_extract_file_rows(ctx, j->ruleset, part, arena, rows, n);
    HD_TRY(hd_snapshots_get(ctx, &j->snapshots, part->source, r->worker, &pg));
    return hd_extract_table_rows(ctx, &j->sources[part->source].table, pg, part, arena, rows, n);
}

static hd_status merge_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    job *j = arg;
    source_job *s = &j->sources[task];
    hd_records *records = &j->extract->records[task];
    rereading again = {j, worker};
    if (s->merged)
        return HD_OK;
    hd_extract_merging merging = {.ruleset = j->ruleset,
                                  .values = &j->extract->values,
                                  .parts = s->parts,
                                  .n_parts = s->n_parts,
                                  .arena = &j->extract->arenas[worker],
                                  .reread = reread,
                                  .reread_arg = &again};
    hd_status status = hd_extract_merge(ctx, &merging, records);
    s->merged = status == HD_OK;
    if (status != HD_OK)
        s->parts->progress = HD_PART_FAILED;
    else if (!s->parts->path)
        records->snapshot = hd_arena_str(&j->extract->arenas[worker],
                                         hd_str_from(hd_snapshots_time(&j->snapshots, task)));
    return status;
}

/* Rows of a table are numbered through its parts. */
static void collect_rejects(job *j)
{
    hd_extract *extract = j->extract;
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++)
        extract->n_rejects += extract->records[i].n_rejected;
    extract->rejects = hd_alloc(extract->n_rejects * sizeof *extract->rejects);
    size_t n = 0;
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++) {
        uint64_t rows_before = 0;
        for (uint32_t k = 0; k < j->sources[i].n_parts; k++) {
            const hd_extract_part *part = &j->sources[i].parts[k];
            for (size_t r = 0; r < part->n_rejects; r++, n++) {
                extract->rejects[n] = part->rejects[r];
                extract->rejects[n].row += rows_before;
            }
            rows_before += part->path ? 0 : part->n_rows;
        }
    }
}

/* ---- all of it ---- */

static void release_records(hd_records *records)
{
    for (uint32_t slot = 0; slot < records->n_slots; slot++)
        hd_free_mapped(records->slots[slot]);
    hd_free(records->slots);
    hd_free_mapped(records->record_id);
    *records = (hd_records){0};
}

/* What databases gave, which must all be of one snapshot. */
static void forget_tables(job *j)
{
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++) {
        source_job *s = &j->sources[i];
        if (!j->ruleset->sources[i].database.conninfo.ptr)
            continue;
        release_records(&j->extract->records[i]);
        for (uint32_t k = 0; k < s->n_parts; k++)
            hd_extract_part_release(&s->parts[k]);
        s->n_parts = 0;
        s->merged = false;
    }
    hd_arena_reset(&j->tables);
    hd_snapshots_close(&j->snapshots);
}

static hd_status read_all(hd_ctx *ctx, job *j)
{
    HD_TRY(find_tables(ctx, j));
    list_todo(j);
    qsort(j->todo, j->n_todo, sizeof *j->todo, compare_sizes);
    HD_TRY(hd_parallel(ctx, j->n_todo, read_task, j));
    return hd_parallel(ctx, j->ruleset->n_sources, merge_task, j);
}

/* Files that were read stay, and one that failed is no matter of connections. */
static bool may_begin_again(job *j)
{
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++)
        for (uint32_t k = 0; k < j->sources[i].n_parts; k++)
            if (j->sources[i].parts[k].path && j->sources[i].parts[k].progress == HD_PART_FAILED)
                return false;
    return hd_snapshots_lost(&j->snapshots);
}

static hd_status read_patiently(hd_ctx *ctx, job *j)
{
    hd_status status = read_all(ctx, j);
    for (int i = 0; i < RESTARTS_MAX && status == HD_SOURCE && may_begin_again(j); i++) {
        hd_ctx_clear(ctx);
        forget_tables(j);
        nanosleep(&(struct timespec){.tv_sec = PAUSE_SECONDS}, NULL);
        status = read_all(ctx, j);
    }
    return status;
}

static hd_status run(hd_ctx *ctx, job *j)
{
    HD_TRY(list_files(ctx, j));
    list_todo(j);
    HD_TRY(hd_parallel(ctx, j->n_todo, check_task, j));
    HD_TRY(read_patiently(ctx, j));
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
    hd_snapshots_init(&j->snapshots, j->ruleset, ctx->n_threads);
    j->sources = hd_alloc_zero(n_sources, sizeof *j->sources);
    j->readers = hd_alloc_zero(ctx->n_threads, sizeof *j->readers);
    for (uint32_t i = 0; i < ctx->n_threads; i++) {
        j->readers[i].ruleset = j->ruleset;
        j->readers[i].key = key;
        j->readers[i].values = &extract->values;
        j->readers[i].arena = &extract->arenas[i];
    }
}

static void finish(hd_ctx *ctx, job *j)
{
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        hd_extract_reader_release(&j->readers[i]);
    for (uint32_t i = 0; i < j->ruleset->n_sources; i++) {
        for (uint32_t k = 0; k < j->sources[i].n_parts; k++)
            hd_extract_part_release(&j->sources[i].parts[k]);
        hd_free(j->sources[i].parts);
    }
    hd_snapshots_release(&j->snapshots);
    hd_arena_release(&j->tables);
    hd_free(j->readers);
    hd_free(j->sources);
    hd_free(j->todo);
}

hd_status hd_extract_run(hd_ctx *ctx, const hd_ruleset *ruleset, const uint8_t key[32],
                         hd_extract *out)
{
    job j = {.ruleset = ruleset, .extract = out};
    start(ctx, &j, key);
    hd_status status = run(ctx, &j);
    finish(ctx, &j);
    if (status != HD_OK)
        hd_extract_release(out);
    return status;
}

void hd_extract_release(hd_extract *extract)
{
    for (uint32_t i = 0; i < extract->n_records; i++)
        release_records(&extract->records[i]);
    for (uint32_t i = 0; i < extract->n_arenas; i++)
        hd_arena_release(&extract->arenas[i]);
    hd_free(extract->records);
    hd_free(extract->rejects);
    hd_free(extract->arenas);
    hd_source_files_release(&extract->files);
    if (extract->values.written)
        hd_values_release(&extract->values);
    *extract = (hd_extract){0};
}
