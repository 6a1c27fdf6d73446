#include "pipeline/analyse/splink_write.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>

#include "mini.h"
#include "pipeline/io/file.h"

static const char CONFIG[] =
    "site: 530303\n"
    "sources:\n"
    "  a:\n"
    "    type: person\n"
    "    csv: a.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, phone: phone, birth_date: born, sex: sex, id_number: number,"
    " residence_division: place, address: address, mother_name: mother}\n";

static hd_mini mini;
static hd_model model = {.prior = 0.000123456789};
static hd_splink_written written;
static json_t *settings;

static void make_model(void)
{
    for (uint32_t c = 0; c < mini.ruleset->n_comparisons; c++)
        for (uint32_t l = 0; l < mini.ruleset->comparisons[c].n_levels; l++)
            model.comparison[c].level[l] =
                (hd_model_level){.m = 1.0 / (l + c + 2), .u = 1.0 / (3.0 * l + c + 7)};
}

static void begin(void)
{
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "a.csv",
                  "id,name,phone,born,sex,number,place,address,mother\n"
                  "1,张伟,13987654021,1980-01-02,男,,530303,,李娜\n"
                  "2,张□,,1980,,,,,\n");
    hd_mini_read(&mini);
    make_model();
    hd_status status = hd_splink_write(&mini.ctx, mini.ruleset, &model, &written);
    cr_assert_eq(status, HD_OK);
    settings = json_loads(written.settings.ptr, 0, NULL);
    cr_assert(settings);
}

static void end(void)
{
    json_decref(settings);
    hd_splink_written_release(&written);
    hd_mini_close(&mini);
}

TestSuite(splink_write, .init = begin, .fini = end);

/* Of the level of that label. */
static const char *sql_of(const char *comparison, const char *label)
{
    size_t i, k;
    json_t *c, *l;
    json_array_foreach(json_object_get(settings, "comparisons"), i, c)
    {
        if (strcmp(json_string_value(json_object_get(c, "output_column_name")), comparison) != 0)
            continue;
        json_array_foreach(json_object_get(c, "comparison_levels"), k, l)
        {
            if (strcmp(json_string_value(json_object_get(l, "label_for_charts")), label) == 0)
                return json_string_value(json_object_get(l, "sql_condition"));
        }
    }
    return "";
}

Test(splink_write, levels)
{
    cr_assert_str_eq(sql_of("name", "same"), "(\"name_l\" = \"name_r\")");
    cr_assert_str_eq(sql_of("sex", "missing"), "(\"gender_l\" IS NULL OR \"gender_r\" IS NULL)");
    cr_assert_str_eq(sql_of("birth", "same"), "(\"text_birth_l\" = \"text_birth_r\")");
    cr_assert_str_eq(sql_of("birth", "same_year"), "(\"year_birth_l\" = \"year_birth_r\")");
    cr_assert_str_eq(sql_of("place", "same_county"),
                     "(\"prefix_place_6_l\" = \"prefix_place_6_r\")");
    cr_assert_str_eq(sql_of("sex", "differs"), "ELSE");
}

/* A function that SQL does not have holds nowhere, and a note says so. */
Test(splink_write, no_counterpart)
{
    cr_assert_str_eq(sql_of("name", "near_sound"), "NULL");
    cr_assert(strstr(written.notes.ptr, "comparison name, level near_sound: NULL stands for "
                                        "name_alike, which SQL does not have\n"));
}

Test(splink_write, frequency)
{
    json_t *levels = json_object_get(json_array_get(json_object_get(settings, "comparisons"), 0),
                                     "comparison_levels");
    json_t *same = json_array_get(levels, 1);
    cr_assert_str_eq(json_string_value(json_object_get(same, "tf_adjustment_column")), "name");
    cr_assert_null(json_object_get(json_array_get(levels, 2), "tf_adjustment_column"));
}

Test(splink_write, passes)
{
    json_t *rules = json_object_get(settings, "blocking_rules_to_generate_predictions");
    uint32_t n = 0;
    for (uint32_t p = 0; p < mini.ruleset->n_passes; p++)
        n += !mini.ruleset->passes[p].asks_persons;
    cr_assert_eq(json_array_size(rules), n);
    cr_assert_str_eq(json_string_value(json_object_get(json_array_get(rules, 1), "blocking_rule")),
                     "l.\"fuzzy_pinyin_name\" = r.\"fuzzy_pinyin_name\" AND "
                     "l.\"text_birth\" = r.\"text_birth\" AND l.\"record\" <> r.\"record\"");
}

/* The one table of mentions holds all sources: a rule that did not say it would pair those of one.
 */
Test(splink_write, the_mode_stands_in_each_rule)
{
    static const struct {
        hd_link_mode mode;
        const char *end;
    } cases[] = {{HD_LINK_ACROSS, " AND l.\"source\" <> r.\"source\""},
                 {HD_LINK_WITHIN, " AND l.\"source\" = r.\"source\""},
                 {HD_LINK_BOTH, " AND l.\"record\" <> r.\"record\""}};
    for (int i = 0; i < 3; i++) {
        mini.ruleset->link_mode = cases[i].mode;
        hd_splink_written_release(&written);
        json_decref(settings);
        cr_assert_eq(hd_splink_write(&mini.ctx, mini.ruleset, &model, &written), HD_OK);
        settings = json_loads(written.settings.ptr, 0, NULL);
        const char *rule = json_string_value(json_object_get(
            json_array_get(json_object_get(settings, "blocking_rules_to_generate_predictions"), 0),
            "blocking_rule"));
        size_t n = strlen(cases[i].end);
        cr_expect(strlen(rule) > n && strcmp(rule + strlen(rule) - n, cases[i].end) == 0, "%s",
                  rule);
    }
}

/* Those that ask for persons of an earlier round are left out. */
static const hd_comparison *written_comparison(uint32_t i, const hd_model_level **levels)
{
    uint32_t c = 0;
    for (;; c++)
        if (!mini.ruleset->comparisons[c].asks_persons && i-- == 0)
            break;
    *levels = model.comparison[c].level;
    return &mini.ruleset->comparisons[c];
}

/* What was written is read as the same levels, needs, passes, m, u and prior. */
Test(splink_write, round_trip)
{
    hd_splink_model again;
    hd_status status = hd_splink_read_columns(&mini.ctx, "columns.yaml",
                                              hd_buf_str(&written.columns), mini.ruleset);
    cr_assert_eq(status, HD_OK, "%s", mini.ctx.frames[0].text);
    status = hd_splink_read(&mini.ctx, "settings.json", hd_buf_str(&written.settings), mini.ruleset,
                            &again);
    cr_assert_eq(status, HD_OK, "%s", mini.ctx.frames[0].text);
    cr_assert_eq(again.prior, model.prior);
    cr_assert_gt(again.n_comparisons, 5);
    for (uint32_t c = 0; c < again.n_comparisons; c++) {
        const hd_model_level *levels;
        const hd_comparison *rule = written_comparison(c, &levels);
        cr_assert(hd_str_eq(again.comparison[c].rule.code, rule->code));
        cr_assert_eq(again.comparison[c].missing.needs.n, rule->n_needs);
        cr_assert_eq(again.comparison[c].missing.unless.ptr != NULL, rule->unless != NULL);
        cr_assert_eq(again.comparison[c].rule.n_levels, rule->n_levels);
        for (uint32_t l = 0; l < rule->n_levels; l++) {
            cr_assert(hd_str_eq(again.comparison[c].rule.levels[l].code, rule->levels[l].code));
            cr_assert_eq(again.comparison[c].model[l].m, levels[l].m);
            cr_assert_eq(again.comparison[c].model[l].u, levels[l].u);
        }
    }
    hd_splink_release(&again);
}

/* The rules that were read stand in place of the packaged ones, with their model. */
Test(splink_write, rules_load)
{
    hd_splink_model again;
    hd_ruleset *packaged, *ruleset;
    hd_buf rules = {0};
    hd_model *loaded;
    char path[128];
    cr_assert_eq(hd_splink_read_columns(&mini.ctx, "columns.yaml", hd_buf_str(&written.columns),
                                        mini.ruleset),
                 HD_OK);
    cr_assert_eq(hd_splink_read(&mini.ctx, "settings.json", hd_buf_str(&written.settings),
                                mini.ruleset, &again),
                 HD_OK);
    cr_assert_eq(hd_ruleset_load_packaged(&mini.ctx, NULL, NULL, &packaged), HD_OK);
    hd_splink_rules(&again, packaged, hd_buf_str(&written.columns), &rules);
    hd_mini_write(&mini, "rules/linkage.yaml", rules.ptr);
    snprintf(path, sizeof path, "%s/model.json", mini.folder);
    cr_assert_eq(hd_splink_save(&mini.ctx, path, &again, mini.ruleset), HD_OK);
    char config[128];
    snprintf(config, sizeof config, "%s/hedui.yaml", mini.folder);
    cr_assert_eq(hd_ruleset_load(&mini.ctx, config, NULL, &ruleset), HD_OK, "%s",
                 mini.ctx.frames[0].text);
    cr_assert_eq(ruleset->n_comparisons, again.n_comparisons);
    cr_assert(hd_str_eq(ruleset->passes[0].code, HD_STR("rule_1")));
    cr_assert_eq(hd_model_load(&mini.ctx, path, ruleset, &loaded), HD_OK, "%s",
                 mini.ctx.frames[0].text);
    cr_assert_float_eq(loaded->comparison[0].level[0].m, 0.5, 1e-11);
    hd_model_free(loaded);
    hd_buf_release(&rules);
    hd_ruleset_free(ruleset);
    hd_ruleset_free(packaged);
    hd_splink_release(&again);
}

Test(splink_write, table)
{
    char path[128];
    hd_buf text = {0};
    snprintf(path, sizeof path, "%s/mentions.csv", mini.folder);
    cr_assert_eq(hd_splink_write_table(&mini.ctx, path, &mini.mentions, &written), HD_OK);
    cr_assert_eq(hd_file_read(&mini.ctx, path, &text), HD_OK);
    cr_assert(
        strstr(text.ptr, "unique_id,record,source,record_id,role,name_level_name_name,name,"));
    cr_assert(strstr(text.ptr, "\n1,1,a,1,self,same,张伟,"));
    cr_assert(strstr(text.ptr, ",zhang wei,"));
    cr_assert(strstr(text.ptr, "\n2,2,a,2,self,unknown,,"), "%s", text.ptr);
    hd_buf_release(&text);
}
