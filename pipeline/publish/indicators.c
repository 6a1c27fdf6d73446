/* A first set of figures about a run. What a county calls 入库率, 主要数据准确率 … has no published
 * formula; these are ours, each with its numerator and denominator. */

#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "matchers/idcard.h"
#include "pipeline/profile.h"
#include "pipeline/publish/tables.h"

typedef struct indicator_list {
    hd_tables *tables;
    size_t n, cap;
} indicator_list;

/* Part of the key, so never null. */
static hd_str site_of(const hd_tables *tables)
{
    hd_str site = tables->outcome->ruleset->site;
    return site.ptr ? site : HD_STR("");
}

static void add(indicator_list *list, hd_str code, hd_str unit, uint64_t numerator)
{
    hd_tables *tables = list->tables;
    HD_ASSERT(list->n < list->cap);
    tables->indicators[list->n++] = (hd_indicator){code, unit, numerator, 0, false};
}

static void add_share(indicator_list *list, hd_str code, hd_str unit, uint64_t numerator,
                      uint64_t denominator)
{
    add(list, code, unit, numerator);
    list->tables->indicators[list->n - 1].denominator = denominator;
    list->tables->indicators[list->n - 1].is_share = true;
}

static void count_sources(indicator_list *list)
{
    const hd_outcome *outcome = list->tables->outcome;
    for (uint32_t s = 0; s < outcome->ruleset->n_sources; s++) {
        const hd_records *records = &outcome->extract->records[s];
        const hd_mentions *mentions = outcome->mentions;
        hd_str unit = outcome->ruleset->sources[s].code;
        uint64_t n_expected = mentions->n_mentions[s] + mentions->n_empty[s];
        add_share(list, HD_STR("rows.linked"), unit, records->n, records->n_rows_read);
        add_share(list, HD_STR("rows.rejected"), unit, records->n_rejected, records->n_rows_read);
        add_share(list, HD_STR("mentions.empty"), unit, mentions->n_empty[s], n_expected);
    }
}

static uint64_t count_several_sources(const hd_persons *persons)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < persons->n; i++)
        n += persons->n_sources[i] > 1;
    return n;
}

enum { PERSONS_A_TASK = 1 << 16 };

typedef struct valid_job {
    const hd_tables *tables;
    uint32_t field;
    atomic_uint_fast64_t n;
} valid_job;

static hd_status count_valid_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    valid_job *job = arg;
    const hd_persons *persons = job->tables->outcome->persons;
    const hd_mention *won = persons->won[job->field];
    uint32_t begin = task * PERSONS_A_TASK, n = 0;
    uint32_t end = hd_task_end(persons->n, begin, PERSONS_A_TASK);
    for (uint32_t i = begin; i < end; i++)
        if (won[i] != HD_NO_MENTION)
            n += hd_idcard_valid(hd_tables_standard(job->tables, won[i], job->field));
    job->n += n;
    return HD_OK;
}

static uint64_t count_valid_ids(hd_ctx *ctx, const hd_tables *tables)
{
    const hd_persons *persons = tables->outcome->persons;
    int field = hd_field_find(tables->outcome->ruleset, HD_STR("id_number"));
    if (field < 0 || !persons->won[field])
        return 0;
    valid_job job = {.tables = tables, .field = (uint32_t)field};
    (void)hd_parallel(ctx, hd_tasks_of(persons->n, PERSONS_A_TASK), count_valid_task, &job);
    return job.n;
}

static void count_filled(indicator_list *list, uint32_t field)
{
    hd_tables *tables = list->tables;
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    const hd_persons *persons = tables->outcome->persons;
    const hd_mention *won = persons->won[field];
    uint64_t n = 0;
    for (uint32_t i = 0; won && i < persons->n; i++)
        n += won[i] != HD_NO_MENTION;
    hd_str code =
        hd_arena_printf(&tables->arena, "persons.filled.%.*s", HD_ARG(ruleset->fields[field].code));
    add_share(list, code, site_of(tables), n, persons->n);
}

static void count_persons(hd_ctx *ctx, indicator_list *list)
{
    const hd_tables *tables = list->tables;
    const hd_persons *persons = tables->outcome->persons;
    hd_str unit = site_of(tables);
    add(list, HD_STR("persons"), unit, persons->n);
    add_share(list, HD_STR("persons.several_sources"), unit, count_several_sources(persons),
              persons->n);
    add_share(list, HD_STR("persons.valid_id_number"), unit, count_valid_ids(ctx, tables),
              persons->n);
    for (uint32_t k = 0; k < tables->n_person_fields; k++)
        count_filled(list, tables->person_field[k]);
}

static void count_rules(indicator_list *list)
{
    hd_tables *tables = list->tables;
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    const hd_discrepancies *found = tables->outcome->discrepancies;
    size_t at = 0;
    for (uint32_t rule = 0; rule < ruleset->n_rules; rule++) {
        uint64_t n = 0;
        for (; at < found->n && found->item[at].rule == rule; at++)
            n++;
        hd_str code = hd_arena_printf(&tables->arena, "discrepancies.%.*s",
                                      HD_ARG(ruleset->rules[rule].code));
        add(list, code, site_of(tables), n);
    }
}

/* Of a field in all roles of a source: values that are there, and of how many standardising said
 * what. */
typedef struct field_sum {
    uint64_t n_filled, reason[HD_N_REASONS];
} field_sum;

static void add_column(field_sum *sum, const hd_profile_column *column)
{
    sum->n_filled += hd_profile_filled(&column->now);
    for (unsigned reason = 0; reason < HD_N_REASONS; reason++)
        sum->reason[reason] += column->reason[reason];
}

static void add_reasons(indicator_list *list, hd_str source, hd_str field, const field_sum *sum)
{
    for (unsigned reason = 0; reason < HD_N_REASONS; reason++) {
        if (!sum->reason[reason])
            continue;
        hd_str code = hd_arena_printf(&list->tables->arena, "reason.%.*s.%s", HD_ARG(field),
                                      hd_reason_name((hd_reason)reason));
        add_share(list, code, source, sum->reason[reason], sum->n_filled);
    }
}

static void count_reasons(indicator_list *list)
{
    const hd_outcome *outcome = list->tables->outcome;
    const hd_ruleset *ruleset = outcome->ruleset;
    const hd_profile *profile = outcome->profile;
    field_sum *sums = hd_alloc_zero((size_t)ruleset->n_sources * ruleset->n_fields, sizeof *sums);
    for (uint32_t c = 0; c < profile->n; c++) {
        const hd_profile_column *column = &profile->column[c];
        add_column(&sums[column->source * ruleset->n_fields + column->field], column);
    }
    for (uint32_t s = 0; s < ruleset->n_sources; s++)
        for (uint32_t f = 0; f < ruleset->n_fields; f++)
            add_reasons(list, ruleset->sources[s].code, ruleset->fields[f].code,
                        &sums[s * ruleset->n_fields + f]);
    hd_free(sums);
}

static int compare_indicators(const void *a, const void *b)
{
    const hd_indicator *x = a, *y = b;
    int c = hd_str_cmp(x->code, y->code);
    return c ? c : hd_str_cmp(x->unit, y->unit);
}

void hd_tables_count_indicators(hd_ctx *ctx, hd_tables *tables)
{
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    indicator_list list = {.tables = tables};
    list.cap = 3 * ruleset->n_sources + 3 + tables->n_person_fields + ruleset->n_rules +
               (size_t)ruleset->n_sources * ruleset->n_fields * HD_N_REASONS;
    tables->indicators = HD_NEW_N(&tables->arena, hd_indicator, list.cap);
    count_sources(&list);
    count_persons(ctx, &list);
    count_rules(&list);
    count_reasons(&list);
    tables->n_indicators = (uint32_t)list.n;
    qsort(tables->indicators, list.n, sizeof *tables->indicators, compare_indicators);
}
