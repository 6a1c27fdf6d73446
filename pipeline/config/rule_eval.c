#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "matchers/date.h"
#include "pipeline/config/functions.h"

/* Called about 10^8 times a run: a switch a node, no allocation. A bool is 0, 1 or HD_NULL. */

static hd_value from_number(double d)
{
    return isfinite(d) ? hd_value_number(d + 0.0) : HD_NULL; /* + 0.0: no negative zero */
}

/* By what both dates know: -1, 0, 1; 2 where that does not decide it. */
static int compare_dates(hd_date x, hd_date y)
{
    static const int32_t units[] = {10000, 100, 1};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        int32_t px = x / units[i], py = y / units[i];
        if (i > 0 && (px % 100 == 0 || py % 100 == 0))
            return 2;
        if (px != py)
            return px < py ? -1 : 1;
    }
    return 0;
}

static int compare_values(hd_type type, hd_value x, hd_value y, const hd_pool *texts)
{
    switch (type) {
    case HD_TYPE_NUMBER:
        return (hd_number(x) > hd_number(y)) - (hd_number(x) < hd_number(y));
    case HD_TYPE_TEXT:
        return x == y ? 0
                      : hd_str_cmp(hd_pool_get(texts, (hd_text)x), hd_pool_get(texts, (hd_text)y));
    case HD_TYPE_DATE:
        return compare_dates((hd_date)x, (hd_date)y);
    default:
        HD_BUG("a value of type %d has no order", (int)type);
    }
}

static bool equal(hd_type type, hd_value x, hd_value y)
{
    return type == HD_TYPE_NUMBER ? hd_number(x) == hd_number(y) : x == y;
}

hd_value hd_value_compare(hd_op op, hd_type type, hd_value x, hd_value y, const hd_pool *texts)
{
    if (x == HD_NULL || y == HD_NULL)
        return HD_NULL;
    if (op == HD_OP_EQ)
        return equal(type, x, y);
    if (op == HD_OP_NE)
        return !equal(type, x, y);
    int c = compare_values(type, x, y, texts);
    if (c == 2)
        return HD_NULL;
    switch (op) {
    case HD_OP_LT:
        return c < 0;
    case HD_OP_LE:
        return c <= 0;
    case HD_OP_GT:
        return c > 0;
    case HD_OP_GE:
        return c >= 0;
    default:
        HD_BUG("operator %d compares nothing", (int)op);
    }
}

static hd_value eval_compare(const hd_expr *expr, hd_env *env)
{
    hd_value x = hd_expr_eval(expr->args[0], env);
    if (x == HD_NULL)
        return HD_NULL;
    hd_value y = hd_expr_eval(expr->args[1], env);
    return hd_value_compare(expr->op, expr->args[0]->type, x, y, env->texts);
}

/* and: `decides` 0; or: `decides` 1. */
static hd_value eval_chain(const hd_expr *expr, hd_value decides, hd_env *env)
{
    hd_value result = !decides;
    for (unsigned i = 0; i < expr->n_args; i++) {
        hd_value v = hd_expr_eval(expr->args[i], env);
        if (v == decides)
            return v;
        if (v == HD_NULL)
            result = HD_NULL;
    }
    return result;
}

static hd_value eval_in(const hd_expr *expr, hd_env *env)
{
    hd_value x = hd_expr_eval(expr->args[0], env), result = 0;
    if (x == HD_NULL)
        return HD_NULL;
    for (unsigned i = 1; i < expr->n_args; i++) {
        hd_value item = hd_expr_eval(expr->args[i], env);
        if (item == HD_NULL)
            result = HD_NULL;
        else if (equal(expr->args[0]->type, x, item))
            return 1;
    }
    return result;
}

static hd_value eval_arithmetic(const hd_expr *expr, hd_env *env)
{
    hd_value vx = hd_expr_eval(expr->args[0], env);
    if (vx == HD_NULL)
        return HD_NULL;
    if (expr->op == HD_OP_NEG)
        return from_number(-hd_number(vx));
    hd_value vy = hd_expr_eval(expr->args[1], env);
    if (vy == HD_NULL)
        return HD_NULL;
    double x = hd_number(vx), y = hd_number(vy);
    switch ((hd_op)expr->op) {
    case HD_OP_ADD:
        return from_number(x + y);
    case HD_OP_SUB:
        return from_number(x - y);
    case HD_OP_MUL:
        return from_number(x * y);
    default:
        return y == 0 ? HD_NULL : from_number(x / y);
    }
}

static hd_value eval_first(const hd_expr *expr, hd_env *env)
{
    for (unsigned i = 0; i < expr->n_args; i++) {
        hd_value v = hd_expr_eval(expr->args[i], env);
        if (v != HD_NULL)
            return v;
    }
    return HD_NULL;
}

/* Only what is chosen is evaluated: a rule that makes a text of few records' values costs no other.
 */
static hd_value eval_recode(const hd_expr *expr, hd_env *env)
{
    hd_value said = hd_expr_eval(expr->args[0], env);
    if (said == HD_NULL)
        return HD_NULL;
    hd_value text = hd_value_trimmed(said, env);
    unsigned i = 1;
    for (; i + 1u < expr->n_args; i += 2)
        if (hd_expr_eval(expr->args[i], env) == text)
            return hd_expr_eval(expr->args[i + 1], env);
    return i < expr->n_args ? hd_expr_eval(expr->args[i], env) : said;
}

static hd_value eval_strict_call(const hd_expr *expr, hd_value *args, hd_env *env)
{
    bool takes_null = hd_function_takes_null(expr->function);
    for (unsigned i = 0; i < expr->n_args; i++) {
        args[i] = hd_expr_eval(expr->args[i], env);
        if (args[i] == HD_NULL && !takes_null)
            return HD_NULL;
    }
    return hd_function_apply(expr->function, args, expr->n_args, env);
}

/* Apart, so that the room for many arguments lies on no other frame. */
static __attribute__((noinline)) hd_value eval_long_call(const hd_expr *expr, hd_env *env)
{
    hd_value args[UINT8_MAX];
    return eval_strict_call(expr, args, env);
}

static hd_value eval_call(const hd_expr *expr, hd_env *env)
{
    enum { N_FEW = 4 };
    hd_value args[N_FEW];
    switch ((hd_function)expr->function) {
    case HD_FUNCTION_first:
        return eval_first(expr, env);
    case HD_FUNCTION_recode:
        return eval_recode(expr, env);
    case HD_FUNCTION_known:
        return hd_expr_eval(expr->args[0], env) != HD_NULL;
    case HD_FUNCTION_missing:
        return hd_expr_eval(expr->args[0], env) == HD_NULL;
    default:
        return expr->n_args <= N_FEW ? eval_strict_call(expr, args, env)
                                     : eval_long_call(expr, env);
    }
}

static hd_value negate(hd_value v)
{
    return v == HD_NULL ? HD_NULL : !v;
}

hd_value hd_expr_eval(const hd_expr *expr, hd_env *env)
{
    switch ((hd_op)expr->op) {
    case HD_OP_LITERAL:
        return expr->literal;
    case HD_OP_REF:
        return env->load(env->row, &expr->ref);
    case HD_OP_CALL:
        return eval_call(expr, env);
    case HD_OP_AND:
        return eval_chain(expr, 0, env);
    case HD_OP_OR:
        return eval_chain(expr, 1, env);
    case HD_OP_NOT:
        return negate(hd_expr_eval(expr->args[0], env));
    case HD_OP_EQ:
    case HD_OP_NE:
    case HD_OP_LT:
    case HD_OP_LE:
    case HD_OP_GT:
    case HD_OP_GE:
        return eval_compare(expr, env);
    case HD_OP_IN:
        return eval_in(expr, env);
    default:
        return eval_arithmetic(expr, env);
    }
}

const char *hd_relation_kind_name(hd_relation_kind kind)
{
    static const char *const names[] = {
#define X(name) #name,
        HD_RELATION_KINDS(X)
#undef X
    };
    return names[kind];
}

int hd_relation_kind_find(hd_str name)
{
    for (int i = 0; i < HD_N_RELATION_KINDS; i++)
        if (hd_str_eq(name, hd_str_from(hd_relation_kind_name((hd_relation_kind)i))))
            return i;
    return -1;
}

uint32_t hd_expr_related(const hd_expr *expr)
{
    if (expr->op == HD_OP_REF)
        return expr->ref.what == HD_REF_RELATED ? UINT32_C(1) << expr->ref.index : 0;
    uint32_t persons = 0;
    for (unsigned i = 0; i < expr->n_args; i++)
        persons |= hd_expr_related(expr->args[i]);
    return persons;
}

static bool same_ref(const hd_ref *x, const hd_ref *y)
{
    return x->what == y->what && x->reason == y->reason && x->role == y->role &&
           x->index == y->index;
}

bool hd_expr_same_shape(const hd_expr *x, const hd_expr *y)
{
    if (x->op != y->op || x->type != y->type || x->n_args != y->n_args)
        return false;
    if (x->op == HD_OP_LITERAL)
        return x->literal == y->literal;
    if (x->op == HD_OP_REF)
        return same_ref(&x->ref, &y->ref);
    if (x->op == HD_OP_CALL && x->function != y->function)
        return false;
    for (unsigned i = 0; i < x->n_args; i++)
        if (!hd_expr_same_shape(x->args[i], y->args[i]))
            return false;
    return true;
}

/* Fewest digits that read back as the same number; whole numbers never as 1e+06. */
static void print_number(hd_buf *out, double d)
{
    char text[32];
    if (fabs(d) < 1e15 && d == trunc(d)) {
        hd_buf_addf(out, "%.0f", d + 0.0);
        return;
    }
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, d);
        if (strtod(text, NULL) == d)
            break;
    }
    hd_buf_add(out, hd_str_from(text));
}

static void print_date(hd_buf *out, hd_date d)
{
    uint32_t year = (uint32_t)d / 10000, month = (uint32_t)d / 100 % 100, day = (uint32_t)d % 100;
    hd_buf_add_digits(out, year, 4);
    if (month == 0)
        return;
    hd_buf_add_char(out, '-');
    hd_buf_add_digits(out, month, 2);
    if (day == 0)
        return;
    hd_buf_add_char(out, '-');
    hd_buf_add_digits(out, day, 2);
}

void hd_value_print(hd_buf *out, hd_type type, hd_value value, const hd_pool *texts)
{
    if (value == HD_NULL)
        return;
    switch (type) {
    case HD_TYPE_BOOL:
        hd_buf_add(out, value ? HD_STR("true") : HD_STR("false"));
        break;
    case HD_TYPE_NUMBER:
        print_number(out, hd_number(value));
        break;
    case HD_TYPE_TEXT:
        hd_buf_add(out, hd_pool_get(texts, (hd_text)value));
        break;
    case HD_TYPE_DATE:
        print_date(out, (hd_date)value);
        break;
    case HD_TYPE_PERSON:
    case HD_TYPE_NULL:
        break;
    }
}
