#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "capture.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

Test(mem, size_zero_is_a_pointer)
{
    void *a = hd_alloc(0), *b = hd_alloc_zero(0, 8), *c = hd_realloc(NULL, 0, 8);
    cr_assert(a && b && c);
    c = hd_realloc(c, 0, 0);
    cr_assert_not_null(c);
    hd_free(a);
    hd_free(b);
    hd_free(c);
    hd_free(NULL);
}

Test(mem, zero_is_zero_and_realloc_keeps)
{
    uint32_t *items = hd_alloc_zero(100, sizeof *items);
    for (uint32_t i = 0; i < 100; i++) {
        cr_assert_eq(items[i], 0);
        items[i] = i;
    }
    items = hd_realloc(items, 100000, sizeof *items);
    for (uint32_t i = 0; i < 100; i++)
        cr_assert_eq(items[i], i);
    hd_free(items);
}

Test(mem, lines_begin_a_cache_line)
{
    for (size_t n = 0; n < 100; n += 7) {
        char *items = hd_alloc_lines(n, 24);
        cr_assert_eq((uintptr_t)items % 64, 0);
        memset(items, 1, n * 24);
        hd_free(items);
    }
}

Test(mem, nothing_is_known_of_what_is_filled_with_none)
{
    uint32_t items[] = {0, 1, 2, 3};
    cr_assert_eq(hd_fill_none(items, 3), items);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(items[i], UINT32_MAX);
    cr_assert_eq(items[3], 3);
}

Test(mem, grow_doubles)
{
    uint64_t *items = NULL;
    size_t cap = 0;
    HD_GROW(items, cap, 0);
    cr_assert_null(items);
    HD_GROW(items, cap, 1);
    cr_assert_eq(cap, 16);
    for (size_t i = 0; i < 1000; i++) {
        HD_GROW(items, cap, i + 1);
        items[i] = i;
    }
    cr_assert_eq(cap, 1024);
    HD_GROW(items, cap, 5000);
    cr_assert_eq(cap, 5000);
    for (size_t i = 0; i < 1000; i++)
        cr_assert_eq(items[i], i);
    hd_free(items);
}

static void overflow_zero(void)
{
    hd_alloc_zero(SIZE_MAX / 2, 3);
}

static void overflow_realloc(void)
{
    hd_realloc(NULL, SIZE_MAX, SIZE_MAX);
}

static void overflow_grow(void)
{
    uint64_t *items = NULL;
    size_t cap = SIZE_MAX / 4 * 3;
    HD_GROW(items, cap, SIZE_MAX);
}

static void exhausted(void)
{
    hd_mem_exhausted("%d texts", 5);
}

Test(mem, overflow_exits_4)
{
    void (*cases[])(void) = {overflow_zero, overflow_realloc, overflow_grow};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        captured c = capture(cases[i]);
        cr_assert_eq(c.exit_code, 4);
        cr_assert(strstr(c.text, "hedui: out of memory: "), "%s", c.text);
        cr_assert(strstr(c.text, "items of"), "%s", c.text);
    }
    captured c = capture(exhausted);
    cr_assert_eq(c.exit_code, 4);
    cr_assert_str_eq(c.text, "hedui: out of memory: 5 texts\n");
}

/* Read at run time, so that the compiler does not warn of a size no call could have. */
static volatile size_t too_much = SIZE_MAX / 2;

static void refused_alloc(void)
{
    hd_alloc(too_much);
}

static void refused_zero(void)
{
    hd_alloc_zero(too_much, 1);
}

static void refused_realloc(void)
{
    hd_realloc(NULL, too_much, 1);
}

/* A sanitizer's allocator reports such a size as a fault of the program. */
Test(mem, refused_exits_4, .disabled = SANITIZED)
{
    void (*cases[])(void) = {refused_alloc, refused_zero, refused_realloc};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        captured c = capture(cases[i]);
        cr_assert_eq(c.exit_code, 4);
        cr_assert_str_eq(c.text, "hedui: out of memory: 9223372036854775807 bytes\n");
    }
}

Test(mem, peak_rises_with_use_and_stays)
{
    size_t before = hd_mem_peak_bytes();
    cr_assert_gt(before, 0);
    size_t size_bytes = (size_t)256 << 20;
    volatile char *block = hd_alloc(size_bytes);
    for (size_t i = 0; i < size_bytes; i += 4096)
        block[i] = 1;
    hd_free((void *)block);
    cr_assert_geq(hd_mem_peak_bytes(), before + (size_t)200 * 1024 * 1024);
}
