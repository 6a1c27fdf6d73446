#ifndef HD_TEST_FUZZ_FOLDER_H
#define HD_TEST_FUZZ_FOLDER_H

/* A folder for one process, gone when it exits. On shared memory where there is some: a fuzzer
 * writes a file for each of its runs. */

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/view.h"
#include "hedui/status.h"

static char fuzz_folder[64];

static inline int fuzz_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void fuzz_folder_remove(void)
{
    nftw(fuzz_folder, fuzz_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void fuzz_folder_make(void)
{
    snprintf(fuzz_folder, sizeof fuzz_folder, "%s/hedui-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    HD_ASSERT(mkdtemp(fuzz_folder) && atexit(fuzz_folder_remove) == 0);
}

/* Folder/name, in one of a few static buffers. */
static inline const char *fuzz_path(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", fuzz_folder, name);
    return path;
}

static inline void fuzz_write(const char *name, hd_str text)
{
    int fd = open(fuzz_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    HD_ASSERT(fd >= 0 && write(fd, text.ptr, text.len_bytes) == (ssize_t)text.len_bytes);
    close(fd);
}

#endif
