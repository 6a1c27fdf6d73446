#include <criterion/criterion.h>

#include "base/hash.h"
#include "base/parallel.h"
#include "matchers/union_find.h"

enum { N = 500 };

Test(union_find, alone_at_first)
{
    uint32_t parent[4];
    hd_union_find_init(parent, 4);
    for (uint32_t x = 0; x < 4; x++)
        cr_assert_eq(hd_union_find_root(parent, x), x);
    hd_union_find_init(NULL, 0);
}

Test(union_find, root_is_the_smallest)
{
    uint32_t parent[8];
    hd_union_find_init(parent, 8);
    cr_assert_eq(hd_union_find_join(parent, 7, 5), 5);
    cr_assert_eq(hd_union_find_join(parent, 6, 4), 4);
    cr_assert_eq(hd_union_find_join(parent, 6, 7), 4);
    cr_assert_eq(hd_union_find_join(parent, 7, 6), 4);
    cr_assert_eq(hd_union_find_join(parent, 3, 3), 3);
    for (uint32_t x = 4; x < 8; x++)
        cr_assert_eq(hd_union_find_root(parent, x), 4);
    for (uint32_t x = 0; x < 4; x++)
        cr_assert_eq(hd_union_find_root(parent, x), x);
}

/* A long chain is walked once: halving shortens it. */
Test(union_find, path_is_halved)
{
    uint32_t parent[N];
    for (uint32_t x = 0; x < N; x++)
        parent[x] = x ? x - 1 : 0;
    cr_assert_eq(hd_union_find_root(parent, N - 1), 0);
    cr_assert_eq(parent[N - 1], N - 3);
    cr_assert_eq(hd_union_find_root(parent, N - 1), 0);
    cr_assert_eq(parent[N - 1], N - 5);
}

static void join_all(uint32_t *parent, uint32_t n_edges, uint64_t seed, bool backwards)
{
    hd_union_find_init(parent, N);
    for (uint32_t i = 0; i < n_edges; i++) {
        uint64_t edge = hd_hash_mix(backwards ? n_edges - 1 - i : i, seed);
        uint32_t a = (uint32_t)(edge % N), b = (uint32_t)(edge >> 32) % N;
        if (backwards)
            hd_union_find_join(parent, b, a);
        else
            hd_union_find_join(parent, a, b);
    }
}

typedef struct shared_job {
    uint32_t *parent;
    uint32_t n_edges;
    uint64_t seed;
} shared_job;

static hd_status join_some(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const shared_job *job = arg;
    uint64_t begin, end;
    hd_piece(job->n_edges, 16, task, &begin, &end);
    for (uint64_t i = begin; i < end; i++) {
        uint64_t edge = hd_hash_mix(i, job->seed);
        hd_union_find_join_shared(job->parent, (uint32_t)(edge % N), (uint32_t)(edge >> 32) % N);
    }
    return HD_OK;
}

Test(union_find, threads_join_the_same_sets)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 4);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint32_t alone[N], together[N];
        shared_job job = {together, (uint32_t)seed * 20, seed};
        join_all(alone, job.n_edges, seed, false);
        hd_union_find_init(together, N);
        cr_assert_eq(hd_parallel(&ctx, 16, join_some, &job), HD_OK);
        for (uint32_t x = 0; x < N; x++)
            cr_assert_eq(hd_union_find_root_shared(together, x), hd_union_find_root(alone, x));
    }
}

Test(union_find, order_of_joins_does_not_matter)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint32_t forwards[N], backwards[N], smallest[N];
        uint32_t n_edges = (uint32_t)seed * 20;
        join_all(forwards, n_edges, seed, false);
        join_all(backwards, n_edges, seed, true);
        for (uint32_t x = 0; x < N; x++)
            smallest[x] = UINT32_MAX;
        for (uint32_t x = N; x-- > 0;)
            smallest[hd_union_find_root(forwards, x)] = x;
        for (uint32_t x = 0; x < N; x++) {
            uint32_t root = hd_union_find_root(forwards, x);
            cr_assert_eq(hd_union_find_root(backwards, x), root);
            cr_assert_eq(smallest[root], root);
        }
    }
}
