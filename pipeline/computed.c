#include "pipeline/computed.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"

enum { PIECE_VALUES = 32768, PIECE_MENTIONS = 65536 };

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

/* ---- parts of an expression ---- */

/* References to what was computed look like builtins, from this number on. */
enum { FIRST_COMPUTED = 1024 };

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
        return hd_pool_intern(texts, hd_str_from(hd_state_name(standard->state)));
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

typedef struct piece {
    hd_computed *computed;
    uint32_t pool; /* of the one field; UINT32_MAX: by mention */
    uint32_t begin, end;
} piece;

typedef struct job {
    const hd_mentions *mentions;
    const hd_computed_set *set;
    piece *pieces;
    uint32_t n;
    size_t cap;
    hd_env *envs; /* [worker] */
} job;

static hd_status compute_piece(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    job *j = arg;
    piece *p = &j->pieces[task];
    hd_env *env = &j->envs[worker];
    const hd_expr *expr = p->computed->by_mention ? p->computed->by_mention : p->computed->expr;
    value_row by_value = {j->mentions, p->pool, 0};
    mention_row by_mention = {{j->mentions, {0, 0}}, j->set};
    bool one_field = p->pool != UINT32_MAX;
    env->load = one_field ? load_value : load_mention;
    env->row = one_field ? (const void *)&by_value : (const void *)&by_mention;
    const hd_pool *written = one_field ? j->mentions->extract->values.written[p->pool] : NULL;
    for (uint32_t i = p->begin; i < p->end; i++) {
        if (written && !hd_pool_has(written, i))
            continue;
        by_value.value = i;
        by_mention.row.side[0] = by_mention.row.side[1] = i;
        uint32_t packed = hd_computed_pack(expr->type, hd_expr_eval(expr, env));
        if (p->computed->value)
            p->computed->value[i] = packed;
        else
            p->computed->constant = packed;
    }
    return HD_OK;
}

static void add_pieces(job *j, hd_computed *computed, uint32_t pool, uint32_t total, uint32_t size)
{
    for (uint32_t begin = 0; begin < total; begin += size) {
        HD_GROW(j->pieces, j->cap, j->n + 1);
        uint32_t end = total - begin < size ? total : begin + size;
        j->pieces[j->n++] = (piece){computed, pool, begin, end};
    }
}

static void make_room(hd_computed *computed, uint32_t n)
{
    computed->n_values = n;
    computed->value = hd_alloc_mapped(n, sizeof *computed->value);
}

static void plan_one_field(job *j, hd_computed_set *set, hd_computed *computed, uint32_t field)
{
    const hd_values *values = &j->mentions->extract->values;
    uint32_t pool = values->pool_of[field];
    computed->column = j->mentions->column[field];
    if (!computed->column) {
        add_pieces(j, computed, pool, 1, 1); /* the missing value alone */
        return;
    }
    computed->over_pool = exchange_field(&set->arena, computed->expr, values->field_of[pool]);
    if (share(set, computed))
        return;
    uint32_t limit = hd_pool_limit(values->written[pool]);
    make_room(computed, limit);
    add_pieces(j, computed, pool, limit, PIECE_VALUES);
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

/* Cut the work of all that is not done, and reads one field or several, into pieces. */
static void plan_all(job *j, hd_computed_set *set, bool one_field)
{
    j->n = 0;
    for (uint32_t i = 0; i < set->n; i++) {
        hd_computed *computed = &set->item[i];
        if (computed->done || one_field != !computed->by_mention)
            continue;
        computed->done = true;
        if (one_field) {
            plan_one_field(j, set, computed, (uint32_t)only_field(computed->expr, -2));
        } else {
            make_room(computed, j->mentions->n + 1u);
            add_pieces(j, computed, UINT32_MAX, j->mentions->n, PIECE_MENTIONS);
        }
    }
}

hd_status hd_computed_run(hd_ctx *ctx, hd_computed_set *set)
{
    job j = {.mentions = set->mentions, .set = set};
    part_several_fields(set);
    j.envs = hd_alloc_zero(ctx->n_threads, sizeof *j.envs);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        j.envs[i] = hd_ruleset_env(set->mentions->ruleset);
    plan_all(&j, set, true);
    hd_status status = hd_parallel(ctx, j.n, compute_piece, &j);
    plan_all(&j, set, false);
    if (status == HD_OK)
        status = hd_parallel(ctx, j.n, compute_piece, &j);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        hd_env_release(&j.envs[i]);
    hd_free(j.envs);
    hd_free(j.pieces);
    return status;
}
