#include "pipeline/io/versions.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unicode/uversion.h>
#include <zlib.h>

void hd_libraries(hd_library out[HD_N_LIBRARIES])
{
    UVersionInfo icu;
    char icu_version[U_MAX_VERSION_STRING_LENGTH];
    u_getVersion(icu);
    u_versionToString(icu, icu_version);
    const char *const libraries[HD_N_LIBRARIES][2] = {
        {"icu", icu_version},
        {"jansson", jansson_version_str()},
        {"sqlite", sqlite3_libversion()},
        {"zlib", zlibVersion()},
    };
    for (int i = 0; i < HD_N_LIBRARIES; i++) {
        out[i].name = libraries[i][0];
        snprintf(out[i].version, sizeof out[i].version, "%s", libraries[i][1]);
    }
}
