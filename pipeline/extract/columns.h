#ifndef HD_EXTRACT_COLUMNS_H
#define HD_EXTRACT_COLUMNS_H

/* What the configuration asks of a source's rows: columns by name, slots by number. */

#include "hedui/status.h"
#include "pipeline/mention.h"

uint32_t hd_extract_n_slots(const hd_source *source);
/* What fills a slot: the record's inputs, then each role's. */
const hd_input *hd_extract_slot_input(const hd_source *source, uint32_t slot);
uint16_t hd_extract_slot_field(const hd_source *source, uint32_t slot);

/* The columns that a file, a table or a query has. */
typedef struct hd_extract_header {
    const hd_str *names;
    uint32_t n;
    hd_str shown;   /* how messages name what has them: birth.csv, police.person */
    char delimiter; /* of a CSV file; 0: none */
} hd_extract_header;

/* [column of the source] its number in the header. HD_CONFIG where there is none of that name,
 * HD_SOURCE where there are several. */
hd_status hd_extract_find_columns(hd_ctx *ctx, const hd_source *source,
                                  const hd_extract_header *header, uint32_t *out);

#endif
