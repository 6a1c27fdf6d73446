#include <stdlib.h>

#include "base/buf.h"
#include "pipeline/config/rule.h"

/* Any bytes as an expression. Where they compile, the expression is evaluated over two rows, one of
 * them all null, and its value printed: nothing may crash, and a bool must be 0, 1 or null. */

static const struct {
    const char *name;
    hd_type type;
    const char *text;
    uint64_t value;
} fields[] = {
    {"t", HD_TYPE_TEXT, "欧阳·张 Li7", 0},
    {"i", HD_TYPE_TEXT, "11010519491231002X", 0},
    {"d", HD_TYPE_DATE, NULL, 19800102},
    {"y", HD_TYPE_DATE, NULL, 19800000},
    {"f", HD_TYPE_BOOL, NULL, 1},
    {"n", HD_TYPE_NUMBER, NULL, UINT64_C(0x4004000000000000)}, /* 2.5 */
};

enum { N_FIELDS = sizeof fields / sizeof *fields };

typedef struct fuzz_row {
    hd_pool *texts;
    bool null;
} fuzz_row;

static bool resolve(void *arg, hd_str qualifier, hd_str name, hd_ref *ref, hd_type *type)
{
    (void)arg;
    ref->side = qualifier.len_bytes == 1 && qualifier.ptr[0] == 'b';
    for (uint16_t i = 0; i < N_FIELDS; i++)
        if (hd_str_eq(name, hd_str_from(fields[i].name))) {
            ref->index = i;
            *type = fields[i].type;
            return true;
        }
    return false;
}

static hd_str list(void *arg, uint32_t i)
{
    (void)arg;
    return i < N_FIELDS ? hd_str_from(fields[i].name) : HD_STR_NULL;
}

static hd_value load(const void *arg, const hd_ref *ref)
{
    const fuzz_row *row = arg;
    if (row->null || ref->side)
        return HD_NULL;
    if (ref->what == HD_REF_STATE || ref->what == HD_REF_ORIGINAL)
        return 0;
    if (ref->what == HD_REF_REASON)
        return 1;
    const char *text = fields[ref->index].text;
    return text ? hd_pool_intern(row->texts, hd_str_from(text)) : fields[ref->index].value;
}

static void evaluate(const hd_expr *expr, hd_pool *texts, const hd_han *han)
{
    hd_buf out = {0};
    for (int null = 0; null < 2; null++) {
        fuzz_row row = {texts, null};
        hd_env env = {.texts = texts, .han = han, .load = load, .row = &row};
        hd_value value = hd_expr_eval(expr, &env);
        if (expr->type == HD_TYPE_BOOL && value > 1 && value != HD_NULL)
            abort();
        if (expr->type == HD_TYPE_NULL && value != HD_NULL)
            abort();
        hd_value_print(&out, expr->type, value, texts);
        hd_env_release(&env);
    }
    if (!hd_expr_same_shape(expr, expr))
        abort();
    hd_buf_release(&out);
}

/* Making a pool takes longer than a run: it is kept, but not so long that its texts pile up. */
static hd_pool *shared_pool(void)
{
    enum { RUNS_A_POOL = 10000 };
    static hd_pool *pool;
    static uint32_t n_runs;
    if (n_runs++ % RUNS_A_POOL == 0) {
        hd_pool_free(pool);
        pool = hd_pool_new();
    }
    return pool;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hd_ctx ctx;
    hd_arena arena = {0};
    uint32_t bad_line;
    const hd_han *han = hd_han_parse(&arena, HD_STR("欧\t\tou1\t\t8\n张\t\tzhang1\t\t7\n"),
                                     HD_STR("欧阳\t\n"), &bad_line);
    hd_scope scope = {.resolve = resolve, .list = list, .arena = &arena, .texts = shared_pool()};
    const hd_expr *expr;
    hd_ctx_init(&ctx, 1);
    hd_str text = {(const char *)data, (uint32_t)size};
    hd_status status =
        hd_rule_compile(&ctx, &scope, (hd_source_pos){"fuzz", 1, 1}, text, HD_TYPE_NULL, &expr);
    if (status == HD_OK)
        evaluate(expr, scope.texts, han);
    hd_arena_release(&arena);
    return 0;
}
