#include <criterion/criterion.h>

#include "base/arena.h"
#include "capture.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

enum { KIB = 1024, MIB = 1024 * 1024 };

Test(arena, pieces_are_aligned_and_apart)
{
    hd_arena arena = {0};
    char *pieces[500];
    size_t sizes[500];
    for (size_t i = 0; i < 500; i++) {
        sizes[i] = i % 7 == 0 ? i * 97 : i;
        pieces[i] = hd_arena_alloc(&arena, sizes[i]);
        cr_assert_eq((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], (int)(i & 0xFF), sizes[i]);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t j = 0; j < sizes[i]; j++)
            cr_assert_eq((unsigned char)pieces[i][j], i & 0xFF);
    }
    hd_arena_release(&arena);
    cr_assert_null(arena.chunks);
    cr_assert_eq(arena.total_bytes, 0);
    hd_arena_release(&arena);
}

Test(arena, chunks_double_up_to_8_mib)
{
    hd_arena arena = {0};
    size_t expected[] = {64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB, 1 * MIB,
                         2 * MIB,  4 * MIB,   8 * MIB,   8 * MIB};
    size_t total = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        total += expected[i];
        while (arena.total_bytes < total)
            hd_arena_alloc(&arena, 1000);
        cr_assert_eq(arena.total_bytes, total);
    }
    hd_arena_release(&arena);
}

Test(arena, large_pieces_leave_the_chunk_in_use)
{
    hd_arena arena = {0};
    char *first_large = hd_arena_alloc(&arena, 1 * MIB);
    memset(first_large, 1, 1 * MIB);
    hd_arena_alloc(&arena, 10);
    char *next = arena.next;
    char *large = hd_arena_alloc(&arena, 3 * MIB);
    memset(large, 2, 3 * MIB);
    cr_assert_eq(arena.next, next);
    cr_assert_lt(arena.total_bytes, 4 * MIB + 80 * KIB);
    hd_arena_reset(&arena);
    cr_assert_eq(arena.total_bytes, 64 * KIB);
    hd_arena_release(&arena);
}

Test(arena, reset_keeps_the_first_chunk)
{
    hd_arena arena = {0};
    hd_arena_reset(&arena);
    cr_assert_eq(arena.total_bytes, 0);
    void *first = hd_arena_alloc(&arena, 100);
    for (int i = 0; i < 1000; i++)
        hd_arena_alloc(&arena, 5000);
    hd_arena_reset(&arena);
    cr_assert_eq(arena.total_bytes, 64 * KIB);
    cr_assert_eq(hd_arena_alloc(&arena, 100), first);
    hd_arena_release(&arena);
    hd_arena_alloc(&arena, 1 * MIB);
    hd_arena_reset(&arena);
    cr_assert_eq(arena.total_bytes, 0);
}

Test(arena, zero_and_typed)
{
    hd_arena arena = {0};
    memset(hd_arena_alloc(&arena, 4096), 0xAA, 4096);
    hd_arena_reset(&arena);
    uint64_t *items = HD_NEW_N(&arena, uint64_t, 512);
    for (int i = 0; i < 512; i++)
        cr_assert_eq(items[i], 0);
    cr_assert_eq(HD_NEW(&arena, hd_str)->len_bytes, 0);
    cr_assert_not_null(hd_arena_zero(&arena, 0, 8));
    cr_assert_not_null(hd_arena_alloc(&arena, 0));
    cr_assert_neq(hd_arena_alloc(&arena, 0), hd_arena_alloc(&arena, 0));
    hd_arena_release(&arena);
}

Test(arena, texts)
{
    hd_arena arena = {0};
    char source[] = "曲靖市";
    hd_str copy = hd_arena_str(&arena, hd_str_from(source));
    source[0] = 'x';
    cr_assert_str_eq(copy.ptr, "曲靖市");
    cr_assert_eq(copy.len_bytes, 9);
    cr_assert_null(hd_arena_str(&arena, HD_STR_NULL).ptr);
    hd_str empty = hd_arena_str(&arena, HD_STR(""));
    cr_assert_str_eq(empty.ptr, "");
    hd_str printed = hd_arena_printf(&arena, "%s-%05d", "r", 42);
    cr_assert_str_eq(printed.ptr, "r-00042");
    cr_assert_eq(printed.len_bytes, 7);
    hd_str wide = hd_arena_printf(&arena, "%0100000d", 7);
    cr_assert_eq(wide.len_bytes, 100000);
    cr_assert_eq(wide.ptr[99999], '7');
    hd_arena_release(&arena);
}

static volatile size_t too_much = SIZE_MAX - 4;

static void alloc_too_much(void)
{
    hd_arena arena = {0};
    hd_arena_alloc(&arena, too_much);
}

static void overflow(void)
{
    hd_arena arena = {0};
    hd_arena_zero(&arena, too_much, 3);
}

Test(arena, sizes_that_overflow_exit_4)
{
    captured c = capture(alloc_too_much);
    cr_assert_eq(c.exit_code, 4);
    cr_assert_str_eq(c.text, "hedui: out of memory: 18446744073709551611 bytes\n");
    c = capture(overflow);
    cr_assert_eq(c.exit_code, 4);
    cr_assert_str_eq(c.text, "hedui: out of memory: 18446744073709551611 items of 3 bytes\n");
}

#ifdef __SANITIZE_ADDRESS__
Test(arena, asan_sees_reset_memory_and_overruns)
{
    hd_arena arena = {0};
    char *piece = hd_arena_alloc(&arena, 24);
    cr_assert_not(__asan_address_is_poisoned(piece + 23));
    cr_assert(__asan_address_is_poisoned(piece + 24));
    char *full = hd_arena_alloc(&arena, 32);
    cr_assert(__asan_address_is_poisoned(full + 32));
    hd_arena_reset(&arena);
    cr_assert(__asan_address_is_poisoned(piece));
    cr_assert(__asan_address_is_poisoned(full));
    hd_arena_release(&arena);
}
#endif
