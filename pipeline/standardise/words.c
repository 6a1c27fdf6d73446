#include "pipeline/standardise/standardise.h"

bool hd_std_is_word(const uint32_t *points, uint32_t n, const char32_t *word)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t point = points[i];
        if (point >= 'a' && point <= 'z')
            point -= 'a' - 'A';
        if (word[i] == 0 || word[i] != point)
            return false;
    }
    return word[n] == 0;
}

bool hd_std_is_any_word(const uint32_t *points, uint32_t n, const char32_t *const *words,
                        size_t n_words)
{
    for (size_t i = 0; i < n_words; i++) {
        if (hd_std_is_word(points, n, words[i]))
            return true;
    }
    return false;
}

uint32_t hd_std_ends(const uint32_t *points, uint32_t n, const char32_t *word)
{
    uint32_t len = 0;
    while (word[len])
        len++;
    return len <= n && hd_std_is_word(points + n - len, len, word) ? len : 0;
}

static bool is_sign(uint32_t point)
{
    static const char32_t others[] = U"—–―…·。，、～〜＿‘’“”";
    if (point < 0x80)
        return point > 0x20 && strchr("-_/\\.,;:~`'\"|+=*#()<>[]{}!@^", (int)point) != NULL;
    for (const char32_t *c = others; *c; c++) {
        if (*c == point)
            return true;
    }
    return false;
}

static bool only_signs(const uint32_t *points, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!is_sign(points[i]) && points[i] != ' ')
            return false;
    }
    return true;
}

/* In any field. Letters in capitals. */
static const char32_t *const no_value[] = {
    U"无",     U"空",     U"空白",   U"缺",     U"不详",    U"不祥",    U"不明",    U"不清",
    U"不清楚", U"不知",   U"不知道", U"未知",   U"未详",    U"未填",    U"未报",    U"未录",
    U"未登记", U"未说明", U"未提供", U"未核实", U"暂无",    U"暂缺",    U"没有",    U"待定",
    U"待查",   U"待补",   U"待补录", U"待核",   U"待核实",  U"待确认",  U"待完善",  U"待录入",
    U"无数据", U"无信息", U"无资料", U"无此项", U"拒报",    U"测试",    U"NULL",    U"(NULL)",
    U"<NULL>", U"NONE",   U"NIL",    U"NAN",    U"NA",      U"N/A",     U"\\N",     U"#N/A",
    U"#NULL!", U"#REF!",  U"#NUM!",  U"#NAME?", U"#DIV/0!", U"#VALUE!", U"UNKNOWN", U"UNDEFINED",
    U"TEST"};

enum { NO_VALUE_LONGEST = 9 };

const char32_t *const *hd_std_no_value_words(size_t *n)
{
    *n = sizeof no_value / sizeof *no_value;
    return no_value;
}

bool hd_std_is_no_value(const uint32_t *points, uint32_t n)
{
    size_t n_words;
    const char32_t *const *words = hd_std_no_value_words(&n_words);
    if (n > 0 && n <= NO_VALUE_LONGEST && !hd_std_is_digit(points[0]) &&
        hd_std_is_any_word(points, n, words, n_words))
        return true;
    return only_signs(points, n);
}

bool hd_std_all_same(const char *digits, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        if (digits[i] != digits[0])
            return false;
    }
    return n > 0;
}

bool hd_std_counting(const char *digits, uint32_t n)
{
    bool up = n > 1, down = n > 1;
    for (uint32_t i = 1; i < n; i++) {
        int step = (digits[i] - digits[i - 1] + 10) % 10;
        up = up && step == 1;
        down = down && step == 9;
    }
    return up || down;
}

bool hd_std_all_digits(const char *text, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!hd_std_is_digit((unsigned char)text[i]))
            return false;
    }
    return n > 0;
}

static bool is_bracket(uint32_t point)
{
    return point < 0x80 ? point != 0 && strchr("()[]<>:", (int)point) != NULL
                        : point == 0x3010 || point == 0x3011 || point == 0x3014 || point == 0x3015;
}

static uint32_t begins(const uint32_t *points, uint32_t n, const char32_t *word)
{
    uint32_t len = 0;
    while (word[len])
        len++;
    return len <= n && hd_std_is_word(points, len, word) ? len : 0;
}

/* Where no word and no bracket begins or ends: NO is the one word in letters. */
static bool is_plain(uint32_t point)
{
    uint32_t capital = point & ~0x20u;
    return hd_std_is_digit(point) || (capital >= 'A' && capital <= 'Z' && capital != 'N');
}

bool hd_std_cut_notes(hd_std_env *env, const char32_t *const *words, size_t n_words)
{
    if (env->n == 0 || (is_plain(env->points[0]) && is_plain(env->points[env->n - 1])))
        return false;
    uint32_t begin = 0, end = env->n, before = 0;
    while (begin + 1 < end && before != end - begin) {
        before = end - begin;
        for (size_t i = 0; i < n_words; i++) {
            uint32_t front = begins(env->points + begin, end - begin, words[i]);
            begin += front;
            end -= front ? 0 : hd_std_ends(env->points + begin, end - begin, words[i]);
        }
        begin += begin < end && is_bracket(env->points[begin]);
        end -= begin < end && is_bracket(env->points[end - 1]);
    }
    if (begin == end || end - begin == env->n)
        return false;
    memmove(env->points, env->points + begin, (end - begin) * sizeof *env->points);
    env->n = end - begin;
    return true;
}

bool hd_std_hides_characters(const hd_std_env *env)
{
    for (uint32_t i = 0; i < env->n; i++) {
        if (hd_std_hides_character(env->points[i]))
            return true;
    }
    return false;
}
