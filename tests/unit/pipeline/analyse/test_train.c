#include "pipeline/analyse/train.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mini.h"
#include "pipeline/io/file.h"

/* 400 persons with two records each. Whether x, y, z of the second record are the first's, is set
 * so that what a model must find is known: each agrees in its own share of the persons, whatever
 * the others do. The two keys say who is whom, but for a tenth of the persons each. */
enum { PERSONS = 400, X_VALUES = 10, Y_VALUES = 20, Z_VALUES = 5 };
static const double m_x = 0.9, m_y = 0.8, m_z = 0.75;

static const char CONFIG[] = "site: 530303\n"
                             "fields: {k: {kind: text}, l: {kind: text}, x: {kind: text}, y: "
                             "{kind: text}, z: {kind: text}}\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {k: k, l: l, x: x, y: y, z: z}\n";

#define COMPARISON(field)                                                                          \
    "  - {code: " field ", needs: [" field "], levels: [{code: same, when: a." field " = b." field \
    "}, {code: differs}]}\n"

static const char RULES[] =
    "passes:\n"
    "  - {code: by_k, keys: [k]}\n"
    "  - {code: by_l, keys: [l]}\n"
    "comparisons:\n" COMPARISON("k") COMPARISON("l") COMPARISON("x")
        COMPARISON("y") "  - {code: z, needs: [z], levels: [{code: same, when: a.z = b.z},"
                        " {code: near, when: a.z = \"none\"}, {code: differs}]}\n";

static hd_mini mini;
static hd_blocks blocks;
static hd_plan plan;

static void add_record(hd_buf *out, int person, int copy)
{
    int i = person;
    bool same_x = !copy || i % 10, same_y = !copy || i / 10 % 5, same_z = !copy || i / 50 % 4;
    int x = i % X_VALUES, y = i / 3 % Y_VALUES, z = i / 7 % Z_VALUES;
    hd_buf_addf(out, "%03d%c,k%d%s,l%d%s,x%d,y%d,z%d\n", i, 'a' + copy, i,
                copy && i % 11 == 0 ? "*" : "", i, copy && i % 13 == 0 ? "*" : "",
                (x + !same_x) % X_VALUES, (y + !same_y) % Y_VALUES, (z + !same_z) % Z_VALUES);
}

/* The rows in their order, or turned round. */
static void open_rules(const char *rules, unsigned n_threads, bool turned)
{
    hd_buf rows = {0};
    hd_mini_open(&mini, n_threads);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "rules/linkage.yaml", rules);
    hd_buf_addf(&rows, "id,k,l,x,y,z\n");
    for (int i = 0; i < 2 * PERSONS; i++) {
        int n = turned ? 2 * PERSONS - 1 - i : i;
        add_record(&rows, n / 2, n % 2);
    }
    hd_mini_write(&mini, "a.csv", rows.ptr);
    hd_buf_release(&rows);
    hd_mini_read(&mini);
    hd_mini_block(&mini, &blocks, &plan);
}

static void open_with(unsigned n_threads, bool turned)
{
    open_rules(RULES, n_threads, turned);
}

static void release(void)
{
    hd_plan_release(&plan);
    hd_blocks_release(&blocks);
    hd_mini_close(&mini);
}

static uint32_t number(const char *comparison)
{
    for (uint32_t c = 0; c < mini.ruleset->n_comparisons; c++)
        if (hd_str_eq(mini.ruleset->comparisons[c].code, hd_str_from(comparison)))
            return c;
    cr_assert_fail("no comparison %s", comparison);
    return 0;
}

static hd_model *train(const hd_known_matches *known, hd_training *training)
{
    hd_model *model = NULL;
    cr_assert_eq(hd_train_model(&mini.ctx, &plan, &blocks, known, training, &model), HD_OK);
    return model;
}

Test(train, finds_the_shares_that_the_data_were_made_with)
{
    open_with(2, false);
    hd_training training;
    hd_model *model = train(NULL, &training);
    static const struct {
        const char *code;
        double m, u;
    } wanted[] = {{"k", 10.0 / 11, 0},
                  {"l", 12.0 / 13, 0},
                  {"x", m_x, 1.0 / X_VALUES},
                  {"y", m_y, 1.0 / Y_VALUES},
                  {"z", m_z, 1.0 / Z_VALUES}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const hd_model_level *same = &model->comparison[number(wanted[i].code)].level[0];
        cr_expect_float_eq(same->m, wanted[i].m, 0.02, "m of %s: %f", wanted[i].code, same->m);
        cr_expect_float_eq(same->u, wanted[i].u, 0.01, "u of %s: %f", wanted[i].code, same->u);
    }
    double pairs = 2.0 * PERSONS * (2.0 * PERSONS - 1) / 2;
    cr_expect_float_eq(model->prior * pairs, PERSONS * (1 - 1.0 / 143), 8, "%f",
                       model->prior * pairs);
    hd_model_free(model);
    hd_training_release(&training);
    release();
}

Test(train, a_session_leaves_out_what_its_keys_fix)
{
    open_with(2, false);
    hd_training training;
    hd_model *model = train(NULL, &training);
    cr_assert_eq(training.n_sessions, 2);
    const hd_train_session *by_k = &training.session[0], *by_l = &training.session[1];
    cr_expect(by_k->fixed[number("k")] && !by_k->fixed[number("l")] && !by_k->fixed[number("x")]);
    cr_expect(by_l->fixed[number("l")] && !by_l->fixed[number("k")]);
    cr_expect_eq(by_k->pairs, PERSONS - PERSONS / 11 - 1);
    for (uint32_t s = 0; s < 2; s++) {
        const hd_em_fitted *fitted = &training.session[s].fitted;
        cr_expect(fitted->converged);
        cr_expect_gt(fitted->last.lambda, 0.99, "nearly all of its pairs are matches");
        cr_expect_lt(fitted->last.log_likelihood, 0);
        cr_expect_geq(fitted->last.log_likelihood, fitted->step[0].log_likelihood);
        cr_expect_eq(fitted->step[fitted->iterations - 1].change, fitted->last.change);
    }
    cr_expect_not(training.always_fixed[number("k")]);
    hd_model_free(model);
    hd_training_release(&training);
    release();
}

Test(train, a_level_that_was_never_seen_is_told)
{
    open_with(1, false);
    hd_training training;
    hd_model *model = train(NULL, &training);
    enum { NEAR = 1 };
    cr_assert_eq(training.n_unseen, 1);
    cr_expect_eq(training.unseen[0].comparison, number("z"));
    cr_expect_eq(training.unseen[0].level, NEAR);
    cr_expect(training.unseen[0].in_matches && training.unseen[0].in_random);
    const hd_model_level *near = &model->comparison[number("z")].level[NEAR];
    cr_expect_eq(near->m, near->u, "it weighs nothing");
    cr_expect_not_null(strstr(model->provenance.ptr, "\"never_seen\": [{\"comparison\": \"z\", "
                                                     "\"level\": \"near\", \"among\": \"both\""),
                       "%s", model->provenance.ptr);
    hd_model_free(model);
    hd_training_release(&training);
    release();
}

Test(train, a_comparison_that_every_pass_fixes_is_told)
{
    open_with(1, false);
    blocks.n_passes = 1;
    hd_training training;
    /* one pass only: rows of block numbers are as wide as there are passes */
    for (hd_mention i = 0; i < mini.mentions.n; i++)
        blocks.block_of[i] = blocks.block_of[2 * i];
    hd_model *model = train(NULL, &training);
    blocks.n_passes = 2;
    cr_expect(training.always_fixed[number("k")]);
    cr_expect_not(training.always_fixed[number("l")]);
    cr_expect_float_eq(model->comparison[number("k")].level[0].m, 0.9, 1e-9, "where EM starts");
    hd_model_free(model);
    hd_training_release(&training);
    release();
}

/* A conflict says that persons whose x differs are two: then x is always the same for one. */
Test(train, what_a_conflict_rules_out_is_no_match)
{
    hd_buf rules = {0};
    hd_buf_addf(&rules, "%sconflicts:\n  - {code: two_x, when: a.x != b.x}\n", RULES);
    open_rules(rules.ptr, 2, false);
    hd_buf_release(&rules);
    hd_training training;
    hd_model *model = train(NULL, &training);
    cr_expect_gt(model->comparison[number("x")].level[0].m, 0.99);
    cr_expect_float_eq(model->comparison[number("y")].level[0].m, m_y, 0.02, "not touched");
    cr_expect_eq(training.session[0].pairs, 327, "%lu", training.session[0].pairs);
    cr_expect_not_null(strstr(model->provenance.ptr, "\"ruled_out_pairs\": 39,"), "%s",
                       model->provenance.ptr);
    hd_model_free(model);
    hd_training_release(&training);
    release();
}

/* What is said to be one person is taken for it: here only persons whose x differs. */
Test(train, m_follows_known_matches)
{
    open_with(2, false);
    hd_known_matches known = {0};
    for (hd_mention i = 0; i < 2 * PERSONS; i += 20) {
        HD_GROW(known.pair, known.cap, known.n + 1);
        known.pair[known.n++] = (hd_known_match){i, i + 1, 3};
    }
    hd_training training;
    hd_model *model = train(&known, &training);
    const hd_model_level *x = model->comparison[number("x")].level;
    double pairs = (double)known.n, kept = HD_TRAIN_PRIOR_PAIRS * m_x;
    cr_expect_float_eq(x[0].m, kept / (pairs + HD_TRAIN_PRIOR_PAIRS), 0.01, "%f", x[0].m);
    cr_expect_float_eq(x[0].u, 0.1, 0.01, "u is not touched");
    cr_expect_eq(training.n_known, known.n);
    hd_free(known.pair);
    hd_model_free(model);
    hd_training_release(&training);
    release();
}

static void save_model(unsigned n_threads, bool turned, hd_buf *out)
{
    char path[128];
    open_with(n_threads, turned);
    hd_model *model = train(NULL, NULL);
    snprintf(path, sizeof path, "%s/model.json", mini.folder);
    cr_assert_eq(hd_model_save(&mini.ctx, path, mini.ruleset, model), HD_OK);
    cr_assert_eq(hd_file_read(&mini.ctx, path, out), HD_OK);
    hd_model_free(model);
    release();
}

Test(train, the_same_bytes_for_any_threads_and_order_of_rows)
{
    hd_buf first = {0}, other = {0};
    save_model(1, false, &first);
    static const struct {
        unsigned n_threads;
        bool turned;
    } runs[] = {{2, false}, {8, false}, {3, true}};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        hd_buf_clear(&other);
        save_model(runs[i].n_threads, runs[i].turned, &other);
        cr_expect(hd_str_eq(hd_buf_str(&first), hd_buf_str(&other)), "%u threads",
                  runs[i].n_threads);
    }
    hd_buf_release(&first);
    hd_buf_release(&other);
}

Test(train, no_mentions_no_failure)
{
    hd_mini_open(&mini, 2);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "rules/linkage.yaml", RULES);
    hd_mini_write(&mini, "a.csv", "id,k,l,x,y,z\n");
    hd_mini_read(&mini);
    hd_mini_block(&mini, &blocks, &plan);
    hd_training training;
    hd_model *model = train(NULL, &training);
    cr_expect_eq(training.n_sessions, 0);
    cr_expect(model->prior > 0 && model->prior < 1);
    hd_model_free(model);
    hd_training_release(&training);
    release();
}
