#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/analyse/splink_columns.h"
#include "pipeline/config/functions.h"
#include "pipeline/io/csv.h"
#include "pipeline/io/file.h"

typedef struct writer {
    hd_ctx *ctx;
    const hd_ruleset *ruleset;
    hd_splink_written *out;
    hd_buf where;        /* comparison and level, for notes */
    const char *lacking; /* what SQL does not have, of an expression that could not be written */
} writer;

/* ---- an expression over two mentions, in SQL ---- */

/* False: something in it has no counterpart, and what was appended is of no use. */
static bool add_sql(writer *w, const hd_expr *expr, hd_buf *out);

static void add_column(writer *w, const hd_expr *expr, hd_buf *out)
{
    hd_str name = hd_splink_column_of(w->ruleset, w->out, expr)->name;
    hd_buf_addf(out, "\"%.*s_%c\"", HD_ARG(name), expr->sides == 2 ? 'r' : 'l');
}

static void add_sql_text(hd_buf *out, hd_str text)
{
    hd_buf_add_char(out, '\'');
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        if (text.ptr[i] == '\'')
            hd_buf_add_char(out, '\'');
        hd_buf_add_char(out, text.ptr[i]);
    }
    hd_buf_add_char(out, '\'');
}

static bool add_sql_literal(const writer *w, const hd_expr *expr, hd_buf *out)
{
    hd_buf text = {0};
    bool quoted = expr->type == HD_TYPE_TEXT || expr->type == HD_TYPE_DATE;
    if (expr->literal == HD_NULL)
        hd_buf_add(&text, HD_STR("NULL"));
    else if (expr->type == HD_TYPE_NUMBER)
        hd_splink_add_number(&text, hd_number(expr->literal));
    else
        hd_value_print(&text, expr->type, expr->literal, w->ruleset->texts);
    if (quoted && expr->literal != HD_NULL)
        add_sql_text(out, hd_buf_str(&text));
    else
        hd_buf_add(out, hd_buf_str(&text));
    hd_buf_release(&text);
    return true;
}

static bool add_sql_args(writer *w, const hd_expr *expr, const char *between, hd_buf *out)
{
    for (uint32_t i = 0; i < expr->n_args; i++) {
        hd_buf_addf(out, "%s", i ? between : "");
        if (!add_sql(w, expr->args[i], out))
            return false;
    }
    return true;
}

/* $1, $2: the arguments. */
static bool add_sql_form(writer *w, const hd_expr *expr, const char *form, hd_buf *out)
{
    for (; *form; form++) {
        if (*form != '$')
            hd_buf_add_char(out, *form);
        else if (!add_sql(w, expr->args[*++form - '1'], out))
            return false;
    }
    return true;
}

#define DAY(arg) "try_strptime(" arg ", '%Y-%m-%d')"

static bool add_sql_call(writer *w, const hd_expr *expr, hd_buf *out)
{
    static const struct {
        const char *rule, *form;
    } forms[] = {
        {"levenshtein", "levenshtein($1, $2)"},
        {"damerau", "damerau_levenshtein($1, $2)"},
        {"jaro", "jaro_similarity($1, $2)"},
        {"jaro_winkler", "jaro_winkler_similarity($1, $2)"},
        {"abs", "abs($1)"},
        {"length", "length($1)"},
        {"lower", "lower($1)"},
        {"contains", "contains($1, $2)"},
        {"starts", "starts_with($1, $2)"},
        {"substring", "substr($1, $2, $3)"},
        {"known", "$1 IS NOT NULL"},
        {"missing", "$1 IS NULL"},
        {"days_between", "date_diff('day', " DAY("$1") ", " DAY("$2") ")"},
        {"day_month_swapped",
         "length($1) = 10 AND length($2) = 10 AND $1 <> $2 AND substr($1, 1, 4) = substr($2, 1, 4) "
         "AND substr($1, 6, 2) = substr($2, 9, 2) AND substr($1, 9, 2) = substr($2, 6, 2)"},
        /* of equal length, one edit is one replaced character, and two that a swap makes one are
         * neighbours that changed places */
        {"id_one_digit", "levenshtein($1, $2) = 1 AND length($1) = 18 AND length($2) = 18"},
        {"id_swapped", "damerau_levenshtein($1, $2) = 1 AND levenshtein($1, $2) = 2 "
                       "AND length($1) = 18 AND length($2) = 18"},
    };
    const char *name = hd_functions[expr->function].name;
    if (expr->function == HD_FUNCTION_first) {
        hd_buf_add(out, HD_STR("coalesce("));
        bool all = add_sql_args(w, expr, ", ", out);
        hd_buf_add_char(out, ')');
        return all;
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].rule, name) == 0) {
            bool condition = expr->type == HD_TYPE_BOOL;
            hd_buf_add(out, condition ? HD_STR("(") : HD_STR(""));
            bool all = add_sql_form(w, expr, forms[i].form, out);
            hd_buf_add(out, condition ? HD_STR(")") : HD_STR(""));
            return all;
        }
    w->lacking = name;
    return false;
}

static bool add_sql_operator(writer *w, const hd_expr *expr, hd_buf *out)
{
    static const char *const signs[] = {
        [HD_OP_AND] = " AND ", [HD_OP_OR] = " OR ", [HD_OP_EQ] = " = ",  [HD_OP_NE] = " <> ",
        [HD_OP_LT] = " < ",    [HD_OP_LE] = " <= ", [HD_OP_GT] = " > ",  [HD_OP_GE] = " >= ",
        [HD_OP_ADD] = " + ",   [HD_OP_SUB] = " - ", [HD_OP_MUL] = " * ", [HD_OP_DIV] = " / ",
    };
    bool ordered = expr->op >= HD_OP_LT && expr->op <= HD_OP_GE;
    if (ordered &&
        expr->args[0]->type == HD_TYPE_DATE) { /* known in part, it is not their texts' */
        w->lacking = "an order of dates";
        return false;
    }
    hd_buf_add_char(out, '(');
    bool all = add_sql_args(w, expr, signs[expr->op], out);
    hd_buf_add_char(out, ')');
    return all;
}

static bool add_sql_node(writer *w, const hd_expr *expr, hd_buf *out)
{
    bool all;
    switch ((hd_op)expr->op) {
    case HD_OP_LITERAL:
        return add_sql_literal(w, expr, out);
    case HD_OP_CALL:
        return add_sql_call(w, expr, out);
    case HD_OP_NOT:
    case HD_OP_NEG:
        hd_buf_addf(out, expr->op == HD_OP_NOT ? "(NOT " : "(-");
        all = add_sql(w, expr->args[0], out);
        hd_buf_add_char(out, ')');
        return all;
    case HD_OP_IN:
        hd_buf_add_char(out, '(');
        all = add_sql(w, expr->args[0], out);
        for (uint32_t i = 1; i < expr->n_args && all; i++) {
            hd_buf_addf(out, "%s", i == 1 ? " IN (" : ", ");
            all = add_sql(w, expr->args[i], out);
        }
        hd_buf_add(out, HD_STR("))"));
        return all;
    default:
        return add_sql_operator(w, expr, out);
    }
}

/* NULL for a condition is not known, so it neither holds nor, negated, holds. */
static bool add_sql(writer *w, const hd_expr *expr, hd_buf *out)
{
    if (expr->sides == 1 || expr->sides == 2) {
        add_column(w, expr, out);
        return true;
    }
    size_t before = out->len_bytes;
    if (add_sql_node(w, expr, out))
        return true;
    if (expr->type != HD_TYPE_BOOL)
        return false;
    out->len_bytes = before;
    hd_buf_add(out, HD_STR("NULL"));
    hd_buf_addf(&w->out->notes, "%.*s: NULL stands for %s, which SQL does not have\n",
                HD_ARG(hd_buf_str(&w->where)), w->lacking);
    return true;
}

/* ---- settings ---- */

static json_t *json_of(const hd_buf *text)
{
    return json_stringn(hd_buf_str(text).ptr, text->len_bytes);
}

/* Missing: what is needed is not known, or `unless` holds. */
static void add_missing(writer *w, const hd_comparison *comparison, hd_buf *sql)
{
    bool always = false; /* a constant is known on both sides */
    for (uint32_t i = 0; i < comparison->n_needs; i++)
        always |= !comparison->needs[i]->sides;
    for (uint32_t i = 0; i < comparison->n_needs && !always; i++) {
        hd_str name = hd_splink_column_of(w->ruleset, w->out, comparison->needs[i])->name;
        hd_buf_addf(sql, "%s(\"%.*s_l\" IS NULL OR \"%.*s_r\" IS NULL)", i ? " AND " : "",
                    HD_ARG(name), HD_ARG(name));
    }
    if (!comparison->unless)
        return;
    hd_buf_clear(&w->where);
    hd_buf_addf(&w->where, "comparison %.*s, unless", HD_ARG(comparison->code));
    hd_buf_add(sql, always ? HD_STR("") : HD_STR(" OR "));
    add_sql(w, comparison->unless, sql);
}

static json_t *null_level(writer *w, const hd_comparison *comparison)
{
    hd_buf sql = {0};
    json_t *level = NULL;
    add_missing(w, comparison, &sql);
    if (sql.len_bytes) {
        level = json_object();
        json_object_set_new(level, "sql_condition", json_of(&sql));
        json_object_set_new(level, "label_for_charts", json_string("missing"));
        json_object_set_new(level, "is_null_level", json_true());
    }
    hd_buf_release(&sql);
    return level;
}

static json_t *level_to_json(writer *w, const hd_comparison *comparison, uint32_t l,
                             const hd_model_level *model)
{
    const hd_level *rule = &comparison->levels[l];
    hd_buf sql = {0};
    hd_buf_clear(&w->where);
    hd_buf_addf(&w->where, "comparison %.*s, level %.*s", HD_ARG(comparison->code),
                HD_ARG(rule->code));
    if (rule->when)
        add_sql(w, rule->when, &sql);
    else
        hd_buf_add(&sql, HD_STR("ELSE"));
    json_t *level = json_object();
    json_object_set_new(level, "sql_condition", json_of(&sql));
    json_object_set_new(level, "label_for_charts",
                        json_stringn(rule->code.ptr, rule->code.len_bytes));
    json_object_set_new(level, "m_probability", json_real(model->m));
    json_object_set_new(level, "u_probability", json_real(model->u));
    if (rule->frequency) {
        hd_str column = hd_splink_column_of(w->ruleset, w->out, rule->frequency)->name;
        json_object_set_new(level, "tf_adjustment_column",
                            json_stringn(column.ptr, column.len_bytes));
        json_object_set_new(level, "tf_adjustment_weight", json_real(1));
        json_object_set_new(level, "disable_tf_exact_match_detection", json_true());
    }
    hd_buf_release(&sql);
    return level;
}

static json_t *comparison_to_json(writer *w, uint32_t c, const hd_model *model)
{
    const hd_comparison *comparison = &w->ruleset->comparisons[c];
    json_t *out = json_object(), *levels = json_array(), *null = null_level(w, comparison);
    if (null)
        json_array_append_new(levels, null);
    for (uint32_t l = 0; l < comparison->n_levels; l++)
        json_array_append_new(levels,
                              level_to_json(w, comparison, l, &model->comparison[c].level[l]));
    json_object_set_new(out, "output_column_name",
                        json_stringn(comparison->code.ptr, comparison->code.len_bytes));
    json_object_set_new(out, "comparison_levels", levels);
    return out;
}

/* Splink sees one table: which pairs are asked for stands in each rule. hedui never pairs two
 * mentions of one record. */
static const char *pairs_asked_for(hd_link_mode mode)
{
    switch (mode) {
    case HD_LINK_ACROSS:
        return "l.\"record\" <> r.\"record\" AND l.\"source\" <> r.\"source\"";
    case HD_LINK_WITHIN:
        return "l.\"record\" <> r.\"record\" AND l.\"source\" = r.\"source\"";
    case HD_LINK_BOTH:
        break;
    }
    return "l.\"record\" <> r.\"record\"";
}

static json_t *pass_to_json(writer *w, const hd_pass *pass)
{
    hd_buf sql = {0};
    for (uint32_t k = 0; k < pass->n_keys; k++) {
        hd_str name = hd_splink_column_of(w->ruleset, w->out, pass->keys[k])->name;
        hd_buf_addf(&sql, "l.\"%.*s\" = r.\"%.*s\" AND ", HD_ARG(name), HD_ARG(name));
    }
    hd_buf_add(&sql, hd_str_from(pairs_asked_for(w->ruleset->link_mode)));
    json_t *out = json_object();
    json_object_set_new(out, "blocking_rule", json_of(&sql));
    json_object_set_new(out, "sql_dialect", json_string("duckdb"));
    hd_buf_release(&sql);
    return out;
}

/* Splink has one round. */
static bool is_of_later_round(writer *w, bool asks_persons, const char *what, hd_str code)
{
    if (asks_persons)
        hd_buf_addf(&w->out->notes,
                    "%s %.*s: left out, as it asks for persons that a round found\n", what,
                    HD_ARG(code));
    return asks_persons;
}

static json_t *settings_to_json(writer *w, const hd_model *model)
{
    const hd_ruleset *ruleset = w->ruleset;
    json_t *root = json_object(), *comparisons = json_array(), *passes = json_array();
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++)
        if (!is_of_later_round(w, ruleset->comparisons[c].asks_persons, "comparison",
                               ruleset->comparisons[c].code))
            json_array_append_new(comparisons, comparison_to_json(w, c, model));
    for (uint32_t p = 0; p < ruleset->n_passes; p++)
        if (!is_of_later_round(w, ruleset->passes[p].asks_persons, "pass", ruleset->passes[p].code))
            json_array_append_new(passes, pass_to_json(w, &ruleset->passes[p]));
    json_object_set_new(root, "link_type", json_string("dedupe_only"));
    json_object_set_new(root, "sql_dialect", json_string("duckdb"));
    json_object_set_new(root, "unique_id_column_name", json_string("unique_id"));
    json_object_set_new(root, "probability_two_random_records_match", json_real(model->prior));
    json_object_set_new(root, "retain_matching_columns", json_false());
    json_object_set_new(root, "blocking_rules_to_generate_predictions", passes);
    json_object_set_new(root, "comparisons", comparisons);
    return root;
}

hd_status hd_splink_write(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_model *model,
                          hd_splink_written *out)
{
    *out = (hd_splink_written){0};
    writer w = {.ctx = ctx, .ruleset = ruleset, .out = out};
    json_t *root = settings_to_json(&w, model);
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    hd_buf_add(&out->settings, hd_str_from(text));
    free(text);
    json_decref(root);
    hd_buf_release(&w.where);
    if (out->full)
        return HD_FAIL(ctx, HD_CONFIG, "the rules make more than %d columns",
                       HD_SPLINK_COLUMNS_MAX);
    return HD_OK;
}

void hd_splink_written_release(hd_splink_written *written)
{
    hd_arena_release(&written->arena);
    hd_buf_release(&written->settings);
    hd_buf_release(&written->columns);
    hd_buf_release(&written->notes);
    *written = (hd_splink_written){0};
}

/* ---- the table ---- */

static void add_head(const hd_splink_written *written, hd_buf *out)
{
    for (uint32_t i = 0; i < HD_SPLINK_KEYS; i++)
        hd_buf_addf(out, "%s%s", i ? "," : "", hd_splink_keys_of_table[i]);
    for (uint32_t c = 0; c < written->n_columns; c++)
        hd_buf_addf(out, ",%.*s", HD_ARG(written->column[c].name));
    hd_buf_add_char(out, '\n');
}

static void add_key(const hd_mentions *mentions, hd_mention i, uint64_t record, hd_buf *out)
{
    const hd_source *source = &mentions->ruleset->sources[mentions->source[i]];
    hd_buf_addf(out, "%llu,%llu,", (unsigned long long)i + 1, (unsigned long long)record);
    hd_csv_add_value(out, HD_CSV_PLAIN, source->code);
    hd_buf_add_char(out, ',');
    hd_csv_add_value(out, HD_CSV_PLAIN, hd_mention_record_id(mentions, i));
    hd_buf_add_char(out, ',');
    hd_csv_add_value(out, HD_CSV_PLAIN, source->roles[mentions->role[i]].code);
}

static hd_status write_rows(hd_ctx *ctx, const hd_mentions *mentions,
                            const hd_splink_written *written, hd_file_out *out)
{
    hd_computed_set computed;
    uint32_t number[HD_SPLINK_COLUMNS_MAX];
    hd_buf cell = {0};
    uint64_t record = 0;
    hd_computed_init(&computed, mentions);
    for (uint32_t c = 0; c < written->n_columns; c++)
        number[c] = hd_computed_add(&computed, written->column[c].expr);
    hd_status status = hd_computed_run(ctx, &computed);
    add_head(written, &out->buf);
    for (hd_mention i = 0; i < mentions->n && status == HD_OK; i++) {
        record += i == 0 || !hd_mention_same_record(mentions, i, i - 1);
        add_key(mentions, i, record, &out->buf);
        for (uint32_t c = 0; c < written->n_columns; c++) {
            hd_type type = (hd_type)written->column[c].expr->type;
            uint32_t packed = hd_computed_get(&computed.item[number[c]], i);
            hd_buf_clear(&cell);
            hd_value_print(&cell, type, hd_computed_unpack(type, packed), mentions->ruleset->texts);
            hd_buf_add_char(&out->buf, ',');
            hd_csv_add_value(&out->buf, HD_CSV_PLAIN, hd_buf_str(&cell));
        }
        hd_buf_add_char(&out->buf, '\n');
        hd_file_spill(out);
    }
    hd_buf_release(&cell);
    hd_computed_release(&computed);
    return status;
}

hd_status hd_splink_write_table(hd_ctx *ctx, const char *path, const hd_mentions *mentions,
                                const hd_splink_written *written)
{
    hd_file_out out;
    hd_file_clear(path);
    HD_TRY(hd_file_create(ctx, path, 0600, &out));
    hd_status status = write_rows(ctx, mentions, written, &out);
    return hd_file_end(ctx, &out, status);
}
