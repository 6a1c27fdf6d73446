#include "pipeline/gates.h"

#include <criterion/criterion.h>

/* Three sources, a, b, c, and what the last run read of them. */
static hd_source sources[] = {{.code = {"a", 1}}, {.code = {"b", 1}}, {.code = {"c", 1}}};
static hd_records records[3];
static hd_stored_source last[] = {{.source = {"a", 1}, .rows_read = 1000},
                                  {.source = {"c", 1}, .rows_read = 99},
                                  {.source = {"gone", 4}, .rows_read = 5000}};
static hd_ruleset ruleset;
static hd_extract extract;

static hd_gates with_rows(uint64_t a, uint64_t a_rejected, uint64_t b, uint64_t c)
{
    ruleset = (hd_ruleset){.sources = sources,
                           .n_sources = 3,
                           .rejected_share = {0.01, 0.1},
                           .fewer_rows = {0.1, 0.5}};
    records[0] = (hd_records){.n_rows_read = a, .n_rejected = a_rejected};
    records[1] = (hd_records){.n_rows_read = b};
    records[2] = (hd_records){.n_rows_read = c};
    extract = (hd_extract){.records = records, .n_records = 3};
    return (hd_gates){&ruleset, &extract, last, 3};
}

static unsigned count(const hd_gates *gates, bool stop)
{
    hd_gate_breach at = {.source = UINT32_MAX};
    unsigned n = 0;
    while (hd_gates_next(gates, stop, &at))
        n++;
    return n;
}

Test(gates, let_a_usual_night_pass)
{
    hd_gates gates = with_rows(1000, 10, 0, 0);
    cr_expect_eq(count(&gates, true), 0);
    cr_expect_eq(count(&gates, false), 0); /* c had few rows, b was not there */
    gates = with_rows(2000, 0, 5000, 10000);
    cr_expect_eq(count(&gates, false), 0);
}

Test(gates, say_which_source_and_how_many_rows)
{
    hd_gates gates = with_rows(400, 0, 10, 99);
    hd_gate_breach at = {.source = UINT32_MAX};
    cr_assert(hd_gates_next(&gates, true, &at));
    cr_expect_eq(at.kind, HD_GATE_FEWER);
    cr_expect_eq(at.source, 0);
    cr_expect_eq(at.n, 600);
    cr_expect_eq(at.of, 1000);
    cr_expect_eq(at.limit, 0.5);
    cr_expect_not(hd_gates_next(&gates, true, &at));
}

Test(gates, are_asked_one_after_the_other)
{
    hd_gates gates = with_rows(400, 100, 10, 99);
    hd_gate_breach at = {.source = UINT32_MAX};
    cr_assert(hd_gates_next(&gates, true, &at));
    cr_expect_eq(at.kind, HD_GATE_REJECTED);
    cr_expect_eq(at.n, 100);
    cr_expect_eq(at.of, 400);
    cr_assert(hd_gates_next(&gates, true, &at));
    cr_expect_eq(at.kind, HD_GATE_FEWER);
    cr_expect_not(hd_gates_next(&gates, true, &at));
}

Test(gates, warn_earlier_than_they_stop)
{
    hd_gates gates = with_rows(850, 0, 0, 0);
    cr_expect_eq(count(&gates, true), 0);
    cr_expect_eq(count(&gates, false), 1);
    gates = with_rows(900, 0, 0, 0); /* just at the limit */
    cr_expect_eq(count(&gates, false), 0);
}

Test(gates, that_are_not_configured_do_not_speak)
{
    hd_gates gates = with_rows(0, 0, 0, 0);
    ruleset.fewer_rows = (hd_gate){-1, -1};
    cr_expect_eq(count(&gates, true), 0);
    gates = with_rows(0, 0, 0, 0);
    gates.n_last = 0; /* no run before */
    cr_expect_eq(count(&gates, true), 0);
}
