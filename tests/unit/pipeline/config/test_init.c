#include "config_files.h"

#include "pipeline/config/init.h"

#include <zlib.h>

static config_files files;
static hd_buf out;

static void setup(void)
{
    files = files_open();
}

static void teardown(void)
{
    hd_buf_release(&out);
    files_close(&files);
}

TestSuite(init, .init = setup, .fini = teardown);

/* Guesses, and loads what was guessed. */
static const char *init(void)
{
    hd_buf_clear(&out);
    hd_status status = hd_init_folder(&files.ctx, files.dir, NULL, &out, NULL);
    cr_assert_eq(status, HD_OK, "%s", files_error(&files));
    expect_loads(&files, out.ptr);
    return out.ptr;
}

static void expect_has(const char *text)
{
    cr_expect_not_null(strstr(out.ptr, text), "no \"%s\" in:\n%s", text, out.ptr);
}

static void expect_lacks(const char *text)
{
    cr_expect_null(strstr(out.ptr, text), "\"%s\" in:\n%s", text, out.ptr);
}

static void init_fails(const char *want)
{
    cr_expect_eq(hd_init_folder(&files.ctx, files.dir, NULL, &out, NULL), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), want);
}

static const char whole[] =
    "# Written by `hedui init`. What is marked \"# guess\" was guessed from the names of files "
    "and\n"
    "# columns: check it, then let `hedui lint` check this file.\n"
    "\n"
    "# site: 530303   # code of the county; the key file beside is named by it\n"
    "language: zh\n"
    "store: county.db\n"
    "\n"
    "sources:\n"
    "  household:\n"
    "    type: household  # guess: by the file's name\n"
    "    csv: household.csv\n"
    "    key: [jlbh]  # guess: each value once in the first rows\n"
    "    mentions:\n"
    "      self:\n"
    "        name: xm  # guess\n"
    "        birth_date: \"出生日期（公历）\"  # guess\n"
    "        id_number: SFZH  # guess\n"
    "    # not used: bz, \"2nd\"\n"
    "    # never read (rules/deny.yaml): bycs\n"
    "\n"
    "# Share of rows that may be rejected before a run warns, and before it stops.\n"
    "gates: {rejected_share: {warn: 0.001, stop: 0.02}}\n";

Test(init, the_whole_text)
{
    files_write(&files, "household.csv",
                "\xEF\xBB\xBFxm,SFZH,出生日期（公历）,jlbh,bz,bycs,2nd\r\n"
                "张三,1,19800101,7,x,y,1\r\n李四,1,19800101,8,x,y,2\r\n");
    cr_expect_str_eq(init(), whole);
}

Test(init, appends)
{
    hd_buf_addf(&out, "# mine\n");
    files_write(&files, "household.csv", "id,xm\n1,a\n");
    cr_assert_eq(hd_init_folder(&files.ctx, files.dir, NULL, &out, NULL), HD_OK);
    cr_expect_eq(strncmp(out.ptr, "# mine\n# Written", 16), 0);
}

Test(init, marriage_has_two_mentions)
{
    files_write(&files, "婚姻登记.csv",
                "结婚证字号,男方姓名,男方身份证号,nv_xm,nvfsfzh,女方联系电话,登记日期,备注\n"
                "J1,张三,1,李四,2,3,2001-01-01,\n");
    init();
    expect_has("  marriage:\n    type: marriage  # guess: by the file's name\n"
               "    csv: \"婚姻登记.csv\"\n"
               "    key: [结婚证字号]  # guess: each value once in the first rows\n"
               "    record:\n"
               "      event_date: 登记日期  # guess\n"
               "      registered: 登记日期  # guess\n"
               "    mentions:\n"
               "      husband:\n"
               "        name: 男方姓名  # guess\n"
               "        id_number: 男方身份证号  # guess\n"
               "        sex: '=\"1\"'  # guess\n"
               "      wife:\n"
               "        name: nv_xm  # guess\n"
               "        id_number: nvfsfzh  # guess\n"
               "        phone: 女方联系电话  # guess\n"
               "        sex: '=\"2\"'  # guess\n"
               "    # not used: 备注\n");
}

Test(init, birth_has_a_main_role_without_prefix)
{
    files_write(&files, "birth.csv",
                "cert_no;xm;xb;csrq;mqxm;mqsfzh;fqxm;fqsfzh;zz;cssj\n1;a;1;c;d;e;f;g;h;i\n");
    init();
    expect_has("    delimiter: \";\"  # guess\n");
    expect_has("    # not used: cssj\n"); /* means the birth date too, which csrq is already */
    expect_has("      child:\n"
               "        name: xm  # guess\n"
               "        sex: xb  # guess\n"
               "        birth_date: csrq  # guess\n"
               "        address: zz  # guess\n"
               "      mother:\n"
               "        name: mqxm  # guess\n"
               "        id_number: mqsfzh  # guess\n"
               "        sex: '=\"2\"'  # guess\n"
               "      father:\n"
               "        name: fqxm  # guess\n");
    cr_expect_eq(files.ruleset->sources[0].n_relations, 2);
}

Test(init, parents_of_a_card_are_fields_of_the_person)
{
    files_write(&files, "全员卡片.csv", "rkbh,姓名,mqxm,父亲身份证号\n1,a,b,c\n");
    init();
    expect_has("type: resident");
    expect_has("mother_name: mqxm");
    expect_has("father_id_number: 父亲身份证号");
}

static void expect_type(const char *file, const char *header, const char *want)
{
    char text[128];
    files_write(&files, file, header);
    snprintf(text, sizeof text, "    type: %s\n", want);
    init();
    expect_has(text);
    unlink(files_path(&files, file));
}

Test(init, type_is_guessed_by_name_then_by_columns)
{
    expect_type("ldrk_2024.csv", "id,xm\n1,a\n", "migrant  # guess: by the file's name");
    expect_type("siwang.csv", "id,xm,hh,yhzgx\n1,a,b,c\n", "death  # guess: by the file's name");
    expect_type("a.csv", "id,xm,hh,yhzgx,swrq\n1,a,b,c,d\n", "household  # guess: by its columns");
    expect_type("a.csv", "id,xm,swrq\n1,a,b\n", "death  # guess: by its columns");
    expect_type("a.csv", "id,husband_name,wife_name\n1,a,b\n", "marriage  # guess: by its columns");
    expect_type("离婚登记.csv", "id,husband_name,wife_name\n1,a,b\n",
                "divorce  # guess: by the file's name");
    expect_type("a.csv", "id,child_name,mother_name,father_name\n1,a,b,c\n",
                "birth  # guess: by its columns");
    expect_type("a.csv", "id,xm,mqxm,fqxm\n1,a,b,c\n",
                "person  # guess: nothing speaks for another");
    expect_type("a.csv", "id,xm,hh\n1,a,b\n", "person  # guess: nothing speaks for another");
}

Test(init, earlier_names_count_more)
{
    files_write(&files, "a.csv", "id,zjhm,gmsfhm,xm,XM,name\n1,a,b,c,d,e\n");
    init();
    expect_has("id_number: gmsfhm  # guess\n");
    expect_has("name: xm  # guess\n");
    expect_has("# not used: zjhm, XM, name\n");
}

/* ---- the person's columns, others' columns ---- */

Test(init, the_persons_columns_may_start_with_who_it_is)
{
    files_write(&files, "死亡.csv", "编号,死者姓名,死者身份证号,性别,家属姓名\nS7,a,b,1,c\n");
    init();
    expect_has("        name: 死者姓名  # guess\n"
               "        sex: 性别  # guess\n"
               "        id_number: 死者身份证号  # guess\n"
               "    # not used: 家属姓名\n");
}

Test(init, words_for_one_person_may_be_mixed)
{
    files_write(&files, "死亡.csv", "编号,死亡者姓名,死者身份证件号,死者性别\nS7,a,b,1\n");
    init();
    expect_has("        name: 死亡者姓名  # guess\n"
               "        sex: 死者性别  # guess\n"
               "        id_number: 死者身份证件号  # guess\n");
}

Test(init, a_disability_certificate_begins_with_the_identity_number)
{
    files_write(&files, "a.csv", "残疾人证号,姓名,监护人,监护人关系\n1,a,b,c\n2,a,b,c\n");
    init();
    expect_has(
        "    key: [残疾人证号]  # guess: a number of the person's, each once in the first rows\n"
        "    key_is_personal: true");
    expect_has("id_number: '=prefix(残疾人证号, 18)'  # guess\n");
    expect_has(
        "mother_name: '=recode(监护人关系, \"母亲\", 监护人, \"母\", 监护人, null)'  # guess\n");
}

Test(init, the_first_who_has_a_name_is_the_person)
{
    files_write(&files, "a.csv", "id,户主姓名,户主身份证号,成员姓名,成员身份证件号\nS7,a,b,c,d\n");
    init();
    expect_has("name: 成员姓名  # guess\n");
    expect_has("id_number: 成员身份证件号  # guess\n");
    expect_has("# not used: 户主姓名, 户主身份证号\n");
}

Test(init, members_of_a_family_are_a_mention_each)
{
    files_write(&files, "a.csv",
                "户号,成员1姓名,成员1证件号码,成员1关系,成员二姓名,成员二性别,成员3姓名,电话\n"
                "S7,a,b,c,d,e,f,g\n");
    init();
    expect_has("      member:\n"
               "        name: 成员1姓名  # guess\n"
               "        id_number: 成员1证件号码  # guess\n"
               "        household: 户号  # guess\n"
               "        relation: 成员1关系  # guess\n"
               "        phone: 电话  # guess\n"
               "      member2:\n"
               "        name: 成员二姓名  # guess\n"
               "        sex: 成员二性别  # guess\n"
               "        household: 户号  # guess\n"
               "        phone: 电话  # guess\n"
               "    # not used: 成员3姓名\n"); /* a name alone is nobody who could be found */
}

Test(init, a_pupils_parents_are_mentions)
{
    files_write(&files, "学籍.csv",
                "学籍号,学生姓名,性别,监护人1姓名,监护人1关系,监护人1电话\nS7,a,b,c,d,e\n");
    init();
    expect_has("    type: pupil  # guess: by the file's name\n");
    expect_has("      child:\n"
               "        name: 学生姓名  # guess\n"
               "        sex: 性别  # guess\n"
               "      mother:\n"
               "        name: '=recode(`监护人1关系`, \"母亲\", `监护人1姓名`, \"母\", "
               "`监护人1姓名`, null)'  # guess\n"
               "        phone: '=recode(`监护人1关系`, \"母亲\", `监护人1电话`, \"母\", "
               "`监护人1电话`, null)'  # guess\n");
    files_write(&files, "接种卡.csv", "卡号,儿童姓名,出生日期,母亲姓名,母亲电话\nS7,a,b,c,d\n");
    unlink(files_path(&files, "学籍.csv"));
    init();
    expect_has(
        "      mother:\n        name: 母亲姓名  # guess\n        phone: 母亲电话  # guess\n");
}

Test(init, members_beside_a_pupil_are_no_family)
{
    files_write(
        &files, "a.csv",
        "学籍号,学生姓名,成员1姓名,成员1身份证号,成员1关系,成员2姓名,成员2身份证号,成员2关系\n"
        "S7,a,b,c,d,e,f,g\n");
    init();
    expect_has("      self:\n        name: 学生姓名  # guess\n");
    expect_has("mother_name: '=first(recode(`成员1关系`");
}

Test(init, who_has_a_name_without_prefix_has_nothing_behind_one)
{
    files_write(&files, "a.csv", "id,姓名,户主姓名,户主身份证号\nS7,a,b,c\n");
    init();
    expect_lacks("id_number: ");
}

Test(init, numbers_of_pension_and_school)
{
    files_write(&files, "a.csv", "id,cbrxm,社会保障号码,母亲身份证件号,爱人姓名\nS7,a,b,c,d\n");
    files_write(&files, "b.csv", "学籍号,学生姓名,身份证件号\nS7,a,b\n");
    init();
    expect_has("        name: cbrxm  # guess\n"
               "        id_number: 社会保障号码  # guess\n"
               "        mother_id_number: 母亲身份证件号  # guess\n"
               "        spouse_name: 爱人姓名  # guess\n");
    expect_has("    key: [学籍号]  # guess");
    expect_has("        name: 学生姓名  # guess\n        id_number: 身份证件号  # guess\n");
}

Test(init, parents_are_among_those_of_whom_a_column_says_it)
{
    files_write(&files, "名单.csv",
                "学籍号,姓名,监护人1姓名,监护人1关系,监护人2姓名,监护人2关系,母亲姓名\n"
                "S7,a,b,父亲,c,母亲,c\n");
    init();
    expect_has("        mother_name: 母亲姓名  # guess\n");
    expect_has(
        "        father_name: '=first(recode(`监护人1关系`, \"父亲\", `监护人1姓名`, \"父\", "
        "`监护人1姓名`, null), recode(`监护人2关系`, \"父亲\", `监护人2姓名`, \"父\", "
        "`监护人2姓名`, null))'  # guess\n");
}

Test(init, a_relation_that_stands_alone_is_of_the_only_one)
{
    files_write(&files, "死亡.csv", "编号,姓名,家属姓名,与死者关系\nS7,a,b,c\n");
    files_write(&files, "死亡2.csv", "编号,姓名,监护人,家属姓名,与死者关系\nS7,a,b,c,d\n");
    init();
    expect_has("mother_name: '=recode(与死者关系, \"母亲\", 家属姓名, \"母\", 家属姓名, null)'");
    expect_has("    # not used: 监护人, 家属姓名, 与死者关系\n");
}

Test(init, of_whom_no_column_says_who_it_is_nothing_is_said)
{
    files_write(&files, "学籍.csv", "学籍号,姓名,监护人姓名,监护人身份证号\nS7,a,b,c\n");
    init();
    expect_has("    # not used: 监护人姓名, 监护人身份证号\n");
}

Test(init, an_address_may_stand_in_parts)
{
    files_write(&files, "a.csv", "编号,姓名,乡镇,村（社区）\nS7,a,b,c\n");
    files_write(&files, "b.csv", "编号,姓名,村\nS7,a,b\n");
    files_write(&files, "c.csv", "编号,姓名,村,户籍地址\nS7,a,b,c\n");
    init();
    expect_has("        address: '=join(乡镇, `村（社区）`)'  # guess\n");
    expect_has("        address: 村  # guess\n");
    expect_has("    # not used: 村\n");
}

Test(init, a_division_is_what_the_source_registers_by)
{
    files_write(&files, "czrk.csv", "rybh,xm,ssxq,jwhdm\nS7,a,b,c\n");
    files_write(&files, "ldrk.csv", "rybh,xm,jwhdm\nS7,a,b\n");
    init();
    expect_has("registered_division: jwhdm  # guess\n");
    expect_has("residence_division: jwhdm  # guess\n");
}

/* ---- key ---- */

static void expect_key(const char *text, const char *want)
{
    files_write(&files, "a.csv", text);
    init();
    expect_has(want);
    unlink(files_path(&files, "a.csv"));
}

Test(init, key)
{
    expect_key("xm,foo,lsh\na,1,1\nb,2,2\n",
               "    key: [lsh]  # guess: each value once in the first rows\n");
    expect_key("xm,foo,bar_id\na,1,1\nb,2,2\n", "    key: [bar_id]");
    expect_key("xm,bar,lsh\na,1,1\nb,2,1\n", "    key: [bar]"); /* lsh is not unique */
    expect_key("xm,bar,lsh\na,1,1\nb,2,\n", "    key: [bar]");  /* nor is it filled */
    expect_key(
        "xm,bar,lsh\na,1,1\nb,1,1\n",
        "    key: [lsh]  # guess: by its name only: the first rows do not say that it is unique\n");
    expect_key("xm,foo,lsh\n", "    key: [lsh]  # guess: by its name only");
    expect_key("xm,sfzh\na,1\nb,2\n",
               "    key: [sfzh]  # guess: an identity number, each once in the first rows\n"
               "    key_is_personal: true  # guess: only a hash of it is shown\n");
    expect_key("xm,sfzh\na,1\nb,1\n",
               "    key: [xm]  # guess: the first column; nothing speaks for it: check\n"
               "    key_is_personal: true");
    expect_key("bycs,,foo,xm\n1,1,1,a\n1,1,1,b\n", "    key: [foo]  # guess: the first column");
    expect_key("foo,xm,id,x\n1,a,\"7\n\",2\n1,b,\"\"\"7\",2\nshort\n1,c,\"7\"\"\",2\n",
               "    key: [id]  # guess: each value once");
}

Test(init, a_running_number_is_the_last_of_keys)
{
    expect_key("序号,xm,foo\n1,a,x\n2,b,y\n", "    key: [foo]  # guess: each value once");
    expect_key("序号,xm,sfzh\n1,a,x\n2,b,y\n", "    key: [sfzh]  # guess: an identity number");
    expect_key(
        "序号,xm,foo\n1,a,x\n2,b,x\n",
        "    key: [序号]  # guess: a running number, which the next export gives to other rows: "
        "check\n");
    expect_key("序号,xm,foo\n7,a,x\n5,b,y\n", "    key: [序号]  # guess: each value once");
}

Test(init, a_number_that_begins_anew_is_a_key_with_what_it_begins_in)
{
    static const char why[] = "  # guess: together each once in the first rows\n";
    expect_key("户号,户内序号,姓名\nA,1,a\nA,2,b\nB,1,a\n", "    key: [户号, 户内序号]");
    expect_has(why);
    expect_lacks("key_is_personal");
    expect_key("姓名,编号,乡镇,村\na,1,x,y\nb,1,z,y\n", "    key: [乡镇, 编号]");
    expect_key("姓名,编号,乡镇,村\na,1,x,y\nb,1,z,y\nc,1,x,w\n", "    key: [乡镇, 村, 编号]");
    expect_key("编号,姓名,年度\n1,a,2024\n2,b,2024\n1,c,2025\n", "    key: [年度, 编号]");
    /* an identity number may be missing tomorrow; without a second column it is what there is */
    expect_key("户号,户内序号,sfzh\nA,1,7\nA,2,8\nB,1,9\n", "    key: [户号, 户内序号]");
    expect_key("户内序号,姓名,sfzh\n1,a,7\n1,b,8\n", "    key: [sfzh]");
    /* not even together */
    expect_key("户号,户内序号,姓名\nA,1,a\nA,1,b\nB,1,a\n", "    key: [户内序号]  # guess: by its");
}

Test(init, numbers_of_persons_are_keys_that_are_not_shown)
{
    expect_key(
        "序号,xm,银行账号\n1,a,x\n2,b,y\n",
        "    key: [银行账号]  # guess: a number of the person's, each once in the first rows\n"
        "    key_is_personal: true");
    expect_key("序号,xm,手机号码\n1,a,x\n2,b,y\n", "    key: [序号]");
}

Test(init, a_certificate_is_the_records_own_number)
{
    expect_key("男方姓名,女方姓名,jhzzh\na,b,x\nc,d,y\n",
               "    key: [jhzzh]  # guess: each value once in the first rows\n    record:\n"
               "      marriage_certificate: jhzzh  # guess\n");
}

Test(init, key_is_never_a_column_that_is_never_read)
{
    expect_key("syzh,xm,foo\n1,a,x\n2,b,y\n", "    key: [foo]");
    expect_lacks("key: [syzh]");
}

static void write_gz(const char *name, const char *text)
{
    gzFile gz = gzopen(files_path(&files, name), "wb");
    cr_assert_not_null(gz);
    cr_assert_eq(gzputs(gz, text), (int)strlen(text));
    gzclose(gz);
}

Test(init, files_of_one_layout_are_one_source)
{
    files_write(&files, "household_2024-01.csv", "id,xm\n1,a\n");
    write_gz("household_2024-02.csv.gz", "id,xm\n2,b\n");
    files_write(&files, "household3.csv", "id,xm,xb\n3,c,1\n"); /* another layout */
    files_write(&files, "HUKOU.CSV", "id,xm\n1,a\n");           /* another name */
    files_write(&files, "2024.csv", "id,xm\n1,a\n");
    files_write(&files, "notes.md", "id,xm\n1,a\n");
    files_write(&files, ".csv", "id,xm\n1,a\n");
    files_write(&files, ".hidden.csv", "id,xm\n1,a\n");
    init();
    cr_expect_eq(files.ruleset->n_sources, 4);
    expect_has("  household:\n    type: household  # guess: by the file's name\n"
               "    csv: household3.csv\n");
    expect_has("  household_2:\n    type: household  # guess: by the file's name\n"
               "    csv: [household_2024-01.csv, household_2024-02.csv.gz]\n");
    expect_has("  hukou:\n    type: household  # guess: by the file's name\n    csv: HUKOU.CSV\n");
    expect_has("  person:\n    type: person  # guess: nothing speaks for another\n");
}

Test(init, list_of_files)
{
    files_write(&files, "a_1.csv", "id,xm\n1,a\n");
    write_gz("a_2.csv.gz", "id,xm\n2,b\n");
    files_write(&files, "a[3]*.csv", "id,xm\n2,b\n");
    init();
    expect_has("    csv: [a_1.csv, a_2.csv.gz]\n");
    expect_has("    csv: \"a\\\\[3\\\\]\\\\*.csv\"\n");
    cr_expect_eq(files.ruleset->n_sources, 2);
}

Test(init, gb18030)
{
    /* 姓名,编号 / 张三,1 */
    files_write(&files, "a.csv", "\xD0\xD5\xC3\xFB,\xB1\xE0\xBA\xC5\n\xD5\xC5\xC8\xFD,1\n");
    init();
    expect_has("    encoding: gb18030  # guess\n");
    expect_has("        name: 姓名  # guess\n");
    expect_has("    key: [编号]");
}

Test(init, names_are_compared_without_what_does_not_count)
{
    files_write(&files, "a.csv", "I D,姓　名,Birth-Date (Gregorian),lxdh（手机）,(x)\n1,a,b,c,d\n");
    init();
    expect_has("        name: \"姓　名\"  # guess\n");
    expect_has("        birth_date: \"Birth-Date (Gregorian)\"  # guess\n");
    expect_has("        phone: \"lxdh（手机）\"  # guess\n");
    expect_has("    key: [\"I D\"]");
}

Test(init, more_columns_than_any_table_has)
{
    hd_buf text = {0};
    for (int i = 0; i < 1001; i++)
        hd_buf_addf(&text, "%sc%d", i ? "," : "xm,", i);
    hd_buf_add_char(&text, '\n');
    files_write(&files, "a.csv", text.ptr);
    files_write(&files, "b.csv", "id,xm\n");
    init();
    expect_has("  # \"a.csv\" is left out: ");
    cr_expect_eq(files.ruleset->n_sources, 1);
    hd_buf_release(&text);
}

Test(init, more_sources_than_can_be_configured)
{
    for (int i = 0; i < 65; i++) {
        char name[24];
        snprintf(name, sizeof name, "f%dx.csv", i);
        files_write(&files, name, "id,xm\n1,a\n");
    }
    char want[128];
    snprintf(want, sizeof want, "%s: 65 sources, at most 64 can be configured", files.dir);
    cr_expect_eq(hd_init_folder(&files.ctx, files.dir, NULL, &out, NULL), HD_CONFIG);
    cr_expect_str_eq(files.ctx.frames[0].text, want);
}

Test(init, a_title_stands_above_the_names)
{
    files_write(&files, "a.csv", "全县居民名册\n2025年12月;;\nid;姓名;性别\n7;a;1\n");
    init();
    expect_has("    delimiter: \";\"  # guess\n    header: 3  # guess: a title stands above\n");
    expect_has("    key: [id]  # guess: each value once in the first rows\n");
    expect_has("        name: 姓名  # guess\n");
    cr_expect_eq(files.ruleset->sources[0].header, 3);
}

Test(init, delimiters)
{
    files_write(&files, "a.csv", "id\txm\tx,y\n1\ta\tb\n");
    files_write(&files, "b.csv", "id|xm|\"x,y,z,u\"\n1|a|b\n");
    init();
    expect_has("    csv: a.csv\n    delimiter: tab  # guess\n");
    expect_has("    csv: b.csv\n    delimiter: \"|\"  # guess\n");
    expect_has("    # not used: \"x,y,z,u\"\n");
}

Test(init, columns_that_are_no_fields_of_a_county)
{
    files_write(&files, "a.csv", "id,given_name,surname,dob\n1,mary,smith,19800102\n");
    files_write(&files, "b.csv", "id,name,dob\n1,mary smith,19800102\n");
    init();
    expect_has("        birth_date: dob  # guess\n    # not used: given_name, surname\n"
               "    # no name was recognised; fields and rules of your own: docs/persons.md\n");
    expect_has("        name: name  # guess\n        birth_date: dob  # guess\n\n");
}

Test(init, names_that_yaml_would_misread)
{
    files_write(&files, "a.csv",
                "id,xm,null,a: b,# c,\"q\"\"\\\",\"l1\nl2\",\xC2\xA0z,=sum,xm,\n1,a,,,,,,,,,\n");
    init();
    expect_has("    # not used: \"null\", \"a: b\", \"# c\", \"q\\\"\\\\\", \"l1\\u000Al2\", "
               "\"\\u00A0z\"\n");
}

Test(init, files_that_cannot_be_used_are_said)
{
    files_write(&files, "a.csv", "id,xm\n1,a\n");
    files_write(&files, "b.csv", "foo,bar\n1,2\n");
    files_write_bytes(&files, "c.csv", "id,\0\n", 5);
    files_write_bytes(&files, "d.csv", "id,\xFF\xFF\n", 6);
    files_write(&files, "e.csv", "");
    files_write(&files, "f.csv", "id,\"xm\n");
    files_write(&files, "g.csv", "id,\"xm\"x\n");
    init();
    expect_has(
        "  # \"b.csv\" is left out: no column was recognised\n    # its columns: foo, bar\n");
    for (char name = 'c'; name <= 'g'; name++) {
        char text[96];
        snprintf(text, sizeof text,
                 "  # \"%c.csv\" is left out: it is no CSV in UTF-8 or GB18030\n", name);
        expect_has(text);
    }
    cr_expect_eq(files.ruleset->n_sources, 1);
}

Test(init, only_the_head_of_a_large_file_is_read)
{
    hd_buf large = {0};
    hd_buf_addf(&large, "id,xm\n");
    while (large.len_bytes < (1 << 20) + 100)
        hd_buf_addf(&large, "%zu,a\n", large.len_bytes);
    hd_buf_addf(&large, "\xFF\xFF\n");
    files_write(&files, "a.csv", large.ptr);
    init();
    expect_has("    key: [id]  # guess: each value once in the first rows\n");
    hd_buf_release(&large);
}

Test(init, nothing_to_find)
{
    char want[128];
    snprintf(want, sizeof want, "%s: no *.csv, *.csv.gz, *.txt or *.tsv in this folder", files.dir);
    cr_expect_eq(hd_init_folder(&files.ctx, files.dir, NULL, &out, NULL), HD_CONFIG);
    cr_expect_str_eq(files.ctx.frames[0].text, want);
}

Test(init, nothing_recognised)
{
    files_write(&files, "b.csv", "foo,bar\n1,2\n");
    char want[128];
    snprintf(want, sizeof want, "%s: no column of any file was recognised", files.dir);
    cr_expect_eq(hd_init_folder(&files.ctx, files.dir, NULL, &out, NULL), HD_CONFIG);
    cr_expect_str_eq(files.ctx.frames[0].text, want);
    cr_expect_str_eq(files.ctx.hint,
                     "rules/columns.yaml lists the names that are; write hedui.yaml by hand");
    cr_expect_eq(out.len_bytes, 0);
}

Test(init, no_folder)
{
    cr_expect_eq(hd_init_folder(&files.ctx, "/hedui-not-there", NULL, &out, NULL), HD_CONFIG);
    cr_expect_str_eq(files.ctx.frames[0].text,
                     "/hedui-not-there: cannot be read: No such file or directory");
}

Test(init, own_names_of_columns)
{
    files_write(&files, "rules/columns.yaml",
                "fields: {name: [Mingzi]}\ntypes: {person: {files: [yizhan]}}\nkeys: kk\n");
    files_write(&files, "yizhan.csv", "kk,foo,ming_zi\n1,1,a\n");
    init();
    expect_has("type: person  # guess: by the file's name\n");
    expect_has("name: ming_zi  # guess\n");
    expect_has("key: [kk]");
}

static void own_columns(const char *text, const char *want)
{
    char message[256];
    snprintf(message, sizeof message, "rules/columns.yaml:%s", want);
    hd_ctx_clear(&files.ctx);
    files_write(&files, "a.csv", "id,xm\n1,a\n");
    files_write(&files, "rules/columns.yaml", text);
    init_fails(message);
}

Test(init, errors_in_names_of_columns)
{
    own_columns("field: {}\n", "1:1: unknown key \"field\"; the nearest is \"fields\"");
    own_columns("fields: {nam: [x]}\n", "1:10: unknown field \"nam\"; the nearest is \"name\"");
    own_columns("fields: {name: {}}\n", "1:16: expected names of columns, found a map");
    own_columns("record: name\n", "1:9: expected a list of fields, found \"name\"");
    own_columns("record: [nam]\n", "1:10: unknown field \"nam\"; the nearest is \"name\"");
    own_columns("sex: {wive: \"2\"}\n", "1:7: unknown role \"wive\"; the nearest is \"wife\"");
    own_columns("types: {brith: {}}\n",
                "1:9: unknown type of source \"brith\"; the nearest is \"birth\"");
    own_columns("types: {birth: {has: name}}\n", "1:22: expected a list of fields, found \"name\"");
    own_columns("types: {birth: {roles: wife}}\n",
                "1:24: expected a list of roles, found \"wife\"");
    own_columns("types: {birth: {roles: [wive]}}\n",
                "1:25: unknown role \"wive\"; the nearest is \"wife\"");
    own_columns("types: {birth: {main: []}}\n", "1:23: expected a role, found a list");
    own_columns("self: xs\n", "1:7: expected a list of who the person may be, found \"xs\"");
    own_columns("kin: {mothr: {}}\n", "1:7: unknown role \"mothr\"; the nearest is \"mother\"");
    own_columns("kin: {mother: {fields: {name: mother_nam}}}\n",
                "1:31: unknown field \"mother_nam\"; the nearest is \"mother_name\"");
    own_columns("beside: {prefix: [x]}\n",
                "1:10: unknown key \"prefix\"; the nearest is \"prefixes\"");
    own_columns("parts: {address: {joined: x}}\n",
                "1:27: expected a list of names of columns, found \"x\"");
    own_columns("parts: {address: {unless: [addres]}}\n",
                "1:28: unknown field \"addres\"; the nearest is \"address\"");
    own_columns("inside: {id_number: {first: 0}}\n",
                "1:29: expected a number from 1 to 100, found \"0\"");
    own_columns("types: {birth: {wants: {child: [nam]}}}\n",
                "1:33: unknown field \"nam\"; the nearest is \"name\"");
    own_columns("types: {birth: {also: []}}\n",
                "1:23: expected fields and names of columns, found a list");
}

/* ---- what is told ---- */

/* Of one file. */
static void expect_told(const char *file, const char *text, const char *want)
{
    hd_buf told = {0};
    files_write(&files, file, text);
    cr_assert_eq(hd_init_folder(&files.ctx, files.dir, NULL, &out, &told), HD_OK, "%s",
                 files_error(&files));
    cr_expect_str_eq(told.len_bytes ? told.ptr : "", want);
    hd_buf_release(&told);
    unlink(files_path(&files, file));
}

Test(init, tells_what_a_source_of_the_type_should_have)
{
    expect_told(
        "死亡.csv", "编号,姓名,出生日期,死亡日期,备注,性别\n7,a,b,c,d,e\n",
        "death（死亡登记）：没有找到公民身份号码（id_number）。未用的列：备注。请在 hedui.yaml "
        "中补上。\n");
    expect_told("jiehun.csv", "bh,nfxm,nvfxm,djrq,nfsfzh,nvfsfzh,nvfcsrq\n7,a,b,c,d,e,f\n",
                "jiehun（婚姻登记）：没有找到丈夫的出生日期（birth_date），各列都已用上。\n");
}

Test(init, tells_what_is_left_out)
{
    files_write(&files, "b.csv", "\xFF\xFEi\0d\0");
    files_write(&files, "c.xlsx", "PK\x03\x04");
    files_write(&files, "d.txt", "foo\tbar\n1\t2\n");
    expect_told("a.csv", "id,xm,xb,csrq,sfzh\n7,a,1,b,c\n",
                "b.csv：没有采用，是 UTF-16 编码，请另存为 UTF-8 编码的 CSV。\n"
                "c.xlsx：没有采用，是电子表格文件，请把各工作表另存为 UTF-8 编码的 CSV。\n"
                "d.txt：没有采用，一列也没有认出来；有用的话，请在 hedui.yaml 中补上。\n");
}

Test(init, tells_of_a_weak_key)
{
    expect_told("a.csv", "序号,xm,xb,csrq,sfzh\n1,a,1,b,c\n2,a,1,b,c\n",
                "a：没有一列看得出是记录的编号，暂以“序号”为键，请核对。\n");
}

Test(init, tells_what_addresses_need)
{
    static const char file[] = "a.csv", text[] = "id,xm,xb,csrq,sfzh,dz\n7,a,1,b,c,d\n";
    hd_buf want = {0};
    hd_buf_addf(
        &want,
        "本县的乡镇、村请列入 %s（每行：代码、名称，以制表符分隔），否则地址的区划只认到县。\n",
        files_path(&files, "rules/tables/places.tsv"));
    expect_told(file, text, want.ptr);
    files_write(&files, "rules/tables/places.tsv", "530323001\t丹凤街道\n");
    expect_told(file, text, "");
    hd_buf_release(&want);
}
