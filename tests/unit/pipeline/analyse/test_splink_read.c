#include "pipeline/analyse/splink_read.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "mini.h"
#include "pipeline/io/file.h"

static const char CONFIG[] =
    "site: 530303\n"
    "fields: {suburb: {kind: text}}\n"
    "sources:\n"
    "  a:\n"
    "    type: person\n"
    "    csv: a.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, phone: phone, birth_date: born, suburb: place}\n";

static hd_mini mini;
static hd_splink_model model;

static void begin(void)
{
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "a.csv", "id,name,phone,born,place\n1,张伟,13987654021,1980-01-02,x\n");
    hd_mini_read(&mini);
}

static void end(void)
{
    hd_splink_release(&model);
    hd_mini_close(&mini);
}

TestSuite(splink_read, .init = begin, .fini = end);

#define PRIOR "\"probability_two_random_records_match\": 0.001, "
#define PASS "\"blocking_rules_to_generate_predictions\": [\"l.name = r.name\"], "
#define MU "\"m_probability\": 0.5, \"u_probability\": 0.25"
#define ELSE "{\"sql_condition\": \"ELSE\", \"label_for_charts\": \"rest\", " MU "}"

/* A model with one comparison of these levels. */
static hd_status read_levels(const char *levels)
{
    char json[4096];
    snprintf(json, sizeof json,
             "{" PRIOR PASS "\"comparisons\": [{\"output_column_name\": \"Given name\", "
             "\"comparison_levels\": [%s]}]}",
             levels);
    hd_splink_release(&model);
    hd_ctx_clear(&mini.ctx);
    return hd_splink_read(&mini.ctx, "s.json", hd_str_from(json), mini.ruleset, &model);
}

/* One level's condition, in the rule language. */
static void becomes(const char *sql, const char *rule)
{
    char levels[2048];
    snprintf(levels, sizeof levels,
             "{\"sql_condition\": \"%s\", \"label_for_charts\": \"Match\", " MU "}, " ELSE, sql);
    hd_status status = read_levels(levels);
    cr_assert_eq(status, HD_OK, "%s: %s", sql, mini.ctx.frames[0].text);
    hd_str when = model.comparison[0].rule.levels[0].written;
    cr_assert(hd_str_eq(when, hd_str_from(rule)), "%s: %.*s", sql, HD_ARG(when));
}

static void refused(const char *levels, const char *expected)
{
    cr_assert_eq(read_levels(levels), HD_CONFIG, "%s", levels);
    cr_assert_str_eq(mini.ctx.frames[0].text, expected, "%s", mini.ctx.frames[0].text);
}

static void refused_sql(const char *sql, const char *expected)
{
    char levels[2048], message[512];
    snprintf(levels, sizeof levels,
             "{\"sql_condition\": \"%s\", \"label_for_charts\": \"Match\", " MU "}, " ELSE, sql);
    snprintf(message, sizeof message, "s.json: comparison \"given_name\", level 1 \"Match\": %s",
             expected);
    refused(levels, message);
}

Test(splink_read, conditions)
{
    becomes("name_l = name_r", "a.name = b.name");
    becomes("\\\"name_l\\\" = \\\"name_r\\\" AND \\\"phone_L\\\" <> \\\"phone_R\\\"",
            "a.name = b.name and a.phone != b.phone");
    becomes("name_l = former_name_r OR (phone_l = phone_r AND NOT suburb_l = 'x')",
            "a.name = b.former_name or a.phone = b.phone and not a.suburb = \"x\"");
    becomes("(name_l = name_r OR phone_l = phone_r) AND suburb_l = suburb_r",
            "(a.name = b.name or a.phone = b.phone) and a.suburb = b.suburb");
    becomes("NOT (name_l = name_r AND phone_l = phone_r)",
            "not (a.name = b.name and a.phone = b.phone)");
    becomes("levenshtein(suburb_l, suburb_r) <= 2", "levenshtein(a.suburb, b.suburb) <= 2");
    becomes("damerau_levenshtein(phone_l, phone_r) <= 1", "damerau(a.phone, b.phone) <= 1");
    becomes("jaro_winkler_similarity(name_l, name_r) >= 0.92",
            "jaro_winkler(a.name, b.name) >= 0.92");
    becomes("jaro_similarity(name_l, name_r) >= 0.9", "jaro(a.name, b.name) >= 0.9");
    becomes("substr(phone_l, 1, 3) = substring(phone_r, 1, 3)",
            "substring(a.phone, 1, 3) = substring(b.phone, 1, 3)");
    becomes("left(phone_l, 3) = left(phone_r, 3)",
            "substring(a.phone, 1, 3) = substring(b.phone, 1, 3)");
    becomes("abs(length(name_l) - length(name_r)) < 2", "abs(length(a.name) - length(b.name)) < 2");
    becomes("name_l IS NULL AND name_r IS NOT NULL", "missing(a.name) and not missing(b.name)");
    becomes("suburb_l IN ('x', 'y') AND suburb_l NOT IN ('z')",
            "a.suburb in (\"x\", \"y\") and not a.suburb in (\"z\")");
    becomes("coalesce(former_name_l, name_l) = coalesce(former_name_r, name_r)",
            "first(a.former_name, a.name) = first(b.former_name, b.name)");
    becomes("name_l || suburb_l = name_r || suburb_r",
            "concat(a.name, a.suburb) = concat(b.name, b.suburb)");
    becomes("array_length(list_intersect(suburb_l, suburb_r)) >= 1",
            "list_shared(a.suburb, b.suburb) >= 1");
    becomes("NULL", "null");
    becomes("name_l = 'a\\\"b\\\\\\\\c'", "a.name = \"a\\\"b\\\\\\\\c\"");
    becomes("length(name_l) * (2 + 1) / 0.0000001 > -3",
            "length(a.name) * (2 + 1) / 0.0000001 > -3");
}

Test(splink_read, dates)
{
    becomes("birth_date_l = birth_date_r", "a.birth_date = b.birth_date");
    becomes("date_diff('day', birth_date_l, birth_date_r) BETWEEN -30 AND 30",
            "days_between(a.birth_date, b.birth_date) >= -30 and "
            "days_between(a.birth_date, b.birth_date) <= 30");
    becomes("ABS(EPOCH(try_strptime(birth_date_l, '%Y-%m-%d')) - "
            "EPOCH(try_strptime(birth_date_r, '%Y-%m-%d'))) <= 2629800.0",
            "abs(days_between(b.birth_date, a.birth_date) * 86400) <= 2629800");
    becomes("try_cast(suburb_l AS date) = suburb_r::DATE", "date(a.suburb) = date(b.suburb)");
    becomes("levenshtein(CAST(birth_date_l AS VARCHAR), birth_date_r::varchar) <= 1",
            "levenshtein(text(a.birth_date), text(b.birth_date)) <= 1");
    becomes("year(birth_date_l) = year(birth_date_r)", "year(a.birth_date) = year(b.birth_date)");
}

Test(splink_read, no_counterpart)
{
    refused_sql("regexp_extract(name_l, 'x') = 'x'",
                "at character 1: regexp_extract of 2 has no counterpart in the rule language");
    refused_sql("soundex(name_l) = soundex(name_r)",
                "at character 1: soundex of 1 has no counterpart in the rule language");
    refused_sql("date_diff('month', birth_date_l, birth_date_r) < 2",
                "at character 1: date_diff of 3 has no counterpart in the rule language");
    refused_sql("try_strptime(name_l, '%d') = try_strptime(name_r, '%d')",
                "at character 1: try_strptime of 2 has no counterpart in the rule language");
    refused_sql("name_l::struct = name_r",
                "at character 1: struct of 1 has no counterpart in the rule language");
    refused_sql("nmae_l = nmae_r", "at character 1: there is no field or derived name \"nmae\"");
    cr_assert_str_eq(mini.ctx.hint, "the nearest is \"name\"");
    refused_sql("xqzw_l = xqzw_r", "at character 1: there is no field or derived name \"xqzw\"");
    refused_sql("name = name_r",
                "at character 1: \"name\" is of neither side: expected …_l or …_r");
    refused_sql("l.name = r.name",
                "at character 1: \"name\" is of neither side: expected …_l or …_r");
    refused_sql("name_l", "at character 1: a level is a condition");
}

/* What the SQL reader lets pass and the rule language does not. */
Test(splink_read, wrong_type)
{
    cr_assert_eq(read_levels("{\"sql_condition\": \"name_l = birth_date_r\", "
                             "\"label_for_charts\": \"Match\", " MU "}, " ELSE),
                 HD_CONFIG);
    cr_assert_str_eq(mini.ctx.frames[1].text,
                     "s.json: comparison \"given_name\", level 1 \"Match\": reading it as a rule: "
                     "a.name = b.birth_date");
}

#define NULL_LEVEL(sql) "{\"sql_condition\": \"" sql "\", \"is_null_level\": true}, "
#define SAME "{\"sql_condition\": \"name_l = name_r\", \"label_for_charts\": \"Same\", " MU "}, "

static void needs(const char *levels, uint32_t n, const char *first)
{
    cr_assert_eq(read_levels(levels), HD_OK, "%s", mini.ctx.frames[0].text);
    const hd_splink_texts *found = &model.comparison[0].missing.needs;
    cr_assert_eq(found->n, n);
    cr_assert(hd_str_eq(found->text[0], hd_str_from(first)), "%.*s", HD_ARG(found->text[0]));
}

Test(splink_read, null_levels)
{
    needs(NULL_LEVEL("name_l IS NULL OR name_r IS NULL") SAME ELSE, 1, "name");
    needs(NULL_LEVEL("(name_l IS NULL OR name_r IS NULL) AND (phone_l IS NULL OR phone_r IS NULL)")
              SAME ELSE,
          2, "name");
    needs(NULL_LEVEL("name_l IS NULL OR name_r IS NULL OR phone_l IS NULL OR phone_r IS NULL")
              SAME ELSE,
          1, "name = name and phone = phone");
    needs(NULL_LEVEL("try_strptime(suburb_l, '%Y-%m-%d') IS NULL OR "
                     "try_strptime(suburb_r, '%Y-%m-%d') IS NULL") SAME ELSE,
          1, "date(suburb)");
    needs(SAME ELSE, 1, "true");
}

/* What is more than nulls. */
Test(splink_read, unless)
{
    needs(NULL_LEVEL("name_l IS NULL OR name_r IS NULL OR name_l = 'x' OR NOT phone_l = phone_r")
              SAME ELSE,
          1, "name");
    hd_str unless = model.comparison[0].missing.unless;
    cr_assert(hd_str_eq(unless, HD_STR("a.name = \"x\" or not a.phone = b.phone")));
    needs(NULL_LEVEL("name_l = ''") SAME ELSE, 1, "true");
    cr_assert(hd_str_eq(model.comparison[0].missing.unless, HD_STR("a.name = \"\"")));
}

Test(splink_read, null_levels_refused)
{
    static const char where[] = "s.json: comparison \"given_name\", level 1 \"\": ";
    char message[256];
    snprintf(message, sizeof message, "%sat character 1: no form of a null level", where);
    refused(NULL_LEVEL("name_l IS NULL") SAME ELSE, message);
    refused(NULL_LEVEL("name_l IS NULL AND name_r IS NULL") SAME ELSE, message);
    refused(SAME NULL_LEVEL("name_l IS NULL OR name_r IS NULL") ELSE,
            "s.json: comparison \"given_name\", level 2 \"\": the null level stands before all "
            "others, once");
}

Test(splink_read, levels_refused)
{
    refused("{\"sql_condition\": \"name_l = name_r\"}, {\"sql_condition\": \"ELSE\"}",
            "s.json: comparison \"given_name\" has no m and u");
    refused("{\"sql_condition\": \"name_l = name_r\", \"m_probability\": 1.5}, " ELSE,
            "s.json: comparison \"given_name\", level 1 \"\": m_probability must be a probability");
    refused(ELSE ", " ELSE, "s.json: comparison \"given_name\", level 1 \"rest\": the last level, "
                            "and no other, is ELSE");
    refused("{\"label_for_charts\": \"x\"}, " ELSE,
            "s.json: comparison \"given_name\", level 1 \"x\": sql_condition is missing");
    refused(ELSE, "s.json: comparison \"given_name\" has 1 levels: expected 2 to 12");
}

Test(splink_read, probabilities)
{
    cr_assert_eq(read_levels("{\"sql_condition\": \"name_l = name_r\", \"m_probability\": 1, "
                             "\"u_probability\": 0}, {\"sql_condition\": \"else\", "
                             "\"m_probability\": \"level not observed in training dataset\", "
                             "\"u_probability\": 0.3}"),
                 HD_OK);
    const hd_splink_comparison *c = &model.comparison[0];
    cr_assert(c->model[0].m < 1 && c->model[0].m > 0.999);
    cr_assert(c->model[0].u > 0);
    cr_assert_eq(c->model[1].m, 1e-6);
    cr_assert_str_eq(model.notes.ptr,
                     "s.json: comparison \"given_name\", level 2 \"\": m_probability was not "
                     "estimated: 1e-06, as Splink takes it\n");
}

/* Splink 5 leaves out what its training did not reach, and takes these values for it. */
Test(splink_read, untrained_levels)
{
    cr_assert_eq(read_levels("{\"sql_condition\": \"name_l = name_r\"}, "
                             "{\"sql_condition\": \"phone_l = phone_r\"}, "
                             "{\"sql_condition\": \"suburb_l = suburb_r\"}, " ELSE),
                 HD_OK, "%s", mini.ctx.frames[0].text);
    static const double m[] = {0.95, 0.05 / 3, 0.05 / 3, 0.5}, weight[] = {10, 3, -1, 1};
    for (int l = 0; l < 4; l++) {
        const hd_model_level *level = &model.comparison[0].model[l];
        cr_assert_float_eq(level->m, m[l], 1e-12);
        cr_assert_float_eq(log2(level->m / level->u), weight[l], 1e-9);
    }
}

Test(splink_read, frequencies)
{
    cr_assert_eq(
        read_levels("{\"sql_condition\": \"name_l = name_r\", "
                    "\"tf_adjustment_column\": \"name\", " MU
                    "}, {\"sql_condition\": \"phone_l = phone_r\", "
                    "\"tf_adjustment_column\": \"phone\", \"tf_adjustment_weight\": 1.0, " MU
                    "}, {\"sql_condition\": \"suburb_l = suburb_r\", "
                    "\"tf_adjustment_column\": \"suburb\", \"tf_adjustment_weight\": 0.5, " MU
                    "}, " ELSE),
        HD_OK, "%s", mini.ctx.frames[0].text);
    const hd_splink_comparison *c = &model.comparison[0];
    cr_assert(hd_str_eq(c->frequency[0], HD_STR("name")));
    cr_assert(hd_str_eq(c->frequency[1], HD_STR("phone")));
    cr_assert(c->rule.levels[1].frequency);
    cr_assert_null(c->frequency[2].ptr);
    cr_assert(strstr(model.notes.ptr, "level 3 \"\": its term frequencies are left out"));
}

Test(splink_read, codes)
{
    cr_assert_eq(read_levels("{\"sql_condition\": \"name_l = name_r\", \"label_for_charts\": "
                             "\"Jaro-Winkler of name >= 0.92\", " MU
                             "}, {\"sql_condition\": \"phone_l = phone_r\", "
                             "\"label_for_charts\": \"Jaro Winkler of NAME 0.92\", " MU
                             "}, {\"sql_condition\": \"suburb_l = suburb_r\", "
                             "\"label_for_charts\": \"相同\", " MU "}, " ELSE),
                 HD_OK, "%s", mini.ctx.frames[0].text);
    static const char *const codes[] = {"jaro_winkler_of_name_0.92", "jaro_winkler_of_name_0.92_2",
                                        "level_3", "rest"};
    cr_assert(hd_str_eq(model.comparison[0].rule.code, HD_STR("given_name")));
    for (int l = 0; l < 4; l++)
        cr_assert(hd_str_eq(model.comparison[0].rule.levels[l].code, hd_str_from(codes[l])));
}

static hd_status read_pass(const char *rule)
{
    char json[1024];
    snprintf(json, sizeof json,
             "{" PRIOR "\"blocking_rules_to_generate_predictions\": [%s], \"comparisons\": "
             "[{\"comparison_levels\": [" SAME ELSE "]}]}",
             rule);
    hd_splink_release(&model);
    hd_ctx_clear(&mini.ctx);
    return hd_splink_read(&mini.ctx, "s.json", hd_str_from(json), mini.ruleset, &model);
}

Test(splink_read, passes)
{
    cr_assert_eq(read_pass("{\"blocking_rule\": \"(l.\\\"name\\\" = r.\\\"name\\\") AND "
                           "(substr(l.phone,1,3) = SUBSTR(r.phone,1,3)) AND "
                           "l.record <> r.record\", \"sql_dialect\": \"duckdb\"}"),
                 HD_OK, "%s", mini.ctx.frames[0].text);
    cr_assert_eq(model.pass[0].keys.n, 2);
    cr_assert(hd_str_eq(model.pass[0].keys.text[0], HD_STR("name")));
    cr_assert(hd_str_eq(model.pass[0].keys.text[1], HD_STR("substring(phone, 1, 3)")));
    static const char *const refused_rules[] = {
        "\"l.name = r.former_name\"", "\"l.name = r.name OR l.phone = r.phone\"",
        "\"l.name = r.name AND l.phone <> r.phone\"", "\"l.name = l.name\""};
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(read_pass(refused_rules[i]), HD_CONFIG);
        cr_assert(strstr(mini.ctx.frames[0].text, "a pass has keys that are equal on both sides"));
    }
    cr_assert_eq(read_pass("\"l.record <> r.record\""), HD_CONFIG);
    cr_assert_eq(read_pass("{\"blocking_rule\": \"l.name = r.name\", "
                           "\"arrays_to_explode\": [\"name\"]}"),
                 HD_CONFIG);
    cr_assert_str_eq(mini.ctx.frames[0].text,
                     "s.json: blocking rule 1: arrays_to_explode has no counterpart");
}

Test(splink_read, that_sources_are_linked_is_no_condition_where_the_mode_says_so)
{
    static const char rule[] = "\"l.name = r.name AND l.source <> r.source\"";
    cr_assert_eq(read_pass(rule), HD_CONFIG);
    mini.ruleset->link_mode = HD_LINK_ACROSS;
    cr_assert_eq(read_pass(rule), HD_OK, "%s", mini.ctx.frames[0].text);
    cr_assert_eq(model.pass[0].keys.n, 1);
}

Test(splink_read, no_settings)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"{", "s.json:1:1: string or '}' expected near end of file"},
        {"[]", "s.json: no settings of Splink: expected comparisons and "
               "blocking_rules_to_generate_predictions"},
        {"{" PASS "\"comparisons\": [{}]}",
         "s.json: probability_two_random_records_match must be a probability between 0 and 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hd_splink_release(&model);
        hd_ctx_clear(&mini.ctx);
        cr_assert_eq(
            hd_splink_read(&mini.ctx, "s.json", hd_str_from(cases[i].json), mini.ruleset, &model),
            HD_CONFIG);
        cr_assert_str_eq(mini.ctx.frames[0].text, cases[i].message, "%s", mini.ctx.frames[0].text);
    }
}

Test(splink_read, columns)
{
    cr_assert_eq(hd_splink_read_columns(&mini.ctx, "c.yaml",
                                        HD_STR("sound: pinyin(name)\ndob: text(birth_date)\n"),
                                        mini.ruleset),
                 HD_OK, "%s", mini.ctx.frames[0].text);
    becomes("sound_l = sound_r and levenshtein(dob_l, dob_r) <= 1",
            "a.sound = b.sound and levenshtein(a.dob, b.dob) <= 1");
    cr_assert_eq(hd_splink_read_columns(&mini.ctx, "c.yaml", HD_STR("name: phone\n"), mini.ruleset),
                 HD_CONFIG);
    cr_assert_str_eq(mini.ctx.frames[0].text, "c.yaml:1:1: \"name\" is a name already");
    hd_ctx_clear(&mini.ctx);
    cr_assert_eq(
        hd_splink_read_columns(&mini.ctx, "c.yaml", HD_STR("x: pinyn(name)\n"), mini.ruleset),
        HD_CONFIG);
}
