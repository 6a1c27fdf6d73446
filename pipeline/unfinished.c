#include "pipeline/unfinished.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "pipeline/io/file.h"
#include "pipeline/stages.h"

enum { OLDEST_SECONDS = 24 * 60 * 60 };

/* ---- folders of runs ---- */

typedef hd_status take_name(hd_ctx *ctx, void *arg, const char *folder, const char *name);

/* Each entry of a folder. What is no folder, or is one behind a link, has none. */
static hd_status each_entry(hd_ctx *ctx, const char *folder, take_name *take, void *arg)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && (errno == ENOTDIR || errno == ELOOP || errno == ENOENT))
        return HD_OK;
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        if (errno == ENOMEM)
            hd_mem_exhausted("the names in %s", folder);
        if (fd >= 0)
            close(fd);
        return HD_FAIL(ctx, HD_STORE, "cannot read folder %s: %s", folder, strerror(errno));
    }
    hd_status status = HD_OK;
    struct dirent *entry;
    while (status == HD_OK && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = take(ctx, arg, folder, entry->d_name);
    }
    closedir(dir);
    return status;
}

typedef struct finder {
    const hd_unfinished_for *begins;
    hd_unfinished *out;
} finder;

static const char *path_below(finder *f, const char *folder, const char *name)
{
    return hd_arena_printf(&f->out->arena, "%s/%s", folder, name).ptr;
}

/* What hd_file_create names so was to be renamed once it was whole. */
static hd_status clear_entry(hd_ctx *ctx, void *arg, const char *folder, const char *name)
{
    enum { SUFFIX = sizeof ".XXXXXX" - 1 };
    struct stat st;
    size_t n = strlen(name);
    if (name[0] != '.' || n <= SUFFIX || name[n - SUFFIX] != '.')
        return HD_OK;
    const char *path = path_below(arg, folder, name);
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? hd_file_remove(ctx, path) : HD_OK;
}

static bool is_stored(const hd_unfinished_for *begins, hd_str run_id)
{
    for (uint32_t i = 0; i < begins->n_stored; i++) {
        if (hd_str_eq(begins->stored[i].id, run_id))
            return true;
    }
    return false;
}

/* Of several unfinished runs the latest may be continued, by its name, which begins with the time.
 */
static hd_status take_unfinished(hd_ctx *ctx, finder *f, const char *path, hd_str run_id)
{
    hd_unfinished *out = f->out;
    const char *removed = path;
    if (!is_stored(f->begins, run_id) &&
        (!out->run_id.ptr || hd_str_cmp(out->run_id, run_id) < 0)) {
        removed = out->path;
        out->run_id = run_id;
        out->path = path;
    }
    return removed ? hd_file_remove(ctx, removed) : HD_OK;
}

/* A run is known by its folder alone: `current`, and any other link, is a name beside that. */
static hd_status look_at_run(hd_ctx *ctx, void *arg, const char *runs, const char *name)
{
    finder *f = arg;
    struct stat st;
    if (strncmp(name, ".current.", 9) == 0) /* as hd_current_set names it before */
        return hd_file_remove(ctx, path_below(f, runs, name));
    const char *folder = path_below(f, runs, name);
    if (lstat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
        return HD_OK;
    const char *lists = path_below(f, folder, "discrepancies");
    HD_TRY(each_entry(ctx, folder, clear_entry, f));
    HD_TRY(each_entry(ctx, lists, clear_entry, f));
    if (access(path_below(f, folder, "manifest.json"), F_OK) != 0) {
        rmdir(lists); /* where they are empty: the run left nothing */
        rmdir(folder);
    }
    const char *path = path_below(f, folder, HD_ARTEFACT_NAME);
    if (lstat(path, &st) != 0)
        return HD_OK;
    return take_unfinished(ctx, f, path, hd_arena_str(&f->out->arena, hd_str_from(name)));
}

/* ---- can it be continued? ---- */

static bool same_file(const hd_source_file *a, const hd_source_file *b)
{
    return a->source == b->source && hd_str_eq(a->path, b->path) &&
           a->size_bytes == b->size_bytes && a->modified_ns == b->modified_ns;
}

/* Files that cannot even be listed are not those that were read. */
static bool same_files(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_source_files *read)
{
    hd_source_files now;
    if (hd_source_files_list(ctx, ruleset, &now) != HD_OK) {
        hd_ctx_clear(ctx);
        return false;
    }
    bool same = now.n == read->n;
    for (uint32_t i = 0; i < now.n && same; i++)
        same = same_file(&now.file[i], &read->file[i]);
    hd_source_files_release(&now);
    return same;
}

static hd_refusal judge(hd_ctx *ctx, const hd_unfinished_for *begins, hd_unfinished *out)
{
    char program[HD_ARTEFACT_PROGRAM_BYTES], key_mark[HD_ID_CHARS + 1];
    if (begins->fresh)
        return HD_REFUSED_fresh;
    if (hd_artefact_open(ctx, out->path, &out->artefact) != HD_OK) {
        hd_ctx_clear(ctx);
        return HD_REFUSED_damaged;
    }
    const hd_artefact_about *about = hd_artefact_tell(out->artefact);
    hd_artefact_program(program);
    hd_artefact_key_mark(begins->key, key_mark);
    out->read_at = about->read_at;
    if (!about->run_id.ptr || strcmp(about->program, program) != 0)
        return HD_REFUSED_program;
    if (!hd_str_eq(about->run_id, out->run_id))
        return HD_REFUSED_damaged;
    if (!hd_str_eq(about->ruleset_hash, hd_str_from(begins->ruleset->hash)))
        return HD_REFUSED_rules;
    if (!hd_str_eq(about->key_mark, hd_str_from(key_mark)))
        return HD_REFUSED_key;
    if (about->as_of != begins->as_of)
        return HD_REFUSED_as_of;
    if (about->read_at > begins->now || begins->now - about->read_at > OLDEST_SECONDS)
        return HD_REFUSED_age;
    if (!same_files(ctx, begins->ruleset, hd_artefact_files(out->artefact)))
        return HD_REFUSED_files;
    return HD_REFUSED_NOT;
}

static hd_status clear_report(hd_ctx *ctx, void *arg, const char *folder, const char *name)
{
    struct stat st;
    const char *path = path_below(arg, folder, name);
    bool stays =
        strcmp(name, HD_ARTEFACT_NAME) == 0 || lstat(path, &st) != 0 || S_ISDIR(st.st_mode);
    return stays ? HD_OK : hd_file_remove(ctx, path);
}

/* With another model, which may have come meanwhile, the lost run's lists might not all be written
 * over. */
static hd_status clear_reports(hd_ctx *ctx, finder *f)
{
    const char *folder = path_below(f, f->begins->runs, f->out->run_id.ptr);
    HD_TRY(each_entry(ctx, folder, clear_report, f));
    return each_entry(ctx, path_below(f, folder, "discrepancies"), clear_report, f);
}

hd_status hd_unfinished_find(hd_ctx *ctx, const hd_unfinished_for *begins, hd_unfinished *out)
{
    *out = (hd_unfinished){0};
    finder f = {begins, out};
    HD_TRY_DOING(ctx, each_entry(ctx, begins->runs, look_at_run, &f),
                 "clearing what earlier runs left");
    if (!out->run_id.ptr)
        return HD_OK;
    hd_refusal refusal = judge(ctx, begins, out);
    return refusal == HD_REFUSED_NOT ? clear_reports(ctx, &f)
                                     : hd_unfinished_refuse(ctx, out, refusal);
}

hd_status hd_unfinished_refuse(hd_ctx *ctx, hd_unfinished *unfinished, hd_refusal why)
{
    hd_artefact_close(unfinished->artefact);
    unfinished->artefact = NULL;
    unfinished->refusal = why;
    return hd_file_remove(ctx, unfinished->path);
}

/* ---- */

void hd_unfinished_tell(hd_buf *out, const hd_catalogue *catalogue, const hd_unfinished *unfinished)
{
    static const char *const why[] = {"",
#define X(name) "continue.why." #name,
                                      HD_REFUSALS(X)
#undef X
    };
    if (!unfinished->run_id.ptr)
        return;
    char when[32] = "";
    struct tm tm;
    time_t read_at = (time_t)unfinished->read_at;
    if (unfinished->refusal == HD_REFUSED_NOT && localtime_r(&read_at, &tm))
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
    hd_buf reason = {0};
    hd_buf_add(&reason, hd_text_of(catalogue, why[unfinished->refusal]));
    hd_text_fill(out, catalogue,
                 unfinished->refusal == HD_REFUSED_NOT ? "continue.used" : "continue.refused",
                 "run", unfinished->run_id.ptr, "time", when, "why", reason.ptr, NULL);
    hd_buf_release(&reason);
}

void hd_unfinished_release(hd_unfinished *unfinished)
{
    hd_artefact_close(unfinished->artefact);
    hd_arena_release(&unfinished->arena);
    *unfinished = (hd_unfinished){0};
}
