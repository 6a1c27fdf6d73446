#include "config_files.h"

#include "pipeline/config/catalogue.h"
#include "pipeline/config/yaml.h"

static config_files files;

static void setup(void)
{
    files = files_open();
}

static void teardown(void)
{
    files_close(&files);
}

TestSuite(catalogue, .init = setup, .fini = teardown);

static void expect_text(const char *key, const char *want)
{
    hd_str got = hd_text_of(files.ruleset->catalogue, key);
    cr_expect(hd_str_eq(got, hd_str_from(want)), "%s: %.*s, not %s", key, HD_ARG(got), want);
}

static void expect_filled(const hd_buf *got, const char *want)
{
    cr_expect(hd_str_eq(hd_buf_str(got), hd_str_from(want)), "%s, not %s", got->ptr, want);
}

Test(catalogue, language_is_chosen)
{
    expect_loads(&files, SOURCE);
    expect_text("field.name", "姓名");
    expect_text("rule.id.checksum.name", "身份号码校验码不符");
    expect_loads(&files, "language: en\n" SOURCE);
    expect_text("field.name", "name");
    expect_text("rule.id.checksum.name", "Check digit of the identity number is wrong");
}

Test(catalogue, english_stands_in_then_the_key)
{
    files_write(&files, "rules/text.en.yaml", "only: {here: English}\nkind.form: shape\n");
    files_write(&files, "rules/text.zh.yaml", "field.name: 名字\n");
    expect_loads(&files, SOURCE);
    expect_text("only.here", "English");
    expect_text("kind.form", "规范性"); /* own English does not go before packaged Chinese */
    expect_text("field.name", "名字");
    expect_text("field.sex", "性别");
    expect_text("no.such.key", "no.such.key");
    expect_text("", "");
    expect_loads(&files, "language: en\n" SOURCE);
    expect_text("kind.form", "shape");
    expect_text("field.name", "name");
}

Test(catalogue, place_holders)
{
    files_write(&files, "rules/text.zh.yaml",
                "t:\n  two: \"{name}：{n} 条，共 {n}\"\n  none: \"{x} {} { n} {n\"\n");
    expect_loads(&files, SOURCE);
    const hd_catalogue *catalogue = files.ruleset->catalogue;
    hd_buf out = {0};
    hd_buf_add_char(&out, '>');
    hd_text_fill(&out, catalogue, "t.two", "n", "3", "name", "户籍", (char *)NULL);
    expect_filled(&out, ">户籍：3 条，共 3");
    hd_buf_clear(&out);
    hd_text_fill(&out, catalogue, "t.none", "n", "3", (char *)NULL);
    expect_filled(&out, "{x} {} { n} {n");
    hd_buf_clear(&out);
    hd_text_fill(&out, catalogue, "t.two", (char *)NULL);
    expect_filled(&out, "{name}：{n} 条，共 {n}");
    hd_buf_clear(&out);
    hd_text_fill(&out, catalogue, "t.missing", "n", "{n}", (char *)NULL);
    expect_filled(&out, "t.missing");
    hd_buf_release(&out);
}

/* ---- what is packaged ---- */

typedef struct keys {
    char item[2048][64];
    unsigned n;
} keys;

static void flatten(const hd_node *map, const char *prefix, keys *out)
{
    for (HD_EACH(node, map)) {
        char key[64];
        snprintf(key, sizeof key, "%s%s%.*s", prefix, *prefix ? "." : "", HD_ARG(node->key->text));
        if (node->kind == HD_NODE_MAP) {
            flatten(node, key, out);
            continue;
        }
        cr_assert_lt(out->n, 2048);
        memcpy(out->item[out->n++], key, sizeof key);
    }
}

static void read_keys(const char *language, keys *out)
{
    char path[512];
    static char text[1 << 20];
    hd_arena arena = {0};
    const hd_node *root;
    snprintf(path, sizeof path, "%s/text.%s.yaml", HEDUI_RULES_DIR, language);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    cr_assert_eq(hd_yaml_parse(&files.ctx, &arena, path, (hd_str){text, (uint32_t)n}, &root),
                 HD_OK);
    out->n = 0;
    flatten(root, "", out);
    hd_arena_release(&arena);
}

static bool has(const keys *all, const char *key)
{
    for (unsigned i = 0; i < all->n; i++)
        if (strcmp(all->item[i], key) == 0)
            return true;
    return false;
}

static keys zh, en;

Test(catalogue, languages_have_the_same_keys)
{
    read_keys("zh", &zh);
    read_keys("en", &en);
    for (unsigned i = 0; i < zh.n; i++)
        cr_expect(has(&en, zh.item[i]), "text.en.yaml lacks %s", zh.item[i]);
    for (unsigned i = 0; i < en.n; i++)
        cr_expect(has(&zh, en.item[i]), "text.zh.yaml lacks %s", en.item[i]);
}

static void expect_key(const char *fmt, hd_str code)
{
    char key[64];
    snprintf(key, sizeof key, fmt, HD_ARG(code));
    cr_expect(has(&en, key), "text.en.yaml lacks %s", key);
}

Test(catalogue, everything_that_is_packaged_has_a_text)
{
    expect_loads(&files, SOURCE);
    const hd_ruleset *r = files.ruleset;
    read_keys("en", &en);
    for (uint32_t i = 0; i < r->n_fields; i++)
        expect_key("field.%.*s", r->fields[i].code);
    for (uint32_t i = 0; i < r->n_role_names; i++)
        expect_key("role.%.*s", r->role_names[i]);
    for (uint32_t i = 0; i < r->n_rules; i++) {
        expect_key("rule.%.*s.name", r->rules[i].code);
        expect_key("rule.%.*s.help", r->rules[i].code);
        expect_key("kind.%.*s", r->rules[i].kind);
    }
    for (int i = 0; i < HD_N_STATES; i++) {
        expect_key("state.%.*s", hd_str_from(hd_state_name((hd_state)i)));
        expect_key("state_means.%.*s", hd_str_from(hd_state_name((hd_state)i)));
    }
    for (int i = 0; i < HD_N_REASONS; i++) {
        expect_key("reason.%.*s", hd_str_from(hd_reason_name((hd_reason)i)));
        expect_key("reason_hint.%.*s", hd_str_from(hd_reason_name((hd_reason)i)));
    }
}
