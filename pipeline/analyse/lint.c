#include "pipeline/analyse/lint.h"

#include "base/mem.h"
#include "pipeline/analyse/given_clusters.h"

/* Where a mention of the example stands in the sources made for it. */
typedef struct place {
    uint16_t source;
    uint8_t role;
    uint32_t record;
} place;

/* One example, laid out as extract would hand it on. */
typedef struct bench {
    hd_ruleset ruleset; /* the configured one, but with the example's sources and one rule */
    const hd_example *example;
    hd_extract extract;
    place *places; /* [mention of the example] */
    hd_arena arena;
} bench;

/* The field that is written in every mention: one of which nothing is written would not be made. */
#define MARK_FIELD HD_STR("example")
#define MARK_VALUE HD_STR("x")

static hd_status add_mark_field(hd_ctx *ctx, hd_ruleset *ruleset)
{
    if (ruleset->n_fields == HD_FIELDS_MAX)
        return HD_FAIL(ctx, HD_CONFIG,
                       "%u fields are declared: to run the rules' examples there must be room for "
                       "one more",
                       ruleset->n_fields);
    ruleset->fields[ruleset->n_fields++] =
        (hd_field){.code = MARK_FIELD, .kind = HD_KIND_text, .column = MARK_FIELD};
    return HD_OK;
}

static uint32_t find_source(const bench *b, hd_str code)
{
    uint32_t i = 0;
    while (i < b->ruleset.n_sources && !hd_str_eq(b->ruleset.sources[i].code, code))
        i++;
    return i;
}

static uint32_t find_role(const hd_source *source, hd_str code)
{
    uint32_t i = 0;
    while (i < source->n_roles && !hd_str_eq(source->roles[i].code, code))
        i++;
    return i;
}

static void make_sources(bench *b)
{
    hd_ruleset *ruleset = &b->ruleset;
    const hd_example *example = b->example;
    ruleset->sources = HD_NEW_N(&b->arena, hd_source, example->n_mentions);
    ruleset->n_sources = 0;
    for (uint32_t i = 0; i < example->n_mentions; i++) {
        hd_str type = example->mentions[i].type;
        if (find_source(b, type) < ruleset->n_sources)
            continue;
        uint32_t at = ruleset->n_sources++;
        for (; at > 0 && hd_str_cmp(ruleset->sources[at - 1].code, type) > 0; at--)
            ruleset->sources[at] = ruleset->sources[at - 1];
        ruleset->sources[at] = (hd_source){.code = type, .type = type};
    }
}

static hd_status role_number(hd_ctx *ctx, hd_ruleset *ruleset, hd_str code, uint8_t *number)
{
    uint32_t i = 0;
    while (i < ruleset->n_role_names && !hd_str_eq(ruleset->role_names[i], code))
        i++;
    if (i == HD_ROLES_MAX)
        return HD_FAIL(ctx, HD_CONFIG, "no room for the role \"%.*s\" of an example", HD_ARG(code));
    if (i == ruleset->n_role_names)
        ruleset->role_names[ruleset->n_role_names++] = code;
    *number = (uint8_t)i;
    return HD_OK;
}

static hd_status make_role(hd_ctx *ctx, bench *b, hd_str code, hd_role *role)
{
    hd_ruleset *ruleset = &b->ruleset;
    *role = (hd_role){.code = code, .n_inputs = ruleset->n_fields};
    role->inputs = HD_NEW_N(&b->arena, hd_input, ruleset->n_fields);
    for (uint16_t field = 0; field < ruleset->n_fields; field++)
        role->inputs[field] = (hd_input){.field = field, .column = (int16_t)field};
    return role_number(ctx, ruleset, code, &role->number);
}

static hd_status make_roles(hd_ctx *ctx, bench *b, hd_source *source)
{
    source->roles = HD_NEW_N(&b->arena, hd_role, b->example->n_mentions);
    for (uint32_t i = 0; i < b->example->n_mentions; i++) {
        const struct hd_example_mention *mention = &b->example->mentions[i];
        if (!hd_str_eq(mention->type, source->code) ||
            find_role(source, mention->role) < source->n_roles)
            continue;
        uint32_t at = source->n_roles++;
        for (; at > 0 && hd_str_cmp(source->roles[at - 1].code, mention->role) > 0; at--)
            source->roles[at] = source->roles[at - 1];
        HD_TRY(make_role(ctx, b, mention->role, &source->roles[at]));
    }
    source->n_columns = b->ruleset.n_fields;
    source->columns = HD_NEW_N(&b->arena, hd_str, source->n_columns);
    for (uint32_t field = 0; field < source->n_columns; field++)
        source->columns[field] = b->ruleset.fields[field].code;
    return HD_OK;
}

static bool record_has_role(const bench *b, uint32_t n_places, const place *at)
{
    for (uint32_t i = 0; i < n_places; i++) {
        if (b->places[i].source == at->source && b->places[i].record == at->record &&
            b->places[i].role == at->role)
            return true;
    }
    return false;
}

static void place_mentions(bench *b)
{
    b->places = HD_NEW_N(&b->arena, place, b->example->n_mentions);
    for (uint32_t i = 0; i < b->example->n_mentions; i++) {
        const struct hd_example_mention *mention = &b->example->mentions[i];
        uint32_t s = find_source(b, mention->type);
        hd_records *records = &b->extract.records[s];
        place at = {.source = (uint16_t)s,
                    .role = (uint8_t)find_role(&b->ruleset.sources[s], mention->role),
                    .record = records->n - 1};
        if (records->n == 0 || record_has_role(b, i, &at))
            at.record = records->n++;
        b->places[i] = at;
    }
}

static void make_slots(bench *b, hd_records *records, uint32_t n_roles)
{
    records->n_rows_read = records->n;
    records->record_id = HD_NEW_N(&b->arena, hd_str, records->n);
    for (uint32_t r = 0; r < records->n; r++)
        records->record_id[r] = hd_arena_printf(&b->arena, "%010u", r);
    records->n_slots = n_roles * b->ruleset.n_fields;
    records->slots = HD_NEW_N(&b->arena, hd_value_no *, records->n_slots);
    for (uint32_t slot = 0; slot < records->n_slots; slot++)
        records->slots[slot] = HD_NEW_N(&b->arena, hd_value_no, records->n);
}

static void write_value(bench *b, const place *at, uint32_t field, hd_str value)
{
    hd_values *values = &b->extract.values;
    uint32_t slot = at->role * b->ruleset.n_fields + field;
    b->extract.records[at->source].slots[slot][at->record] =
        hd_pool_intern(values->written[values->pool_of[field]], value);
}

static void write_values(bench *b)
{
    for (uint32_t i = 0; i < b->example->n_mentions; i++) {
        const struct hd_example_mention *mention = &b->example->mentions[i];
        write_value(b, &b->places[i], b->ruleset.n_fields - 1, MARK_VALUE);
        for (uint32_t v = 0; v < mention->n_values; v++)
            write_value(b, &b->places[i], mention->fields[v], mention->values[v]);
    }
}

static hd_status lay_out(hd_ctx *ctx, bench *b)
{
    make_sources(b);
    b->extract.records = HD_NEW_N(&b->arena, hd_records, b->ruleset.n_sources);
    for (uint32_t s = 0; s < b->ruleset.n_sources; s++)
        HD_TRY(make_roles(ctx, b, &b->ruleset.sources[s]));
    place_mentions(b);
    for (uint32_t s = 0; s < b->ruleset.n_sources; s++)
        make_slots(b, &b->extract.records[s], b->ruleset.sources[s].n_roles);
    write_values(b);
    return HD_OK;
}

static uint32_t person_of(const bench *b, const hd_mentions *mentions, hd_mention m)
{
    for (uint32_t i = 0; i < b->example->n_mentions; i++) {
        const place *at = &b->places[i];
        if (at->source == mentions->source[m] && at->record == mentions->record[m] &&
            at->role == mentions->role[m])
            return b->example->mentions[i].person;
    }
    HD_BUG("a mention of no example");
}

/* What cluster would have kept for review: two persons for whom the rule's conflict holds. */
static void add_reviews(const bench *b, const hd_mentions *mentions, hd_clusters *clusters)
{
    int16_t conflict = b->ruleset.rules[0].conflict;
    if (conflict < 0)
        return;
    uint32_t n = mentions->n;
    hd_mention_row row = {.mentions = mentions};
    hd_env env = hd_ruleset_env(&b->ruleset);
    env.load = hd_mention_load;
    env.row = &row;
    clusters->review = hd_alloc_zero((size_t)n * n + 1, sizeof *clusters->review);
    for (hd_mention a = 0; a < n; a++)
        for (hd_mention c = a + 1; c < n; c++) {
            row.side[0] = a;
            row.side[1] = c;
            if (clusters->of[a] != clusters->of[c] &&
                hd_expr_holds(b->ruleset.conflicts[conflict].when, &env))
                clusters->review[clusters->n_review++] =
                    (hd_review){.a = a, .b = c, .conflict = conflict, .n_pairs = 1};
        }
    hd_env_release(&env);
}

static hd_status check_mentions(hd_ctx *ctx, const bench *b, const hd_mentions *mentions,
                                bool *found)
{
    static const uint8_t key[32]; /* ids are not looked at */
    HD_ASSERT(mentions->n == b->example->n_mentions);
    uint32_t *person = hd_alloc((size_t)mentions->n * sizeof *person);
    for (hd_mention m = 0; m < mentions->n; m++)
        person[m] = person_of(b, mentions, m);
    hd_clusters clusters;
    hd_clusters_given(person, mentions->n, &clusters);
    hd_free(person);
    add_reviews(b, mentions, &clusters);
    hd_persons persons = {.n = clusters.n}; /* without values, discrepancies have no owner */
    hd_discrepancies discrepancies;
    hd_status status =
        hd_check_run(ctx, &b->ruleset, mentions, &clusters, &persons, key, 0, &discrepancies);
    *found = discrepancies.n > 0;
    hd_discrepancies_release(&discrepancies);
    hd_clusters_release(&clusters);
    return status;
}

static hd_status standardise_and_check(hd_ctx *ctx, bench *b, bool *found)
{
    hd_mentions mentions;
    HD_TRY(hd_standardise_run(ctx, &b->ruleset, &b->extract, &mentions));
    hd_status status = check_mentions(ctx, b, &mentions, found);
    hd_mentions_release(&mentions);
    return status;
}

static hd_status run_example(hd_ctx *ctx, const hd_ruleset *ruleset, hd_rule *rule,
                             const hd_example *example, bool *found)
{
    bench *b = hd_alloc_zero(1, sizeof *b);
    b->ruleset = *ruleset;
    b->ruleset.rules = rule;
    b->ruleset.n_rules = 1;
    b->example = example;
    hd_status status = add_mark_field(ctx, &b->ruleset);
    if (status == HD_OK) {
        hd_values_init(&b->extract.values, &b->ruleset);
        status = lay_out(ctx, b);
        if (status == HD_OK)
            status = standardise_and_check(ctx, b, found);
        hd_values_release(&b->extract.values);
    }
    hd_arena_release(&b->arena);
    hd_free(b);
    return status;
}

hd_status hd_lint_examples(hd_ctx *ctx, hd_ruleset *ruleset, uint32_t *n_run, hd_buf *failures)
{
    static const char *const words[] = {"clean", "found"};
    *n_run = 0;
    for (uint32_t r = 0; r < ruleset->n_rules; r++) {
        hd_rule *rule = &ruleset->rules[r];
        for (uint32_t e = 0; e < rule->n_examples; e++) {
            const hd_example *example = &rule->examples[e];
            bool found = false;
            HD_TRY_DOING(ctx, run_example(ctx, ruleset, rule, example, &found),
                         "running example %u of %.*s", e + 1, HD_ARG(rule->code));
            ++*n_run;
            if (found != example->expect)
                hd_buf_addf(failures, "%s:%u: example %u of %.*s: expected %s, was %s\n",
                            example->pos.file, example->pos.line, e + 1, HD_ARG(rule->code),
                            words[example->expect], words[found]);
        }
    }
    return HD_OK;
}
