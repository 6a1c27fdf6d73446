#include <unicode/uchar.h>

#include "base/utf8.h"
#include "pipeline/standardise/standardise.h"

/* Separator of the parts of a name: 民委发〔2016〕33号 allows U+00B7 and no other. What is left of
 * a damaged name has a LOST for each character that is not. */
enum { DOT = 0xB7, LOST = 0x25A1 };

static bool is_han(uint32_t point)
{
    return (point >= 0x4E00 && point <= 0x9FFF) || (hd_is_han(point) && point != 0x3007);
}

/* A letter or mark of any other script; U+3005 (々) counts as Han in names. */
static bool is_letter(uint32_t point)
{
    if (point < 0x80)
        return (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z');
    return u_isalpha((UChar32)point) || (U_GET_GC_MASK((UChar32)point) & U_GC_M_MASK) != 0;
}

static void cut_front(hd_std_env *env, uint32_t n)
{
    env->n -= n;
    memmove(env->points, env->points + n, env->n * sizeof *env->points);
}

/* ---- dots and blanks ---- */

static bool is_strong_dot(uint32_t point)
{
    return point == DOT || point == 0x2022 || point == 0x2027 || point == 0x2219 ||
           point == 0x22C5 || point == 0x30FB || point == 0xA78F || point == 0x16EB ||
           point == 0x1427 || point == 0x2E31;
}

/* ● ? and * also stand for a lost character, 、 between two persons, and a dash for either: they
 * are dots only where a part is longer than the names of Han people are. */
static bool is_weak_dot(uint32_t point)
{
    return point == 0x25CF || point == 0x3001 || point == '?' || point == '*' || point == '-' ||
           point == '_' || point == 0x2013 || point == 0x2014;
}

static bool weak_dots_count(const hd_std_env *env)
{
    uint32_t longest = 0, run = 0;
    for (uint32_t i = 0; i < env->n; i++) {
        run = is_han(env->points[i]) ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest >= 4;
}

/* A full stop is a dot next to a Han character, and belongs to the letter before it elsewhere. */
static bool is_dot_at(const hd_std_env *env, uint32_t i, bool weak)
{
    uint32_t point = env->points[i];
    if (is_strong_dot(point))
        return true;
    if (is_weak_dot(point))
        return weak && i > 0 && i + 1 < env->n && is_han(env->points[i - 1]) &&
               is_han(env->points[i + 1]);
    if (point != '.' && point != 0x3002)
        return false;
    return (i > 0 && is_han(env->points[i - 1])) || (i + 1 < env->n && is_han(env->points[i + 1]));
}

static void fold_dots(hd_std_env *env, uint32_t *reasons)
{
    bool weak = weak_dots_count(env);
    uint32_t n = 0;
    for (uint32_t i = 0; i < env->n; i++) {
        bool dot = is_dot_at(env, i, weak);
        if (dot && (env->points[i] != DOT || (n && env->points[n - 1] == DOT)))
            *reasons |= HD_REASON_BIT(dot);
        if (!dot)
            env->points[n++] = env->points[i];
        else if (n == 0 || env->points[n - 1] != DOT)
            env->points[n++] = DOT;
    }
    env->n = n;
}

/* A blank parts the words of a name in letters, and has no place beside Han or a dot. */
static void drop_blanks(hd_std_env *env, uint32_t *reasons)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        uint32_t after = i + 1 < env->n ? env->points[i + 1] : DOT;
        uint32_t before = n ? env->points[n - 1] : DOT;
        if (point == ' ' && (before == DOT || after == DOT || is_han(before) || is_han(after)))
            *reasons |= HD_REASON_BIT(blanks);
        else if (point == DOT && before == DOT && n)
            *reasons |= HD_REASON_BIT(dot);
        else
            env->points[n++] = point;
    }
    env->n = n;
}

/* 王秀.芳: parts of a name have two characters or more, and few names with a dot have three in all.
 * A dot in so short a name is a slip. */
static bool drop_stray_dot(hd_std_env *env, uint32_t *reasons)
{
    enum { SHORT = 3 };
    uint32_t n_dots = 0, at = 0;
    for (uint32_t i = 0; i < env->n; i++) {
        if (env->points[i] != DOT && !is_han(env->points[i]))
            return false;
        if (env->points[i] == DOT) {
            n_dots++;
            at = i;
        }
    }
    if (n_dots != 1 || env->n > SHORT + 1 || at == 0 || at + 1 == env->n)
        return false;
    env->n--;
    memmove(env->points + at, env->points + at + 1, (env->n - at) * sizeof *env->points);
    *reasons |= HD_REASON_BIT(dot);
    return true;
}

/* ---- notes ---- */

static bool is_open(uint32_t point)
{
    return point == '(' || point == '[' || point == '{' || point == '<' || point == 0x3010 ||
           point == 0x3014 || point == 0x3008 || point == 0x300A || point == 0x300C ||
           point == 0x300E;
}

static bool is_close(uint32_t point)
{
    return point == ')' || point == ']' || point == '}' || point == '>' || point == 0x3011 ||
           point == 0x3015 || point == 0x3009 || point == 0x300B || point == 0x300D ||
           point == 0x300F;
}

/* What stands at the ends of a name without being of it. */
static bool is_litter(uint32_t point)
{
    return hd_std_is_digit(point) || is_close(point) || point == DOT || point == ' ' ||
           point == 0x3001 || point == 0x3002 || (point >= 0x2018 && point <= 0x201D) ||
           (point < 0x80 && strchr(".,;:'\"`/\\+-~#|!=", (int)point) != NULL);
}

static bool trim_litter(hd_std_env *env)
{
    uint32_t n = env->n, front = 0;
    while (env->n > 0 && is_litter(env->points[env->n - 1]))
        env->n--;
    while (front < env->n && is_litter(env->points[front]))
        front++;
    cut_front(env, front);
    return env->n != n;
}

/* 张小(上大下力), 李(王旁): the note says how a character looks that could not be written. Two of
 * the first words are needed, as one of them can be in the name of a place. */
static bool describes_character(const uint32_t *points, uint32_t n)
{
    static const char32_t words[] = U"上下左右加";
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (points[i] == U'旁')
            return true;
        for (const char32_t *c = words; *c; c++)
            found += points[i] == *c;
    }
    return found >= 2;
}

/* 李小〔由页〕, 李小(木页): the parts of a character. The brackets of the first are those for it;
 * in others the first part must be one that opens many characters and is nobody's surname, or the
 * note could be another name. */
static bool spells_character(const hd_std_env *env, uint32_t open, uint32_t close)
{
    static const char32_t parts[] = U"木火氵扌亻钅讠纟犭忄礻衤疒辶艹女土口日月目虫足雨食饣弓彳阝";
    const uint32_t *note = env->points + open + 1;
    uint32_t n = close - open - 1;
    if (n < 2 || n > 3)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!is_han(note[i]))
            return false;
    if (env->points[open] == 0x3014)
        return true;
    const char32_t *part = parts;
    while (*part && *part != note[0])
        part++;
    return *part != 0;
}

/* Cut the last note in brackets, closed or not. True where there was one. A bracket in the middle,
 * or one that leaves a surname alone, stands for a character, which is lost. */
static bool cut_brackets(hd_std_env *env)
{
    uint32_t open = env->n, close;
    while (open > 0 && !is_open(env->points[open - 1]))
        open--;
    if (open-- == 0)
        return false;
    for (close = open + 1; close < env->n && !is_close(env->points[close]);)
        close++;
    bool at_end = close + 1 >= env->n;
    if (open == 0 && at_end) {
        env->n = close;
        cut_front(env, 1);
    } else if (open == 0) {
        cut_front(env, close + 1);
    } else if (!at_end || (open == 1 && is_han(env->points[0])) ||
               describes_character(env->points + open + 1, close - open - 1) ||
               spells_character(env, open, close)) {
        env->points[open] = LOST;
        uint32_t after = close + 1 < env->n ? env->n - close - 1 : 0;
        memmove(env->points + open + 1, env->points + close + 1, after * sizeof *env->points);
        env->n = open + 1 + after;
    } else {
        env->n = open;
    }
    return true;
}

/* 张三A: the first of two of that name in the village. */
static bool cut_letter(hd_std_env *env)
{
    uint32_t n = env->n;
    if (n < 3 || !is_han(env->points[n - 2]) || !is_han(env->points[n - 3]))
        return false;
    uint32_t letter = env->points[n - 1] & ~UINT32_C(0x20);
    env->n -= letter >= 'A' && letter <= 'D';
    return env->n != n;
}

/* Notes can stand behind one another, in any order. */
static void cut_notes(hd_std_env *env, uint32_t *reasons)
{
    for (bool found = true; found;) {
        found = trim_litter(env);
        found = cut_brackets(env) || found;
        found = hd_std_name_cut_words(env) || found;
        found = cut_letter(env) || found;
        *reasons |= found ? HD_REASON_BIT(note) : 0;
        found = drop_stray_dot(env, reasons) || found;
    }
}

/* ---- what stands for a lost character ---- */

/* ⿰亻由: how a character is put together; its length in points, 1 where nothing is put together.
 */
static uint32_t description_length(const uint32_t *points, uint32_t n)
{
    uint32_t length = 0;
    for (uint32_t wanted = 1; wanted > 0 && length < n; wanted--, length++) {
        uint32_t point = points[length];
        if (point >= 0x2FF0 && point <= 0x2FFB)
            wanted += point == 0x2FF2 || point == 0x2FF3 ? 3 : 2;
    }
    return length;
}

/* XX and × stand for what is not told: how many of them stand at the front. */
static uint32_t n_crosses(const uint32_t *points, uint32_t n)
{
    uint32_t crosses = 0;
    while (crosses < n && (points[crosses] == 0xD7 || (points[crosses] | 0x20) == 'x'))
        crosses++;
    return crosses == 1 && points[0] != 0xD7 ? 0 : crosses;
}

/* The end of the part that begins at `i`, and whether there are Han and letters in it. */
static uint32_t part_end(const hd_std_env *env, uint32_t i, bool *han, bool *letters)
{
    for (*han = *letters = false; i < env->n && env->points[i] != DOT && env->points[i] != ' ';
         i++) {
        *han = *han || is_han(env->points[i]);
        *letters = *letters || (!is_han(env->points[i]) && is_letter(env->points[i]) &&
                                env->points[i] != 0x3005);
    }
    return i;
}

/* Whether the point stands for a character: signs, digits, private code points; 〇, which is
 * written where a character is missing far more often than it is meant. */
static bool is_stand_in(uint32_t point, bool han, bool letters)
{
    if (is_han(point))
        return false;
    if (is_letter(point))
        return false;
    return han || !letters || point >= 0x80 || strchr("'-.,", (int)point) == NULL;
}

/* A LOST for each character that could not be written. Letters inside a Han part (张yu) stay:
 * pinyin tells how it sounds. True where anything is lost. */
static bool mark_lost(hd_std_env *env)
{
    bool lost = false;
    uint32_t n = 0;
    for (uint32_t i = 0; i < env->n;) {
        bool han, letters;
        uint32_t end = part_end(env, i, &han, &letters);
        lost = lost || (han && letters);
        while (i < end) {
            uint32_t crosses = han ? n_crosses(env->points + i, end - i) : 0;
            bool stands = crosses > 0 || is_stand_in(env->points[i], han, letters);
            uint32_t length = stands ? description_length(env->points + i, end - i) : 1;
            env->points[n++] = stands ? (uint32_t)LOST : env->points[i];
            for (uint32_t more = 1; more < crosses; more++, length++)
                env->points[n++] = LOST;
            lost = lost || stands;
            i += length;
        }
        if (i < env->n)
            env->points[n++] = env->points[i++];
    }
    env->n = n;
    return lost;
}

static bool nothing_left(const hd_std_env *env)
{
    for (uint32_t i = 0; i < env->n; i++)
        if (env->points[i] != LOST && env->points[i] != DOT && env->points[i] != ' ')
            return false;
    return true;
}

/* ---- names in letters ---- */

/* Capitals for Latin letters: such names are written in either case and mean the same. Beyond
 * U+024F single letters have no capital form that NFKC would keep. */
static void raise_letters(hd_std_env *env)
{
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        if (point >= 'a' && point <= 'z')
            env->points[i] = point - ('a' - 'A');
        else if (point >= 0xC0 && point <= 0x24F)
            env->points[i] = (uint32_t)u_toupper((UChar32)point);
    }
    hd_std_normalise(env);
}

/* ---- the whole ---- */

/* A name as nearly all are: nothing but Han of the first block, three bytes each. */
static bool read_plain(hd_std_env *env, hd_str raw)
{
    if (raw.len_bytes == 0 || raw.len_bytes > 3 * HD_STD_NAME_MAX || raw.len_bytes % 3)
        return false;
    uint32_t n = 0;
    for (uint32_t pos = 0; pos < raw.len_bytes;) {
        uint32_t point = hd_utf8_next(raw, &pos);
        if (point < HD_STD_HAN_FIRST || point > HD_STD_HAN_LAST)
            return false;
        env->points[n++] = point;
    }
    env->n = n;
    return true;
}

static hd_std_result damaged(hd_std_env *env, uint32_t reasons)
{
    reasons |= HD_REASON_BIT(stand_in);
    if (nothing_left(env))
        return hd_std_none(HD_STATE_damaged, reasons);
    hd_std_result r = hd_std_good_points(env, HD_STD_NAME_MAX, reasons);
    if (r.state != HD_STATE_invalid)
        r.state = HD_STATE_damaged;
    return r;
}

static hd_std_result standardise_folded(hd_std_env *env, uint32_t reasons)
{
    fold_dots(env, &reasons);
    drop_blanks(env, &reasons);
    if (hd_std_is_no_name(env->points, env->n))
        return hd_std_placeholder(reasons);
    cut_notes(env, &reasons);
    raise_letters(env);
    if (hd_std_is_no_name(env->points, env->n))
        return hd_std_placeholder(reasons);
    if (mark_lost(env))
        return damaged(env, reasons);
    if (reasons & HD_REASON_BIT(note) && env->n == 1 && is_han(env->points[0]))
        return hd_std_placeholder(reasons); /* 王女士: a surname alone */
    return hd_std_good_points(env, HD_STD_NAME_MAX, reasons);
}

static hd_std_result standardise_plain(hd_std_env *env, hd_str raw)
{
    if (!hd_std_name_may_hold_word(env))
        return hd_std_good(raw, 0);
    if (hd_std_is_no_name(env->points, env->n))
        return hd_std_placeholder(0);
    if (!hd_std_name_cut_words(env))
        return hd_std_good(raw, 0);
    return standardise_folded(env, HD_REASON_BIT(note));
}

hd_std_result hd_std_name(hd_std_env *env, hd_str raw)
{
    if (read_plain(env, raw))
        return standardise_plain(env, raw);
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_ONE, &settled))
        return settled;
    return standardise_folded(env, settled.reasons);
}
