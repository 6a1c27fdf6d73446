#ifndef HD_PIPELINE_MENTION_H
#define HD_PIPELINE_MENTION_H

/* The records and mentions of a run: what extract hands to standardise, and standardise to all that
 * follow. */

#include "base/pool.h"
#include "pipeline/config/ruleset.h"

/* Number of a mention, run-wide: rank by (source, record_id, role). */
typedef uint32_t hd_mention;
#define HD_NO_MENTION UINT32_MAX
/* Number of a distinct written value of one kind; 0: nothing was written. */
typedef uint32_t hd_value_no;

/* What standardising made of one distinct written value. */
typedef struct hd_standard {
    hd_value value;   /* hd_text in ruleset->texts, or hd_date; HD_NULL where there is none */
    uint32_t reasons; /* bits of hd_reason */
    uint8_t state; /* hd_state; of a damaged value `value` is what is left, to be compared only */
} hd_standard;

/* The standard value: what can be a key, be equal and be written. */
static inline hd_value hd_standard_value(const hd_standard *standard)
{
    return standard->state == HD_STATE_damaged ? HD_NULL : standard->value;
}

/* Distinct written values of each kind, and their standard form: standardising costs a distinct
 * value, not a record. `standard` is filled by the standardise stage, indexed by hd_value_no. A
 * code field's table decides its standard form, so each code table has a pool of its own:
 * `pool_of`. */
typedef struct hd_values {
    hd_pool **written;      /* [pool] distinct values as they were written, valid UTF-8 */
    hd_standard **standard; /* [pool][hd_value_no]; [0] is missing */
    uint32_t n_pools;
    uint8_t pool_of[HD_FIELDS_MAX];  /* field → pool */
    uint8_t field_of[HD_FIELDS_MAX]; /* pool → one of its fields, for kind and code table */
} hd_values;

void hd_values_init(hd_values *values, const hd_ruleset *ruleset);
void hd_values_release(hd_values *values);
/* Memory of the distinct values, as they were written, and of their standard forms without texts.
 */
size_t hd_values_bytes(const hd_values *values);

/* Why a row was not taken. */
typedef enum hd_reject_reason {
    HD_REJECT_COLUMNS,   /* too few or too many columns */
    HD_REJECT_ENCODING,  /* bytes that are no text in the source's encoding */
    HD_REJECT_QUOTE,     /* a quoted value that does not end, or text after a closing quote */
    HD_REJECT_KEY_EMPTY, /* no record id */
    HD_REJECT_KEY_TWICE, /* record id of an earlier row (the smallest row by bytes was kept) */
    HD_REJECT_TOO_LONG,  /* a value over 64 KiB */
    HD_N_REJECT_REASONS
} hd_reject_reason;

const char *hd_reject_reason_name(hd_reject_reason reason); /* columns, encoding, quote … */

typedef struct hd_reject {
    uint16_t source;
    hd_reject_reason reason;
    hd_str file;      /* base name; of a database the table as it was configured, or "query" */
    uint64_t row;     /* 1-based data row in its file; of a database in the order of reading */
    uint64_t line;    /* physical line on which it starts; 0: of a database */
    hd_str record_id; /* hash where the key is personal; null where not known */
    hd_str text;      /* the row's bytes, for the replayable reject file (mode 0600); of a database
                         its columns that were read, as a line of CSV */
} hd_reject;

/* One source as it was read. Rows stand in the order of record_id, each id once. */
typedef struct hd_records {
    uint32_t n;
    hd_str *record_id;    /* composite keys joined by '|' with '|' and '\' escaped by '\';
                             where the key is personal: "~" and a keyed hash */
    uint32_t n_slots;     /* what the mapping asks for: record inputs, then each role's inputs */
    hd_value_no **slots;  /* [slot][record] */
    uint64_t n_rows_read; /* = n + rejected + filtered */
    uint64_t n_rejected, n_filtered; /* filtered: by `filter`, or nothing but commas */
    uint64_t n_bytes_read;           /* as the files are stored; of a database its rows by COPY */
    uint32_t n_files;                /* 0: of a database */
    /* of all its files: sha256sum FILES | cut -c-64 | sort | sha256sum; of a database, as its rows
     * have no order: "xxh3-multiset:" and the sum, modulo 2^128, of XXH3-128 of each row as binary
     * COPY sends it */
    char checksum[65];
    hd_str snapshot; /* time at which all its rows held, UTC, ISO 8601; null: files have none */
} hd_records;

/* A file that a source is read from, as it was just before it was read: what is the same then and
 * later was read as it is later. */
typedef struct hd_source_file {
    uint16_t source;
    hd_str path; /* as it is opened; ends in a NUL */
    uint64_t size_bytes;
    int64_t modified_ns; /* since 1970, as the file system says; 0 with size 0: cannot be seen */
} hd_source_file;

typedef struct hd_source_files {
    hd_source_file *file; /* by source, path; each path of a source once */
    uint32_t n;
    size_t cap;
    hd_arena arena; /* paths */
} hd_source_files;

typedef struct hd_extract {
    hd_records *records; /* [source] */
    uint32_t n_records;  /* = ruleset->n_sources */
    hd_reject *rejects;  /* by source, file, row */
    size_t n_rejects;
    hd_values values;
    hd_source_files files;
    hd_arena *arenas; /* record ids and reject texts: one a thread */
    uint32_t n_arenas;
} hd_extract;

/* All mentions, as columns. A record's mentions are neighbours, by role code. A mention of which
 * nothing was written is not made, but counted. */
typedef struct hd_mentions {
    uint32_t n;
    uint16_t *source;                   /* [mention] */
    uint8_t *role;                      /* [mention] index into that source's roles */
    uint32_t *record;                   /* [mention] index into that source's records */
    hd_value_no *column[HD_FIELDS_MAX]; /* [field][mention]; NULL where no source has the field */
    uint64_t *n_empty;                  /* [source] mentions expected but empty */
    uint64_t *n_mentions;               /* [source] */
    hd_text *source_text, *type_text;   /* [source] builtins of the rules, in ruleset->texts */
    hd_text *role_text;                 /* [role number] */
    hd_text state_text[HD_N_STATES];
    /* Of the round before (pipeline/relate.h): [relation][mention] smallest mention of that person;
     * [HD_BIRTH_ORDER][mention] an hd_text. HD_NO_MENTION: not known; NULL: nothing is. */
    uint32_t *related[HD_N_RELATED];
    const hd_ruleset *ruleset;
    const hd_extract *extract;
} hd_mentions;

/* The standard value of a field, HD_NULL where none. */
static inline hd_value hd_mention_value(const hd_mentions *m, hd_mention i, uint32_t field)
{
    const hd_value_no *column = m->column[field];
    if (!column || column[i] == 0)
        return HD_NULL;
    const hd_values *values = &m->extract->values;
    return hd_standard_value(&values->standard[values->pool_of[field]][column[i]]);
}
/* Never NULL: the standard of "nothing written" where the field has no column. */
const hd_standard *hd_mention_standard(const hd_mentions *m, hd_mention i, uint32_t field);
hd_str hd_mention_written(const hd_mentions *m, hd_mention i, uint32_t field);
hd_str hd_mention_record_id(const hd_mentions *m, hd_mention i);
/* Intern what the builtins of the rules say (source_text …), once, after `ruleset` is set; released
 * by hd_mentions_forget_texts. hd_mention_load needs it. */
void hd_mentions_name_texts(hd_mentions *m);
void hd_mentions_forget_texts(hd_mentions *m);
/* By its names, in O(log n); `role` null: the record's only mention. HD_NO_MENTION: there is none
 * such. */
hd_mention hd_mention_find(const hd_mentions *m, hd_str source, hd_str record_id, hd_str role);
static inline bool hd_mention_same_record(const hd_mentions *m, hd_mention a, hd_mention b)
{
    return m->record[a] == m->record[b] && m->source[a] == m->source[b];
}
/* Its source has everybody once in this role. */
static inline bool hd_mention_duplicate_free(const hd_mentions *m, hd_mention i)
{
    return m->ruleset->sources[m->source[i]].roles[m->role[i]].duplicate_free;
}
/* First mention and number of mentions of the record that `i` belongs to. */
void hd_mention_siblings(const hd_mentions *m, hd_mention i, hd_mention *first, uint32_t *n);
/* What records say of the mentions that they name together: `other` is the `rule->relation` of
 * `mention` (rules/types.yaml). By record, then by rule; O(n). */
typedef void hd_mention_related_take(void *arg, const hd_relation_rule *rule, hd_mention mention,
                                     hd_mention other);
void hd_mentions_each_related(const hd_mentions *m, hd_mention_related_take *take, void *arg);

/* Rows for hd_env: expressions over one mention, or over two (a = side 0, b = side 1). */
typedef struct hd_mention_row {
    const hd_mentions *mentions;
    hd_mention side[2];
} hd_mention_row;
hd_value hd_mention_load(const void *row, const hd_ref *ref);

/* Standard value of a field as readers see it ("1980-01-02"), appended. */
void hd_mention_print(hd_buf *out, const hd_mentions *m, hd_mention i, uint32_t field);
/* The same, or what was written (`as_written`, and where there is no standard value), masked by the
 * field's kind. */
void hd_mention_print_masked(hd_buf *out, const hd_mentions *m, hd_mention i, uint32_t field,
                             bool as_written);

#endif
