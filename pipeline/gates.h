#ifndef HD_PIPELINE_GATES_H
#define HD_PIPELINE_GATES_H

/* Gates: what must hold of the rows that were read before anything follows from them. Each has a
 * share above which a run warns and one above which it stops (`gates:` of hedui.yaml). */

#include "pipeline/mention.h"
#include "pipeline/store/store.h"

typedef enum hd_gate_kind {
    HD_GATE_REJECTED, /* share of a source's rows that were rejected */
    HD_GATE_FEWER     /* share of the rows that the last published run read of it, and this one did
                         not: half a file, a table that was being refilled. Sources of which the last
                         run read fewer than HD_GATE_FEWER_ROWS are let pass */
} hd_gate_kind;

enum { HD_GATE_FEWER_ROWS = 100 };

typedef struct hd_gate_breach {
    hd_gate_kind kind;
    uint32_t source;
    uint64_t n, of; /* rows: n of so many */
    double limit;
} hd_gate_breach;

typedef struct hd_gates {
    const hd_ruleset *ruleset;
    const hd_extract *extract;
    const hd_stored_source *last; /* what the last published run read */
    uint32_t n_last;              /* 0: none was */
} hd_gates;

/* The next breach after `at` (its source and kind; source UINT32_MAX: the first one) of what stops
 * a run, or of what it warns of; false: there is none. */
bool hd_gates_next(const hd_gates *gates, bool stop, hd_gate_breach *at);

#endif
