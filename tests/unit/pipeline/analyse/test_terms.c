#include "pipeline/analyse/terms.h"

#include <criterion/criterion.h>
#include <math.h>

#include "base/buf.h"
#include "mini.h"
#include "pipeline/analyse/train.h"
#include "pipeline/weights.h"

/* Names of which sound and characters can differ, with a frequency for each of two levels. */
static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: name}\n";

#define RULES(frequency)                                             \
    "passes:\n  - {code: all, keys: [length(name)]}\n"               \
    "comparisons:\n"                                                 \
    "  - code: name\n    needs: [name]\n    levels:\n"               \
    "      - {code: same, when: a.name = b.name}\n"                  \
    "      - {code: sound, when: pinyin(a.name) = pinyin(b.name)}\n" \
    "      - {code: differs}\n"                                      \
    "    frequency: " frequency "\n"

enum { SAME, SOUND };

static hd_mini mini;
static hd_blocks blocks;
static hd_plan plan;

static void open_with(const char *rules, const char *table)
{
    hd_buf rows = {0};
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "rules/linkage.yaml", rules);
    if (table)
        hd_mini_write(&mini, "names.csv", table);
    /* 60 of one sound, of which 40 of one name and 20 of another; 20 of another sound; 3 of a third
     */
    hd_buf_addf(&rows, "id,name\n");
    for (int i = 0; i < 83; i++)
        hd_buf_addf(&rows, "%02d,%s\n", i,
                    i < 40   ? "张伟"
                    : i < 60 ? "张炜"
                    : i < 80 ? "李娜"
                             : "赵敏");
    hd_mini_write(&mini, "a.csv", rows.ptr);
    hd_buf_release(&rows);
    hd_mini_read(&mini);
    hd_mini_block(&mini, &blocks, &plan);
}

static void release(void)
{
    hd_plan_release(&plan);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}

static const hd_term *find_term(const hd_model_level *level, const char *value)
{
    hd_text text = hd_pool_intern(mini.ruleset->texts, hd_str_from(value));
    for (uint32_t i = 0; i < level->n_terms; i++)
        if (level->terms[i].text == text)
            return &level->terms[i];
    return NULL;
}

static hd_model *train(void)
{
    hd_model *model = NULL;
    cr_assert_eq(hd_train_model(&mini.ctx, &plan, &blocks, NULL, NULL, &model), HD_OK, "%s",
                 mini.ctx.frames[0].text);
    return model;
}

#define BOTH "[{value: name, level: same}, {value: pinyin(name), level: sound}]"

Test(terms, each_level_counts_its_own_values)
{
    open_with(RULES(BOTH), NULL);
    hd_model *model = train();
    const hd_model_level *level = model->comparison[0].level;
    cr_assert_eq(level[SAME].n_terms, 3);
    cr_expect_float_eq(find_term(&level[SAME], "张炜")->frequency, 20.0 / 83, 1e-12);
    cr_assert_eq(level[SOUND].n_terms, 2);
    cr_expect_float_eq(find_term(&level[SOUND], "zhang wei")->frequency, 60.0 / 83, 1e-12);
    cr_expect_null(find_term(&level[SAME], "赵敏"), "few share it: it would name somebody");
    hd_model_free(model);
    release();
}

/* Weight of a pair, less what its level gives by itself. */
static double adjustment(const hd_model *model, hd_mention a, hd_mention b)
{
    hd_weights with, without;
    hd_env env = hd_ruleset_env(mini.ruleset);
    hd_model plain = *model;
    for (uint32_t l = 0; l < plan.comparison[0].n_levels; l++)
        plain.comparison[0].level[l].frequency_floor = 0;
    hd_weights_make(&plan, model, &with);
    hd_weights_make(&plan, &plain, &without);
    const uint32_t *row_a = hd_plan_row(&plan, a), *row_b = hd_plan_row(&plan, b);
    hd_pattern pattern = hd_plan_pattern(&plan, row_a, row_b, &env);
    int32_t bits = hd_plan_weight(&plan, &with, pattern, row_a, row_b) -
                   hd_plan_weight(&plan, &without, pattern, row_a, row_b);
    hd_weights_release(&with);
    hd_weights_release(&without);
    hd_env_release(&env);
    return (double)bits / HD_WEIGHT_ONE;
}

Test(terms, a_like_level_goes_by_what_the_two_share)
{
    enum { WEI = 0, WEI_2 = 1, OTHER_WEI = 40, NA = 60, NA_2 = 61 };
    open_with(RULES(BOTH), NULL);
    hd_model *model = train();
    const hd_model_level *level = model->comparison[0].level;
    double u_same = level[SAME].u, u_like = u_same + level[SOUND].u;
    cr_expect_float_eq(adjustment(model, WEI, WEI_2), log2(u_same / (40.0 / 83)), 0.002);
    cr_expect_float_eq(adjustment(model, NA, NA_2), log2(u_same / (20.0 / 83)), 0.002);
    cr_expect_float_eq(adjustment(model, WEI, OTHER_WEI), log2(u_like / (60.0 / 83)), 0.002,
                       "of one sound: as common as the sound");
    cr_expect_eq(adjustment(model, WEI, NA), 0, "they share nothing");
    hd_model_free(model);
    release();
}

#define TABLE "{value: name, level: same, table: names.csv}"

Test(terms, a_table_stands_for_the_mentions)
{
    open_with(RULES(TABLE), "note,count,value\n,900,张伟\nx,99,李娜\n,1,欧阳修\n");
    hd_model *model = train();
    const hd_model_level *same = &model->comparison[0].level[SAME];
    cr_assert_eq(same->n_terms, 3);
    cr_expect_float_eq(find_term(same, "张伟")->frequency, 0.9, 1e-12);
    cr_expect_float_eq(find_term(same, "李娜")->frequency, 0.099, 1e-12);
    cr_expect_float_eq(same->frequency_floor, 0.001, 1e-12, "what is not listed: as the rarest");
    hd_model_free(model);
    release();
}

static void expect_error(const char *table, const char *want)
{
    hd_model *model = NULL;
    open_with(RULES(TABLE), table);
    cr_expect_eq(hd_train_model(&mini.ctx, &plan, &blocks, NULL, NULL, &model), HD_SOURCE);
    cr_expect_not_null(strstr(mini.ctx.frames[0].text, want), "%s", mini.ctx.frames[0].text);
    cr_expect_null(model);
    release();
}

Test(terms, a_bad_table_is_told_with_its_line)
{
    expect_error(NULL, "names.csv cannot be opened");
    expect_error("value\n张伟\n", "names.csv has no column \"count\"");
    expect_error("value,count\n", "names.csv has no value");
    expect_error("value,count\n张伟,3\n李娜,many\n", "names.csv:3: count must be a number above 0");
    expect_error("value,count\n张伟,0\n", "names.csv:2: count must be a number above 0");
    expect_error("value,count\n,5\n", "names.csv:2: value is empty");
    expect_error("value,count\n张伟,3\n李娜,2\n张伟,4\n",
                 "names.csv:4: the value stands on line 2, too");
    expect_error("value,count\n张伟,3,4\n", "names.csv:2: not a row of its header's columns");
}
