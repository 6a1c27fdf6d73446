#include "pipeline/config/call_memo.h"

#include "base/mem.h"

enum { N_CALLS = 4096 }; /* a power of two */

typedef struct remembered {
    hd_value args[2], result;
    uint32_t function_plus_1; /* 0: free */
} remembered;

struct hd_call_memo {
    remembered calls[N_CALLS];
    uint64_t address_text_plus_1; /* 0: none yet */
    hd_address address;
};

hd_call_memo *hd_call_memo_new(void)
{
    return hd_alloc_zero(1, sizeof(hd_call_memo));
}

/* A number differs from the next one in its high bits. */
static uint32_t slot_of(uint32_t function, const hd_value args[2])
{
    static const uint64_t golden = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t key = args[0] ^ (args[1] ^ args[1] >> 44) << 28 ^ (uint64_t)function << 52;
    return (uint32_t)(key * golden >> 40) & (N_CALLS - 1);
}

hd_value *hd_call_memo_find(hd_call_memo *memo, uint16_t function, const hd_value *args,
                            unsigned n_args, bool *known)
{
    hd_value two[2] = {args[0], n_args > 1 ? args[1] : 0};
    remembered *slot = &memo->calls[slot_of(function, two)];
    HD_ASSERT(n_args <= 2);
    *known = slot->function_plus_1 == function + 1u && slot->args[0] == two[0] &&
             slot->args[1] == two[1];
    if (!*known)
        *slot = (remembered){{two[0], two[1]}, HD_NULL, function + 1u};
    return &slot->result;
}

const hd_address *hd_call_memo_address(hd_call_memo *memo, const hd_divisions *divisions,
                                       const hd_pool *texts, hd_text text)
{
    if (memo->address_text_plus_1 != (uint64_t)text + 1) {
        hd_address_parse(divisions, hd_pool_get(texts, text), &memo->address);
        memo->address_text_plus_1 = (uint64_t)text + 1;
    }
    return &memo->address;
}
