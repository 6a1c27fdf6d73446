#include "pipeline/analyse/blocks.h"

#include <criterion/criterion.h>

#include "mini.h"

static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: name, birth_date: birth, phone: phone}\n"
                             "  m:\n"
                             "    type: marriage\n"
                             "    csv: m.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      husband: {name: man}\n"
                             "      wife: {name: woman}\n";

/* Passes of our own; the packaged ones are switched off where they would apply. */
static const char PASSES[] = "passes:\n"
                             "  - {code: name_birth, off: true}\n"
                             "  - {code: given_place, off: true}\n"
                             "  - {code: name_phone, off: true}\n"
                             "  - {code: name_spouse, off: true}\n"
                             "  - {code: name_spouse_person, off: true}\n"
                             "  - {code: birth_phone, off: true}\n"
                             "  - {code: by_name, keys: [name], narrow: [birth_date]}\n"
                             "  - {code: by_phone, keys: [phone, year(birth_date)]}\n"
                             "link: {block_cap_pairs: 6}\n";

typedef struct counted {
    hd_mini mini;
    hd_blocks blocks;
    hd_plan plan;
    hd_blocks_counted result;
} counted;

static void count(counted *x, const char *people, const char *marriages)
{
    hd_mini_open(&x->mini, 2);
    hd_mini_write(&x->mini, "hedui.yaml", CONFIG);
    hd_mini_write(&x->mini, "rules/linkage.yaml", PASSES);
    hd_mini_write(&x->mini, "a.csv", people);
    hd_mini_write(&x->mini, "m.csv", marriages);
    hd_mini_read(&x->mini);
    cr_assert_eq(x->mini.ruleset->n_passes, 2);
    hd_mini_block(&x->mini, &x->blocks, &x->plan);
    cr_assert_eq(hd_blocks_count(&x->mini.ctx, &x->plan, &x->blocks, &x->result), HD_OK);
}

static void release(counted *x)
{
    hd_blocks_counted_release(&x->result);
    hd_plan_release(&x->plan);
    hd_blocks_release(&x->blocks);
    hd_mini_close(&x->mini);
}

enum { BY_NAME, BY_PHONE };

Test(blocks, pairs_by_themselves_and_over_the_passes_before)
{
    counted x;
    count(&x,
          "id,name,birth,phone\n1,张伟,19800101,13987654021\n2,张伟,19800101,13987654021\n"
          "3,李娜,19800202,13987654021\n4,李娜,19900101,13987654021\n",
          "id,man,woman\n");
    const hd_pass_counted *name = &x.result.pass[BY_NAME], *phone = &x.result.pass[BY_PHONE];
    cr_expect_eq(name->pairs, 2);
    cr_expect_eq(name->fresh, 2);
    cr_expect_eq(phone->pairs, 3, "the fourth has another year of birth");
    cr_expect_eq(phone->fresh, 2, "by_name makes 1 and 2 already");
    cr_expect_eq(phone->total, 4);
    release(&x);
}

Test(blocks, two_of_one_record_are_no_pair)
{
    counted x;
    count(&x, "id,name,birth,phone\n1,张伟,19800101,\n", "id,man,woman\n7,张伟,张伟\n");
    cr_expect_eq(x.blocks.pass[BY_NAME].n_pairs, 3);
    cr_expect_eq(x.result.pass[BY_NAME].pairs, 2);
    release(&x);
}

Test(blocks, the_largest_first_and_their_keys_masked)
{
    counted x;
    count(&x,
          "id,name,birth,phone\n1,王秀英,19800101,\n2,王秀英,19800101,\n3,王秀英,19800101,\n"
          "4,李娜,19800101,13987654021\n5,李娜,19800101,13987654021\n",
          "id,man,woman\n");
    const hd_pass_counted *name = &x.result.pass[BY_NAME], *phone = &x.result.pass[BY_PHONE];
    cr_assert_eq(name->n_shown, 2);
    cr_expect_eq(name->shown[0].n_mentions, 3);
    cr_expect_eq(name->shown[0].n_pairs, 3);
    cr_expect(hd_str_eq(name->shown[0].key, HD_STR("王*英")));
    cr_expect(hd_str_eq(name->shown[1].key, HD_STR("李*")));
    cr_assert_eq(phone->n_shown, 1);
    cr_expect(hd_str_eq(phone->shown[0].key, HD_STR("139****4021 · 1980")));
    release(&x);
}

Test(blocks, no_more_than_are_shown_and_of_equal_ones_the_first)
{
    static const char *const given[] = {"伟", "芳", "娜", "敏", "静", "丽", "强", "磊"};
    enum { N = sizeof given / sizeof *given };
    hd_buf rows = {0};
    counted x;
    hd_buf_addf(&rows, "id,name,birth,phone\n");
    for (int i = 0; i < N; i++)
        hd_buf_addf(&rows, "%02d,张%s,19800101,\n%02d,张%s,19800101,\n", 2 * i, given[i], 2 * i + 1,
                    given[i]);
    count(&x, rows.ptr, "id,man,woman\n");
    const hd_pass_counted *name = &x.result.pass[BY_NAME];
    cr_assert_eq(name->n_shown, HD_BLOCKS_SHOWN);
    for (uint32_t i = 0; i < HD_BLOCKS_SHOWN; i++)
        cr_expect_eq(name->shown[i].first, 2 * i);
    hd_buf_release(&rows);
    release(&x);
}

Test(blocks, keys_over_the_cap_are_told_as_they_were)
{
    counted x;
    count(&x,
          "id,name,birth,phone\n1,张伟,19800101,\n2,张伟,19800101,\n3,张伟,19900101,\n"
          "4,张伟,19900101,\n5,张伟,,\n",
          "id,man,woman\n");
    const hd_pass_counted *name = &x.result.pass[BY_NAME];
    cr_assert_eq(name->n_over, 1);
    cr_expect_eq(name->over[0].n_mentions, 5);
    cr_expect_eq(name->over[0].n_pairs, 10);
    cr_expect_eq(name->pairs, 2, "of what is left once it is narrowed");
    cr_expect_eq(x.blocks.pass[BY_NAME].n_left_out, 1);
    release(&x);
}
