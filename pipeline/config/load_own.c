/* Which files of the county's own rules there may be. */

#include "pipeline/config/load.h"

#include <dirent.h>

static const char *const known[] = {"fields.yaml",    "types.yaml",   "linkage.yaml",
                                    "reconcile.yaml", "checks.yaml",  "deny.yaml",
                                    "columns.yaml",   "text.zh.yaml", "text.en.yaml"};
enum { N_KNOWN = sizeof known / sizeof *known };

static bool ends_with(hd_str text, const char *end)
{
    size_t n = strlen(end);
    return text.len_bytes >= n && memcmp(text.ptr + text.len_bytes - n, end, n) == 0;
}

static bool is_unknown(hd_str name)
{
    if (name.ptr[0] == '.' || !(ends_with(name, ".yaml") || ends_with(name, ".yml")))
        return false;
    for (uint32_t i = 0; i < N_KNOWN; i++)
        if (hd_str_eq(name, hd_str_from(known[i])))
            return false;
    return true;
}

static hd_status fail_unknown(hd_loader *loader, hd_str name)
{
    hd_near_name nearest = {.wanted = name};
    for (uint32_t i = 0; i < N_KNOWN; i++)
        hd_near_name_offer(&nearest, hd_str_from(known[i]));
    if (!hd_near_name_hint(loader->ctx, &nearest))
        hd_hint(loader->ctx, "files of rules have the names that they have in %s",
                loader->rules_dir);
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s/%.*s: nothing reads a file of this name",
                   loader->own_shown, HD_ARG(name));
}

hd_status hd_check_own_files(hd_loader *loader)
{
    DIR *dir = loader->own_is_packaged ? NULL : opendir(loader->own_dir);
    hd_str first = HD_STR_NULL; /* by name, so that the message is the same every time */
    const struct dirent *entry;
    if (!dir)
        return HD_OK;
    while ((entry = readdir(dir))) {
        hd_str name = hd_str_from(entry->d_name);
        if (is_unknown(name) && (!first.ptr || hd_str_cmp(name, first) < 0))
            first = hd_arena_str(loader->arena, name);
    }
    closedir(dir);
    return first.ptr ? fail_unknown(loader, first) : HD_OK;
}
