#include "pipeline/config/packaged.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>

/* The folder of the program or library that holds this function, symbolic links resolved. */
static bool own_folder(char folder[PATH_MAX])
{
    Dl_info info;
    struct link_map *map = NULL;
    if (!dladdr1((void *)own_folder, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
        return false;
    /* of the program itself the loader knows no more than argv[0] */
    if (!realpath(map->l_name[0] ? map->l_name : "/proc/self/exe", folder))
        return false;
    *strrchr(folder, '/') = '\0';
    return true;
}

hd_str hd_packaged_folder(hd_arena *arena, const char *name)
{
    static const char *const above[] = {"..", "../.."};
    char folder[PATH_MAX], found[PATH_MAX];
    if (!own_folder(folder))
        return HD_STR_NULL;
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
        hd_str path = hd_arena_printf(arena, "%s/%s/share/hedui/%s", folder, above[i], name);
        if (realpath(path.ptr, found))
            return hd_arena_str(arena, hd_str_from(found));
    }
    return HD_STR_NULL;
}
