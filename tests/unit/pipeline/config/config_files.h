#ifndef HD_TESTS_CONFIG_FILES_H
#define HD_TESTS_CONFIG_FILES_H

/* A folder for one test: hedui.yaml, rules of the county's own beside it, and, where a test spoils
 * packaged rules, a rules folder that is made of links to the real one. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/config/ruleset.h"

typedef struct config_files {
    char dir[64];
    hd_ctx ctx;
    hd_ruleset *ruleset;
} config_files;

static inline config_files files_open(void)
{
    config_files files = {.dir = "/tmp/hedui-config-XXXXXX"};
    cr_assert_not_null(mkdtemp(files.dir));
    hd_ctx_init(&files.ctx, 1);
    return files;
}

static inline void files_close(config_files *files)
{
    char command[128];
    hd_ruleset_free(files->ruleset);
    files->ruleset = NULL;
    snprintf(command, sizeof command, "rm -rf '%s'", files->dir);
    cr_assert_eq(system(command), 0);
}

/* dir/name, in one of a few static buffers. */
static inline const char *files_path(const config_files *files, const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", files->dir, name);
    return path;
}

static inline void files_write_bytes(const config_files *files, const char *name, const char *bytes,
                                     size_t n)
{
    char path[512];
    snprintf(path, sizeof path, "%s", files_path(files, name));
    for (char *slash = strchr(path + strlen(files->dir) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    unlink(path); /* a link to a packaged file is replaced, not written through */
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

static inline void files_write(const config_files *files, const char *name, const char *text)
{
    files_write_bytes(files, name, text, strlen(text));
}

/* packed/: a rules folder with a link for each packaged file. */
static inline void files_pack(const config_files *files)
{
    static const char *const names[] = {
        "fields.yaml", "types.yaml",   "linkage.yaml", "reconcile.yaml", "checks.yaml",
        "deny.yaml",   "columns.yaml", "text.zh.yaml", "text.en.yaml",   "tables"};
    char from[512], to[512];
    snprintf(to, sizeof to, "%s/packed", files->dir);
    mkdir(to, 0700);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(from, sizeof from, "%s/%s", HEDUI_RULES_DIR, names[i]);
        snprintf(to, sizeof to, "%s/packed/%s", files->dir, names[i]);
        cr_assert_eq(symlink(from, to), 0);
    }
}

static inline hd_status files_load(config_files *files, const char *rules_dir)
{
    hd_ruleset_free(files->ruleset);
    hd_ctx_clear(&files->ctx);
    return hd_ruleset_load(&files->ctx, files_path(files, "hedui.yaml"), rules_dir,
                           &files->ruleset);
}

/* The first frame without the test's own folder: "hedui.yaml:3:1: …". */
static inline const char *files_error(const config_files *files)
{
    if (files->ctx.n_frames == 0)
        return "(no error)";
    const char *text = files->ctx.frames[0].text;
    size_t n = strlen(files->dir);
    return strncmp(text, files->dir, n) == 0 ? text + n + 1 : text;
}

/* Smallest configuration that loads, with room for more. */
#define SOURCE_HEAD "sources:\n  h:\n    type: household\n    csv: h.csv\n    key: [id]\n"
#define SOURCE_MENTIONS "    mentions:\n      self: {name: xm, birth_date: csrq}\n"
#define SOURCE SOURCE_HEAD SOURCE_MENTIONS

static inline void expect_loads(config_files *files, const char *yaml)
{
    files_write(files, "hedui.yaml", yaml);
    hd_status status = files_load(files, NULL);
    cr_assert_eq(status, HD_OK, "%s", files_error(files));
}

/* `error` and, where not NULL, `hint` are exact. */
static inline void expect_error(config_files *files, const char *yaml, const char *error,
                                const char *hint)
{
    files_write(files, "hedui.yaml", yaml);
    cr_expect_eq(files_load(files, NULL), HD_CONFIG, "loaded, but expected: %s", error);
    cr_expect_str_eq(files_error(files), error);
    cr_expect_null(files->ruleset);
    if (hint)
        cr_expect_str_eq(files->ctx.hint, hint);
}

#endif
