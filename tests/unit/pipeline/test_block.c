#include <criterion/criterion.h>

#include "mini.h"

static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: name, birth_date: birth, phone: phone}\n";

/* Two passes of our own; the packaged ones are switched off where they would apply. */
static const char PASSES[] = "passes:\n"
                             "  - {code: name_birth, off: true}\n"
                             "  - {code: given_place, off: true}\n"
                             "  - {code: name_phone, off: true}\n"
                             "  - {code: by_name, keys: [name], narrow: [birth_date]}\n"
                             "  - {code: by_phone, keys: [phone]}\n"
                             "link: {block_cap_pairs: 6}\n";

static void block(hd_mini *mini, hd_blocks *blocks)
{
    hd_computed_set computed;
    hd_computed_init(&computed, &mini->mentions);
    cr_assert_eq(hd_block_run(&mini->ctx, mini->ruleset, &computed, blocks), HD_OK);
    hd_computed_release(&computed);
}

static void open_with(hd_mini *mini, const char *csv)
{
    hd_mini_open(mini, 2);
    hd_mini_write(mini, "hedui.yaml", CONFIG);
    hd_mini_write(mini, "rules/linkage.yaml", PASSES);
    hd_mini_write(mini, "a.csv", csv);
    hd_mini_read(mini);
}

static uint32_t pass_number(const hd_mini *mini, const char *code)
{
    for (uint32_t p = 0; p < mini->ruleset->n_passes; p++)
        if (hd_str_eq(mini->ruleset->passes[p].code, hd_str_from(code)))
            return p;
    cr_assert_fail("no pass %s", code);
    return 0;
}

Test(block, pairs_are_counted_exactly)
{
    hd_mini mini;
    hd_blocks blocks;
    open_with(&mini, "id,name,birth,phone\n1,张伟,19800101,\n2,张伟,19800101,13987654021\n"
                     "3,张伟,19900101,13987654021\n4,李娜,19800101,\n");
    block(&mini, &blocks);
    const hd_pass_blocks *name = &blocks.pass[pass_number(&mini, "by_name")];
    const hd_pass_blocks *phone = &blocks.pass[pass_number(&mini, "by_phone")];
    cr_assert_eq(name->n_blocks, 1);
    cr_assert_eq(name->n_pairs, 3);
    cr_assert_eq(name->n_keyed, 4);
    cr_assert_eq(name->largest, 3);
    cr_assert_eq(phone->n_pairs, 1);
    cr_assert_eq(phone->n_keyed, 2, "a missing value is no key");
    cr_assert_eq(name->member[0], 0);
    cr_assert_eq(name->member[2], 2);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}

Test(block, a_block_over_the_cap_is_narrowed_then_refused)
{
    hd_mini mini;
    hd_blocks blocks;
    open_with(&mini, "id,name,birth,phone\n"
                     "1,张伟,19800101,13987654021\n2,张伟,19800101,13987654021\n"
                     "3,张伟,19900101,13987654021\n4,张伟,19900101,13987654021\n"
                     "5,张伟,19700101,13987654021\n");
    block(&mini, &blocks);
    const hd_pass_blocks *name = &blocks.pass[pass_number(&mini, "by_name")];
    const hd_pass_blocks *phone = &blocks.pass[pass_number(&mini, "by_phone")];
    cr_assert_eq(name->n_narrowed, 1);
    cr_assert_eq(name->n_refused, 0);
    cr_assert_eq(name->n_blocks, 2);
    cr_assert_eq(name->n_pairs, 2);
    cr_assert_eq(phone->n_refused, 1, "no second key is declared");
    cr_assert_eq(phone->n_refused_pairs, 10);
    cr_assert_eq(phone->n_pairs, 0);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}

Test(block, a_pair_belongs_to_the_first_pass)
{
    hd_mini mini;
    hd_blocks blocks;
    open_with(&mini, "id,name,birth,phone\n1,张伟,19800101,13987654021\n"
                     "2,张伟,19800101,13987654021\n3,李娜,19800101,13987654021\n");
    block(&mini, &blocks);
    uint32_t name = pass_number(&mini, "by_name"), phone = pass_number(&mini, "by_phone");
    const uint32_t *first = blocks.block_of, *second = blocks.block_of + blocks.n_passes,
                   *third = second + blocks.n_passes;
    cr_assert(first[name] && first[name] == second[name]);
    cr_assert_eq(third[name], 0, "alone in its pass: no block");
    cr_assert(first[phone] && first[phone] == third[phone]);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}

Test(block, no_mentions_no_blocks)
{
    hd_mini mini;
    hd_blocks blocks;
    open_with(&mini, "id,name,birth,phone\n");
    block(&mini, &blocks);
    cr_assert_eq(blocks.pass[0].n_blocks, 0);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}
