/* `codes:` of a source: codes that it writes and that mean something else elsewhere.
 *
 * A field's map becomes an expression around its column, recode(`xb`, "0", "1", "1", "2"), so that
 * nothing after this knows of it. What the map does not name goes on as it was written. */

#include "base/buf.h"
#include "pipeline/config/load.h"

static const char expected[] = "the source's codes and what they mean";

static const char *const sexes[] = {"0", "1", "2", "9", "男", "女"};

static bool is_sex(hd_str code)
{
    for (size_t i = 0; i < sizeof sexes / sizeof *sexes; i++)
        if (hd_str_eq(code, hd_str_from(sexes[i])))
            return true;
    return false;
}

static bool is_in_table(const hd_code_table *table, hd_str code)
{
    for (uint32_t i = 0; i < table->n; i++)
        if (hd_str_eq(table->from[i], code) || hd_str_eq(table->to[i], code))
            return true;
    return false;
}

static hd_status check_meaning(hd_loader *loader, const hd_field *field, const hd_node *meaning)
{
    const hd_code_table *table =
        field->table.ptr ? hd_code_table_find(loader->ruleset, field->table) : NULL;
    hd_str code;
    HD_TRY(hd_node_text(loader->ctx, meaning, "a code or a word of the field's table", &code));
    if (table ? is_in_table(table, code) : field->kind != HD_KIND_sex || is_sex(code))
        return HD_OK;
    if (table)
        hd_hint(loader->ctx, "codes and words are listed in tables/codes/%.*s.tsv",
                HD_ARG(field->table));
    else
        hd_hint(loader->ctx, "1 or 男, 2 or 女, 0 or 9 where it is not known");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "field \"%.*s\" has no code \"%.*s\"",
                   HD_POS(meaning->pos), HD_ARG(field->code), HD_ARG(code));
}

static hd_status check_map(hd_loader *loader, const hd_node *map)
{
    uint16_t number;
    HD_TRY(hd_load_field_ref(loader, map->key, &number));
    const hd_field *field = &loader->ruleset->fields[number];
    if (field->kind != HD_KIND_code && field->kind != HD_KIND_sex) {
        hd_hint(loader->ctx, "another field can be changed by an expression: `name: =concat(…)`");
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "field \"%.*s\" does not hold codes",
                       HD_POS(map->key->pos), HD_ARG(field->code));
    }
    HD_TRY(hd_node_is(loader->ctx, map, HD_NODE_MAP, expected));
    if (map->n == 0 || map->n > HD_CODES_MAX)
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "%u codes: expected 1 to %d", HD_POS(map->pos),
                       map->n, HD_CODES_MAX);
    for (HD_EACH(meaning, map))
        HD_TRY(check_meaning(loader, field, meaning));
    return HD_OK;
}

hd_status hd_load_check_codes(hd_loader *loader, const hd_node *codes)
{
    if (!codes)
        return HD_OK;
    HD_TRY(hd_node_is(loader->ctx, codes, HD_NODE_MAP, "fields and their codes"));
    for (HD_EACH(map, codes))
        HD_TRY(check_map(loader, map));
    return HD_OK;
}

hd_str hd_load_recode(hd_loader *loader, const hd_node *map, hd_str input)
{
    bool column = input.ptr[0] != '=';
    hd_buf text = {0};
    hd_buf_add(&text, HD_STR("recode("));
    if (column)
        hd_buf_add_char(&text, '`');
    hd_buf_add(&text, column ? input : (hd_str){input.ptr + 1, input.len_bytes - 1});
    if (column)
        hd_buf_add_char(&text, '`');
    for (HD_EACH(meaning, map)) {
        hd_buf_add(&text, HD_STR(", "));
        hd_rule_add_text(&text, meaning->key->text);
        hd_buf_add(&text, HD_STR(", "));
        hd_rule_add_text(&text, meaning->text);
    }
    hd_buf_add_char(&text, ')');
    hd_str kept = hd_arena_str(loader->arena, hd_buf_str(&text));
    hd_buf_release(&text);
    return kept;
}
