/* Any bytes as a value: every standardiser keeps its promises, and gives what it is given in its
 * own words. The first byte chooses the kind; what follows need not be valid UTF-8. */

#include "tests/unit/pipeline/standardise/promises.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const hd_code_table *small_table(void)
{
    static hd_str from[] = {HD_STR("01"), HD_STR("HA"), HD_STR("汉"), HD_STR("汉族")};
    static hd_str to[] = {HD_STR("01"), HD_STR("01"), HD_STR("01"), HD_STR("01")};
    static const hd_code_table table = {{"ethnicity", 9}, from, to, sizeof from / sizeof *from};
    return &table;
}

static const hd_divisions *small_divisions(void)
{
    static hd_arena arena;
    static const hd_divisions *divisions;
    hd_divisions_fault fault;
    if (!divisions)
        divisions = hd_divisions_parse(&arena,
                                       HD_STR("530000\t云南省\t\t\t\n"
                                              "530300\t曲靖市\t1997\t\t\n"
                                              "530328\t沾益县\t1997\t2015\t530303\n"
                                              "530303\t沾益区\t2016\t\t\n"),
                                       HD_STR("530303001\t西平街道\t西平镇\n"), &fault);
    return divisions;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 1 || n > UINT32_MAX)
        return 0;
    hd_kind kind = (hd_kind)(data[0] % HD_N_KINDS);
    hd_std_env *env = hd_std_env_new();
    env->table = data[0] >= 128 ? small_table() : NULL;
    env->divisions = data[0] >= 128 ? small_divisions() : NULL;
    const char *broken =
        std_broken_promise(env, kind, (hd_str){(const char *)data + 1, (uint32_t)n - 1});
    if (broken)
        HD_BUG("%s: promise broken: %s", hd_kind_name(kind), broken);
    hd_std_env_free(env);
    return 0;
}
