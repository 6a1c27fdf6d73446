/* Runs a fuzz target over files that are there, with any compiler: each argument is a file or a
 * folder of files. Exit 1: there was none, or it cannot be read. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "hedui/status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static unsigned n_run;

/* A copy of exactly the length, so that AddressSanitizer sees a read past the end. */
static void run_bytes(const char *bytes, size_t n)
{
    uint8_t *data = hd_alloc(n);
    memcpy(data, bytes, n);
    LLVMFuzzerTestOneInput(data, n);
    hd_free(data);
}

static void run_file(const char *path)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (!file || ferror(file) || n == sizeof bytes) {
        fprintf(stderr, "%s: %s\n", path, errno ? strerror(errno) : "larger than a MiB");
        exit(1);
    }
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last line before a crash names its cause */
    run_bytes(bytes, n);
    n_run++;
}

static void run_folder(const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            run_file(path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    else if (errno == ENOTDIR)
        run_file(folder);
}

int main(int argc, char **argv)
{
    run_bytes("", 0); /* as libFuzzer does, whatever the corpus holds */
    for (int i = 1; i < argc; i++)
        run_folder(argv[i]);
    printf("%u inputs\n", n_run);
    return n_run ? 0 : 1;
}
