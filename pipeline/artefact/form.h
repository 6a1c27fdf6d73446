#ifndef HD_ARTEFACT_FORM_H
#define HD_ARTEFACT_FORM_H

/* The form of the file, for those who write and read it: pipeline/artefact.h describes it. */

#include "base/hash.h"
#include "pipeline/artefact.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "numbers are written as they lie in memory, little-endian"
#endif

enum {
    HD_FORM_VERSION = 1,
    HD_FORM_BYTE_ORDER = 0x01020304,
    HD_FORM_ITEMS = 16384, /* a section: a task of a millisecond or two */
    HD_FORM_REJECTS = 1024 /* whole rows, which may be long */
};

typedef struct hd_form_head {
    uint8_t magic[8];
    uint32_t version, byte_order;
    char program[HD_ARTEFACT_PROGRAM_BYTES];
} hd_form_head;
_Static_assert(sizeof(hd_form_head) == 64, "no gaps");

typedef struct hd_section_head {
    uint16_t kind, of;
    uint32_t n;
    uint64_t bytes;
    uint8_t checksum[HD_HASH128_BYTES];
} hd_section_head;
_Static_assert(sizeof(hd_section_head) == 32, "no gaps");

typedef enum hd_section_kind {
    HD_SECTION_ABOUT = 1,
    HD_SECTION_VALUES,
    HD_SECTION_IDS,
    HD_SECTION_SLOTS,
    HD_SECTION_REJECTS
} hd_section_kind;

/* Of a value: what stands in its byte beside the state. */
enum {
    HD_FORM_STATE = 7,
    HD_FORM_SAME = 1 << 3,
    HD_FORM_TEXT = 2 << 3,
    HD_FORM_DATE = 3 << 3,
    HD_FORM_STANDARD = 3 << 3,
    HD_FORM_REASONS = 1 << 5
};

/* How much there is of everything: what decides which sections follow. */
typedef struct hd_form_counts {
    uint32_t n_pools, n_sources;
    uint32_t values[HD_FIELDS_MAX]; /* [pool] */
    uint32_t records[HD_SOURCES_MAX];
    uint64_t n_rejects;
} hd_form_counts;

typedef struct hd_section {
    uint16_t kind, of; /* pool or source */
    uint32_t n;
    uint64_t first; /* of all items of its kind and pool or source */
} hd_section;

/* The sections after `about`, in their order; to be freed. */
uint32_t hd_form_sections(const hd_form_counts *counts, hd_section **out);

void hd_form_head_init(hd_form_head *head);
/* Of a section's payload. `place`: 0 for `about`, then 1, 2 …; `seed`: of the head for `about`,
 * then of its checksum. */
void hd_form_checksum(const hd_section_head *head, uint64_t seed, uint64_t place,
                      const void *payload, uint8_t out[HD_HASH128_BYTES]);
uint64_t hd_form_seed(const void *bytes, size_t n);

/* Pool of each slot of a source, in the order of hd_records.slots; returns how many there are, and
 * fills up to `max`. */
uint32_t hd_form_slots(const hd_source *source, const hd_values *values, uint8_t *pool,
                       uint32_t max);
/* Bytes of a number in a slot: 1 … 4. */
unsigned hd_form_width(uint32_t n_values);

/* ---- reading a payload ---- */

/* What is left of it. A take past the end, or of what is no such thing, sets `bad`, and all takes
 * after it yield nothing. */
typedef struct hd_cursor {
    const char *at, *end;
    bool bad;
} hd_cursor;

static inline uint64_t hd_take_count(hd_cursor *c)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && c->at < c->end; shift += 7) {
        uint8_t byte = (uint8_t)*c->at++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
    c->bad = true;
    c->at = c->end;
    return 0;
}

/* The same, at most `most`. */
static inline uint64_t hd_take_count_to(hd_cursor *c, uint64_t most)
{
    uint64_t value = hd_take_count(c);
    if (value <= most)
        return value;
    c->bad = true;
    c->at = c->end;
    return 0;
}

static inline hd_str hd_take_bytes(hd_cursor *c, uint64_t n)
{
    if (n > (uint64_t)(c->end - c->at) || n > UINT32_MAX) {
        c->bad = true;
        c->at = c->end;
        return HD_STR("");
    }
    hd_str bytes = {c->at, (uint32_t)n};
    c->at += n;
    return bytes;
}

static inline hd_str hd_take_text(hd_cursor *c)
{
    return hd_take_bytes(c, hd_take_count(c));
}

static inline hd_str hd_take_text_or_null(hd_cursor *c)
{
    uint64_t n = hd_take_count(c);
    return n ? hd_take_bytes(c, n - 1) : HD_STR_NULL;
}

#endif
