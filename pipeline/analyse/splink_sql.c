#include "pipeline/analyse/splink_sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/utf8.h"

hd_status hd_sql_fail(const hd_sql_source *source, uint32_t place, const char *fmt, ...)
{
    char message[HD_FRAME_BYTES];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    HD_FAIL(source->ctx, HD_CONFIG, "%s: at character %u: %s", source->where, place, message);
    return hd_fail_doing(source->ctx, HD_CONFIG, __FILE__, __LINE__, "reading the SQL %.*s",
                         HD_ARG(source->text));
}

/* ---- tokens ---- */

typedef enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_QUOTED, /* a name in double quotes */
    TOKEN_TEXT,
    TOKEN_NUMBER,
    TOKEN_SIGN
} token_kind;

typedef struct token {
    token_kind kind;
    uint32_t place;
    hd_str text; /* of a quoted one what it stands for */
    double number;
} token;

typedef struct parser {
    const hd_sql_source *source;
    uint32_t at, place; /* of the character behind `token` */
    token token;        /* the next one */
    uint32_t nested;    /* calls of expressions under way */
} parser;

static char at_byte(const parser *p, uint32_t ahead)
{
    uint32_t at = p->at + ahead;
    return at < p->source->text.len_bytes ? p->source->text.ptr[at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whatever is not ASCII is taken for a letter, as DuckDB does. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static void step(parser *p)
{
    hd_utf8_next(p->source->text, &p->at);
    p->place++;
}

static hd_str slice(const parser *p, uint32_t from)
{
    return (hd_str){p->source->text.ptr + from, p->at - from};
}

/* "" inside double quotes, '' inside single ones, stand for one. */
static hd_str undouble(hd_arena *arena, hd_str text, char quote)
{
    char *out = hd_arena_alloc(arena, text.len_bytes + 1u);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        out[n++] = text.ptr[i];
        i += text.ptr[i] == quote;
    }
    return (hd_str){out, n};
}

static hd_status lex_quoted(parser *p, token *out)
{
    char quote = at_byte(p, 0);
    step(p);
    uint32_t from = p->at;
    while (at_byte(p, 0) != quote || at_byte(p, 1) == quote) {
        if (p->at == p->source->text.len_bytes)
            return hd_sql_fail(p->source, out->place, "a closing %c is missing", quote);
        if (at_byte(p, 0) == quote)
            step(p);
        step(p);
    }
    out->kind = quote == '"' ? TOKEN_QUOTED : TOKEN_TEXT;
    out->text = undouble(p->source->arena, slice(p, from), quote);
    step(p);
    if (out->kind == TOKEN_QUOTED && !out->text.len_bytes)
        return hd_sql_fail(p->source, out->place, "a column without a name");
    return HD_OK;
}

/* 2629800.0, .5, 1e-3 */
static hd_status lex_number(parser *p, token *out)
{
    uint32_t from = p->at;
    while (is_digit(at_byte(p, 0)) || at_byte(p, 0) == '.')
        step(p);
    char sign = at_byte(p, 1);
    if ((at_byte(p, 0) | 0x20) == 'e' &&
        (is_digit(sign) || ((sign == '-' || sign == '+') && is_digit(at_byte(p, 2))))) {
        step(p);
        step(p);
        while (is_digit(at_byte(p, 0)))
            step(p);
    }
    char text[64], *end;
    out->kind = TOKEN_NUMBER;
    out->text = slice(p, from);
    snprintf(text, sizeof text, "%.*s", HD_ARG(out->text));
    out->number = strtod(text, &end);
    if (*end || out->text.len_bytes >= sizeof text || is_letter(at_byte(p, 0)) ||
        !(out->number < 1e15))
        return hd_sql_fail(p->source, out->place, "no form of a number");
    return HD_OK;
}

static hd_status lex_sign(parser *p, token *out)
{
    static const char *const signs[] = {"<>", "!=", "<=", ">=", "==", "||", "::", "=", "<",
                                        ">",  "(",  ")",  ",",  ".",  "+",  "-",  "*", "/"};
    hd_str rest = {p->source->text.ptr + p->at, p->source->text.len_bytes - p->at};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!hd_str_starts(rest, hd_str_from(signs[i])))
            continue;
        out->kind = TOKEN_SIGN;
        out->text = hd_str_from(signs[i]);
        for (uint32_t n = out->text.len_bytes; n; n--)
            step(p);
        return HD_OK;
    }
    return hd_sql_fail(p->source, out->place, "nothing here is written so in the rule language");
}

/* The next token becomes p->token. */
static hd_status advance(parser *p)
{
    while (at_byte(p, 0) && strchr(" \t\r\n", at_byte(p, 0)))
        step(p);
    p->token = (token){.place = p->place, .text = HD_STR("")};
    char c = at_byte(p, 0);
    if (p->at == p->source->text.len_bytes)
        return HD_OK;
    if (c == '"' || c == '\'')
        return lex_quoted(p, &p->token);
    if (is_digit(c) || (c == '.' && is_digit(at_byte(p, 1))))
        return lex_number(p, &p->token);
    if (!is_letter(c))
        return lex_sign(p, &p->token);
    uint32_t from = p->at;
    while (is_letter(at_byte(p, 0)) || is_digit(at_byte(p, 0)))
        step(p);
    p->token.kind = TOKEN_WORD;
    p->token.text = slice(p, from);
    return HD_OK;
}

static bool is_word(const parser *p, const char *word)
{
    return p->token.kind == TOKEN_WORD && p->token.text.len_bytes == strlen(word) &&
           strncasecmp(p->token.text.ptr, word, p->token.text.len_bytes) == 0;
}

static bool is_sign(const parser *p, const char *sign)
{
    return p->token.kind == TOKEN_SIGN && hd_str_eq(p->token.text, hd_str_from(sign));
}

static hd_status expect(parser *p, bool here, const char *what)
{
    if (here)
        return advance(p);
    hd_str found = p->token.kind == TOKEN_END ? HD_STR("the end") : p->token.text;
    return hd_sql_fail(p->source, p->token.place, "expected %s, found %.*s", what, HD_ARG(found));
}

/* ---- nodes ---- */

static hd_sql_node *new_node(parser *p, hd_sql_op op, uint32_t place)
{
    hd_sql_node *node = HD_NEW(p->source->arena, hd_sql_node);
    node->op = op;
    node->place = place;
    node->depth = 1;
    return node;
}

static hd_status add_arg(parser *p, hd_sql_node *node, hd_sql_node *arg)
{
    *(node->first ? &node->last->next : &node->first) = arg;
    node->last = arg;
    node->n_args++;
    if (node->depth <= arg->depth)
        node->depth = arg->depth + 1;
    if (node->depth > HD_SQL_DEPTH_MAX)
        return hd_sql_fail(p->source, node->place, "nested too deeply");
    return HD_OK;
}

/* `left` and what follows as the two args of a new node. */
static hd_status join(parser *p, hd_sql_op op, hd_sql_node **left, hd_sql_node *right)
{
    hd_sql_node *node = new_node(p, op, (*left)->place);
    HD_TRY(add_arg(p, node, *left));
    HD_TRY(add_arg(p, node, right));
    *left = node;
    return HD_OK;
}

static hd_status wrap(parser *p, hd_sql_op op, hd_sql_node **node)
{
    hd_sql_node *above = new_node(p, op, (*node)->place);
    HD_TRY(add_arg(p, above, *node));
    *node = above;
    return HD_OK;
}

static hd_str in_lower_case(parser *p, hd_str text)
{
    char *out = hd_arena_alloc(p->source->arena, text.len_bytes + 1u);
    for (uint32_t i = 0; i < text.len_bytes; i++)
        out[i] =
            text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] | 0x20) : text.ptr[i];
    return (hd_str){out, text.len_bytes};
}

/* ---- grammar ---- */

static hd_status parse_expression(parser *p, hd_sql_node **out);
static hd_status parse_sum(parser *p, hd_sql_node **out);

static hd_status parse_type(parser *p, hd_sql_node **node)
{
    if (p->token.kind != TOKEN_WORD)
        return expect(p, false, "a type");
    hd_str type = in_lower_case(p, p->token.text);
    HD_TRY(advance(p));
    HD_TRY(wrap(p, HD_SQL_CAST, node));
    (*node)->text = type;
    return HD_OK;
}

static hd_status parse_cast(parser *p, hd_sql_node **out)
{
    HD_TRY(parse_expression(p, out));
    HD_TRY(expect(p, is_word(p, "as"), "AS"));
    HD_TRY(parse_type(p, out));
    return expect(p, is_sign(p, ")"), "a closing parenthesis");
}

static hd_status parse_args(parser *p, hd_sql_node *call)
{
    while (!is_sign(p, ")")) {
        hd_sql_node *arg;
        if (call->n_args)
            HD_TRY(expect(p, is_sign(p, ","), "a comma or a closing parenthesis"));
        HD_TRY(parse_expression(p, &arg));
        HD_TRY(add_arg(p, call, arg));
    }
    return advance(p);
}

static hd_status parse_column(parser *p, hd_sql_node *node)
{
    if (p->token.kind != TOKEN_WORD && p->token.kind != TOKEN_QUOTED)
        return expect(p, false, "a column");
    node->op = HD_SQL_COLUMN;
    node->text = p->token.text;
    return advance(p);
}

/* A word or quoted name was read: a column, l.column, a call. */
static hd_status parse_name(parser *p, const token *name, hd_sql_node **out)
{
    hd_sql_node *node = *out = new_node(p, HD_SQL_COLUMN, name->place);
    node->text = name->text;
    if (is_sign(p, ".")) {
        node->qualifier = in_lower_case(p, name->text);
        HD_TRY(advance(p));
        return parse_column(p, node);
    }
    if (name->kind == TOKEN_QUOTED || !is_sign(p, "("))
        return HD_OK;
    node->op = HD_SQL_CALL;
    node->text = in_lower_case(p, name->text);
    HD_TRY(advance(p));
    if (hd_str_eq(node->text, HD_STR("cast")) || hd_str_eq(node->text, HD_STR("try_cast")))
        return parse_cast(p, out);
    return parse_args(p, node);
}

static hd_status parse_word(parser *p, hd_sql_node **out)
{
    static const char *const taken[] = {"case", "when", "then", "else", "end",   "and",    "or",
                                        "is",   "in",   "as",   "like", "ilike", "between"};
    token name = p->token;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (is_word(p, taken[i]))
            return hd_sql_fail(p->source, name.place, "%s is not read here", taken[i]);
    bool yes = is_word(p, "true"), no = is_word(p, "false"), null = is_word(p, "null");
    HD_TRY(advance(p));
    if (!yes && !no && !null)
        return parse_name(p, &name, out);
    *out = new_node(p, null ? HD_SQL_NULL : HD_SQL_BOOL, name.place);
    (*out)->number = yes;
    return HD_OK;
}

static hd_status parse_atom(parser *p, hd_sql_node **out)
{
    token t = p->token;
    switch (t.kind) {
    case TOKEN_WORD:
        return parse_word(p, out);
    case TOKEN_QUOTED:
        HD_TRY(advance(p));
        return parse_name(p, &t, out);
    case TOKEN_TEXT:
    case TOKEN_NUMBER:
        *out = new_node(p, t.kind == TOKEN_TEXT ? HD_SQL_TEXT : HD_SQL_NUMBER, t.place);
        (*out)->text = t.text;
        (*out)->number = t.number;
        return advance(p);
    default:
        break;
    }
    HD_TRY(expect(p, is_sign(p, "("), "a value"));
    HD_TRY(parse_expression(p, out));
    return expect(p, is_sign(p, ")"), "a closing parenthesis");
}

static hd_status parse_unary(parser *p, hd_sql_node **out)
{
    uint32_t place = p->token.place, n_signs = 0;
    for (; is_sign(p, "-"); n_signs++)
        HD_TRY(advance(p));
    HD_TRY(parse_atom(p, out));
    while (is_sign(p, "::")) {
        HD_TRY(advance(p));
        HD_TRY(parse_type(p, out));
    }
    for (; n_signs; n_signs--) {
        HD_TRY(wrap(p, HD_SQL_NEG, out));
        (*out)->place = place;
    }
    return HD_OK;
}

static hd_status parse_product(parser *p, hd_sql_node **out)
{
    HD_TRY(parse_unary(p, out));
    while (is_sign(p, "*") || is_sign(p, "/")) {
        hd_sql_op op = is_sign(p, "*") ? HD_SQL_MUL : HD_SQL_DIV;
        hd_sql_node *right;
        HD_TRY(advance(p));
        HD_TRY(parse_unary(p, &right));
        HD_TRY(join(p, op, out, right));
    }
    return HD_OK;
}

static hd_status parse_sum(parser *p, hd_sql_node **out)
{
    HD_TRY(parse_product(p, out));
    while (is_sign(p, "+") || is_sign(p, "-") || is_sign(p, "||")) {
        hd_sql_op op = is_sign(p, "+") ? HD_SQL_ADD : is_sign(p, "-") ? HD_SQL_SUB : HD_SQL_JOIN;
        hd_sql_node *right;
        HD_TRY(advance(p));
        HD_TRY(parse_product(p, &right));
        HD_TRY(join(p, op, out, right));
    }
    return HD_OK;
}

static hd_status parse_in(parser *p, hd_sql_node **node)
{
    HD_TRY(expect(p, is_sign(p, "("), "an opening parenthesis"));
    HD_TRY(wrap(p, HD_SQL_IN, node));
    do {
        hd_sql_node *item;
        if ((*node)->n_args > 1)
            HD_TRY(advance(p)); /* the comma */
        HD_TRY(parse_sum(p, &item));
        HD_TRY(add_arg(p, *node, item));
    } while (is_sign(p, ","));
    return expect(p, is_sign(p, ")"), "a comma or a closing parenthesis");
}

/* x BETWEEN a AND b: x >= a AND x <= b; the tree reads x twice. */
static hd_status parse_between(parser *p, hd_sql_node **node)
{
    hd_sql_node *least, *most, *again = HD_NEW(p->source->arena, hd_sql_node);
    *again = **node;
    HD_TRY(parse_sum(p, &least));
    HD_TRY(expect(p, is_word(p, "and"), "AND"));
    HD_TRY(parse_sum(p, &most));
    HD_TRY(join(p, HD_SQL_GE, node, least));
    HD_TRY(join(p, HD_SQL_LE, &again, most));
    return join(p, HD_SQL_AND, node, again);
}

static hd_status parse_is(parser *p, hd_sql_node **node)
{
    bool negated = is_word(p, "not");
    if (negated)
        HD_TRY(advance(p));
    HD_TRY(expect(p, is_word(p, "null"), "NULL"));
    HD_TRY(wrap(p, HD_SQL_IS_NULL, node));
    return negated ? wrap(p, HD_SQL_NOT, node) : HD_OK;
}

/* IN or BETWEEN, or NOT before one of them. */
static hd_status parse_membership(parser *p, hd_sql_node **node)
{
    bool negated = is_word(p, "not");
    if (negated)
        HD_TRY(advance(p));
    bool in = is_word(p, "in");
    HD_TRY(expect(p, in || is_word(p, "between"), "IN or BETWEEN"));
    HD_TRY(in ? parse_in(p, node) : parse_between(p, node));
    return negated ? wrap(p, HD_SQL_NOT, node) : HD_OK;
}

static hd_status parse_compare(parser *p, hd_sql_node **out)
{
    static const struct {
        const char *sign;
        hd_sql_op op;
    } signs[] = {{"=", HD_SQL_EQ},  {"==", HD_SQL_EQ}, {"<>", HD_SQL_NE}, {"!=", HD_SQL_NE},
                 {"<=", HD_SQL_LE}, {">=", HD_SQL_GE}, {"<", HD_SQL_LT},  {">", HD_SQL_GT}};
    HD_TRY(parse_sum(p, out));
    if (is_word(p, "is")) {
        HD_TRY(advance(p));
        return parse_is(p, out);
    }
    if (is_word(p, "in") || is_word(p, "not") || is_word(p, "between"))
        return parse_membership(p, out);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!is_sign(p, signs[i].sign))
            continue;
        hd_sql_node *right;
        HD_TRY(advance(p));
        HD_TRY(parse_sum(p, &right));
        return join(p, signs[i].op, out, right);
    }
    return HD_OK;
}

static hd_status parse_not(parser *p, hd_sql_node **out)
{
    uint32_t n_negated = 0;
    for (; is_word(p, "not"); n_negated++)
        HD_TRY(advance(p));
    HD_TRY(parse_compare(p, out));
    for (; n_negated; n_negated--)
        HD_TRY(wrap(p, HD_SQL_NOT, out));
    return HD_OK;
}

/* One node of all that a chain joins. */
static hd_status parse_chain(parser *p, hd_sql_op op, const char *word,
                             hd_status (*part)(parser *, hd_sql_node **), hd_sql_node **out)
{
    HD_TRY(part(p, out));
    if (!is_word(p, word))
        return HD_OK;
    HD_TRY(wrap(p, op, out));
    while (is_word(p, word)) {
        hd_sql_node *right;
        HD_TRY(advance(p));
        HD_TRY(part(p, &right));
        HD_TRY(add_arg(p, *out, right));
    }
    return HD_OK;
}

static hd_status parse_and(parser *p, hd_sql_node **out)
{
    return parse_chain(p, HD_SQL_AND, "and", parse_not, out);
}

static hd_status parse_expression(parser *p, hd_sql_node **out)
{
    if (p->nested++ == HD_SQL_DEPTH_MAX)
        return hd_sql_fail(p->source, p->token.place, "nested too deeply");
    HD_TRY(parse_chain(p, HD_SQL_OR, "or", parse_and, out));
    p->nested--;
    return HD_OK;
}

hd_status hd_sql_parse(const hd_sql_source *source, hd_sql_node **out)
{
    parser p = {.source = source, .place = 1};
    if (source->text.len_bytes > HD_SQL_TEXT_MAX)
        return hd_sql_fail(source, 1, "longer than %d bytes", HD_SQL_TEXT_MAX);
    HD_TRY(advance(&p));
    HD_TRY(parse_expression(&p, out));
    return expect(&p, p.token.kind == TOKEN_END, "the end");
}
