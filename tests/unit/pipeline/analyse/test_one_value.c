#include <criterion/criterion.h>
#include <stdio.h>

#include "pipeline/analyse/one_value.h"

static hd_ctx ctx;
static hd_ruleset *ruleset;
static hd_one_field one;

static void setup(void)
{
    hd_ctx_init(&ctx, 1);
    cr_assert_eq(hd_ruleset_load_packaged(&ctx, "en", HEDUI_RULES_DIR, &ruleset), HD_OK);
}

static void teardown(void)
{
    hd_one_field_release(&one);
    hd_ruleset_free(ruleset);
}

TestSuite(one_value, .init = setup, .fini = teardown);

/* "standard state key=value …": keys that are not there are left out. */
static void expect_value(const char *field, const char *raw, const char *expected)
{
    hd_value keys[HD_ONE_KEYS_MAX];
    hd_buf out = {0};
    hd_one_field_release(&one);
    cr_assert_eq(hd_one_field_open(&ctx, ruleset, hd_str_from(field), &one), HD_OK);
    hd_std_result r = hd_one_field_standardise(&one, hd_str_from(raw));
    hd_one_field_print(&one, &r, &out);
    hd_buf_addf(&out, " %s", hd_state_name(r.state));
    hd_one_field_keys(&one, &r, keys);
    for (uint32_t i = 0; i < one.n_keys; i++) {
        if (keys[i] == HD_NULL)
            continue;
        hd_buf_addf(&out, " %s=", one.key_name[i]);
        hd_value_print(&out, one.key_type[i], keys[i], one.transient.env.texts);
    }
    cr_expect_str_eq(out.ptr, expected);
    hd_buf_release(&out);
}

Test(one_value, keys_of_each_kind)
{
    expect_value("mother_name", " 單 雄信",
                 "單雄信 repaired folded=单雄信 pinyin=shan xiong xin fuzzy_pinyin=san xiong xin "
                 "surname=單 given=雄信");
    expect_value("id_number", "11010519491231002X",
                 "11010519491231002X ok type=citizen birth_date=1949-12-31 sex=2 area=110105 "
                 "valid=true");
    expect_value("death_date", "1980年1月", "1980-01 suspicious year=1980 month=1");
    expect_value("residence_division", "530303100201",
                 "530303100201 ok county=530303 township=530303100 current=530303100201");
    expect_value("household", "无", " placeholder");
}

Test(one_value, code_fields_by_their_table_and_bare_kinds)
{
    expect_value("ethnicity", "汉族", "01 ok");
    expect_value("code", "汉族", "汉族 ok");
    expect_value("date", "19800102", "1980-01-02 ok year=1980 month=1 day=2");
}

Test(one_value, unknown_field)
{
    cr_expect_eq(hd_one_field_open(&ctx, ruleset, HD_STR("birth_dat"), &one), HD_USAGE);
    cr_expect_str_eq(ctx.frames[0].text, "there is no field and no kind \"birth_dat\"");
    cr_expect_str_eq(ctx.hint, "the nearest is \"birth_date\"");
}

Test(one_value, memory_does_not_grow_with_the_stream)
{
    hd_value keys[HD_ONE_KEYS_MAX];
    size_t most = 0, first = 0;
    cr_assert_eq(hd_one_field_open(&ctx, ruleset, HD_STR("name"), &one), HD_OK);
    for (uint32_t i = 0; i < 50000; i++) {
        char raw[32];
        snprintf(raw, sizeof raw, "ABCDEFGH %c%c%c%c", 'A' + i % 26, 'A' + i / 26 % 26,
                 'A' + i / 676 % 26, 'A' + i / 17576);
        hd_std_result r = hd_one_field_standardise(&one, hd_str_from(raw));
        hd_one_field_keys(&one, &r, keys);
        size_t bytes = hd_pool_bytes(one.transient.env.texts);
        most = bytes > most ? bytes : most;
        first = i == 9000 ? most : first;
    }
    cr_expect_leq(most, first + first / 4, "%zu bytes at 9000 values, %zu at most", first, most);
}
