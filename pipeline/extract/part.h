#ifndef HD_EXTRACT_PART_H
#define HD_EXTRACT_PART_H

/* A part of a source, which one thread reads: a CSV file, or what one COPY of a table or a query
 * gives. What was taken from it: record ids and slots, in the order of its rows, and rejects. */

#include "base/hash.h"
#include "pipeline/mention.h"

/* FAILED: some of its rows may be taken, or gone. */
typedef enum hd_part_progress { HD_PART_TO_READ, HD_PART_READ, HD_PART_FAILED } hd_part_progress;

typedef struct hd_extract_part {
    uint32_t source;
    hd_str name;      /* of rejects: the file's base name, or where the table's rows are from */
    const char *path; /* of a CSV file; NULL: of a database */
    /* of a table that is divided: rows in blocks [first_block, end_block), the last one's up to the
     * end; end_block 0: not divided */
    uint32_t first_block, end_block;
    bool last;
    uint64_t size_bytes; /* about; UINT64_MAX: unknown */
    hd_part_progress progress;

    uint32_t n; /* rows that were taken */
    hd_str *record_id;
    uint32_t *row; /* their numbers in the part */
    /* [row][slot]: a row's slots are neighbours, as the merge reads rows in any order */
    hd_value_no *slots;
    size_t record_id_cap, row_cap, slots_cap;
    hd_reject *rejects; /* by row */
    size_t n_rejects, rejects_cap;
    uint64_t n_rows, n_filtered, n_bytes;
    char digest[65];   /* of a file */
    hd_multiset sum;   /* of a database: of its rows … */
    uint64_t sequence; /* … and of their order */
} hd_extract_part;

/* One row that is read again, for its bytes. */
typedef struct hd_extract_row {
    uint32_t number;
    uint64_t line;
    hd_str raw;
} hd_extract_row;

void hd_extract_part_add_reject(hd_extract_part *part, hd_reject reject);
void hd_extract_part_release(hd_extract_part *part);

#endif
