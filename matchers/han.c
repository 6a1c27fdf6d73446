#include "matchers/han.h"

#include "base/utf8.h"
#include "hedui/status.h"

enum {
    PAGE_CHARS = 256,
    N_PAGES = 0x110000 / PAGE_CHARS,
    N_COLUMNS = 5, /* of han.tsv; the last two, four-corner code and strokes, are not read here */
    SYLLABLE_LETTERS_MAX = 7,
    SYLLABLES_MAX = 1024,  /* Mandarin has some 420 */
    SYLLABLE_SLOTS = 4096, /* a power of two */
    READINGS_MAX = 16,     /* of a character: no line of the table has more than 9 */
    ALIKE_MAX = 256        /* characters of which one looks like another */
};

/* Readings have their tone, as hd_han_readings says. */
typedef struct character {
    uint32_t fold : 21;          /* 0: itself */
    uint32_t opens_compound : 1; /* the first of a compound surname, in folded form */
    uint32_t is_surname : 1;     /* in folded form */
    uint32_t has_shape_line : 1;
    uint16_t surname_reading; /* in folded form; 0: the customary one */
    const uint16_t *readings; /* closed by 0; NULL: none */
    const uint32_t *alike;    /* in folded form; closed by 0; NULL: none */
} character;

typedef struct sound {
    char text[SYLLABLE_LETTERS_MAX + 1], fuzzy[SYLLABLE_LETTERS_MAX + 1];
    uint16_t fuzzy_number; /* the first of the syllables of the same `fuzzy` */
} sound;

typedef struct compound {
    uint32_t first, second;                /* in folded form */
    uint16_t readings[HD_HAN_SURNAME_MAX]; /* 0: the usual one */
} compound;

/* Characters in pages of 256, so that one look-up serves all planes; pages without a fact are one
 * and the same blank page. */
struct hd_han {
    character *pages[N_PAGES];
    character *blank;
    sound *sounds; /* [0] is empty */
    uint32_t n_sounds;
    uint16_t slots[SYLLABLE_SLOTS]; /* open addressing; 0: free */
    compound *compounds;            /* by first, second */
    uint32_t n_compounds;
};

/* ---- look-up ------------------------------------------------------------------------------- */

static inline const character *find(const hd_han *han, uint32_t c)
{
    return &han->pages[c < N_PAGES * PAGE_CHARS ? c / PAGE_CHARS : 0][c % PAGE_CHARS];
}

uint32_t hd_han_fold(const hd_han *han, uint32_t codepoint)
{
    uint32_t fold = find(han, codepoint)->fold;
    return fold ? fold : codepoint;
}

const uint16_t *hd_han_readings(const hd_han *han, uint32_t codepoint)
{
    static const uint16_t none = 0;
    const uint16_t *readings = find(han, codepoint)->readings;
    return readings ? readings : &none;
}

uint16_t hd_han_reading(const hd_han *han, uint32_t codepoint)
{
    return hd_han_readings(han, codepoint)[0] / HD_HAN_TONES;
}

const uint32_t *hd_han_alike(const hd_han *han, uint32_t codepoint)
{
    static const uint32_t none = 0;
    const uint32_t *alike = find(han, hd_han_fold(han, codepoint))->alike;
    return alike ? alike : &none;
}

uint16_t hd_han_fuzzy_syllable(const hd_han *han, uint16_t syllable)
{
    HD_ASSERT(syllable < han->n_sounds);
    return han->sounds[syllable].fuzzy_number;
}

const char *hd_han_syllable(const hd_han *han, uint16_t syllable)
{
    HD_ASSERT(syllable < han->n_sounds);
    return han->sounds[syllable].text;
}

/* The slot of `text`, or the free one where it belongs. */
static uint32_t syllable_slot(const hd_han *han, hd_str text)
{
    uint64_t letters = 0;
    memcpy(&letters, text.ptr, text.len_bytes);
    uint32_t slot = (uint32_t)(letters * UINT64_C(0x9E3779B97F4A7C15) >> 40) % SYLLABLE_SLOTS;
    for (; han->slots[slot]; slot = (slot + 1) % SYLLABLE_SLOTS) {
        if (hd_str_eq(hd_str_from(han->sounds[han->slots[slot]].text), text))
            break;
    }
    return slot;
}

uint16_t hd_han_find_syllable(const hd_han *han, hd_str letters)
{
    return letters.len_bytes <= SYLLABLE_LETTERS_MAX ? han->slots[syllable_slot(han, letters)] : 0;
}

static int compare_compounds(const compound *x, const compound *y)
{
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->second > y->second) - (x->second < y->second);
}

static const compound *find_compound(const hd_han *han, uint32_t first, uint32_t second)
{
    compound wanted = {.first = hd_han_fold(han, first), .second = hd_han_fold(han, second)};
    if (!find(han, wanted.first)->opens_compound)
        return NULL;
    uint32_t low = 0, high = han->n_compounds;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = compare_compounds(&wanted, &han->compounds[middle]);
        if (order == 0)
            return &han->compounds[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* ---- parsing ------------------------------------------------------------------------------- */

typedef struct parser {
    hd_han *han;
    hd_arena *arena;
} parser;

static bool split_columns(hd_str line, hd_str *columns, uint32_t n_columns)
{
    uint32_t n = 0;
    for (hd_str column; hd_str_cut(&line, '\t', &column); n++) {
        if (n < n_columns)
            columns[n] = column;
    }
    return n == n_columns;
}

/* Up to `max` characters that are all there is; 0 where there are more, none, or no characters. */
static uint32_t decode_all(hd_str text, uint32_t *out, uint32_t max)
{
    if (!hd_utf8_valid(text) || hd_utf8_count(text) > max)
        return 0;
    return hd_utf8_decode(text, out, max);
}

static character *edit(parser *p, uint32_t c)
{
    character **page = &p->han->pages[c / PAGE_CHARS];
    if (*page == p->han->blank)
        *page = HD_NEW_N(p->arena, character, PAGE_CHARS);
    return *page + c % PAGE_CHARS;
}

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static void make_fuzzy(sound *s)
{
    const char *from = s->text;
    char *to = s->fuzzy;
    if (starts(from, "zh") || starts(from, "ch") || starts(from, "sh")) {
        *to++ = *from;
        from += 2;
    } else if (from[0] == 'n' && from[1] && strchr("aeiouv", from[1])) {
        *to++ = 'l';
        from++;
    } else if (starts(from, "fu")) {
        *to++ = 'h';
        from++;
    }
    size_t n = strlen(from);
    memcpy(to, from, n + 1);
    if (n >= 3 && to[n - 1] == 'g' && to[n - 2] == 'n' && strchr("aei", to[n - 3]))
        to[n - 1] = '\0';
}

static uint16_t add_syllable(hd_han *han, hd_str text)
{
    uint32_t slot = syllable_slot(han, text);
    if (han->slots[slot] == 0) {
        if (han->n_sounds == SYLLABLES_MAX)
            return 0;
        sound *s = &han->sounds[han->n_sounds];
        memcpy(s->text, text.ptr, text.len_bytes);
        make_fuzzy(s);
        han->slots[slot] = (uint16_t)han->n_sounds++;
    }
    return han->slots[slot];
}

/* zhang1 → its syllable and tone; 0 where it is malformed. */
static uint16_t parse_reading(hd_han *han, hd_str reading)
{
    if (reading.len_bytes < 2 || reading.len_bytes > SYLLABLE_LETTERS_MAX + 1)
        return 0;
    hd_str letters = {reading.ptr, reading.len_bytes - 1};
    char tone = reading.ptr[letters.len_bytes];
    if (tone < '1' || tone > '5')
        return 0;
    for (uint32_t i = 0; i < letters.len_bytes; i++) {
        if (letters.ptr[i] < 'a' || letters.ptr[i] > 'z')
            return 0;
    }
    return (uint16_t)(add_syllable(han, letters) * HD_HAN_TONES + (uint32_t)(tone - '0'));
}

/* Blank-separated readings, all checked; the first `max` are written. An empty text has none. */
static bool parse_readings(hd_han *han, hd_str text, uint16_t *out, uint32_t max, uint32_t *n)
{
    *n = 0;
    if (hd_str_empty(text))
        return true;
    for (hd_str reading; hd_str_cut(&text, ' ', &reading); (*n)++) {
        uint16_t number = parse_reading(han, reading);
        if (number < HD_HAN_TONES)
            return false;
        if (*n < max)
            out[*n] = number;
    }
    return true;
}

static bool parse_character(parser *p, hd_str line)
{
    hd_str columns[N_COLUMNS];
    uint32_t c, fold = 0, n;
    uint16_t readings[READINGS_MAX + 1];
    if (!split_columns(line, columns, N_COLUMNS) || decode_all(columns[0], &c, 1) != 1)
        return false;
    if (!hd_str_empty(columns[1]) && decode_all(columns[1], &fold, 1) != 1)
        return false;
    if (!parse_readings(p->han, columns[2], readings, READINGS_MAX, &n))
        return false;
    character *entry = edit(p, c);
    if (entry->fold || entry->readings)
        return false; /* the character has a line already */
    entry->fold = fold & 0x1FFFFF;
    if (n == 0)
        return true;
    n = n < READINGS_MAX ? n : READINGS_MAX;
    readings[n++] = 0;
    uint16_t *kept = hd_arena_alloc(p->arena, n * sizeof *kept);
    entry->readings = memcpy(kept, readings, n * sizeof *kept);
    return true;
}

/* A character, and all that look like it in one text. */
static bool parse_shape(parser *p, hd_str line)
{
    hd_str columns[2];
    uint32_t c, alike[ALIKE_MAX + 1];
    if (!split_columns(line, columns, 2) || decode_all(columns[0], &c, 1) != 1)
        return false;
    uint32_t n = decode_all(columns[1], alike, ALIKE_MAX);
    if (n == 0 || edit(p, c)->has_shape_line)
        return false;
    edit(p, c)->has_shape_line = true;
    character *entry = edit(p, hd_han_fold(p->han, c));
    if (entry->alike && hd_han_fold(p->han, c) != c)
        return true; /* of characters that fold into one, its own line counts */
    for (uint32_t i = 0; i < n; i++)
        alike[i] = hd_han_fold(p->han, alike[i]);
    alike[n++] = 0;
    uint32_t *kept = hd_arena_alloc(p->arena, n * sizeof *kept);
    entry->alike = memcpy(kept, alike, n * sizeof *kept);
    return true;
}

static bool parse_surname(parser *p, hd_str line)
{
    hd_str columns[2];
    uint32_t chars[HD_HAN_SURNAME_MAX], n_readings;
    uint16_t readings[HD_HAN_SURNAME_MAX] = {0};
    if (!split_columns(line, columns, 2))
        return false;
    uint32_t n = decode_all(columns[0], chars, HD_HAN_SURNAME_MAX);
    if (n == 0 || !hd_is_han(chars[0]))
        return false;
    if (!parse_readings(p->han, columns[1], readings, HD_HAN_SURNAME_MAX, &n_readings))
        return false;
    if (n_readings != 0 && n_readings != n)
        return false;
    if (n == 1) {
        character *surname = edit(p, hd_han_fold(p->han, chars[0]));
        surname->is_surname = true;
        surname->surname_reading = readings[0];
        return true;
    }
    compound *new = &p->han->compounds[p->han->n_compounds++];
    *new = (compound){
        hd_han_fold(p->han, chars[0]), hd_han_fold(p->han, chars[1]), {readings[0], readings[1]}};
    edit(p, new->first)->opens_compound = true;
    return true;
}

static bool parse_lines(parser *p, hd_str tsv, bool (*parse)(parser *, hd_str), uint32_t *line_no)
{
    *line_no = 0;
    for (hd_str line; hd_str_cut(&tsv, '\n', &line);) {
        (*line_no)++;
        if (!hd_str_empty(line) && line.ptr[0] != '#' && !parse(p, line))
            return false;
    }
    return true;
}

/* Insertion: some eighty, nearly none in their place. */
static void sort_compounds(hd_han *han)
{
    for (uint32_t i = 1; i < han->n_compounds; i++) {
        compound moving = han->compounds[i];
        uint32_t at = i;
        for (; at > 0 && compare_compounds(&moving, &han->compounds[at - 1]) < 0; at--)
            han->compounds[at] = han->compounds[at - 1];
        han->compounds[at] = moving;
    }
}

static void number_fuzzy(hd_han *han)
{
    for (uint32_t i = 1; i < han->n_sounds; i++) {
        uint32_t first = 1;
        while (strcmp(han->sounds[first].fuzzy, han->sounds[i].fuzzy) != 0)
            first++;
        han->sounds[i].fuzzy_number = (uint16_t)first;
    }
}

/* A county's own line can lead to a form that folds on: all lead to the last one. Of a
 * circle one character stays itself. */
static void settle_folds(hd_han *han)
{
    enum { STEPS_MAX = 8 };
    for (uint32_t c = 0; c < N_PAGES * PAGE_CHARS; c++) {
        character *page = han->pages[c / PAGE_CHARS];
        if (page == han->blank) {
            c += PAGE_CHARS - 1;
            continue;
        }
        uint32_t fold = page[c % PAGE_CHARS].fold;
        for (int i = 0; fold && fold != c && find(han, fold)->fold && i < STEPS_MAX; i++)
            fold = find(han, fold)->fold;
        page[c % PAGE_CHARS].fold = fold == c ? 0 : fold & 0x1FFFFF;
    }
}

hd_han *hd_han_parse(hd_arena *arena, hd_str tsv, hd_str surnames_tsv, uint32_t *bad_line)
{
    hd_han *han = HD_NEW(arena, hd_han);
    parser p = {han, arena};
    han->blank = HD_NEW_N(arena, character, PAGE_CHARS);
    for (uint32_t i = 0; i < N_PAGES; i++)
        han->pages[i] = han->blank;
    han->sounds = HD_NEW_N(arena, sound, SYLLABLES_MAX);
    han->n_sounds = 1;
    han->compounds = HD_NEW_N(arena, compound, hd_str_count_pieces(surnames_tsv, '\n'));
    if (!parse_lines(&p, tsv, parse_character, bad_line))
        return NULL;
    settle_folds(han);
    settle_folds(han); /* a circle is open now, and what led into it finds its end */
    if (!parse_lines(&p, surnames_tsv, parse_surname, bad_line))
        return NULL;
    sort_compounds(han);
    number_fuzzy(han);
    *bad_line = 0;
    return han;
}

bool hd_han_parse_shapes(hd_arena *arena, hd_han *han, hd_str shapes_tsv, uint32_t *bad_line)
{
    parser p = {han, arena};
    if (!parse_lines(&p, shapes_tsv, parse_shape, bad_line))
        return false;
    *bad_line = 0;
    return true;
}

/* ---- texts --------------------------------------------------------------------------------- */

uint32_t hd_han_surname_len(const hd_han *han, hd_str name)
{
    uint32_t chars[HD_HAN_SURNAME_MAX + 1];
    uint32_t n = hd_utf8_decode(name, chars, HD_HAN_SURNAME_MAX + 1);
    if (n == 0 || !hd_is_han(chars[0]))
        return 0;
    return n > HD_HAN_SURNAME_MAX && find_compound(han, chars[0], chars[1]) ? 2 : 1;
}

uint32_t hd_han_known_surname(const hd_han *han, hd_str name, uint16_t readings[HD_HAN_SURNAME_MAX])
{
    uint32_t chars[HD_HAN_SURNAME_MAX];
    uint32_t n = hd_han_surname_len(han, name);
    readings[0] = readings[1] = 0;
    if (n == 0)
        return 0;
    hd_utf8_decode(name, chars, n);
    if (n > 1) {
        const compound *surname = find_compound(han, chars[0], chars[1]);
        memcpy(readings, surname->readings, sizeof surname->readings);
        return n;
    }
    const character *surname = find(han, hd_han_fold(han, chars[0]));
    readings[0] = surname->surname_reading;
    return surname->is_surname;
}

void hd_han_fold_text(const hd_han *han, hd_str text, hd_buf *out)
{
    for (uint32_t pos = 0; pos < text.len_bytes;)
        hd_buf_add_codepoint(out, hd_han_fold(han, hd_utf8_next(text, &pos)));
}

/* A name being spelt: words one blank apart; Latin letters gather in a word until it is closed. */
typedef struct speller {
    const hd_han *han;
    hd_buf *out;
    size_t start; /* where in `out` the name begins */
    size_t word;  /* where the open Latin word begins */
    bool in_word;
    bool fuzzy;
} speller;

/* Registers write a rare character as its pinyin: a Latin word that is a syllable sounds like it.
 */
static void close_word(speller *s)
{
    if (!s->in_word)
        return;
    s->in_word = false;
    hd_str word = {s->out->ptr + s->word, (uint32_t)(s->out->len_bytes - s->word)};
    uint16_t syllable = s->fuzzy ? hd_han_find_syllable(s->han, word) : 0;
    if (syllable) {
        s->out->len_bytes = s->word;
        hd_buf_add(s->out, hd_str_from(s->han->sounds[syllable].fuzzy));
    }
}

static void open_word(speller *s)
{
    close_word(s);
    if (s->out->len_bytes > s->start)
        hd_buf_add_char(s->out, ' ');
}

static bool is_separator(uint32_t c)
{
    switch (c) {
    case ' ':
    case '\t':
    case 0x00B7: /* the middle dot of the standard; then what is written for it */
    case 0x2022:
    case 0x2027:
    case 0x2219:
    case 0x22C5:
    case 0x3000:
    case 0x30FB:
    case 0xFF0E:
    case 0xFF65:
        return true;
    default:
        return false;
    }
}

static bool is_middle_dot(uint32_t c)
{
    return is_separator(c) && c != ' ' && c != '\t' && c != 0x3000;
}

/* In lower case, ü as v like in syllables; 0 where `c` is no Latin letter. */
static uint32_t latin_letter(uint32_t c)
{
    if (c < 0x80) {
        uint32_t lower = c | 0x20;
        return lower >= 'a' && lower <= 'z' ? lower : 0;
    }
    if (c == 0xDC || c == 0xFC)
        return 'v';
    if (c < 0xC0 || c > 0x24F || c == 0xD7 || c == 0xF7)
        return 0;
    return c <= 0xDE ? c + 0x20 : c;
}

static void add_latin(speller *s, uint32_t letter)
{
    if (!s->in_word) {
        open_word(s);
        s->in_word = true;
        s->word = s->out->len_bytes;
    }
    hd_buf_add_codepoint(s->out, letter);
}

static void add_character(speller *s, uint32_t c, uint16_t reading)
{
    uint32_t letter = latin_letter(c);
    if (letter) {
        add_latin(s, letter);
    } else if (is_separator(c)) {
        close_word(s);
    } else {
        open_word(s);
        const sound *heard = &s->han->sounds[reading];
        if (reading)
            hd_buf_add(s->out, hd_str_from(s->fuzzy ? heard->fuzzy : heard->text));
        else
            hd_buf_add_codepoint(s->out, c);
    }
}

static bool has_middle_dot(hd_str name)
{
    for (uint32_t pos = 0; pos < name.len_bytes;) {
        if (is_middle_dot(hd_utf8_next(name, &pos)))
            return true;
    }
    return false;
}

static void spell(const hd_han *han, hd_str name, hd_buf *out, bool fuzzy)
{
    speller s = {.han = han, .out = out, .start = out->len_bytes, .fuzzy = fuzzy};
    uint16_t surname[HD_HAN_SURNAME_MAX] = {0};
    if (!has_middle_dot(name)) /* the parts of a name with a dot are sounds of another language */
        hd_han_known_surname(han, name, surname);
    uint32_t i = 0;
    for (uint32_t pos = 0; pos < name.len_bytes; i++) {
        uint32_t c = hd_utf8_next(name, &pos);
        uint16_t reading = i < HD_HAN_SURNAME_MAX ? surname[i] / HD_HAN_TONES : 0;
        add_character(&s, c, reading ? reading : hd_han_reading(han, c));
    }
    close_word(&s);
}

void hd_han_pinyin(const hd_han *han, hd_str name, hd_buf *out)
{
    spell(han, name, out, false);
}

void hd_han_fuzzy_pinyin(const hd_han *han, hd_str name, hd_buf *out)
{
    spell(han, name, out, true);
}
