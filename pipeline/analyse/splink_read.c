#include "pipeline/analyse/splink_read.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "pipeline/config/node.h"
#include "pipeline/config/yaml.h"

enum { CODE_BYTES_MAX = 60 };

/* What Splink's own 5.0 takes for a level that its training never met, and for the least it counts
 * with; and as near to 1 as the text of a model of ours can say. */
static const double NEVER_SEEN = 1e-6, LEAST = 1e-300, MOST = 1 - 1e-9;

typedef struct reader {
    hd_ctx *ctx;
    const char *file;
    hd_ruleset *ruleset;
    hd_splink_model *out;
} reader;

static hd_str text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return (hd_str){json_string_value(value), (uint32_t)json_string_length(value)};
}

/* ---- columns ---- */

static void add_derived(hd_ruleset *ruleset, hd_str code, const hd_expr *expr)
{
    hd_derived *more = HD_NEW_N(&ruleset->arena, hd_derived, ruleset->n_derived + 1u);
    if (ruleset->n_derived)
        memcpy(more, ruleset->derived, ruleset->n_derived * sizeof *more);
    more[ruleset->n_derived++] = (hd_derived){code, expr};
    ruleset->derived = more;
}

hd_status hd_splink_read_columns(hd_ctx *ctx, const char *file, hd_str text, hd_ruleset *ruleset)
{
    const hd_node *root;
    hd_scope scope = hd_scope_mention(ruleset);
    HD_TRY(hd_yaml_parse(ctx, &ruleset->arena, file, text, &root));
    HD_TRY(hd_node_is(ctx, root, HD_NODE_MAP, "columns and what they are"));
    for (HD_EACH(entry, root)) {
        hd_str code = entry->key->text, written;
        hd_ref ref;
        hd_type type;
        const hd_expr *expr;
        if (scope.derive(ruleset, HD_STR_NULL, code) ||
            scope.resolve(ruleset, HD_STR_NULL, code, &ref, &type))
            return HD_FAIL(ctx, HD_CONFIG, HD_AT "\"%.*s\" is a name already",
                           HD_POS(entry->key->pos), HD_ARG(code));
        HD_TRY(hd_node_text(ctx, entry, "an expression", &written));
        HD_TRY(hd_rule_compile(ctx, &scope, entry->pos, written, HD_TYPE_NULL, &expr));
        add_derived(ruleset, code, expr);
    }
    return HD_OK;
}

/* ---- codes ---- */

/* "Jaro-Winkler distance of name >= 0.92" → jaro_winkler_distance_of_name_0.92 */
static hd_str to_code(hd_arena *arena, hd_str label, const char *otherwise, uint32_t number)
{
    char code[CODE_BYTES_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < label.len_bytes && n < sizeof code - 1; i++) {
        char c = label.ptr[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        bool within = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '.' && n);
        if (within)
            code[n++] = c;
        else if (n && code[n - 1] != '_')
            code[n++] = '_';
    }
    while (n && (code[n - 1] == '_' || code[n - 1] == '.'))
        n--;
    if (!n)
        return hd_arena_printf(arena, "%s_%u", otherwise, number);
    return hd_arena_str(arena, (hd_str){code, n});
}

static bool code_taken(const hd_splink_comparison *comparison, hd_str code)
{
    for (uint32_t l = 0; l < comparison->rule.n_levels; l++)
        if (hd_str_eq(comparison->rule.levels[l].code, code))
            return true;
    return false;
}

static hd_str level_code(reader *r, const hd_splink_comparison *comparison, hd_str label)
{
    hd_arena *arena = &r->out->arena;
    hd_str code = to_code(arena, label, "level", comparison->rule.n_levels + 1), base = code;
    for (uint32_t i = 2; code_taken(comparison, code); i++)
        code = hd_arena_printf(arena, "%.*s_%u", HD_ARG(base), i);
    return code;
}

static hd_str comparison_code(reader *r, hd_str name)
{
    hd_arena *arena = &r->out->arena;
    hd_str code = to_code(arena, name, "comparison", r->out->n_comparisons + 1), base = code;
    for (uint32_t i = 2, c = 0; c < r->out->n_comparisons; c++)
        if (hd_str_eq(r->out->comparison[c].rule.code, code)) {
            code = hd_arena_printf(arena, "%.*s_%u", HD_ARG(base), i++);
            c = UINT32_MAX; /* from the first again */
        }
    return code;
}

/* ---- levels ---- */

typedef struct level_reader {
    reader *r;
    hd_splink_comparison *comparison;
    hd_sql_source source;
    char where[HD_FRAME_BYTES];
    const json_t *json;
    uint32_t n_behind;  /* levels, this one not counted */
    uint32_t n_levels;  /* of the comparison, the null level not counted */
    uint32_t n_trained; /* probabilities that were there, so far */
} level_reader;

static hd_status fail_level(const level_reader *l, const char *what)
{
    return HD_FAIL(l->r->ctx, HD_CONFIG, "%s: %s", l->where, what);
}

/* Where Splink 5 starts from, and what it takes for a level that its training did not reach. */
static hd_model_level untrained(const level_reader *l)
{
    double n = l->n_levels;
    bool best = l->n_behind + 1 == l->n_levels;
    double m = best ? 0.95 : 0.05 / (n - 1);
    double weight = best ? 10 : n > 2 ? -5 + l->n_behind * 8 / (n - 2) : -5;
    return (hd_model_level){.m = m, .u = m / exp2(weight)};
}

static hd_status read_probability(level_reader *l, const char *key, double otherwise, double *out)
{
    const json_t *value = json_object_get(l->json, key);
    bool given = json_is_number(value), never_seen = json_is_string(value);
    *out = given ? json_number_value(value) : never_seen ? NEVER_SEEN : otherwise;
    l->n_trained += given;
    if (!(*out >= 0 && *out <= 1) && given)
        return HD_FAIL(l->r->ctx, HD_CONFIG, "%s: %s must be a probability", l->where, key);
    *out = *out < LEAST ? LEAST : *out > MOST ? MOST : *out;
    if (!given)
        hd_buf_addf(&l->r->out->notes, "%s: %s was not estimated: %.3g, as Splink takes it\n",
                    l->where, key, *out);
    return HD_OK;
}

static hd_status compile(reader *r, const char *where, const hd_scope *scope, hd_str text,
                         hd_type type, const hd_expr **out)
{
    HD_TRY_DOING(r->ctx,
                 hd_rule_compile(r->ctx, scope, (hd_source_pos){"rule", 1, 1}, text, type, out),
                 "%s: reading it as a rule: %.*s", where, HD_ARG(text));
    return HD_OK;
}

static hd_status compile_pair(const level_reader *l, hd_str when, const hd_expr **out)
{
    hd_scope scope = hd_scope_pair(l->r->ruleset);
    return compile(l->r, l->where, &scope, when, HD_TYPE_BOOL, out);
}

static hd_status compile_one(reader *r, const char *where, hd_str text, hd_type type,
                             const hd_expr **out)
{
    hd_scope scope = hd_scope_mention(r->ruleset);
    return compile(r, where, &scope, text, type, out);
}

static hd_status compile_needs(reader *r, const char *where, hd_splink_comparison *comparison)
{
    const hd_splink_texts *texts = &comparison->missing.needs;
    comparison->rule.needs = HD_NEW_N(&r->out->arena, const hd_expr *, texts->n);
    comparison->rule.n_needs = texts->n;
    for (uint32_t i = 0; i < texts->n; i++)
        HD_TRY(compile_one(r, where, texts->text[i], HD_TYPE_NULL, &comparison->rule.needs[i]));
    return HD_OK;
}

static hd_status read_frequency(level_reader *l, hd_level *level, hd_str *out)
{
    hd_str column = text_of(l->json, "tf_adjustment_column");
    const json_t *weight = json_object_get(l->json, "tf_adjustment_weight");
    if (!column.len_bytes)
        return HD_OK;
    if (json_is_number(weight) && json_number_value(weight) != 1) {
        hd_buf_addf(&l->r->out->notes,
                    "%s: its term frequencies are left out: they have a weight of their own\n",
                    l->where);
        return HD_OK;
    }
    hd_buf name = {0};
    hd_splink_add_name(&name, column);
    *out = hd_arena_str(&l->r->out->arena, hd_buf_str(&name));
    hd_buf_release(&name);
    hd_buf_addf(&l->r->out->notes,
                "%s: term frequencies are not in Splink's file and weigh nothing until they are "
                "counted\n",
                l->where);
    return compile_one(l->r, l->where, *out, HD_TYPE_TEXT, &level->frequency);
}

static hd_status read_null_level(level_reader *l)
{
    hd_splink_comparison *comparison = l->comparison;
    hd_splink_missing *missing = &comparison->missing;
    if (comparison->rule.n_levels || missing->needs.n || missing->unless.ptr)
        return fail_level(l, "the null level stands before all others, once");
    HD_TRY(hd_splink_null_level(&l->source, l->r->ruleset, missing));
    HD_TRY(compile_needs(l->r, l->where, comparison));
    return missing->unless.ptr ? compile_pair(l, missing->unless, &comparison->rule.unless) : HD_OK;
}

static bool is_else(hd_str sql)
{
    char text[8];
    snprintf(text, sizeof text, "%.*s", HD_ARG(hd_str_trim(sql)));
    for (char *c = text; *c; c++)
        *c = (char)(*c | 0x20);
    return strcmp(text, "else") == 0;
}

static hd_status read_condition(level_reader *l, hd_level *level, hd_str *frequency)
{
    HD_TRY(hd_splink_level(&l->source, l->r->ruleset, &level->written));
    HD_TRY(compile_pair(l, level->written, &level->when));
    return read_frequency(l, level, frequency);
}

static hd_status read_level(level_reader *l)
{
    hd_splink_comparison *comparison = l->comparison;
    hd_comparison *rule = &comparison->rule;
    hd_str sql = text_of(l->json, "sql_condition");
    if (!sql.ptr)
        return fail_level(l, "sql_condition is missing");
    l->source = (hd_sql_source){l->r->ctx, l->where, sql, &l->r->out->arena};
    if (json_is_true(json_object_get(l->json, "is_null_level")))
        return read_null_level(l);
    if (is_else(sql) == (l->n_behind > 0))
        return fail_level(l, "the last level, and no other, is ELSE");
    hd_level *level = &rule->levels[rule->n_levels];
    hd_model_level *model = &comparison->model[rule->n_levels], otherwise = untrained(l);
    level->code = level_code(l->r, comparison, text_of(l->json, "label_for_charts"));
    HD_TRY(read_probability(l, "m_probability", otherwise.m, &model->m));
    HD_TRY(read_probability(l, "u_probability", otherwise.u, &model->u));
    if (l->n_behind)
        HD_TRY(read_condition(l, level, &comparison->frequency[rule->n_levels]));
    rule->n_levels++;
    return HD_OK;
}

/* ---- comparisons ---- */

static uint32_t count_levels(const json_t *levels)
{
    uint32_t n = 0;
    for (size_t i = 0; i < json_array_size(levels); i++)
        n += !json_is_true(json_object_get(json_array_get(levels, i), "is_null_level"));
    return n;
}

static hd_status read_levels(reader *r, hd_splink_comparison *comparison, const json_t *levels)
{
    level_reader l = {.r = r, .comparison = comparison, .n_levels = count_levels(levels)};
    size_t n = json_array_size(levels);
    if (l.n_levels < 2 || l.n_levels > HD_LEVELS_MAX)
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: comparison \"%.*s\" has %u levels: expected 2 to %d",
                       r->file, HD_ARG(comparison->rule.code), l.n_levels, HD_LEVELS_MAX);
    comparison->rule.levels = HD_NEW_N(&r->out->arena, hd_level, l.n_levels);
    for (size_t i = 0; i < n; i++) {
        l.json = json_array_get(levels, i);
        l.n_behind = (uint32_t)(n - 1 - i);
        snprintf(l.where, sizeof l.where, "%s: comparison \"%.*s\", level %zu \"%.*s\"", r->file,
                 HD_ARG(comparison->rule.code), i + 1, HD_ARG(text_of(l.json, "label_for_charts")));
        HD_TRY(read_level(&l));
    }
    if (l.n_trained)
        return HD_OK;
    hd_hint(r->ctx, "train the model before it is saved");
    return HD_FAIL(r->ctx, HD_CONFIG, "%s: comparison \"%.*s\" has no m and u", r->file,
                   HD_ARG(comparison->rule.code));
}

static hd_status read_comparison(reader *r, const json_t *json)
{
    hd_splink_model *out = r->out;
    if (out->n_comparisons == HD_COMPARISONS_MAX)
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: more than %d comparisons", r->file,
                       HD_COMPARISONS_MAX);
    hd_splink_comparison *comparison = &out->comparison[out->n_comparisons];
    comparison->rule.code = comparison_code(r, text_of(json, "output_column_name"));
    HD_TRY(read_levels(r, comparison, json_object_get(json, "comparison_levels")));
    if (!comparison->missing.needs.n) { /* a constant, which is known on both sides */
        comparison->missing.needs = (hd_splink_texts){HD_NEW(&out->arena, hd_str), 1};
        comparison->missing.needs.text[0] = HD_STR("true");
        HD_TRY(compile_needs(r, r->file, comparison));
    }
    out->n_comparisons++;
    return HD_OK;
}

/* ---- passes ---- */

static hd_status read_pass(reader *r, const json_t *json)
{
    hd_splink_model *out = r->out;
    char where[HD_FRAME_BYTES];
    snprintf(where, sizeof where, "%s: blocking rule %u", r->file, out->n_passes + 1);
    if (out->n_passes == HD_PASSES_MAX)
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: more than %d blocking rules", r->file,
                       HD_PASSES_MAX);
    hd_str sql = json_is_string(json)
                     ? (hd_str){json_string_value(json), (uint32_t)json_string_length(json)}
                     : text_of(json, "blocking_rule");
    if (!sql.ptr)
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: blocking_rule is missing", where);
    if (json_array_size(json_object_get(json, "arrays_to_explode")))
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: arrays_to_explode has no counterpart", where);
    hd_splink_pass *pass = &out->pass[out->n_passes];
    const hd_sql_source source = {r->ctx, where, sql, &out->arena};
    HD_TRY(hd_splink_keys(&source, r->ruleset, &pass->keys));
    const hd_expr *key;
    for (uint32_t k = 0; k < pass->keys.n; k++)
        HD_TRY(compile_one(r, where, pass->keys.text[k], HD_TYPE_NULL, &key));
    pass->code = hd_arena_printf(&out->arena, "rule_%u", ++out->n_passes);
    return HD_OK;
}

/* ---- the whole ---- */

static hd_status read_head(reader *r, const json_t *root)
{
    static const char *const key = "probability_two_random_records_match";
    const json_t *prior = json_object_get(root, key);
    hd_str type = text_of(root, "link_type");
    if (hd_str_eq(type, HD_STR("link_only")))
        hd_buf_addf(&r->out->notes,
                    "%s: link_type link_only is how a run links, not a part of the "
                    "model: say so in hedui.yaml\n",
                    r->file);
    r->out->prior = json_is_number(prior) ? json_number_value(prior) : 0;
    if (!(r->out->prior > 0 && r->out->prior < 1))
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: %s must be a probability between 0 and 1", r->file,
                       key);
    return HD_OK;
}

static hd_status read_root(reader *r, const json_t *root)
{
    const json_t *comparisons = json_object_get(root, "comparisons");
    const json_t *passes = json_object_get(root, "blocking_rules_to_generate_predictions");
    if (!json_array_size(comparisons) || !json_array_size(passes))
        return HD_FAIL(r->ctx, HD_CONFIG,
                       "%s: no settings of Splink: expected comparisons and "
                       "blocking_rules_to_generate_predictions",
                       r->file);
    HD_TRY(read_head(r, root));
    for (size_t i = 0; i < json_array_size(comparisons); i++)
        HD_TRY(read_comparison(r, json_array_get(comparisons, i)));
    for (size_t i = 0; i < json_array_size(passes); i++)
        HD_TRY(read_pass(r, json_array_get(passes, i)));
    return HD_OK;
}

hd_status hd_splink_read(hd_ctx *ctx, const char *file, hd_str json, hd_ruleset *ruleset,
                         hd_splink_model *out)
{
    *out = (hd_splink_model){0};
    reader r = {ctx, file, ruleset, out};
    json_error_t error;
    json_t *root = json_loadb(json.ptr, json.len_bytes, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return HD_FAIL(ctx, HD_CONFIG, "%s:%d:%d: %s", file, error.line, error.column, error.text);
    hd_status status = read_root(&r, root);
    json_decref(root);
    return status;
}

void hd_splink_release(hd_splink_model *model)
{
    hd_arena_release(&model->arena);
    hd_buf_release(&model->notes);
    *model = (hd_splink_model){0};
}

/* ---- as rules ---- */

static void add_texts(hd_buf *out, const hd_splink_texts *texts)
{
    hd_buf_add_char(out, '[');
    for (uint32_t i = 0; i < texts->n; i++) {
        if (i)
            hd_buf_add(out, HD_STR(", "));
        hd_buf_add_json(out, texts->text[i]); /* a string of JSON is one of YAML */
    }
    hd_buf_add_char(out, ']');
}

static bool has_comparison(const hd_splink_model *model, hd_str code)
{
    for (uint32_t c = 0; c < model->n_comparisons; c++)
        if (hd_str_eq(model->comparison[c].rule.code, code))
            return true;
    return false;
}

static bool has_pass(const hd_splink_model *model, hd_str code)
{
    for (uint32_t p = 0; p < model->n_passes; p++)
        if (hd_str_eq(model->pass[p].code, code))
            return true;
    return false;
}

static void add_passes(const hd_splink_model *model, const hd_ruleset *packaged, hd_buf *out)
{
    hd_buf_add(out, HD_STR("passes:\n"));
    for (uint32_t p = 0; p < packaged->n_passes; p++)
        if (!has_pass(model, packaged->passes[p].code))
            hd_buf_addf(out, "  - {code: %.*s, off: true}\n", HD_ARG(packaged->passes[p].code));
    for (uint32_t p = 0; p < model->n_passes; p++) {
        hd_buf_addf(out, "  - {code: %.*s, keys: ", HD_ARG(model->pass[p].code));
        add_texts(out, &model->pass[p].keys);
        hd_buf_add(out, HD_STR("}\n"));
    }
}

static void add_frequencies(const hd_splink_comparison *comparison, hd_buf *out)
{
    uint32_t n = 0;
    for (uint32_t l = 0; l < comparison->rule.n_levels; l++) {
        if (!comparison->frequency[l].ptr)
            continue;
        hd_buf_add(out, n++ ? HD_STR("") : HD_STR("    frequency:\n"));
        hd_buf_add(out, HD_STR("      - {value: "));
        hd_buf_add_json(out, comparison->frequency[l]);
        hd_buf_addf(out, ", level: %.*s}\n", HD_ARG(comparison->rule.levels[l].code));
    }
}

static void add_comparison(const hd_splink_comparison *comparison, hd_buf *out)
{
    const hd_comparison *rule = &comparison->rule;
    hd_buf_addf(out, "  - code: %.*s\n    needs: ", HD_ARG(rule->code));
    add_texts(out, &comparison->missing.needs);
    if (comparison->missing.unless.ptr) {
        hd_buf_add(out, HD_STR("\n    unless: "));
        hd_buf_add_json(out, comparison->missing.unless);
    }
    hd_buf_add(out, HD_STR("\n    levels:\n"));
    for (uint32_t l = 0; l < rule->n_levels; l++) {
        hd_buf_addf(out, "      - {code: %.*s", HD_ARG(rule->levels[l].code));
        if (rule->levels[l].when) {
            hd_buf_add(out, HD_STR(", when: "));
            hd_buf_add_json(out, rule->levels[l].written);
        }
        hd_buf_add(out, HD_STR("}\n"));
    }
    add_frequencies(comparison, out);
}

/* The file of columns below `derived:`. */
static void add_columns(hd_str columns, hd_buf *out)
{
    hd_buf_add(out, HD_STR("derived:\n"));
    while (columns.len_bytes) {
        const char *end = memchr(columns.ptr, '\n', columns.len_bytes);
        uint32_t n = end ? (uint32_t)(end - columns.ptr) + 1 : columns.len_bytes;
        hd_buf_addf(out, "  %.*s%s", (int)n, columns.ptr, end ? "" : "\n");
        columns.ptr += n;
        columns.len_bytes -= n;
    }
}

void hd_splink_rules(const hd_splink_model *model, const hd_ruleset *packaged, hd_str columns,
                     hd_buf *out)
{
    hd_buf_add(out,
               HD_STR("# Passes and comparisons of a model of Splink's, in place of the packaged "
                      "ones\n# (hedui model --from-splink). Conflicts and thresholds stay.\n"));
    if (columns.len_bytes)
        add_columns(columns, out);
    add_passes(model, packaged, out);
    hd_buf_add(out, HD_STR("comparisons:\n"));
    for (uint32_t c = 0; c < packaged->n_comparisons; c++)
        if (!has_comparison(model, packaged->comparisons[c].code))
            hd_buf_addf(out, "  - {code: %.*s, off: true}\n",
                        HD_ARG(packaged->comparisons[c].code));
    for (uint32_t c = 0; c < model->n_comparisons; c++)
        add_comparison(&model->comparison[c], out);
}

/* ---- as a model ---- */

hd_status hd_splink_save(hd_ctx *ctx, const char *path, const hd_splink_model *model,
                         const hd_ruleset *ruleset)
{
    hd_arena arena = {0};
    hd_ruleset *rules = HD_NEW(&arena, hd_ruleset); /* the county's, with these comparisons */
    hd_model *out = HD_NEW(&arena, hd_model);
    *rules = *ruleset;
    rules->comparisons = HD_NEW_N(&arena, hd_comparison, model->n_comparisons);
    rules->n_comparisons = model->n_comparisons;
    out->prior = model->prior;
    out->provenance = HD_STR("{\"source\": \"a model of Splink's\"}");
    for (uint32_t c = 0; c < model->n_comparisons; c++) {
        const hd_splink_comparison *from = &model->comparison[c];
        double u = 0; /* of the levels so far: the frequency at which a value weighs no more */
        rules->comparisons[c] = from->rule;
        for (uint32_t l = 0; l < from->rule.n_levels; l++) {
            out->comparison[c].level[l] = from->model[l];
            u = fmin(u + from->model[l].u, MOST);
            if (from->rule.levels[l].frequency)
                out->comparison[c].level[l].frequency_floor = u;
        }
    }
    hd_status status = hd_model_save(ctx, path, rules, out);
    hd_arena_release(&arena);
    return status;
}
