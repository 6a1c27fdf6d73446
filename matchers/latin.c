#include "matchers/latin.h"

#include "matchers/characters.h"

enum { FIRST = 0xC0, LAST = 0x17F, MARKS_FIRST = 0x300, MARKS_LAST = 0x36F };

/* The letter that each of U+00C0 … U+017F is without its marks, a row of Unicode's chart (16) in
 * each half line; × and ÷ are none. */
static const char base[] = "aaaaaaaceeeeiiii"
                           "dnooooo ouuuuyts"
                           "aaaaaaaceeeeiiii"
                           "dnooooo ouuuuyty"
                           "aaaaaaccccccccdd"
                           "ddeeeeeeeeeegggg"
                           "gggghhhhiiiiiiii"
                           "iiiijjkkkllllllllll"
                           "nnnnnnnnnoooooooorrrrrr"
                           "ssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof base - 1 == LAST - FIRST + 1, "a letter for each");

/* What follows the base letter of those that are two. */
static char second(uint32_t c)
{
    switch (c) {
    case 0xC6: /* Æ */
    case 0xE6:
    case 0x152: /* Œ */
    case 0x153:
        return 'e';
    case 0xDE: /* Þ */
    case 0xFE:
        return 'h';
    case 0xDF: /* ß */
        return 's';
    case 0x132: /* Ĳ */
    case 0x133:
        return 'j';
    default:
        return 0;
    }
}

static void add_latin(uint32_t c, hd_buf *out)
{
    if (base[c - FIRST] == ' ')
        return;
    hd_buf_add_char(out, base[c - FIRST]);
    if (second(c))
        hd_buf_add_char(out, second(c));
}

void hd_latin_plain(hd_str text, hd_buf *out)
{
    for (uint32_t pos = 0; pos < text.len_bytes;) {
        uint32_t c = hd_character_next(text, &pos);
        if (hd_is_punctuation(c) || (c >= MARKS_FIRST && c <= MARKS_LAST))
            continue;
        if (c >= 'A' && c <= 'Z')
            hd_buf_add_char(out, (char)(c + 32));
        else if (c >= FIRST && c <= LAST)
            add_latin(c, out);
        else
            hd_buf_add_codepoint(out, c);
    }
}
