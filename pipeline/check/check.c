/* Rules over mentions and persons → discrepancies.
 *
 * Tasks are ranges of mentions or of clusters; each keeps what it finds, rule by rule. All is then
 * sorted by (rule, a, b), so the result does not depend on how the work was divided, and gets its
 * owner and its id. */

#include "pipeline/check/check.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "pipeline/stages.h"

enum { MENTIONS_A_TASK = 16384, CLUSTERS_A_TASK = 4096, TOWNSHIP_DIGITS = 9 };

typedef struct finding {
    uint32_t rule;
    hd_mention a, b;
} finding;

/* What one task found. */
typedef struct findings {
    finding *item;
    hd_keyed *shared; /* key: bits of the value, value: the mention */
    size_t n, cap, n_shared, shared_cap;
} findings;

/* One a worker. */
typedef struct evaluator {
    hd_env env;
    hd_check_row row;
    uint8_t *sides; /* [member of a cluster] bits: may be a, may be b */
    size_t sides_cap;
} evaluator;

typedef struct check_job {
    const hd_ruleset *ruleset;
    const hd_mentions *mentions;
    const hd_clusters *clusters;
    const hd_persons *persons;
    const uint8_t *key;
    hd_arena arena;
    hd_check_plan *plans; /* [rule] */
    hd_computed_set computed;
    uint32_t shared_rule;  /* that is being collected */
    evaluator *evaluators; /* [worker] */
    findings *found;       /* [task] */
    findings all;
    int residence_field, registered_field; /* -1: none */
    hd_discrepancies *out;
} check_job;

/* ---- evaluation ---- */

static bool holds(evaluator *ev, const hd_expr *expr, hd_mention i)
{
    ev->row.row.side[0] = i;
    return !expr || hd_expr_holds(expr, &ev->env);
}

static bool all_hold(evaluator *ev, const hd_conjunction *c, hd_mention a, hd_mention b)
{
    ev->row.row.side[0] = a;
    ev->row.row.side[1] = b;
    for (uint32_t i = 0; i < c->n; i++) {
        if (!hd_expr_holds(c->expr[i], &ev->env))
            return false;
    }
    return true;
}

static void add_finding(findings *f, uint32_t rule, hd_mention a, hd_mention b)
{
    HD_GROW(f->item, f->cap, f->n + 1);
    f->item[f->n++] = (finding){rule, a, b};
}

static bool is_pair(evaluator *ev, const hd_check_plan *p, const hd_mention *member, uint32_t i,
                    uint32_t j)
{
    return (ev->sides[i] & 1) && (ev->sides[j] & 2) && all_hold(ev, &p->both, member[i], member[j]);
}

static void check_pairs(evaluator *ev, const hd_check_plan *p, uint32_t rule,
                        const hd_mention *member, uint32_t n, findings *out)
{
    uint8_t any = 0;
    HD_GROW(ev->sides, ev->sides_cap, (size_t)n);
    for (uint32_t i = 0; i < n; i++) {
        bool a = all_hold(ev, &p->only_a, member[i], member[i]);
        bool b = all_hold(ev, &p->only_b, member[i], member[i]);
        ev->sides[i] = (uint8_t)(a | b << 1);
        any |= ev->sides[i];
    }
    if (any != 3)
        return;
    /* Partners are mutual, so the partners of the first that has one all come after it. */
    size_t n_before = out->n;
    for (uint32_t i = 0; i < n && out->n == n_before; i++) {
        for (uint32_t j = i + 1; j < n; j++) {
            if (is_pair(ev, p, member, i, j) || is_pair(ev, p, member, j, i))
                add_finding(out, rule, member[i], member[j]);
        }
    }
}

static void check_lacks(evaluator *ev, const hd_check_plan *p, uint32_t rule,
                        const hd_mention *member, uint32_t n, findings *out)
{
    uint32_t first = 0;
    while (first < n && !holds(ev, p->when, member[first]))
        first++;
    if (first == n)
        return;
    for (uint32_t i = 0; i < n; i++) {
        if (p->unless && holds(ev, p->unless, member[i]))
            return;
    }
    add_finding(out, rule, member[first], HD_NO_MENTION);
}

/* Most rules ask one field alone: nothing is evaluated a mention, and the waits for memory overlap.
 */
static void check_mentions(const check_job *job, evaluator *ev, uint32_t rule, uint32_t begin,
                           uint32_t end, findings *out)
{
    const hd_expr *when = job->plans[rule].when;
    const hd_computed *whole = hd_computed_whole(&job->computed, when);
    for (hd_mention i = begin; i < end; i++)
        if (whole ? hd_computed_get(whole, i) == 1 : holds(ev, when, i))
            add_finding(out, rule, i, HD_NO_MENTION);
}

static hd_status check_mentions_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const check_job *job = arg;
    uint32_t begin = task * MENTIONS_A_TASK;
    uint32_t end = hd_task_end(job->mentions->n, begin, MENTIONS_A_TASK);
    for (uint32_t r = 0; r < job->ruleset->n_rules; r++) {
        if (job->ruleset->rules[r].check == HD_CHECK_MENTION && !job->plans[r].idle)
            check_mentions(job, &job->evaluators[worker], r, begin, end, &job->found[task]);
    }
    return HD_OK;
}

static hd_status check_clusters_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const check_job *job = arg;
    const hd_clusters *clusters = job->clusters;
    evaluator *ev = &job->evaluators[worker];
    uint32_t begin = task * CLUSTERS_A_TASK;
    uint32_t end = hd_task_end(clusters->n, begin, CLUSTERS_A_TASK);
    for (uint32_t r = 0; r < job->ruleset->n_rules; r++) {
        const hd_check_plan *p = &job->plans[r];
        hd_check check = job->ruleset->rules[r].check;
        if (p->idle || (check != HD_CHECK_PAIR && check != HD_CHECK_LACKS))
            continue;
        for (uint32_t c = begin; c < end; c++) {
            const hd_mention *member = clusters->member + clusters->start[c];
            uint32_t n = clusters->start[c + 1] - clusters->start[c];
            if (check == HD_CHECK_LACKS)
                check_lacks(ev, p, r, member, n, &job->found[task]);
            else if (n > 1)
                check_pairs(ev, p, r, member, n, &job->found[task]);
        }
    }
    return HD_OK;
}

/* ---- values that persons share ---- */

static hd_status collect_shared_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const check_job *job = arg;
    const hd_check_plan *p = &job->plans[job->shared_rule];
    evaluator *ev = &job->evaluators[worker];
    findings *f = &job->found[task];
    uint32_t begin = task * MENTIONS_A_TASK;
    uint32_t end = hd_task_end(job->mentions->n, begin, MENTIONS_A_TASK);
    for (hd_mention i = begin; i < end; i++) {
        if (!holds(ev, p->when, i))
            continue;
        hd_value value = hd_expr_eval(p->value, &ev->env);
        if (value == HD_NULL)
            continue;
        HD_GROW(f->shared, f->shared_cap, f->n_shared + 1);
        f->shared[f->n_shared++] = (hd_keyed){value, i};
    }
    return HD_OK;
}

/* Mentions that say one value, in mention order: each other person's smallest against the
 * smallest of all. The items are put into another order. */
static void compare_sharers(check_job *job, hd_keyed *items, size_t n)
{
    hd_mention a = items[0].value;
    const uint32_t *of = job->clusters->of;
    for (size_t i = 0; i < n; i++)
        items[i].key = of[items[i].value];
    hd_sort_keyed(items, n); /* stable: the first of a person is its smallest */
    for (size_t i = 0; i < n; i++) {
        if (items[i].key != of[a] && (i == 0 || items[i].key != items[i - 1].key))
            add_finding(&job->all, job->shared_rule, a, items[i].value);
    }
}

static void find_sharers(check_job *job, hd_keyed *items, size_t n)
{
    const uint32_t *of = job->clusters->of;
    hd_sort_keyed(items, n); /* stable: equal values stay in mention order */
    for (size_t i = 0, j; i < n; i = j) {
        bool persons_differ = false;
        for (j = i + 1; j < n && items[j].key == items[i].key; j++)
            persons_differ |= of[items[j].value] != of[items[i].value];
        if (persons_differ)
            compare_sharers(job, items + i, j - i);
    }
}

/* One rule at a time: what it collects may be as many items as there are mentions. */
static hd_status check_shared(hd_ctx *ctx, check_job *job, uint32_t rule)
{
    uint32_t n_tasks = hd_tasks_of(job->mentions->n, MENTIONS_A_TASK);
    job->shared_rule = rule;
    job->found = hd_alloc_zero(n_tasks, sizeof *job->found);
    hd_status status = hd_parallel(ctx, n_tasks, collect_shared_task, job);
    size_t n = 0;
    for (uint32_t t = 0; t < n_tasks; t++)
        n += job->found[t].n_shared;
    hd_keyed *items = hd_alloc(n * sizeof *items);
    n = 0;
    for (uint32_t t = 0; t < n_tasks; t++) {
        findings *f = &job->found[t];
        if (f->n_shared)
            memcpy(items + n, f->shared, f->n_shared * sizeof *items);
        n += f->n_shared;
        hd_free(f->shared);
    }
    hd_free(job->found);
    if (status == HD_OK)
        find_sharers(job, items, n);
    hd_free(items);
    return status;
}

/* ---- persons that a conflict kept apart ---- */

static bool either_way(evaluator *ev, const hd_check_plan *p, hd_mention a, hd_mention b)
{
    const hd_mention way[2][2] = {{a, b}, {b, a}};
    for (int i = 0; i < 2; i++) {
        hd_mention x = way[i][0], y = way[i][1];
        if (all_hold(ev, &p->only_a, x, x) && all_hold(ev, &p->only_b, y, y) &&
            all_hold(ev, &p->both, x, y))
            return true;
    }
    return false;
}

/* Of each two persons the smallest pair of mentions: items are sorted by the pair first, then,
 * stable, by the persons. */
static void check_reviews(check_job *job, uint32_t rule)
{
    const hd_clusters *clusters = job->clusters;
    const int16_t conflict = job->ruleset->rules[rule].conflict;
    hd_keyed *items = hd_alloc((clusters->n_review + 1) * sizeof *items);
    size_t n = 0;
    HD_ASSERT(clusters->n_review <= UINT32_MAX);
    for (size_t i = 0; i < clusters->n_review; i++) {
        const hd_review *r = &clusters->review[i];
        if (r->conflict == conflict && clusters->of[r->a] != clusters->of[r->b] &&
            either_way(&job->evaluators[0], &job->plans[rule], r->a, r->b))
            items[n++] = (hd_keyed){(uint64_t)r->a << 32 | r->b, (uint32_t)i};
    }
    hd_sort_keyed(items, n);
    for (size_t i = 0; i < n; i++) {
        const hd_review *r = &clusters->review[items[i].value];
        uint32_t x = clusters->of[r->a], y = clusters->of[r->b];
        items[i].key = (uint64_t)(x < y ? x : y) << 32 | (x < y ? y : x);
    }
    hd_sort_keyed(items, n);
    for (size_t i = 0; i < n; i++) {
        const hd_review *r = &clusters->review[items[i].value];
        if (i == 0 || items[i].key != items[i - 1].key)
            add_finding(&job->all, rule, r->a, r->b);
    }
    hd_free(items);
}

/* ---- all rules ---- */

static hd_status run_tasks(hd_ctx *ctx, check_job *job, uint32_t n_tasks, hd_task *task)
{
    job->found = hd_alloc_zero(n_tasks, sizeof *job->found);
    hd_status status = hd_parallel(ctx, n_tasks, task, job);
    for (uint32_t t = 0; t < n_tasks; t++) {
        findings *f = &job->found[t];
        HD_GROW(job->all.item, job->all.cap, job->all.n + f->n);
        if (f->n)
            memcpy(job->all.item + job->all.n, f->item, f->n * sizeof *f->item);
        job->all.n += f->n;
        hd_free(f->item);
    }
    hd_free(job->found);
    return status;
}

static hd_status find_all(hd_ctx *ctx, check_job *job)
{
    HD_TRY(
        run_tasks(ctx, job, hd_tasks_of(job->mentions->n, MENTIONS_A_TASK), check_mentions_task));
    HD_TRY(
        run_tasks(ctx, job, hd_tasks_of(job->clusters->n, CLUSTERS_A_TASK), check_clusters_task));
    for (uint32_t r = 0; r < job->ruleset->n_rules; r++) {
        if (job->ruleset->rules[r].check == HD_CHECK_SHARED && !job->plans[r].idle)
            HD_TRY(check_shared(ctx, job, r));
        if (job->ruleset->rules[r].check == HD_CHECK_REVIEW && !job->plans[r].idle)
            check_reviews(job, r);
    }
    return HD_OK;
}

/* By rule, a, b: least significant first, each pass stable. */
static void sort_findings(const check_job *job)
{
    const findings *f = &job->all;
    HD_ASSERT(f->n <= UINT32_MAX);
    hd_keyed *items = hd_alloc(f->n * sizeof *items);
    for (size_t i = 0; i < f->n; i++)
        items[i] = (hd_keyed){f->item[i].b, (uint32_t)i};
    hd_sort_keyed(items, f->n);
    for (size_t i = 0; i < f->n; i++) {
        const finding *found = &f->item[items[i].value];
        items[i].key = (uint64_t)found->rule << 32 | found->a;
    }
    hd_sort_keyed(items, f->n);
    for (size_t i = 0; i < f->n; i++) {
        const finding *found = &f->item[items[i].value];
        job->out->item[i] = (hd_discrepancy){.rule = found->rule,
                                             .person = job->clusters->of[found->a],
                                             .field = job->ruleset->rules[found->rule].field,
                                             .a = found->a,
                                             .b = found->b};
    }
    hd_free(items);
}

/* ---- owner and id ---- */

/* Township of a division, null where it is not that exact. */
static hd_str township(const check_job *job, hd_mention i, int field)
{
    hd_value value = i == HD_NO_MENTION || field < 0
                         ? HD_NULL
                         : hd_mention_value(job->mentions, i, (uint32_t)field);
    if (value == HD_NULL)
        return HD_STR_NULL;
    hd_str code = hd_pool_get(job->ruleset->texts, (hd_text)value);
    return code.len_bytes < TOWNSHIP_DIGITS ? HD_STR_NULL : (hd_str){code.ptr, TOWNSHIP_DIGITS};
}

/* Where the person lives, else is registered; else what the mention itself says. */
static hd_str owner_unit(const check_job *job, const hd_discrepancy *d)
{
    const int fields[] = {job->residence_field, job->registered_field};
    hd_str unit = HD_STR_NULL;
    for (int k = 0; k < 2 && !unit.ptr; k++) {
        const hd_mention *won = fields[k] < 0 ? NULL : job->persons->won[fields[k]];
        unit = township(job, won ? won[d->person] : HD_NO_MENTION, fields[k]);
    }
    for (int k = 0; k < 2 && !unit.ptr; k++)
        unit = township(job, d->a, fields[k]);
    return unit;
}

static void add_mention_key(hd_buf *message, const hd_mentions *mentions, hd_mention i)
{
    const hd_source *source = &mentions->ruleset->sources[mentions->source[i]];
    hd_buf_add_char(message, '\x1f');
    hd_buf_add(message, source->code);
    hd_buf_add_char(message, '\x1f');
    hd_buf_add(message, hd_mention_record_id(mentions, i));
    hd_buf_add_char(message, '\x1f');
    hd_buf_add(message, source->roles[mentions->role[i]].code);
}

static hd_status finish_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const check_job *job = arg;
    hd_buf message = {0};
    size_t begin = (size_t)task * MENTIONS_A_TASK, left = job->out->n - begin;
    size_t end = begin + (left < MENTIONS_A_TASK ? left : MENTIONS_A_TASK);
    for (size_t i = begin; i < end; i++) {
        hd_discrepancy *d = &job->out->item[i];
        d->owner_unit = owner_unit(job, d);
        hd_buf_clear(&message);
        hd_buf_add(&message, job->ruleset->rules[d->rule].code);
        add_mention_key(&message, job->mentions, d->a);
        if (d->b != HD_NO_MENTION)
            add_mention_key(&message, job->mentions, d->b);
        hd_keyed_id(job->key, hd_buf_str(&message), d->id);
    }
    hd_buf_release(&message);
    return HD_OK;
}

/* ---- */

static void open_job(hd_ctx *ctx, check_job *job)
{
    const hd_ruleset *ruleset = job->ruleset;
    hd_computed_init(&job->computed, job->mentions);
    job->plans = HD_NEW_N(&job->arena, hd_check_plan, ruleset->n_rules);
    for (uint32_t r = 0; r < ruleset->n_rules; r++)
        hd_check_plan_make(&job->arena, &job->computed, &ruleset->rules[r], &job->plans[r]);
    job->evaluators = HD_NEW_N(&job->arena, evaluator, ctx->n_threads);
    for (uint32_t w = 0; w < ctx->n_threads; w++) {
        evaluator *ev = &job->evaluators[w];
        ev->row.row.mentions = job->mentions;
        ev->row.computed = &job->computed;
        ev->env = hd_ruleset_env(ruleset);
        ev->env.load = hd_check_load;
        ev->env.row = &ev->row;
    }
    job->residence_field = hd_field_find(ruleset, HD_STR("residence_division"));
    job->registered_field = hd_field_find(ruleset, HD_STR("registered_division"));
}

static void close_job(hd_ctx *ctx, check_job *job)
{
    for (uint32_t w = 0; w < ctx->n_threads; w++) {
        hd_env_release(&job->evaluators[w].env);
        hd_free(job->evaluators[w].sides);
    }
    hd_free(job->all.item);
    hd_computed_release(&job->computed);
    hd_arena_release(&job->arena);
}

hd_status hd_check_run(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_mentions *mentions,
                       const hd_clusters *clusters, const hd_persons *persons,
                       const uint8_t key[32], hd_date as_of, hd_discrepancies *out)
{
    (void)as_of; /* no rule can read the date of the run yet */
    *out = (hd_discrepancies){0};
    check_job job = {.ruleset = ruleset,
                     .mentions = mentions,
                     .clusters = clusters,
                     .persons = persons,
                     .key = key,
                     .out = out};
    open_job(ctx, &job);
    hd_status status = hd_computed_run(ctx, &job.computed);
    if (status == HD_OK)
        status = find_all(ctx, &job);
    if (status == HD_OK) {
        out->n = job.all.n;
        out->item = HD_NEW_N(&out->arena, hd_discrepancy, out->n);
        sort_findings(&job);
        uint32_t n_tasks = (uint32_t)((out->n + MENTIONS_A_TASK - 1) / MENTIONS_A_TASK);
        status = hd_parallel(ctx, n_tasks, finish_task, &job);
    }
    close_job(ctx, &job);
    return status;
}

void hd_discrepancies_release(hd_discrepancies *discrepancies)
{
    hd_arena_release(&discrepancies->arena);
    *discrepancies = (hd_discrepancies){0};
}
