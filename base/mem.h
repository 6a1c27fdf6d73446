#ifndef HD_BASE_MEM_H
#define HD_BASE_MEM_H

/* Memory that is never NULL: where it cannot be had, the process says so and exits with 4
 * (HD_SPACE). Publishing is one transaction, so ending there loses nothing and leaves nothing half
 * done; in return no caller carries a branch that no test can reach. Sizes are checked for
 * overflow. */

#include <stddef.h>

void *hd_alloc(size_t size_bytes);
void *hd_alloc_zero(size_t n, size_t size_bytes);
/* Begins a cache line (64 bytes): for items that are read whole, in any order. Not zeroed. */
void *hd_alloc_lines(size_t n, size_t size_bytes);
void *hd_realloc(void *ptr, size_t n, size_t size_bytes);
void hd_free(void *ptr);

/* Grow `*items` (of `size_bytes` each) so that it holds at least `need`; doubles. */
void hd_grow(void **items, size_t *cap, size_t need, size_t size_bytes);
#define HD_GROW(items, cap, need) hd_grow((void **)&(items), &(cap), (need), sizeof *(items))

/* Print "hedui: out of memory: …" and exit 4, for what is full without malloc having failed. */
__attribute__((noreturn, format(printf, 1, 2))) void hd_mem_exhausted(const char *fmt, ...);

/* Anonymous memory of this process at its highest so far, in bytes; 0: unknown. */
size_t hd_mem_peak_bytes(void);

#endif
