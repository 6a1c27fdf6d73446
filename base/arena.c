#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"
#include "hedui/status.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(ptr, size_bytes) __asan_poison_memory_region((ptr), (size_bytes))
#define UNPOISON(ptr, size_bytes) __asan_unpoison_memory_region((ptr), (size_bytes))
enum { REDZONE_BYTES = 16 }; /* so that one piece written past its end does not reach the next */
#else
#define POISON(ptr, size_bytes) ((void)(ptr), (void)(size_bytes))
#define UNPOISON(ptr, size_bytes) ((void)(ptr), (void)(size_bytes))
enum { REDZONE_BYTES = 0 };
#endif

enum { CHUNK_MIN_BYTES = 64 << 10, CHUNK_MAX_BYTES = 8 << 20 };

/* The newest regular chunk is the head of the list; a chunk of its own for a large piece goes
 * behind it, and is the head only while there is no regular chunk. */
struct hd_arena_chunk {
    hd_arena_chunk *older;
    size_t size_bytes; /* with this header */
    bool large, mapped;
    _Alignas(16) char data[];
};

_Static_assert(sizeof(struct hd_arena_chunk) % 16 == 0, "data must be aligned as malloc's result");

static hd_arena_chunk *chunk_new(hd_arena *arena, size_t size_bytes, bool large)
{
    bool mapped = large && size_bytes >= HD_LARGE_BYTES;
    hd_arena_chunk *chunk = mapped ? hd_alloc_mapped(1, size_bytes) : hd_alloc(size_bytes);
    chunk->size_bytes = size_bytes;
    chunk->large = large;
    chunk->mapped = mapped;
    arena->total_bytes += size_bytes;
    return chunk;
}

static void chunk_free(hd_arena_chunk *chunk)
{
    if (chunk->mapped)
        hd_free_mapped(chunk);
    else
        hd_free(chunk);
}

static bool has_regular(const hd_arena *arena)
{
    return arena->chunks && !arena->chunks->large;
}

static size_t next_chunk_bytes(const hd_arena *arena)
{
    if (!has_regular(arena))
        return CHUNK_MIN_BYTES;
    size_t doubled = arena->chunks->size_bytes * 2;
    return doubled < CHUNK_MAX_BYTES ? doubled : CHUNK_MAX_BYTES;
}

static void *alloc_large(hd_arena *arena, size_t size_bytes)
{
    hd_arena_chunk *chunk = chunk_new(arena, sizeof *chunk + size_bytes, true);
    hd_arena_chunk **place = has_regular(arena) ? &arena->chunks->older : &arena->chunks;
    chunk->older = *place;
    *place = chunk;
    return chunk->data;
}

static void use_chunk(hd_arena *arena, hd_arena_chunk *chunk)
{
    arena->next = chunk->data;
    arena->end = (char *)chunk + chunk->size_bytes;
    POISON(arena->next, (size_t)(arena->end - arena->next));
}

/* A piece above a quarter of a chunk gets its own, so that starting a new chunk never leaves more
 * than a quarter of the old one unused. */
static void alloc_chunk(hd_arena *arena, size_t size_bytes)
{
    hd_arena_chunk *chunk = chunk_new(arena, size_bytes, false);
    chunk->older = arena->chunks;
    arena->chunks = chunk;
    use_chunk(arena, chunk);
}

void *hd_arena_alloc(hd_arena *arena, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX / 2)
        hd_mem_exhausted("%zu bytes", size_bytes);
    size_t step = ((size_bytes ? size_bytes : 1) + 15) / 16 * 16 + REDZONE_BYTES;
    if (step > (size_t)(arena->end - arena->next)) {
        size_t chunk_bytes = next_chunk_bytes(arena);
        if (step > chunk_bytes / 4)
            return alloc_large(arena, size_bytes);
        alloc_chunk(arena, chunk_bytes);
    }
    char *ptr = arena->next;
    arena->next += step;
    UNPOISON(ptr, size_bytes);
    return ptr;
}

void *hd_arena_zero(hd_arena *arena, size_t n, size_t size_bytes)
{
    size_t total;
    if (__builtin_mul_overflow(n, size_bytes, &total))
        hd_mem_exhausted("%zu items of %zu bytes", n, size_bytes);
    void *ptr = hd_arena_alloc(arena, total);
    return memset(ptr, 0, total);
}

hd_str hd_arena_str(hd_arena *arena, hd_str s)
{
    if (!s.ptr)
        return s;
    char *copy = hd_arena_alloc(arena, (size_t)s.len_bytes + 1);
    memcpy(copy, s.ptr, s.len_bytes);
    copy[s.len_bytes] = '\0';
    return (hd_str){copy, s.len_bytes};
}

hd_str hd_arena_printf(hd_arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    HD_ASSERT(len >= 0);
    char *text = hd_arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return (hd_str){text, (uint32_t)len};
}

void hd_arena_reset(hd_arena *arena)
{
    hd_arena_chunk *first = NULL;
    for (hd_arena_chunk *chunk = arena->chunks; chunk; chunk = chunk->older) {
        if (!chunk->large)
            first = chunk;
    }
    for (hd_arena_chunk *chunk = arena->chunks, *older; chunk; chunk = older) {
        older = chunk->older;
        if (chunk != first)
            chunk_free(chunk);
    }
    *arena = (hd_arena){0};
    if (first) {
        first->older = NULL;
        arena->chunks = first;
        arena->total_bytes = first->size_bytes;
        use_chunk(arena, first);
    }
}

void hd_arena_release(hd_arena *arena)
{
    for (hd_arena_chunk *chunk = arena->chunks, *older; chunk; chunk = older) {
        older = chunk->older;
        UNPOISON(chunk, chunk->size_bytes);
        chunk_free(chunk);
    }
    *arena = (hd_arena){0};
}
