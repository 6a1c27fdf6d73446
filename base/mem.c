#include "base/mem.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

enum { LINE_BYTES = 64, LARGE_PAGE_BYTES = 2 << 20 };

static atomic_size_t peak_bytes, peak_mapped_bytes;

static void lift(atomic_size_t *peak, size_t bytes)
{
    size_t before = atomic_load(peak);
    while (bytes > before && !atomic_compare_exchange_weak(peak, &before, bytes))
        ;
}

/* Linux keeps a peak of resident memory but none of its anonymous part, so that is looked at
 * whenever it is about to change by much: 3 µs. */
static void look(void)
{
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    unsigned long long pages = 0, mapped = 0;
    if (sscanf(text, "%*u %llu %llu", &pages, &mapped) != 2 || mapped > pages)
        return;
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    lift(&peak_bytes, (size_t)(pages - mapped) * page_bytes);
    lift(&peak_mapped_bytes, (size_t)mapped * page_bytes);
}

static void look_before(size_t bytes)
{
    if (bytes >= HD_LARGE_BYTES)
        look();
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
    look_before(size_bytes);
    void *ptr = malloc(at_least_one(size_bytes));
    if (!ptr)
        hd_mem_exhausted("%zu bytes", size_bytes);
    return ptr;
}

void *hd_alloc_zero(size_t n, size_t size_bytes)
{
    size_t total = product(n, size_bytes);
    look_before(total);
    /* calloc and not memset: fresh pages come zeroed from the kernel, untouched ones cost nothing.
     */
    void *ptr = calloc(1, at_least_one(total));
    if (!ptr)
        hd_mem_exhausted("%zu bytes", total);
    return ptr;
}

void *hd_alloc_zero_scattered(size_t n, size_t size_bytes)
{
    size_t total = product(n, size_bytes), whole = total / LARGE_PAGE_BYTES * LARGE_PAGE_BYTES;
    void *ptr = NULL;
    if (!whole)
        return hd_alloc_zero(n, size_bytes);
    look();
    if (posix_memalign(&ptr, LARGE_PAGE_BYTES, total) != 0)
        hd_mem_exhausted("%zu bytes", total);
    (void)madvise(ptr, whole, MADV_HUGEPAGE); /* where there are none, small ones */
    return memset(ptr, 0, total);
}

void *hd_alloc_lines(size_t n, size_t size_bytes)
{
    size_t total = product(n, size_bytes);
    look_before(total);
    void *ptr = NULL;
    if (posix_memalign(&ptr, LINE_BYTES, at_least_one(total)) != 0)
        hd_mem_exhausted("%zu bytes", total);
    return ptr;
}

void *hd_realloc(void *ptr, size_t n, size_t size_bytes)
{
    size_t total = product(n, size_bytes);
    look_before(total);
    void *moved = realloc(ptr, at_least_one(total));
    if (!moved)
        hd_mem_exhausted("%zu bytes", total);
    return moved;
}

void hd_free(void *ptr)
{
    look_before(malloc_usable_size(ptr));
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

uint32_t *hd_fill_none(uint32_t *column, size_t n)
{
    return memset(column, 0xFF, n * sizeof *column);
}

/* ---- mapped ---- */

/* Stands in the line before what the caller gets. */
typedef struct mapping {
    size_t bytes;
    char rest[LINE_BYTES - sizeof(size_t)];
} mapping;

/* A file without a name that has room for so much: what is not allocated now would end the process
 * when it is written. -1: none. */
static int open_scratch(size_t bytes)
{
    const char *folder = getenv("TMPDIR");
    int fd = open(folder && *folder ? folder : "/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 && fallocate(fd, 0, 0, (off_t)bytes) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void *hd_alloc_mapped(size_t n, size_t size_bytes)
{
    size_t bytes = product(n, size_bytes);
    if (__builtin_add_overflow(bytes, sizeof(mapping), &bytes))
        hd_mem_exhausted("%zu items of %zu bytes", n, size_bytes);
    look();
    int fd = bytes >= HD_LARGE_BYTES ? open_scratch(bytes) : -1;
    int flags = fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
    mapping *m = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (m == MAP_FAILED)
        hd_mem_exhausted("%zu bytes", bytes);
    if (fd >= 0)
        close(fd);
    m->bytes = bytes;
    return m + 1;
}

void hd_free_mapped(void *ptr)
{
    if (!ptr)
        return;
    look();
    mapping *m = (mapping *)ptr - 1;
    munmap(m, m->bytes);
}

/* ---- how much ---- */

size_t hd_mem_peak_bytes(void)
{
    look();
    return atomic_load(&peak_bytes);
}

size_t hd_mem_peak_mapped_bytes(void)
{
    look();
    return atomic_load(&peak_mapped_bytes);
}
