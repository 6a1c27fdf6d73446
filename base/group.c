#include "base/group.h"

#include "base/mem.h"

enum { PIECES = 64, PART_BITS = 8 };
_Static_assert(HD_GROUP_PARTS == 1 << PART_BITS, "a part is named by bits of a hash");

typedef struct job {
    uint32_t n;
    hd_group_keys *keys;
    void *arg;
    uint64_t *key;                   /* [n] */
    size_t (*place)[HD_GROUP_PARTS]; /* [piece][part] how many, then where the next goes */
    hd_groups *out;
} job;

static uint32_t part_of(uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - PART_BITS));
}

static hd_status make_keys(hd_ctx *ctx, uint32_t piece, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    job *j = arg;
    uint64_t begin, end;
    hd_piece(j->n, PIECES, piece, &begin, &end);
    j->keys(j->arg, (uint32_t)begin, (uint32_t)end, j->key + begin);
    for (uint64_t i = begin; i < end; i++)
        if (j->key[i])
            j->place[piece][part_of(j->key[i])]++;
    return HD_OK;
}

size_t hd_group_places(size_t (*place)[HD_GROUP_PARTS], uint32_t n_pieces,
                       size_t start[HD_GROUP_PARTS + 1])
{
    size_t at = 0;
    for (uint32_t part = 0; part < HD_GROUP_PARTS; part++) {
        start[part] = at;
        for (uint32_t piece = 0; piece < n_pieces; piece++) {
            size_t n = place[piece][part];
            place[piece][part] = at;
            at += n;
        }
    }
    start[HD_GROUP_PARTS] = at;
    return at;
}

static hd_status divide(hd_ctx *ctx, uint32_t piece, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    job *j = arg;
    uint64_t begin, end;
    hd_piece(j->n, PIECES, piece, &begin, &end);
    for (uint64_t i = begin; i < end; i++)
        if (j->key[i])
            j->out->item[j->place[piece][part_of(j->key[i])]++] =
                (hd_keyed){j->key[i], (uint32_t)i};
    return HD_OK;
}

static hd_status sort_part(hd_ctx *ctx, uint32_t part, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    hd_groups *out = ((job *)arg)->out;
    hd_sort_keyed(out->item + out->start[part], out->start[part + 1] - out->start[part]);
    return HD_OK;
}

hd_status hd_group(hd_ctx *ctx, uint32_t n, hd_group_keys *keys, void *arg, hd_groups *out)
{
    job j = {.n = n, .keys = keys, .arg = arg, .out = out};
    j.key = hd_alloc(((size_t)n + 1) * sizeof *j.key);
    j.place = hd_alloc_zero(PIECES, sizeof *j.place);
    hd_status status = hd_parallel(ctx, PIECES, make_keys, &j);
    size_t n_items = hd_group_places(j.place, PIECES, out->start);
    out->item = hd_alloc((n_items + 1) * sizeof *out->item);
    if (status == HD_OK)
        status = hd_parallel(ctx, PIECES, divide, &j);
    if (status == HD_OK)
        status = hd_parallel(ctx, HD_GROUP_PARTS, sort_part, &j);
    hd_free(j.place);
    hd_free(j.key);
    return status;
}

void hd_groups_release(hd_groups *groups)
{
    hd_free(groups->item);
    *groups = (hd_groups){0};
}
