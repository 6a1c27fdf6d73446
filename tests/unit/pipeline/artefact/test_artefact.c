#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "mini.h"
#include "pipeline/artefact.h"
#include "pipeline/io/file.h"
#include "seal.h"

static const char config[] =
    "site: 530303\n"
    "gates: {rejected_share: {stop: 0.9}}\n"
    "sources:\n"
    "  household:\n"
    "    type: household\n"
    "    csv: household*.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, sex: sex, birth_date: birth, id_number: number,\n"
    "             ethnicity: folk, marital_status: state, address: home, phone: tel}\n"
    "  birth:\n"
    "    type: birth\n"
    "    csv: birth.csv\n"
    "    key: [cert, part]\n"
    "    record: {event_date: day}\n"
    "    mentions:\n"
    "      child:  {name: child, sex: sex}\n"
    "      mother: {name: mother, sex: '=\"2\"'}\n"
    "  death:\n"
    "    type: death\n"
    "    csv: death.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, death_date: day}\n";

/* Every state of a value, names outside the Basic Multilingual Plane, two code tables, a row in
 * each way that one can be rejected. */
static const char household_1[] = "id,name,sex,birth,number,folk,state,home,tel\n"
                                  "h1,张伟,男,1949-12-31,11010519491231002X,汉族,已婚,一组3号,\n"
                                  "h2,李 四,1,19500230,110105194912310021,01,10,,13912340077\n"
                                  "h3,𠮷野𡈽,2,1950年2月,123,苗族,未婚, ,1\n"
                                  "h4,王?芳,女,不详,,外星,无,无,--\n"
                                  "h5,\xE3\x80\x80,,1949-12-31,,,,,\n"
                                  "h1,张伟,女,1949-12-31,11010519491231002X,汉族,已婚,一组3号,\n"
                                  ",无名,,,,,,,\n"
                                  "h7,少,一列\n";
static const char household_2[] = "id,name,sex,birth,number,folk,state,home,tel\n"
                                  "h9,赵•丽,女,80年1月2日,440524800101001,回,离婚,,010-6\n"
                                  "h8,\xFF\xFE,,,,,,,\n";
static const char birth[] = "cert,part,day,child,sex,mother\n"
                            "c|1,a\\b,2020-01-02,张小,男,李秀英\n"
                            "c2,,2020-01-03,,,李秀英\n"
                            "c3,x,,王小,女,\n";

static void open_county(hd_mini *mini, unsigned n_threads)
{
    hd_mini_open(mini, n_threads);
    hd_mini_write(mini, "hedui.yaml", config);
    hd_mini_write(mini, "household1.csv", household_1);
    hd_mini_write(mini, "household2.csv", household_2);
    hd_mini_write(mini, "birth.csv", birth);
    hd_mini_write(mini, "death.csv", "id,name,day\n");
    hd_mini_read(mini);
}

static const char *path_of(const hd_mini *mini)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/mentions.hdm", mini->folder);
    return path;
}

static hd_status write_to(hd_mini *mini, const char *path)
{
    hd_artefact_about about = {.run_id = HD_STR("R1"),
                               .ruleset_hash = hd_str_from(mini->ruleset->hash),
                               .key_mark = HD_STR("a mark"),
                               .as_of = 20260101,
                               .read_at = 1767225600};
    return hd_artefact_write(&mini->ctx, path, &about, mini->ruleset, &mini->extract);
}

static void write_artefact(hd_mini *mini)
{
    cr_assert_eq(write_to(mini, path_of(mini)), HD_OK, "%s", mini->ctx.frames[0].text);
}

/* ---- all that later stages see, as text ---- */

static void show_records(hd_buf *out, const hd_extract *extract)
{
    for (uint32_t s = 0; s < extract->n_records; s++) {
        const hd_records *r = &extract->records[s];
        hd_buf_addf(out,
                    "source %u: %u records, %lu rows, %lu rejected, %lu filtered, %lu bytes, "
                    "%u files, %s, snapshot %s%.*s\n",
                    s, r->n, r->n_rows_read, r->n_rejected, r->n_filtered, r->n_bytes_read,
                    r->n_files, r->checksum, r->snapshot.ptr ? "" : "null", HD_ARG(r->snapshot));
        for (uint32_t i = 0; i < r->n; i++)
            hd_buf_addf(out, " %.*s", HD_ARG(r->record_id[i]));
        hd_buf_add_char(out, '\n');
    }
    for (size_t i = 0; i < extract->n_rejects; i++) {
        const hd_reject *r = &extract->rejects[i];
        hd_buf_addf(out, "reject %u %s %.*s %lu %lu %s%.*s: ", r->source,
                    hd_reject_reason_name(r->reason), HD_ARG(r->file), r->row, r->line,
                    r->record_id.ptr ? "" : "null", HD_ARG(r->record_id));
        hd_buf_add(out, r->text);
        hd_buf_add_char(out, '\n');
    }
}

static void show_value(hd_buf *out, const hd_mentions *m, hd_mention i, uint32_t field)
{
    const hd_standard *standard = hd_mention_standard(m, i, field);
    hd_str written = hd_mention_written(m, i, field);
    if (!written.ptr)
        return;
    hd_buf_addf(out, " %.*s=[%.*s] %s", HD_ARG(m->ruleset->fields[field].code), HD_ARG(written),
                hd_state_name((hd_state)standard->state));
    hd_buf_addf(out, " %x [", standard->reasons);
    hd_mention_print(out, m, i, field);
    hd_buf_addf(out, "]");
}

static hd_buf show(const hd_extract *extract, const hd_mentions *m)
{
    hd_buf out = {0};
    show_records(&out, extract);
    for (hd_mention i = 0; i < m->n; i++) {
        hd_buf_addf(&out, "%u %u %u:", m->source[i], m->role[i], m->record[i]);
        for (uint32_t field = 0; field < m->ruleset->n_fields; field++)
            show_value(&out, m, i, field);
        hd_buf_add_char(&out, '\n');
    }
    for (uint32_t s = 0; s < extract->n_records; s++)
        hd_buf_addf(&out, "%lu mentions, %lu empty\n", m->n_mentions[s], m->n_empty[s]);
    return out;
}

/* What the next process sees: another ruleset from the same files, with texts of its own. */
static hd_status load_shown(hd_mini *mini, unsigned n_threads, hd_buf *out)
{
    char path[128];
    hd_ctx ctx;
    hd_ruleset *ruleset;
    hd_artefact *artefact;
    hd_extract extract;
    hd_mentions mentions;
    hd_ctx_init(&ctx, n_threads);
    snprintf(path, sizeof path, "%s/hedui.yaml", mini->folder);
    cr_assert_eq(hd_ruleset_load(&ctx, path, HEDUI_RULES_DIR, &ruleset), HD_OK);
    cr_assert_eq(hd_artefact_open(&ctx, path_of(mini), &artefact), HD_OK, "%s", ctx.frames[0].text);
    hd_status status = hd_artefact_load(&ctx, artefact, ruleset, &extract);
    hd_artefact_close(artefact);
    if (status == HD_OK) {
        cr_assert_eq(hd_mentions_make(&ctx, ruleset, &extract, &mentions), HD_OK);
        *out = show(&extract, &mentions);
        hd_mentions_release(&mentions);
        hd_extract_release(&extract);
    }
    hd_ruleset_free(ruleset);
    return status;
}

static void expect_same(hd_mini *mini, unsigned n_threads)
{
    hd_buf before = show(&mini->extract, &mini->mentions), after = {0};
    cr_assert_eq(load_shown(mini, n_threads, &after), HD_OK);
    cr_expect_str_eq(after.ptr, before.ptr);
    hd_buf_release(&before);
    hd_buf_release(&after);
}

Test(artefact, gives_back_all_that_was_read)
{
    hd_mini mini;
    open_county(&mini, 2);
    mini.extract.records[1].snapshot = HD_STR("2026-01-01T17:00:00.123456Z"); /* as of a database */
    write_artefact(&mini);
    hd_buf text = show(&mini.extract, &mini.mentions);
    for (unsigned state = 0; state < HD_STATE_missing; state++) { /* that is shown as nothing */
        char wanted[32];
        snprintf(wanted, sizeof wanted, "] %s ", hd_state_name((hd_state)state));
        cr_expect_not_null(strstr(text.ptr, wanted), "no value is %s", hd_state_name(state));
    }
    static const char *const held[] = {"𠮷野𡈽",
                                       "reject 2 columns",
                                       "reject 2 encoding",
                                       "reject 2 key_empty",
                                       "reject 2 key_twice",
                                       "c\\|1|a\\\\b",
                                       "marital_status=[已婚]"};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        cr_expect_not_null(strstr(text.ptr, held[i]), "%s", held[i]);
    hd_buf_release(&text);
    expect_same(&mini, 1);
    expect_same(&mini, 3);
    hd_mini_close(&mini);
}

Test(artefact, says_what_it_is_about)
{
    hd_mini mini;
    open_county(&mini, 1);
    write_artefact(&mini);
    hd_artefact *artefact;
    char program[HD_ARTEFACT_PROGRAM_BYTES];
    hd_artefact_program(program);
    cr_assert_eq(hd_artefact_open(&mini.ctx, path_of(&mini), &artefact), HD_OK);
    const hd_artefact_about *about = hd_artefact_tell(artefact);
    cr_expect_str_eq(about->run_id.ptr, "R1");
    cr_expect_str_eq(about->ruleset_hash.ptr, mini.ruleset->hash);
    cr_expect_str_eq(about->key_mark.ptr, "a mark");
    cr_expect_str_eq(about->program, program);
    cr_expect_eq(about->as_of, 20260101);
    cr_expect_eq(about->read_at, 1767225600);
    const hd_source_files *files = hd_artefact_files(artefact), *read = &mini.extract.files;
    cr_assert_eq(files->n, 4);
    for (uint32_t i = 0; i < files->n; i++) {
        cr_expect_eq(files->file[i].source, read->file[i].source);
        cr_expect_str_eq(files->file[i].path.ptr, read->file[i].path.ptr);
        cr_expect_eq(files->file[i].size_bytes, read->file[i].size_bytes);
        cr_expect_eq(files->file[i].modified_ns, read->file[i].modified_ns);
    }
    hd_artefact_close(artefact);
    hd_mini_close(&mini);
}

Test(artefact, is_for_its_owner)
{
    struct stat st;
    hd_mini mini;
    open_county(&mini, 1);
    write_artefact(&mini);
    cr_assert_eq(stat(path_of(&mini), &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
    hd_mini_close(&mini);
}

/* ---- more than a section of each ---- */

enum { N_MANY = 2 * HD_FORM_ITEMS + 17 };

static void open_large_county(hd_mini *mini, unsigned n_threads)
{
    hd_buf text = {0};
    hd_mini_open(mini, n_threads);
    hd_mini_write(mini, "hedui.yaml", config);
    hd_buf_addf(&text, "id,name,sex,birth,number,folk,state,home,tel\n");
    for (unsigned i = 0; i < N_MANY; i++)
        hd_buf_addf(&text, "h%06u,张%u,%u,%u-%u-%u,,%02u,,%u组,\n", i, i * 7919 % N_MANY, i % 3,
                    1950 + i % 70, 1 + i % 12, 1 + i % 28, 1 + i % 56, i / 2);
    hd_mini_write(mini, "household1.csv", text.ptr);
    hd_buf_clear(&text);
    hd_buf_addf(&text, "cert,part,day,child,sex,mother\n");
    for (unsigned i = 0; i < HD_FORM_REJECTS + 5; i++)
        hd_buf_addf(&text, "c%u,%u\nc%u,,,小%u,,%s\n", i, i, i, i, i % 3 ? "李" : "");
    hd_mini_write(mini, "birth.csv", text.ptr);
    hd_mini_write(mini, "death.csv", "id,name,day\n");
    hd_buf_release(&text);
    hd_mini_read(mini);
}

Test(artefact, gives_back_more_than_one_section)
{
    hd_mini mini;
    open_large_county(&mini, 2);
    cr_assert_gt(mini.extract.n_rejects, HD_FORM_REJECTS);
    write_artefact(&mini);
    expect_same(&mini, 4);
    hd_mini_close(&mini);
}

static hd_buf bytes_of(hd_mini *mini)
{
    hd_buf bytes = {0};
    cr_assert_eq(hd_file_read(&mini->ctx, path_of(mini), &bytes), HD_OK);
    return bytes;
}

/* Times and places of the files differ, and so do the checksums; all else is the same. */
static void forget_files(hd_mini *mini)
{
    mini->extract.files.n = 0;
}

Test(artefact, threads_do_not_change_the_bytes)
{
    hd_mini one, four;
    open_large_county(&one, 1);
    open_large_county(&four, 4);
    forget_files(&one);
    forget_files(&four);
    write_artefact(&one);
    hd_buf a = bytes_of(&one);
    write_artefact(&four);
    hd_buf b = bytes_of(&four);
    cr_assert_eq(a.len_bytes, b.len_bytes);
    cr_expect(memcmp(a.ptr, b.ptr, a.len_bytes) == 0);
    hd_buf_release(&a);
    hd_buf_release(&b);
    hd_mini_close(&one);
    hd_mini_close(&four);
}

/* ---- damage ---- */

static void put_bytes(hd_mini *mini, const char *bytes, size_t n)
{
    FILE *file = fopen(path_of(mini), "wb");
    cr_assert(file && fwrite(bytes, 1, n, file) == n && fclose(file) == 0);
}

/* "fine", "other program", or why it is refused: what stands behind the path. */
static const char *refusal(hd_mini *mini)
{
    static char text[HD_FRAME_BYTES];
    hd_artefact *artefact;
    hd_extract extract;
    hd_ctx_clear(&mini->ctx);
    hd_status status = hd_artefact_open(&mini->ctx, path_of(mini), &artefact);
    if (status == HD_OK) {
        if (!hd_artefact_tell(artefact)->run_id.ptr) {
            hd_artefact_close(artefact);
            return "other program";
        }
        status = hd_artefact_load(&mini->ctx, artefact, mini->ruleset, &extract);
        if (status == HD_OK)
            hd_extract_release(&extract);
        hd_artefact_close(artefact);
    }
    if (status == HD_OK)
        return "fine";
    cr_assert_eq(status, HD_SOURCE);
    cr_assert_eq(mini->ctx.n_frames, 1);
    snprintf(text, sizeof text, "%s", mini->ctx.frames[0].text + strlen(path_of(mini)) + 1);
    return text;
}

enum { DENSE_BYTES = 200 }; /* a look at each byte of the heads, further on at some */

Test(artefact, no_byte_can_be_changed)
{
    hd_mini mini;
    open_county(&mini, 1);
    write_artefact(&mini);
    hd_buf bytes = bytes_of(&mini);
    cr_assert_str_eq(refusal(&mini), "fine");
    for (size_t i = 0; i < bytes.len_bytes; i += i < DENSE_BYTES ? 1 : 7) {
        bytes.ptr[i] ^= (char)(1 << i % 8);
        put_bytes(&mini, bytes.ptr, bytes.len_bytes);
        cr_expect_str_neq(refusal(&mini), "fine", "byte %zu", i);
        bytes.ptr[i] ^= (char)(1 << i % 8);
    }
    hd_buf_release(&bytes);
    hd_mini_close(&mini);
}

Test(artefact, no_byte_can_be_cut_off)
{
    hd_mini mini;
    open_county(&mini, 1);
    write_artefact(&mini);
    hd_buf bytes = bytes_of(&mini);
    for (size_t n = 0; n < bytes.len_bytes; n += n < DENSE_BYTES ? 1 : 7) {
        put_bytes(&mini, bytes.ptr, n);
        cr_expect_str_neq(refusal(&mini), "fine", "%zu bytes", n);
    }
    hd_buf_release(&bytes);
    hd_mini_close(&mini);
}

typedef struct damaged {
    hd_mini mini;
    hd_buf bytes;
} damaged;

static damaged begin_damage(void)
{
    damaged d = {0};
    open_county(&d.mini, 1);
    write_artefact(&d.mini);
    d.bytes = bytes_of(&d.mini);
    return d;
}

static void expect_refusal(damaged *d, const char *wanted)
{
    put_bytes(&d->mini, d->bytes.ptr, d->bytes.len_bytes);
    cr_expect_str_eq(refusal(&d->mini), wanted);
    hd_buf_release(&d->bytes);
    hd_mini_close(&d->mini);
}

/* Where the nth section begins; 0: `about`. */
static char *section_at(damaged *d, unsigned place, hd_section_head *head)
{
    char *at = d->bytes.ptr + sizeof(hd_form_head);
    for (;; place--, at += sizeof *head + head->bytes) {
        memcpy(head, at, sizeof *head);
        if (place == 0)
            return at;
    }
}

static unsigned first_of(damaged *d, hd_section_kind kind)
{
    hd_section_head head;
    for (unsigned place = 0;; place++) {
        section_at(d, place, &head);
        if (head.kind == kind)
            return place;
    }
}

Test(artefact, a_file_of_something_else)
{
    damaged d = begin_damage();
    memcpy(d.bytes.ptr, "PNG", 3);
    expect_refusal(&d, "is damaged: it does not begin as a file of mentions");
}

Test(artefact, another_program)
{
    damaged d = begin_damage();
    hd_form_head *head = (hd_form_head *)(void *)d.bytes.ptr;
    head->program[6]++;
    expect_refusal(&d, "other program");
}

Test(artefact, another_format)
{
    damaged d = begin_damage();
    hd_form_head *head = (hd_form_head *)(void *)d.bytes.ptr;
    head->version++;
    expect_refusal(&d, "other program");
}

Test(artefact, another_byte_order)
{
    damaged d = begin_damage();
    hd_form_head *head = (hd_form_head *)(void *)d.bytes.ptr;
    head->byte_order = __builtin_bswap32(head->byte_order);
    expect_refusal(&d, "other program");
}

Test(artefact, cut_in_its_head)
{
    damaged d = begin_damage();
    d.bytes.len_bytes = 40;
    expect_refusal(&d, "is damaged: it is cut off");
}

Test(artefact, nothing_in_it)
{
    damaged d = begin_damage();
    d.bytes.len_bytes = 0;
    expect_refusal(&d, "is damaged: it is cut off");
}

Test(artefact, a_value_that_flipped)
{
    damaged d = begin_damage();
    hd_section_head head;
    section_at(&d, 3, &head)[sizeof head + 1] ^= 1;
    expect_refusal(&d, "is damaged: the checksum of section 3");
}

Test(artefact, the_last_section_is_missing)
{
    damaged d = begin_damage();
    hd_section_head head;
    d.bytes.len_bytes =
        (size_t)(section_at(&d, first_of(&d, HD_SECTION_REJECTS), &head) - d.bytes.ptr);
    expect_refusal(&d, "is damaged: it is cut off");
}

Test(artefact, something_behind_its_end)
{
    damaged d = begin_damage();
    hd_buf_add_char(&d.bytes, 'x');
    expect_refusal(&d, "is damaged: it goes on behind its end");
}

Test(artefact, sections_in_another_order)
{
    damaged d = begin_damage();
    hd_section_head first, second;
    char *at = section_at(&d, 1, &first);
    section_at(&d, 2, &second);
    size_t a = sizeof first + first.bytes, b = sizeof second + second.bytes;
    char *moved = hd_alloc(a);
    memcpy(moved, at, a);
    memmove(at, at + a, b);
    memcpy(at + b, moved, a);
    hd_free(moved);
    seal_artefact(d.bytes.ptr, d.bytes.len_bytes);
    expect_refusal(&d, "is damaged: section 1 (values)");
}

Test(artefact, no_file)
{
    damaged d = begin_damage();
    remove(path_of(&d.mini));
    cr_expect_str_eq(refusal(&d.mini), "cannot be read: No such file or directory");
    mkdir(path_of(&d.mini), 0700);
    cr_expect_str_eq(refusal(&d.mini), "is no file");
    hd_buf_release(&d.bytes);
    hd_mini_close(&d.mini);
}

Test(artefact, a_link_is_not_followed)
{
    damaged d = begin_damage();
    char real[160];
    snprintf(real, sizeof real, "%s.real", path_of(&d.mini));
    cr_assert_eq(rename(path_of(&d.mini), real), 0);
    cr_assert_eq(symlink(real, path_of(&d.mini)), 0);
    cr_expect_str_neq(refusal(&d.mini), "fine");
    hd_buf_release(&d.bytes);
    hd_mini_close(&d.mini);
}

/* ---- checksums that are right, of what is not ---- */

/* `about` in place of the first. */
static void replace_about(damaged *d, const char *payload, size_t n)
{
    hd_section_head head;
    hd_buf out = {0};
    char *at = section_at(d, 0, &head);
    char *rest = at + sizeof head + head.bytes;
    head.bytes = n;
    hd_buf_add(&out, (hd_str){d->bytes.ptr, sizeof(hd_form_head)});
    hd_buf_add(&out, (hd_str){(const char *)&head, sizeof head});
    hd_buf_add(&out, (hd_str){payload, (uint32_t)n});
    hd_buf_add(&out, (hd_str){rest, (uint32_t)(d->bytes.ptr + d->bytes.len_bytes - rest)});
    hd_buf_release(&d->bytes);
    d->bytes = out;
    seal_artefact(d->bytes.ptr, d->bytes.len_bytes);
}

/* No count that `about` could hold makes the reader do more than refuse. */
Test(artefact, no_byte_of_what_it_is_about_leads_astray)
{
    static const uint8_t other[] = {0x00, 0x7F, 0xFF};
    damaged d = begin_damage();
    hd_section_head head;
    section_at(&d, 0, &head);
    size_t n = head.bytes, n_refused = 0;
    for (size_t i = 0; i < n; i++) {
        char *byte = section_at(&d, 0, &head) + sizeof head + i, was = *byte;
        *byte = (char)other[i % sizeof other];
        seal_artefact(d.bytes.ptr, d.bytes.len_bytes);
        put_bytes(&d.mini, d.bytes.ptr, d.bytes.len_bytes);
        n_refused += strcmp(refusal(&d.mini), "fine") != 0;
        *byte = was;
    }
    cr_expect_gt(n_refused, n / 8);
    seal_artefact(d.bytes.ptr, d.bytes.len_bytes);
    expect_refusal(&d, "fine");
}

static void put_count(hd_buf *out, uint64_t n)
{
    for (; n >= 0x80; n >>= 7)
        hd_buf_add_char(out, (char)(n | 0x80));
    hd_buf_add_char(out, (char)n);
}

static void put_text(hd_buf *out, const char *text)
{
    put_count(out, strlen(text));
    hd_buf_add(out, hd_str_from(text));
}

/* `about` of the county with other numbers; UINT64_MAX: as it is. */
typedef struct claims {
    uint64_t n_files, n_pools, values, n_sources, records, slots, rows, rejected, n_rejects;
} claims;
#define AS_IT_IS UINT64_MAX
#define CLAIMS(...)                                                                           \
    ((claims){AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, \
              AS_IT_IS})

static uint64_t claim(uint64_t claimed, uint64_t is)
{
    return claimed == AS_IT_IS ? is : claimed;
}

static void put_claims(hd_buf *out, const hd_extract *extract, const uint32_t *values,
                       const claims *c)
{
    put_text(out, "R1");
    put_text(out, "hash");
    put_text(out, "mark");
    put_count(out, 20260101);
    put_count(out, 1);
    put_count(out, claim(c->n_files, 0));
    put_count(out, claim(c->n_pools, extract->values.n_pools));
    for (uint32_t pool = 0; pool < extract->values.n_pools; pool++)
        put_count(out, pool ? values[pool] : claim(c->values, values[pool]));
    put_count(out, claim(c->n_sources, extract->n_records));
    for (uint32_t s = 0; s < extract->n_records; s++) {
        const hd_records *r = &extract->records[s];
        bool last = s + 1 == extract->n_records; /* household */
        put_count(out, last ? claim(c->records, r->n) : r->n);
        put_count(out, last ? claim(c->slots, r->n_slots) : r->n_slots);
        put_count(out, last ? claim(c->rows, r->n_rows_read) : r->n_rows_read);
        put_count(out, last ? claim(c->rejected, r->n_rejected) : r->n_rejected);
        put_count(out, r->n_filtered);
        put_count(out, r->n_bytes_read);
        put_count(out, r->n_files);
        put_text(out, r->checksum);
        put_count(out, 0); /* no snapshot */
    }
    put_count(out, claim(c->n_rejects, extract->n_rejects));
}

static void expect_claims_refused(claims c, const char *wanted)
{
    damaged d = begin_damage();
    uint32_t values[HD_FIELDS_MAX] = {0};
    hd_section_head head;
    hd_buf payload = {0};
    for (unsigned place = 1; place < first_of(&d, HD_SECTION_IDS); place++) {
        section_at(&d, place, &head);
        values[head.of] = head.n;
    }
    put_claims(&payload, &d.mini.extract, values, &c);
    replace_about(&d, payload.ptr, payload.len_bytes);
    hd_buf_release(&payload);
    expect_refusal(&d, wanted);
}

#define TOO_MANY (UINT32_MAX - 1)

Test(artefact, counts_as_they_are)
{
    expect_claims_refused(CLAIMS(), "fine");
}

Test(artefact, hostile_number_of_files)
{
    claims c = CLAIMS();
    c.n_files = TOO_MANY;
    expect_claims_refused(c, "is damaged: what it is about");
}

Test(artefact, hostile_number_of_pools)
{
    claims c = CLAIMS();
    c.n_pools = HD_FIELDS_MAX + 1;
    expect_claims_refused(c, "is damaged: what it is about");
}

Test(artefact, hostile_number_of_values)
{
    claims c = CLAIMS();
    c.values = TOO_MANY;
    expect_claims_refused(c, "is damaged: the number of items");
    c.values = (uint64_t)UINT32_MAX + 1;
    expect_claims_refused(c, "is damaged: what it is about");
}

Test(artefact, one_value_more)
{
    claims c = CLAIMS();
    c.values = 7;
    expect_claims_refused(c, "is damaged: section 1 (values)");
}

Test(artefact, hostile_number_of_sources)
{
    claims c = CLAIMS();
    c.n_sources = TOO_MANY;
    expect_claims_refused(c, "is damaged: what it is about");
}

Test(artefact, hostile_number_of_records)
{
    claims c = CLAIMS();
    c.records = TOO_MANY;
    c.rows = c.records + 4; /* and 4 rejected */
    expect_claims_refused(c, "is damaged: the number of items");
}

Test(artefact, hostile_number_of_slots)
{
    claims c = CLAIMS();
    c.slots = TOO_MANY;
    expect_claims_refused(c, "is damaged: the number of slots");
}

Test(artefact, rows_that_do_not_add_up)
{
    claims c = CLAIMS();
    c.rows = 3;
    expect_claims_refused(c, "is damaged: what it is about");
}

/* Their sum wraps round to what it should be. */
Test(artefact, hostile_number_of_rejects)
{
    claims c = CLAIMS();
    c.n_rejects = UINT64_MAX - 1;
    expect_claims_refused(c, "is damaged: the number of rejects");
    c.rejected = UINT64_MAX - 1;
    expect_claims_refused(c, "is damaged: what it is about");
}

/* The first byte after `from` bytes of a section's payload that are equal to `text`. */
static char *after(damaged *d, hd_section_kind kind, const char *text)
{
    hd_section_head head;
    for (unsigned place = first_of(d, kind);; place++) {
        char *payload = section_at(d, place, &head) + sizeof head;
        cr_assert_eq(head.kind, kind, "no %s", text);
        char *found = memmem(payload, head.bytes, text, strlen(text));
        if (found)
            return found + strlen(text);
    }
}

static void expect_sealed_refusal(damaged *d, const char *wanted)
{
    seal_artefact(d->bytes.ptr, d->bytes.len_bytes);
    expect_refusal(d, wanted);
}

Test(artefact, a_text_that_is_no_utf8)
{
    damaged d = begin_damage();
    after(&d, HD_SECTION_VALUES, "王?")[0] = '\xFF';
    expect_sealed_refusal(&d, "is damaged: section 1 (values)");
}

Test(artefact, a_text_with_a_nul)
{
    damaged d = begin_damage();
    after(&d, HD_SECTION_VALUES, "王")[0] = '\0';
    expect_sealed_refusal(&d, "is damaged: section 1 (values)");
}

Test(artefact, a_state_that_there_is_not)
{
    damaged d = begin_damage();
    *after(&d, HD_SECTION_VALUES, "张伟") |= HD_FORM_STATE;
    expect_sealed_refusal(&d, "is damaged: section 1 (values)");
}

Test(artefact, a_damaged_value_with_a_standard_value)
{
    damaged d = begin_damage();
    *after(&d, HD_SECTION_VALUES, "王?芳") |= HD_FORM_SAME;
    expect_sealed_refusal(&d, "is damaged: section 1 (values)");
}

Test(artefact, a_date_where_a_text_must_be)
{
    damaged d = begin_damage();
    *after(&d, HD_SECTION_VALUES, "张伟") |= HD_FORM_DATE;
    expect_sealed_refusal(&d, "is damaged: section 1 (values)");
}

Test(artefact, a_date_that_does_not_exist)
{
    damaged d = begin_damage();
    after(&d, HD_SECTION_VALUES, "1949-12-31")[1]++; /* 19491232 */
    char *day = after(&d, HD_SECTION_VALUES, "1949-12-31");
    cr_assert_eq(*day & HD_FORM_STANDARD, HD_FORM_DATE);
    hd_section_head head;
    char what[64];
    unsigned place = first_of(&d, HD_SECTION_VALUES);
    while (day > section_at(&d, place, &head) + sizeof head + head.bytes)
        place++;
    snprintf(what, sizeof what, "is damaged: section %u (values)", place);
    expect_sealed_refusal(&d, what);
}

Test(artefact, ids_that_do_not_rise)
{
    damaged d = begin_damage();
    hd_section_head head;
    char what[64];
    after(&d, HD_SECTION_IDS, "c3")[-2] = 'a';
    section_at(&d, first_of(&d, HD_SECTION_IDS), &head);
    snprintf(what, sizeof what, "is damaged: section %u (ids)", first_of(&d, HD_SECTION_IDS));
    expect_sealed_refusal(&d, what);
}

Test(artefact, a_number_of_no_value)
{
    damaged d = begin_damage();
    hd_section_head head;
    char what[64];
    unsigned place = first_of(&d, HD_SECTION_SLOTS);
    section_at(&d, place, &head)[sizeof head] = '\xF0';
    snprintf(what, sizeof what, "is damaged: section %u (slots)", place);
    expect_sealed_refusal(&d, what);
}

Test(artefact, a_reject_of_another_source)
{
    damaged d = begin_damage();
    hd_section_head head;
    section_at(&d, first_of(&d, HD_SECTION_REJECTS), &head)[sizeof head] = 0;
    expect_sealed_refusal(&d, "is damaged: the number of rejects");
}

/* ---- a disk that is full ---- */

static unsigned n_files_in(const char *folder)
{
    unsigned n = 0;
    DIR *dir = opendir(folder);
    cr_assert_not_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        n += entry->d_name[0] != '.' || entry->d_name[1] == 'm';
    closedir(dir);
    return n;
}

/* A limit of the file's size ends in a short write, then in a failure, as a full disk does. */
Test(artefact, nothing_is_left_where_the_disk_is_full)
{
    hd_mini mini;
    open_large_county(&mini, 2);
    unsigned before = n_files_in(mini.folder);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){300001, RLIM_INFINITY}), 0);
    cr_expect_eq(write_to(&mini, path_of(&mini)), HD_SPACE);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}), 0);
    cr_expect_eq(n_files_in(mini.folder), before);
    hd_mini_close(&mini);
}

Test(artefact, a_folder_that_is_not_there)
{
    hd_mini mini;
    open_county(&mini, 1);
    cr_expect_eq(write_to(&mini, "/nowhere/mentions.hdm"), HD_STORE);
    hd_mini_close(&mini);
}
