#ifndef HD_EXTRACT_FILE_H
#define HD_EXTRACT_FILE_H

/* One file of a source → rows: record ids and slots, in the order of the file, and rejects. */

#include "hedui/status.h"
#include "pipeline/mention.h"

typedef struct hd_extract_file {
    uint32_t source;
    const char *path; /* lives as long as the rejects */
    uint64_t size_bytes;
    uint32_t n; /* rows that were taken */
    hd_str *record_id;
    uint32_t *row; /* their numbers in the file */
    /* [row][slot]: a row's slots are neighbours, as the merge reads rows in any order */
    hd_value_no *slots;
    size_t record_id_cap, row_cap, slots_cap;
    hd_reject *rejects; /* by row */
    size_t n_rejects, rejects_cap;
    uint64_t n_rows, n_filtered, n_bytes;
    char digest[65];
} hd_extract_file;

/* What one thread needs to read files: scratch and caches that serve one file after another. */
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
} hd_extract_reader;

void hd_extract_reader_release(hd_extract_reader *reader);

uint32_t hd_extract_n_slots(const hd_source *source);
/* Field of each slot: the record's inputs, then each role's. */
uint16_t hd_extract_slot_field(const hd_source *source, uint32_t slot);

/* Only the header: HD_CONFIG where it lacks a column. */
hd_status hd_extract_file_check(hd_ctx *ctx, const hd_ruleset *ruleset,
                                const hd_extract_file *file);
hd_status hd_extract_file_read(hd_ctx *ctx, hd_extract_reader *reader, hd_extract_file *file);
/* Read again, for the bytes of some rows: `number`, rising, is what is asked for; `raw` (in
 * `arena`) and `line` are filled. HD_SOURCE where the file is no longer what it was. */
typedef struct hd_extract_row {
    uint32_t number;
    uint64_t line;
    hd_str raw;
} hd_extract_row;
hd_status hd_extract_file_rows(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_extract_file *file,
                               hd_arena *arena, hd_extract_row *rows, uint32_t n);
void hd_extract_file_add_reject(hd_extract_file *file, hd_reject reject);
void hd_extract_file_release(hd_extract_file *file);

#endif
