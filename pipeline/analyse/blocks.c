#include "pipeline/analyse/blocks.h"

#include "base/mask.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/pairs.h"

enum { TASK_PAIRS = 1000000 };

/* ---- counting ---- */

typedef struct pass_tally {
    uint64_t pairs, fresh;
} pass_tally;

typedef struct count_task {
    uint32_t pass, begin, end; /* blocks */
} count_task;

typedef struct count_job {
    const hd_plan *plan;
    const hd_blocks *blocks;
    count_task *task;
    uint32_t n_tasks;
    size_t cap;
    pass_tally *tally; /* [worker * n_passes + pass] */
} count_job;

static uint64_t pairs_of(uint64_t n)
{
    return n * (n - 1) / 2;
}

static uint32_t members_of(const hd_pass_blocks *pass, uint32_t block)
{
    return pass->start[block + 1] - pass->start[block];
}

static void plan_tasks(count_job *job, uint32_t p)
{
    const hd_pass_blocks *pass = &job->blocks->pass[p];
    uint64_t n_pairs = 0;
    for (uint32_t b = 0, begin = 0; b < pass->n_blocks; b++) {
        n_pairs += pairs_of(members_of(pass, b));
        if (n_pairs < TASK_PAIRS && b + 1 < pass->n_blocks)
            continue;
        HD_GROW(job->task, job->cap, job->n_tasks + 1u);
        job->task[job->n_tasks++] = (count_task){p, begin, b + 1};
        begin = b + 1;
        n_pairs = 0;
    }
}

static void count_block(const count_job *job, uint32_t p, uint32_t block, pass_tally *tally)
{
    const hd_pass_blocks *pass = &job->blocks->pass[p];
    const hd_mention *member = pass->member + pass->start[block];
    size_t n_passes = job->blocks->n_passes;
    uint32_t n = members_of(pass, block);
    for (uint32_t i = 0; i + 1 < n; i++) {
        const uint32_t *blocks_i = job->blocks->block_of + member[i] * n_passes;
        for (uint32_t j = i + 1; j < n; j++) {
            if (!hd_pair_possible(job->plan, member[i], member[j]))
                continue;
            tally->pairs++;
            tally->fresh +=
                !hd_pair_made_before(blocks_i, job->blocks->block_of + member[j] * n_passes, p);
        }
    }
}

static hd_status count_blocks(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const count_job *job = arg;
    const count_task *t = &job->task[task];
    pass_tally sum = {0}, *tally = &job->tally[(size_t)worker * job->blocks->n_passes + t->pass];
    for (uint32_t b = t->begin; b < t->end; b++)
        count_block(job, t->pass, b, &sum);
    tally->pairs += sum.pairs;
    tally->fresh += sum.fresh;
    return HD_OK;
}

static hd_status count_pairs(hd_ctx *ctx, count_job *job, hd_blocks_counted *out)
{
    uint32_t n_passes = job->blocks->n_passes;
    for (uint32_t p = 0; p < n_passes; p++)
        plan_tasks(job, p);
    job->tally = hd_alloc_zero((size_t)ctx->n_threads * n_passes + 1, sizeof *job->tally);
    hd_status status = hd_parallel(ctx, job->n_tasks, count_blocks, job);
    uint64_t total = 0;
    for (uint32_t p = 0; p < n_passes; p++) {
        for (unsigned t = 0; t < ctx->n_threads; t++) {
            out->pass[p].pairs += job->tally[(size_t)t * n_passes + p].pairs;
            out->pass[p].fresh += job->tally[(size_t)t * n_passes + p].fresh;
        }
        out->pass[p].total = total += out->pass[p].fresh;
    }
    hd_free(job->tally);
    hd_free(job->task);
    return status;
}

/* ---- the largest ---- */

/* Keeps the largest, and of equal ones those with the smaller first mention, which come first. */
static void offer(hd_block_shown *shown, uint32_t *n, uint32_t n_mentions, hd_mention first)
{
    uint32_t at = *n;
    while (at && shown[at - 1].n_mentions < n_mentions)
        at--;
    while (at && shown[at - 1].n_mentions == n_mentions && shown[at - 1].first > first)
        at--;
    if (at == HD_BLOCKS_SHOWN)
        return;
    *n += *n < HD_BLOCKS_SHOWN;
    for (uint32_t i = *n - 1; i > at; i--)
        shown[i] = shown[i - 1];
    shown[at] = (hd_block_shown){n_mentions, pairs_of(n_mentions), first, HD_STR_NULL};
}

static void find_largest(const hd_pass_blocks *pass, hd_pass_counted *out)
{
    for (uint32_t b = 0; b < pass->n_blocks; b++)
        offer(out->shown, &out->n_shown, members_of(pass, b), pass->member[pass->start[b]]);
    for (uint32_t i = 0; i < pass->n_over; i++)
        offer(out->over, &out->n_over, pass->over[i].n_mentions, pass->over[i].first);
}

/* ---- keys, masked ---- */

/* The style of the most personal field that the expression reads. */
static hd_mask_style style_of(const hd_ruleset *ruleset, const hd_expr *expr)
{
    static const int rank[] = {[HD_MASK_NONE] = 0,
                               [HD_MASK_DATE] = 1,
                               [HD_MASK_TEXT] = 2,
                               [HD_MASK_NUMBER] = 3,
                               [HD_MASK_NAME] = 4};
    hd_mask_style worst = HD_MASK_NONE;
    if (expr->op == HD_OP_REF && expr->ref.what != HD_REF_BUILTIN &&
        expr->ref.what != HD_REF_RELATED)
        worst = hd_kind_mask(ruleset->fields[expr->ref.index].kind);
    for (uint32_t i = 0; i < expr->n_args; i++) {
        hd_mask_style other = style_of(ruleset, expr->args[i]);
        worst = rank[other] > rank[worst] ? other : worst;
    }
    return worst;
}

static void add_part(hd_buf *out, const hd_ruleset *ruleset, const hd_expr *expr, hd_env *env)
{
    hd_buf value = {0};
    hd_value_print(&value, (hd_type)expr->type, hd_expr_eval(expr, env), env->texts);
    /* a number is a year, an age, a length: what of it is personal, the mask of a date leaves */
    hd_mask_style style = expr->type == HD_TYPE_DATE     ? HD_MASK_DATE
                          : expr->type == HD_TYPE_NUMBER ? HD_MASK_NONE
                                                         : style_of(ruleset, expr);
    hd_mask(out, style, hd_buf_str(&value));
    hd_buf_release(&value);
}

static void name_keys(const hd_mentions *mentions, const hd_pass *pass, hd_block_shown *shown,
                      uint32_t n, hd_arena *arena)
{
    hd_env env = hd_ruleset_env(mentions->ruleset);
    hd_buf key = {0};
    env.load = hd_mention_load;
    for (uint32_t i = 0; i < n; i++) {
        hd_mention_row row = {mentions, {shown[i].first, shown[i].first}};
        env.row = &row;
        hd_buf_clear(&key);
        for (uint32_t k = 0; k < pass->n_keys; k++) {
            hd_buf_add(&key, k ? HD_STR(" · ") : HD_STR(""));
            add_part(&key, mentions->ruleset, pass->keys[k], &env);
        }
        shown[i].key = hd_arena_str(arena, hd_buf_str(&key));
    }
    hd_buf_release(&key);
    hd_env_release(&env);
}

/* ---- */

hd_status hd_blocks_count(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                          hd_blocks_counted *out)
{
    const hd_mentions *mentions = plan->mentions;
    *out = (hd_blocks_counted){0};
    out->pass = HD_NEW_N(&out->arena, hd_pass_counted, blocks->n_passes + 1u);
    for (uint32_t p = 0; p < blocks->n_passes; p++) {
        const hd_pass *rule = &mentions->ruleset->passes[p];
        hd_pass_counted *pass = &out->pass[p];
        find_largest(&blocks->pass[p], pass);
        name_keys(mentions, rule, pass->shown, pass->n_shown, &out->arena);
        name_keys(mentions, rule, pass->over, pass->n_over, &out->arena);
    }
    count_job job = {.plan = plan, .blocks = blocks};
    return count_pairs(ctx, &job, out);
}

void hd_blocks_find(const hd_blocks *blocks, const hd_known_matches *known, hd_blocks_counted *out)
{
    double all = 0;
    for (size_t i = 0; i < known->n; i++) {
        const hd_known_match *match = &known->pair[i];
        const uint32_t *a = blocks->block_of + (size_t)match->a * blocks->n_passes;
        const uint32_t *b = blocks->block_of + (size_t)match->b * blocks->n_passes;
        bool found = false;
        all += match->weight;
        for (uint32_t p = 0; p < blocks->n_passes; p++) {
            bool here = a[p] && a[p] == b[p];
            found |= here;
            out->pass[p].found += here ? match->weight : 0;
            out->pass[p].found_total += found ? match->weight : 0;
        }
    }
    for (uint32_t p = 0; p < blocks->n_passes && all > 0; p++) {
        out->pass[p].found /= all;
        out->pass[p].found_total /= all;
    }
    out->n_known = known->n;
}

void hd_blocks_counted_release(hd_blocks_counted *counted)
{
    hd_arena_release(&counted->arena);
    *counted = (hd_blocks_counted){0};
}
