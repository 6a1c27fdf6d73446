#ifndef HD_PIPELINE_ARTEFACT_H
#define HD_PIPELINE_ARTEFACT_H

/* runs/ID/mentions.hdm: all that the stages after standardise need of what was read, so that a run
 * that was lost goes on at `block` without reading a source. It holds persons' values in full: for
 * its owner only (0600), gone when the run has published or can no longer be continued.
 *
 * Shape: a head of 64 bytes, then sections without a gap; a section is a head of 32 bytes and its
 * payload. Numbers are little-endian; "count" is LEB128, a text is its bytes behind their count, a
 * text or null behind that count + 1, or 0.
 *
 *   head      0  89 "hdm" 0D 0A 1A 0A, which a transfer as text would change
 *             8  u32 format, 1
 *            12  u32 0x01020304, as the machine that wrote it stores it
 *            16  what decides standard forms besides the rules: "hedui 0.1.0, icu 72.1", zeros
 *   section   0  u16 kind  2  u16 pool or source  4  u32 items  8  u64 bytes of the payload
 *            16  XXH3-128 of the payload, seeded by the 16 bytes before, the section's place in the
 *                file and the heads above: so it covers every byte, and where it stands
 *
 *   about     texts run id, hash of the ruleset, mark of the site's key; as_of, time of reading;
 *             files: source, path, bytes, time of change; pools: values; sources: records, slots,
 *             rows read, rejected, filtered, bytes, files, checksum, snapshot (or null); rejects
 *   values    of each pool, up to 16384 a section, numbered from 1 as they come: text as written;
 *             a byte, bits 0-2 the state, 3-4 what the standard value is (none, the same text,
 *             another text, a date), 5 whether reasons follow; then that text or date (count), then
 *             the reasons (count). Values that no record has are left out.
 *   ids       of each source, up to 16384 a section: texts, rising
 *   slots     of the same records: for each slot its numbers, in as few bytes as the pool's last
 *             number needs; 0 nothing
 *   rejects   up to 1024 a section: source, reason, row, line (counts); file, id, row as it came
 *             (texts or null)
 *
 * Sections stand in this order, all ids and slots of a source before those of the next. Values are
 * numbered as the records first have them, so the bytes do not depend on threads.
 *
 * A checksum and not a signature: who may write in the folder may write the store as well. Of a
 * million persons SHA-256 takes 0.65 s of a core (libsodium), XXH3 0.01 s. Still, nothing in the
 * file is believed that could lead astray: every count, length, number and date is checked. */

#include "base/hash.h"
#include "pipeline/mention.h"

#define HD_ARTEFACT_NAME "mentions.hdm"

enum { HD_ARTEFACT_PROGRAM_BYTES = 48 };

/* What a file of mentions belongs to. Texts live as long as what they were taken from. */
typedef struct hd_artefact_about {
    hd_str run_id;
    hd_str ruleset_hash; /* hd_ruleset.hash */
    hd_str key_mark;     /* hd_artefact_key_mark */
    hd_date as_of;
    int64_t read_at; /* seconds since 1970: when reading the sources began */
    char program[HD_ARTEFACT_PROGRAM_BYTES]; /* hd_artefact_program */
} hd_artefact_about;

/* hedui and the libraries that decide standard forms, by their versions. */
void hd_artefact_program(char out[HD_ARTEFACT_PROGRAM_BYTES]);
/* Tells one site's key from another and gives away neither. */
void hd_artefact_key_mark(const uint8_t key[HD_KEY_BYTES], char out[HD_ID_CHARS + 1]);

/* Write what was extracted and standardised to `path`, all or nothing. HD_SPACE: the disk is full.
 * Cost: 0.9 s and 216 MB at 2.8 million mentions, 2 cores, of which 0.1 s to sync; 8 bytes a
 * distinct value on top of the run's memory. */
hd_status hd_artefact_write(hd_ctx *ctx, const char *path, const hd_artefact_about *about,
                            const hd_ruleset *ruleset, const hd_extract *extract);

typedef struct hd_artefact hd_artefact;

/* Read what the file is about. HD_SOURCE: it cannot be read, or is damaged. Where its program is
 * not this one, nothing but that is known: the other texts are null, and it cannot be loaded. */
hd_status hd_artefact_open(hd_ctx *ctx, const char *path, hd_artefact **out);
void hd_artefact_close(hd_artefact *artefact); /* NULL: nothing */
const hd_artefact_about *hd_artefact_tell(const hd_artefact *artefact);
/* The files that were read; valid until it is closed. */
const hd_source_files *hd_artefact_files(const hd_artefact *artefact);

/* What was extracted, with values that have their standard form: hd_mentions_make is what follows,
 * and `out` needs the artefact no more. 1.2 s both, where reading and standardising took 3.9 s.
 * The ruleset must be the one of the file's hash. HD_SOURCE: it is damaged; `out` is released. */
hd_status hd_artefact_load(hd_ctx *ctx, hd_artefact *artefact, const hd_ruleset *ruleset,
                           hd_extract *out);

#endif
