#include "base/mem.h"
#include "base/sort.h"

enum { SHORT_RUN = 32 }; /* below, moving one by one costs less than the radix sort's tables */

static void sort_short(const hd_str *texts, uint32_t *order, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        uint32_t moving = order[i], j = i;
        for (; j > 0 && hd_str_cmp(texts[order[j - 1]], texts[moving]) > 0; j--)
            order[j] = order[j - 1];
        order[j] = moving;
    }
}

/* Texts that are equal in their first `depth` bytes. As they hold no NUL, two of one prefix are
 * equal where its last byte is zero. */
static void sort_run(const hd_str *texts, uint32_t *order, uint32_t n, uint32_t depth)
{
    if (n < SHORT_RUN) {
        sort_short(texts, order, n);
        return;
    }
    hd_keyed *keyed = hd_alloc(n * sizeof *keyed);
    for (uint32_t i = 0; i < n; i++)
        keyed[i] = (hd_keyed){hd_sort_prefix(texts[order[i]], depth), order[i]};
    hd_sort_keyed(keyed, n);
    for (uint32_t i = 0; i < n; i++)
        order[i] = keyed[i].value;
    for (uint32_t i = 0, run; i < n; i += run) {
        run = (uint32_t)hd_keyed_run(keyed + i, n - i);
        if (run > 1 && (keyed[i].key & 0xFF) != 0)
            sort_run(texts, order + i, run, depth + 8);
    }
    hd_free(keyed);
}

void hd_sort_texts(const hd_str *texts, uint32_t n, uint32_t *order)
{
    bool sorted = true; /* as what is exported by its key is */
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        sorted = sorted && (i == 0 || hd_str_cmp(texts[i - 1], texts[i]) <= 0);
    }
    if (!sorted)
        sort_run(texts, order, n, 0);
}
