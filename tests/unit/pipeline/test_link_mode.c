#include <criterion/criterion.h>
#include <stdio.h>

#include "mini.h"
#include "pipeline/pairs.h"

/* Four mentions of one name in source a, one of them twice in its record, and three in source b. */
static const char CONFIG[] =
    "site: 530303\n"
    "link: {mode: %s}\n"
    "sources:\n"
    "  a:\n"
    "    type: person\n"
    "    csv: a.csv\n"
    "    key: [id]\n"
    "    mentions: {self: {name: name}, mother: {name: mother}}\n"
    "  b: {type: person, csv: b.csv, key: [id], mentions: {self: {name: name}}}\n";

static const char PASSES[] = "passes: [{code: by_name, keys: [name]}]\n";

typedef struct seen {
    uint64_t n, n_within;
    const hd_mentions *mentions;
} seen;

static void count(void *arg, uint32_t worker, const hd_pair *pair)
{
    seen *s = arg;
    (void)worker;
    s->n++;
    s->n_within += s->mentions->source[pair->a] == s->mentions->source[pair->b];
}

static seen walk(const char *mode, uint64_t *possible)
{
    hd_mini mini;
    hd_blocks blocks;
    hd_plan plan;
    char config[600];
    snprintf(config, sizeof config, CONFIG, mode);
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", config);
    hd_mini_write(&mini, "rules/linkage.yaml", PASSES);
    hd_mini_write(&mini, "a.csv", "id,name,mother\n1,张伟,张伟\n2,张伟,\n3,张伟,\n");
    hd_mini_write(&mini, "b.csv", "id,name\n1,张伟\n2,张伟\n3,张伟\n");
    hd_mini_read(&mini);
    hd_mini_block(&mini, &blocks, &plan);
    seen s = {.mentions = &mini.mentions};
    cr_assert_eq(hd_pairs_walk(&mini.ctx, &plan, &blocks, count, &s), HD_OK);
    *possible = hd_pairs_possible(&plan);
    hd_plan_release(&plan);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
    return s;
}

Test(link_mode, of_any_two_mentions_but_those_of_one_record)
{
    uint64_t possible;
    seen s = walk("both", &possible);
    cr_assert_eq(s.n, 20); /* of 7 mentions 21, less the two of record 1 */
    cr_assert_eq(s.n_within, 8);
    cr_assert_eq(possible, 21);
}

Test(link_mode, of_two_sources_alone)
{
    uint64_t possible;
    seen s = walk("link", &possible);
    cr_assert_eq(s.n, 12);
    cr_assert_eq(s.n_within, 0);
    cr_assert_eq(possible, 12);
}

Test(link_mode, of_one_source_alone)
{
    uint64_t possible;
    seen s = walk("deduplicate", &possible);
    cr_assert_eq(s.n, 8);
    cr_assert_eq(s.n_within, 8);
    cr_assert_eq(possible, 9);
}
