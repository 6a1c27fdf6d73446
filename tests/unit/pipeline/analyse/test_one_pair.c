#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "pipeline/analyse/one_pair.h"
#include "pipeline/io/csv.h"

static hd_ctx ctx;
static hd_ruleset *ruleset;
static hd_one_pair pair;

static void setup(void)
{
    hd_ctx_init(&ctx, 1);
    cr_assert_eq(hd_ruleset_load_packaged(&ctx, "en", HEDUI_RULES_DIR, &ruleset), HD_OK);
}

static void teardown(void)
{
    hd_one_pair_release(&pair);
    hd_ruleset_free(ruleset);
}

TestSuite(one_pair, .init = setup, .fini = teardown);

static void open_field(const char *field)
{
    hd_one_pair_release(&pair);
    cr_assert_eq(hd_one_pair_open(&ctx, ruleset, hd_str_from(field), &pair), HD_OK);
}

static hd_compared compare(const char *a, const char *b)
{
    return hd_one_pair_compare(&pair, hd_str_from(a), hd_str_from(b));
}

static void expect_level(const char *a, const char *b, const char *level)
{
    hd_compared there = compare(a, b), back = compare(b, a);
    cr_expect(hd_str_eq(there.level, hd_str_from(level)), "%s, %s: %.*s", a, b,
              HD_ARG(there.level));
    cr_expect(hd_str_eq(back.level, there.level) && back.score == there.score, "%s, %s", a, b);
}

Test(one_pair, the_comparison_is_that_of_the_field_or_its_kind)
{
    open_field("mother_name");
    expect_level("單三", "单三", "variant");
    open_field("death_date");
    expect_level("1980-02-01", "1980-01-02", "swapped");
    open_field("registered_division");
    expect_level("530303100201", "530303100202", "same_township");
    open_field("household");
    cr_expect(hd_str_eq(pair.comparison->code, HD_STR("household")));
}

Test(one_pair, a_field_without_a_comparison_is_the_same_or_differs)
{
    open_field("status");
    cr_expect_null(pair.comparison);
    expect_level("正常", "正常", "same");
    expect_level("正常", "迁出", "differs");
    open_field("ethnicity");
    expect_level("汉族", "01", "same");
    cr_expect_float_eq(compare("01", "02").score, 0, 1e-9);
}

Test(one_pair, what_has_no_standard_form_is_missing)
{
    open_field("name");
    hd_compared missing = compare("张□", "无");
    cr_expect(hd_str_eq(missing.level, HD_STR("missing")));
    cr_expect_lt(missing.score, 0);
    cr_expect(hd_str_eq(missing.reason, HD_STR("a damaged, b placeholder")), "%.*s",
              HD_ARG(missing.reason));
}

Test(one_pair, the_reason_is_the_condition_as_it_is_written)
{
    open_field("sex");
    cr_expect(hd_str_eq(compare("男", "男").reason, HD_STR("a.gender = b.gender")));
    cr_expect(hd_str_empty(compare("男", "女").reason));
}

Test(one_pair, the_reason_of_names_is_in_their_characters)
{
    open_field("name");
    cr_expect(hd_str_eq(compare("李伟", "李玮").reason, HD_STR("伟:玮 same_reading")));
    cr_expect(hd_str_empty(compare("李伟", "李伟").reason));
}

Test(one_pair, of_damaged_names_what_is_left_is_compared)
{
    open_field("name");
    expect_level("张?明", "张三明", "left_same");
    expect_level("张□明", "张□明", "left_same");
    expect_level("张yu明", "张煜明", "same_sound");
}

/* Any two levels of a comparison: the better one never scores less. */
Test(one_pair, scores_follow_levels)
{
    static const char *const names[] = {"张三",   "張三",   "张山",       "章三", "张三丰",
                                        "李四",   "欧阳三", "张四",       "章衫", "王小明",
                                        "王晓敏", "张",     "JOHN SMITH", "张睛", "张晴"};
    enum { N = sizeof names / sizeof *names };
    double lowest[HD_LEVELS_MAX], highest[HD_LEVELS_MAX];
    open_field("name");
    for (uint32_t i = 0; i < HD_LEVELS_MAX; i++)
        lowest[i] = 2, highest[i] = -1;
    for (uint32_t i = 0; i < N * N; i++) {
        hd_compared c = compare(names[i / N], names[i % N]);
        uint32_t level = 0;
        while (!hd_str_eq(pair.comparison->levels[level].code, c.level))
            level++;
        cr_assert(c.score >= 0 && c.score <= 1);
        cr_expect(i / N != i % N || c.score == 1);
        lowest[level] = c.score < lowest[level] ? c.score : lowest[level];
        highest[level] = c.score > highest[level] ? c.score : highest[level];
    }
    double floor = 2;
    for (uint32_t i = 0; i < pair.comparison->n_levels; i++) {
        cr_expect_leq(highest[i], floor, "level %u", i);
        floor = lowest[i] < floor ? lowest[i] : floor;
    }
}

/* ---- any two values of the golden table ---- */

enum { RAWS = 60 };

typedef struct raws {
    hd_arena arena;
    hd_str text[RAWS];
    uint32_t n;
} raws;

/* As they stand there: an escape is a value like any other. Some of the whole file. */
static void read_raws(const char *kind, raws *out)
{
    char path[512];
    hd_csv *csv;
    hd_csv_row row;
    bool more;
    snprintf(path, sizeof path, HEDUI_RULES_DIR "/../tests/golden-standardise/%s.csv", kind);
    cr_assert_eq(hd_csv_open(&ctx, path, (hd_csv_options){.encoding = HD_CSV_UTF8}, &csv), HD_OK);
    while (out->n < RAWS && hd_csv_next(&ctx, csv, &row, &more) == HD_OK && more)
        if (row.number % 2)
            out->text[out->n++] = hd_arena_str(&out->arena, row.values[0]);
    hd_csv_close(csv);
}

static void expect_symmetric(const char *kind, hd_str a, hd_str b)
{
    hd_compared there = hd_one_pair_compare(&pair, a, b);
    hd_compared back = hd_one_pair_compare(&pair, b, a);
    cr_expect(hd_str_eq(there.level, back.level), "%s: %.*s, %.*s: %.*s, and back %.*s", kind,
              HD_ARG(a), HD_ARG(b), HD_ARG(there.level), HD_ARG(back.level));
    cr_expect(fabs(there.score - back.score) < 1e-9, "%s: %.*s, %.*s: %g, and back %g", kind,
              HD_ARG(a), HD_ARG(b), there.score, back.score);
    cr_expect_leq(there.score, 1);
}

Test(one_pair, no_comparison_depends_on_which_value_stands_first)
{
    static const char *const kinds[] = {"name",  "id_number", "date",        "sex",      "division",
                                        "phone", "address",   "certificate", "household"};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        raws all = {.text = {HD_STR("张")}, .n = 1}; /* and one of a single character */
        open_field(kinds[k]);
        read_raws(kinds[k], &all);
        for (uint32_t i = 0; i < all.n; i++)
            for (uint32_t j = i; j < all.n; j++)
                expect_symmetric(kinds[k], all.text[i], all.text[j]);
        hd_arena_release(&all.arena);
    }
}

Test(one_pair, a_value_is_itself)
{
    raws all = {.n = 0};
    open_field("name");
    read_raws("name", &all);
    for (uint32_t i = 0; i < all.n; i++) {
        hd_compared same = hd_one_pair_compare(&pair, all.text[i], all.text[i]);
        bool damaged = pair.side[0].state == HD_STATE_damaged;
        cr_expect(same.score == 1 || same.score < 0 || damaged, "%.*s: %g", HD_ARG(all.text[i]),
                  same.score);
    }
    hd_arena_release(&all.arena);
}
