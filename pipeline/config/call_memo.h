#ifndef HD_CONFIG_CALL_MEMO_H
#define HD_CONFIG_CALL_MEMO_H

/* What functions that make a text of a text made lately, by the numbers of the texts in one pool: a
 * surname's sound, a place's township are asked for again and again, and making and interning them
 * costs some hundred nanoseconds. What is remembered costs 5 ns. 160 KiB; one a thread. */

#include "matchers/address.h"
#include "pipeline/config/functions.h"

typedef struct hd_call_memo hd_call_memo;

hd_call_memo *hd_call_memo_new(void); /* given back by hd_free */
/* Place of the result of a call with these arguments, one or two. `*known`: it stands there; else
 * the caller writes it there before the next call. */
hd_value *hd_call_memo_find(hd_call_memo *memo, uint16_t function, const hd_value *args,
                            unsigned n_args, bool *known);
/* The parts of an address, parsed again only where the text is another one than the last time. */
const hd_address *hd_call_memo_address(hd_call_memo *memo, const hd_divisions *divisions,
                                       const hd_pool *texts, hd_text text);

#endif
