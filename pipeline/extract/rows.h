#ifndef HD_EXTRACT_ROWS_H
#define HD_EXTRACT_ROWS_H

/* What a row becomes, wherever it was read: filtered, rejected, or a record id and slots. */

#include "pipeline/extract/columns.h"
#include "pipeline/extract/part.h"

/* Where a slot's value comes from. */
typedef struct hd_slot_plan {
    int32_t value; /* number in the row; -1: `expr`, or where that is NULL `constant` */
    const hd_expr *expr;
    hd_value_no constant;
    hd_pool *pool;
} hd_slot_plan;

/* What one thread needs to read parts: scratch and caches that serve one part after another. */
typedef struct hd_extract_reader {
    const hd_ruleset *ruleset;
    const uint8_t *key;
    hd_values *values;
    hd_arena *arena; /* record ids and texts of rejects */
    char *block_next, *block_end;
    struct hd_text_cache *caches; /* [slot], then [column] */
    uint32_t n_caches;
    hd_pool_ask *asks; /* of one row, what the caches do not know, and the slot of each */
    uint32_t *ask_slot;
    hd_env env;
    hd_buf key_text;
    /* of the part that is read */
    hd_extract_part *part;
    const hd_source *source;
    uint32_t *value_of; /* [column of the source] number in the row */
    hd_slot_plan *slots;
    uint32_t n_slots;
    const hd_str *row; /* that an expression sees */
} hd_extract_reader;

/* Begin to read a part. `value_of`, [column of the source], is retained until the next. */
void hd_extract_rows_begin(hd_extract_reader *reader, hd_extract_part *part, uint32_t *value_of);

/* One row: `values` are UTF-8 without NUL, an empty one is none, and `number` rises. False: it must
 * be rejected, and why. HD_SOURCE: its number is over 32 bits. Texts are copied. */
typedef struct hd_extract_seen {
    const hd_str *values;
    uint32_t n_values;
    uint64_t number;
} hd_extract_seen;
bool hd_extract_rows_take(hd_extract_reader *reader, const hd_extract_seen *row,
                          hd_reject_reason *why);
/* `line`: on which it starts in a file; `raw` is copied. */
void hd_extract_rows_reject(hd_extract_reader *reader, hd_reject_reason why, uint64_t number,
                            uint64_t line, hd_str raw);
/* HD_SOURCE where `number` is more than a part may have. */
hd_status hd_extract_rows_count(hd_ctx *ctx, hd_extract_reader *reader, uint64_t number);

void hd_extract_reader_release(hd_extract_reader *reader);

#endif
