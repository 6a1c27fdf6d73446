#include "pipeline/standardise/standardise.h"

/* Words that stand for no name, or are no part of one. */

#define LEN(list) (sizeof(list) / sizeof *(list))

/* The whole. */
static const char32_t *const no_name[] = {
    U"未取名",   U"未起名",   U"未命名",   U"未定名",   U"未定",     U"未名",     U"待取名",
    U"待起名",   U"待命名",   U"暂未取名", U"暂无名",   U"无名",     U"无名氏",   U"无名字",
    U"无姓名",   U"没取名",   U"没有名字", U"佚名",     U"某",       U"某某",     U"某某某",
    U"某人",     U"婴儿",     U"女婴",     U"男婴",     U"婴",       U"新生儿",   U"小孩",
    U"孩子",     U"男孩",     U"女孩",     U"儿子",     U"女儿",     U"之子",     U"之女",
    U"本人",     U"户主",     U"父亲",     U"母亲",     U"丈夫",     U"妻子",     U"配偶",
    U"不存在",   U"姓名",     U"弃婴",     U"弃儿",     U"新生婴儿", U"未上户",   U"待上户",
    U"暂未命名", U"暂未起名", U"尚未取名", U"尚未起名", U"没起名",   U"暂无姓名", U"姓名不详",
    U"名字不详", U"姓名未知", U"无姓",     U"不知名",   U"BABY",     U"NO NAME",  U"NONAME",
    U"NAME"};

/* The end: 王芳之子 is a newborn under its mother's name, 张某 a person who is not named. The
 * numbers are lengths of the whole; outside them the ending can be a given name. */
static const struct {
    const char32_t *word;
    uint32_t at_least, at_most;
} no_name_ends[] = {{U"某", 2, 2},      {U"某某", 3, 99},   {U"某人", 3, 99},   {U"之子", 3, 99},
                    {U"之女", 3, 99},   {U"之弟", 4, 99},   {U"之妹", 4, 99},   {U"之兄", 4, 99},
                    {U"之姐", 4, 99},   {U"之孙", 4, 99},   {U"之媳", 4, 99},   {U"之婴", 3, 99},
                    {U"之妻", 4, 99},   {U"之夫", 4, 99},   {U"之父", 4, 99},   {U"之母", 4, 99},
                    {U"男婴", 3, 99},   {U"女婴", 3, 99},   {U"婴儿", 3, 99},   {U"新生儿", 4, 99},
                    {U"儿子", 4, 99},   {U"女儿", 4, 99},   {U"长子", 4, 99},   {U"长女", 4, 99},
                    {U"次子", 4, 99},   {U"次女", 4, 99},   {U"三子", 4, 99},   {U"三女", 4, 99},
                    {U"小孩", 4, 99},   {U"未取名", 4, 99}, {U"未命名", 4, 99}, {U"宝宝", 4, 99},
                    {U"之子大", 4, 99}, {U"之子小", 4, 99}, {U"之女大", 4, 99}, {U"之女小", 4, 99},
                    {U"之子甲", 4, 99}, {U"之子乙", 4, 99}, {U"之女甲", 4, 99}, {U"之女乙", 4, 99}};

/* Notes that clerks write behind a name; what ends with another of them comes before it. */
static const char32_t *const behind[] = {
    U"已死亡", U"已去世", U"已注销", U"已迁出", U"已病故", U"空挂户", U"户主", U"已故",
    U"已死",   U"已亡",   U"死亡",   U"去世",   U"注销",   U"迁出",   U"先生", U"女士",
    U"小姐",   U"太太",   U"夫人",   U"同志",   U"老师",   U"师傅",   U"主任", U"书记",
    U"村长",   U"组长",   U"队长",   U"病故",   U"亡故",   U"过世",   U"逝世", U"失踪",
    U"外出",   U"作废",   U"重复",   U"挂户",   U"空挂"};

/* What stands before a name: with a colon any of these, without one the first few. */
static const char32_t *const before[] = {U"户主", U"已故", U"姓名", U"曾用名", U"原名", U"本人",
                                         U"父亲", U"母亲", U"父",   U"母",     U"丈夫", U"妻子",
                                         U"夫",   U"妻",   U"配偶", U"儿子",   U"女儿", U"子",
                                         U"女",   U"长子", U"次子", U"长女",   U"次女"};
enum { BEFORE_ALONE = 2, BEFORE_SHORTEST = 4 };

/* Words with which a second name begins; all end with 名. */
static const char32_t *const second[] = {U"曾用名", U"又名", U"原名", U"别名", U"小名", U"乳名"};
enum { SECOND_BEGINS = 2, SECOND_SHORTEST = 5 };

/* The bit of the last two of a word, in 4096; of a word of one character `before_last` is 0. */
static uint32_t pair_bit(uint32_t before_last, uint32_t last)
{
    return (before_last * 31 + last) * UINT32_C(0x9E3779B1) >> 20;
}

static void add_end(hd_std_env *env, const char32_t *word)
{
    uint32_t last = 0;
    for (uint32_t before_last = 0; *word; before_last = last) {
        last = *word++;
        uint32_t bit = pair_bit(before_last, last);
        if (!*word)
            env->name_word_pairs[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

static bool has_pair(const hd_std_env *env, uint32_t before_last, uint32_t last)
{
    uint32_t bit = pair_bit(before_last, last);
    return env->name_word_pairs[bit / 64] >> bit % 64 & 1;
}

void hd_std_name_prepare(hd_std_env *env)
{
    size_t n;
    const char32_t *const *no_value = hd_std_no_value_words(&n);
    memset(env->name_word_pairs, 0, sizeof env->name_word_pairs);
    for (size_t i = 0; i < n; i++)
        add_end(env, no_value[i]);
    for (size_t i = 0; i < LEN(no_name); i++)
        add_end(env, no_name[i]);
    for (size_t i = 0; i < LEN(no_name_ends); i++)
        add_end(env, no_name_ends[i].word);
    for (size_t i = 0; i < LEN(behind); i++)
        add_end(env, behind[i]);
}

bool hd_std_name_may_hold_word(const hd_std_env *env)
{
    if (env->n >= BEFORE_SHORTEST && (env->points[0] == U'户' || env->points[0] == U'已'))
        return true;
    uint32_t last = env->points[env->n - 1];
    if (has_pair(env, 0, last) || (env->n > 1 && has_pair(env, env->points[env->n - 2], last)))
        return true;
    for (uint32_t i = SECOND_BEGINS; env->n >= SECOND_SHORTEST && i < env->n; i++) {
        if (env->points[i] == U'名')
            return true;
    }
    return false;
}

/* 户主张三, 户主:张三, 父亲:张三. */
static void cut_before(hd_std_env *env)
{
    for (size_t i = 0; i < LEN(before); i++) {
        uint32_t len = 0;
        while (before[i][len])
            len++;
        if (env->n < len + 2 || !hd_std_is_word(env->points, len, before[i]))
            continue;
        bool colon = env->points[len] == ':';
        if (!colon && (i >= BEFORE_ALONE || env->n < BEFORE_SHORTEST))
            continue;
        env->n -= len + colon;
        memmove(env->points, env->points + len + colon, env->n * sizeof *env->points);
    }
}

bool hd_std_name_cut_words(hd_std_env *env)
{
    uint32_t n = env->n;
    cut_before(env);
    for (size_t i = 0; i < LEN(behind); i++)
        env->n -= hd_std_ends(env->points, env->n, behind[i]);
    for (size_t i = 0; i < LEN(second); i++) {
        for (uint32_t end = SECOND_SHORTEST - 1; end < env->n; end++) {
            uint32_t len = hd_std_ends(env->points, end, second[i]);
            if (len && end - len >= SECOND_BEGINS)
                env->n = end - len;
        }
    }
    return env->n != n;
}

static bool has_no_name_end(const uint32_t *points, uint32_t n)
{
    for (size_t i = 0; i < LEN(no_name_ends); i++) {
        if (n >= no_name_ends[i].at_least && n <= no_name_ends[i].at_most &&
            hd_std_ends(points, n, no_name_ends[i].word))
            return true;
    }
    return false;
}

/* XXX, ××, AAA: one letter or cross, again and again. */
static bool is_one_sign(const uint32_t *points, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        bool same_letter = points[0] < 0x80 && (points[i] | 0x20) == (points[0] | 0x20);
        if (!same_letter && points[i] != points[0])
            return false;
    }
    return points[0] == 0xD7 || (n > 1 && points[0] < 0x80);
}

bool hd_std_is_no_name(const uint32_t *points, uint32_t n)
{
    return n == 0 || hd_std_is_no_value(points, n) ||
           hd_std_is_any_word(points, n, no_name, LEN(no_name)) || has_no_name_end(points, n) ||
           is_one_sign(points, n);
}
