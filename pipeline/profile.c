#include "pipeline/profile.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/io/file.h"

/* ---- columns ---- */

/* Slots lie as hd_records says: the record's inputs, then each role's. */
static void list_inputs(const hd_ruleset *ruleset, const hd_extract *extract, uint32_t s,
                        const hd_role *role, uint32_t *slot, hd_profile *out)
{
    const hd_source *source = &ruleset->sources[s];
    const hd_input *inputs = role ? role->inputs : source->record;
    uint32_t n = role ? role->n_inputs : source->n_record;
    for (uint32_t i = 0; i < n; i++, (*slot)++) {
        if (hd_input_is_constant(&inputs[i]))
            continue;
        out->column[out->n++] = (hd_profile_column){
            .source = (uint16_t)s,
            .field = inputs[i].field,
            .role = role ? role->code : HD_STR_NULL,
            .column = inputs[i].column < 0 ? HD_STR("=") : source->columns[inputs[i].column],
            .values = extract->records[s].slots[*slot]};
    }
}

void hd_profile_list(const hd_ruleset *ruleset, const hd_extract *extract, hd_profile *out)
{
    uint32_t most = 0;
    for (uint32_t s = 0; s < ruleset->n_sources; s++)
        most += extract->records[s].n_slots;
    *out = (hd_profile){.column = hd_alloc((most + 1) * sizeof *out->column)};
    for (uint32_t s = 0; s < ruleset->n_sources; s++) {
        const hd_source *source = &ruleset->sources[s];
        uint32_t slot = 0;
        list_inputs(ruleset, extract, s, NULL, &slot, out);
        for (uint32_t r = 0; r < source->n_roles; r++)
            list_inputs(ruleset, extract, s, &source->roles[r], &slot, out);
    }
}

void hd_profile_release(hd_profile *profile)
{
    hd_free(profile->column);
    *profile = (hd_profile){0};
}

/* ---- counts ---- */

static uint8_t pool_of(const hd_extract *extract, const hd_profile_column *column)
{
    return extract->values.pool_of[column->field];
}

void hd_profile_count_values(const hd_extract *extract, const hd_profile_column *column,
                             uint32_t *count)
{
    uint32_t n = extract->records[column->source].n;
    for (uint32_t i = 0; i < n; i++)
        count[column->values[i]]++;
    count[0] = 0; /* nothing was written */
}

void hd_profile_count_states(const hd_extract *extract, const uint32_t *count,
                             hd_profile_column *column)
{
    uint8_t pool = pool_of(extract, column);
    const hd_standard *standard = extract->values.standard[pool];
    uint32_t limit = hd_pool_limit(extract->values.written[pool]);
    uint64_t filled = 0;
    column->now = (hd_profile_counts){.rows = extract->records[column->source].n};
    for (uint32_t no = 1; no < limit; no++) {
        if (!count[no])
            continue;
        column->now.distinct++;
        column->now.state[standard[no].state] += count[no];
        for (uint32_t left = standard[no].reasons; left; left &= left - 1)
            column->reason[__builtin_ctz(left)] += count[no];
        filled += count[no];
    }
    column->now.state[HD_STATE_missing] += column->now.rows - filled;
}

typedef struct job {
    const hd_extract *extract;
    hd_profile *profile;
} job;

static hd_status count_column(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const job *j = arg;
    hd_profile_column *column = &j->profile->column[task];
    uint32_t limit = hd_pool_limit(j->extract->values.written[pool_of(j->extract, column)]);
    uint32_t *count = hd_alloc_zero(limit, sizeof *count);
    hd_profile_count_values(j->extract, column, count);
    hd_profile_count_states(j->extract, count, column);
    hd_free(count);
    return HD_OK;
}

hd_status hd_profile_count(hd_ctx *ctx, const hd_extract *extract, hd_profile *profile)
{
    return hd_parallel(ctx, profile->n, count_column, &(job){extract, profile});
}

/* ---- JSON ---- */

static json_t *text_of(hd_str s)
{
    return s.ptr ? json_stringn(s.ptr, s.len_bytes) : json_null();
}

static json_t *describe(const hd_ruleset *ruleset, const hd_profile_column *column)
{
    json_t *states = json_object();
    for (unsigned state = 0; state < HD_N_STATES; state++)
        json_object_set_new(states, hd_state_name((hd_state)state),
                            json_integer((json_int_t)column->now.state[state]));
    return json_pack("{s:o,s:o,s:o,s:I,s:I,s:o}", "source",
                     text_of(ruleset->sources[column->source].code), "role", text_of(column->role),
                     "field", text_of(ruleset->fields[column->field].code), "rows",
                     (json_int_t)column->now.rows, "distinct", (json_int_t)column->now.distinct,
                     "states", states);
}

hd_status hd_profile_write(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_profile *profile,
                           const char *path)
{
    json_t *columns = json_array();
    for (uint32_t c = 0; c < profile->n; c++)
        json_array_append_new(columns, describe(ruleset, &profile->column[c]));
    json_t *root = json_pack("{s:o}", "columns", columns);
    char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    if (!text)
        hd_mem_exhausted("a profile");
    hd_status status = hd_file_write(ctx, path, 0600, hd_str_from(text));
    free(text); /* jansson's */
    json_decref(root);
    return status;
}

static bool is_text(const json_t *json, hd_str wanted)
{
    return wanted.ptr ? json_is_string(json) &&
                            hd_str_eq(wanted, (hd_str){json_string_value(json),
                                                       (uint32_t)json_string_length(json)})
                      : json_is_null(json);
}

static const json_t *find_column(const json_t *columns, const hd_ruleset *ruleset,
                                 const hd_profile_column *wanted)
{
    size_t i;
    json_t *column;
    json_array_foreach(columns, i,
                       column) if (is_text(json_object_get(column, "source"),
                                           ruleset->sources[wanted->source].code) &&
                                   is_text(json_object_get(column, "role"), wanted->role) &&
                                   is_text(json_object_get(column, "field"),
                                           ruleset->fields[wanted->field].code)) return column;
    return NULL;
}

static uint64_t count_of(const json_t *object, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(object, key));
    return n > 0 ? (uint64_t)n : 0;
}

static void take_columns(const json_t *columns, const hd_ruleset *ruleset,
                         const hd_profile *profile, hd_profile_counts *before)
{
    for (uint32_t c = 0; c < profile->n; c++) {
        const json_t *column = find_column(columns, ruleset, &profile->column[c]);
        const json_t *states = json_object_get(column, "states");
        before[c] = (hd_profile_counts){.rows = count_of(column, "rows"),
                                        .distinct = count_of(column, "distinct")};
        for (unsigned state = 0; state < HD_N_STATES; state++)
            before[c].state[state] = count_of(states, hd_state_name((hd_state)state));
    }
}

hd_status hd_profile_read(hd_ctx *ctx, const char *path, const hd_ruleset *ruleset,
                          const hd_profile *profile, hd_profile_counts *before, bool *found)
{
    hd_buf text = {0};
    *found = access(path, F_OK) == 0;
    if (!*found)
        return HD_OK;
    hd_status status = hd_file_read(ctx, path, &text);
    json_t *root =
        status == HD_OK ? json_loadb(text.ptr ? text.ptr : "", text.len_bytes, 0, NULL) : NULL;
    const json_t *columns = json_object_get(root, "columns");
    if (status == HD_OK && !json_is_array(columns)) {
        hd_hint(ctx, "remove it: the next run writes a new one");
        status = HD_FAIL(ctx, HD_STORE, "%s is no profile of a run", path);
    }
    if (status == HD_OK)
        take_columns(columns, ruleset, profile, before);
    json_decref(root);
    hd_buf_release(&text);
    return status;
}
