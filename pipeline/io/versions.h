#ifndef HD_IO_VERSIONS_H
#define HD_IO_VERSIONS_H

/* The libraries that decide results, as they are at run time: ICU, jansson, SQLite, zlib. */

enum { HD_N_LIBRARIES = 4 };

typedef struct hd_library {
    const char *name; /* static storage */
    char version[32];
} hd_library;

void hd_libraries(hd_library out[HD_N_LIBRARIES]);

/* Which build of hedui runs, in hex: the linker's build id of the program or shared library that
 * holds this code (ELF gABI notes, NT_GNU_BUILD_ID). "": it was linked without one. */
enum { HD_BUILD_ID_CHARS = 40 };
void hd_build_id(char out[HD_BUILD_ID_CHARS + 1]);

#endif
