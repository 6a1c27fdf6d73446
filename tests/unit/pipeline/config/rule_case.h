#ifndef HD_TESTS_RULE_CASE_H
#define HD_TESTS_RULE_CASE_H

/* Expressions over one small row: what they compile to, evaluate to, or why they are refused. */

#include <criterion/criterion.h>
#include <stdio.h>

#include "pipeline/config/functions.h"
#include "pipeline/config/rule.h"
#include "pipeline/field.h"

enum { N_CASE_FIELDS = 13, BUILTIN_SOURCE = 100 };

/* Values of side a; side b has the same with "B" before a text, and all else null. A value that
 * begins with ? is not there. */
static const struct case_field {
    const char *name;
    hd_type type;
    const char *value;
} case_fields[N_CASE_FIELDS] = {
    {"name", HD_TYPE_TEXT, "张三丰"},
    {"former_name", HD_TYPE_TEXT, "?"},
    {"birth_date", HD_TYPE_DATE, "19800102"},
    {"death_date", HD_TYPE_DATE, "?"},
    {"month_only", HD_TYPE_DATE, "19800100"},
    {"division", HD_TYPE_TEXT, "530303001002"},
    {"n", HD_TYPE_NUMBER, "7"},
    {"no_n", HD_TYPE_NUMBER, "?"},
    {"yes", HD_TYPE_BOOL, "1"},
    {"no", HD_TYPE_BOOL, "0"},
    {"maybe", HD_TYPE_BOOL, "?"},
    {"姓名", HD_TYPE_TEXT, "李四"},
    {"家庭 地址", HD_TYPE_TEXT, "某村"},
};

typedef struct rule_case {
    hd_ctx ctx;
    hd_arena arena;
    hd_scope scope;
    hd_env env;
    const hd_expr *derived; /* what the name "gender" stands for */
    hd_value value[N_CASE_FIELDS];
    uint32_t n_loads;
} rule_case;

static inline bool case_resolve(void *arg, hd_str qualifier, hd_str name, hd_ref *ref,
                                hd_type *type)
{
    (void)arg;
    if (qualifier.ptr && hd_str_eq(qualifier, HD_STR("b")))
        ref->side = 1;
    else if (qualifier.ptr && hd_str_eq(qualifier, HD_STR("mother")))
        ref->role = 2;
    else if (qualifier.ptr && !hd_str_eq(qualifier, HD_STR("a")))
        return false;
    if (hd_str_eq(name, HD_STR("source"))) {
        ref->what = HD_REF_BUILTIN;
        ref->index = BUILTIN_SOURCE;
        *type = HD_TYPE_TEXT;
        return true;
    }
    for (uint16_t i = 0; i < N_CASE_FIELDS; i++)
        if (hd_str_eq(name, hd_str_from(case_fields[i].name))) {
            ref->index = i;
            *type = case_fields[i].type;
            return true;
        }
    return false;
}

static inline hd_str case_list(void *arg, uint32_t i)
{
    (void)arg;
    return i < N_CASE_FIELDS ? hd_str_from(case_fields[i].name) : HD_STR_NULL;
}

static inline const hd_expr *case_derive(void *arg, hd_str qualifier, hd_str name)
{
    rule_case *rc = arg;
    return !qualifier.ptr && hd_str_eq(name, HD_STR("gender")) ? rc->derived : NULL;
}

static inline hd_value case_load(const void *row, const hd_ref *ref)
{
    rule_case *rc = (rule_case *)row;
    rc->n_loads++;
    switch (ref->what) {
    case HD_REF_STATE:
        return hd_pool_intern(rc->env.texts, HD_STR("repaired"));
    case HD_REF_REASON:
        return ref->reason == HD_REASON_width;
    case HD_REF_ORIGINAL:
        return hd_pool_intern(rc->env.texts, HD_STR("张 三丰"));
    case HD_REF_BUILTIN:
        return hd_pool_intern(rc->env.texts, HD_STR("household"));
    default:
        return ref->side ? HD_NULL : rc->value[ref->index];
    }
}

static inline hd_value case_value(rule_case *rc, const struct case_field *field)
{
    if (field->value[0] == '?')
        return HD_NULL;
    if (field->type == HD_TYPE_TEXT)
        return hd_pool_intern(rc->scope.texts, hd_str_from(field->value));
    int number = atoi(field->value);
    return field->type == HD_TYPE_NUMBER ? hd_value_number(number) : (hd_value)number;
}

static inline rule_case *rule_case_new(void)
{
    rule_case *rc = calloc(1, sizeof *rc);
    hd_pool *texts = hd_pool_new();
    hd_ctx_init(&rc->ctx, 1);
    rc->scope = (hd_scope){.arg = rc,
                           .resolve = case_resolve,
                           .list = case_list,
                           .derive = case_derive,
                           .arena = &rc->arena,
                           .texts = texts};
    rc->env = (hd_env){.texts = texts, .load = case_load, .row = rc};
    for (int i = 0; i < N_CASE_FIELDS; i++)
        rc->value[i] = case_value(rc, &case_fields[i]);
    return rc;
}

/* A few rows of the form of rules/tables/divisions.tsv, and a county's places. */
static inline const hd_divisions *case_divisions(hd_arena *arena)
{
    static const char divisions[] = "530000\t云南省\t\t\t\n"
                                    "530300\t曲靖市\t1997\t\t\n"
                                    "530303\t沾益区\t2016\t\t\n"
                                    "530323\t师宗县\t1997\t\t\n"
                                    "530328\t沾益县\t1997\t2015\t530303\n";
    static const char places[] = "530323001\t丹凤街道\t丹凤镇\n"
                                 "530323001203\t新村村委会\n";
    hd_divisions_fault fault;
    const hd_divisions *made =
        hd_divisions_parse(arena, hd_str_from(divisions), hd_str_from(places), &fault);
    cr_assert_not_null(made, "line %u", fault.line);
    return made;
}

/* A table of the form of rules/tables/han.tsv, as far as the tests need it. */
static inline rule_case *rule_case_with_han(void)
{
    static const char han[] = "# columns: character, folded form, readings, code, strokes\n"
                              "三\t\tsan1\t1010\t3\n"
                              "丰\t\tfeng1\t\t4\n"
                              "张\t\tzhang1\t1223\t7\n"
                              "張\t张\tzhang1\t1123\t11\n"
                              "单\t\tdan1\t\t8\n"
                              "欧\t\tou1\t\t8\n"
                              "阳\t\tyang2\t\t6\n"
                              "锋\t\tfeng1\t\t12\n";
    static const char surnames[] = "# columns: surname, reading\n张\t\n单\tshan4\n欧阳\t\n";
    rule_case *rc = rule_case_new();
    uint32_t bad_line = 0;
    rc->env.han = hd_han_parse(&rc->arena, hd_str_from(han), hd_str_from(surnames), &bad_line);
    cr_assert_not_null(rc->env.han, "line %u", bad_line);
    rc->env.divisions = case_divisions(&rc->arena);
    return rc;
}

static inline void rule_case_free(rule_case *rc)
{
    hd_env_release(&rc->env);
    hd_arena_release(&rc->arena);
    hd_pool_free(rc->scope.texts);
    free(rc);
}

static inline hd_status try_compile(rule_case *rc, const char *text, hd_type want,
                                    const hd_expr **out)
{
    hd_ctx_clear(&rc->ctx);
    return hd_rule_compile(&rc->ctx, &rc->scope, (hd_source_pos){"r.yaml", 3, 1}, hd_str_from(text),
                           want, out);
}

static inline const hd_expr *compiled(rule_case *rc, const char *text)
{
    const hd_expr *expr = NULL;
    hd_status status = try_compile(rc, text, HD_TYPE_NULL, &expr);
    cr_assert_eq(status, HD_OK, "%s: %s", text, rc->ctx.frames[0].text);
    return expr;
}

/* Texts in quotes, null as null. Lives in rc->arena. */
static inline const char *value_shown(rule_case *rc, hd_type type, hd_value value)
{
    hd_buf out = {0};
    const char *quote = type == HD_TYPE_TEXT && value != HD_NULL ? "\"" : "";
    hd_buf_addf(&out, "%s", value == HD_NULL ? "null" : quote);
    hd_value_print(&out, type, value, rc->scope.texts);
    hd_buf_addf(&out, "%s", quote);
    const char *shown = hd_arena_str(&rc->arena, hd_buf_str(&out)).ptr;
    hd_buf_release(&out);
    return shown;
}

static inline const char *evaluated(rule_case *rc, const char *text)
{
    const hd_expr *expr = compiled(rc, text);
    return value_shown(rc, expr->type, hd_expr_eval(expr, &rc->env));
}

#define EVALUATES(rc, text, want)                                                  \
    do {                                                                           \
        const char *shown_ = evaluated(rc, text);                                  \
        cr_expect_str_eq(shown_, want, "%s gives %s, not %s", text, shown_, want); \
    } while (0)

/* `want`: the message after "r.yaml:3:". */
static inline void expect_refused(rule_case *rc, const char *text, hd_type type, const char *want)
{
    const hd_expr *expr = NULL;
    hd_status status = try_compile(rc, text, type, &expr);
    cr_expect_eq(status, HD_CONFIG, "%s compiles", text);
    cr_expect_null(expr);
    char full[512];
    snprintf(full, sizeof full, "r.yaml:3:%s", want);
    cr_expect_str_eq(rc->ctx.frames[0].text, full, "%s\n  gives %s\n  not   %s", text,
                     rc->ctx.frames[0].text, full);
}

#define REFUSED(rc, text, want) expect_refused(rc, text, HD_TYPE_NULL, want)

#endif
