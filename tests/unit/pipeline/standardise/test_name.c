#include "cases.h"

Test(name, plain_names_are_themselves)
{
    static const std_case cases[] = {
        {"张三", "张三", OK, ""},
        {"欧阳娜娜", "欧阳娜娜", OK, ""},
        {"张", "张", OK, ""},
        {"无忌", "无忌", OK, ""},
        {"张无忌", "张无忌", OK, ""},
        {"王小名", "王小名", OK, ""},
        {"李婴", "李婴", OK, ""},
        {"吴某花", "吴某花", OK, ""},
        {"孙女", "孙女", OK, ""},
        {"𠮷野", "𠮷野", OK, ""},
        {"㛃子", "㛃子", OK, ""},
        {"𮯰人", "𮯰人", OK, ""}, /* Extension I, which ICU 72 does not know */
        {"阿卜杜·热合曼", "阿卜杜·热合曼", OK, ""},
        {"  张三\t", "张三", OK, ""},
        {"\xE3\x80\x80张三\xE3\x80\x80", "张三", OK, ""},
        {"", NULL, MISSING, ""},
        {" \t\xE3\x80\x80\xC2\xA0", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, name, cases);
    hd_std_env_free(env);
}

Test(name, plain_names_are_views_of_what_was_written)
{
    hd_std_env *env = hd_std_env_new();
    hd_str raw = HD_STR("诸葛亮");
    cr_assert_eq(hd_std_name(env, raw).text.ptr, raw.ptr);
    cr_assert_eq(hd_std_name(env, HD_STR_NULL).state, MISSING);
    hd_std_env_free(env);
}

Test(name, width_blanks_and_invisible_characters)
{
    static const std_case cases[] = {
        {"张 三", "张三", REPAIRED, "blanks"},
        {"张\xE3\x80\x80三", "张三", REPAIRED, "blanks"},
        {"张\xC2\xA0三", "张三", REPAIRED, "blanks"},
        {"张\xE2\x80\x8B三", "张三", REPAIRED, "blanks"},
        {"\xEF\xBB\xBF张三", "张三", REPAIRED, "blanks"},
        {"张\xF3\xA0\x84\x80三", "张三", REPAIRED, "blanks"}, /* a variation selector */
        {"\xEF\xA8\x8E", "\xEF\xA8\x8E", OK, ""}, /* U+FA0E: unified in spite of its block */
        {"李\xEF\xA4\x80", "李\xE8\xB1\x88", REPAIRED, "width"}, /* U+F900 */
        {"\xE2\xBC\x9D三", "口三", REPAIRED, "width"},           /* Kangxi radical */
        {"张\xEE\xA0\x9E", "张龴", REPAIRED, "width"},           /* U+E81E of GB 18030-2005 */
        {"张\xEE\xA1\xA4", "张龻", REPAIRED, "width"},
        {"张\xEE\xA0\x96", "张𠂇", REPAIRED, "width"},
        {"ＺＨＡＮＧ ＳＡＮ", "ZHANG SAN", REPAIRED, "width"},
        {"john  smith", "JOHN SMITH", REPAIRED, "blanks"},
        {"Nguyen Van A", "NGUYEN VAN A", OK, ""},
        {"O'Brien-Smith", "O'BRIEN-SMITH", OK, ""},
        {"Müller, Anne", "MÜLLER, ANNE", OK, ""},
        {"Mu\xCC\x88ller", "MÜLLER", REPAIRED, "width"},
        {"i\xCC\x87zmir", "İZMIR", OK, ""},
        {"ئەخمەت", "ئەخمەت", OK, ""},
        {"Сергей Иванов", "Сергей Иванов", OK, ""},
        {"佐々木", "佐々木", OK, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, name, cases);
    hd_std_env_free(env);
}

Test(name, dots)
{
    static const std_case cases[] = {
        {"阿卜杜•热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜‧热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜・热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜･热合曼", "阿卜杜·热合曼", REPAIRED, "width dot"},
        {"阿卜杜．热合曼", "阿卜杜·热合曼", REPAIRED, "width dot"},
        {"阿卜杜.热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜。热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜∙热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜⋅热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜⸱热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿不都克里木-热合曼", "阿不都克里木·热合曼", REPAIRED, "dot"},
        {"阿不都克里木?热合曼", "阿不都克里木·热合曼", REPAIRED, "dot"},
        {"阿卜杜ꞏ热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜··热合曼", "阿卜杜·热合曼", REPAIRED, "dot"},
        {"阿卜杜 · 热合曼", "阿卜杜·热合曼", REPAIRED, "blanks"},
        {"买买提·吐尔逊·艾力", "买买提·吐尔逊·艾力", OK, ""},
        {"阿依古丽、买买提", "阿依古丽·买买提", REPAIRED, "dot"},
        {"阿依古丽●买买提", "阿依古丽·买买提", REPAIRED, "dot"},
        {"张三、李四", "张三□李四", DAMAGED, "stand_in"},
        {"张●三", "张□三", DAMAGED, "stand_in"},
        {"约翰·F·史密斯", "约翰·F·史密斯", OK, ""},
        {"约翰.f.史密斯", "约翰·F·史密斯", REPAIRED, "dot"},
        {"J. Smith", "J. SMITH", OK, ""},
        {"·张三·", "张三", REPAIRED, "note"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, name, cases);
    hd_std_env_free(env);
}

Test(name, notes_are_cut)
{
    static const std_case cases[] = {
        {"张三(已故)", "张三", REPAIRED, "note"},
        {"张三（已故）", "张三", REPAIRED, "width note"},
        {"张三（曾用名张四）", "张三", REPAIRED, "width note"},
        {"张三曾用名张四", "张三", REPAIRED, "note"},
        {"张三又名张四", "张三", REPAIRED, "note"},
        {"张三【迁出】", "张三", REPAIRED, "note"},
        {"张三(上海)", "张三", REPAIRED, "note"},
        {"张三(1)(户主)", "张三", REPAIRED, "note"},
        {"张三(女", "张三", REPAIRED, "note"},
        {"张三)", "张三", REPAIRED, "note"},
        {"(张三)", "张三", REPAIRED, "note"},
        {"(户主)张三", "张三", REPAIRED, "note"},
        {"张三户主", "张三", REPAIRED, "note"},
        {"张三已故", "张三", REPAIRED, "note"},
        {"张三1", "张三", REPAIRED, "note"},
        {"张三A", "张三", REPAIRED, "note"},
        {"张三丰b", "张三丰", REPAIRED, "note"},
        {"张三 02", "张三", REPAIRED, "blanks note"},
        {"1.张三", "张三", REPAIRED, "dot note"},
        {"3、张三", "张三", REPAIRED, "note"},
        {"张三。", "张三", REPAIRED, "dot note"},
        {"张三，", "张三", REPAIRED, "width note"},
        {"\"张三\"", "张三", REPAIRED, "note"},
        {"“张三”", "张三", REPAIRED, "note"},
        {"SMITH (张三)", "SMITH", REPAIRED, "note"},
        {"张三((已故))", "张三", REPAIRED, "note"},
        {"(1)", NULL, PLACEHOLDER, "note placeholder"},
        {"张三先生", "张三", REPAIRED, "note"},
        {"王女士", NULL, PLACEHOLDER, "note placeholder"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, name, cases);
    hd_std_env_free(env);
}

Test(name, placeholders)
{
    static const char *const placeholders[] = {
        "未取名",   "未命名", "无名氏",   "无名",     "待定",     "不详",       "未知", "无",
        "XXX",      "xxx",    "xX",       "×××",      "×",        "张某",       "某某", "李某某",
        "张某人",   "婴儿",   "女婴",     "男婴",     "新生儿",   "测试",       "空",   "王芳之子",
        "王芳之女", "李之子", "张三女婴", "王芳长女", "王芳儿子", "欧阳未取名", "户主", "本人",
        "NULL",     "null",   "N/A",      "test",     "Baby",     "-",          "--",   "/",
        "***",      "0",      "123",      "···",      "张三之妻", "no name",    "#N/A", "AAA",
    };
    hd_std_env *env = hd_std_env_new();
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        hd_std_result r = hd_std_name(env, hd_str_from(placeholders[i]));
        cr_expect_eq(r.state, PLACEHOLDER, "%s: %s", placeholders[i], hd_state_name(r.state));
        cr_expect(r.reasons & HD_REASON_BIT(placeholder), "%s", placeholders[i]);
        cr_expect_null(r.text.ptr);
    }
    static const std_case cases[] = {
        {"(未取名)", NULL, PLACEHOLDER, "note placeholder"},
        {"未取名1", NULL, PLACEHOLDER, "note placeholder"},
        {"未 取 名", NULL, PLACEHOLDER, "blanks placeholder"},
        {"ＮＵＬＬ", NULL, PLACEHOLDER, "placeholder"},
    };
    STD_CASES(env, name, cases);
    hd_std_env_free(env);
}

Test(name, damaged)
{
    static const std_case cases[] = {
        {"张□", "张□", DAMAGED, "stand_in"},
        {"张?", "张□", DAMAGED, "stand_in"},
        {"张？", "张□", DAMAGED, "width stand_in"},
        {"张*", "张□", DAMAGED, "stand_in"},
        {"张＊丰", "张□丰", DAMAGED, "width stand_in"},
        {"张■丰", "张□丰", DAMAGED, "stand_in"},
        {"张〓", "张□", DAMAGED, "stand_in"},
        {"张_丰", "张□丰", DAMAGED, "stand_in"},
        {"张_", "张□", DAMAGED, "stand_in"},
        {"张〇", "张□", DAMAGED, "stand_in"},
        {"〇", NULL, DAMAGED, "stand_in"},
        {"张○丰", "张□丰", DAMAGED, "stand_in"},
        {"???", NULL, DAMAGED, "stand_in"},
        {"□□", NULL, DAMAGED, "stand_in"},
        {"张\xEF\xBF\xBD", "张□", DAMAGED, "stand_in"},
        {"张\xEE\x80\x80", "张□", DAMAGED, "stand_in"}, /* a private code point */
        {"张⿰亻", "张□", DAMAGED, "stand_in"},
        {"张yu", "张YU", DAMAGED, "stand_in"},
        {"张XX", "张□□", DAMAGED, "stand_in"},
        {"张××", "张□□", DAMAGED, "stand_in"},
        {"张3丰", "张□丰", DAMAGED, "stand_in"},
        {"张,三", "张□三", DAMAGED, "stand_in"},
        {"张(方方土)明", "张□明", DAMAGED, "stand_in note"},
        {"张小(上大下力)", "张小□", DAMAGED, "stand_in note"},
        {"张□三", "张□三", DAMAGED, "stand_in"},
        {"张⿰亻由明", "张□明", DAMAGED, "stand_in"},
        {"李小〔由页〕", "李小□", DAMAGED, "stand_in note"},
        {"李小(木页)", "李小□", DAMAGED, "stand_in note"},
        {"李小(木页)(已故)", "李小□", DAMAGED, "stand_in note"},
        {"王小XX", "王小□□", DAMAGED, "stand_in"},
        {"买买提·?", "买买提·□", DAMAGED, "stand_in"},
        {"李(王旁)", "李□", DAMAGED, "stand_in note"},
        {"王(小明)", "王□", DAMAGED, "stand_in note"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, name, cases);
    hd_std_env_free(env);
}

Test(name, length)
{
    hd_std_env *env = hd_std_env_new();
    hd_buf raw = {0};
    for (unsigned i = 0; i < HD_STD_NAME_MAX; i++)
        hd_buf_add(&raw, HD_STR("买"));
    cr_assert_eq(hd_std_name(env, hd_buf_str(&raw)).state, OK);
    hd_buf_add(&raw, HD_STR("买"));
    hd_std_result r = hd_std_name(env, hd_buf_str(&raw));
    cr_assert_eq(r.state, INVALID);
    cr_assert_eq(r.reasons, HD_REASON_BIT(too_long));
    for (unsigned i = 0; i < HD_STD_RAW_MAX_BYTES; i++)
        hd_buf_add(&raw, HD_STR(" \xEF\xB7\xBA")); /* U+FDFA: 18 characters for one */
    r = hd_std_name(env, hd_buf_str(&raw));
    cr_assert_eq(r.state, INVALID);
    cr_assert_eq(r.reasons, HD_REASON_BIT(too_long));
    hd_buf_release(&raw);
    hd_std_env_free(env);
}

Test(name, promises_hold_for_anything)
{
    static const char *const pieces[] = {"张",        "三",       "阿卜杜",
                                         "热合曼",    "阿依古丽", "·",
                                         "•",         ".",        "。",
                                         "、",        " ",        "(",
                                         ")",         "（",       "】",
                                         "1",         "02",       "〇",
                                         "?",         "*",        "-",
                                         "'",         "A",        "b",
                                         "null",      "户主",     "曾用名",
                                         "之子",      "某",       "x",
                                         "×",         "无",       "旁",
                                         "上",        "下",       "●",
                                         "i\xCC\x87", "\xC2\xB4", "\xE2\x80\x8B",
                                         ",",         "nıl",      "未取名",
                                         "女士"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, name, pieces, 200000);
    hd_std_env_free(env);
}
