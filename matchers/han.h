#ifndef HD_MATCHERS_HAN_H
#define HD_MATCHERS_HAN_H

/* What is known of each Han character: its simplified form for keys, its Mandarin readings, the
 * characters that look like it. One immutable table, parsed once at start from
 * rules/tables/han.tsv, surnames.tsv and shapes.tsv, then only look-ups: no ICU call is made for a
 * key. Source of the facts: Unicode Unihan (UAX #38); see the tables' own head lines. */

#include "base/arena.h"
#include "base/buf.h"

typedef struct hd_han hd_han;

/* Parse the tables. In: whole texts of han.tsv and surnames.tsv, not retained; lines that open with
 * '#' are comments. Out: NULL and `*bad_line` (1-based, of han.tsv unless all of that is well
 * formed) when a line is malformed. Lives in `arena`, about 4 MiB. 6 ms for 43,000 lines. */
hd_han *hd_han_parse(hd_arena *arena, hd_str tsv, hd_str surnames_tsv, uint32_t *bad_line);
/* The same for shapes.tsv, into a table that nobody reads yet. Without it no two look alike. */
bool hd_han_parse_shapes(hd_arena *arena, hd_han *han, hd_str shapes_tsv, uint32_t *bad_line);

/* Simplified form for keys (張 → 张, 峯 → 峰; 乾 and any other character of the 通用规范汉字表
 * stays); the code point itself where there is none. Folding twice is folding once. */
uint32_t hd_han_fold(const hd_han *han, uint32_t codepoint);
/* Usual reading as a syllable number, tone dropped; 0: unknown. ü is written v. */
uint16_t hd_han_reading(const hd_han *han, uint32_t codepoint);
const char *hd_han_syllable(const hd_han *han, uint16_t syllable); /* "zhang"; "" for 0 */
/* Number of a syllable as pinyin writes it, in lower case; 0: none. */
uint16_t hd_han_find_syllable(const hd_han *han, hd_str letters);
/* The same number for syllables that are one in hd_han_fuzzy_pinyin. */
uint16_t hd_han_fuzzy_syllable(const hd_han *han, uint16_t syllable);
/* Every reading with its tone, customary first: syllable × HD_HAN_TONES + tone (5: neutral). Closed
 * by 0. */
enum { HD_HAN_TONES = 8 };
const uint16_t *hd_han_readings(const hd_han *han, uint32_t codepoint);
/* Folded forms that are taken by eye for the folded form of `codepoint`. Closed by 0. */
const uint32_t *hd_han_alike(const hd_han *han, uint32_t codepoint);
/* Length in code points of the surname that opens `name`: 2 for a known compound surname where at
 * least one character is left after it, else 1; 0 for an empty name or one that opens with no Han
 * character. */
uint32_t hd_han_surname_len(const hd_han *han, hd_str name);

/* The same, but 0 where what opens the name is no surname of the table, as in a given name alone.
 * Each character's reading as part of it, as in hd_han_readings; 0: the customary one. */
enum { HD_HAN_SURNAME_MAX = 2 };
uint32_t hd_han_known_surname(const hd_han *han, hd_str name,
                              uint16_t readings[HD_HAN_SURNAME_MAX]);

/* Texts, all appended to `out`; input valid UTF-8; pure and thread-safe; O(length). */
void hd_han_fold_text(const hd_han *han, hd_str text, hd_buf *out);
/* "zhang san feng": surname readings for the surname (单 → shan), one syllable a character,
 * blank-separated; characters without a reading stand as themselves, Latin letters lower-cased and
 * kept together, middle dots as blanks. A name with a dot has no surname in this sense. */
void hd_han_pinyin(const hd_han *han, hd_str name, hd_buf *out);
/* The same with the sounds that southern speakers and clerks confuse made one:
 * zh→z ch→c sh→s, n→l (initial), f→h (before u: hu), ing→in eng→en ang→an. A Latin word that is a
 * syllable is one: registers write rare characters so. */
void hd_han_fuzzy_pinyin(const hd_han *han, hd_str name, hd_buf *out);

#endif
