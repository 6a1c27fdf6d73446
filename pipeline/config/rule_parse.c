#include "base/utf8.h"
#include "pipeline/config/rule_tree.h"

/* Recursive descent, one function a line of the grammar in rule.h. `token` is the next one. */
typedef struct parser {
    const hd_rule_source *source;
    hd_rule_lexer lexer;
    hd_rule_token token;
    uint32_t depth; /* of atoms within atoms */
} parser;

typedef hd_status parse_part(parser *p, hd_rule_node **out);
static parse_part parse_or, parse_sum, parse_atom;

static hd_status advance(parser *p)
{
    return hd_rule_lex(&p->lexer, &p->token);
}

static bool is(const parser *p, const char *fixed)
{
    return p->token.kind == HD_TOKEN_FIXED && hd_str_eq(p->token.text, hd_str_from(fixed));
}

static hd_status fail_expected(parser *p, const char *expected)
{
    switch (p->token.kind) {
    case HD_TOKEN_END:
        return hd_rule_fail(p->source, p->token.column, "expected %s, not the end", expected);
    case HD_TOKEN_TEXT:
        return hd_rule_fail(p->source, p->token.column, "expected %s, not a text", expected);
    default:
        return hd_rule_fail(p->source, p->token.column, "expected %s, not \"%.*s\"", expected,
                            HD_ARG(p->token.text));
    }
}

static hd_status skip(parser *p, const char *fixed, const char *expected)
{
    if (!is(p, fixed))
        return fail_expected(p, expected);
    return advance(p);
}

/* A node at the token that comes next. */
static hd_rule_node *new_node(const parser *p, hd_op op)
{
    hd_rule_node *node = HD_NEW(p->source->arena, hd_rule_node);
    node->op = (uint8_t)op;
    node->depth = 1;
    node->column = node->sign_column = p->token.column;
    node->text = p->token.text;
    return node;
}

static hd_status fail_depth(const parser *p, uint32_t column)
{
    return hd_rule_fail(p->source, column, "nested more than %d deep", HD_RULE_DEPTH_MAX);
}

static hd_status append(const parser *p, hd_rule_node *node, hd_rule_node *arg)
{
    if (node->n_args == HD_RULE_ARGS_MAX)
        return hd_rule_fail(p->source, arg->column, "more than %d parts", HD_RULE_ARGS_MAX);
    if (arg->depth == HD_RULE_DEPTH_MAX)
        return fail_depth(p, arg->column);
    if (node->depth < arg->depth + 1)
        node->depth = (uint8_t)(arg->depth + 1);
    *(node->last ? &node->last->next : &node->first) = arg;
    node->last = arg;
    node->n_args++;
    return HD_OK;
}

/* "word part" again and again, as one node. */
static hd_status parse_chain(parser *p, const char *word, hd_op op, parse_part *part,
                             hd_rule_node **out)
{
    HD_TRY(part(p, out));
    if (!is(p, word))
        return HD_OK;
    hd_rule_node *chain = new_node(p, op);
    chain->column = (*out)->column;
    HD_TRY(append(p, chain, *out));
    while (is(p, word)) {
        hd_rule_node *next;
        HD_TRY(advance(p));
        HD_TRY(part(p, &next));
        HD_TRY(append(p, chain, next));
    }
    *out = chain;
    return HD_OK;
}

/* The sign that comes next joins `*left` with the part after it. */
static hd_status parse_join(parser *p, hd_op op, parse_part *part, hd_rule_node **left)
{
    hd_rule_node *join = new_node(p, op), *right;
    join->column = (*left)->column;
    HD_TRY(advance(p));
    HD_TRY(part(p, &right));
    HD_TRY(append(p, join, *left));
    HD_TRY(append(p, join, right));
    *left = join;
    return HD_OK;
}

static hd_status parse_list(parser *p, hd_rule_node *node, parse_part *part)
{
    for (;;) {
        hd_rule_node *arg;
        HD_TRY(part(p, &arg));
        HD_TRY(append(p, node, arg));
        if (!is(p, ","))
            return skip(p, ")", "\",\" or \")\"");
        HD_TRY(advance(p));
    }
}

static hd_status parse_in(parser *p, hd_rule_node **out)
{
    hd_rule_node *in = new_node(p, HD_OP_IN);
    in->column = (*out)->column;
    HD_TRY(append(p, in, *out));
    HD_TRY(skip(p, "in", "\"in\""));
    HD_TRY(skip(p, "(", "\"(\""));
    HD_TRY(parse_list(p, in, parse_sum));
    *out = in;
    return HD_OK;
}

static hd_status parse_not_in(parser *p, hd_rule_node **out)
{
    hd_rule_node *negation = new_node(p, HD_OP_NOT);
    negation->column = (*out)->column;
    HD_TRY(advance(p));
    HD_TRY(parse_in(p, out));
    HD_TRY(append(p, negation, *out));
    *out = negation;
    return HD_OK;
}

static hd_status parse_compare(parser *p, hd_rule_node **out)
{
    static const struct {
        const char *sign;
        hd_op op;
    } comparisons[] = {{"=", HD_OP_EQ},  {"!=", HD_OP_NE}, {"<", HD_OP_LT},
                       {"<=", HD_OP_LE}, {">", HD_OP_GT},  {">=", HD_OP_GE}};
    HD_TRY(parse_sum(p, out));
    if (is(p, "in"))
        return parse_in(p, out);
    if (is(p, "not"))
        return parse_not_in(p, out);
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++)
        if (is(p, comparisons[i].sign))
            return parse_join(p, comparisons[i].op, parse_sum, out);
    return HD_OK;
}

static hd_status parse_not(parser *p, hd_rule_node **out)
{
    if (!is(p, "not"))
        return parse_compare(p, out);
    hd_rule_node *negation = new_node(p, HD_OP_NOT);
    HD_TRY(advance(p));
    HD_TRY(parse_compare(p, out));
    HD_TRY(append(p, negation, *out));
    *out = negation;
    return HD_OK;
}

static hd_status parse_and(parser *p, hd_rule_node **out)
{
    return parse_chain(p, "and", HD_OP_AND, parse_not, out);
}

static hd_status parse_or(parser *p, hd_rule_node **out)
{
    return parse_chain(p, "or", HD_OP_OR, parse_and, out);
}

static hd_status parse_product(parser *p, hd_rule_node **out)
{
    HD_TRY(parse_atom(p, out));
    while (is(p, "*") || is(p, "/"))
        HD_TRY(parse_join(p, is(p, "*") ? HD_OP_MUL : HD_OP_DIV, parse_atom, out));
    return HD_OK;
}

static hd_status parse_sum(parser *p, hd_rule_node **out)
{
    HD_TRY(parse_product(p, out));
    while (is(p, "+") || is(p, "-"))
        HD_TRY(parse_join(p, is(p, "+") ? HD_OP_ADD : HD_OP_SUB, parse_product, out));
    return HD_OK;
}

static hd_status parse_literal(parser *p, hd_type type, double number, hd_rule_node **out)
{
    *out = new_node(p, HD_OP_LITERAL);
    (*out)->type = (uint8_t)type;
    (*out)->number = number;
    return advance(p);
}

static hd_status parse_negative(parser *p, hd_rule_node **out)
{
    hd_rule_node *negative = new_node(p, HD_OP_NEG), *arg;
    HD_TRY(advance(p));
    HD_TRY(parse_atom(p, &arg));
    HD_TRY(append(p, negative, arg));
    *out = negative;
    return HD_OK;
}

static hd_status parse_name(parser *p, hd_rule_node **out)
{
    bool may_call = p->token.kind == HD_TOKEN_NAME;
    hd_rule_node *node = *out = new_node(p, HD_OP_REF);
    HD_TRY(advance(p));
    if (may_call && is(p, "(")) {
        node->op = HD_OP_CALL;
        HD_TRY(advance(p));
        return is(p, ")") ? advance(p) : parse_list(p, node, parse_or);
    }
    if (!is(p, "."))
        return HD_OK;
    HD_TRY(advance(p));
    if (p->token.kind != HD_TOKEN_NAME && p->token.kind != HD_TOKEN_QUOTED_NAME)
        return fail_expected(p, "a name after \".\"");
    node->qualifier = node->text;
    node->text = p->token.text;
    return advance(p);
}

static hd_status parse_atom_inside(parser *p, hd_rule_node **out)
{
    switch (p->token.kind) {
    case HD_TOKEN_NUMBER:
        return parse_literal(p, HD_TYPE_NUMBER, p->token.number, out);
    case HD_TOKEN_TEXT:
        return parse_literal(p, HD_TYPE_TEXT, 0, out);
    case HD_TOKEN_NAME:
    case HD_TOKEN_QUOTED_NAME:
        return parse_name(p, out);
    default:
        break;
    }
    if (is(p, "true") || is(p, "false"))
        return parse_literal(p, HD_TYPE_BOOL, is(p, "true"), out);
    if (is(p, "null"))
        return parse_literal(p, HD_TYPE_NULL, 0, out);
    if (is(p, "-"))
        return parse_negative(p, out);
    HD_TRY(skip(p, "(", "a value"));
    HD_TRY(parse_or(p, out));
    return skip(p, ")", "an operator or \")\"");
}

/* Whatever nests, nests through an atom: here the stack is bounded while the tree is not built. */
static hd_status parse_atom(parser *p, hd_rule_node **out)
{
    if (p->depth == HD_RULE_DEPTH_MAX)
        return fail_depth(p, p->token.column);
    p->depth++;
    HD_TRY(parse_atom_inside(p, out));
    p->depth--;
    return HD_OK;
}

hd_status hd_rule_parse(const hd_rule_source *source, hd_rule_node **out)
{
    if (!hd_utf8_valid(source->text))
        return hd_rule_fail(source, 1, "the expression is not UTF-8");
    if (source->text.len_bytes > HD_RULE_TEXT_MAX)
        return hd_rule_fail(source, 1, "an expression has at most %d bytes", HD_RULE_TEXT_MAX);
    parser p = {.source = source, .lexer = {.source = source, .column = 1}};
    HD_TRY(advance(&p));
    if (p.token.kind == HD_TOKEN_END)
        return hd_rule_fail(source, 1, "the expression is empty");
    HD_TRY(parse_or(&p, out));
    return p.token.kind == HD_TOKEN_END ? HD_OK : fail_expected(&p, "an operator or the end");
}
