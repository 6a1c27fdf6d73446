#include "pipeline/extract/table.h"

#include <criterion/criterion.h>

enum { BLOCK_BYTES = 8192 };
#define MIB ((uint64_t)1 << 20)

/* Every block is in one part, the parts are of nearly one size, and only the last has no end. */
static void expect_parts(uint64_t size_bytes, uint32_t n)
{
    hd_source source = {.place = HD_STR("s.t")};
    hd_extract_table table = {
        .source = &source, .size_bytes = size_bytes, .n_blocks = size_bytes / BLOCK_BYTES};
    cr_expect_eq(hd_extract_table_n_parts(&table), n, "%llu bytes", (unsigned long long)size_bytes);
    uint32_t next = 0;
    for (uint32_t i = 0; i < n; i++) {
        hd_extract_part part = {.source = 7};
        hd_extract_table_part(&table, i, &part);
        cr_expect(hd_str_eq(part.name, HD_STR("s.t")));
        cr_expect_eq(part.source, 7);
        cr_expect_null(part.path);
        cr_expect_eq(part.first_block, next);
        cr_expect_gt(part.end_block, part.first_block);
        uint64_t bytes = (uint64_t)(part.end_block - part.first_block) * BLOCK_BYTES;
        cr_expect(bytes >= 21 * MIB && bytes <= 49 * MIB);
        cr_expect_eq(part.last, i == n - 1);
        next = part.end_block;
    }
    cr_expect_eq(next, size_bytes / BLOCK_BYTES);
}

Test(table, is_divided_into_parts_of_about_32_mib)
{
    expect_parts(48 * MIB, 2);
    expect_parts(64 * MIB, 2);
    expect_parts(100 * MIB, 3);
    expect_parts(100 * MIB + BLOCK_BYTES, 3);
    expect_parts(10240 * MIB + 3 * BLOCK_BYTES, 320);
}

static void expect_one_part(hd_extract_table table)
{
    hd_source source = {.place = HD_STR("query")};
    hd_extract_part part = {0};
    table.source = &source;
    cr_expect_eq(hd_extract_table_n_parts(&table), 1);
    hd_extract_table_part(&table, 0, &part);
    cr_expect_eq(part.end_block, 0);
    cr_expect_eq(part.size_bytes, table.size_bytes);
}

/* Sizes of all partitions decide how many parts there are, the longest one where they end. */
Test(table, of_partitions_the_longest_is_cut)
{
    static const struct {
        uint64_t size_mib, longest_blocks;
        uint32_t n;
    } cases[] = {{320, 1280, 10}, {320, 4, 4}, {320, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hd_source source = {.place = HD_STR("s.t")};
        hd_extract_table table = {.source = &source,
                                  .size_bytes = cases[i].size_mib * MIB,
                                  .n_blocks = cases[i].longest_blocks};
        hd_extract_part part = {0};
        cr_assert_eq(hd_extract_table_n_parts(&table), cases[i].n);
        hd_extract_table_part(&table, cases[i].n - 1, &part);
        cr_expect_eq(part.end_block, cases[i].n == 1 ? 0 : cases[i].longest_blocks);
    }
}

Test(table, what_is_small_or_has_no_blocks_is_one_part)
{
    expect_one_part((hd_extract_table){.size_bytes = 0});
    expect_one_part((hd_extract_table){.size_bytes = 47 * MIB, .n_blocks = 6016});
    expect_one_part((hd_extract_table){.size_bytes = UINT64_MAX});
}
