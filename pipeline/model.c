#include "pipeline/model.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/config/rule_digest.h"
#include "pipeline/io/file.h"

static const char *FORMAT = "hedui-model/1";

/* ---- save ---- */

typedef struct named_term {
    hd_str text;
    double frequency;
} named_term;

static int by_bytes(const void *x, const void *y)
{
    return hd_str_cmp(((const named_term *)x)->text, ((const named_term *)y)->text);
}

static json_t *frequencies_to_json(const hd_ruleset *ruleset, const hd_model_level *level)
{
    json_t *values = json_object();
    named_term *terms = hd_alloc((level->n_terms + 1) * sizeof *terms);
    for (uint32_t i = 0; i < level->n_terms; i++)
        terms[i] = (named_term){hd_pool_get(ruleset->texts, level->terms[i].text),
                                level->terms[i].frequency};
    qsort(terms, level->n_terms, sizeof *terms, by_bytes);
    for (uint32_t i = 0; i < level->n_terms; i++)
        json_object_setn_new(values, terms[i].text.ptr, terms[i].text.len_bytes,
                             json_real(terms[i].frequency));
    hd_free(terms);
    json_t *frequency = json_object();
    json_object_set_new(frequency, "floor", json_real(level->frequency_floor));
    json_object_set_new(frequency, "values", values);
    return frequency;
}

static json_t *comparison_to_json(const hd_ruleset *ruleset, const hd_model *model, uint32_t c)
{
    const hd_comparison *rule = &ruleset->comparisons[c];
    json_t *out = json_object(), *levels = json_array();
    char mark[HD_RULE_MARK_CHARS + 1];
    hd_comparison_mark(ruleset, rule, mark);
    json_object_set_new(out, "code", json_stringn(rule->code.ptr, rule->code.len_bytes));
    json_object_set_new(out, "rule", json_string(mark));
    for (uint32_t l = 0; l < rule->n_levels; l++) {
        json_t *level = json_object();
        json_object_set_new(level, "code",
                            json_stringn(rule->levels[l].code.ptr, rule->levels[l].code.len_bytes));
        json_object_set_new(level, "m", json_real(model->comparison[c].level[l].m));
        json_object_set_new(level, "u", json_real(model->comparison[c].level[l].u));
        if (rule->levels[l].frequency)
            json_object_set_new(level, "frequency",
                                frequencies_to_json(ruleset, &model->comparison[c].level[l]));
        json_array_append_new(levels, level);
    }
    json_object_set_new(out, "levels", levels);
    return out;
}

hd_status hd_model_save(hd_ctx *ctx, const char *path, const hd_ruleset *ruleset,
                        const hd_model *model)
{
    json_t *root = json_object(), *comparisons = json_array();
    json_object_set_new(root, "format", json_string(FORMAT));
    json_object_set_new(root, "prior", json_real(model->prior));
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++)
        json_array_append_new(comparisons, comparison_to_json(ruleset, model, c));
    json_object_set_new(root, "comparisons", comparisons);
    json_error_t error;
    json_t *training = json_loadb(model->provenance.ptr, model->provenance.len_bytes, 0, &error);
    json_object_set_new(root, "training", training ? training : json_object());

    /* for its owner alone: term frequencies are names */
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    json_decref(root);
    hd_file_clear(path);
    hd_status status = hd_file_write(ctx, path, 0600, hd_str_from(text));
    free(text);
    return status;
}

/* ---- load ---- */

typedef struct reader {
    hd_ctx *ctx;
    const char *path;
    const hd_ruleset *ruleset;
    hd_model *model;
} reader;

static hd_status read_probability(const reader *r, const json_t *object, const char *key,
                                  const char *where, double *out)
{
    const json_t *value = json_object_get(object, key);
    *out = json_is_number(value) ? json_number_value(value) : 0;
    if (!(*out > 0 && *out < 1))
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: %s: %s must be a probability between 0 and 1",
                       r->path, where, key);
    return HD_OK;
}

static hd_status only_keys(const reader *r, json_t *object, const char *where,
                           const char *const *keys)
{
    if (!json_is_object(object))
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: %s must be an object", r->path, where);
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        const char *const *k = keys;
        while (*k && strcmp(*k, key) != 0)
            k++;
        if (!*k)
            return HD_FAIL(r->ctx, HD_CONFIG, "%s: %s: unknown key \"%s\"", r->path, where, key);
    }
    return HD_OK;
}

static hd_status read_frequency(const reader *r, json_t *in, const char *where, hd_model_level *out)
{
    static const char *const keys[] = {"floor", "values", NULL};
    HD_TRY(only_keys(r, in, where, keys));
    HD_TRY(read_probability(r, in, "floor", where, &out->frequency_floor));
    json_t *values = json_object_get(in, "values"), *value;
    out->terms = HD_NEW_N(&r->model->arena, hd_term, json_object_size(values) + 1);
    const char *key;
    size_t length;
    json_object_keylen_foreach(values, key, length, value)
    {
        double f = json_number_value(value);
        if (!(f > 0 && f <= 1)) /* 1: everybody has this name */
            return HD_FAIL(r->ctx, HD_CONFIG, "%s: %s: a frequency must be above 0 and at most 1",
                           r->path, where);
        hd_text text = hd_pool_intern(r->ruleset->texts, (hd_str){key, (uint32_t)length});
        out->terms[out->n_terms++] = (hd_term){text, f};
    }
    return HD_OK;
}

static hd_str code_of(const json_t *object)
{
    return hd_str_from(json_string_value(json_object_get(object, "code")));
}

static bool declares(const hd_comparison *rule, hd_str code)
{
    for (uint32_t l = 0; l < rule->n_levels; l++)
        if (hd_str_eq(rule->levels[l].code, code))
            return true;
    return false;
}

static bool has_level(json_t *levels, hd_str code)
{
    for (size_t i = 0; i < json_array_size(levels); i++)
        if (hd_str_eq(code_of(json_array_get(levels, i)), code))
            return true;
    return false;
}

/* The model has the levels of the rules, in their order. */
static hd_status check_levels(const reader *r, json_t *levels, const hd_comparison *rule,
                              const char *where)
{
    for (uint32_t l = 0; l < rule->n_levels; l++)
        if (!has_level(levels, rule->levels[l].code))
            return HD_FAIL(r->ctx, HD_CONFIG,
                           "%s: %s: level \"%.*s\" of the rules is not in the model", r->path,
                           where, HD_ARG(rule->levels[l].code));
    for (size_t i = 0; i < json_array_size(levels); i++) {
        hd_str code = code_of(json_array_get(levels, i));
        if (!declares(rule, code))
            return HD_FAIL(r->ctx, HD_CONFIG, "%s: %s: level \"%.*s\" is not one of the rules",
                           r->path, where, HD_ARG(code));
        if (i >= rule->n_levels || !hd_str_eq(code, rule->levels[i].code))
            return HD_FAIL(r->ctx, HD_CONFIG,
                           "%s: %s: level \"%.*s\" stands twice, or not in the rules' order",
                           r->path, where, HD_ARG(code));
    }
    return HD_OK;
}

/* Term frequencies stand where the rules declare some, and nowhere else. */
static hd_status read_declared(const reader *r, json_t *in, const hd_expr *declared,
                               const char *where, hd_model_level *out)
{
    if (!in != !declared)
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: %s: term frequencies %s", r->path, where,
                       in ? "are given, but the rules declare none"
                          : "are declared by the rules, but not given");
    return in ? read_frequency(r, in, where, out) : HD_OK;
}

static hd_status read_levels(const reader *r, json_t *levels, const hd_comparison *rule,
                             const char *where, hd_model_comparison *out)
{
    static const char *const keys[] = {"code", "m", "u", "frequency", NULL};
    HD_TRY(check_levels(r, levels, rule, where));
    for (uint32_t l = 0; l < rule->n_levels; l++) {
        json_t *level = json_array_get(levels, l);
        char place[256];
        snprintf(place, sizeof place, "%s, level \"%.*s\"", where, HD_ARG(rule->levels[l].code));
        HD_TRY(only_keys(r, level, place, keys));
        HD_TRY(read_probability(r, level, "m", place, &out->level[l].m));
        HD_TRY(read_probability(r, level, "u", place, &out->level[l].u));
        json_t *frequency = json_object_get(level, "frequency");
        HD_TRY(read_declared(r, frequency, rule->levels[l].frequency, place, &out->level[l]));
    }
    return HD_OK;
}

/* What the comparison meant when its levels were estimated. */
static hd_status read_mark(const reader *r, const json_t *in, uint32_t c, const char *where)
{
    const json_t *said = json_object_get(in, "rule");
    char mark[HD_RULE_MARK_CHARS + 1];
    if (!said)
        return HD_OK;
    if (!json_is_string(said))
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: %s: rule must be a text", r->path, where);
    hd_comparison_mark(r->ruleset, &r->ruleset->comparisons[c], mark);
    if (strcmp(json_string_value(said), mark) != 0)
        r->model->changed |= UINT32_C(1) << c;
    return HD_OK;
}

/* A model of one frequency a comparison has it beside the levels: it is the first declared level's.
 */
static hd_status move_frequency(const reader *r, json_t *in, const hd_comparison *rule,
                                const char *where)
{
    json_t *frequency = json_object_get(in, "frequency");
    uint32_t l = 0;
    if (!frequency)
        return HD_OK;
    while (l < rule->n_levels && !rule->levels[l].frequency)
        l++;
    json_t *level = json_array_get(json_object_get(in, "levels"), l);
    if (l == rule->n_levels || !json_is_object(level) || json_object_get(level, "frequency"))
        return HD_FAIL(r->ctx, HD_CONFIG,
                       "%s: %s: term frequencies are given, but the rules declare none, or a level "
                       "has them already",
                       r->path, where);
    json_object_set(level, "frequency", frequency);
    return HD_OK;
}

static hd_status read_comparison(const reader *r, json_t *in, bool *seen)
{
    static const char *const keys[] = {"code", "rule", "levels", "frequency", NULL};
    HD_TRY(only_keys(r, in, "comparisons", keys));
    hd_str code = code_of(in);
    uint32_t c = 0;
    while (c < r->ruleset->n_comparisons && !hd_str_eq(r->ruleset->comparisons[c].code, code))
        c++;
    if (c == r->ruleset->n_comparisons)
        return HD_FAIL(r->ctx, HD_CONFIG,
                       "%s: comparison \"%.*s\" is not one that the rules compare these sources by",
                       r->path, HD_ARG(code));
    if (seen[c])
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: comparison \"%.*s\" stands twice", r->path,
                       HD_ARG(code));
    seen[c] = true;
    char where[128];
    snprintf(where, sizeof where, "comparison \"%.*s\"", HD_ARG(code));
    const hd_comparison *rule = &r->ruleset->comparisons[c];
    HD_TRY(read_mark(r, in, c, where));
    HD_TRY(move_frequency(r, in, rule, where));
    HD_TRY(read_levels(r, json_object_get(in, "levels"), rule, where, &r->model->comparison[c]));
    return HD_OK;
}

static hd_status read_model(const reader *r, json_t *root)
{
    static const char *const keys[] = {"format", "prior", "comparisons", "training", NULL};
    HD_TRY(only_keys(r, root, "the model", keys));
    const char *format = json_string_value(json_object_get(root, "format"));
    if (!format || strcmp(format, FORMAT) != 0)
        return HD_FAIL(r->ctx, HD_CONFIG, "%s: format must be \"%s\"", r->path, FORMAT);
    HD_TRY(read_probability(r, root, "prior", "the model", &r->model->prior));
    bool seen[HD_COMPARISONS_MAX] = {false};
    json_t *comparisons = json_object_get(root, "comparisons");
    for (size_t i = 0; i < json_array_size(comparisons); i++)
        HD_TRY(read_comparison(r, json_array_get(comparisons, i), seen));
    for (uint32_t c = 0; c < r->ruleset->n_comparisons; c++)
        if (!seen[c])
            return HD_FAIL(r->ctx, HD_CONFIG,
                           "%s: comparison \"%.*s\" of the rules is not in the model", r->path,
                           HD_ARG(r->ruleset->comparisons[c].code));
    return HD_OK;
}

static void keep_provenance(hd_model *model, const json_t *root)
{
    char *text = json_dumps(json_object_get(root, "training"), JSON_COMPACT);
    model->provenance = hd_arena_str(&model->arena, hd_str_from(text ? text : "{}"));
    free(text);
    text = json_dumps(root, JSON_COMPACT);
    hd_digest digest;
    hd_digest_init(&digest);
    hd_digest_add(&digest, text, strlen(text));
    hd_digest_hex(&digest, model->hash);
    free(text);
}

/* Not by jansson, to whom what cannot be read is the end of the file. *root NULL: `error` says why.
 */
static hd_status read_json(hd_ctx *ctx, const char *path, json_t **root, json_error_t *error)
{
    hd_buf text = {0};
    hd_status status = hd_file_read(ctx, path, &text);
    if (status == HD_OK)
        *root = json_loadb(text.ptr, text.len_bytes, JSON_REJECT_DUPLICATES, error);
    hd_buf_release(&text);
    return status;
}

hd_status hd_model_load(hd_ctx *ctx, const char *path, const hd_ruleset *ruleset, hd_model **out)
{
    json_t *root;
    json_error_t error;
    HD_TRY_DOING(ctx, read_json(ctx, path, &root, &error), "reading the model");
    if (!root)
        return HD_FAIL(ctx, HD_CONFIG, "%s:%d:%d: %s", path, error.line, error.column, error.text);
    hd_model *model = hd_alloc_zero(1, sizeof *model);
    reader r = {ctx, path, ruleset, model};
    hd_status status = read_model(&r, root);
    if (status == HD_OK) {
        keep_provenance(model, root);
        *out = model;
    } else {
        hd_hint(ctx, "make a new one with `hedui train --out new.json` and put it in its place, or "
                     "take the one that belongs to these rules");
        hd_model_free(model);
    }
    json_decref(root);
    return status;
}

void hd_model_free(hd_model *model)
{
    if (!model)
        return;
    hd_arena_release(&model->arena);
    hd_free(model);
}
