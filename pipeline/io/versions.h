#ifndef HD_IO_VERSIONS_H
#define HD_IO_VERSIONS_H

/* The libraries that decide results, as they are at run time: ICU, jansson, SQLite, zlib. */

enum { HD_N_LIBRARIES = 4 };

typedef struct hd_library {
    const char *name; /* static storage */
    char version[32];
} hd_library;

void hd_libraries(hd_library out[HD_N_LIBRARIES]);

#endif
