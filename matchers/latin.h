#ifndef HD_MATCHERS_LATIN_H
#define HD_MATCHERS_LATIN_H

/* Names in Latin letters as keys: what writers of one name do differently is left out. Pure; about
 * 5 ns a character. */

#include "base/buf.h"

/* Letters and digits of `text`, appended to `out`: Latin ones (up to Latin Extended-A) in lower
 * case and without their marks, as people write them on another keyboard (æ ae, ø o, ß ss, þ th:
 * the decompositions of UnicodeData.txt, and the customary spelling of letters that have none); all
 * others as they are. Blanks, hyphens, apostrophes, dots and other punctuation are dropped:
 * "O'Brien-Núñez" and "o brien nunez" are obriennunez. */
void hd_latin_plain(hd_str text, hd_buf *out);

#endif
