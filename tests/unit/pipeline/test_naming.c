#include "pipeline/naming.h"

#include <criterion/criterion.h>

#include "mini.h"

/* The codes of the fields by which one sees who a mention is, parted by blanks. */
static void expect_who(const char *config, const char *head, const char *want)
{
    hd_mini mini;
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", config);
    hd_mini_write(&mini, "a.csv", head);
    hd_mini_read(&mini);
    uint32_t field[HD_WHO_MAX], n = hd_who_fields(&mini.mentions, field);
    hd_buf codes = {0};
    for (uint32_t i = 0; i < n; i++)
        hd_buf_addf(&codes, "%.*s ", HD_ARG(mini.ruleset->fields[field[i]].code));
    cr_expect(hd_str_eq(hd_buf_str(&codes), hd_str_from(want)), "%s", codes.ptr);
    hd_buf_release(&codes);
    hd_mini_close(&mini);
}

Test(naming, a_county_s_people_are_known_by_name_sex_birth_and_number)
{
    expect_who("site: 530303\n"
               "sources:\n"
               "  a: {type: person, csv: a.csv, key: [id], mentions: {self: {name: n, address: w, "
               "birth_date: b, sex: s, id_number: i}}}\n",
               "id,n,s,b,i,w\n1,张伟,男,1980-01-02,,\n", "name sex birth_date id_number ");
}

Test(naming, without_a_name_by_the_person_s_own_fields_that_are_there)
{
    expect_who("site: 530303\n"
               "fields:\n"
               "  given: {kind: text, person: true}\n"
               "  family: {kind: text, person: true}\n"
               "  nowhere: {kind: text, person: true}\n"
               "  note: {kind: text}\n"
               "sources:\n"
               "  a: {type: person, csv: a.csv, key: [id], mentions: {self: {given: g, family: f, "
               "note: t, birth_date: b}}}\n",
               "id,g,f,t,b\n1,Ann,Lee,x,1980-01-02\n", "birth_date given family ");
}
