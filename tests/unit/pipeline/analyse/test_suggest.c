#include "pipeline/analyse/suggest.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mini.h"

/* 400 persons with two records each. The second has another k for an eleventh of the persons and
 * another l for a thirteenth, whatever the other; x and z are always the first's. Three persons
 * have neither k nor l, and no declared pass makes them. */
enum { PERSONS = 400, X_VALUES = 7, Z_VALUES = 300, NOT_MADE = 3 };

static const char CONFIG[] = "site: 530303\n"
                             "fields: {k: {kind: text}, l: {kind: text}, x: {kind: text},"
                             " z: {kind: text}}\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {k: k, l: l, x: x, z: z, name: name}\n";

#define COMPARISON(field)                                                                          \
    "  - {code: " field ", needs: [" field "], levels: [{code: same, when: a." field " = b." field \
    "}, {code: differs}]}\n"

static const char RULES[] =
    "derived: {both: \"concat(x, z)\"}\n"
    "passes:\n"
    "  - {code: by_k, keys: [k]}\n"
    "  - {code: by_l, keys: [l, x]}\n"
    "comparisons:\n" COMPARISON("k") COMPARISON("l") COMPARISON("x") COMPARISON("z");

static hd_mini mini;
static hd_blocks blocks;
static hd_plan plan;
static hd_key_list keys;
static hd_recall recall;

/* Both records of a person are one, where a pass makes the pair; of `all`, wherever they are. */
static void join(bool all)
{
    uint32_t *person = hd_alloc(2 * PERSONS * sizeof *person);
    for (uint32_t i = 0; i < 2 * PERSONS; i++) {
        bool made = all || i / 2 % 11 || i / 2 % 13;
        person[i] = made ? i / 2 : PERSONS + i;
    }
    hd_mini_number_persons(&mini, person);
    hd_free(person);
    hd_recall_release(&recall);
    hd_recall_estimate(&plan, &mini.clusters, &keys, &recall);
}

static void open_with(unsigned n_threads)
{
    hd_buf rows = {0};
    hd_mini_open(&mini, n_threads);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "rules/linkage.yaml", RULES);
    hd_buf_addf(&rows, "id,k,l,x,z,name\n");
    for (int i = 0; i < PERSONS; i++)
        for (int copy = 0; copy < 2; copy++)
            hd_buf_addf(&rows, "%03d%c,k%d%s,l%d%s,x%d,z%d,\n", i, 'a' + copy, i,
                        copy && i % 11 == 0 ? "*" : "", i, copy && i % 13 == 0 ? "*" : "",
                        i % X_VALUES, i % Z_VALUES);
    hd_mini_write(&mini, "a.csv", rows.ptr);
    hd_buf_release(&rows);
    hd_mini_read(&mini);
    hd_mini_block(&mini, &blocks, &plan);
    cr_assert_eq(hd_key_list_make(&mini.ctx, mini.ruleset, &mini.mentions, &keys), HD_OK, "%s",
                 mini.ctx.frames[0].text);
    join(false);
}

static void release(void)
{
    hd_recall_release(&recall);
    hd_key_list_release(&keys);
    hd_plan_release(&plan);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}

static uint32_t number(const char *text)
{
    for (uint32_t k = 0; k < keys.n; k++)
        if (hd_str_eq(keys.key[k].text, hd_str_from(text)))
            return k;
    cr_assert_fail("no key %s", text);
    return 0;
}

static uint64_t bit(const char *text)
{
    return UINT64_C(1) << number(text);
}

Test(key_list, holds_declared_keys_derived_names_and_fields_each_once)
{
    open_with(1);
    cr_expect_eq(keys.declared[0], bit("k"));
    cr_expect_eq(keys.declared[1], bit("l") | bit("x"));
    cr_expect(bit("both") && bit("lower(z)") && bit("fuzzy_pinyin(given(name))"));
    for (uint32_t i = 0; i < keys.n; i++)
        for (uint32_t k = 0; k < i; k++)
            cr_expect_not(hd_expr_same_shape(keys.key[i].expr, keys.key[k].expr));
    release();
}

Test(key_list, keys_that_share_a_field_are_one_group)
{
    open_with(1);
    uint32_t x = keys.key[number("x")].group;
    cr_expect_eq(keys.key[number("lower(x)")].group, x);
    cr_expect_eq(keys.key[number("both")].group, x);
    cr_expect_eq(keys.key[number("lower(z)")].group, x, "by way of both");
    cr_expect_neq(keys.key[number("k")].group, x);
    cr_expect_neq(keys.key[number("l")].group, keys.key[number("k")].group);
    release();
}

Test(key_list, tells_on_which_keys_two_agree)
{
    open_with(1);
    hd_mention a = hd_mini_mention(&mini, "a/011a/self"), b = hd_mini_mention(&mini, "a/011b/self");
    uint64_t mask = hd_keys_agreeing(&keys, a, b);
    cr_expect_not(mask & bit("k"), "11: another k");
    cr_expect_eq(mask & bit("l"), bit("l"));
    cr_expect_not(mask & bit("folded(name)"), "neither has a name");
    release();
}

Test(recall, matches_that_no_pass_makes_are_estimated)
{
    open_with(2);
    cr_expect_eq(recall.made, PERSONS - NOT_MADE);
    cr_expect_eq(recall.joined, 0, "nobody has a third record that could lead to the second");
    cr_expect_float_eq(recall.guessed, NOT_MADE, 1.5, "%f", recall.guessed);
    double both = hd_recall_of(&recall, keys.declared, 2);
    cr_expect_float_eq(both, 1 - (double)NOT_MADE / PERSONS, 0.004, "%f", both);
    cr_expect_float_eq(hd_recall_of(&recall, &keys.declared[0], 1), 10.0 / 11, 0.01);
    cr_expect_float_eq(hd_recall_of(&recall, &keys.declared[1], 1), 12.0 / 13, 0.01);
    uint64_t z = bit("lower(z)");
    cr_expect_gt(hd_recall_of(&recall, &z, 1), 0.999, "it never differs");
    release();
}

/* Clustering joined the three, too: there is nothing left to guess. */
Test(recall, matches_that_were_joined_are_no_guess)
{
    open_with(2);
    join(true);
    cr_expect_eq(recall.made, PERSONS - NOT_MADE);
    cr_expect_eq(recall.joined, NOT_MADE);
    cr_expect_lt(recall.guessed, 1);
    release();
}

Test(suggest, counts_pairs_exactly_and_heeds_the_cap)
{
    open_with(1);
    hd_keyed *scratch = hd_alloc(2 * PERSONS * sizeof *scratch);
    uint64_t by_x = 0, largest = 0;
    for (int x = 0; x < X_VALUES; x++) {
        uint64_t n = 0;
        for (int i = 0; i < PERSONS; i++)
            n += i % X_VALUES == x ? 2 : 0;
        by_x += n * (n - 1) / 2;
        largest = n * (n - 1) / 2 > largest ? n * (n - 1) / 2 : largest;
    }
    cr_expect_eq(hd_keys_count_pairs(&keys, bit("x"), largest, scratch), by_x);
    cr_expect_eq(hd_keys_count_pairs(&keys, bit("x"), largest - 1, scratch), UINT64_MAX);
    cr_expect_eq(hd_keys_count_pairs(&keys, bit("k") | bit("l"), 1, scratch),
                 PERSONS - (PERSONS + 10) / 11 - (PERSONS + 12) / 13 + NOT_MADE);
    cr_expect_eq(hd_keys_count_pairs(&keys, bit("folded(name)"), 1, scratch), 0);
    hd_free(scratch);
    release();
}

Test(suggest, finds_more_for_the_budget)
{
    hd_suggestion found;
    open_with(2);
    cr_assert_eq(hd_suggest_passes(&mini.ctx, &keys, &recall, 100000, 1000000, &found), HD_OK);
    cr_assert_geq(found.n, 1);
    cr_expect_gt(found.pass[found.n - 1].total, 0.999, "z says it all");
    uint64_t pairs = 0;
    for (uint32_t p = 0; p < found.n; p++)
        pairs += found.pass[p].n_pairs;
    cr_expect_leq(pairs, 100000);
    release();
}

Test(suggest, stays_within_the_budget)
{
    enum { BUDGET = 380 };
    hd_suggestion found;
    open_with(2);
    cr_assert_eq(hd_suggest_passes(&mini.ctx, &keys, &recall, BUDGET, 1000000, &found), HD_OK);
    cr_assert_eq(found.n, 1, "two passes would make twice as many");
    cr_expect_leq(found.pass[0].n_pairs, BUDGET);
    cr_expect_gt(found.pass[0].alone, 0.9);
    release();
}

Test(suggest, the_same_for_any_number_of_threads)
{
    hd_suggestion one, three;
    open_with(1);
    cr_assert_eq(hd_suggest_passes(&mini.ctx, &keys, &recall, 2000, 1000000, &one), HD_OK);
    release();
    open_with(3);
    cr_assert_eq(hd_suggest_passes(&mini.ctx, &keys, &recall, 2000, 1000000, &three), HD_OK);
    release();
    cr_assert_eq(one.n, three.n);
    cr_expect_eq(one.n_counted, three.n_counted);
    for (uint32_t p = 0; p < one.n; p++) {
        cr_expect_eq(one.pass[p].keys, three.pass[p].keys);
        cr_expect_eq(one.pass[p].total, three.pass[p].total);
    }
}
