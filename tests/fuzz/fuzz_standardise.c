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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 1 || n > UINT32_MAX)
        return 0;
    hd_kind kind = (hd_kind)(data[0] % HD_N_KINDS);
    hd_std_env *env = hd_std_env_new();
    env->table = data[0] >= 128 ? small_table() : NULL;
    const char *broken =
        std_broken_promise(env, kind, (hd_str){(const char *)data + 1, (uint32_t)n - 1});
    if (broken)
        HD_BUG("%s: promise broken: %s", hd_kind_name(kind), broken);
    hd_std_env_free(env);
    return 0;
}
