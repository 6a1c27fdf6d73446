#include <criterion/criterion.h>
#include <stdio.h>

#include "base/buf.h"
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

/* The pairs of a pass as the mentions' record ids, which do not depend on what else there is. */
static void list_pairs(const hd_mini *mini, const hd_pass_blocks *pass, hd_buf *out)
{
    const hd_mentions *m = &mini->mentions;
    for (uint32_t b = 0; b < pass->n_blocks; b++)
        for (uint32_t i = pass->start[b]; i < pass->start[b + 1]; i++)
            for (uint32_t k = i + 1; k < pass->start[b + 1]; k++)
                hd_buf_addf(out, "%.*s-%.*s ", HD_ARG(hd_mention_record_id(m, pass->member[i])),
                            HD_ARG(hd_mention_record_id(m, pass->member[k])));
}

#define HEAD "id,name,birth,phone\n"
/* 张伟 is narrowed, 李娜 is refused in the narrow, 王芳 stays whole. */
#define SOME                                                                                                \
    "1,张伟,19800101,\n2,张伟,19800101,\n3,张伟,19900101,\n4,张伟,19900101,\n5,张伟,,\n"          \
    "6,王芳,19800101,\n7,王芳,19900101,\n8,李娜,19800101,\n9,李娜,19800101,\n91,李娜,19800101,\n" \
    "92,李娜,19800101,\n93,李娜,19800101,\n"
/* Fewer and more than the cap, of other names. */
#define OTHERS                                                                             \
    "a1,赵敏,19800101,\na2,赵敏,19800101,\na3,赵敏,19800101,\na4,赵敏,19800101,\n" \
    "a5,赵敏,19800101,\na6,孙丽,19800101,\na7,孙丽,19800101,\na8,张伟明,19800101,\n"

static void expect_by_name(const char *csv, const char *first_pairs)
{
    hd_mini mini;
    hd_blocks blocks;
    hd_buf pairs = {0};
    open_with(&mini, csv);
    block(&mini, &blocks);
    const hd_pass_blocks *pass = &blocks.pass[pass_number(&mini, "by_name")];
    list_pairs(&mini, pass, &pairs);
    for (const char *at = first_pairs; *at; at += strcspn(at, " ") + 1) {
        char one[32];
        snprintf(one, sizeof one, "%.*s ", (int)strcspn(at, " "), at);
        cr_expect_not_null(strstr(pairs.ptr, one), "no %sin %s", one, pairs.ptr);
    }
    cr_expect_null(strstr(pairs.ptr, "8-9 "), "over the cap and its narrow key: refused");
    cr_expect_null(strstr(pairs.ptr, "4-5 "), "no narrow key: left out");
    cr_expect_null(strstr(pairs.ptr, "1-3 "), "another narrow key");
    hd_buf_release(&pairs);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}

Test(block, what_becomes_of_a_key_does_not_depend_on_other_data)
{
    expect_by_name(HEAD SOME, "1-2 3-4 6-7 ");
    expect_by_name(HEAD SOME OTHERS, "1-2 3-4 6-7 a6-a7 ");
    expect_by_name(HEAD OTHERS SOME, "1-2 3-4 6-7 a6-a7 ");
}

Test(block, a_pass_over_the_limit_is_refused_with_its_place)
{
    hd_mini mini;
    hd_blocks blocks;
    open_with(&mini, HEAD SOME);
    block(&mini, &blocks);
    cr_assert_eq(hd_blocks_check(&mini.ctx, mini.ruleset, &blocks), HD_OK);
    mini.ruleset->pass_limit_pairs = 2;
    cr_assert_eq(hd_blocks_check(&mini.ctx, mini.ruleset, &blocks), HD_CONFIG);
    const char *text = mini.ctx.frames[0].text;
    cr_expect_not_null(strstr(text, "rules/linkage.yaml:5:"), "%s", text);
    cr_expect_not_null(strstr(text, "pass by_name makes 3 pairs, more than link.pass_limit_pairs 2;"
                                    " its largest block has 2 mentions"),
                       "%s", text);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}
