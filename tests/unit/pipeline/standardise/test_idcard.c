#include "cases.h"

/* 11010519491231002X and 440524188001010014 are the examples of GB 11643-1999. */

Test(idcard, eighteen)
{
    static const std_case cases[] = {
        {"11010519491231002X", "11010519491231002X", OK, ""},
        {"440524188001010014", "440524188001010014", OK, ""},
        {" 11010519491231002X ", "11010519491231002X", OK, ""},
        {"11010519491231002x", "11010519491231002X", REPAIRED, "lookalike"},
        {"11010519491231002×", "11010519491231002X", REPAIRED, "lookalike"},
        {"11010519491231002Х", "11010519491231002X", REPAIRED, "lookalike"}, /* Cyrillic */
        {"11010519491231002х", "11010519491231002X", REPAIRED, "lookalike"}, /* Cyrillic */
        {"11010519491231002Χ", "11010519491231002X", REPAIRED, "lookalike"}, /* Greek */
        {"11010519491231002Ｘ", "11010519491231002X", REPAIRED, "width"},
        {"１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", REPAIRED, "width"},
        {"11010519491231002*", "11010519491231002X", REPAIRED, "lookalike"},
        {"44052418800101001*", NULL, DAMAGED, "stand_in"},
        {"11O10519491231002X", "11010519491231002X", REPAIRED, "lookalike"},
        {"l1o1051949I231002X", "11010519491231002X", REPAIRED, "lookalike"},
        {"44052418800101OO14", "440524188001010014", REPAIRED, "lookalike"},
        {"110105 19491231 002X", "11010519491231002X", REPAIRED, "blanks"},
        {"110105-19491231-002X", "11010519491231002X", REPAIRED, "blanks"},
        {"'11010519491231002X", "11010519491231002X", REPAIRED, "note"},
        {"11010519491231002X.", "11010519491231002X", REPAIRED, "note"},
        {"11010519491231002X。", "11010519491231002X", REPAIRED, "note"},
        {"110105194912310021", "110105194912310021", SUSPICIOUS, "id_checksum"},
        {"440524188001010015", "440524188001010015", SUSPICIOUS, "id_checksum"},
        {"44052418800101001x", "44052418800101001X", SUSPICIOUS, "id_checksum lookalike"},
        {"110105194902300020", "110105194902300020", SUSPICIOUS, "id_date"},
        {"11010519490230002X", "11010519490230002X", SUSPICIOUS, "id_checksum id_date"},
        {"110105194913010021", "110105194913010021", SUSPICIOUS, "id_checksum id_date"},
        {"110105029912310021", "110105029912310021", SUSPICIOUS, "id_checksum id_date"},
        {"110105194900310021", NULL, INVALID, "id_checksum id_date"},
        {"110105194912000021", NULL, INVALID, "id_date"},
        {"1101051949123100AX", NULL, INVALID, "id_character"},
        {"X1010519491231002X", NULL, INVALID, "id_character"},
        {"", NULL, MISSING, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, id_number, cases);
    hd_std_env_free(env);
}

Test(idcard, fifteen)
{
    static const std_case cases[] = {
        {"110105491231002", "11010519491231002X", REPAIRED, "id_old"},
        {"11O105491231002", "11010519491231002X", REPAIRED, "id_old lookalike"},
        {"110105491231996", "110105491231996", SUSPICIOUS, "id_old"},
        {"110105491231999", "110105491231999", SUSPICIOUS, "id_old"},
        {"110105490230999", NULL, INVALID, "id_old id_date"},
        {"110105490230002", NULL, INVALID, "id_old id_date"},
        {"110105491231000", NULL, PLACEHOLDER, "placeholder"},
        {"11010549123100X", NULL, INVALID, "id_character"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, id_number, cases);
    hd_std_env_free(env);
}

Test(idcard, placeholders)
{
    static const std_case cases[] = {
        {"000000000000000000", NULL, PLACEHOLDER, "placeholder"},
        {"00000000000000000X", NULL, PLACEHOLDER, "placeholder"},
        {"111111111111111111", NULL, PLACEHOLDER, "placeholder"},
        {"11111111111111111X", NULL, PLACEHOLDER, "placeholder"},
        {"111111111111111", NULL, PLACEHOLDER, "placeholder"},
        {"123456789012345678", NULL, PLACEHOLDER, "placeholder"},
        {"123456789012345", NULL, PLACEHOLDER, "placeholder"},
        {"987654321098765432", NULL, PLACEHOLDER, "placeholder"},
        {"000000198001020000", NULL, PLACEHOLDER, "placeholder"},
        {"000000800102001", NULL, PLACEHOLDER, "placeholder"},
        {"530303198001020000", NULL, PLACEHOLDER, "placeholder"},
        {"530303198001020009", NULL, PLACEHOLDER, "placeholder"},
        {"53030319800102XXXX", NULL, PLACEHOLDER, "placeholder"},
        {"530303XXXXXXXXXXXX", NULL, PLACEHOLDER, "placeholder"},
        {"XXX", NULL, PLACEHOLDER, "placeholder"},
        {"0", NULL, PLACEHOLDER, "placeholder"},
        {"123456", NULL, PLACEHOLDER, "placeholder"},
        {"无", NULL, PLACEHOLDER, "placeholder"},
        {"无身份证", NULL, PLACEHOLDER, "placeholder"},
        {"临时530303001", NULL, PLACEHOLDER, "placeholder"},
        {"不详", NULL, PLACEHOLDER, "placeholder"},
        {"NULL", NULL, PLACEHOLDER, "placeholder"},
        {"******", NULL, PLACEHOLDER, "placeholder"},
        {"111111198001020011", NULL, PLACEHOLDER, "placeholder"},
        {"123456198001020011", NULL, PLACEHOLDER, "placeholder"},
        {"5303XXXXXXXXXX1234", NULL, DAMAGED, "stand_in"},
        {"5303**********1234", NULL, DAMAGED, "stand_in"},
        {"53030319800102????", NULL, DAMAGED, "stand_in"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, id_number, cases);
    hd_std_env_free(env);
}

Test(idcard, other_documents_and_lengths)
{
    static const std_case cases[] = {
        {"E12345678", "E12345678", OK, ""},
        {"g12345678", "G12345678", OK, ""},
        {"EA1234567", "EA1234567", OK, ""},
        {"H12345678", "H12345678", OK, ""},
        {"H1234567890", "H12345678", REPAIRED, "note"}, /* 90: the count of renewals */
        {"M1234567801", "M12345678", REPAIRED, "note"},
        {"01234568", "01234568", SUSPICIOUS, "id_length"},
        {"0123456801(B)", "01234568", SUSPICIOUS, "note id_length"},
        {"0123456801B", "01234568", SUSPICIOUS, "note id_length"},
        {"0000000001(B)", NULL, PLACEHOLDER, "note placeholder"},
        {"0123456801", NULL, INVALID, "id_length"},
        {"19800102", NULL, INVALID, "id_length"}, /* a date */
        {"99999999", NULL, PLACEHOLDER, "placeholder"},
        {"12345678", NULL, PLACEHOLDER, "placeholder"},
        {"E00000000", NULL, PLACEHOLDER, "placeholder"},
        {"MA123456", "MA123456", OK, ""},
        {"P1234567A", "P1234567A", OK, ""},
        {"P1234567AB", NULL, INVALID, "id_character"},
        {"X320101001", "X320101001", OK, ""},
        {"Ｅ12345678", "E12345678", REPAIRED, "width"},
        {"USA310101198001", "USA310101198001", OK, ""},
        {"9111561980010212", NULL, INVALID, "id_length"},
        {"5303031980010212", NULL, INVALID, "id_length"},
        {"53030319800102123", NULL, INVALID, "id_length"},
        {"1101051949123100X", NULL, INVALID, "id_length"},
        {"5303031980010212345", NULL, INVALID, "id_length"},
        {"5", NULL, INVALID, "id_length"},
        {"E123", NULL, INVALID, "id_character"},
        {"5.30303E+17", NULL, DAMAGED, "rounded"},
        {"5.30303198001021E+17", NULL, DAMAGED, "rounded"},
        {"530303198001021000", NULL, DAMAGED, "rounded"},
        {"530303198001021234567890123456789012345678901", NULL, INVALID, "id_length"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, id_number, cases);
    hd_std_env_free(env);
}

Test(idcard, area)
{
    static const std_case cases[] = {
        {"11010519491231002X", "11010519491231002X", OK, ""},
        {"110103201512310020", "110103201512310020", OK, ""}, /* born after the code's end */
        {"119905194912310021", "119905194912310021", SUSPICIOUS, "id_area"},
        {"119905491231002", "119905194912310021", SUSPICIOUS, "id_old id_area"},
        {"119905491231996", "119905491231996", SUSPICIOUS, "id_old id_area"},
        {"911124198108030024", "911124198108030024", OK, ""}, /* a foreign resident's has none */
    };
    hd_arena arena = {0};
    hd_divisions_fault fault;
    hd_std_env *env = hd_std_env_new();
    env->divisions = hd_divisions_parse(
        &arena, HD_STR("110105\t朝阳区\t\t\t\n110103\t崇文区\t\t2009\t\n"), HD_STR(""), &fault);
    STD_CASES(env, id_number, cases);
    hd_std_env_free(env);
    hd_arena_release(&arena);
}

Test(idcard, military)
{
    static const std_case cases[] = {
        {"军字第0012345号", "军字第0012345号", OK, ""},
        {"武字第 0123456 号", "武字第0123456号", REPAIRED, "blanks"},
        {"軍字第00123号", "軍字第00123号", OK, ""},
        {"军字第００１２３４５号", "军字第0012345号", REPAIRED, "width"},
        {"军字0012345", "军字第0012345号", REPAIRED, "note"},
        {"军字第0012345", "军字第0012345号", REPAIRED, "note"},
        {"军字第123号", NULL, INVALID, "id_character"},
        {"京朝结字010500123", NULL, INVALID, "id_character"}, /* a marriage certificate */
        {"军字第12A45号", NULL, INVALID, "id_character"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, id_number, cases);
    hd_std_env_free(env);
}

Test(idcard, notes)
{
    static const std_case cases[] = {
        {"身份证号：11010519491231002X", "11010519491231002X", REPAIRED, "width note"},
        {"身份证11010519491231002X", "11010519491231002X", REPAIRED, "note"},
        {"11010519491231002X(本人)", "11010519491231002X", REPAIRED, "note"},
        {"【11010519491231002X】", "11010519491231002X", REPAIRED, "note"},
        {"=\"11010519491231002X\"", "11010519491231002X", REPAIRED, "blanks note"},
        {"护照号E12345678", "E12345678", REPAIRED, "note"},
        {"11010519491231002X(父亲)", NULL, INVALID, "note id_character"}, /* of another person */
        {"身份证", NULL, INVALID, "id_character"},
        {"身份证丢失", NULL, PLACEHOLDER, "placeholder"},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, id_number, cases);
    hd_std_env_free(env);
}

/* Numbers of foreign residents begin with 9; their inner layout is not published. */
Test(idcard, foreign_residents)
{
    static const std_case cases[] = {
        {"911124198108030024", "911124198108030024", OK, ""},
        {"911124198108030025", "911124198108030025", SUSPICIOUS, "id_checksum"},
        {"911124999999999997", "911124999999999997", OK, ""},
        {"911124999999999991", "911124999999999991", SUSPICIOUS, "id_checksum"},
        {"810000199408230021", "810000199408230021", OK, ""},
        {"830000199201300022", "830000199201300022", OK, ""},
    };
    hd_std_env *env = hd_std_env_new();
    STD_CASES(env, id_number, cases);
    hd_std_env_free(env);
}

Test(idcard, every_wrong_check_digit_is_suspicious)
{
    hd_std_env *env = hd_std_env_new();
    char id[] = "110105194912310020";
    for (const char *c = "0123456789"; *c; c++) {
        id[17] = *c;
        hd_std_result r = hd_std_id_number(env, hd_str_from(id));
        cr_expect_eq(r.state, SUSPICIOUS, "%c", *c);
        cr_expect_eq(r.reasons, HD_REASON_BIT(id_checksum));
        cr_expect(hd_str_eq(r.text, hd_str_from(id)));
    }
    hd_std_env_free(env);
}

Test(idcard, promises_hold_for_anything)
{
    static const char *const pieces[] = {
        "110105", "19491231", "002X",   "002x",   "002×", "491231", "002", "1101051949123100",
        "0",      "1",        "9",      "000000", "O",    "l",      "I",   "-",
        "'",      " ",        "*",      "X",      "E",    "USA",    ".",   "临时",
        "军字第", "号",       "身份证", "(B)",    "H",    "E+17",   "000", "１",
        "996",    "7777",     "２Ｘ",   "|",      "。",   "无"};
    hd_std_env *env = hd_std_env_new();
    STD_RANDOM(env, id_number, pieces, 200000);
    hd_std_env_free(env);
}
