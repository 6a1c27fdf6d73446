/* Any bytes as a file of mentions: it is loaded, or refused with a message; what is loaded makes
 * mentions, and is written and loaded again as what it was. Once as the bytes are, and once with
 * the head and the checksums that they should have, so that what lies behind is reached. */

#include "base/mem.h"
#include "pipeline/io/file.h"
#include "pipeline/stages.h"
#include "tests/fuzz/folder.h"
#include "tests/support/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { NAME, BIRTH, ETHNICITY, MARITAL, MOTHER, EVENT, N_FIELDS };

static hd_input record[] = {{.field = EVENT, .column = 0}};
static hd_input child[] = {{.field = NAME, .column = 1}, {.field = BIRTH, .column = 2}};
static hd_input mother[] = {{.field = NAME, .column = 3}, {.field = ETHNICITY, .column = 4}};
static hd_role birth_roles[] = {{{"child", 5}, 0, child, 2, false},
                                {{"mother", 6}, 1, mother, 2, false}};
static hd_fill fills[] = {{0, 1, MOTHER, NAME}};
static hd_input self[] = {
    {.field = NAME, .column = 0}, {.field = BIRTH, .column = 1}, {.field = MARITAL, .column = 2}};
static hd_role household_roles[] = {{{"self", 4}, 2, self, 3, false}};
static hd_source sources[] = {
    {.code = {"birth", 5},
     .type = {"birth", 5},
     .record = record,
     .n_record = 1,
     .roles = birth_roles,
     .n_roles = 2,
     .fills = fills,
     .n_fills = 1},
    {.code = {"household", 9}, .type = {"household", 9}, .roles = household_roles, .n_roles = 1}};
static hd_ruleset ruleset = {
    .n_fields = N_FIELDS,
    .fields = {[NAME] = {.code = {"name", 4}, .kind = HD_KIND_name},
               [BIRTH] = {.code = {"birth_date", 10}, .kind = HD_KIND_date},
               [ETHNICITY] = {.code = {"ethnicity", 9}, .kind = HD_KIND_code, .table = {"a", 1}},
               [MARITAL] = {.code = {"marital", 7}, .kind = HD_KIND_code, .table = {"b", 1}},
               [MOTHER] = {.code = {"mother_name", 11}, .kind = HD_KIND_name},
               [EVENT] = {.code = {"event_date", 10}, .kind = HD_KIND_date}},
    .role_names = {{"child", 5}, {"mother", 6}, {"self", 4}},
    .n_role_names = 3,
    .sources = sources,
    .n_sources = 2,
};

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

static bool load(const char *name, hd_extract *out)
{
    hd_ctx ctx;
    hd_artefact *artefact;
    hd_ctx_init(&ctx, 1);
    hd_status status = hd_artefact_open(&ctx, fuzz_path(name), &artefact);
    bool own = status == HD_OK && hd_artefact_tell(artefact)->run_id.ptr;
    if (own)
        status = hd_artefact_load(&ctx, artefact, &ruleset, out);
    HD_ASSERT(status == HD_OK || (status == HD_SOURCE && ctx.n_frames > 0));
    if (own || status == HD_OK)
        hd_artefact_close(artefact);
    return own && status == HD_OK;
}

/* Everything that later stages ask of a mention. */
static void look(hd_extract *extract)
{
    hd_ctx ctx;
    hd_mentions mentions;
    hd_buf out = {0};
    hd_ctx_init(&ctx, 1);
    HD_ASSERT(hd_mentions_make(&ctx, &ruleset, extract, &mentions) == HD_OK);
    for (hd_mention i = 0; i < mentions.n; i++) {
        hd_buf_add(&out, hd_mention_record_id(&mentions, i));
        for (uint32_t field = 0; field < N_FIELDS; field++) {
            hd_mention_print(&out, &mentions, i, field);
            hd_mention_print_masked(&out, &mentions, i, field, i % 2);
            HD_ASSERT(hd_mention_standard(&mentions, i, field)->state < HD_N_STATES);
        }
        hd_buf_clear(&out);
    }
    for (size_t i = 0; i < extract->n_rejects; i++)
        hd_buf_addf(&out, "%s", hd_reject_reason_name(extract->rejects[i].reason));
    hd_buf_release(&out);
    hd_mentions_release(&mentions);
}

static void write_again(const char *name, const hd_extract *extract)
{
    hd_ctx ctx;
    hd_artefact_about about = {
        .run_id = HD_STR("R"), .ruleset_hash = HD_STR(""), .key_mark = HD_STR("")};
    hd_ctx_init(&ctx, 1);
    HD_ASSERT(hd_artefact_write(&ctx, fuzz_path(name), &about, &ruleset, extract) == HD_OK);
}

static void expect_same_files(const char *a, const char *b)
{
    hd_ctx ctx;
    hd_buf x = {0}, y = {0};
    hd_ctx_init(&ctx, 1);
    HD_ASSERT(hd_file_read(&ctx, fuzz_path(a), &x) == HD_OK);
    HD_ASSERT(hd_file_read(&ctx, fuzz_path(b), &y) == HD_OK);
    HD_ASSERT(hd_str_eq(hd_buf_str(&x), hd_buf_str(&y)));
    hd_buf_release(&x);
    hd_buf_release(&y);
}

static void try_file(const void *bytes, size_t n)
{
    hd_extract extract, again;
    fuzz_write("any.hdm", (hd_str){bytes, (uint32_t)n});
    if (!load("any.hdm", &extract))
        return;
    look(&extract);
    write_again("first.hdm", &extract);
    hd_extract_release(&extract);
    HD_ASSERT(load("first.hdm", &again));
    write_again("second.hdm", &again);
    hd_extract_release(&again);
    expect_same_files("first.hdm", "second.hdm");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > UINT32_MAX)
        return 0;
    if (!fuzz_folder[0])
        fuzz_folder_make();
    renew_texts();
    try_file(data, n);
    char *sealed = hd_alloc(n);
    memcpy(sealed, data, n);
    seal_artefact(sealed, n);
    try_file(sealed, n);
    hd_free(sealed);
    return 0;
}
