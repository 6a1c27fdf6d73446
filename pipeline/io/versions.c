#include "pipeline/io/versions.h"

#include <jansson.h>
#include <link.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
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

static bool holds(const struct dl_phdr_info *object, const void *address)
{
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        ElfW(Addr) begin = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && (ElfW(Addr))address - begin < part->p_memsz)
            return true;
    }
    return false;
}

/* Name and description of a note are each padded to four bytes. */
static void find_in_notes(const char *at, const char *end, char *out)
{
    ElfW(Nhdr) head;
    for (; at + sizeof head <= end;
         at += sizeof head + ((head.n_namesz + 3) & ~3u) + ((head.n_descsz + 3) & ~3u)) {
        memcpy(&head, at, sizeof head);
        const char *name = at + sizeof head;
        if (head.n_type != NT_GNU_BUILD_ID || head.n_namesz != 4 || memcmp(name, "GNU", 4) != 0)
            continue;
        for (uint32_t i = 0; i < head.n_descsz && 2 * i < HD_BUILD_ID_CHARS; i++)
            sprintf(out + 2 * i, "%02x", (unsigned char)name[4 + i]);
        return;
    }
}

static int find_build_id(struct dl_phdr_info *object, size_t bytes, void *out)
{
    (void)bytes;
    if (!holds(object, (const void *)(uintptr_t)hd_build_id))
        return 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        const char *begin = (const char *)(object->dlpi_addr + part->p_vaddr);
        if (part->p_type == PT_NOTE)
            find_in_notes(begin, begin + part->p_memsz, out);
    }
    return 1;
}

void hd_build_id(char out[HD_BUILD_ID_CHARS + 1])
{
    out[0] = 0;
    dl_iterate_phdr(find_build_id, out);
}
