#include "pipeline/gates.h"

static bool rejected(const hd_gates *gates, uint32_t source, bool stop, hd_gate_breach *out)
{
    const hd_gate *gate = &gates->ruleset->rejected_share;
    const hd_records *records = &gates->extract->records[source];
    *out = (hd_gate_breach){HD_GATE_REJECTED, source, records->n_rejected, records->n_rows_read,
                            stop ? gate->stop : gate->warn};
    return out->limit >= 0 && (double)out->n > out->limit * (double)out->of;
}

static uint64_t rows_before(const hd_gates *gates, uint32_t source)
{
    for (uint32_t i = 0; i < gates->n_last; i++)
        if (hd_str_eq(gates->last[i].source, gates->ruleset->sources[source].code))
            return gates->last[i].rows_read;
    return 0;
}

static bool fewer(const hd_gates *gates, uint32_t source, bool stop, hd_gate_breach *out)
{
    const hd_gate *gate = &gates->ruleset->fewer_rows;
    uint64_t before = rows_before(gates, source), now = gates->extract->records[source].n_rows_read;
    *out = (hd_gate_breach){HD_GATE_FEWER, source, now < before ? before - now : 0, before,
                            stop ? gate->stop : gate->warn};
    return out->limit >= 0 && before >= HD_GATE_FEWER_ROWS &&
           (double)out->n > out->limit * (double)before;
}

/* By source, then in the order of the gates. */
bool hd_gates_next(const hd_gates *gates, bool stop, hd_gate_breach *at)
{
    bool first = at->source == UINT32_MAX;
    uint32_t source = first ? 0 : at->source;
    bool skip_rejected = !first, skip_fewer = !first && at->kind == HD_GATE_FEWER;
    for (; source < gates->ruleset->n_sources; source++) {
        if (!skip_rejected && rejected(gates, source, stop, at))
            return true;
        if (!skip_fewer && fewer(gates, source, stop, at))
            return true;
        skip_rejected = skip_fewer = false;
    }
    return false;
}
