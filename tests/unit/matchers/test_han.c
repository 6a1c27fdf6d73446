#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "matchers/han.h"

/* ---- the packaged tables ---- */

static char *read_table(const char *name, hd_str *text)
{
    char path[512];
    snprintf(path, sizeof path, HEDUI_RULES_DIR "/tables/%s", name);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = hd_alloc((size_t)size);
    cr_assert_eq(fread(bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    *text = (hd_str){bytes, (uint32_t)size};
    return bytes;
}

static hd_arena arena;
static const hd_han *han;

static void load(void)
{
    hd_str tsv, surnames;
    uint32_t bad_line = 77;
    char *tsv_bytes = read_table("han.tsv", &tsv);
    char *surname_bytes = read_table("surnames.tsv", &surnames);
    han = hd_han_parse(&arena, tsv, surnames, &bad_line);
    hd_free(tsv_bytes);
    hd_free(surname_bytes);
    cr_assert_not_null(han, "line %u", bad_line);
    cr_assert_eq(bad_line, 0);
}

static void unload(void)
{
    hd_arena_release(&arena);
}

TestSuite(han, .init = load, .fini = unload);

typedef void spelling(const hd_han *han, hd_str name, hd_buf *out);

static void check_spelling(spelling *spell, const char *name, const char *expected)
{
    hd_buf out = {0};
    hd_buf_add(&out, HD_STR("|"));
    spell(han, hd_str_from(name), &out);
    cr_assert_str_eq(out.ptr + 1, expected);
    hd_buf_release(&out);
}

static uint32_t only(const char *c)
{
    uint32_t pos = 0;
    return hd_utf8_next(hd_str_from(c), &pos);
}

#define FOLDS(from, to) cr_assert_eq(hd_han_fold(han, only(from)), only(to))

Test(han, fold_makes_written_forms_one)
{
    FOLDS("張", "张");
    FOLDS("豐", "丰");
    FOLDS("歐", "欧");
    FOLDS("後", "后");
    FOLDS("鍾", "钟");
    FOLDS("鐘", "钟");
    FOLDS("峯", "峰");
    FOLDS("羣", "群");
    FOLDS("吳", "吴");
    FOLDS("産", "产");
    FOLDS("產", "产");
    FOLDS("淸", "清");
    FOLDS("徳", "德");
    FOLDS("恵", "惠");
    FOLDS("爲", "为");
    FOLDS("為", "为");
    FOLDS("嶽", "岳");
    FOLDS("儁", "俊");
    FOLDS("\xEF\xA4\x80", "岂");     /* U+F900, through 豈 */
    FOLDS("\xF0\xAF\xA0\x80", "丽"); /* U+2F800 */
    FOLDS("㑮", "𫝈");               /* into a supplementary plane */
}

Test(han, standard_forms_do_not_fold)
{
    static const char *const kept[] = {"乾", "於", "喆", "堃", "淼", "昇", "甯", "镕",
                                       "锺", "张", "一", "〇", "a",  "·",  "？", "龘"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        cr_assert_eq(hd_han_fold(han, only(kept[i])), only(kept[i]), "%s", kept[i]);
    cr_assert_eq(hd_han_fold(han, 0x10FFFF), 0x10FFFF);
    cr_assert_eq(hd_han_fold(han, 0x110000), 0x110000);
    cr_assert_eq(hd_han_fold(han, UINT32_MAX), UINT32_MAX);
    cr_assert_eq(hd_han_fold(han, 0), 0);
}

Test(han, fold_is_idempotent_and_keeps_the_sound)
{
    uint32_t n_folded = 0, n_read = 0;
    for (uint32_t c = 0; c < 0x110000; c++) {
        uint32_t folded = hd_han_fold(han, c);
        cr_assert_eq(hd_han_fold(han, folded), folded, "U+%04X", c);
        cr_assert_eq(hd_is_han(folded), hd_is_han(c), "U+%04X", c);
        if (folded != c && hd_han_reading(han, folded))
            cr_assert_eq(hd_han_reading(han, c), hd_han_reading(han, folded), "U+%04X", c);
        n_folded += folded != c;
        n_read += hd_han_reading(han, c) != 0;
    }
    cr_assert_gt(n_folded, 8000);
    cr_assert_gt(n_read, 42000);
}

Test(han, readings_are_syllables)
{
    cr_assert_str_eq(hd_han_syllable(han, 0), "");
    cr_assert_eq(hd_han_reading(han, 'a'), 0);
    cr_assert_eq(hd_han_reading(han, 0xB7), 0);
    cr_assert_str_eq(hd_han_syllable(han, hd_han_reading(han, 0x5F20)), "zhang");
    cr_assert_str_eq(hd_han_syllable(han, hd_han_reading(han, 0x5415)), "lv");
    cr_assert_eq(hd_han_reading(han, 0x5F20), hd_han_reading(han, 0x7AE0)); /* 张 章 */
    cr_assert_neq(hd_han_reading(han, 0x5F20), hd_han_reading(han, 0x81E7));
}

Test(han, pinyin_of_names)
{
    check_spelling(hd_han_pinyin, "張三丰", "zhang san feng");
    check_spelling(hd_han_pinyin, "张三丰", "zhang san feng");
    check_spelling(hd_han_pinyin, "吕布", "lv bu");
    check_spelling(hd_han_pinyin, "卜大地", "bu da di");
    check_spelling(hd_han_pinyin, "王龘", "wang da");
    check_spelling(hd_han_pinyin, "", "");
    check_spelling(hd_han_pinyin, "王𫖯", "wang fu");
}

Test(han, surnames_have_their_own_readings)
{
    check_spelling(hd_han_pinyin, "单雄信", "shan xiong xin");
    check_spelling(hd_han_pinyin, "單雄信", "shan xiong xin");
    check_spelling(hd_han_pinyin, "仇英", "qiu ying");
    check_spelling(hd_han_pinyin, "区大", "ou da");
    check_spelling(hd_han_pinyin, "查良", "zha liang");
    check_spelling(hd_han_pinyin, "曾巩", "zeng gong");
    check_spelling(hd_han_pinyin, "朴正", "piao zheng");
    check_spelling(hd_han_pinyin, "繆荃", "miao quan");
    check_spelling(hd_han_pinyin, "解缙", "xie jin");
    check_spelling(hd_han_pinyin, "覃勇", "qin yong");
    check_spelling(hd_han_pinyin, "盖聂", "ge nie");
    check_spelling(hd_han_pinyin, "单", "shan");
    /* elsewhere in the name the usual one */
    check_spelling(hd_han_pinyin, "李单", "li dan");
    check_spelling(hd_han_pinyin, "王解", "wang jie");
    check_spelling(hd_han_pinyin, "单单", "shan dan");
    /* blanks inside are none of a foreign name's dots */
    check_spelling(hd_han_pinyin, "单 雄\t信　", "shan xiong xin");
}

Test(han, compound_surnames)
{
    check_spelling(hd_han_pinyin, "尉迟恭", "yu chi gong");
    check_spelling(hd_han_pinyin, "尉遲恭", "yu chi gong");
    check_spelling(hd_han_pinyin, "万俟卨", "mo qi xie");
    check_spelling(hd_han_pinyin, "萬俟雅言", "mo qi ya yan");
    check_spelling(hd_han_pinyin, "澹台灭明", "tan tai mie ming");
    check_spelling(hd_han_pinyin, "令狐冲", "ling hu chong");
    check_spelling(hd_han_pinyin, "长孙无忌", "zhang sun wu ji");
    check_spelling(hd_han_pinyin, "单于大", "chan yu da");
    check_spelling(hd_han_pinyin, "欧阳修", "ou yang xiu");
    /* nothing is left for a given name: one character is the surname */
    check_spelling(hd_han_pinyin, "尉迟", "wei chi");
    check_spelling(hd_han_pinyin, "单于", "shan yu");
}

Test(han, surname_length)
{
    cr_assert_eq(hd_han_surname_len(han, HD_STR("欧阳修")), 2);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("歐陽修")), 2);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("司马相如")), 2);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("欧阳")), 1);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("欧")), 1);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("欧小明")), 1);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("张三丰")), 1);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("钟小离")), 1);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("𠮷田")), 1);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("")), 0);
    cr_assert_eq(hd_han_surname_len(han, HD_STR_NULL), 0);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("Li Ming")), 0);
    cr_assert_eq(hd_han_surname_len(han, HD_STR("·张三")), 0);
}

Test(han, dots_part_sounds_of_another_language)
{
    check_spelling(hd_han_pinyin, "买买提·艾力", "mai mai ti ai li");
    check_spelling(hd_han_pinyin, "买买提•艾力", "mai mai ti ai li");
    check_spelling(hd_han_pinyin, "买买提・艾力", "mai mai ti ai li");
    /* 单, 尉迟: surnames elsewhere */
    check_spelling(hd_han_pinyin, "单·艾力", "dan ai li");
    check_spelling(hd_han_pinyin, "尉迟恭·艾力", "wei chi gong ai li");
    check_spelling(hd_han_pinyin, "·艾力··", "ai li");
}

Test(han, what_has_no_reading_stands_as_itself)
{
    check_spelling(hd_han_pinyin, "Zhang SAN", "zhang san");
    check_spelling(hd_han_pinyin, "  Zhang　SAN ", "zhang san");
    check_spelling(hd_han_pinyin, "王ZHE", "wang zhe");
    check_spelling(hd_han_pinyin, "王Zhe明", "wang zhe ming");
    check_spelling(hd_han_pinyin, "LÜ布", "lv bu");
    check_spelling(hd_han_pinyin, "ÀÞàÿĀ×÷Ɏ", "àþàÿĀ × ÷ Ɏ");
    check_spelling(hd_han_pinyin, "王?*", "wang ? *");
    check_spelling(hd_han_pinyin, "王12", "wang 1 2");
    check_spelling(hd_han_pinyin, "\xEE\xA0\x9E王", "\xEE\xA0\x9E wang"); /* U+E81E, private */
    check_spelling(hd_han_pinyin, "@[`{", "@ [ ` {");
}

Test(han, fuzzy_makes_confused_sounds_one)
{
    check_spelling(hd_han_fuzzy_pinyin, "张三丰", "zan san fen");
    check_spelling(hd_han_fuzzy_pinyin, "臧三分", "zan san fen");
    check_spelling(hd_han_fuzzy_pinyin, "陈诗成", "cen si cen");
    check_spelling(hd_han_fuzzy_pinyin, "牛兰楠", "liu lan lan");
    check_spelling(hd_han_fuzzy_pinyin, "女吕", "lv lv");
    check_spelling(hd_han_fuzzy_pinyin, "傅胡", "hu hu");
    check_spelling(hd_han_fuzzy_pinyin, "方黄范", "fan huan fan");
    check_spelling(hd_han_fuzzy_pinyin, "金静", "jin jin");
    check_spelling(hd_han_fuzzy_pinyin, "梁量良", "lian lian lian");
    check_spelling(hd_han_fuzzy_pinyin, "龙洪", "long hong");
    check_spelling(hd_han_fuzzy_pinyin, "安昂恩", "an an en");
    check_spelling(hd_han_fuzzy_pinyin, "庄双床", "zuan suan cuan");
    check_spelling(hd_han_fuzzy_pinyin, "单雄信", "san xiong xin");
    check_spelling(hd_han_fuzzy_pinyin, "嗯", "n");
    check_spelling(hd_han_fuzzy_pinyin, "", "");
}

/* A rare character that a source wrote as pinyin sounds like the character; other Latin words stay.
 */
Test(han, fuzzy_hears_latin_syllables)
{
    check_spelling(hd_han_fuzzy_pinyin, "王zhang", "wan zan");
    check_spelling(hd_han_fuzzy_pinyin, "王ZHANG明", "wan zan min");
    check_spelling(hd_han_fuzzy_pinyin, "nü·Zhang", "lv zan");
    check_spelling(hd_han_fuzzy_pinyin, "Zhangsheng", "zhangsheng");
    check_spelling(hd_han_fuzzy_pinyin, "John Nathan", "john nathan");
    check_spelling(hd_han_pinyin, "王zhang", "wang zhang");
}

Test(han, texts_are_appended)
{
    hd_buf out = {0};
    hd_buf_add(&out, HD_STR("x"));
    hd_han_fold_text(han, HD_STR("張三豐a·峯"), &out);
    cr_assert_str_eq(out.ptr, "x张三丰a·峰");
    hd_han_fold_text(han, HD_STR_NULL, &out);
    hd_han_pinyin(han, HD_STR_NULL, &out);
    cr_assert_str_eq(out.ptr, "x张三丰a·峰");
    hd_han_pinyin(han, HD_STR("zhang"), &out);
    hd_han_fuzzy_pinyin(han, HD_STR("zhang"), &out);
    cr_assert_str_eq(out.ptr, "x张三丰a·峰zhangzan");
    hd_buf_release(&out);
}

/* ---- parsing ---- */

static uint32_t bad_line_of(const char *tsv, const char *surnames)
{
    hd_arena own = {0};
    uint32_t bad_line = 77;
    const hd_han *parsed = hd_han_parse(&own, hd_str_from(tsv), hd_str_from(surnames), &bad_line);
    cr_assert_eq(parsed == NULL, bad_line != 0);
    hd_arena_release(&own);
    return bad_line;
}

Test(han_parse, accepts_comments_blank_lines_and_nothing)
{
    cr_assert_eq(bad_line_of("", ""), 0);
    cr_assert_eq(bad_line_of(NULL, NULL), 0);
    cr_assert_eq(bad_line_of("# one\n\n張\t张\tzhang1\t1123.2\t11", "# two\n张\t\n欧阳\t"), 0);
    cr_assert_eq(bad_line_of("张\t\tzhang1 zhang4 a5\t\t\n", "尉迟\tyu4 chi2\n"), 0);
}

Test(han_parse, names_the_malformed_line)
{
    static const char *const bad[] = {
        "张\t\tzhang1\t\t\t\t",   "张\t\tzhang1\t",       "张",
        "\t\tzhang1\t\t",         "张三\t\tzhang1\t\t",   "張\t张三\tzhang1\t\t",
        "\xE5\xBC\t\tzhang1\t\t", "張\t\xE5\tzhang1\t\t", "张\t\tzhang\t\t",
        "张\t\tzhang6\t\t",       "张\t\tzhang0\t\t",     "张\t\tzhāng1\t\t",
        "张\t\tZhang1\t\t",       "张\t\tzh{ng1\t\t",     "张\t\t1\t\t",
        "张\t\tzhang1  a1\t\t",   "张\t\tzhang1 \t\t",    "张\t\tzhangggg1\t\t",
        "一\t\tyi1\t\t",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char tsv[128];
        snprintf(tsv, sizeof tsv, "# head\n一\t\tyi1\t\t\n%s\n二\t\ter4\t\t\n", bad[i]);
        cr_assert_eq(bad_line_of(tsv, ""), 3, "case %zu", i);
    }
}

Test(han_parse, a_character_has_one_line)
{
    cr_assert_eq(bad_line_of("張\t张\t\t\t\n張\t\t\t\t\n", ""), 2);
    cr_assert_eq(bad_line_of("张\t\tzhang1\t\t\n张\t\t\t\t\n", ""), 2);
}

Test(han_parse, names_the_malformed_surname)
{
    static const char *const bad[] = {
        "张",        "张\tzhang1\t", "\tzhang1",      "欧阳修\t",          "A\t",
        "张\tzhang", "尉迟\tyu4",    "张\tzhang1 a1", "尉迟\tyu4 chi2 a1", "\xE5\xBC\t",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char tsv[128];
        snprintf(tsv, sizeof tsv, "# head\n%s\n", bad[i]);
        cr_assert_eq(bad_line_of("一\t\tyi1\t\t", tsv), 2, "case %zu", i);
    }
}

Test(han_parse, too_many_syllables_are_refused)
{
    hd_buf tsv = {0};
    for (uint32_t i = 0; i < 1100; i++) {
        hd_buf_add_codepoint(&tsv, 0x4E00 + i);
        hd_buf_addf(&tsv, "\t\tb%c%c1\t\t\n", 'a' + i % 26, 'a' + i / 26 % 26);
        if (i / 26 >= 26)
            tsv.ptr[tsv.len_bytes - 7] = 'c';
    }
    cr_assert_eq(bad_line_of(tsv.ptr, ""), 1024);
    hd_buf_release(&tsv);
}
