#include <criterion/criterion.h>

#include "base/buf.h"
#include "mini.h"
#include "pipeline/analyse/lint.h"

static const char config[] = "site: 530303\n"
                             "sources:\n"
                             "  household:\n"
                             "    type: household\n"
                             "    csv: household.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: name}\n";

/* Line 9 and 10 are the examples. */
#define OWN_RULE(check, when, first, second) \
    "rules:\n"                               \
    "  - code: t.own\n"                      \
    "    kind: form\n"                       \
    "    check: " check "\n"                 \
    "    severity: warn\n"                   \
    "    when: " when "\n"                   \
    "    why: for a test\n"                  \
    "    example:\n"                         \
    "      - " first "\n"                    \
    "      - " second "\n"

/* What lint says of the packaged rules and one of a county's own. */
static void lint(const char *own, uint32_t *n_run, hd_buf *failures)
{
    hd_mini mini;
    hd_mini_open(&mini, 2);
    hd_mini_write(&mini, "hedui.yaml", config);
    hd_mini_write(&mini, "household.csv", "id,name\n");
    if (own)
        hd_mini_write(&mini, "rules/checks.yaml", own);
    hd_mini_read(&mini);
    cr_assert_eq(hd_lint_examples(&mini.ctx, mini.ruleset, n_run, failures), HD_OK);
    hd_mini_close(&mini);
}

/* Lines about the county's own rule, their file from the folder's end on. */
static void expect_lint(const char *own, const char *expected)
{
    hd_buf failures = {0}, of_own = {0};
    uint32_t n_run;
    lint(own, &n_run, &failures);
    for (const char *line = failures.ptr; line && *line; line = strchr(line, '\n') + 1) {
        hd_str text = {line, (uint32_t)(strchr(line, '\n') + 1 - line)};
        const char *rule = strstr(line, " of t.own:"), *file = strstr(line, "rules/checks.yaml");
        if (rule && rule < line + text.len_bytes)
            hd_buf_add(&of_own, (hd_str){file, (uint32_t)(line + text.len_bytes - file)});
    }
    cr_assert_str_eq(of_own.ptr ? of_own.ptr : "", expected);
    hd_buf_release(&failures);
    hd_buf_release(&of_own);
}

Test(lint, packaged_examples_hold)
{
    hd_buf failures = {0};
    uint32_t n_run = 0;
    lint(NULL, &n_run, &failures);
    cr_assert_str_eq(failures.ptr ? failures.ptr : "", "");
    cr_assert_geq(n_run, 20);
    hd_buf_release(&failures);
}

Test(lint, a_wrong_example_is_named_with_its_line)
{
    expect_lint(OWN_RULE("mention", "sex = \"2\"",
                         "{given: [{type: household, sex: 女}], expect: found}",
                         "{given: [{type: household, sex: 男}], expect: found}"),
                "rules/checks.yaml:10: example 2 of t.own: expected found, was clean\n");
    expect_lint(OWN_RULE("mention", "sex = \"2\"",
                         "{given: [{type: household, sex: 女}], expect: clean}",
                         "{given: [{type: household, sex: 男}], expect: clean}"),
                "rules/checks.yaml:9: example 1 of t.own: expected clean, was found\n");
}

Test(lint, a_mention_without_values_is_there)
{
    expect_lint(OWN_RULE("mention", "missing(name)", "{given: [{type: death}], expect: found}",
                         "{given: [{type: death, name: 张伟}], expect: clean}"),
                "");
}

Test(lint, roles_of_one_type_share_a_record_until_one_comes_again)
{
    expect_lint(OWN_RULE("mention", "role = \"child\" and name = mother.name",
                         "{given: [{person: 1, type: birth, role: child, name: 李娜},"
                         " {person: 2, type: birth, role: mother, name: 李娜}], expect: found}",
                         "{given: [{person: 1, type: birth, role: child, name: 李娜},"
                         " {person: 2, type: birth, role: child, name: 王一},"
                         " {person: 3, type: birth, role: mother, name: 李娜}], expect: clean}"),
                "");
}

Test(lint, persons_are_those_of_the_example)
{
    expect_lint(OWN_RULE("pair", "a.source_type = b.source_type and a.name != b.name",
                         "{given: [{person: 1, type: death, name: 李娜}, {person: 1, type: death,"
                         " name: 王一}], expect: found}",
                         "{given: [{person: 1, type: death, name: 李娜}, {person: 2, type: death,"
                         " name: 王一}], expect: clean}"),
                "");
}
