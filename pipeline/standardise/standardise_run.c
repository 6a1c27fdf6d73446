#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/stages.h"
#include "pipeline/standardise/standardise.h"

enum {
    VALUES_PIECE = 4096,   /* distinct values a task: a millisecond of work */
    RECORDS_PIECE = 16384, /* records a task */
    NO_MENTION = UINT32_MAX
};

/* ---- distinct values ---- */

typedef struct value_job {
    const hd_ruleset *ruleset;
    hd_values *values;
    uint32_t limit[HD_FIELDS_MAX];          /* [pool] */
    uint32_t first_task[HD_FIELDS_MAX + 1]; /* [pool] */
    hd_std_env **env;                       /* [worker], made by the worker */
} value_job;

static hd_standard to_standard(const value_job *job, const hd_std_result *r)
{
    hd_standard standard = {HD_NULL, r->reasons, (uint8_t)r->state};
    if (r->text.ptr)
        standard.value = hd_pool_intern(job->ruleset->texts, r->text);
    else if (r->date)
        standard.value = (hd_value)r->date;
    return standard;
}

static hd_status standardise_piece(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const value_job *job = arg;
    uint32_t pool = 0;
    while (task >= job->first_task[pool + 1])
        pool++;
    hd_std_env **env = &job->env[worker];
    if (!*env)
        *env = hd_std_env_new();
    const hd_field *field = &job->ruleset->fields[job->values->field_of[pool]];
    hd_std_env_look_up(*env, job->ruleset, field);
    const hd_pool *written = job->values->written[pool];
    uint32_t begin = (task - job->first_task[pool]) * VALUES_PIECE;
    uint32_t end =
        job->limit[pool] - begin > VALUES_PIECE ? begin + VALUES_PIECE : job->limit[pool];
    for (uint32_t no = begin; no < end; no++) {
        hd_std_result r = {HD_STR_NULL, 0, HD_STATE_missing, 0};
        if (no && hd_pool_has(written, no))
            r = hd_std_value(*env, field->kind, hd_pool_get(written, no));
        job->values->standard[pool][no] = to_standard(job, &r);
    }
    return HD_OK;
}

static void prepare_pools(value_job *job)
{
    hd_values *values = job->values;
    for (uint32_t pool = 0; pool < values->n_pools; pool++) {
        uint32_t limit = hd_pool_limit(values->written[pool]);
        job->limit[pool] = limit;
        job->first_task[pool + 1] = job->first_task[pool] + (limit - 1) / VALUES_PIECE + 1;
        hd_free(values->standard[pool]);
        values->standard[pool] = hd_alloc((size_t)limit * sizeof *values->standard[pool]);
    }
}

static hd_status standardise_values(hd_ctx *ctx, const hd_ruleset *ruleset, hd_values *values)
{
    value_job job = {.ruleset = ruleset, .values = values};
    job.env = hd_alloc_zero(ctx->n_threads, sizeof(hd_std_env *));
    prepare_pools(&job);
    hd_status status = hd_parallel(ctx, job.first_task[values->n_pools], standardise_piece, &job);
    for (unsigned worker = 0; worker < ctx->n_threads; worker++)
        hd_std_env_free(job.env[worker]);
    hd_free(job.env);
    return status;
}

/* ---- what a source's mapping asks for ---- */

typedef struct source_input {
    uint32_t slot; /* in hd_records.slots */
    uint16_t field;
    bool says; /* a value here shows that the person appears: of this role alone, no constant */
} source_input;

typedef struct source_plan {
    source_input *input; /* each role's own, then the record's once more */
    uint32_t start[HD_ROLES_MAX + 1];
} source_plan;

static bool same_input(const hd_input *a, const hd_input *b)
{
    if (a->column >= 0 || b->column >= 0)
        return a->column == b->column;
    return hd_expr_same_shape(a->expr, b->expr);
}

/* Whether another role of the record reads the same: a family's address says nothing of whether the
 * father was named, be it a column or joined from two. */
static bool is_shared(const hd_source *source, uint32_t role, const hd_input *input)
{
    for (uint32_t other = 0; other < source->n_roles; other++) {
        const hd_role *r = &source->roles[other];
        for (uint32_t i = 0; other != role && i < r->n_inputs; i++)
            if (same_input(&r->inputs[i], input))
                return true;
    }
    return false;
}

/* Of a role that has nothing of its own, what it shares must do. */
static bool has_own(const hd_source *source, uint32_t role)
{
    const hd_role *r = &source->roles[role];
    for (uint32_t i = 0; i < r->n_inputs; i++)
        if (!hd_input_is_constant(&r->inputs[i]) && !is_shared(source, role, &r->inputs[i]))
            return true;
    return false;
}

/* Slots lie as hd_records says: the record's inputs, then each role's. A role's own value goes
 * before the record's of the same field, as it is the nearer one. */
static void plan_source(const hd_source *source, source_plan *plan)
{
    uint32_t n = 0, slot = source->n_record;
    for (uint32_t role = 0; role < source->n_roles; role++)
        n += source->roles[role].n_inputs + source->n_record;
    plan->input = hd_alloc(n * sizeof *plan->input);
    n = 0;
    for (uint32_t role = 0; role < source->n_roles; role++) {
        const hd_role *r = &source->roles[role];
        bool own = has_own(source, role);
        plan->start[role] = n;
        for (uint32_t i = 0; i < r->n_inputs; i++) {
            const hd_input *input = &r->inputs[i];
            bool says = !hd_input_is_constant(input) && !(own && is_shared(source, role, input));
            plan->input[n++] = (source_input){slot++, input->field, says};
        }
        for (uint32_t i = 0; i < source->n_record; i++)
            plan->input[n++] = (source_input){i, source->record[i].field, false};
    }
    plan->start[source->n_roles] = n;
}

/* ---- records to mentions ---- */

typedef struct piece {
    uint32_t source, begin, end; /* records */
    uint32_t n, first;           /* mentions */
} piece;

typedef struct mention_job {
    hd_mentions *mentions;
    source_plan *plan; /* [source] */
    piece *pieces;
    uint32_t n_pieces;
    bool has_missing[HD_FIELDS_MAX]; /* [pool] values of blanks, which say nothing */
} mention_job;

/* The value number in a slot; 0 where nothing, or nothing but blanks, was written. */
static inline hd_value_no value_at(const mention_job *job, const hd_records *records,
                                   const source_input *input, uint32_t record)
{
    const hd_values *values = &job->mentions->extract->values;
    hd_value_no no = records->slots[input->slot][record];
    uint32_t pool = values->pool_of[input->field];
    if (no && job->has_missing[pool] && values->standard[pool][no].state == HD_STATE_missing)
        return 0;
    return no;
}

static bool appears(const mention_job *job, const hd_records *records, const source_plan *plan,
                    uint32_t role, uint32_t record)
{
    for (uint32_t i = plan->start[role]; i < plan->start[role + 1]; i++) {
        if (plan->input[i].says && value_at(job, records, &plan->input[i], record))
            return true;
    }
    return false;
}

static hd_status count_piece(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    (void)worker;
    const mention_job *job = arg;
    piece *p = &job->pieces[task];
    const hd_records *records = &job->mentions->extract->records[p->source];
    uint32_t n_roles = job->mentions->ruleset->sources[p->source].n_roles;
    for (uint32_t record = p->begin; record < p->end; record++) {
        for (uint32_t role = 0; role < n_roles; role++)
            p->n += appears(job, records, &job->plan[p->source], role, record);
    }
    return HD_OK;
}

static void write_mention(const mention_job *job, const piece *p, hd_mention m, uint32_t role,
                          uint32_t record)
{
    hd_mentions *mentions = job->mentions;
    const hd_records *records = &mentions->extract->records[p->source];
    const source_plan *plan = &job->plan[p->source];
    mentions->source[m] = (uint16_t)p->source;
    mentions->role[m] = (uint8_t)role;
    mentions->record[m] = record;
    for (uint32_t i = plan->start[role]; i < plan->start[role + 1]; i++) {
        hd_value_no *cell = &mentions->column[plan->input[i].field][m];
        if (*cell == 0)
            *cell = value_at(job, records, &plan->input[i], record);
    }
}

/* Values of others of the record, where the mention has none itself. */
static void fill(hd_mentions *mentions, const hd_source *source, const hd_mention *mention_of)
{
    for (uint32_t i = 0; i < source->n_fills; i++) {
        const hd_fill *f = &source->fills[i];
        hd_mention to = mention_of[f->role], from = mention_of[f->from_role];
        if (to == NO_MENTION || from == NO_MENTION || mentions->column[f->field][to])
            continue;
        const hd_value_no *column = mentions->column[f->from_field];
        mentions->column[f->field][to] = column ? column[from] : 0;
    }
}

static hd_status write_piece(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    (void)worker;
    const mention_job *job = arg;
    const piece *p = &job->pieces[task];
    const hd_source *source = &job->mentions->ruleset->sources[p->source];
    const hd_records *records = &job->mentions->extract->records[p->source];
    hd_mention next = p->first, mention_of[HD_ROLES_MAX];
    for (uint32_t record = p->begin; record < p->end; record++) {
        for (uint32_t role = 0; role < source->n_roles; role++) {
            bool here = appears(job, records, &job->plan[p->source], role, record);
            mention_of[role] = here ? next++ : NO_MENTION;
            if (here)
                write_mention(job, p, mention_of[role], role, record);
        }
        fill(job->mentions, source, mention_of);
    }
    HD_ASSERT(next == p->first + p->n);
    return HD_OK;
}

static void find_missing(mention_job *job, const hd_values *values)
{
    for (uint32_t pool = 0; pool < values->n_pools; pool++) {
        uint32_t limit = hd_pool_limit(values->written[pool]);
        for (uint32_t no = 1; no < limit && !job->has_missing[pool]; no++)
            job->has_missing[pool] = hd_pool_has(values->written[pool], no) &&
                                     values->standard[pool][no].state == HD_STATE_missing;
    }
}

static void cut_pieces(mention_job *job, const hd_ruleset *ruleset, const hd_extract *extract)
{
    size_t cap = 0;
    for (uint32_t source = 0; source < ruleset->n_sources; source++) {
        uint32_t n = extract->records[source].n;
        for (uint32_t begin = 0; begin < n;) {
            uint32_t end = n - begin > RECORDS_PIECE ? begin + RECORDS_PIECE : n;
            HD_GROW(job->pieces, cap, job->n_pieces + 1);
            job->pieces[job->n_pieces++] = (piece){source, begin, end, 0, 0};
            begin = end;
        }
    }
}

/* Numbers the pieces' mentions in their order, which is that of (source, record_id, role). */
static hd_status number_mentions(hd_ctx *ctx, const mention_job *job)
{
    hd_mentions *mentions = job->mentions;
    uint64_t n = 0;
    for (uint32_t i = 0; i < job->n_pieces; i++) {
        piece *p = &job->pieces[i];
        uint32_t n_roles = mentions->ruleset->sources[p->source].n_roles;
        p->first = (uint32_t)n; /* wrong past the limit, and then not used */
        n += p->n;
        mentions->n_mentions[p->source] += p->n;
        mentions->n_empty[p->source] += (uint64_t)(p->end - p->begin) * n_roles - p->n;
    }
    if (n >= NO_MENTION) {
        hd_hint(ctx, "run fewer sources at a time, or a part of the county");
        return HD_FAIL(ctx, HD_SPACE,
                       "the sources hold %llu mentions, more than the %lu that can "
                       "be numbered",
                       (unsigned long long)n, (unsigned long)NO_MENTION - 1);
    }
    mentions->n = (uint32_t)n;
    return HD_OK;
}

static void add_column(hd_mentions *mentions, uint32_t field)
{
    if (!mentions->column[field])
        mentions->column[field] = hd_alloc_mapped(mentions->n, sizeof *mentions->column[field]);
}

/* Columns of fields that some source maps or fills. A fill hands on a value's number, so that both
 * fields must have one pool. */
static void add_columns(hd_mentions *mentions, const mention_job *job)
{
    const hd_values *values = &mentions->extract->values;
    mentions->source = hd_alloc_zero(mentions->n, sizeof *mentions->source);
    mentions->role = hd_alloc_zero(mentions->n, sizeof *mentions->role);
    mentions->record = hd_alloc_zero(mentions->n, sizeof *mentions->record);
    for (uint32_t s = 0; s < mentions->ruleset->n_sources; s++) {
        const hd_source *source = &mentions->ruleset->sources[s];
        for (uint32_t i = 0; i < job->plan[s].start[source->n_roles]; i++)
            add_column(mentions, job->plan[s].input[i].field);
        for (uint32_t i = 0; i < source->n_fills; i++) {
            const hd_fill *f = &source->fills[i];
            HD_ASSERT(values->pool_of[f->field] == values->pool_of[f->from_field]);
            add_column(mentions, f->field);
        }
    }
}

static hd_status make_mentions(hd_ctx *ctx, mention_job *job)
{
    hd_mentions *mentions = job->mentions;
    find_missing(job, &mentions->extract->values);
    cut_pieces(job, mentions->ruleset, mentions->extract);
    HD_TRY(hd_parallel(ctx, job->n_pieces, count_piece, job));
    HD_TRY(number_mentions(ctx, job));
    add_columns(mentions, job);
    return hd_parallel(ctx, job->n_pieces, write_piece, job);
}

static hd_status build(hd_ctx *ctx, hd_mentions *mentions)
{
    const hd_ruleset *ruleset = mentions->ruleset;
    mention_job job = {.mentions = mentions};
    mentions->n_empty = hd_alloc_zero(ruleset->n_sources, sizeof *mentions->n_empty);
    mentions->n_mentions = hd_alloc_zero(ruleset->n_sources, sizeof *mentions->n_mentions);
    job.plan = hd_alloc_zero(ruleset->n_sources, sizeof *job.plan);
    for (uint32_t source = 0; source < ruleset->n_sources; source++)
        plan_source(&ruleset->sources[source], &job.plan[source]);
    hd_status status = make_mentions(ctx, &job);
    for (uint32_t source = 0; source < ruleset->n_sources; source++)
        hd_free(job.plan[source].input);
    hd_free(job.plan);
    hd_free(job.pieces);
    return status;
}

hd_status hd_mentions_make(hd_ctx *ctx, const hd_ruleset *ruleset, hd_extract *extract,
                           hd_mentions *out)
{
    *out = (hd_mentions){.ruleset = ruleset, .extract = extract};
    hd_mentions_name_texts(out);
    hd_status status = build(ctx, out);
    if (status != HD_OK)
        hd_mentions_release(out);
    return status;
}

hd_status hd_standardise_run(hd_ctx *ctx, const hd_ruleset *ruleset, hd_extract *extract,
                             hd_mentions *out)
{
    *out = (hd_mentions){0};
    HD_TRY(standardise_values(ctx, ruleset, &extract->values));
    return hd_mentions_make(ctx, ruleset, extract, out);
}

void hd_mentions_release(hd_mentions *mentions)
{
    for (uint32_t field = 0; field < HD_FIELDS_MAX; field++)
        hd_free_mapped(mentions->column[field]);
    for (int r = 0; r < HD_N_RELATED; r++)
        hd_free_mapped(mentions->related[r]);
    hd_free(mentions->source);
    hd_free(mentions->role);
    hd_free(mentions->record);
    hd_free(mentions->n_empty);
    hd_free(mentions->n_mentions);
    hd_mentions_forget_texts(mentions);
    *mentions = (hd_mentions){0};
}
