#include "pipeline/analyse/weight_counts.h"

#include <criterion/criterion.h>

#include "mini_run.h"

static const char CONFIG[] =
    "site: 530303\n"
    "sources:\n"
    "  a:\n"
    "    type: person\n    csv: a.csv\n    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, birth_date: birth, sex: sex, id_number: number}\n";
/* The last says too little to be linked to anybody. */
static const char PEOPLE[] = "id,name,birth,sex,number\n"
                             "1,张伟,19491231,2,11010519491231002X\n"
                             "2,张伟,19491231,2,11010519491231002X\n"
                             "3,张伟,19491231,2,\n"
                             "4,,,1,\n";

static hd_mini_run x;
static hd_weight_counts counts;

static void begin(void)
{
    const char *const files[] = {"hedui.yaml", CONFIG, "a.csv", PEOPLE, NULL};
    hd_mini_run_open(&x, 2, files);
    cr_assert_eq(hd_weight_counts_make(&x.mini.ctx, &x.run, &counts), HD_OK);
}

static void end(void)
{
    hd_mini_run_close(&x);
}

TestSuite(weight_counts, .init = begin, .fini = end);

Test(weight_counts, every_pair_and_every_mention_is_counted)
{
    uint64_t pairs = 0, self = 0;
    for (int i = 0; i < HD_WEIGHT_COUNTS; i++) {
        pairs += counts.pairs[i];
        self += counts.self[i];
    }
    cr_expect_eq(pairs, x.run.edges.n_pairs);
    cr_expect_eq(counts.n_pairs, pairs);
    cr_expect_eq(self, 4);
}

Test(weight_counts, edges_lie_in_the_bin_of_their_weight)
{
    uint64_t kept = 0;
    for (int i = -HD_WEIGHT_COUNTS_FROM; i < HD_WEIGHT_COUNTS; i++)
        kept += counts.pairs[i];
    cr_expect_eq(kept, x.run.edges.n, "pairs are kept from 0 bits on");
}

Test(weight_counts, who_says_too_little_cannot_be_linked)
{
    cr_expect_float_eq(hd_unlinkable_share(&counts, 8), 0.25, 1e-12);
    cr_expect_float_eq(hd_unlinkable_share(&counts, 1000), 1, 1e-12);
    cr_expect_float_eq(hd_unlinkable_share(&counts, -1000), 0, 1e-12);
}
