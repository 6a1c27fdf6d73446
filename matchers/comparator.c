#include "matchers/comparator.h"

double hd_exact(hd_str a, hd_str b)
{
    return hd_str_eq(a, b);
}

double hd_either_order(hd_two_texts a, hd_two_texts b)
{
    double straight = hd_jaro_winkler(a.first, b.first) + hd_jaro_winkler(a.second, b.second);
    double crossed = hd_jaro_winkler(a.first, b.second) + hd_jaro_winkler(a.second, b.first);
    return (straight > crossed ? straight : crossed) / 2;
}

double hd_idcard_similarity(hd_str a, hd_str b)
{
    return 1 - hd_idcard_compare(a, b) / (double)HD_ID_differs;
}

double hd_han_name_similarity(const hd_han_name *a, const hd_han_name *b)
{
    return hd_han_name_compare(a, b).score;
}

/* Each behind the contract's signature. */
#define X(name, function, operands, measure, remember)                     \
    static double compare_##name(const hd_operand *a, const hd_operand *b) \
    {                                                                      \
        return function(a->operands, b->operands);                         \
    }
HD_COMPARATORS(X)
#undef X

const hd_comparator hd_comparators[HD_N_COMPARATORS] = {
#define X(name, function, operands, measure, remember) \
    {#name, HD_OPERAND_##operands, measure, remember, compare_##name},
    HD_COMPARATORS(X)
#undef X
};
