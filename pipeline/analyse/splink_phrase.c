#include "pipeline/analyse/splink_phrase.h"

#include <math.h>
#include <stdio.h>
#include <strings.h>

#include "pipeline/config/functions.h"
#include "pipeline/config/near_name.h"

/* ---- names ---- */

static bool is_plain_name(hd_str name)
{
    static const char *const keywords[] = {"and", "or", "not", "in", "true", "false", "null"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (hd_str_eq(name, hd_str_from(keywords[i])))
            return false;
    for (uint32_t i = 0; i < name.len_bytes; i++) {
        char c = name.ptr[i], lower = (char)(c | 0x20);
        bool letter = (lower >= 'a' && lower <= 'z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return name.len_bytes > 0;
}

void hd_splink_add_name(hd_buf *out, hd_str name)
{
    const char *quote = is_plain_name(name) ? "" : "`";
    hd_buf_addf(out, "%s%.*s%s", quote, HD_ARG(name), quote);
}

/* "name_l" → "name", HD_SIDE_L; 0: neither side's. */
unsigned hd_phrase_side(const hd_translator *t, const hd_sql_node *node, hd_str *name)
{
    *name = node->text;
    if (t->place == HD_SPLINK_BLOCKING) {
        if (hd_str_eq(node->qualifier, HD_STR("l")))
            return HD_SIDE_L;
        return hd_str_eq(node->qualifier, HD_STR("r")) ? HD_SIDE_R : 0;
    }
    if (node->qualifier.ptr || name->len_bytes < 3)
        return 0;
    const char *end = name->ptr + name->len_bytes - 2;
    name->len_bytes -= 2;
    return strncasecmp(end, "_l", 2) == 0   ? HD_SIDE_L
           : strncasecmp(end, "_r", 2) == 0 ? HD_SIDE_R
                                            : 0;
}

static hd_status fail_column(const hd_translator *t, const hd_sql_node *node, hd_str name)
{
    hd_scope scope = hd_scope_mention(t->ruleset);
    hd_near_name nearest = {.wanted = name};
    hd_str offered = scope.list(scope.arg, 0);
    for (uint32_t i = 0; offered.ptr; offered = scope.list(scope.arg, ++i))
        hd_near_name_offer(&nearest, offered);
    if (!hd_near_name_hint(t->source->ctx, &nearest))
        hd_hint(t->source->ctx,
                "say what it is in the file of --columns: %.*s: an expression of "
                "the rule language",
                HD_ARG(name));
    return hd_sql_fail(t->source, node->place, "there is no field or derived name \"%.*s\"",
                       HD_ARG(name));
}

static hd_status translate_column(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    hd_str name;
    hd_ref ref;
    hd_type type;
    unsigned side = hd_phrase_side(t, node, &name);
    if (!side)
        return hd_sql_fail(t->source, node->place, "\"%.*s\" is of neither side: expected %s",
                           HD_ARG(node->text),
                           t->place == HD_SPLINK_LEVEL ? "…_l or …_r" : "l.… or r.…");
    hd_scope scope = hd_scope_mention(t->ruleset);
    const hd_expr *derived = scope.derive(scope.arg, HD_STR_NULL, name);
    if (derived)
        type = (hd_type)derived->type;
    else if (!scope.resolve(scope.arg, HD_STR_NULL, name, &ref, &type))
        return fail_column(t, node, name);
    hd_buf text = {0};
    if (!t->bare)
        hd_buf_add(&text, side == HD_SIDE_L ? HD_STR("a.") : HD_STR("b."));
    hd_splink_add_name(&text, name);
    *out = (hd_phrase){hd_phrase_keep(t, &text), type, side, HD_HOLDS_ATOM};
    return HD_OK;
}

/* ---- literals ---- */

/* No exponent: the rule language knows none. */
void hd_splink_add_number(hd_buf *out, double number)
{
    char text[64];
    int n = snprintf(text, sizeof text, "%.15f", number);
    if (number >= 1) /* 15 digits in all */
        n = snprintf(text, sizeof text, "%.*f", 14 - (int)floor(log10(number)), number);
    while (memchr(text, '.', (size_t)n) && text[n - 1] == '0')
        n--;
    n -= text[n - 1] == '.';
    hd_buf_add(out, (hd_str){text, (uint32_t)n});
}

static hd_status translate_literal(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    hd_buf text = {0};
    hd_type type = HD_TYPE_NULL;
    switch (node->op) {
    case HD_SQL_NUMBER:
        type = HD_TYPE_NUMBER;
        hd_splink_add_number(&text, node->number);
        break;
    case HD_SQL_TEXT:
        type = HD_TYPE_TEXT;
        hd_rule_add_text(&text, node->text);
        break;
    case HD_SQL_BOOL:
        type = HD_TYPE_BOOL;
        hd_buf_add(&text, node->number ? HD_STR("true") : HD_STR("false"));
        break;
    default:
        hd_buf_add(&text, HD_STR("null"));
        break;
    }
    *out = (hd_phrase){hd_phrase_keep(t, &text), type, 0, HD_HOLDS_ATOM};
    return HD_OK;
}

/* ---- operators ---- */

void hd_phrase_add(hd_buf *out, const hd_phrase *part, hd_tightness least)
{
    bool loose = part->holds < least;
    if (loose)
        hd_buf_add_char(out, '(');
    hd_buf_add(out, part->text);
    if (loose)
        hd_buf_add_char(out, ')');
}

/* Args with `sign` between them; each must hold as `least` says. */
static hd_status translate_infix(const hd_translator *t, const hd_sql_node *node, const char *sign,
                                 hd_tightness holds, hd_type type, hd_phrase *out)
{
    hd_buf text = {0};
    *out = (hd_phrase){.type = type, .holds = holds};
    for (const hd_sql_node *arg = node->first; arg; arg = arg->next) {
        hd_phrase part;
        hd_status status = hd_phrase_translate(t, arg, &part);
        if (status != HD_OK) {
            hd_buf_release(&text);
            return status;
        }
        if (arg != node->first)
            hd_buf_addf(&text, " %s ", sign);
        /* a - b - c is (a - b) - c */
        hd_phrase_add(&text, &part, holds + (holds < HD_HOLDS_SUM || arg != node->first));
        out->sides |= part.sides;
    }
    out->text = hd_phrase_keep(t, &text);
    return HD_OK;
}

static hd_status translate_prefix(const hd_translator *t, const hd_sql_node *node, const char *sign,
                                  hd_tightness holds, hd_type type, hd_phrase *out)
{
    hd_phrase part;
    hd_buf text = {0};
    HD_TRY(hd_phrase_translate(t, node->first, &part));
    hd_buf_addf(&text, "%s", sign);
    hd_phrase_add(&text, &part, holds);
    *out = (hd_phrase){hd_phrase_keep(t, &text), type, part.sides, holds};
    return HD_OK;
}

static hd_status translate_in(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    hd_phrase part;
    hd_buf text = {0};
    hd_status status = hd_phrase_translate(t, node->first, &part);
    *out = (hd_phrase){.type = HD_TYPE_BOOL, .sides = part.sides, .holds = HD_HOLDS_COMPARE};
    if (status == HD_OK) {
        hd_phrase_add(&text, &part, HD_HOLDS_SUM);
        hd_buf_add(&text, HD_STR(" in ("));
    }
    for (const hd_sql_node *item = node->first->next; item && status == HD_OK; item = item->next) {
        status = hd_phrase_translate(t, item, &part);
        if (status != HD_OK)
            break;
        hd_phrase_add(&text, &part, HD_HOLDS_SUM);
        hd_buf_add(&text, item->next ? HD_STR(", ") : HD_STR(")"));
        out->sides |= part.sides;
    }
    out->text = hd_phrase_keep(t, &text);
    return status;
}

/* ---- calls ---- */

static hd_type type_of_letter(char letter, const hd_phrase *first)
{
    switch (letter) {
    case 'b':
        return HD_TYPE_BOOL;
    case 'n':
        return HD_TYPE_NUMBER;
    case 'd':
        return HD_TYPE_DATE;
    case 't':
        return HD_TYPE_TEXT;
    default:
        return first->type;
    }
}

static hd_status fail_call(const hd_translator *t, const hd_sql_node *node)
{
    hd_hint(t->source->ctx, "prepare it as a column, and say in the file of --columns which "
                            "expression of the rule language that is");
    return hd_sql_fail(t->source, node->place, "%.*s of %u has no counterpart in the rule language",
                       HD_ARG(node->text), node->n_args);
}

/* function(parts), where the rule language has it. */
static void make_call(const hd_translator *t, const char *function, const hd_phrase *parts,
                      uint32_t n, hd_phrase *out)
{
    int number = hd_function_find(hd_str_from(function));
    HD_ASSERT(number >= 0);
    hd_buf text = {0};
    hd_buf_addf(&text, "%s(", function);
    *out = (hd_phrase){.holds = HD_HOLDS_ATOM};
    for (uint32_t i = 0; i < n; i++) {
        hd_buf_add(&text, i ? HD_STR(", ") : HD_STR(""));
        hd_buf_add(&text, parts[i].text);
        out->sides |= parts[i].sides;
    }
    hd_buf_add_char(&text, ')');
    out->type = type_of_letter(hd_functions[number].result, parts);
    out->text = hd_phrase_keep(t, &text);
}

/* What is called otherwise, or has another order of arguments, is below. */
static const struct {
    const char *sql, *rule;
    uint32_t least, most; /* arguments */
} calls[] = {
    {"levenshtein", "levenshtein", 2, 2},
    {"editdist3", "levenshtein", 2, 2},
    {"damerau_levenshtein", "damerau", 2, 2},
    {"jaro_similarity", "jaro", 2, 2},
    {"jaro_winkler_similarity", "jaro_winkler", 2, 2},
    {"hamming", "positions_differing", 2, 2},
    {"mismatches", "positions_differing", 2, 2},
    {"length", "length", 1, 1},
    {"len", "length", 1, 1},
    {"char_length", "length", 1, 1},
    {"lower", "lower", 1, 1},
    {"lcase", "lower", 1, 1},
    {"abs", "abs", 1, 1},
    {"coalesce", "first", 2, UINT8_MAX},
    {"ifnull", "first", 2, 2},
    {"concat", "join", 2, UINT8_MAX},
    {"contains", "contains", 2, 2},
    {"starts_with", "starts", 2, 2},
    {"prefix", "starts", 2, 2},
    {"substr", "substring", 3, 3},
    {"substring", "substring", 3, 3},
    {"year", "year", 1, 1},
    {"month", "month", 1, 1},
    {"day", "day", 1, 1},
};

static bool is_one_of(hd_str name, const char *const *names)
{
    while (*names && !hd_str_eq(name, hd_str_from(*names)))
        names++;
    return *names != NULL;
}

static bool is_call(const hd_sql_node *node, const char *name)
{
    return node->op == HD_SQL_CALL && hd_str_eq(node->text, hd_str_from(name));
}

static void to_date(const hd_translator *t, const hd_phrase *part, hd_phrase *out)
{
    if (part->type == HD_TYPE_DATE)
        *out = *part;
    else
        make_call(t, "date", part, 1, out);
}

static hd_status translate_cast(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    static const char *const dates[] = {"date", "timestamp", NULL};
    static const char *const texts[] = {"varchar", "text", "string", NULL};
    static const char *const numbers[] = {"integer", "int", "bigint", "double", "float", NULL};
    hd_phrase part;
    HD_TRY(hd_phrase_translate(t, node->first, &part));
    bool to_text = is_one_of(node->text, texts);
    if (is_one_of(node->text, dates))
        to_date(t, &part, out);
    else if (!to_text && !is_one_of(node->text, numbers))
        return fail_call(t, node);
    else if (part.type == (to_text ? HD_TYPE_TEXT : HD_TYPE_NUMBER))
        *out = part;
    else
        make_call(t, to_text ? "text" : "number", &part, 1, out);
    return HD_OK;
}

/* try_strptime(x, '%Y-%m-%d') */
static hd_status translate_strptime(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    hd_phrase part;
    if (node->n_args != 2 || node->last->op != HD_SQL_TEXT ||
        !hd_str_eq(node->last->text, HD_STR("%Y-%m-%d")))
        return fail_call(t, node);
    HD_TRY(hd_phrase_translate(t, node->first, &part));
    to_date(t, &part, out);
    return HD_OK;
}

/* date_diff('day', x, y): from x to y. */
static hd_status translate_date_diff(const hd_translator *t, const hd_sql_node *node,
                                     hd_phrase *out)
{
    hd_phrase parts[2], dates[2];
    if (node->n_args != 3 || node->first->op != HD_SQL_TEXT ||
        !hd_str_eq(node->first->text, HD_STR("day")))
        return fail_call(t, node);
    const hd_sql_node *arg = node->first->next;
    for (int i = 0; i < 2; i++, arg = arg->next) {
        HD_TRY(hd_phrase_translate(t, arg, &parts[i]));
        to_date(t, &parts[i], &dates[i]);
    }
    make_call(t, "days_between", dates, 2, out);
    return HD_OK;
}

/* epoch(x) - epoch(y): seconds, of which a day has 86400. */
static hd_status translate_epochs(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    hd_phrase dates[2], days;
    hd_buf text = {0};
    const hd_sql_node *x = node->first->first, *y = node->last->first;
    for (int i = 0; i < 2; i++) {
        hd_phrase part;
        HD_TRY(hd_phrase_translate(t, i ? x : y, &part));
        to_date(t, &part, &dates[i]);
    }
    make_call(t, "days_between", dates, 2, &days);
    hd_buf_addf(&text, "%.*s * 86400", HD_ARG(days.text));
    *out = (hd_phrase){hd_phrase_keep(t, &text), HD_TYPE_NUMBER, days.sides, HD_HOLDS_PRODUCT};
    return HD_OK;
}

static hd_status translate_args(const hd_translator *t, const hd_sql_node *node,
                                const char *function, hd_phrase *out)
{
    hd_phrase *parts = HD_NEW_N(t->source->arena, hd_phrase, node->n_args + 1u);
    const hd_sql_node *arg = node->first;
    for (uint32_t i = 0; i < node->n_args; i++, arg = arg->next)
        HD_TRY(hd_phrase_translate(t, arg, &parts[i]));
    make_call(t, function, parts, node->n_args, out);
    return HD_OK;
}

/* left(x, n) */
static hd_status translate_left(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    hd_phrase parts[3];
    if (node->n_args != 2)
        return fail_call(t, node);
    parts[1] = (hd_phrase){HD_STR("1"), HD_TYPE_NUMBER, 0, HD_HOLDS_ATOM};
    HD_TRY(hd_phrase_translate(t, node->first, &parts[0]));
    HD_TRY(hd_phrase_translate(t, node->last, &parts[2]));
    make_call(t, "substring", parts, 3, out);
    return HD_OK;
}

static hd_status translate_call(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    static const char *const strptime[] = {"try_strptime", "strptime", NULL};
    static const char *const date_diff[] = {"date_diff", "datediff", NULL};
    static const char *const lengths[] = {"array_length", "len", "length", "list_length", NULL};
    static const char *const intersect[] = {"list_intersect", "array_intersect", NULL};
    if (is_one_of(node->text, strptime))
        return translate_strptime(t, node, out);
    if (is_one_of(node->text, date_diff))
        return translate_date_diff(t, node, out);
    if (is_call(node, "left"))
        return translate_left(t, node, out);
    if (is_one_of(node->text, lengths) && node->n_args == 1 && node->first->op == HD_SQL_CALL &&
        is_one_of(node->first->text, intersect) && node->first->n_args == 2)
        return translate_args(t, node->first, "list_shared", out);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (is_call(node, calls[i].sql) && node->n_args >= calls[i].least &&
            node->n_args <= calls[i].most)
            return translate_args(t, node, calls[i].rule, out);
    return fail_call(t, node);
}

static hd_status translate_operator(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    static const struct {
        const char *sign;
        hd_tightness holds;
        hd_type type;
    } signs[] = {
        [HD_SQL_OR] = {"or", HD_HOLDS_OR, HD_TYPE_BOOL},
        [HD_SQL_AND] = {"and", HD_HOLDS_AND, HD_TYPE_BOOL},
        [HD_SQL_EQ] = {"=", HD_HOLDS_COMPARE, HD_TYPE_BOOL},
        [HD_SQL_NE] = {"!=", HD_HOLDS_COMPARE, HD_TYPE_BOOL},
        [HD_SQL_LT] = {"<", HD_HOLDS_COMPARE, HD_TYPE_BOOL},
        [HD_SQL_LE] = {"<=", HD_HOLDS_COMPARE, HD_TYPE_BOOL},
        [HD_SQL_GT] = {">", HD_HOLDS_COMPARE, HD_TYPE_BOOL},
        [HD_SQL_GE] = {">=", HD_HOLDS_COMPARE, HD_TYPE_BOOL},
        [HD_SQL_ADD] = {"+", HD_HOLDS_SUM, HD_TYPE_NUMBER},
        [HD_SQL_SUB] = {"-", HD_HOLDS_SUM, HD_TYPE_NUMBER},
        [HD_SQL_MUL] = {"*", HD_HOLDS_PRODUCT, HD_TYPE_NUMBER},
        [HD_SQL_DIV] = {"/", HD_HOLDS_PRODUCT, HD_TYPE_NUMBER},
    };
    if (node->op == HD_SQL_SUB && is_call(node->first, "epoch") && is_call(node->last, "epoch") &&
        node->first->n_args == 1 && node->last->n_args == 1)
        return translate_epochs(t, node, out);
    return translate_infix(t, node, signs[node->op].sign, signs[node->op].holds,
                           signs[node->op].type, out);
}

hd_status hd_phrase_translate(const hd_translator *t, const hd_sql_node *node, hd_phrase *out)
{
    switch (node->op) {
    case HD_SQL_NUMBER:
    case HD_SQL_TEXT:
    case HD_SQL_BOOL:
    case HD_SQL_NULL:
        return translate_literal(t, node, out);
    case HD_SQL_COLUMN:
        return translate_column(t, node, out);
    case HD_SQL_CALL:
        return translate_call(t, node, out);
    case HD_SQL_CAST:
        return translate_cast(t, node, out);
    case HD_SQL_NOT:
        return translate_prefix(t, node, "not ", HD_HOLDS_NOT, HD_TYPE_BOOL, out);
    case HD_SQL_NEG:
        return translate_prefix(t, node, "-", HD_HOLDS_ATOM, HD_TYPE_NUMBER, out);
    case HD_SQL_IS_NULL:
        return translate_args(t, node, "missing", out);
    case HD_SQL_IN:
        return translate_in(t, node, out);
    case HD_SQL_JOIN:
        return translate_args(t, node, "concat", out);
    default:
        return translate_operator(t, node, out);
    }
}
