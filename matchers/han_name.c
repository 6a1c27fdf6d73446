#include "matchers/han_name.h"

#include "base/utf8.h"
#include "hedui/status.h"

enum {
    DOT = 0xB7,
    SYLLABLES_FROM = 0x110000, /* folded form of a syllable: past all code points */
    WHOLE = 1000,              /* cost of a pair without relation */
    WORD_MAX = 6               /* letters of the longest syllable */
};

static const char *const relation_names[] = {
#define X(name) #name,
    HD_NAME_RELATIONS(X)
#undef X
};

static const hd_str level_names[] = {/* with their lengths: they are looked for in pair loops */
#define X(name) {#name, sizeof #name - 1},
                                     HD_NAME_LEVELS(X)
#undef X
};

const char *hd_name_relation_name(hd_name_relation relation)
{
    return relation_names[relation];
}

const char *hd_name_level_name(hd_name_level level)
{
    return level_names[level].ptr;
}

int hd_name_level_find(hd_str name)
{
    for (int i = 0; i < HD_N_NAME_LEVELS; i++)
        if (hd_str_eq(name, level_names[i]))
            return i;
    return -1;
}

/* ---- prepare ---- */

static uint64_t bit_of(uint32_t number)
{
    return UINT64_C(1) << (number * UINT32_C(0x9E3779B1) >> 26);
}

static void add_reading(const hd_han *han, hd_name_unit *unit, uint16_t reading)
{
    uint32_t fuzzy = hd_han_fuzzy_syllable(han, reading / HD_HAN_TONES);
    uint32_t packed = fuzzy << 16 | reading;
    for (uint32_t i = 0; i < unit->n_readings; i++)
        if (unit->readings[i] == packed)
            return;
    if (unit->n_readings == HD_HAN_NAME_READINGS)
        return;
    unit->readings[unit->n_readings++] = packed;
    unit->sounds |= bit_of(fuzzy);
}

/* `as_surname`: the reading as one; 0: the customary one, or no surname. */
static void set_character(const hd_han *han, hd_name_unit *unit, uint32_t c, uint16_t as_surname)
{
    unit->written = c;
    unit->folded = hd_han_fold(han, c);
    if (as_surname)
        add_reading(han, unit, as_surname);
    for (const uint16_t *r = hd_han_readings(han, c); *r; r++)
        add_reading(han, unit, *r);
    unit->n_first = unit->surname && unit->n_readings ? 1 : unit->n_readings;
    unit->shape = bit_of(unit->folded);
    unit->looks = hd_han_alike(han, c);
    for (const uint32_t *look = unit->looks; *look; look++)
        unit->alike |= bit_of(*look);
}

/* Registers write a rare character as its pinyin. The tone is not known. */
static void set_syllable(const hd_han *han, hd_name_unit *unit, uint16_t syllable)
{
    static const uint32_t none = 0;
    unit->written = unit->folded = SYLLABLES_FROM + syllable;
    add_reading(han, unit, (uint16_t)(syllable * HD_HAN_TONES));
    unit->n_first = 1;
    unit->looks = &none;
}

static bool is_capital(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}

/* The letters of the word at `pos` as a syllable, 0 where they are none; `*end` after them. */
static uint16_t syllable_at(const hd_han *han, hd_str name, uint32_t pos, uint32_t *end)
{
    char letters[WORD_MAX];
    uint32_t n = 0;
    for (*end = pos; *end < name.len_bytes && is_capital((unsigned char)name.ptr[*end]); (*end)++)
        if (n < WORD_MAX)
            letters[n++] = (char)(name.ptr[*end] | 0x20);
    return *end - pos == n ? hd_han_find_syllable(han, (hd_str){letters, n}) : 0;
}

/* Letters are pinyin beside Han, or where each word is a syllable: LI is one in 张LI and in LI NA,
 * and two letters in LISA. */
static bool has_pinyin(const hd_han *han, hd_str name)
{
    bool all = true, any_han = false;
    for (uint32_t pos = 0; pos < name.len_bytes;) {
        uint32_t end;
        if (is_capital((unsigned char)name.ptr[pos])) {
            all = syllable_at(han, name, pos, &end) != 0 && all;
            pos = end;
        } else {
            any_han = hd_is_han(hd_utf8_next(name, &pos)) || any_han;
        }
    }
    return any_han || all;
}

static bool has_dot(hd_str name)
{
    return memmem(name.ptr, name.len_bytes, "\xC2\xB7", 2) != NULL;
}

void hd_han_name_prepare(const hd_han *han, hd_str name, hd_han_name *out)
{
    uint16_t as_surname[HD_HAN_SURNAME_MAX] = {0};
    uint32_t n_surname = has_dot(name) ? 0 : hd_han_known_surname(han, name, as_surname);
    bool pinyin = has_pinyin(han, name);
    out->n = 0;
    out->n_parts = 1;
    for (uint32_t pos = 0; pos < name.len_bytes && out->n < HD_HAN_NAME_MAX;) {
        uint32_t end, start = pos, c = hd_utf8_next(name, &pos);
        out->n_parts += c == DOT;
        if (c == DOT || c == ' ')
            continue;
        uint32_t i = out->n++;
        hd_name_unit *unit = &out->unit[i];
        *unit = (hd_name_unit){.part = (uint8_t)(out->n_parts - 1), .surname = i < n_surname};
        uint16_t syllable = pinyin && is_capital(c) ? syllable_at(han, name, start, &end) : 0;
        if (syllable)
            set_syllable(han, unit, syllable), pos = end;
        else
            set_character(han, unit, c, i < n_surname ? as_surname[i] : 0);
    }
}

size_t hd_han_name_bytes(const hd_han_name *name)
{
    return offsetof(hd_han_name, unit) + name->n * sizeof name->unit[0];
}

/* ---- two characters ---- */

static hd_name_relation compare_readings(uint32_t x, uint32_t y, bool first)
{
    if (x >> 16 != y >> 16)
        return HD_NAME_different;
    uint32_t tone = x % HD_HAN_TONES, other = y % HD_HAN_TONES;
    if (!first || (x & 0xFFFF) - tone != (y & 0xFFFF) - other)
        return HD_NAME_near_reading;
    return tone == other && tone ? HD_NAME_same_reading : HD_NAME_other_tone;
}

static hd_name_relation by_sound(const hd_name_unit *a, const hd_name_unit *b)
{
    hd_name_relation best = HD_NAME_different;
    if (!(a->sounds & b->sounds))
        return best;
    for (uint32_t i = 0; i < a->n_readings; i++) {
        for (uint32_t j = 0; j < b->n_readings; j++) {
            bool first = i < a->n_first && j < b->n_first;
            hd_name_relation r = compare_readings(a->readings[i], b->readings[j], first);
            best = r < best ? r : best;
        }
    }
    return best;
}

static bool by_shape(const hd_name_unit *a, const hd_name_unit *b)
{
    if (!(a->alike & b->shape))
        return false;
    const uint32_t *look = a->looks;
    while (*look && *look != b->folded)
        look++;
    return *look != 0;
}

/* By what is known of surnames, and of given names: see the header. Of the readings, one that is
 * also alike to the eye costs two thirds: 清 青 can come by either way. */
static const uint16_t costs[HD_N_NAME_RELATIONS][2] = {
    [HD_NAME_same] = {0, 0},
    [HD_NAME_variant] = {30, 20},
    [HD_NAME_same_reading] = {180, 200},
    [HD_NAME_other_tone] = {280, 300},
    [HD_NAME_near_reading] = {380, 400},
    [HD_NAME_similar_shape] = {320, 350},
    [HD_NAME_unknown] = {500, 420},
    [HD_NAME_swapped] = {100, 100}, /* each of the two */
    [HD_NAME_missing] = {600, 650},
    [HD_NAME_different] = {WHOLE, WHOLE},
};
enum { MISSING_IN_PARTS = 500 }; /* a name without the father's is a lawful name */

static hd_name_relation relate(const hd_name_unit *a, const hd_name_unit *b, uint32_t *cost)
{
    hd_name_relation relation;
    bool surname = a->surname && b->surname, alike = false;
    if (a->written == HD_HAN_LOST || b->written == HD_HAN_LOST) {
        relation = HD_NAME_unknown;
    } else if (a->folded == b->folded) {
        relation = a->written == b->written ? HD_NAME_same : HD_NAME_variant;
    } else {
        relation = by_sound(a, b);
        alike = by_shape(a, b) || by_shape(b, a);
        if (relation == HD_NAME_different && alike)
            relation = HD_NAME_similar_shape;
    }
    *cost = costs[relation][surname];
    if (alike && relation != HD_NAME_similar_shape)
        *cost = *cost * 2 / 3;
    return relation;
}

/* ---- two names ---- */

typedef enum step { PAIR, SWAP, LEAVE_A, LEAVE_B } step;

enum { SIDE = HD_HAN_NAME_MAX + 1 };

typedef struct alignment {
    const hd_name_unit *a, *b; /* in the order that is compared */
    uint32_t n_a, n_b;
    bool parts;
    uint32_t cost[3][SIDE]; /* of this row and the two before */
    uint8_t step[SIDE][SIDE];
    uint8_t relation[SIDE][SIDE];
} alignment;

static uint32_t missing_cost(const alignment *al, const hd_name_unit *unit)
{
    return al->parts ? (uint32_t)MISSING_IN_PARTS : costs[HD_NAME_missing][unit->surname];
}

static bool is_swap(const alignment *al, uint32_t i, uint32_t j)
{
    return i > 1 && j > 1 && al->a[i - 1].folded == al->b[j - 2].folded &&
           al->a[i - 2].folded == al->b[j - 1].folded &&
           al->a[i - 1].folded != al->a[i - 2].folded && al->a[i - 1].written != HD_HAN_LOST &&
           al->a[i - 2].written != HD_HAN_LOST;
}

static void fill_cell(alignment *al, uint32_t i, uint32_t j)
{
    const hd_name_unit *x = &al->a[i - 1], *y = &al->b[j - 1];
    uint32_t *row = al->cost[i % 3], *before = al->cost[(i + 2) % 3], pair;
    al->relation[i][j] = (uint8_t)relate(x, y, &pair);
    uint32_t best = before[j - 1] + pair;
    step how = PAIR;
    if (before[j] + missing_cost(al, x) < best) {
        best = before[j] + missing_cost(al, x);
        how = LEAVE_A;
    }
    if (row[j - 1] + missing_cost(al, y) < best) {
        best = row[j - 1] + missing_cost(al, y);
        how = LEAVE_B;
    }
    uint32_t swapped = 2u * costs[HD_NAME_swapped][0];
    if (is_swap(al, i, j) && al->cost[(i + 1) % 3][j - 2] + swapped < best) {
        best = al->cost[(i + 1) % 3][j - 2] + swapped;
        how = SWAP;
    }
    row[j] = best;
    al->step[i][j] = (uint8_t)how;
}

static uint32_t align(alignment *al)
{
    al->cost[0][0] = 0;
    for (uint32_t j = 1; j <= al->n_b; j++) {
        al->cost[0][j] = al->cost[0][j - 1] + missing_cost(al, &al->b[j - 1]);
        al->step[0][j] = LEAVE_B;
    }
    for (uint32_t i = 1; i <= al->n_a; i++) {
        al->cost[i % 3][0] = al->cost[(i + 2) % 3][0] + missing_cost(al, &al->a[i - 1]);
        al->step[i][0] = LEAVE_A;
        for (uint32_t j = 1; j <= al->n_b; j++)
            fill_cell(al, i, j);
    }
    return al->cost[al->n_a % 3][al->n_b];
}

/* A column of the alignment; NULL: nothing stands there. */
typedef struct column {
    const hd_name_unit *a, *b;
    hd_name_relation relation;
} column;

/* Last column first. */
static uint32_t trace(const alignment *al, column *out)
{
    uint32_t i = al->n_a, j = al->n_b, n = 0;
    while (i || j) {
        const hd_name_unit *x = i ? &al->a[i - 1] : NULL, *y = j ? &al->b[j - 1] : NULL;
        switch ((step)al->step[i][j]) {
        case PAIR:
            out[n++] = (column){x, y, (hd_name_relation)al->relation[i][j]};
            i--, j--;
            break;
        case SWAP:
            out[n++] = (column){x, y, HD_NAME_swapped};
            out[n++] = (column){x - 1, y - 1, HD_NAME_swapped};
            i -= 2, j -= 2;
            break;
        case LEAVE_A:
            out[n++] = (column){x, NULL, HD_NAME_missing};
            i--;
            break;
        case LEAVE_B:
            out[n++] = (column){NULL, y, HD_NAME_missing};
            j--;
            break;
        }
    }
    return n;
}

static bool is_surname(const column *c)
{
    return (c->a && c->a->surname) || (c->b && c->b->surname);
}

typedef struct tally {
    uint32_t agree, agree_given, apart, apart_surname, n_alike;
    uint32_t agree_first; /* in the first part of both: what stands behind a dot is the father's */
    hd_name_relation worst;
} tally;

/* Two slips in one name are rare: below the levels of likeness, what agrees agrees in writing, or
 * in sound where the name is a sound written down, as a name with dots is. */
static tally count(const column *columns, uint32_t n, bool parts)
{
    hd_name_relation least = parts ? HD_NAME_other_tone : HD_NAME_variant;
    tally t = {0};
    for (uint32_t i = 0; i < n; i++) {
        hd_name_relation r = columns[i].relation;
        bool surname = is_surname(&columns[i]);
        bool agrees = r <= least || r == HD_NAME_swapped;
        bool apart = !agrees && r != HD_NAME_unknown;
        t.agree += agrees;
        t.agree_given += agrees && !surname;
        t.agree_first += agrees && columns[i].a->part == 0 && columns[i].b->part == 0;
        t.apart += apart;
        t.apart_surname += apart && surname;
        t.n_alike += apart && r <= HD_NAME_similar_shape;
        t.worst = r > t.worst ? r : t.worst;
    }
    return t;
}

/* Where a surname was found in neither, `apart_surname` is 0, and so `surname` means that less than
 * half is the same. */
static hd_name_level level_of(const tally *t)
{
    static const hd_name_level levels[] = {HD_NAME_LEVEL_same,         HD_NAME_LEVEL_variant,
                                           HD_NAME_LEVEL_same_reading, HD_NAME_LEVEL_other_tone,
                                           HD_NAME_LEVEL_near_reading, HD_NAME_LEVEL_similar_shape};
    if (t->worst <= HD_NAME_similar_shape)
        return levels[t->worst];
    if (t->agree == 0)
        return HD_NAME_LEVEL_different;
    if (t->worst == HD_NAME_unknown && t->apart == 0)
        return HD_NAME_LEVEL_unknown;
    if (t->agree_given == 0)
        return HD_NAME_LEVEL_surname;
    if (t->worst == HD_NAME_swapped && t->n_alike == 0)
        return HD_NAME_LEVEL_swapped;
    if (t->worst == HD_NAME_missing && t->n_alike == 0 && t->agree >= 2 && t->agree_first)
        return HD_NAME_LEVEL_part;
    if (t->apart == t->apart_surname)
        return HD_NAME_LEVEL_given;
    if (t->apart == 1 && t->agree >= 2)
        return HD_NAME_LEVEL_one_character;
    return t->apart_surname ? HD_NAME_LEVEL_different : HD_NAME_LEVEL_surname;
}

/* The parts of a name change places: the first one last. */
static void turn(const hd_han_name *name, hd_name_unit *out)
{
    uint32_t first = 0;
    while (first < name->n && name->unit[first].part == 0)
        first++;
    memcpy(out, name->unit + first, (name->n - first) * sizeof *out);
    memcpy(out + name->n - first, name->unit, first * sizeof *out);
}

static bool is_ordered(const hd_han_name *a, const hd_han_name *b)
{
    if (a->n != b->n)
        return a->n < b->n;
    for (uint32_t i = 0; i < a->n; i++)
        if (a->unit[i].written != b->unit[i].written)
            return a->unit[i].written < b->unit[i].written;
    return a->n_parts <= b->n_parts;
}

/* Of alignments that cost the same one is taken, so both orders of the names must give one and the
 * same: `*exchanged` says that b comes first. */
static uint32_t align_names(alignment *al, const hd_han_name *a, const hd_han_name *b,
                            hd_name_unit *turned, bool *exchanged)
{
    *exchanged = !is_ordered(a, b);
    const hd_han_name *x = *exchanged ? b : a, *y = *exchanged ? a : b;
    al->a = x->unit;
    al->b = y->unit;
    al->n_a = x->n;
    al->n_b = y->n;
    al->parts = x->n_parts > 1 || y->n_parts > 1;
    uint32_t cost = align(al);
    if (x->n_parts < 2 || y->n_parts < 2)
        return cost;
    turn(y, turned);
    al->b = turned;
    uint32_t price = 2u * costs[HD_NAME_swapped][0], other = align(al) + price;
    if (other < cost)
        return other;
    al->b = y->unit;
    return align(al);
}

static hd_name_match match_of(const alignment *al, uint32_t cost, const tally *t)
{
    uint32_t longer = al->n_a > al->n_b ? al->n_a : al->n_b;
    double score = 1.0 - (double)cost / (double)(longer * WHOLE);
    return (hd_name_match){level_of(t), score > 0 ? score : 0};
}

static bool same_names(const hd_han_name *a, const hd_han_name *b)
{
    if (a->n != b->n || a->n_parts != b->n_parts)
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (a->unit[i].written != b->unit[i].written || a->unit[i].written == HD_HAN_LOST)
            return false;
    return true;
}

hd_name_match hd_han_name_compare(const hd_han_name *a, const hd_han_name *b)
{
    if (a->n == 0 || b->n == 0)
        return (hd_name_match){HD_NAME_LEVEL_different, 0};
    if (same_names(a, b))
        return (hd_name_match){HD_NAME_LEVEL_same, 1};
    alignment al;
    hd_name_unit turned[HD_HAN_NAME_MAX];
    column columns[2 * HD_HAN_NAME_MAX];
    bool exchanged;
    uint32_t cost = align_names(&al, a, b, turned, &exchanged);
    tally t = count(columns, trace(&al, columns), al.parts);
    if (al.b == turned && t.worst < HD_NAME_swapped)
        t.worst = HD_NAME_swapped;
    return match_of(&al, cost, &t);
}

/* ---- explain ---- */

static void write_unit(const hd_name_unit *unit, hd_buf *out)
{
    if (!unit)
        hd_buf_add_char(out, '-');
    else if (unit->written >= SYLLABLES_FROM)
        hd_buf_add(out, HD_STR("pinyin"));
    else
        hd_buf_add_codepoint(out, unit->written);
}

void hd_han_name_explain(const hd_han_name *a, const hd_han_name *b, hd_buf *out)
{
    if (a->n == 0 || b->n == 0)
        return;
    alignment al;
    hd_name_unit turned[HD_HAN_NAME_MAX];
    column columns[2 * HD_HAN_NAME_MAX];
    bool exchanged, first = true;
    align_names(&al, a, b, turned, &exchanged);
    for (uint32_t i = trace(&al, columns); i-- > 0;) {
        const column *c = &columns[i];
        if (c->relation == HD_NAME_same)
            continue;
        hd_buf_add(out, first ? HD_STR("") : HD_STR(", "));
        first = false;
        write_unit(exchanged ? c->b : c->a, out);
        hd_buf_add_char(out, ':');
        write_unit(exchanged ? c->a : c->b, out);
        hd_buf_addf(out, " %s", hd_name_relation_name(c->relation));
    }
}
