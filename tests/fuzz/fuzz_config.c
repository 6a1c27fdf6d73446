/* Any bytes as a county's configuration: it loads, or fails with a message. A line "#rules/NAME"
 * starts the text of that file of the county's own rules; what stands before it is hedui.yaml. */

#include "base/utf8.h"
#include "pipeline/config/ruleset.h"
#include "tests/fuzz/folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const own_rules[] = {
    "rules/fields.yaml", "rules/types.yaml", "rules/linkage.yaml", "rules/reconcile.yaml",
    "rules/checks.yaml", "rules/deny.yaml",  "rules/text.zh.yaml"};
enum { N_OWN_RULES = sizeof own_rules / sizeof *own_rules };

static void link_packaged(const char *name)
{
    char from[512], to[128];
    snprintf(from, sizeof from, "%s/%s", HEDUI_RULES_DIR, name);
    snprintf(to, sizeof to, "%s/packaged/%s", fuzz_folder, name);
    HD_ASSERT(symlink(from, to) == 0);
}

/* The packaged rules, but for the tables of characters: they take most of the time of a load. */
static void make_folders(void)
{
    static const char *const linked[] = {"fields.yaml",  "types.yaml",   "linkage.yaml",
                                         "checks.yaml",  "deny.yaml",    "reconcile.yaml",
                                         "text.zh.yaml", "text.en.yaml", "tables/codes"};
    static const char *const folders[] = {"rules", "packaged", "packaged/tables"};
    fuzz_folder_make();
    for (unsigned i = 0; i < sizeof folders / sizeof *folders; i++)
        HD_ASSERT(mkdir(fuzz_path(folders[i]), 0700) == 0);
    for (unsigned i = 0; i < sizeof linked / sizeof *linked; i++)
        link_packaged(linked[i]);
    fuzz_write("packaged/tables/han.tsv", HD_STR("欧\t\tou1\t\t8\n"));
    fuzz_write("packaged/tables/divisions.tsv", HD_STR("530303\t沾益区\t2016\t\t\n"));
    fuzz_write("packaged/tables/surnames.tsv", HD_STR("欧阳\t\n"));
    fuzz_write("packaged/tables/shapes.tsv", HD_STR("欧\t殴\n"));
}

static hd_str next_line(hd_str *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len_bytes);
    uint32_t length = end ? (uint32_t)(end - rest->ptr) + 1 : rest->len_bytes;
    hd_str line = {rest->ptr, length};
    *rest = (hd_str){rest->ptr + length, rest->len_bytes - length};
    return line;
}

/* The file that a line "#rules/NAME" starts, or NULL. */
static const char *started(hd_str line)
{
    if (!hd_str_starts(line, HD_STR("#")))
        return NULL;
    hd_str name = hd_str_trim((hd_str){line.ptr + 1, line.len_bytes - 1});
    for (unsigned i = 0; i < N_OWN_RULES; i++)
        if (hd_str_eq(name, hd_str_from(own_rules[i])))
            return own_rules[i];
    return NULL;
}

static void write_files(hd_str text)
{
    for (unsigned i = 0; i < N_OWN_RULES; i++)
        unlink(fuzz_path(own_rules[i]));
    const char *name = "hedui.yaml";
    hd_str file = {text.ptr, 0};
    while (text.len_bytes) {
        hd_str line = next_line(&text);
        file.len_bytes += line.len_bytes;
        const char *next = started(line);
        if (!next)
            continue;
        fuzz_write(name, file);
        name = next;
        file = (hd_str){text.ptr, 0};
    }
    fuzz_write(name, file);
}

static void check_failure(const hd_ctx *ctx, hd_status status)
{
    HD_ASSERT(status == HD_CONFIG);
    HD_ASSERT(ctx->n_frames > 0);
    for (uint32_t i = 0; i < ctx->n_frames; i++)
        HD_ASSERT(ctx->frames[i].text[0] && hd_utf8_valid(hd_str_from(ctx->frames[i].text)));
    HD_ASSERT(hd_utf8_valid(hd_str_from(ctx->hint)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > UINT32_MAX)
        return 0;
    if (!fuzz_folder[0])
        make_folders();
    write_files((hd_str){(const char *)data, (uint32_t)n});
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_ruleset *ruleset;
    hd_status status =
        hd_ruleset_load(&ctx, fuzz_path("hedui.yaml"), fuzz_path("packaged"), &ruleset);
    if (status != HD_OK)
        check_failure(&ctx, status);
    HD_ASSERT((status == HD_OK) == (ruleset != NULL));
    HD_ASSERT(!ruleset || ruleset->n_sources > 0);
    hd_ruleset_free(ruleset);
    return 0;
}
