#include "base/mem.h"
#include "pipeline/config/call_memo.h"
#include "rule_case.h"

enum { N = 6000 };

static hd_value made_of(uint32_t function, hd_value x, hd_value y)
{
    return x * 3 + y * 7 + function;
}

/* More calls than it holds, of several functions in turn, so that slots are taken again and again.
 */
Test(call_memo, answers_as_without_it)
{
    static const uint16_t functions[] = {HD_FUNCTION_prefix, HD_FUNCTION_suffix,
                                         HD_FUNCTION_folded};
    hd_call_memo *memo = hd_call_memo_new();
    uint32_t n_known = 0;
    for (int round = 0; round < 2; round++) {
        for (hd_value x = 0; x < N; x++) {
            for (int f = 0; f < 3; f++) {
                bool known;
                hd_value args[2] = {x / 2, x % 3};
                unsigned n_args = f < 2 ? 2 : 1;
                hd_value want = made_of(functions[f], args[0], f < 2 ? args[1] : 0);
                hd_value *got = hd_call_memo_find(memo, functions[f], args, n_args, &known);
                if (known)
                    cr_assert_eq(*got, want);
                *got = want;
                n_known += known;
            }
        }
    }
    cr_expect_gt(n_known, N / 4, "some are asked for again soon");
    hd_free(memo);
}

/* prefix(place, 6) and prefix(place, 9), of one place after the other. */
Test(call_memo, other_numbers_stand_elsewhere)
{
    enum { N_PLACES = 200 };
    hd_call_memo *memo = hd_call_memo_new();
    uint32_t n_known = 0;
    for (int round = 0; round < 2; round++)
        for (hd_value place = 0; place < N_PLACES; place++)
            for (unsigned n = 0; n < 2; n++) {
                bool known;
                hd_value args[2] = {place, hd_value_number(n ? 6 : 9)};
                hd_value *got = hd_call_memo_find(memo, HD_FUNCTION_prefix, args, 2, &known);
                *got = place;
                n_known += known;
            }
    cr_expect_gt(n_known, 2 * N_PLACES * 9 / 10, "most are remembered in the second round");
    hd_free(memo);
}

Test(call_memo, null_is_a_result)
{
    hd_call_memo *memo = hd_call_memo_new();
    bool known;
    hd_value arg = 5;
    cr_expect_eq(*hd_call_memo_find(memo, HD_FUNCTION_given, &arg, 1, &known), HD_NULL);
    cr_expect_not(known);
    cr_expect_eq(*hd_call_memo_find(memo, HD_FUNCTION_given, &arg, 1, &known), HD_NULL);
    cr_expect(known);
    hd_free(memo);
}
