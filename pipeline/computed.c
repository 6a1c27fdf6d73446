#include "pipeline/computed.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"

enum { PIECE_VALUES = 8192, PIECE_MENTIONS = 16384 };

void hd_computed_init(hd_computed_set *set, const hd_mentions *mentions)
{
    *set = (hd_computed_set){.mentions = mentions};
}

void hd_computed_release(hd_computed_set *set)
{
    for (uint32_t i = 0; i < set->n; i++)
        if (!set->item[i].shared)
            hd_free_mapped(set->item[i].value);
    hd_free(set->item);
    hd_arena_release(&set->arena);
    *set = (hd_computed_set){0};
}

uint32_t hd_computed_add(hd_computed_set *set, const hd_expr *expr)
{
    HD_ASSERT(expr->sides != 3);
    for (uint32_t i = 0; i < set->n; i++)
        if (hd_expr_same_shape(set->item[i].expr, expr))
            return i;
    HD_GROW(set->item, set->cap, set->n + 1);
    set->item[set->n] = (hd_computed){.expr = expr, .constant = HD_NONE};
    return set->n++;
}

uint32_t hd_computed_pack(hd_type type, hd_value value)
{
    if (value == HD_NULL)
        return HD_NONE;
    if (type != HD_TYPE_NUMBER)
        return (uint32_t)value;
    float f = (float)hd_number(value);
    uint32_t packed;
    memcpy(&packed, &f, sizeof packed);
    return packed;
}

hd_value hd_computed_unpack(hd_type type, uint32_t packed)
{
    if (packed == HD_NONE)
        return HD_NULL;
    if (type != HD_TYPE_NUMBER)
        return packed;
    float f;
    memcpy(&f, &packed, sizeof f);
    return hd_value_number((double)f);
}

uint64_t hd_computed_hash(hd_type type, uint32_t packed, const hd_pool *texts)
{
    if (packed == HD_NONE)
        return 0;
    if (type != HD_TYPE_TEXT)
        return hd_hash_mix(0, packed);
    hd_str text = hd_pool_get(texts, packed);
    return hd_hash_mix(0, hd_hash64(text.ptr, text.len_bytes, 0));
}

uint64_t hd_computed_key(const hd_computed_set *set, const uint32_t *number, uint32_t n,
                         hd_mention i)
{
    uint64_t key = n > 2;
    for (uint32_t k = 0; k < n; k++) {
        const hd_computed *c = &set->item[number[k]];
        uint32_t value = hd_computed_get(c, i);
        if (value == HD_NONE)
            return 0;
        if (n <= 2)
            key = key << 32 | (value + 1u);
        else
            key = hd_hash_mix(key, hd_computed_hash((hd_type)c->expr->type, value,
                                                    set->mentions->ruleset->texts));
    }
    return key;
}

/* ---- parts of an expression ---- */

/* References to what was computed look like builtins, from this number on. */
enum { FIRST_COMPUTED = 1024 };

const hd_computed *hd_computed_whole(const hd_computed_set *set, const hd_expr *taken)
{
    bool is_one = taken && taken->op == HD_OP_REF && taken->ref.what == HD_REF_BUILTIN &&
                  taken->ref.index >= FIRST_COMPUTED;
    return is_one ? &set->item[taken->ref.index - FIRST_COMPUTED] : NULL;
}

hd_value hd_computed_load(const hd_computed_set *set, const hd_mention_row *row, const hd_ref *ref)
{
    if (ref->what != HD_REF_BUILTIN || ref->index < FIRST_COMPUTED)
        return hd_mention_load(row, ref);
    const hd_computed *c = &set->item[ref->index - FIRST_COMPUTED];
    return hd_computed_unpack((hd_type)c->expr->type, hd_computed_get(c, row->side[ref->side]));
}

/* The one field that `expr` reads; -1: several, or more than a field; -2 so far none. */
static int only_field(const hd_expr *expr, int so_far)
{
    if (expr->op == HD_OP_REF) {
        bool plain = expr->ref.role < 0 && expr->ref.what != HD_REF_BUILTIN &&
                     expr->ref.what != HD_REF_RELATED;
        return plain && (so_far == -2 || so_far == expr->ref.index) ? expr->ref.index : -1;
    }
    for (uint32_t i = 0; i < expr->n_args && so_far != -1; i++)
        so_far = only_field(expr->args[i], so_far);
    return so_far;
}

/* Numbers are not: they would lose precision, and what compares them is a bool again. */
static bool can_compute(const hd_mentions *mentions, const hd_expr *expr)
{
    bool is_value = expr->op == HD_OP_REF && expr->ref.what == HD_REF_VALUE;
    if (is_value || (expr->sides != 1 && expr->sides != 2) || expr->type == HD_TYPE_NUMBER)
        return false;
    int field = only_field(expr, -2);
    return field >= 0 && mentions->column[field];
}

const hd_expr *hd_computed_take_out(hd_computed_set *set, hd_arena *arena, const hd_expr *expr)
{
    if (!expr || expr->op == HD_OP_LITERAL)
        return expr;
    hd_expr *copy = HD_NEW(arena, hd_expr);
    *copy = *expr;
    if (can_compute(set->mentions, expr)) {
        uint32_t number = FIRST_COMPUTED + hd_computed_add(set, expr);
        HD_ASSERT(number <= UINT16_MAX);
        copy->op = HD_OP_REF;
        copy->n_args = 0;
        copy->ref = (hd_ref){.what = HD_REF_BUILTIN,
                             .side = expr->sides == 2,
                             .role = -1,
                             .index = (uint16_t)number};
        return copy;
    }
    copy->args = HD_NEW_N(arena, const hd_expr *, expr->n_args);
    for (uint32_t i = 0; i < expr->n_args; i++)
        copy->args[i] = hd_computed_take_out(set, arena, expr->args[i]);
    return copy;
}

/* ---- computing ---- */

/* A row of one written value, for expressions that read one field. */
typedef struct value_row {
    const hd_mentions *mentions;
    uint32_t pool;
    hd_value_no value;
} value_row;

static hd_value load_value(const void *row, const hd_ref *ref)
{
    const value_row *r = row;
    const hd_values *values = &r->mentions->extract->values;
    const hd_standard *standard = &values->standard[r->pool][r->value];
    hd_pool *texts = r->mentions->ruleset->texts;
    switch (ref->what) {
    case HD_REF_VALUE:
        return hd_standard_value(standard);
    case HD_REF_LEFT:
        return standard->value;
    case HD_REF_STATE:
        return r->mentions->state_text[standard->state];
    case HD_REF_REASON:
        return (standard->reasons >> ref->reason) & 1;
    case HD_REF_ORIGINAL:
        return r->value ? hd_pool_intern(texts, hd_pool_get(values->written[r->pool], r->value))
                        : HD_NULL;
    default:
        HD_BUG("a builtin is no field");
    }
}

typedef struct mention_row {
    hd_mention_row row;
    const hd_computed_set *set;
} mention_row;

static hd_value load_mention(const void *row, const hd_ref *ref)
{
    const mention_row *r = row;
    return hd_computed_load(r->set, &r->row, ref);
}

/* The same expression with every field in it, which is one, exchanged for `field`. */
static const hd_expr *exchange_field(hd_arena *arena, const hd_expr *expr, uint16_t field)
{
    hd_expr *copy = HD_NEW(arena, hd_expr);
    *copy = *expr;
    if (expr->op == HD_OP_REF)
        copy->ref.index = field;
    copy->args = HD_NEW_N(arena, const hd_expr *, expr->n_args + 1u);
    for (uint32_t i = 0; i < expr->n_args; i++)
        copy->args[i] = exchange_field(arena, expr->args[i], field);
    return copy;
}

/* Whether an expression that was met before is the same but for the field, over the same values:
 * then its values are taken. */
static bool share(hd_computed_set *set, hd_computed *computed)
{
    for (hd_computed *other = set->item; other < set->item + set->n; other++) {
        if (other == computed || !other->over_pool || other->shared ||
            !hd_expr_same_shape(other->over_pool, computed->over_pool))
            continue;
        computed->value = other->value;
        computed->n_values = other->n_values;
        computed->shared = true;
        return true;
    }
    return false;
}

/* A range of one pool's values, or of mentions, and all that is computed of them: so each value is
 * fetched once, and functions remember what they made of it (config/call_memo.h). */
typedef struct group {
    uint32_t pool; /* NO_POOL: by mention */
    hd_computed **item;
    uint32_t n;
    size_t cap;
} group;
enum { NO_POOL = HD_FIELDS_MAX };

/* Where a mention's column leads to: those of one mention lie anywhere. */
typedef struct lookup {
    const hd_value_no *column;
    const char *values;
    uint32_t value_bytes;
} lookup;
enum { LOOKUPS_MAX = 64, AHEAD = 8 /* mentions or values */ };

typedef struct piece {
    const group *group;
    uint32_t begin, end;
} piece;

typedef struct job {
    const hd_mentions *mentions;
    const hd_computed_set *set;
    group groups[HD_FIELDS_MAX + 1]; /* by pool */
    lookup lookups[LOOKUPS_MAX];     /* of the group by mention */
    uint32_t n_lookups;
    piece *pieces;
    uint32_t n;
    size_t cap;
    hd_env *envs; /* [worker] */
} job;

static void compute(const group *g, uint32_t i, hd_env *env)
{
    for (uint32_t k = 0; k < g->n; k++) {
        hd_computed *computed = g->item[k];
        const hd_expr *expr = computed->by_mention ? computed->by_mention : computed->expr;
        computed->value[i] = hd_computed_pack(expr->type, hd_expr_eval(expr, env));
    }
}

static void fetch_text(const hd_pool *texts, hd_value value)
{
    if (value != HD_NULL)
        hd_pool_fetch(texts, (hd_text)value);
}

static void compute_values(const job *j, const piece *p, hd_env *env)
{
    const hd_values *values = &j->mentions->extract->values;
    const hd_standard *standard = values->standard[p->group->pool];
    const hd_field *field = &j->mentions->ruleset->fields[values->field_of[p->group->pool]];
    value_row row = {j->mentions, p->group->pool, 0};
    env->load = load_value;
    env->row = &row;
    for (uint32_t i = p->begin; i < p->end; i++) {
        if (i + AHEAD < p->end && field->kind != HD_KIND_date)
            fetch_text(env->texts, standard[i + AHEAD].value);
        if (!hd_pool_has(values->written[p->group->pool], i))
            continue;
        row.value = i;
        compute(p->group, i, env);
    }
    env->row = NULL;
}

static void fetch(const job *j, hd_mention i)
{
    for (uint32_t k = 0; k < j->n_lookups; k++) {
        const lookup *l = &j->lookups[k];
        __builtin_prefetch(l->values + (size_t)l->column[i] * l->value_bytes);
    }
}

static void compute_mentions(const job *j, const piece *p, hd_env *env)
{
    mention_row row = {{j->mentions, {0, 0}}, j->set};
    env->load = load_mention;
    env->row = &row;
    for (hd_mention i = p->begin; i < p->end; i++) {
        if (i + AHEAD < p->end)
            fetch(j, i + AHEAD);
        row.row.side[0] = row.row.side[1] = i;
        compute(p->group, i, env);
    }
    env->row = NULL;
}

static hd_status compute_piece(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const job *j = arg;
    const piece *p = &j->pieces[task];
    if (p->group->pool == NO_POOL)
        compute_mentions(j, p, &j->envs[worker]);
    else
        compute_values(j, p, &j->envs[worker]);
    return HD_OK;
}

static void add_pieces(job *j, const group *g, uint32_t total, uint32_t size)
{
    for (uint32_t begin = 0; begin < total; begin += size) {
        HD_GROW(j->pieces, j->cap, j->n + 1);
        uint32_t end = total - begin < size ? total : begin + size;
        j->pieces[j->n++] = (piece){g, begin, end};
    }
}

static void add_to_group(job *j, uint32_t pool, hd_computed *computed, uint32_t n_values)
{
    group *g = &j->groups[pool];
    g->pool = pool;
    computed->n_values = n_values;
    computed->value = hd_alloc_mapped(n_values, sizeof *computed->value);
    HD_GROW(g->item, g->cap, g->n + 1);
    g->item[g->n++] = computed;
}

/* No source has the field: the missing value alone. */
static void compute_constant(job *j, hd_computed *computed, uint32_t pool)
{
    hd_env *env = &j->envs[0];
    value_row row = {j->mentions, pool, 0};
    env->load = load_value;
    env->row = &row;
    computed->constant =
        hd_computed_pack((hd_type)computed->expr->type, hd_expr_eval(computed->expr, env));
    env->row = NULL;
}

static void plan_one_field(job *j, hd_computed_set *set, hd_computed *computed, uint32_t field)
{
    const hd_values *values = &j->mentions->extract->values;
    uint32_t pool = values->pool_of[field];
    computed->column = j->mentions->column[field];
    if (!computed->column) {
        compute_constant(j, computed, pool);
        return;
    }
    computed->over_pool = exchange_field(&set->arena, computed->expr, values->field_of[pool]);
    if (!share(set, computed))
        add_to_group(j, pool, computed, hd_pool_limit(values->written[pool]));
}

/* What reads several fields is evaluated for each mention, but the parts of it that read one are
 * computed before, as all that does. Makes the set longer. */
static void part_several_fields(hd_computed_set *set)
{
    for (uint32_t i = 0; i < set->n; i++) {
        const hd_expr *expr = set->item[i].expr;
        if (set->item[i].done || only_field(expr, -2) >= 0)
            continue;
        const hd_expr *by_mention = hd_computed_take_out(set, &set->arena, expr);
        set->item[i].by_mention = by_mention; /* only now: the items may have moved */
    }
}

/* Cut the work of all that is not done into pieces: what reads one field first. */
static void plan(job *j, hd_computed_set *set)
{
    for (uint32_t i = 0; i < set->n; i++) {
        hd_computed *computed = &set->item[i];
        if (computed->done)
            continue;
        computed->done = true;
        if (computed->by_mention)
            add_to_group(j, NO_POOL, computed, j->mentions->n + 1u);
        else
            plan_one_field(j, set, computed, (uint32_t)only_field(computed->expr, -2));
    }
    for (uint32_t pool = 0; pool < NO_POOL; pool++)
        if (j->groups[pool].n)
            add_pieces(j, &j->groups[pool], j->groups[pool].item[0]->n_values, PIECE_VALUES);
}

static void add_lookup(job *j, const hd_value_no *column, const void *values, uint32_t value_bytes)
{
    for (uint32_t k = 0; k < j->n_lookups; k++)
        if (j->lookups[k].column == column && j->lookups[k].values == values)
            return;
    if (column && values && j->n_lookups < LOOKUPS_MAX)
        j->lookups[j->n_lookups++] = (lookup){column, values, value_bytes};
}

/* What the expression reads of a mention itself. */
static void add_lookups(job *j, const hd_expr *expr)
{
    const hd_values *values = &j->mentions->extract->values;
    for (uint32_t i = 0; i < expr->n_args; i++)
        add_lookups(j, expr->args[i]);
    if (expr->op != HD_OP_REF || expr->ref.role >= 0)
        return;
    if (expr->ref.what <= HD_REF_REASON) {
        uint32_t field = expr->ref.index;
        add_lookup(j, j->mentions->column[field], values->standard[values->pool_of[field]],
                   sizeof(hd_standard));
    } else if (expr->ref.what == HD_REF_BUILTIN && expr->ref.index >= FIRST_COMPUTED) {
        const hd_computed *c = &j->set->item[expr->ref.index - FIRST_COMPUTED];
        add_lookup(j, c->column, c->value, sizeof *c->value);
    }
}

static hd_status run(hd_ctx *ctx, job *j)
{
    HD_TRY(hd_parallel(ctx, j->n, compute_piece, j));
    j->n = 0;
    if (j->groups[NO_POOL].n)
        add_pieces(j, &j->groups[NO_POOL], j->mentions->n, PIECE_MENTIONS);
    for (uint32_t i = 0; i < j->groups[NO_POOL].n; i++)
        add_lookups(j, j->groups[NO_POOL].item[i]->by_mention);
    return hd_parallel(ctx, j->n, compute_piece, j);
}

hd_status hd_computed_run(hd_ctx *ctx, hd_computed_set *set)
{
    job j = {.mentions = set->mentions, .set = set};
    part_several_fields(set);
    j.envs = hd_alloc_zero(ctx->n_threads, sizeof *j.envs);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        j.envs[i] = hd_ruleset_env(set->mentions->ruleset);
    plan(&j, set);
    hd_status status = run(ctx, &j);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        hd_env_release(&j.envs[i]);
    for (uint32_t pool = 0; pool <= NO_POOL; pool++)
        hd_free(j.groups[pool].item);
    hd_free(j.envs);
    hd_free(j.pieces);
    return status;
}
