#include <criterion/criterion.h>

#include "pipeline/io/versions.h"

Test(versions, every_library_has_a_name_and_a_version)
{
    hd_library libraries[HD_N_LIBRARIES];
    hd_libraries(libraries);
    for (int i = 0; i < HD_N_LIBRARIES; i++) {
        cr_expect_gt(strlen(libraries[i].name), 0);
        cr_expect_gt(strspn(libraries[i].version, "0123456789."), 0, "%s", libraries[i].name);
    }
}

Test(versions, a_build_has_an_id)
{
    char id[HD_BUILD_ID_CHARS + 1], again[HD_BUILD_ID_CHARS + 1];
    hd_build_id(id);
    hd_build_id(again);
    cr_expect_eq(strspn(id, "0123456789abcdef"), HD_BUILD_ID_CHARS, "%s", id);
    cr_expect_str_eq(id, again);
}
