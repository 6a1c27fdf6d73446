#ifndef HD_BASE_MEM_H
#define HD_BASE_MEM_H

/* Memory that is never NULL: where it cannot be had, the process says so and exits with 4
 * (HD_SPACE). Publishing is one transaction, so ending there loses nothing and leaves nothing half
 * done; in return no caller carries a branch that no test can reach. Sizes are checked for
 * overflow. */

#include <stddef.h>
#include <stdint.h>

void *hd_alloc(size_t size_bytes);
void *hd_alloc_zero(size_t n, size_t size_bytes);
/* Zeroed, for what is read in no order and is nearly all used: in large pages, where the system
 * gives them, so that a look at the table of pages is no second wait for memory. */
void *hd_alloc_zero_scattered(size_t n, size_t size_bytes);
/* Begins a cache line (64 bytes): for items that are read whole, in any order. Not zeroed. */
void *hd_alloc_lines(size_t n, size_t size_bytes);
void *hd_realloc(void *ptr, size_t n, size_t size_bytes);
void hd_free(void *ptr);

/* What is called large below. */
enum { HD_LARGE_BYTES = 1 << 20 };

/* Zeroed, for large columns that are written once and read again later: pages of a file without a
 * name, below $TMPDIR or /var/tmp, so that a system that is short of memory can put them aside.
 * They are no anonymous memory. Where there is no such file, or no room on its disk, and for
 * little, it is memory like any other. Begins a cache line. Freed by hd_free_mapped. */
void *hd_alloc_mapped(size_t n, size_t size_bytes);
void hd_free_mapped(void *ptr);

/* Grow `*items` (of `size_bytes` each) so that it holds at least `need`; doubles. */
void hd_grow(void **items, size_t *cap, size_t need, size_t size_bytes);
#define HD_GROW(items, cap, need) hd_grow((void **)&(items), &(cap), (need), sizeof *(items))

/* UINT32_MAX, which stands for none in a column of numbers, into its `n` items. Returns it. */
uint32_t *hd_fill_none(uint32_t *column, size_t n);

/* Print "hedui: out of memory: …" and exit 4, for what is full without malloc having failed. */
__attribute__((noreturn, format(printf, 1, 2))) void hd_mem_exhausted(const char *fmt, ...);

/* Anonymous memory of this process at its highest so far, in bytes, and mapped pages of files at
 * their highest; 0: unknown. Looked at when much is allocated or freed, and now. */
size_t hd_mem_peak_bytes(void);
size_t hd_mem_peak_mapped_bytes(void);

#endif
