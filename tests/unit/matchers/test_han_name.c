#include <criterion/criterion.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "matchers/han_name.h"

/* ---- the packaged tables ---- */

static hd_arena arena;
static const hd_han *han;

static hd_str read_table(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, HEDUI_RULES_DIR "/tables/%s", name);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = hd_arena_alloc(&arena, size);
    cr_assert_eq(fread(bytes, 1, size, file), size);
    fclose(file);
    return (hd_str){bytes, (uint32_t)size};
}

static void load(void)
{
    uint32_t bad_line;
    hd_han *table =
        hd_han_parse(&arena, read_table("han.tsv"), read_table("surnames.tsv"), &bad_line);
    cr_assert_not_null(table, "line %u", bad_line);
    cr_assert(hd_han_parse_shapes(&arena, table, read_table("shapes.tsv"), &bad_line), "line %u",
              bad_line);
    han = table;
}

static void unload(void)
{
    hd_arena_release(&arena);
}

TestSuite(han_name, .init = load, .fini = unload);

static hd_name_match compare(const char *a, const char *b)
{
    static hd_han_name x, y;
    hd_han_name_prepare(han, hd_str_from(a), &x);
    hd_han_name_prepare(han, hd_str_from(b), &y);
    return hd_han_name_compare(&x, &y);
}

#define LEVEL(a, b, want)                                                                    \
    cr_expect_str_eq(hd_name_level_name(compare(a, b).level), want, "%s %s: %s, %.3f", a, b, \
                     hd_name_level_name(compare(a, b).level), compare(a, b).score)

Test(han_name, written_forms)
{
    LEVEL("张伟", "张伟", "same");
    LEVEL("张伟", "張偉", "variant");
    LEVEL("李雪峰", "李雪峯", "variant");
    LEVEL("欧阳海", "歐陽海", "variant");
}

Test(han_name, sounds)
{
    LEVEL("张伟", "张玮", "same_reading");
    LEVEL("张伟", "张卫", "other_tone");
    LEVEL("张英", "张音", "near_reading");
    LEVEL("林静", "宁静", "near_reading");
    LEVEL("苏珊", "苏三", "near_reading");
    LEVEL("陈重", "陈崇", "same_reading"); /* its second reading */
}

Test(han_name, surnames_have_readings_of_their_own)
{
    LEVEL("单伟", "善伟", "same_reading");
    LEVEL("单伟", "丹伟", "near_reading");
    LEVEL("解红", "谢红", "same_reading");
    LEVEL("仇明", "求明", "same_reading");
    LEVEL("曾明", "增明", "same_reading");
    LEVEL("尉迟明", "玉迟明", "same_reading");
    LEVEL("朴明", "扑明", "near_reading"); /* piao2; pu3 elsewhere */
}

Test(han_name, shapes)
{
    LEVEL("王末", "王未", "similar_shape");
    LEVEL("王晴", "王睛", "similar_shape");
    LEVEL("王己生", "王已生", "similar_shape");
    LEVEL("王伟", "王炜", "same_reading"); /* and alike: the sound counts */
}

Test(han_name, lost_characters)
{
    LEVEL("张□明", "张三明", "unknown");
    LEVEL("张□明", "张□明", "unknown");
    LEVEL("张□", "张三", "unknown");
    LEVEL("张□□", "张三明", "unknown");
    LEVEL("张□明", "张三英", "surname");
    LEVEL("张□", "李三", "different");
    LEVEL("□明", "张明", "unknown");
    LEVEL("张YU明", "张煜明", "other_tone");
    LEVEL("张YU明", "张伟明", "one_character");
}

Test(han_name, other_lengths)
{
    LEVEL("建国", "张建国", "part");
    LEVEL("张建", "张建国", "part");
    LEVEL("张王建国", "张建国", "part");
    LEVEL("张国建", "张建国", "swapped");
    LEVEL("买买提", "买买提·艾力", "part");
    /* what stands behind a dot is the father's: a father and his son */
    LEVEL("奥斯曼·吐尔逊", "亚森·奥斯曼", "surname");
    LEVEL("奥斯曼", "亚森·奥斯曼", "surname");
    LEVEL("艾力·买买提", "买买提·艾力", "swapped");
    LEVEL("买买提·艾力", "麦麦提·艾力", "other_tone");
    LEVEL("阿卜杜热合曼·艾力", "阿不都热合曼·艾力", "other_tone");
}

Test(han_name, what_differs)
{
    LEVEL("张伟明", "张伟国", "one_character");
    LEVEL("张伟明", "李伟明", "given");
    LEVEL("张伟", "李伟", "given");
    LEVEL("张伟", "张国", "surname");
    LEVEL("张伟明", "张建国", "surname");
    LEVEL("张伟明", "李建国", "different");
    LEVEL("", "张伟", "different");
    LEVEL("JOHN SMITH", "JOHN SMYTH", "one_character");
    LEVEL("LI NA", "LI LA", "near_reading");
}

static void check_explained(const char *a, const char *b, const char *want)
{
    static hd_han_name x, y;
    hd_buf out = {0};
    hd_buf_add_char(&out, '|');
    hd_han_name_prepare(han, hd_str_from(a), &x);
    hd_han_name_prepare(han, hd_str_from(b), &y);
    hd_han_name_explain(&x, &y, &out);
    cr_expect_str_eq(out.ptr + 1, want);
    hd_buf_release(&out);
}

Test(han_name, explained)
{
    check_explained("张伟明", "張玮", "张:張 variant, 伟:玮 same_reading, 明:- missing");
    check_explained("張玮", "张伟明", "張:张 variant, 玮:伟 same_reading, -:明 missing");
    check_explained("张□", "张三", "□:三 unknown");
    check_explained("张国建", "张建国", "国:建 swapped, 建:国 swapped");
    check_explained("张伟", "张伟", "");
}

/* ---- properties ---- */

static const char *const names[] = {
    "张伟",        "張偉",
    "张玮",        "张卫",
    "张伟明",      "张国伟",
    "伟明",        "李伟明",
    "单雄信",      "善雄信",
    "王末",        "王未",
    "张□明",       "□□",
    "买买提",      "买买提·艾力",
    "艾力·买买提", "LI NA",
    "LISA",        "张YU明",
    "欧阳海",      "欧海",
    "张",          "𠮷田",
    "JOHN SMITH",  "阿卜杜热合曼·艾力·买买提",
    "·",           "",
};
enum { N_NAMES = sizeof names / sizeof *names };

Test(han_name, symmetric)
{
    for (int i = 0; i < N_NAMES; i++) {
        for (int j = 0; j < N_NAMES; j++) {
            hd_name_match there = compare(names[i], names[j]), back = compare(names[j], names[i]);
            cr_expect_eq(there.level, back.level, "%s %s", names[i], names[j]);
            cr_expect_eq(there.score, back.score, "%s %s", names[i], names[j]);
        }
    }
}

Test(han_name, scores_lie_between_none_and_one)
{
    for (int i = 0; i < N_NAMES; i++) {
        for (int j = 0; j < N_NAMES; j++) {
            double score = compare(names[i], names[j]).score;
            cr_expect(score >= 0 && score <= 1, "%s %s: %f", names[i], names[j], score);
        }
    }
}

Test(han_name, likeness_ranks)
{
    static const char *const other[] = {"张伟明", "張伟明", "张玮明", "张卫明", "张□明",
                                        "张伟",   "张国明", "张国民", "李国民", "李国强"};
    for (size_t i = 1; i < sizeof other / sizeof *other; i++)
        cr_expect_gt(compare("张伟明", other[i - 1]).score, compare("张伟明", other[i]).score,
                     "%s %s", other[i - 1], other[i]);
}

Test(han_name, a_name_of_any_length)
{
    hd_buf text = {0};
    for (int i = 0; i < 200; i++)
        hd_buf_add(&text, HD_STR("明□A·"));
    static hd_han_name x;
    hd_han_name_prepare(han, hd_buf_str(&text), &x);
    cr_expect_eq(x.n, HD_HAN_NAME_MAX);
    hd_buf_release(&text);
}

Test(han_name, levels_are_found_by_their_names)
{
    for (int i = 0; i < HD_N_NAME_LEVELS; i++)
        cr_expect_eq(hd_name_level_find(hd_str_from(hd_name_level_name((hd_name_level)i))), i);
    cr_expect_eq(hd_name_level_find(HD_STR("sam")), -1);
}
