#ifndef HD_BASE_ARENA_H
#define HD_BASE_ARENA_H

/* Memory with one lifetime: allocate piece by piece, give back all at once. Not thread-safe: one
 * arena a thread. A piece of HD_LARGE_BYTES or more is a mapped file (base/mem.h), so columns may
 * be that large, texts about people not. Under ASan, memory of a reset arena is poisoned.
 * Zero-initialise to start empty. */

#include "base/view.h"

typedef struct hd_arena_chunk hd_arena_chunk;

typedef struct hd_arena {
    hd_arena_chunk *chunks; /* newest first */
    char *next, *end;       /* free room in the newest chunk */
    size_t total_bytes;     /* held from the system */
} hd_arena;

void *hd_arena_alloc(hd_arena *arena, size_t size_bytes); /* aligned to 16, not zeroed */
void *hd_arena_zero(hd_arena *arena, size_t n, size_t size_bytes);
hd_str hd_arena_str(hd_arena *arena, hd_str s); /* a copy, followed by a NUL; null stays null */
__attribute__((format(printf, 2, 3))) hd_str hd_arena_printf(hd_arena *arena, const char *fmt, ...);
void hd_arena_reset(hd_arena *arena);   /* keeps the first chunk for reuse */
void hd_arena_release(hd_arena *arena); /* gives all back */

#define HD_NEW(arena, type) ((type *)hd_arena_zero((arena), 1, sizeof(type)))
#define HD_NEW_N(arena, type, n) ((type *)hd_arena_zero((arena), (n), sizeof(type)))

#endif
