#ifndef HD_PIPELINE_NAMING_H
#define HD_PIPELINE_NAMING_H

/* Mentions as people and files name them: SOURCE:RECORD[:ROLE], or the three in columns. A personal
 * key may be given as it is or as its hash ("~…"), which `key`, the site's, makes. O(log n). */

#include "base/buf.h"
#include "base/hash.h"
#include "pipeline/mention.h"

/* Colons inside the record are fine where a role is given; the role may be left out where the
 * record has one mention. HD_USAGE where there is none such; what was asked for is not repeated, as
 * it may be somebody's number. */
hd_status hd_mention_by_name(hd_ctx *ctx, const hd_mentions *mentions,
                             const uint8_t key[HD_KEY_BYTES], const char *name, hd_mention *out);
/* The same without words; false: there is none such. */
bool hd_mention_by_text(const hd_mentions *mentions, const uint8_t key[HD_KEY_BYTES], hd_str name,
                        hd_mention *out);
/* The record's id as the run has it: of a source whose key is personal its hash, which is written
 * to `room` where it is not one already. */
hd_str hd_record_id_kept(const hd_ruleset *ruleset, const uint8_t key[HD_KEY_BYTES], hd_str source,
                         hd_str record_id, char room[HD_ID_CHARS + 2]);
/* `role` null or empty: the record's only mention. False: there is none such. */
bool hd_mention_by_key(const hd_mentions *mentions, const uint8_t key[HD_KEY_BYTES], hd_str source,
                       hd_str record_id, hd_str role, hd_mention *out);
/* Appends source:record:role. */
void hd_mention_add_name(hd_buf *out, const hd_mentions *mentions, hd_mention i);
hd_str hd_mention_role(const hd_mentions *mentions, hd_mention i);

enum { HD_WHO_MAX = 6 };
/* The fields by which readers see who a mention is: name, sex, birth date and number, as far as a
 * source has them; of data without a name in one field the first fields of the person that a source
 * has. Returns how many. */
uint32_t hd_who_fields(const hd_mentions *mentions, uint32_t field[HD_WHO_MAX]);

#endif
