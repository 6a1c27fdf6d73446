#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hedui/status.h"

void hd_mem_exhausted(const char *fmt, ...)
{
    char text[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    dprintf(STDERR_FILENO, "hedui: out of memory: %s\n", text);
    _exit(hd_status_exit_code(HD_SPACE));
}

static size_t product(size_t n, size_t size_bytes)
{
    size_t total;
    if (__builtin_mul_overflow(n, size_bytes, &total))
        hd_mem_exhausted("%zu items of %zu bytes", n, size_bytes);
    return total;
}

/* malloc(0) may give NULL, which here would read as failure. */
static size_t at_least_one(size_t size_bytes)
{
    return size_bytes ? size_bytes : 1;
}

void *hd_alloc(size_t size_bytes)
{
    void *ptr = malloc(at_least_one(size_bytes));
    if (!ptr)
        hd_mem_exhausted("%zu bytes", size_bytes);
    return ptr;
}

void *hd_alloc_zero(size_t n, size_t size_bytes)
{
    size_t total = product(n, size_bytes);
    /* calloc and not memset: fresh pages come zeroed from the kernel, untouched ones cost nothing.
     */
    void *ptr = calloc(1, at_least_one(total));
    if (!ptr)
        hd_mem_exhausted("%zu bytes", total);
    return ptr;
}

void *hd_alloc_lines(size_t n, size_t size_bytes)
{
    enum { LINE_BYTES = 64 };
    size_t total = product(n, size_bytes);
    void *ptr = NULL;
    if (posix_memalign(&ptr, LINE_BYTES, at_least_one(total)) != 0)
        hd_mem_exhausted("%zu bytes", total);
    return ptr;
}

void *hd_realloc(void *ptr, size_t n, size_t size_bytes)
{
    size_t total = product(n, size_bytes);
    void *moved = realloc(ptr, at_least_one(total));
    if (!moved)
        hd_mem_exhausted("%zu bytes", total);
    return moved;
}

void hd_free(void *ptr)
{
    free(ptr);
}

void hd_grow(void **items, size_t *cap, size_t need, size_t size_bytes)
{
    if (need <= *cap)
        return;
    size_t wanted = *cap > SIZE_MAX / 2 ? need : *cap * 2;
    if (wanted < 16)
        wanted = 16;
    if (wanted < need)
        wanted = need;
    *items = hd_realloc(*items, wanted, size_bytes);
    *cap = wanted;
}

/* Linux keeps a peak of resident memory but none of its anonymous part. Pages of files that are
 * mapped now (the binary, libraries, SQLite's mmap) are taken off; file pages that were mapped at
 * the peak and are gone now are counted, so the figure can be too high, hardly ever too low. */
size_t hd_mem_peak_bytes(void)
{
    FILE *status = fopen("/proc/self/status", "re");
    if (!status)
        return 0;
    size_t peak_kb = 0, file_kb = 0;
    char line[256];
    while (fgets(line, sizeof line, status)) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak_kb = strtoull(line + 6, NULL, 10);
        else if (strncmp(line, "RssFile:", 8) == 0)
            file_kb = strtoull(line + 8, NULL, 10);
    }
    fclose(status);
    return peak_kb > file_kb ? (peak_kb - file_kb) * 1024 : 0;
}
