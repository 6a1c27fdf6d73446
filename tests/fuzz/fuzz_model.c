/* Any bytes as a linkage model: it loads, or fails with a message; a model that loads is written
 * and read again as what it was. */

#include "base/buf.h"
#include "base/mem.h"
#include "pipeline/config/file.h"
#include "pipeline/model.h"
#include "tests/fuzz/folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static hd_level birth_levels[] = {{.code = HD_STR("same")}, {.code = HD_STR("other")}};
static const hd_expr name_frequency;
static hd_level name_levels[] = {{.code = HD_STR("same"), .frequency = &name_frequency},
                                 {.code = HD_STR("sound")},
                                 {.code = HD_STR("other")}};
static hd_comparison comparisons[] = {
    {.code = HD_STR("birth"), .levels = birth_levels, .n_levels = 2},
    {.code = HD_STR("name"), .levels = name_levels, .n_levels = 3},
};

static hd_ruleset ruleset = {.comparisons = comparisons, .n_comparisons = 2};

/* Making a pool takes longer than a run: it is kept, but not so long that its texts pile up. */
static void renew_texts(void)
{
    enum { RUNS_A_POOL = 10000 };
    static uint32_t n_runs;
    if (n_runs++ % RUNS_A_POOL)
        return;
    hd_pool_free(ruleset.texts);
    ruleset.texts = hd_pool_new();
}

static hd_model *load(const char *name, bool must)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_model *model = NULL;
    hd_status status = hd_model_load(&ctx, fuzz_path(name), &ruleset, &model);
    if (status != HD_OK && must)
        HD_BUG("what was written is not read: %s", ctx.frames[0].text);
    HD_ASSERT(status == HD_OK || (status == HD_CONFIG && ctx.n_frames > 0 && !model));
    return model;
}

static void save(const char *name, const hd_model *model)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    HD_ASSERT(hd_model_save(&ctx, fuzz_path(name), &ruleset, model) == HD_OK);
}

static bool same_files(const char *a, const char *b)
{
    hd_ctx ctx;
    hd_arena arena = {0};
    hd_str x, y;
    hd_ctx_init(&ctx, 1);
    HD_ASSERT(hd_config_read(&ctx, fuzz_path(a), a, &arena, &x) == HD_OK);
    HD_ASSERT(hd_config_read(&ctx, fuzz_path(b), b, &arena, &y) == HD_OK);
    bool same = x.ptr && y.ptr && hd_str_eq(x, y);
    hd_arena_release(&arena);
    return same;
}

/* Written with 12 digits, a probability that is nearly 1 would be 1; training makes none. */
static bool can_be_written(const hd_model *model)
{
    static const double most = 1 - 1e-9;
    bool can = model->prior < most;
    for (unsigned c = 0; c < sizeof comparisons / sizeof *comparisons; c++) {
        const hd_model_comparison *comparison = &model->comparison[c];
        for (uint32_t l = 0; l < comparisons[c].n_levels; l++)
            can = can && comparison->level[l].m < most && comparison->level[l].u < most &&
                  comparison->level[l].frequency_floor < most;
    }
    return can;
}

/* It is the second file that must be the first: what was read may have had more digits. */
static void check_round_trip(const hd_model *model)
{
    save("first.json", model);
    hd_model *again = load("first.json", true);
    save("second.json", again);
    HD_ASSERT(same_files("first.json", "second.json"));
    hd_model_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > UINT32_MAX)
        return 0;
    if (!fuzz_folder[0])
        fuzz_folder_make();
    renew_texts();
    fuzz_write("model.json", (hd_str){(const char *)data, (uint32_t)n});
    hd_model *model = load("model.json", false);
    if (model && can_be_written(model))
        check_round_trip(model);
    hd_model_free(model);
    return 0;
}
