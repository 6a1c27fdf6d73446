#include "pipeline/analyse/first_fields.h"

#include "pipeline/config/functions.h"

uint64_t hd_first_fields(const hd_expr *expr)
{
    if (expr->op == HD_OP_REF)
        return expr->ref.what == HD_REF_BUILTIN || expr->ref.what == HD_REF_RELATED
                   ? 0
                   : UINT64_C(1) << expr->ref.index;
    uint32_t n = expr->op == HD_OP_CALL && expr->function == HD_FUNCTION_first ? 1 : expr->n_args;
    uint64_t fields = 0;
    for (uint32_t i = 0; i < n; i++)
        fields |= hd_first_fields(expr->args[i]);
    return fields;
}
