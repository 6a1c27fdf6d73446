#ifndef HD_PUBLISH_AHEAD_H
#define HD_PUBLISH_AHEAD_H

/* Memory that rows some steps ahead will read is asked for now. Values lie as they were first read,
 * which is no order of any table: without this a row waits for memory twice a value.
 *
 * Always inlined, with whoever calls it: to gcc a function that does nothing else has no effect,
 * and calls of it go. Measured: a fifth of the processor time of publish (200,000 persons). */

#include "pipeline/publish/tables.h"

#define HD_AHEAD static inline __attribute__((always_inline)) void

enum { HD_AHEAD_STEP = 4 }; /* rows between what is asked for and what that leads to */

/* What a mention's value looks like; its number is read. */
HD_AHEAD hd_ahead_shown(const hd_tables *tables, hd_mention i, uint32_t field)
{
    const hd_mentions *m = tables->outcome->mentions;
    if (m->column[field])
        __builtin_prefetch(&tables->shown[m->extract->values.pool_of[field]][m->column[field][i]]);
}

/* Its texts that stand apart, a step later. */
HD_AHEAD hd_ahead_texts(const hd_tables *tables, hd_mention i, uint32_t field)
{
    const hd_shown *shown = hd_tables_shown(tables, i, field);
    if (!shown)
        return;
    if (shown->size > HD_SHOWN_BYTES + 1)
        __builtin_prefetch(hd_shown_standard(shown).ptr);
    if (shown->written)
        __builtin_prefetch(shown->written);
}

#endif
