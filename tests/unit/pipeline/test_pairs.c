#include "pipeline/pairs.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "mini.h"

static const char CONFIG[] = "site: 530303\n"
                             "fields: {k: {kind: text}, l: {kind: text}}\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      one: {k: k1, l: l1}\n"
                             "      two: {k: k2, l: l2}\n";

static const char RULES[] =
    "passes:\n"
    "  - {code: by_k, keys: [k]}\n"
    "  - {code: by_l, keys: [l]}\n"
    "comparisons:\n"
    "  - {code: k, needs: [k], levels: [{code: same, when: a.k = b.k}, {code: differs}]}\n"
    "  - {code: l, needs: [l], levels: [{code: same, when: a.l = b.l}, {code: differs}]}\n";

enum { MENTIONS_MAX = 512, PASSES = 2 };

/* How often each pair was met, in which pass, and what was said of it. One worker each its own. */
typedef struct met {
    uint8_t times[PASSES][MENTIONS_MAX][MENTIONS_MAX], first[PASSES][MENTIONS_MAX][MENTIONS_MAX];
    hd_pattern pattern[MENTIONS_MAX][MENTIONS_MAX];
} met;

static hd_mini mini;
static hd_blocks blocks;
static hd_plan plan;
static met *seen;

static void open_with(const char *csv)
{
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "rules/linkage.yaml", RULES);
    hd_mini_write(&mini, "a.csv", csv);
    hd_mini_read(&mini);
    hd_mini_block(&mini, &blocks, &plan);
    cr_assert_eq(blocks.n_passes, PASSES);
    cr_assert_leq(mini.mentions.n, MENTIONS_MAX);
    seen = calloc(1, sizeof *seen);
}

static void release(void)
{
    free(seen);
    hd_plan_release(&plan);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}

static void note(void *arg, uint32_t worker, const hd_pair *pair)
{
    (void)worker;
    met *to = arg;
    cr_expect_lt(pair->a, pair->b);
    cr_expect_eq(pair->row_a, hd_plan_row(&plan, pair->a));
    cr_expect_eq(pair->row_b, hd_plan_row(&plan, pair->b));
    to->times[pair->pass][pair->a][pair->b]++;
    to->first[pair->pass][pair->a][pair->b] = pair->first;
    to->pattern[pair->a][pair->b] = pair->pattern;
}

static uint8_t times(uint32_t pass, const char *a, const char *b)
{
    return seen->times[pass][hd_mini_mention(&mini, a)][hd_mini_mention(&mini, b)];
}

static uint32_t total(uint32_t pass)
{
    uint32_t n = 0;
    for (uint32_t a = 0; a < mini.mentions.n; a++)
        for (uint32_t b = 0; b < mini.mentions.n; b++)
            n += seen->times[pass][a][b];
    return n;
}

/* 1 and 2 share both keys, 3 shares k with them, 4 shares l; two persons of record 5 share both. */
static const char SMALL[] = "id,k1,l1,k2,l2\n1,p,q,,\n2,p,q,,\n3,p,r,,\n4,s,q,,\n5,t,u,t,u\n";

Test(pairs, each_once_in_the_first_pass_that_makes_it)
{
    open_with(SMALL);
    cr_assert_eq(hd_pairs_walk(&mini.ctx, &plan, &blocks, note, seen), HD_OK);
    cr_expect_eq(total(0), 3);
    cr_expect_eq(total(1), 2);
    cr_expect_eq(times(0, "a/1/one", "a/2/one"), 1);
    cr_expect_eq(times(1, "a/1/one", "a/2/one"), 0, "the first pass has it");
    cr_expect_eq(times(1, "a/1/one", "a/4/one"), 1);
    release();
}

Test(pairs, each_in_every_pass_that_makes_it)
{
    open_with(SMALL);
    cr_assert_eq(hd_pairs_walk_passes(&mini.ctx, &plan, &blocks, note, seen), HD_OK);
    hd_mention one = hd_mini_mention(&mini, "a/1/one"), two = hd_mini_mention(&mini, "a/2/one");
    cr_expect_eq(total(0), 3);
    cr_expect_eq(total(1), 3);
    cr_expect(seen->first[0][one][two] && !seen->first[1][one][two]);
    release();
}

Test(pairs, two_of_one_record_are_none)
{
    open_with(SMALL);
    cr_assert_eq(hd_pairs_walk_passes(&mini.ctx, &plan, &blocks, note, seen), HD_OK);
    cr_expect_eq(times(0, "a/5/one", "a/5/two") + times(1, "a/5/one", "a/5/two"), 0);
    release();
}

Test(pairs, the_pattern_is_that_of_the_two)
{
    enum { SAME = 1, DIFFERS = 2 };
    open_with(SMALL);
    cr_assert_eq(hd_pairs_walk(&mini.ctx, &plan, &blocks, note, seen), HD_OK);
    hd_mention one = hd_mini_mention(&mini, "a/1/one"), three = hd_mini_mention(&mini, "a/3/one");
    cr_expect_eq(hd_plan_level(&plan, seen->pattern[one][three], 0), SAME);
    cr_expect_eq(hd_plan_level(&plan, seen->pattern[one][three], 1), DIFFERS);
    release();
}

/* Blocks of many sizes: as many pairs as a plain look at all of them finds. */
Test(pairs, as_many_as_a_plain_look_finds)
{
    hd_buf rows = {0};
    hd_buf_addf(&rows, "id,k1,l1,k2,l2\n");
    for (int i = 0; i < 400; i++)
        hd_buf_addf(&rows, "%03d,k%d,l%d,,\n", i, i * i % 61 % 17, i * 7 % 43);
    open_with(rows.ptr);
    hd_buf_release(&rows);
    cr_assert_eq(hd_pairs_walk(&mini.ctx, &plan, &blocks, note, seen), HD_OK);
    for (int a = 0; a < 400; a++)
        for (int b = a + 1; b < 400; b++) {
            bool k = a * a % 61 % 17 == b * b % 61 % 17, l = a * 7 % 43 == b * 7 % 43;
            cr_expect_eq(seen->times[0][a][b], k, "%d %d", a, b);
            cr_expect_eq(seen->times[1][a][b], !k && l, "%d %d", a, b);
        }
    release();
}
