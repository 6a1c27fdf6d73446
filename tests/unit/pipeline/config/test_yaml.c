#include <criterion/criterion.h>

#include "pipeline/config/yaml.h"

#include "base/buf.h"

static hd_ctx ctx;
static hd_arena arena;

static void setup(void)
{
    hd_ctx_init(&ctx, 1);
}

static void teardown(void)
{
    hd_arena_release(&arena);
}

TestSuite(yaml, .init = setup, .fini = teardown);

static const hd_node *parse(const char *text)
{
    const hd_node *root = NULL;
    hd_status status = hd_yaml_parse(&ctx, &arena, "f.yaml", hd_str_from(text), &root);
    cr_assert_eq(status, HD_OK, "%s", ctx.frames[0].text);
    return root;
}

static void refused(hd_str text, const char *error)
{
    const hd_node *root;
    hd_ctx_clear(&ctx);
    cr_expect_eq(hd_yaml_parse(&ctx, &arena, "f.yaml", text, &root), HD_CONFIG, "%s", error);
    cr_expect_str_eq(ctx.frames[0].text, error);
    cr_expect_neq(ctx.hint[0], '\0', "no hint: %s", error);
}

static void expect_pos(const hd_node *node, uint32_t line, uint32_t column)
{
    cr_expect_str_eq(node->pos.file, "f.yaml");
    cr_expect_eq(node->pos.line, line, "line %u, not %u", node->pos.line, line);
    cr_expect_eq(node->pos.column, column, "column %u, not %u", node->pos.column, column);
}

Test(yaml, every_node_knows_its_place)
{
    const hd_node *root = parse("# head\na: one\nb:\n  - two\n  - {c: \"three\", d: 'four'}\n");
    cr_assert_eq(root->kind, HD_NODE_MAP);
    cr_assert_eq(root->n, 2);
    const hd_node *a = root->first, *b = a->next;
    cr_expect(hd_str_eq(a->key->text, HD_STR("a")));
    expect_pos(a->key, 2, 1);
    expect_pos(a, 2, 4);
    cr_expect(a->plain);
    cr_assert_eq(b->kind, HD_NODE_LIST);
    cr_assert_eq(b->n, 2);
    expect_pos(b->first, 4, 5);
    cr_expect_null(b->first->key);
    const hd_node *map = b->first->next;
    cr_assert_eq(map->kind, HD_NODE_MAP);
    expect_pos(map, 5, 5);
    expect_pos(map->first, 5, 10); /* inside the quotes */
    cr_expect_not(map->first->plain);
    expect_pos(map->first->next, 5, 22);
    cr_expect(hd_str_eq(map->first->next->text, HD_STR("four")));
    cr_expect_null(map->first->next->next);
}

Test(yaml, columns_count_characters)
{
    const hd_node *root = parse("{姓名: 张, b: c}");
    expect_pos(root->first, 1, 6);
    expect_pos(root->first->next, 1, 12);
}

Test(yaml, block_text_starts_on_the_next_line)
{
    const hd_node *root = parse("when: >\n  a and\n  b\nx: |\n  one\n");
    cr_expect(hd_str_eq(root->first->text, HD_STR("a and b\n")));
    expect_pos(root->first, 2, 1);
    expect_pos(root->first->next, 5, 1);
}

Test(yaml, comments_only_are_an_empty_map)
{
    cr_expect_eq(parse("# nothing yet\n")->kind, HD_NODE_MAP);
    cr_expect_eq(parse("")->n, 0);
}

Test(yaml, scalars_are_texts)
{
    const hd_node *root = parse("{a: 010, b: yes, c: , d: '', e: \"\\u5f20\"}");
    const hd_node *a = root->first, *b = a->next, *c = b->next, *d = c->next;
    cr_expect(hd_str_eq(a->text, HD_STR("010")));
    cr_expect(hd_str_eq(b->text, HD_STR("yes")));
    cr_expect(c->plain && c->text.len_bytes == 0);
    cr_expect(!d->plain && d->text.len_bytes == 0);
    cr_expect(hd_str_eq(d->next->text, HD_STR("张")));
}

Test(yaml, refuses_what_hides_or_doubles)
{
    refused(HD_STR("a: 1\nb: 2\na: 3\n"),
            "f.yaml:3:1: key \"a\" stands here twice; first on line 1");
    refused(HD_STR("a: &x 1\nb: *x\n"), "f.yaml:1:4: an anchor (&name) is not allowed");
    refused(HD_STR("a: &x {}\n"), "f.yaml:1:4: an anchor (&name) is not allowed");
    refused(HD_STR("a: &x []\n"), "f.yaml:1:4: an anchor (&name) is not allowed");
    refused(HD_STR("b: *x\n"), "f.yaml:1:4: an alias (*name) is not allowed");
    refused(HD_STR("a: !!str 1\n"), "f.yaml:1:4: a tag (!name) is not allowed");
    refused(HD_STR("a: !x []\n"), "f.yaml:1:4: a tag (!name) is not allowed");
    refused(HD_STR("a: !x {}\n"), "f.yaml:1:4: a tag (!name) is not allowed");
    refused(HD_STR("a: 1\n---\nb: 2\n"), "f.yaml:2:1: a second document (---) is not allowed");
    refused(HD_STR("a: \"x\\0y\"\n"), "f.yaml:1:4: a text holds a NUL character");
}

Test(yaml, refuses_keys_that_are_no_words)
{
    const hd_node *root;
    cr_expect_eq(hd_yaml_parse(&ctx, &arena, "f.yaml", HD_STR("{[a]: 1}"), &root), HD_CONFIG);
    cr_expect_str_eq(ctx.frames[0].text, "f.yaml:1:2: a key must be one word, not a list or a map");
}

Test(yaml, says_where_it_is_not_yaml)
{
    refused(HD_STR("a: [1, 2\nb: 3\n"), "f.yaml:2:2: not YAML: did not find expected ',' or ']'");
    refused(HD_STR("a:\n\t- 1\n"),
            "f.yaml:2:1: not YAML: found character that cannot start any token");
    refused(HD_STR("a: \"x\n"), "f.yaml:2:1: not YAML: found unexpected end of stream");
    refused(HD_STR("a: b: c\n"),
            "f.yaml:1:5: not YAML: mapping values are not allowed in this context");
}

Test(yaml, says_on_which_line_it_is_not_utf8)
{
    refused(HD_STR("a: 1\nb: \xD5\xC5\n"),
            "f.yaml:2: not UTF-8 text: invalid trailing UTF-8 octet");
    cr_expect_str_eq(ctx.hint, "save the file as UTF-8");
}

Test(yaml, nesting_is_bounded)
{
    hd_buf deep = {0};
    for (int i = 0; i < HD_YAML_DEPTH_MAX; i++)
        hd_buf_add_char(&deep, '[');
    for (int i = 0; i < HD_YAML_DEPTH_MAX; i++)
        hd_buf_add_char(&deep, ']');
    parse(deep.ptr);
    hd_buf_release(&deep);
    for (int i = 0; i < 5000; i++)
        hd_buf_add_char(&deep, '[');
    refused(hd_buf_str(&deep), "f.yaml:1:33: nested too deeply");
    hd_buf_release(&deep);
}
