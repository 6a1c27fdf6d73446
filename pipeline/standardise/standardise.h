#ifndef HD_STANDARDISE_H
#define HD_STANDARDISE_H

/* Standardisers: one written value → its standard form, how good it is, and why. One function a
 * kind, each in a file of its own.
 *
 * In    raw: as the source wrote it, valid UTF-8, up to 64 KiB; null and empty are the same here.
 * Out   text (or date), state and reasons. The text is a view into `raw` or into `env`, valid until
 *       the next call with that env; null where there is no standard value.
 * - Pure: the same input and code table give the same result, whatever went before.
 * - Never fails: what cannot be understood is a state and a reason.
 * - Idempotent: a standard text gives itself, with no reason but those that say what it is
 *   (id_checksum, id_length, id_old, id_area, phone_form, number_form, date_partial,
 *   division_unknown, division_old), and so `ok` or, with these, `suspicious`. Of these only
 *   division_old is no fault, and goes with `ok` too.
 * - Bounded: a standard text has at most HD_STD_TEXT_MAX code points, and is never empty.
 * - A repaired value has a reason for each change that could have changed its meaning. Blanks at
 *   its ends, letters in lower case and the many lawful ways to write a date are no fault.
 * - Damaged, placeholder, invalid and missing values have no standard value: they must never be a
 *   key, and two of them never agree. What was written stays at hand in hd_values. Of a damaged
 * name what is left is the text, with U+25A1 for each lost character: for comparison only
 *   (hd_standard_value).
 *
 * Cost  of a value that is plain Han, or digits in the usual form: 20 to 100 ns, and no ICU call.
 * Threads: one env a thread. */

#include <uchar.h>
#include <unicode/unorm2.h>

#include "matchers/date.h"
#include "pipeline/config/ruleset.h"
#include "pipeline/field.h"

enum {
    HD_STD_RAW_MAX_BYTES = 4096, /* after blanks at the ends: what is longer is too_long */
    /* UTF-16 units and code points after NFKC: at most 6 a byte (U+FDFA, three bytes, gives 18) */
    HD_STD_POINTS_MAX = 6 * HD_STD_RAW_MAX_BYTES,
    HD_STD_TEXT_MAX = 1000,    /* code points of any standard text */
    HD_STD_ADDRESS_MAX = 300,  /* of an address */
    HD_STD_HAN_FIRST = 0x4E00, /* the block of which nearly all names are made */
    HD_STD_HAN_LAST = 0x9FFF,
    HD_STD_NAME_PAIRS = 64,
    HD_STD_NAME_MAX = 50 /* of a name: 民委发〔2016〕33号 asks for fields of 50 */
};

typedef struct hd_std_env {
    const UNormalizer2 *nfkc;                    /* ICU's own, shared by all threads */
    const hd_code_table *table;                  /* of the field, for kind code; NULL: none */
    const hd_divisions *divisions;               /* of the ruleset; NULL: areas are not looked up */
    uint64_t name_word_pairs[HD_STD_NAME_PAIRS]; /* a bit for the end of a word of name_words.c */
    uint32_t n;                                  /* points in use */
    uint32_t points[HD_STD_POINTS_MAX];
    UChar units[2][HD_STD_POINTS_MAX];
    char text[4 * HD_STD_TEXT_MAX];
} hd_std_env;

typedef struct hd_std_result {
    hd_str text;  /* of kinds with text; null: none */
    hd_date date; /* of kind date; 0: none */
    hd_state state;
    uint32_t reasons; /* bits of hd_reason */
} hd_std_result;

hd_std_env *hd_std_env_new(void);
void hd_std_env_free(hd_std_env *env);
/* What values of the field are looked up in: its code table, the division codes. */
void hd_std_env_look_up(hd_std_env *env, const hd_ruleset *ruleset, const hd_field *field);

hd_std_result hd_std_name(hd_std_env *env, hd_str raw);
hd_std_result hd_std_id_number(hd_std_env *env, hd_str raw);
hd_std_result hd_std_date(hd_std_env *env, hd_str raw);
hd_std_result hd_std_sex(hd_std_env *env, hd_str raw);
hd_std_result hd_std_division(hd_std_env *env, hd_str raw);
hd_std_result hd_std_phone(hd_std_env *env, hd_str raw);
hd_std_result hd_std_address(hd_std_env *env, hd_str raw);
hd_std_result hd_std_code(hd_std_env *env, hd_str raw); /* by env->table */
hd_std_result hd_std_text(hd_std_env *env, hd_str raw);
hd_std_result hd_std_certificate(hd_std_env *env, hd_str raw); /* of a marriage or a birth */
hd_std_result hd_std_household(hd_std_env *env, hd_str raw);
hd_std_result hd_std_value(hd_std_env *env, hd_kind kind, hd_str raw); /* by kind */

/* ---- what the kinds share ---- */

typedef enum hd_std_blanks {
    HD_STD_BLANKS_DROP, /* none are left */
    HD_STD_BLANKS_ONE   /* one U+0020 stands for each run */
} hd_std_blanks;

/* `raw` into env->points: private code points of GBK folded, NFKC, no invisible characters, no
 * blanks at the ends. Adds width and blanks to `reasons` where that changed something (blanks: only
 * inside). False: longer than HD_STD_RAW_MAX_BYTES; env->n is 0 then. */
bool hd_std_fold(hd_std_env *env, hd_str raw, hd_std_blanks blanks, uint32_t *reasons);
/* NFKC again, after a kind changed the points. True where that changed something. */
bool hd_std_normalise(hd_std_env *env);
/* Fold, and settle what is the same for all kinds: missing, too long, a text that stands for no
 * value, signs that stand for lost characters. True: settled, `*out` is the result; else
 * out->reasons holds those of folding. */
bool hd_std_settled(hd_std_env *env, hd_str raw, hd_std_blanks blanks, hd_std_result *out);

/* A text that stands for no value in any field: 无, 不详, NULL, --- … */
bool hd_std_is_no_value(const uint32_t *points, uint32_t n);
const char32_t *const *hd_std_no_value_words(size_t *n);
bool hd_std_is_word(const uint32_t *points, uint32_t n, const char32_t *word);
bool hd_std_is_any_word(const uint32_t *points, uint32_t n, const char32_t *const *words,
                        size_t n_words);
/* Does the word end the text? Its length then, else 0. */
uint32_t hd_std_ends(const uint32_t *points, uint32_t n, const char32_t *word);
/* Cut brackets, colons and these words (in Han characters, or with an N first) off both ends of
 * env->points, until none is left there; never all of it. True where something was cut. */
bool hd_std_cut_notes(hd_std_env *env, const char32_t *const *words, size_t n_words);
bool hd_std_hides_characters(const hd_std_env *env);
bool hd_std_all_same(const char *digits, uint32_t n);
/* 123456…, 0123…, 987654…: each the next digit of the one before, 9 and 0 being neighbours. */
bool hd_std_counting(const char *digits, uint32_t n);

static inline bool hd_std_is_common_han(uint32_t point)
{
    return point >= HD_STD_HAN_FIRST && point <= HD_STD_HAN_LAST;
}

static inline bool hd_std_is_digit(uint32_t point)
{
    return point >= '0' && point <= '9';
}

/* A sign that stands for a character that was lost or is hidden. */
static inline bool hd_std_hides_character(uint32_t point)
{
    return point == '*' || point == '?' || point == 0x25A1 || point == 0x25A0 || point == 0x25CF ||
           point == 0x3013 || point == 0xFFFD;
}

bool hd_std_all_digits(const char *text, uint32_t n);

/* The standard text is `text`, ok or repaired by the reasons. */
hd_std_result hd_std_good(hd_str text, uint32_t reasons);
/* The standard text is env->points; invalid and too_long above `max` code points. */
hd_std_result hd_std_good_points(hd_std_env *env, uint32_t max, uint32_t reasons);
/* No standard value. */
hd_std_result hd_std_none(hd_state state, uint32_t reasons);
static inline hd_std_result hd_std_placeholder(uint32_t reasons)
{
    return hd_std_none(HD_STATE_placeholder, reasons | HD_REASON_BIT(placeholder));
}

/* ---- numbers of documents other than citizens' cards, document.c ---- */

/* `text`: ASCII letters in capitals and digits. False: no form of a document. */
bool hd_std_document(hd_std_env *env, hd_str text, uint32_t reasons, hd_std_result *out);
/* 军字第…号 in env->points, in any of its forms. */
bool hd_std_military(hd_std_env *env, uint32_t reasons, hd_std_result *out);
/* Cut what says whose or which number it is (身份证号:…, …(本人)) off env->points. Notes that name
 * another person stay: the number may be that person's. True where there was one. */
bool hd_std_cut_document_notes(hd_std_env *env);

/* ---- words of names, name_words.c ---- */

void hd_std_name_prepare(hd_std_env *env); /* once, by hd_std_env_new */
/* env->points, all of the block above and not empty: false where no word can be in it. */
bool hd_std_name_may_hold_word(const hd_std_env *env);
/* Cut notes that are written behind a name without brackets. True where there was one. */
bool hd_std_name_cut_words(hd_std_env *env);
/* A text that stands for no name; or nothing at all. */
bool hd_std_is_no_name(const uint32_t *points, uint32_t n);

#endif
