#include "pipeline/analyse/splink_columns.h"

#include "pipeline/config/functions.h"

enum { NAME_BYTES_MAX = 48 };

const char *const hd_splink_keys_of_table[HD_SPLINK_KEYS] = {"unique_id", "record", "source",
                                                             "record_id", "role"};

/* ---- an expression in the rule language ---- */

static void add_rule(const hd_ruleset *ruleset, const hd_expr *expr, hd_buf *out);

static const char *const signs[] = {
    [HD_OP_AND] = "and", [HD_OP_OR] = "or", [HD_OP_EQ] = "=",  [HD_OP_NE] = "!=",
    [HD_OP_LT] = "<",    [HD_OP_LE] = "<=", [HD_OP_GT] = ">",  [HD_OP_GE] = ">=",
    [HD_OP_ADD] = "+",   [HD_OP_SUB] = "-", [HD_OP_MUL] = "*", [HD_OP_DIV] = "/",
};

static const hd_derived *derived_of(const hd_ruleset *ruleset, const hd_expr *expr)
{
    for (uint32_t i = 0; i < ruleset->n_derived; i++)
        if (hd_expr_same_shape(ruleset->derived[i].expr, expr))
            return &ruleset->derived[i];
    return NULL;
}

static void add_ref(const hd_ruleset *ruleset, const hd_ref *ref, hd_buf *out)
{
    static const char *const builtins[] = {[HD_BUILTIN_SOURCE] = "source",
                                           [HD_BUILTIN_SOURCE_TYPE] = "source_type",
                                           [HD_BUILTIN_ROLE] = "role"};
    static const char *const calls[] = {
        [HD_REF_STATE] = "state(", [HD_REF_REASON] = "reason(", [HD_REF_ORIGINAL] = "original("};
    if (ref->what == HD_REF_BUILTIN) {
        hd_buf_addf(out, "%s", builtins[ref->index]);
        return;
    }
    bool call =
        ref->what == HD_REF_STATE || ref->what == HD_REF_REASON || ref->what == HD_REF_ORIGINAL;
    hd_buf_addf(out, "%s", call ? calls[ref->what] : "");
    if (ref->role >= 0)
        hd_buf_addf(out, "%.*s.", HD_ARG(ruleset->role_names[ref->role]));
    hd_splink_add_name(out, ruleset->fields[ref->index].code);
    if (ref->what == HD_REF_REASON)
        hd_buf_addf(out, ", \"%s\"", hd_reason_name((hd_reason)ref->reason));
    hd_buf_addf(out, "%s", call ? ")" : "");
}

static void add_literal(const hd_ruleset *ruleset, const hd_expr *expr, hd_buf *out)
{
    if (expr->literal == HD_NULL)
        hd_buf_add(out, HD_STR("null"));
    else if (expr->type == HD_TYPE_TEXT)
        hd_rule_add_text(out, hd_pool_get(ruleset->texts, (hd_text)expr->literal));
    else if (expr->type == HD_TYPE_NUMBER)
        hd_splink_add_number(out, hd_number(expr->literal));
    else if (expr->type == HD_TYPE_BOOL)
        hd_value_print(out, expr->type, expr->literal, ruleset->texts);
    else {
        hd_buf_add(out, HD_STR("date(\""));
        hd_value_print(out, expr->type, expr->literal, ruleset->texts);
        hd_buf_add(out, HD_STR("\")"));
    }
}

static void add_list(const hd_ruleset *ruleset, const hd_expr *expr, uint32_t from, hd_buf *out)
{
    hd_buf_add_char(out, '(');
    for (uint32_t i = from; i < expr->n_args; i++) {
        hd_buf_add(out, i > from ? HD_STR(", ") : HD_STR(""));
        add_rule(ruleset, expr->args[i], out);
    }
    hd_buf_add_char(out, ')');
}

/* In parentheses wherever it is more than an atom. */
static void add_infix(const hd_ruleset *ruleset, const hd_expr *expr, hd_buf *out)
{
    for (uint32_t i = 0; i < expr->n_args; i++) {
        const hd_expr *arg = expr->args[i];
        bool atom = arg->op == HD_OP_LITERAL || arg->op == HD_OP_REF || arg->op == HD_OP_CALL ||
                    derived_of(ruleset, arg);
        if (i)
            hd_buf_addf(out, " %s ", signs[expr->op]);
        hd_buf_add(out, atom ? HD_STR("") : HD_STR("("));
        add_rule(ruleset, arg, out);
        hd_buf_add(out, atom ? HD_STR("") : HD_STR(")"));
    }
}

static void add_rule(const hd_ruleset *ruleset, const hd_expr *expr, hd_buf *out)
{
    const hd_derived *derived = derived_of(ruleset, expr);
    if (derived) {
        hd_splink_add_name(out, derived->code);
        return;
    }
    switch ((hd_op)expr->op) {
    case HD_OP_LITERAL:
        add_literal(ruleset, expr, out);
        break;
    case HD_OP_REF:
        add_ref(ruleset, &expr->ref, out);
        break;
    case HD_OP_CALL:
        hd_buf_addf(out, "%s", hd_functions[expr->function].name);
        add_list(ruleset, expr, 0, out);
        break;
    case HD_OP_NOT:
    case HD_OP_NEG:
        hd_buf_addf(out, expr->op == HD_OP_NOT ? "not " : "-");
        add_list(ruleset, expr, 0, out);
        break;
    case HD_OP_IN:
        add_rule(ruleset, expr->args[0], out);
        hd_buf_add(out, HD_STR(" in "));
        add_list(ruleset, expr, 1, out);
        break;
    default:
        add_infix(ruleset, expr, out);
        break;
    }
}

/* ---- columns ---- */

static bool name_taken(const hd_ruleset *ruleset, const hd_splink_written *out, hd_str name)
{
    if (hd_field_find(ruleset, name) >= 0)
        return true;
    for (uint32_t i = 0; i < ruleset->n_derived; i++)
        if (hd_str_eq(ruleset->derived[i].code, name))
            return true;
    for (uint32_t i = 0; i < HD_SPLINK_KEYS; i++)
        if (hd_str_eq(name, hd_str_from(hd_splink_keys_of_table[i])))
            return true;
    for (uint32_t i = 0; i < out->n_columns; i++)
        if (hd_str_eq(out->column[i].name, name))
            return true;
    return false;
}

/* prefix(place, 6) → prefix_place_6 */
static hd_str column_name(const hd_ruleset *ruleset, hd_splink_written *out, hd_str rule)
{
    char text[NAME_BYTES_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < rule.len_bytes && n < sizeof text; i++) {
        char c = rule.ptr[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && n))
            text[n++] = c;
        else if (n && text[n - 1] != '_')
            text[n++] = '_';
    }
    while (n && text[n - 1] == '_')
        n--;
    hd_str base = n ? (hd_str){text, n} : HD_STR("column");
    hd_str name = hd_arena_str(&out->arena, base);
    for (uint32_t i = 2; name_taken(ruleset, out, name); i++)
        name = hd_arena_printf(&out->arena, "%.*s_%u", HD_ARG(base), i);
    return name;
}

/* A name that reads back as the expression; null: none. */
static hd_str own_name(const hd_ruleset *ruleset, const hd_expr *expr)
{
    const hd_derived *derived = derived_of(ruleset, expr);
    if (derived)
        return derived->code;
    bool field = expr->op == HD_OP_REF && expr->ref.what == HD_REF_VALUE && expr->ref.role < 0;
    return field ? ruleset->fields[expr->ref.index].code : HD_STR_NULL;
}

const hd_splink_column *hd_splink_column_of(const hd_ruleset *ruleset, hd_splink_written *out,
                                            const hd_expr *expr)
{
    for (uint32_t i = 0; i < out->n_columns; i++)
        if (hd_expr_same_shape(out->column[i].expr, expr))
            return &out->column[i];
    if (out->n_columns == HD_SPLINK_COLUMNS_MAX) {
        out->full = true;
        return &out->column[0];
    }
    hd_buf rule = {0};
    bool date = expr->type == HD_TYPE_DATE;
    hd_splink_column made = {.expr = expr, .name = date ? HD_STR_NULL : own_name(ruleset, expr)};
    hd_buf_add(&rule, date ? HD_STR("text(") : HD_STR(""));
    add_rule(ruleset, expr, &rule);
    hd_buf_add(&rule, date ? HD_STR(")") : HD_STR(""));
    made.rule = hd_arena_str(&out->arena, hd_buf_str(&rule));
    hd_buf_release(&rule);
    if (!made.name.ptr) {
        made.name = column_name(ruleset, out, made.rule);
        hd_buf_addf(&out->columns, "%.*s: ", HD_ARG(made.name));
        hd_buf_add_json(&out->columns, made.rule);
        hd_buf_add_char(&out->columns, '\n');
    }
    out->column[out->n_columns] = made;
    return &out->column[out->n_columns++];
}
