#include <stdio.h>

#include "matchers/han_name.h"
#include "pipeline/config/functions.h"
#include "pipeline/config/near_name.h"
#include "pipeline/config/rule_tree.h"
#include "pipeline/field.h"

/* From the tree of nodes to the compiled tree: names are resolved, types checked, constants
 * evaluated. */
typedef struct compiler {
    hd_rule_source source;
    const hd_scope *scope;
    hd_env env; /* for constants: no row, no Han table */
} compiler;

static const char *type_name(hd_type type)
{
    static const char *const names[] = {"bool", "number", "text", "date", "person", "null"};
    return names[type];
}

static const char *op_sign(hd_op op)
{
    static const char *const signs[] = {
        [HD_OP_AND] = "and", [HD_OP_OR] = "or", [HD_OP_NOT] = "not", [HD_OP_EQ] = "=",
        [HD_OP_NE] = "!=",   [HD_OP_LT] = "<",  [HD_OP_LE] = "<=",   [HD_OP_GT] = ">",
        [HD_OP_GE] = ">=",   [HD_OP_IN] = "in", [HD_OP_ADD] = "+",   [HD_OP_SUB] = "-",
        [HD_OP_MUL] = "*",   [HD_OP_DIV] = "/", [HD_OP_NEG] = "-",
    };
    return signs[op];
}

static const char *ordinal(uint32_t i, char out[16])
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};
    bool teen = i % 100 >= 11 && i % 100 <= 13;
    snprintf(out, 16, "%u%s", i, endings[!teen && i % 10 <= 3 ? i % 10 : 0]);
    return out;
}

static hd_expr *new_expr(compiler *c, const hd_rule_node *node, hd_type type)
{
    hd_expr *expr = HD_NEW(c->scope->arena, hd_expr);
    expr->op = node->op;
    expr->type = (uint8_t)type;
    expr->column = (uint16_t)node->column;
    return expr;
}

static hd_status compile(compiler *c, const hd_rule_node *node, const hd_expr **out);

static bool is_text_literal(const hd_rule_node *node)
{
    return node->op == HD_OP_LITERAL && node->type == HD_TYPE_TEXT;
}

/* ---- names ---- */

static hd_str full_name(compiler *c, const hd_rule_node *node)
{
    if (!node->qualifier.ptr)
        return node->text;
    return hd_arena_printf(c->source.arena, "%.*s.%.*s", HD_ARG(node->qualifier),
                           HD_ARG(node->text));
}

/* Nothing is near: the names that would have been right, as many as a hint holds. */
static void hint_names(compiler *c)
{
    hd_buf *names = &c->env.scratch;
    hd_buf_clear(names);
    for (uint32_t i = 0; names->len_bytes < HD_FRAME_BYTES; i++) {
        hd_str name = c->scope->list(c->scope->arg, i);
        if (!name.ptr)
            break;
        hd_buf_addf(names, "%s%.*s", i ? ", " : "", HD_ARG(name));
    }
    hd_hint(c->source.ctx, "known names: %s", names->len_bytes ? names->ptr : "none");
}

static hd_status fail_unknown(compiler *c, uint32_t column, const char *what,
                              const hd_near_name *nearest)
{
    if (nearest->best.ptr)
        return hd_rule_fail(&c->source, column, "unknown %s \"%.*s\"; the nearest is \"%.*s\"",
                            what, HD_ARG(nearest->wanted), HD_ARG(nearest->best));
    return hd_rule_fail(&c->source, column, "unknown %s \"%.*s\"", what, HD_ARG(nearest->wanted));
}

static hd_status fail_name(compiler *c, const hd_rule_node *node)
{
    hd_near_name nearest = {.wanted = full_name(c, node)};
    if (!node->qualifier.ptr && hd_function_find(node->text) >= 0)
        return hd_rule_fail(&c->source, node->column, "\"%.*s\" is a function: write %.*s(...)",
                            HD_ARG(node->text), HD_ARG(node->text));
    for (uint32_t i = 0; c->scope->list; i++) {
        hd_str name = c->scope->list(c->scope->arg, i);
        if (!name.ptr)
            break;
        /* A listed name need not outlive the next call. */
        hd_near_name_offer(&nearest, hd_arena_str(c->source.arena, name));
    }
    if (c->scope->list && !nearest.best.ptr)
        hint_names(c);
    return fail_unknown(c, node->column, "name", &nearest);
}

static const hd_expr *derived(compiler *c, const hd_rule_node *node)
{
    if (!c->scope->derive)
        return NULL;
    return c->scope->derive(c->scope->arg, node->qualifier, node->text);
}

static hd_status resolve(compiler *c, const hd_rule_node *node, hd_expr *expr)
{
    hd_type type = HD_TYPE_TEXT;
    expr->op = HD_OP_REF;
    expr->ref = (hd_ref){.what = HD_REF_VALUE, .role = -1};
    if (!c->scope->resolve(c->scope->arg, node->qualifier, node->text, &expr->ref, &type))
        return fail_name(c, node);
    expr->type = (uint8_t)type;
    expr->sides = (uint8_t)(1 << expr->ref.side);
    return HD_OK;
}

static uint32_t expr_depth(const hd_expr *expr)
{
    uint32_t deepest = 0;
    for (unsigned i = 0; i < expr->n_args; i++) {
        uint32_t depth = expr_depth(expr->args[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static hd_status compile_name(compiler *c, const hd_rule_node *node, const hd_expr **out)
{
    *out = derived(c, node);
    if (*out)
        return HD_OK;
    hd_expr *expr = new_expr(c, node, HD_TYPE_NULL);
    *out = expr;
    return resolve(c, node, expr);
}

static hd_status compile_literal(compiler *c, const hd_rule_node *node, const hd_expr **out)
{
    hd_expr *expr = new_expr(c, node, node->type);
    *out = expr;
    switch ((hd_type)node->type) {
    case HD_TYPE_NUMBER:
        expr->literal = hd_value_number(node->number);
        break;
    case HD_TYPE_TEXT:
        expr->literal = hd_pool_intern(c->scope->texts, node->text);
        break;
    case HD_TYPE_BOOL:
        expr->literal = node->number != 0;
        break;
    default:
        expr->literal = HD_NULL;
    }
    return HD_OK;
}

/* ---- arguments ---- */

static hd_status compile_args(compiler *c, const hd_rule_node *node, hd_expr *expr)
{
    expr->args = hd_arena_alloc(c->scope->arena, node->n_args * sizeof *expr->args);
    for (const hd_rule_node *arg = node->first; arg; arg = arg->next) {
        HD_TRY(compile(c, arg, &expr->args[expr->n_args]));
        expr->sides |= expr->args[expr->n_args]->sides;
        expr->n_args++;
    }
    return HD_OK;
}

static bool fits(hd_type type, hd_type want)
{
    return type == want || type == HD_TYPE_NULL || want == HD_TYPE_NULL;
}

/* Where a text is written for a date, what to write instead. */
static const char *date_advice(compiler *c, const hd_rule_node *node, hd_type want)
{
    if (want != HD_TYPE_DATE || !is_text_literal(node))
        return "";
    return hd_arena_printf(c->source.arena, "; write date(\"%.*s\")", HD_ARG(node->text)).ptr;
}

static hd_type type_of_letter(char letter)
{
    switch (letter) {
    case 'b':
        return HD_TYPE_BOOL;
    case 'n':
        return HD_TYPE_NUMBER;
    case 't':
        return HD_TYPE_TEXT;
    case 'd':
        return HD_TYPE_DATE;
    case 'p':
        return HD_TYPE_PERSON;
    default:
        return HD_TYPE_NULL;
    }
}

/* A constant subtree becomes a literal. */
static void fold(compiler *c, hd_expr *expr)
{
    for (unsigned i = 0; i < expr->n_args; i++)
        if (expr->args[i]->op != HD_OP_LITERAL)
            return;
    if (expr->op == HD_OP_CALL && hd_function_needs_tables(expr->function))
        return;
    expr->literal = hd_expr_eval(expr, &c->env);
    expr->op = HD_OP_LITERAL;
    expr->n_args = 0;
    expr->args = NULL;
}

/* ---- codes that a text literal must be one of ---- */

static hd_status check_state_literal(compiler *c, const hd_expr *x, const hd_rule_node *literal)
{
    if (x->op != HD_OP_REF || x->ref.what != HD_REF_STATE || !is_text_literal(literal))
        return HD_OK;
    hd_near_name nearest = {.wanted = literal->text};
    for (int i = 0; i < HD_N_STATES; i++) {
        hd_str name = hd_str_from(hd_state_name((hd_state)i));
        if (hd_str_eq(name, literal->text))
            return HD_OK;
        hd_near_name_offer(&nearest, name);
    }
    return fail_unknown(c, literal->column, "state", &nearest);
}

static hd_status find_reason(compiler *c, const hd_rule_node *literal, uint8_t *out)
{
    if (!is_text_literal(literal))
        return hd_rule_fail(&c->source, literal->column,
                            "reason() needs a reason code in quotes as its 2nd argument");
    hd_near_name nearest = {.wanted = literal->text};
    for (int i = 0; i < HD_N_REASONS; i++) {
        hd_str name = hd_str_from(hd_reason_name((hd_reason)i));
        *out = (uint8_t)i;
        if (hd_str_eq(name, literal->text))
            return HD_OK;
        hd_near_name_offer(&nearest, name);
    }
    return fail_unknown(c, literal->column, "reason", &nearest);
}

static hd_status check_name_level(compiler *c, const hd_rule_node *call, uint16_t function)
{
    if (!hd_function_takes_name_level(function))
        return HD_OK;
    const hd_rule_node *literal = call->first->next->next;
    if (!is_text_literal(literal))
        return hd_rule_fail(&c->source, literal->column,
                            "%s() needs a level in quotes as its 3rd argument",
                            hd_functions[function].name);
    if (hd_name_level_find(literal->text) >= 0)
        return HD_OK;
    hd_near_name nearest = {.wanted = literal->text};
    for (int i = 0; i < HD_N_NAME_LEVELS; i++)
        hd_near_name_offer(&nearest, hd_str_from(hd_name_level_name((hd_name_level)i)));
    return fail_unknown(c, literal->column, "level of names", &nearest);
}

/* ---- functions ---- */

static hd_status find_function(compiler *c, const hd_rule_node *node, uint16_t *out)
{
    int function = hd_function_find(node->text);
    *out = (uint16_t)function;
    if (function >= 0)
        return HD_OK;
    hd_near_name nearest = {.wanted = node->text};
    for (int i = 0; i < HD_N_FUNCTIONS; i++)
        hd_near_name_offer(&nearest, hd_str_from(hd_functions[i].name));
    return fail_unknown(c, node->column, "function", &nearest);
}

static hd_status check_n_args(compiler *c, const hd_rule_node *node, const hd_function_form *form)
{
    uint32_t n = (uint32_t)strlen(form->arguments);
    if (node->n_args == n || (form->variadic && node->n_args > n))
        return HD_OK;
    return hd_rule_fail(&c->source, node->column, "%s() takes %s%u argument%s, not %u", form->name,
                        form->variadic ? "at least " : "", n, n == 1 ? "" : "s", node->n_args);
}

/* state, reason, original: the name itself is the argument, not its value. */
static hd_status compile_field_function(compiler *c, const hd_rule_node *node, uint16_t function,
                                        hd_expr *expr)
{
    const hd_function_form *form = &hd_functions[function];
    const hd_rule_node *field = node->first;
    if (c->scope->columns)
        return hd_rule_fail(&c->source, node->column,
                            "%s() cannot be used here: a column has only its text", form->name);
    if (field->op != HD_OP_REF)
        return hd_rule_fail(&c->source, field->column, "%s() needs a field as its 1st argument",
                            form->name);
    hd_str name = full_name(c, field);
    bool is_field = !derived(c, field);
    if (is_field)
        HD_TRY(resolve(c, field, expr));
    if (!is_field || expr->ref.what == HD_REF_BUILTIN)
        return hd_rule_fail(&c->source, field->column, "%s() needs a field, and \"%.*s\" is none",
                            form->name, HD_ARG(name));
    expr->type = (uint8_t)type_of_letter(form->result);
    if (function == HD_FUNCTION_state)
        expr->ref.what = HD_REF_STATE;
    else if (function == HD_FUNCTION_original)
        expr->ref.what = HD_REF_ORIGINAL;
    else
        expr->ref.what = HD_REF_REASON;
    return function == HD_FUNCTION_reason ? find_reason(c, field->next, &expr->ref.reason) : HD_OK;
}

/* person: a relation is no value but the name of a person. */
static hd_status compile_person(compiler *c, const hd_rule_node *node, hd_expr *expr)
{
    const hd_rule_node *relation = node->first;
    if (!c->scope->person_side)
        return hd_rule_fail(&c->source, node->column, "person() cannot be used here");
    if (relation->op != HD_OP_REF)
        return hd_rule_fail(&c->source, relation->column,
                            "person() needs a relation as its 1st argument");
    hd_near_name nearest = {.wanted = relation->text};
    int kind = hd_relation_kind_find(relation->text);
    for (int i = 0; i < HD_N_RELATION_KINDS; i++)
        hd_near_name_offer(&nearest, hd_str_from(hd_relation_kind_name((hd_relation_kind)i)));
    if (kind < 0)
        return fail_unknown(c, relation->column, "relation", &nearest);
    int side = c->scope->person_side(c->scope->arg, relation->qualifier);
    if (side < 0)
        return hd_rule_fail(&c->source, relation->column,
                            "whose \"%.*s\"? Over two mentions write a.%.*s or b.%.*s, over one "
                            "the relation alone",
                            HD_ARG(relation->text), HD_ARG(relation->text), HD_ARG(relation->text));
    expr->op = HD_OP_REF;
    expr->type = HD_TYPE_PERSON;
    expr->sides = (uint8_t)(1 << side);
    expr->ref = (hd_ref){
        .what = HD_REF_RELATED, .side = (uint8_t)side, .role = -1, .index = (uint16_t)kind};
    return HD_OK;
}

static hd_status fail_arg(compiler *c, const hd_function_form *form, uint32_t i, hd_type want,
                          const hd_rule_node *arg, hd_type got)
{
    char nth[16];
    return hd_rule_fail(&c->source, arg->column, "%s() needs %s as its %s argument, not %s%s",
                        form->name, type_name(want), ordinal(i + 1, nth), type_name(got),
                        date_advice(c, arg, want));
}

/* `any`: what the arguments of type x are, once one of them is not a mere null. */
static hd_status check_arg_types(compiler *c, const hd_rule_node *node,
                                 const hd_function_form *form, const hd_expr *expr, hd_type *any)
{
    uint32_t last = (uint32_t)strlen(form->arguments) - 1, i = 0;
    for (const hd_rule_node *arg = node->first; arg; arg = arg->next, i++) {
        char letter = form->arguments[i < last ? i : last];
        hd_type got = expr->args[i]->type;
        hd_type want = letter == 'x' ? *any : type_of_letter(letter);
        if (!fits(got, want))
            return fail_arg(c, form, i, want, arg, got);
        if (letter == 'x' && *any == HD_TYPE_NULL)
            *any = got;
    }
    return HD_OK;
}

static hd_status check_date_literal(compiler *c, const hd_rule_node *node)
{
    const hd_rule_node *text = node->first;
    if (!is_text_literal(text) || hd_date_literal(text->text))
        return HD_OK;
    return hd_rule_fail(&c->source, text->column,
                        "\"%.*s\" is no date; a date is written as 1980-01-02", HD_ARG(text->text));
}

/* A name that is damaged is compared by what is left of it. */
static void take_left(compiler *c, hd_expr *call)
{
    for (unsigned i = 0; i < call->n_args; i++) {
        const hd_expr *arg = call->args[i];
        if (arg->op != HD_OP_REF || arg->ref.what != HD_REF_VALUE || c->scope->columns)
            continue;
        hd_expr *left = HD_NEW(c->scope->arena, hd_expr);
        *left = *arg;
        left->ref.what = HD_REF_LEFT;
        call->args[i] = left;
    }
}

static hd_status compile_call(compiler *c, const hd_rule_node *node, const hd_expr **out)
{
    uint16_t function;
    HD_TRY(find_function(c, node, &function));
    const hd_function_form *form = &hd_functions[function];
    HD_TRY(check_n_args(c, node, form));
    hd_expr *expr = new_expr(c, node, HD_TYPE_NULL);
    *out = expr;
    if (form->arguments[0] == 'f')
        return compile_field_function(c, node, function, expr);
    if (form->arguments[0] == 'r')
        return compile_person(c, node, expr);
    hd_type any = HD_TYPE_NULL;
    expr->function = function;
    HD_TRY(compile_args(c, node, expr));
    HD_TRY(check_arg_types(c, node, form, expr, &any));
    expr->type = (uint8_t)(form->result == 'x' ? any : type_of_letter(form->result));
    if (function == HD_FUNCTION_date)
        HD_TRY(check_date_literal(c, node));
    HD_TRY(check_name_level(c, node, function));
    if (hd_function_takes_left(function))
        take_left(c, expr);
    fold(c, expr);
    return HD_OK;
}

/* ---- operators ---- */

static hd_status check_operands(compiler *c, const hd_rule_node *node, const hd_expr *expr,
                                hd_type want)
{
    unsigned i = 0;
    for (const hd_rule_node *arg = node->first; arg; arg = arg->next, i++)
        if (!fits(expr->args[i]->type, want))
            return hd_rule_fail(&c->source, arg->column, "\"%s\" needs %s, not %s",
                                op_sign(node->op), type_name(want), type_name(expr->args[i]->type));
    return HD_OK;
}

static hd_status check_same_type(compiler *c, const hd_rule_node *node, uint32_t column,
                                 const hd_rule_node *x, hd_type x_type, const hd_rule_node *y,
                                 hd_type y_type)
{
    if (fits(x_type, y_type))
        return HD_OK;
    const char *advice = date_advice(c, y, x_type);
    return hd_rule_fail(&c->source, column, "\"%s\" cannot compare %s with %s%s", op_sign(node->op),
                        type_name(x_type), type_name(y_type),
                        *advice ? advice : date_advice(c, x, y_type));
}

static hd_status check_comparison(compiler *c, const hd_rule_node *node, const hd_expr *expr)
{
    const hd_expr *x = expr->args[0], *y = expr->args[1];
    HD_TRY(check_same_type(c, node, node->sign_column, node->first, x->type, node->last, y->type));
    if (node->op == HD_OP_EQ || node->op == HD_OP_NE) {
        HD_TRY(check_state_literal(c, x, node->last));
        return check_state_literal(c, y, node->first);
    }
    const hd_expr *unordered = x->type == HD_TYPE_BOOL || x->type == HD_TYPE_PERSON ? x : y;
    if (unordered->type == HD_TYPE_BOOL || unordered->type == HD_TYPE_PERSON)
        return hd_rule_fail(&c->source, node->sign_column, "\"%s\" does not order %s",
                            op_sign(node->op), type_name(unordered->type));
    return HD_OK;
}

static hd_status check_in(compiler *c, const hd_rule_node *node, const hd_expr *expr)
{
    unsigned i = 1;
    hd_type type = expr->args[0]->type;
    for (const hd_rule_node *item = node->first->next; item; item = item->next, i++) {
        hd_type item_type = expr->args[i]->type;
        HD_TRY(check_same_type(c, node, item->column, node->first, type, item, item_type));
        HD_TRY(check_state_literal(c, expr->args[0], item));
        type = type == HD_TYPE_NULL ? item_type : type;
    }
    return HD_OK;
}

static hd_status check_operator(compiler *c, const hd_rule_node *node, hd_expr *expr)
{
    switch ((hd_op)node->op) {
    case HD_OP_AND:
    case HD_OP_OR:
    case HD_OP_NOT:
        return check_operands(c, node, expr, HD_TYPE_BOOL);
    case HD_OP_IN:
        return check_in(c, node, expr);
    case HD_OP_ADD:
    case HD_OP_SUB:
    case HD_OP_MUL:
    case HD_OP_DIV:
    case HD_OP_NEG:
        expr->type = HD_TYPE_NUMBER;
        return check_operands(c, node, expr, HD_TYPE_NUMBER);
    default:
        return check_comparison(c, node, expr);
    }
}

static hd_status compile_operator(compiler *c, const hd_rule_node *node, const hd_expr **out)
{
    hd_expr *expr = new_expr(c, node, HD_TYPE_BOOL);
    *out = expr;
    HD_TRY(compile_args(c, node, expr));
    HD_TRY(check_operator(c, node, expr));
    fold(c, expr);
    return HD_OK;
}

static hd_status compile(compiler *c, const hd_rule_node *node, const hd_expr **out)
{
    switch ((hd_op)node->op) {
    case HD_OP_LITERAL:
        return compile_literal(c, node, out);
    case HD_OP_REF:
        return compile_name(c, node, out);
    case HD_OP_CALL:
        return compile_call(c, node, out);
    default:
        return compile_operator(c, node, out);
    }
}

static hd_status compile_all(compiler *c, hd_type want, const hd_expr **out)
{
    hd_rule_node *node;
    HD_TRY(hd_rule_parse(&c->source, &node));
    HD_TRY(compile(c, node, out));
    hd_type type = (*out)->type;
    if (!fits(type, want))
        return hd_rule_fail(&c->source, node->column, "the expression must be %s, not %s%s",
                            type_name(want), type_name(type), date_advice(c, node, want));
    /* Derived names bring trees of their own. */
    if (expr_depth(*out) > HD_RULE_DEPTH_MAX)
        return hd_rule_fail(&c->source, node->column,
                            "nested more than %d deep with its derived "
                            "names",
                            HD_RULE_DEPTH_MAX);
    return HD_OK;
}

hd_status hd_rule_compile(hd_ctx *ctx, const hd_scope *scope, hd_source_pos pos, hd_str text,
                          hd_type want, const hd_expr **out)
{
    hd_arena arena = {0};
    compiler c = {.source = {.ctx = ctx, .pos = pos, .text = text, .arena = &arena},
                  .scope = scope,
                  .env = {.texts = scope->texts}};
    hd_status status = compile_all(&c, want, out);
    if (status != HD_OK)
        *out = NULL;
    hd_env_release(&c.env);
    hd_arena_release(&arena);
    return status;
}
