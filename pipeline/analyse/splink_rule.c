#include "pipeline/analyse/splink_rule.h"

#include <math.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "pipeline/config/functions.h"
#include "pipeline/config/near_name.h"

enum { SIDE_L = 1, SIDE_R = 2, NEEDS_MAX = 8 };

/* How tightly what was written holds together, as rule.h's grammar has it. */
typedef enum tightness { LOOSE_OR, LOOSE_AND, LOOSE_NOT, COMPARE, SUM, PRODUCT, ATOM } tightness;

/* An expression of the rule language. */
typedef struct phrase {
    hd_str text;
    hd_type type;
    unsigned sides;
    tightness holds;
} phrase;

typedef struct translator {
    const hd_sql_source *source;
    hd_ruleset *ruleset;
    hd_splink_place place;
    bool bare; /* one mention: no a. and b. before names */
} translator;

static hd_status translate(const translator *t, const hd_sql_node *node, phrase *out);

static hd_str keep(const translator *t, hd_buf *text)
{
    hd_str kept = hd_arena_str(t->source->arena, hd_buf_str(text));
    hd_buf_release(text);
    return kept;
}

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

/* "name_l" → "name", SIDE_L; 0: neither side's. */
static unsigned side_of(const translator *t, const hd_sql_node *node, hd_str *name)
{
    *name = node->text;
    if (t->place == HD_SPLINK_BLOCKING) {
        if (hd_str_eq(node->qualifier, HD_STR("l")))
            return SIDE_L;
        return hd_str_eq(node->qualifier, HD_STR("r")) ? SIDE_R : 0;
    }
    if (node->qualifier.ptr || name->len_bytes < 3)
        return 0;
    const char *end = name->ptr + name->len_bytes - 2;
    name->len_bytes -= 2;
    return strncasecmp(end, "_l", 2) == 0 ? SIDE_L : strncasecmp(end, "_r", 2) == 0 ? SIDE_R : 0;
}

static hd_status fail_column(const translator *t, const hd_sql_node *node, hd_str name)
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

static hd_status translate_column(const translator *t, const hd_sql_node *node, phrase *out)
{
    hd_str name;
    hd_ref ref;
    hd_type type;
    unsigned side = side_of(t, node, &name);
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
        hd_buf_add(&text, side == SIDE_L ? HD_STR("a.") : HD_STR("b."));
    hd_splink_add_name(&text, name);
    *out = (phrase){keep(t, &text), type, side, ATOM};
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

void hd_splink_add_text(hd_buf *out, hd_str text)
{
    hd_buf_add_char(out, '"');
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            hd_buf_add_char(out, '\\');
        hd_buf_add_char(out, text.ptr[i]);
    }
    hd_buf_add_char(out, '"');
}

static hd_status translate_literal(const translator *t, const hd_sql_node *node, phrase *out)
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
        hd_splink_add_text(&text, node->text);
        break;
    case HD_SQL_BOOL:
        type = HD_TYPE_BOOL;
        hd_buf_add(&text, node->number ? HD_STR("true") : HD_STR("false"));
        break;
    default:
        hd_buf_add(&text, HD_STR("null"));
        break;
    }
    *out = (phrase){keep(t, &text), type, 0, ATOM};
    return HD_OK;
}

/* ---- operators ---- */

static void add_phrase(hd_buf *out, const phrase *part, tightness least)
{
    bool loose = part->holds < least;
    if (loose)
        hd_buf_add_char(out, '(');
    hd_buf_add(out, part->text);
    if (loose)
        hd_buf_add_char(out, ')');
}

/* Args with `sign` between them; each must hold as `least` says. */
static hd_status translate_infix(const translator *t, const hd_sql_node *node, const char *sign,
                                 tightness holds, hd_type type, phrase *out)
{
    hd_buf text = {0};
    *out = (phrase){.type = type, .holds = holds};
    for (const hd_sql_node *arg = node->first; arg; arg = arg->next) {
        phrase part;
        hd_status status = translate(t, arg, &part);
        if (status != HD_OK) {
            hd_buf_release(&text);
            return status;
        }
        if (arg != node->first)
            hd_buf_addf(&text, " %s ", sign);
        /* a - b - c is (a - b) - c */
        add_phrase(&text, &part, holds + (holds < SUM || arg != node->first));
        out->sides |= part.sides;
    }
    out->text = keep(t, &text);
    return HD_OK;
}

static hd_status translate_prefix(const translator *t, const hd_sql_node *node, const char *sign,
                                  tightness holds, hd_type type, phrase *out)
{
    phrase part;
    hd_buf text = {0};
    HD_TRY(translate(t, node->first, &part));
    hd_buf_addf(&text, "%s", sign);
    add_phrase(&text, &part, holds);
    *out = (phrase){keep(t, &text), type, part.sides, holds};
    return HD_OK;
}

static hd_status translate_in(const translator *t, const hd_sql_node *node, phrase *out)
{
    phrase part;
    hd_buf text = {0};
    hd_status status = translate(t, node->first, &part);
    *out = (phrase){.type = HD_TYPE_BOOL, .sides = part.sides, .holds = COMPARE};
    if (status == HD_OK) {
        add_phrase(&text, &part, SUM);
        hd_buf_add(&text, HD_STR(" in ("));
    }
    for (const hd_sql_node *item = node->first->next; item && status == HD_OK; item = item->next) {
        status = translate(t, item, &part);
        if (status != HD_OK)
            break;
        add_phrase(&text, &part, SUM);
        hd_buf_add(&text, item->next ? HD_STR(", ") : HD_STR(")"));
        out->sides |= part.sides;
    }
    out->text = keep(t, &text);
    return status;
}

/* ---- calls ---- */

static hd_type type_of_letter(char letter, const phrase *first)
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

static hd_status fail_call(const translator *t, const hd_sql_node *node)
{
    hd_hint(t->source->ctx, "prepare it as a column, and say in the file of --columns which "
                            "expression of the rule language that is");
    return hd_sql_fail(t->source, node->place, "%.*s of %u has no counterpart in the rule language",
                       HD_ARG(node->text), node->n_args);
}

/* function(parts), where the rule language has it. */
static void make_call(const translator *t, const char *function, const phrase *parts, uint32_t n,
                      phrase *out)
{
    int number = hd_function_find(hd_str_from(function));
    HD_ASSERT(number >= 0);
    hd_buf text = {0};
    hd_buf_addf(&text, "%s(", function);
    *out = (phrase){.holds = ATOM};
    for (uint32_t i = 0; i < n; i++) {
        hd_buf_add(&text, i ? HD_STR(", ") : HD_STR(""));
        hd_buf_add(&text, parts[i].text);
        out->sides |= parts[i].sides;
    }
    hd_buf_add_char(&text, ')');
    out->type = type_of_letter(hd_functions[number].result, parts);
    out->text = keep(t, &text);
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

static void to_date(const translator *t, const phrase *part, phrase *out)
{
    if (part->type == HD_TYPE_DATE)
        *out = *part;
    else
        make_call(t, "date", part, 1, out);
}

static hd_status translate_cast(const translator *t, const hd_sql_node *node, phrase *out)
{
    static const char *const dates[] = {"date", "timestamp", NULL};
    static const char *const texts[] = {"varchar", "text", "string", NULL};
    static const char *const numbers[] = {"integer", "int", "bigint", "double", "float", NULL};
    phrase part;
    HD_TRY(translate(t, node->first, &part));
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
static hd_status translate_strptime(const translator *t, const hd_sql_node *node, phrase *out)
{
    phrase part;
    if (node->n_args != 2 || node->last->op != HD_SQL_TEXT ||
        !hd_str_eq(node->last->text, HD_STR("%Y-%m-%d")))
        return fail_call(t, node);
    HD_TRY(translate(t, node->first, &part));
    to_date(t, &part, out);
    return HD_OK;
}

/* date_diff('day', x, y): from x to y. */
static hd_status translate_date_diff(const translator *t, const hd_sql_node *node, phrase *out)
{
    phrase parts[2], dates[2];
    if (node->n_args != 3 || node->first->op != HD_SQL_TEXT ||
        !hd_str_eq(node->first->text, HD_STR("day")))
        return fail_call(t, node);
    const hd_sql_node *arg = node->first->next;
    for (int i = 0; i < 2; i++, arg = arg->next) {
        HD_TRY(translate(t, arg, &parts[i]));
        to_date(t, &parts[i], &dates[i]);
    }
    make_call(t, "days_between", dates, 2, out);
    return HD_OK;
}

/* epoch(x) - epoch(y): seconds, of which a day has 86400. */
static hd_status translate_epochs(const translator *t, const hd_sql_node *node, phrase *out)
{
    phrase dates[2], days;
    hd_buf text = {0};
    const hd_sql_node *x = node->first->first, *y = node->last->first;
    for (int i = 0; i < 2; i++) {
        phrase part;
        HD_TRY(translate(t, i ? x : y, &part));
        to_date(t, &part, &dates[i]);
    }
    make_call(t, "days_between", dates, 2, &days);
    hd_buf_addf(&text, "%.*s * 86400", HD_ARG(days.text));
    *out = (phrase){keep(t, &text), HD_TYPE_NUMBER, days.sides, PRODUCT};
    return HD_OK;
}

static hd_status translate_args(const translator *t, const hd_sql_node *node, const char *function,
                                phrase *out)
{
    phrase *parts = HD_NEW_N(t->source->arena, phrase, node->n_args + 1u);
    const hd_sql_node *arg = node->first;
    for (uint32_t i = 0; i < node->n_args; i++, arg = arg->next)
        HD_TRY(translate(t, arg, &parts[i]));
    make_call(t, function, parts, node->n_args, out);
    return HD_OK;
}

/* left(x, n) */
static hd_status translate_left(const translator *t, const hd_sql_node *node, phrase *out)
{
    phrase parts[3];
    if (node->n_args != 2)
        return fail_call(t, node);
    parts[1] = (phrase){HD_STR("1"), HD_TYPE_NUMBER, 0, ATOM};
    HD_TRY(translate(t, node->first, &parts[0]));
    HD_TRY(translate(t, node->last, &parts[2]));
    make_call(t, "substring", parts, 3, out);
    return HD_OK;
}

static hd_status translate_call(const translator *t, const hd_sql_node *node, phrase *out)
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

static hd_status translate_operator(const translator *t, const hd_sql_node *node, phrase *out)
{
    static const struct {
        const char *sign;
        tightness holds;
        hd_type type;
    } signs[] = {
        [HD_SQL_OR] = {"or", LOOSE_OR, HD_TYPE_BOOL},
        [HD_SQL_AND] = {"and", LOOSE_AND, HD_TYPE_BOOL},
        [HD_SQL_EQ] = {"=", COMPARE, HD_TYPE_BOOL},
        [HD_SQL_NE] = {"!=", COMPARE, HD_TYPE_BOOL},
        [HD_SQL_LT] = {"<", COMPARE, HD_TYPE_BOOL},
        [HD_SQL_LE] = {"<=", COMPARE, HD_TYPE_BOOL},
        [HD_SQL_GT] = {">", COMPARE, HD_TYPE_BOOL},
        [HD_SQL_GE] = {">=", COMPARE, HD_TYPE_BOOL},
        [HD_SQL_ADD] = {"+", SUM, HD_TYPE_NUMBER},
        [HD_SQL_SUB] = {"-", SUM, HD_TYPE_NUMBER},
        [HD_SQL_MUL] = {"*", PRODUCT, HD_TYPE_NUMBER},
        [HD_SQL_DIV] = {"/", PRODUCT, HD_TYPE_NUMBER},
    };
    if (node->op == HD_SQL_SUB && is_call(node->first, "epoch") && is_call(node->last, "epoch") &&
        node->first->n_args == 1 && node->last->n_args == 1)
        return translate_epochs(t, node, out);
    return translate_infix(t, node, signs[node->op].sign, signs[node->op].holds,
                           signs[node->op].type, out);
}

static hd_status translate(const translator *t, const hd_sql_node *node, phrase *out)
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
        return translate_prefix(t, node, "not ", LOOSE_NOT, HD_TYPE_BOOL, out);
    case HD_SQL_NEG:
        return translate_prefix(t, node, "-", ATOM, HD_TYPE_NUMBER, out);
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

/* ---- what a model's parts become ---- */

hd_status hd_splink_level(const hd_sql_source *source, hd_ruleset *ruleset, hd_str *out)
{
    const translator t = {source, ruleset, HD_SPLINK_LEVEL, false};
    hd_sql_node *tree;
    phrase made;
    HD_TRY(hd_sql_parse(source, &tree));
    HD_TRY(translate(&t, tree, &made));
    if (made.type != HD_TYPE_BOOL && made.type != HD_TYPE_NULL)
        return hd_sql_fail(source, 1, "a level is a condition");
    *out = made.text;
    return HD_OK;
}

static hd_status too_involved(const translator *t, const hd_sql_node *node)
{
    hd_hint(t->source->ctx, "expected x_l IS NULL OR x_r IS NULL, for several columns joined by "
                            "AND or by OR");
    return hd_sql_fail(t->source, node->place, "no form of a null level");
}

/* What must be known: all of these, `sides` being those on which each was asked for … */
typedef struct need {
    phrase all[NEEDS_MAX];
    uint32_t n;
} need;

/* … of any of these. */
typedef struct needs {
    need any[NEEDS_MAX];
    uint32_t n;
} needs;

static hd_status find_leaf(const translator *t, const hd_sql_node *node, needs *out)
{
    phrase *part = &out->any[0].all[0];
    HD_TRY(translate(t, node->first, part));
    out->n = out->any[0].n = 1;
    return part->sides == SIDE_L || part->sides == SIDE_R ? HD_OK : too_involved(t, node);
}

static bool add_need(need *to, const phrase *part)
{
    for (uint32_t i = 0; i < to->n; i++)
        if (hd_str_eq(to->all[i].text, part->text)) {
            to->all[i].sides |= part->sides;
            return true;
        }
    if (to->n == NEEDS_MAX)
        return false;
    to->all[to->n++] = *part;
    return true;
}

/* Each alternative of one with each of the other. */
static hd_status both(const translator *t, const hd_sql_node *node, needs *all, const needs *more)
{
    needs made = {.n = 0};
    if (all->n * more->n > NEEDS_MAX)
        return too_involved(t, node);
    for (uint32_t i = 0; i < all->n; i++)
        for (uint32_t k = 0; k < more->n; k++) {
            need *to = &made.any[made.n++];
            *to = all->any[i];
            for (uint32_t part = 0; part < more->any[k].n; part++)
                if (!add_need(to, &more->any[k].all[part]))
                    return too_involved(t, node);
        }
    *all = made;
    return HD_OK;
}

static hd_status either(const translator *t, const hd_sql_node *node, needs *all, const needs *more)
{
    if (all->n + more->n > NEEDS_MAX)
        return too_involved(t, node);
    memcpy(all->any + all->n, more->any, more->n * sizeof *more->any);
    all->n += more->n;
    return HD_OK;
}

/* The negation: OR of nulls is AND of what is needed. */
static hd_status find_needs(const translator *t, const hd_sql_node *node, needs *out)
{
    if (node->op == HD_SQL_IS_NULL)
        return find_leaf(t, node, out);
    if (node->op != HD_SQL_OR && node->op != HD_SQL_AND)
        return too_involved(t, node);
    HD_TRY(find_needs(t, node->first, out));
    for (const hd_sql_node *arg = node->first->next; arg; arg = arg->next) {
        needs more;
        HD_TRY(find_needs(t, arg, &more));
        HD_TRY((node->op == HD_SQL_OR ? both : either)(t, node, out, &more));
    }
    return HD_OK;
}

/* One value; of several x = x and y = y, which is null where one of them is. */
static hd_status write_need(const translator *t, const hd_sql_node *tree, const need *from,
                            hd_str *out)
{
    hd_buf text = {0};
    for (uint32_t i = 0; i < from->n; i++) {
        const phrase *part = &from->all[i];
        if (part->sides != (SIDE_L | SIDE_R)) {
            hd_buf_release(&text);
            return too_involved(t, tree);
        }
        if (i)
            hd_buf_add(&text, HD_STR(" and "));
        add_phrase(&text, part, from->n > 1 ? SUM : LOOSE_OR);
        if (from->n > 1) {
            hd_buf_add(&text, HD_STR(" = "));
            add_phrase(&text, part, SUM);
        }
    }
    *out = keep(t, &text);
    return HD_OK;
}

/* Made of nothing but nulls. */
static bool asks_nulls_alone(const hd_sql_node *node)
{
    if (node->op != HD_SQL_OR && node->op != HD_SQL_AND)
        return node->op == HD_SQL_IS_NULL;
    for (const hd_sql_node *arg = node->first; arg; arg = arg->next)
        if (!asks_nulls_alone(arg))
            return false;
    return true;
}

/* The node is copied, as its `next` changes. */
static void add_to_chain(const translator *t, hd_sql_node *chain, const hd_sql_node *node)
{
    hd_sql_node *copy = HD_NEW(t->source->arena, hd_sql_node);
    *copy = *node;
    copy->next = NULL;
    *(chain->first ? &chain->last->next : &chain->first) = copy;
    chain->last = copy;
    chain->n_args++;
}

static hd_status write_needs(const translator *t, const hd_sql_node *nulls, hd_splink_texts *out)
{
    needs found;
    HD_TRY(find_needs(t, nulls, &found));
    *out = (hd_splink_texts){HD_NEW_N(t->source->arena, hd_str, found.n), found.n};
    for (uint32_t i = 0; i < found.n; i++)
        HD_TRY(write_need(t, nulls, &found.any[i], &out->text[i]));
    return HD_OK;
}

hd_status hd_splink_null_level(const hd_sql_source *source, hd_ruleset *ruleset,
                               hd_splink_missing *out)
{
    const translator one = {source, ruleset, HD_SPLINK_LEVEL, true};
    const translator pair = {source, ruleset, HD_SPLINK_LEVEL, false};
    hd_sql_node *tree, nulls = {.op = HD_SQL_OR, .place = 1}, rest = nulls;
    phrase unless;
    *out = (hd_splink_missing){0};
    HD_TRY(hd_sql_parse(source, &tree));
    bool several = tree->op == HD_SQL_OR;
    for (const hd_sql_node *node = several ? tree->first : tree; node;
         node = several ? node->next : NULL)
        add_to_chain(&one, asks_nulls_alone(node) ? &nulls : &rest, node);
    if (nulls.n_args)
        HD_TRY(write_needs(&one, &nulls, &out->needs));
    if (!rest.n_args)
        return HD_OK;
    HD_TRY(translate(&pair, rest.n_args > 1 ? &rest : rest.first, &unless));
    out->unless = unless.text;
    return HD_OK;
}

/* l.record <> r.record: what hedui holds to anyway. */
static bool is_two_records(const translator *t, const hd_sql_node *node)
{
    hd_str x, y;
    return node->op == HD_SQL_NE && node->first->op == HD_SQL_COLUMN &&
           node->last->op == HD_SQL_COLUMN &&
           side_of(t, node->first, &x) + side_of(t, node->last, &y) == (SIDE_L | SIDE_R) &&
           hd_str_eq(x, HD_STR("record")) && hd_str_eq(y, HD_STR("record"));
}

static hd_status find_key(const translator *t, const hd_sql_node *node, hd_str *out)
{
    phrase x, y;
    if (node->op == HD_SQL_EQ) {
        HD_TRY(translate(t, node->first, &x));
        HD_TRY(translate(t, node->last, &y));
        if (x.sides + y.sides == (SIDE_L | SIDE_R) && x.sides && y.sides &&
            hd_str_eq(x.text, y.text)) {
            *out = x.text;
            return HD_OK;
        }
    }
    return hd_sql_fail(t->source, node->place,
                       "a pass has keys that are equal on both sides, as l.x = r.x, and no other "
                       "conditions");
}

hd_status hd_splink_keys(const hd_sql_source *source, hd_ruleset *ruleset, hd_splink_texts *out)
{
    const translator t = {source, ruleset, HD_SPLINK_BLOCKING, true};
    hd_sql_node *tree;
    HD_TRY(hd_sql_parse(source, &tree));
    bool several = tree->op == HD_SQL_AND;
    *out = (hd_splink_texts){HD_NEW_N(source->arena, hd_str, several ? tree->n_args : 1), 0};
    for (const hd_sql_node *node = several ? tree->first : tree; node;
         node = several ? node->next : NULL)
        if (!is_two_records(&t, node))
            HD_TRY(find_key(&t, node, &out->text[out->n++]));
    return out->n ? HD_OK : hd_sql_fail(source, 1, "a pass has a key at least");
}
