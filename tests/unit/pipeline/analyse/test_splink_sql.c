#include "pipeline/analyse/splink_sql.h"

#include <criterion/criterion.h>

#include "base/buf.h"

/* A tree as text: (= "x" (lower "y")). */
static void add_tree(hd_buf *out, const hd_sql_node *node)
{
    static const char *const names[] = {
        [HD_SQL_CALL] = "",   [HD_SQL_CAST] = "cast", [HD_SQL_OR] = "or",
        [HD_SQL_AND] = "and", [HD_SQL_NOT] = "not",   [HD_SQL_EQ] = "=",
        [HD_SQL_NE] = "<>",   [HD_SQL_LT] = "<",      [HD_SQL_LE] = "<=",
        [HD_SQL_GT] = ">",    [HD_SQL_GE] = ">=",     [HD_SQL_IS_NULL] = "null?",
        [HD_SQL_IN] = "in",   [HD_SQL_ADD] = "+",     [HD_SQL_SUB] = "-",
        [HD_SQL_MUL] = "*",   [HD_SQL_DIV] = "/",     [HD_SQL_JOIN] = "||",
        [HD_SQL_NEG] = "neg"};
    switch (node->op) {
    case HD_SQL_NUMBER:
    case HD_SQL_BOOL:
        hd_buf_addf(out, node->op == HD_SQL_BOOL ? "?%g" : "%g", node->number);
        return;
    case HD_SQL_TEXT:
        hd_buf_addf(out, "'%.*s'", HD_ARG(node->text));
        return;
    case HD_SQL_NULL:
        hd_buf_addf(out, "null");
        return;
    case HD_SQL_COLUMN:
        hd_buf_addf(out, "%.*s%s%.*s", HD_ARG(node->qualifier), node->qualifier.ptr ? "." : "",
                    HD_ARG(node->text));
        return;
    default:
        hd_buf_addf(out, "(%s%.*s", names[node->op], HD_ARG(node->text));
        for (const hd_sql_node *arg = node->first; arg; arg = arg->next) {
            hd_buf_add_char(out, ' ');
            add_tree(out, arg);
        }
        hd_buf_add_char(out, ')');
    }
}

static void parses(const char *sql, const char *expected)
{
    hd_ctx ctx;
    hd_arena arena = {0};
    hd_buf text = {0};
    hd_sql_node *tree;
    hd_ctx_init(&ctx, 1);
    const hd_sql_source source = {&ctx, "here", hd_str_from(sql), &arena};
    hd_status status = hd_sql_parse(&source, &tree);
    cr_assert_eq(status, HD_OK, "%s: %s", sql, ctx.frames[0].text);
    add_tree(&text, tree);
    cr_assert_str_eq(text.ptr, expected, "%s: %s", sql, text.ptr);
    hd_buf_release(&text);
    hd_arena_release(&arena);
}

static void refused(const char *sql, const char *expected)
{
    hd_ctx ctx;
    hd_arena arena = {0};
    hd_sql_node *tree;
    hd_ctx_init(&ctx, 1);
    const hd_sql_source source = {&ctx, "here", hd_str_from(sql), &arena};
    cr_assert_eq(hd_sql_parse(&source, &tree), HD_CONFIG, "%s", sql);
    cr_assert_str_eq(ctx.frames[0].text, expected, "%s: %s", sql, ctx.frames[0].text);
    hd_arena_release(&arena);
}

Test(splink_sql, precedence)
{
    parses("a = 1 OR b = 2 AND NOT c = 3", "(or (= a 1) (and (= b 2) (not (= c 3))))");
    parses("(a = 1 OR b = 2) AND c = 3", "(and (or (= a 1) (= b 2)) (= c 3))");
    parses("a + b * c - d / 2 <= -1", "(<= (- (+ a (* b c)) (/ d 2)) (neg 1))");
    parses("NOT NOT a IS NULL", "(not (not (null? a)))");
    parses("a || 'x' || b = c", "(= (|| (|| a 'x') b) c)");
    parses("- - a", "(neg (neg a))");
}

Test(splink_sql, names_and_literals)
{
    parses("\"first name_l\" = \"first name_r\"", "(= first name_l first name_r)");
    parses("\"a\"\"b\"", "a\"b");
    parses("L.x = r.\"y\"", "(= l.x r.y)");
    parses("'it''s'", "'it's'");
    parses("''", "''");
    parses("2629800.0", "2.6298e+06");
    parses(".5", "0.5");
    parses("1e-3", "0.001");
    parses("TRUE or false or NULL", "(or ?1 ?0 null)");
    parses("姓名_l", "姓名_l");
}

Test(splink_sql, conditions)
{
    parses("a IS NOT NULL", "(not (null? a))");
    parses("a in ('x', 'y')", "(in a 'x' 'y')");
    parses("a NOT IN (1)", "(not (in a 1))");
    parses("a BETWEEN 1 AND 2 AND b = 3", "(and (and (>= a 1) (<= a 2)) (= b 3))");
    parses("a not between 1 and 2", "(not (and (>= a 1) (<= a 2)))");
    parses("a <> b", "(<> a b)");
    parses("a != b", "(<> a b)");
    parses("a == b", "(= a b)");
}

Test(splink_sql, calls_and_casts)
{
    parses("Jaro_Winkler_Similarity(\"x_l\", \"x_r\") >= 0.92",
           "(>= (jaro_winkler_similarity x_l x_r) 0.92)");
    parses("now()", "(now)");
    parses("CAST(a AS DATE) = b::VARCHAR", "(= (castdate a) (castvarchar b))");
    parses("ABS(EPOCH(a) - EPOCH(b)) <= 60", "(<= (abs (- (epoch a) (epoch b))) 60)");
}

Test(splink_sql, refused)
{
    refused("", "here: at character 1: expected a value, found the end");
    refused("a = ", "here: at character 5: expected a value, found the end");
    refused("a = b c", "here: at character 7: expected the end, found c");
    refused("(a = b", "here: at character 7: expected a closing parenthesis, found the end");
    refused("f(a b)", "here: at character 5: expected a comma or a closing parenthesis, found b");
    refused("'abc", "here: at character 1: a closing ' is missing");
    refused("\"\" = 1", "here: at character 1: a column without a name");
    refused("12a", "here: at character 1: no form of a number");
    refused("1.2.3", "here: at character 1: no form of a number");
    refused("1e99", "here: at character 1: no form of a number");
    refused("CASE WHEN a THEN 1 END", "here: at character 1: case is not read here");
    refused("a LIKE 'x'", "here: at character 3: expected the end, found LIKE");
    refused("a[1] = 2", "here: at character 2: nothing here is written so in the rule language");
    refused("x -> x", "here: at character 4: expected a value, found >");
    refused("a IS 3", "here: at character 6: expected NULL, found 3");
    refused("a NOT LIKE b", "here: at character 7: expected IN or BETWEEN, found LIKE");
    refused("CAST(a, date)", "here: at character 7: expected AS, found ,");
    refused("a::1", "here: at character 4: expected a type, found 1");
    refused("l.1", "here: at character 2: expected the end, found .1");
}

/* However deep, it ends in a message. */
Test(splink_sql, depth)
{
    hd_buf text = {0};
    for (int i = 0; i < 3000; i++)
        hd_buf_add_char(&text, '(');
    refused(text.ptr, "here: at character 101: nested too deeply");
    hd_buf_clear(&text);
    for (int i = 0; i < 3000; i++)
        hd_buf_add(&text, HD_STR("-"));
    hd_buf_add(&text, HD_STR("a"));
    refused(text.ptr, "here: at character 1: nested too deeply");
    hd_buf_release(&text);
}
