#include "pipeline/config/packaged.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static hd_arena arena;
static char name[32];

static void start(void)
{
    snprintf(name, sizeof name, "test-%ld", (long)getpid());
}

static void stop(void)
{
    hd_arena_release(&arena);
}

TestSuite(packaged, .init = start, .fini = stop);

static const char *below(const char *folder, const char *part)
{
    return hd_arena_printf(&arena, "%s/%s", folder, part).ptr;
}

/* Makes `above`/share/hedui/NAME beside this program, as if it were installed; expects it found. */
static void expect_found(const char *above)
{
    char self[PATH_MAX] = "", wanted[PATH_MAX] = "";
    cr_assert_gt(readlink("/proc/self/exe", self, sizeof self - 1), 0);
    *strrchr(self, '/') = '\0';
    const char *share = below(below(self, above), "share");
    const char *hedui = below(share, "hedui");
    const char *folder = below(hedui, name);
    mkdir(share, 0777);
    mkdir(hedui, 0777);
    cr_assert_eq(mkdir(folder, 0777), 0, "%s", folder);
    hd_str found = hd_packaged_folder(&arena, name);
    cr_expect(realpath(folder, wanted));
    cr_expect(hd_str_eq(found, hd_str_from(wanted)), "%.*s", HD_ARG(found));
    rmdir(folder);
    rmdir(hedui);
    rmdir(share);
}

Test(packaged, null_where_nothing_is_installed)
{
    cr_assert_null(hd_packaged_folder(&arena, name).ptr);
}

Test(packaged, one_folder_above_the_program)
{
    expect_found("..");
}

Test(packaged, two_folders_above_as_debian_has_it)
{
    expect_found("../..");
}
