#include "pipeline/model.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "mini.h"
#include "pipeline/io/file.h"

/* Two comparisons of our own: one with term frequencies. */
static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: name, phone: phone}\n";

static hd_mini mini;
static char path[128];

static void begin(void)
{
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "a.csv", "id,name,phone\n1,张伟,13987654021\n2,李娜,\n");
    hd_mini_read(&mini);
    snprintf(path, sizeof path, "%s/model.json", mini.folder);
}

static void end(void)
{
    hd_mini_close(&mini);
}

TestSuite(model, .init = begin, .fini = end);

static void add_terms(hd_model *model, hd_model_level *level)
{
    static const char *const names[] = {"李娜", "张伟"};
    level->frequency_floor = 0.01;
    level->terms = HD_NEW_N(&model->arena, hd_term, 2);
    for (int i = 0; i < 2; i++)
        level->terms[level->n_terms++] =
            (hd_term){hd_pool_intern(mini.ruleset->texts, hd_str_from(names[i])), 0.1 * (i + 1)};
}

static hd_model make(void)
{
    hd_model model = {.prior = 0.001};
    for (uint32_t c = 0; c < mini.ruleset->n_comparisons; c++)
        for (uint32_t l = 0; l < mini.ruleset->comparisons[c].n_levels; l++)
            model.comparison[c].level[l] =
                (hd_model_level){.m = 0.5 / (l + 1), .u = 0.25 / (l + 1)};
    model.provenance = HD_STR("{\"mentions\": 2}");
    for (uint32_t c = 0; c < mini.ruleset->n_comparisons; c++)
        for (uint32_t l = 0; l < mini.ruleset->comparisons[c].n_levels; l++)
            if (mini.ruleset->comparisons[c].levels[l].frequency)
                add_terms(&model, &model.comparison[c].level[l]);
    return model;
}

static void save(void)
{
    hd_model model = make();
    cr_assert_eq(hd_model_save(&mini.ctx, path, mini.ruleset, &model), HD_OK);
    hd_arena_release(&model.arena);
}

static void read_text(hd_buf *out)
{
    cr_assert_eq(hd_file_read(&mini.ctx, path, out), HD_OK);
}

Test(model, what_is_saved_is_loaded)
{
    save();
    hd_model made = make(), *loaded = NULL;
    cr_assert_eq(hd_model_load(&mini.ctx, path, mini.ruleset, &loaded), HD_OK);
    cr_assert_float_eq(loaded->prior, made.prior, 1e-12);
    for (uint32_t c = 0; c < mini.ruleset->n_comparisons; c++) {
        for (uint32_t l = 0; l < mini.ruleset->comparisons[c].n_levels; l++) {
            cr_assert_float_eq(loaded->comparison[c].level[l].m, made.comparison[c].level[l].m,
                               1e-11);
            cr_assert_float_eq(loaded->comparison[c].level[l].u, made.comparison[c].level[l].u,
                               1e-11);
            cr_assert_eq(loaded->comparison[c].level[l].n_terms,
                         made.comparison[c].level[l].n_terms);
        }
    }
    cr_assert(hd_str_eq(loaded->provenance, HD_STR("{\"mentions\":2}")));
    cr_assert_eq(strlen(loaded->hash), 64);
    hd_arena_release(&made.arena);
    hd_model_free(loaded);
}

Test(model, is_for_its_owner_alone_and_the_same_bytes_each_time)
{
    hd_buf first = {0}, second = {0};
    struct stat st;
    save();
    read_text(&first);
    save();
    read_text(&second);
    cr_assert(hd_str_eq(hd_buf_str(&first), hd_buf_str(&second)));
    cr_assert_eq(stat(path, &st), 0);
    cr_assert_eq(st.st_mode & 077, 0, "it holds names");
    hd_buf_release(&first);
    hd_buf_release(&second);
}

/* Put `with` in the place of the first `what` of a good model, and load it. */
static void expect_error(const char *what, const char *with, hd_status status, const char *error)
{
    hd_buf text = {0}, changed = {0};
    hd_model *loaded = NULL;
    save();
    read_text(&text);
    const char *at = strstr(text.ptr, what);
    cr_assert_not_null(at, "%s", what);
    hd_buf_add(&changed, (hd_str){text.ptr, (uint32_t)(at - text.ptr)});
    hd_buf_add(&changed, hd_str_from(with));
    hd_buf_add(&changed, hd_str_from(at + strlen(what)));
    hd_mini_write(&mini, "model.json", changed.ptr);
    hd_ctx_clear(&mini.ctx);
    cr_expect_eq(hd_model_load(&mini.ctx, path, mini.ruleset, &loaded), status, "%s", with);
    cr_expect_not_null(strstr(mini.ctx.frames[0].text, error), "%s", mini.ctx.frames[0].text);
    hd_buf_release(&text);
    hd_buf_release(&changed);
}

Test(model, errors_name_the_place)
{
    expect_error("hedui-model/1", "hedui-model/9", HD_CONFIG, "format must be \"hedui-model/1\"");
    expect_error("\"prior\": 0.001", "\"prior\": 1.5", HD_CONFIG,
                 "prior must be a probability between 0 and 1");
    expect_error("\"prior\"", "\"priority\"", HD_CONFIG, "unknown key \"priority\"");
    expect_error("\"m\": 0.5", "\"m\": 0", HD_CONFIG,
                 "comparison \"name\", level \"same\": m must be a probability between 0 and 1");
    expect_error("\"code\": \"same\"", "\"code\": \"equal\"", HD_CONFIG,
                 "comparison \"name\": level \"same\" of the rules is not in the model");
    expect_error("\"code\": \"phone\"", "\"code\": \"fax\"", HD_CONFIG,
                 "comparison \"fax\" is not one that the rules compare these sources by");
    expect_error("\"code\": \"phone\"", "\"code\": \"name\"", HD_CONFIG,
                 "comparison \"name\" stands twice");
    expect_error("\"u\": 0.25", "\"u\": 1", HD_CONFIG,
                 "comparison \"name\", level \"same\": u must be a probability between 0 and 1");
    expect_error("\"u\": 0.25", "\"weight\": 3", HD_CONFIG,
                 "comparison \"name\", level \"same\": unknown key \"weight\"");
    expect_error("\"code\": \"variant\"", "\"code\": \"same\"", HD_CONFIG,
                 "comparison \"name\": level \"variant\" of the rules is not in the model");
    expect_error("\"levels\": [", "\"levels\": [{\"code\": \"same\", \"m\": 0.5, \"u\": 0.5},",
                 HD_CONFIG,
                 "comparison \"name\": level \"same\" stands twice, or not in the rules' order");
    expect_error("\"levels\": [", "\"levels\": [{\"code\": \"equal\", \"m\": 0.5, \"u\": 0.5},",
                 HD_CONFIG, "comparison \"name\": level \"equal\" is not one of the rules");
    expect_error(
        "\"levels\": [", "\"frequency\": {\"floor\": 0.1, \"values\": {}}, \"levels\": [",
        HD_CONFIG,
        "comparison \"name\": term frequencies are given, but the rules declare none, or a "
        "level has them already");
    expect_error("\"floor\"", "\"ceiling\"", HD_CONFIG, "unknown key \"ceiling\"");
    expect_error("{", "[", HD_CONFIG, "model.json:");
}

Test(model, one_that_is_not_there)
{
    hd_model *loaded = NULL;
    cr_assert_eq(hd_model_load(&mini.ctx, "/nowhere/model.json", mini.ruleset, &loaded), HD_SOURCE);
    cr_assert_str_eq(mini.ctx.frames[0].text,
                     "/nowhere/model.json cannot be opened: No such file or directory");
}

/* A model that was saved, read under rules in which one thing differs. */
static uint32_t changed_by(const char *own_rules)
{
    hd_model *loaded = NULL;
    char saved[128];
    save();
    snprintf(saved, sizeof saved, "%s", path);
    hd_buf text = {0};
    read_text(&text);
    hd_mini_close(&mini);
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "a.csv", "id,name,phone\n1,张伟,13987654021\n2,李娜,\n");
    hd_mini_write(&mini, "rules/linkage.yaml", own_rules);
    hd_mini_write(&mini, "model.json", text.ptr);
    hd_buf_release(&text);
    hd_mini_read(&mini);
    snprintf(path, sizeof path, "%s/model.json", mini.folder);
    cr_assert_eq(hd_model_load(&mini.ctx, path, mini.ruleset, &loaded), HD_OK, "%s",
                 mini.ctx.frames[0].text);
    uint32_t changed = loaded->changed;
    hd_model_free(loaded);
    return changed;
}

static uint32_t bit_of(const char *comparison)
{
    for (uint32_t c = 0; c < mini.ruleset->n_comparisons; c++)
        if (hd_str_eq(mini.ruleset->comparisons[c].code, hd_str_from(comparison)))
            return UINT32_C(1) << c;
    return 0;
}

Test(model, the_rules_that_it_was_trained_with_are_still_those)
{
    cr_expect_eq(changed_by("# a comment\n"), 0);
}

Test(model, a_condition_that_has_changed_is_noticed)
{
    uint32_t changed =
        changed_by("comparisons:\n  - code: phone\n    needs: [phone]\n    levels:\n"
                   "      - {code: same, when: \"suffix(a.phone, 8) = suffix(b.phone, 8)\"}\n"
                   "      - {code: differs}\n");
    cr_expect_eq(changed, bit_of("phone"), "%x", changed);
}

Test(model, layout_is_no_change)
{
    uint32_t changed =
        changed_by("comparisons:\n  - {code: phone, needs: [ (phone) ], levels: [{code: same, "
                   "when: \"(a.phone)   =   b.phone\"}, {code: differs}]}\n");
    cr_expect_eq(changed, 0, "%x", changed);
}

Test(model, without_a_mark_nothing_is_said)
{
    hd_buf text = {0};
    hd_model *loaded = NULL;
    save();
    read_text(&text);
    for (char *at; (at = strstr(text.ptr, "   \"rule\":"));)
        memset(at, ' ', strcspn(at, "\n"));
    hd_mini_write(&mini, "model.json", text.ptr);
    cr_assert_eq(hd_model_load(&mini.ctx, path, mini.ruleset, &loaded), HD_OK);
    cr_expect_eq(loaded->changed, 0);
    hd_model_free(loaded);
    hd_buf_release(&text);
}

/* What stood beside the levels while a comparison had one frequency at most. */
Test(model, a_frequency_beside_the_levels_is_the_first_declared_ones)
{
    hd_model *loaded = NULL;
    save();
    json_t *root = json_load_file(path, 0, NULL);
    json_t *name = json_array_get(json_object_get(root, "comparisons"), 0);
    json_t *same = json_array_get(json_object_get(name, "levels"), 0);
    cr_assert_not_null(json_object_get(same, "frequency"));
    json_object_set(name, "frequency", json_object_get(same, "frequency"));
    json_object_del(same, "frequency");
    cr_assert_eq(json_dump_file(root, path, 0), 0);
    json_decref(root);
    cr_assert_eq(hd_model_load(&mini.ctx, path, mini.ruleset, &loaded), HD_OK, "%s",
                 mini.ctx.frames[0].text);
    cr_expect_eq(loaded->comparison[0].level[0].n_terms, 2);
    cr_expect_float_eq(loaded->comparison[0].level[0].frequency_floor, 0.01, 1e-12);
    hd_model_free(loaded);
}
