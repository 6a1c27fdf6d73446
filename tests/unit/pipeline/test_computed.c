#include "pipeline/computed.h"

#include <criterion/criterion.h>

#include "mini.h"

static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: name, birth_date: birth, id_number: number}\n";

static const hd_expr *compile(hd_mini *mini, const char *text)
{
    hd_scope scope = hd_scope_mention(mini->ruleset);
    const hd_expr *expr = NULL;
    hd_source_pos pos = {"test", 1, 1};
    hd_status status =
        hd_rule_compile(&mini->ctx, &scope, pos, hd_str_from(text), HD_TYPE_NULL, &expr);
    cr_assert_eq(status, HD_OK, "%s", mini->ctx.frames[0].text);
    return expr;
}

static void open_people(hd_mini *mini)
{
    hd_mini_open(mini, 2);
    hd_mini_write(mini, "hedui.yaml", CONFIG);
    hd_mini_write(mini, "a.csv",
                  "id,name,birth,number\n1,张伟,19800102,\n2,李娜,,11010519491231002X\n"
                  "3,张伟,1990,000000\n");
    hd_mini_read(mini);
}

/* Every expression computed ahead gives what evaluating it on the mention gives. */
Test(computed, is_what_evaluation_gives)
{
    static const char *const texts[] = {
        "pinyin(name)",
        "birth_date",
        "year(birth_date)",
        "first(birth_date, id_birth_date(id_number))",
        "missing(name)",
        "missing(phone)",
        "state(id_number) = \"placeholder\"",
        "state(phone) = \"missing\"",
        "first(former_name, name)",
        "first(former_name, \"\")",
        "concat(name, source)",
        "length(name) + 1",
        "\"constant\"",
    };
    enum { N = sizeof texts / sizeof *texts };
    hd_mini mini;
    open_people(&mini);
    hd_computed_set set;
    hd_computed_init(&set, &mini.mentions);
    uint32_t number[N];
    for (int t = 0; t < N; t++)
        number[t] = hd_computed_add(&set, compile(&mini, texts[t]));
    cr_assert_eq(hd_computed_run(&mini.ctx, &set), HD_OK);
    hd_env env = {.texts = mini.ruleset->texts, .han = mini.ruleset->han, .load = hd_mention_load};
    for (int t = 0; t < N; t++)
        for (hd_mention i = 0; i < mini.mentions.n; i++) {
            hd_mention_row row = {&mini.mentions, {i, i}};
            env.row = &row;
            const hd_computed *c = &set.item[number[t]];
            hd_value ahead = hd_computed_unpack((hd_type)c->expr->type, hd_computed_get(c, i));
            cr_assert_eq(ahead, hd_expr_eval(c->expr, &env), "%s of mention %u", texts[t], i);
        }
    hd_env_release(&env);
    hd_computed_release(&set);
    hd_mini_close(&mini);
}

Test(computed, one_expression_is_computed_once)
{
    hd_mini mini;
    open_people(&mini);
    hd_computed_set set;
    hd_computed_init(&set, &mini.mentions);
    uint32_t first = hd_computed_add(&set, compile(&mini, "pinyin(name)"));
    cr_assert_eq(hd_computed_add(&set, compile(&mini, "pinyin( name )")), first);
    cr_assert_neq(hd_computed_add(&set, compile(&mini, "pinyin(former_name)")), first);
    hd_computed_release(&set);
    hd_mini_close(&mini);
}
