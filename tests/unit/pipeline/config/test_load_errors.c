/* What a configuration is refused for, word for word. */

#include "config_files.h"

static config_files files;

static void setup(void)
{
    files = files_open();
}

static void teardown(void)
{
    files_close(&files);
}

TestSuite(load_errors, .init = setup, .fini = teardown);

static void error(const char *yaml, const char *want)
{
    expect_error(&files, yaml, want, NULL);
}

/* ---- hedui.yaml ---- */

Test(load_errors, no_file)
{
    cr_expect_eq(files_load(&files, NULL), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), "hedui.yaml: there is no such file");
    cr_expect_str_eq(files.ctx.hint,
                     "`hedui init` writes a configuration; --config names one that lies elsewhere");
    cr_expect_null(files.ruleset);
}

Test(load_errors, no_text_file)
{
    mkdir(files_path(&files, "hedui.yaml"), 0700);
    cr_expect_eq(files_load(&files, NULL), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), "hedui.yaml: is not a file");
}

Test(load_errors, no_readable_file)
{
    char path[320];
    memset(path, 'x', sizeof path);
    path[300] = '\0';
    cr_expect_eq(hd_ruleset_load(&files.ctx, path, NULL, &files.ruleset), HD_CONFIG);
    cr_expect_not_null(strstr(files.ctx.frames[0].text, "xxx"));
    cr_assert_eq(symlink("hedui.yaml", files_path(&files, "hedui.yaml")), 0);
    cr_expect_eq(files_load(&files, NULL), HD_CONFIG);
    cr_expect_str_eq(files_error(&files),
                     "hedui.yaml: cannot be read: Too many levels of symbolic links");
}

Test(load_errors, own_files_that_nothing_reads)
{
    files_write(&files, "rules/linkage.yaml", "");
    files_write(&files, "rules/README.md", "");
    files_write(&files, "rules/.x.yaml", "");
    files_write(&files, "rules/checks.yaml~", "");
    expect_loads(&files, SOURCE);
    files_write(&files, "rules/zz.yaml", "");
    files_write(&files, "rules/check.yaml", "");
    expect_error(&files, SOURCE, "rules/check.yaml: nothing reads a file of this name",
                 "the nearest is \"checks.yaml\"");
    unlink(files_path(&files, "rules/check.yaml"));
    expect_error(&files, SOURCE, "rules/zz.yaml: nothing reads a file of this name",
                 "files of rules have the names that they have in " HEDUI_RULES_DIR);
    unlink(files_path(&files, "rules/zz.yaml"));
    files_write(&files, "rules/types.yml", "");
    error(SOURCE, "rules/types.yml: nothing reads a file of this name");
}

Test(load_errors, too_large)
{
    files_write(&files, "hedui.yaml", "");
    cr_assert_eq(truncate(files_path(&files, "hedui.yaml"), (64 << 20) + 1), 0);
    cr_expect_eq(files_load(&files, NULL), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), "hedui.yaml: larger than 64 MiB");
}

Test(load_errors, keys)
{
    expect_error(&files, "lnaguage: zh\n" SOURCE,
                 "hedui.yaml:1:1: unknown key \"lnaguage\"; the nearest is \"language\"",
                 "valid here: site, language, store, sources, fields, link, gates, timeouts");
    expect_error(
        &files, SOURCE_HEAD "    enconding: utf-8\n" SOURCE_MENTIONS,
        "hedui.yaml:6:5: unknown key \"enconding\"; the nearest is \"encoding\"",
        "valid here: type, csv, postgresql, table, query, tls_waiver, encoding, delimiter, header, "
        "key, key_is_personal, filter, record, mentions, codes, duplicate_free");
    error("colour: red\n" SOURCE, "hedui.yaml:1:1: unknown key \"colour\"");
    expect_error(&files, "site: a\n", "hedui.yaml:1:1: a configuration needs \"sources\"",
                 "its keys: site, language, store, sources, fields, link, gates, timeouts");
    error("- site\n", "hedui.yaml:1:1: expected a configuration, a map; found a list");
    error("", "hedui.yaml:1:1: a configuration needs \"sources\"");
}

Test(load_errors, general)
{
    expect_error(&files, "language: zk\n" SOURCE,
                 "hedui.yaml:1:11: expected one of zh, en, found \"zk\"", "the nearest is \"zh\"");
    error("language: [zh]\n" SOURCE, "hedui.yaml:1:11: expected one of zh, en, found a list");
    error("language:\n" SOURCE, "hedui.yaml:1:10: expected one of zh, en, found nothing");
    error("site: ../x\n" SOURCE, "hedui.yaml:1:7: expected the county's code, found \"../x\"");
    error("site: .x\n" SOURCE, "hedui.yaml:1:7: expected the county's code, found \".x\"");
    error("store: []\n" SOURCE,
          "hedui.yaml:1:8: expected the path of a SQLite file, or none, found a list");
}

Test(load_errors, store_in_postgresql)
{
    error("store: {sqlite: a.db}\n" SOURCE, "hedui.yaml:1:9: unknown key \"sqlite\"");
    error("store: {tls_waiver: x}\n" SOURCE,
          "hedui.yaml:1:8: a store in PostgreSQL needs \"postgresql\"");
    error("store: {postgresql: }\n" SOURCE,
          "hedui.yaml:1:21: expected a connection string, as \"service=police\", found nothing");
    error("store: {postgresql: a=b, tls_waiver: }\n" SOURCE,
          "hedui.yaml:1:38: expected the reason why TLS is not demanded, found nothing");
    error("store: 'postgresql: '\n" SOURCE,
          "hedui.yaml:1:9: expected a connection string, as \"service=police\", found nothing");
    expect_error(&files, "store: postgresql:host=h password=geheim\n" SOURCE,
                 "hedui.yaml:1:8: the connection string holds a password",
                 "put it into ~/.pgpass (mode 0600), or into the service's file");
    error("store: postgresql://u:geheim@h/d\n" SOURCE,
          "hedui.yaml:1:8: the connection string holds a password");
    expect_error(&files, "store: {postgresql: \"police\"}\n" SOURCE,
                 "hedui.yaml:1:22: the connection string cannot be read",
                 "as \"service=police\", or \"host=db.example dbname=police\"");
}

Test(load_errors, timeouts)
{
    error("timeouts: 5\n" SOURCE, "hedui.yaml:1:11: expected timeouts, a map; found a text");
    expect_error(&files, "timeouts: {conect: 5}\n" SOURCE,
                 "hedui.yaml:1:12: unknown key \"conect\"; the nearest is \"connect\"",
                 "valid here: connect, retry, lock, statement, idle");
    error("timeouts: {connect: 0}\n" SOURCE,
          "hedui.yaml:1:21: expected a whole number from 1 to 86400, found \"0\"");
    error("timeouts: {retry: 100000}\n" SOURCE,
          "hedui.yaml:1:19: expected a whole number from 0 to 86400, found \"100000\"");
    error("timeouts: {statement: 1h}\n" SOURCE,
          "hedui.yaml:1:23: expected a whole number from 1 to 86400, found \"1h\"");
}

Test(load_errors, gates)
{
    error("gates: {rejected: {}}\n" SOURCE, "hedui.yaml:1:9: unknown key \"rejected\"");
    error("gates: {rejected_share: {warn: 2}}\n" SOURCE,
          "hedui.yaml:1:32: expected a number from 0 to 1, found \"2\"");
    error("gates: {rejected_share: {stop: x}}\n" SOURCE,
          "hedui.yaml:1:32: expected a number from 0 to 1, found \"x\"");
    error("gates: {rejected_share: {warn: 0x1}}\n" SOURCE,
          "hedui.yaml:1:32: expected a number from 0 to 1, found \"0x1\"");
    error("gates: {rejected_share: {warn: nan}}\n" SOURCE,
          "hedui.yaml:1:32: expected a number from 0 to 1, found \"nan\"");
    error("gates: {rejected_share: {warn: 1-}}\n" SOURCE,
          "hedui.yaml:1:32: expected a number from 0 to 1, found \"1-\"");
    error("gates: {rejected_share: {warn: 0.2, stop: 0.1}}\n" SOURCE,
          "hedui.yaml:1:32: warn 0.2 is above stop 0.1");
    error("gates: {fewer_rows: {warn: 0.9, stop: 0.5}}\n" SOURCE,
          "hedui.yaml:1:28: warn 0.9 is above stop 0.5");
    error("gates: []\n" SOURCE, "hedui.yaml:1:8: expected gates, a map; found a list");
}

Test(load_errors, link)
{
    error("link: {match_threshold: 3, review_threshold: 4}\n" SOURCE,
          "hedui.yaml:1:46: review_threshold 4 is above match_threshold 3");
    error("link: {block_cap_pairs: 0}\n" SOURCE,
          "hedui.yaml:1:25: expected a whole number from 1 to 1000000000000, found \"0\"");
    error("link: {block_cap_pairs: 1e6}\n" SOURCE,
          "hedui.yaml:1:25: expected a whole number from 1 to 1000000000000, found \"1e6\"");
    error("link: {cluster_alarm_size: 1}\n" SOURCE,
          "hedui.yaml:1:28: expected a whole number from 2 to 4294967295, found \"1\"");
    error("link: {model: {}}\n" SOURCE,
          "hedui.yaml:1:15: expected the path of a model, found a map");
    error("link: {mode: links}\n" SOURCE,
          "hedui.yaml:1:14: expected one of both, link, deduplicate, found \"links\"");
    error("link: {mode: link}\n" SOURCE,
          "hedui.yaml:1:14: mode link needs two sources: there is one");
    error("link: {modle: x}\n" SOURCE,
          "hedui.yaml:1:8: unknown key \"modle\"; the nearest is \"model\"");
}

/* ---- sources ---- */

#define HEAD "sources:\n  h:\n    type: household\n    csv: h.csv\n    key: [id]\n"

Test(load_errors, sources)
{
    error("sources: {}\n", "hedui.yaml:1:10: 0 sources: expected 1 to 64");
    error("sources: [a]\n", "hedui.yaml:1:10: expected sources and their settings, found a list");
    error("sources: {h: x}\n", "hedui.yaml:1:14: expected a source, a map; found a text");
    error("sources: {\"h h\": {}}\n", "hedui.yaml:1:12: expected a source's name, found \"h h\"");
    error("sources: {h: {}}\n", "hedui.yaml:1:14: a source needs \"type\"");
    error("sources: {h: {type: household}}\n",
          "hedui.yaml:1:14: a source needs \"csv\" or \"postgresql\"");
    error("sources: {h: {type: household, csv: h.csv}}\n",
          "hedui.yaml:1:14: a source needs \"key\"");
    error("sources: {h: {type: household, csv: h.csv, key: id}}\n",
          "hedui.yaml:1:14: a source needs \"mentions\"");
    expect_error(
        &files, "sources: {h: {type: houshold}}\n",
        "hedui.yaml:1:21: unknown type of source \"houshold\"; the nearest is \"household\"",
        "types are listed in rules/types.yaml; `person` is for anything else");
    error("sources: {h: {type: household, csv: []}}\n",
          "hedui.yaml:1:37: expected a file or a pattern of files, found a list");
    error("sources: {h: {type: household, csv: [a, {}]}}\n",
          "hedui.yaml:1:41: expected a file or a pattern of files, found a map");
}

Test(load_errors, too_many_sources)
{
    hd_buf yaml = {0};
    hd_buf_addf(&yaml, "sources:\n");
    for (int i = 0; i < 65; i++)
        hd_buf_addf(&yaml, "  s%d: {}\n", i);
    error(yaml.ptr, "hedui.yaml:2:3: 65 sources: expected 1 to 64");
    hd_buf_release(&yaml);
}

#define SOURCE_IN "sources:\n  h: {type: household, "

Test(load_errors, source_in_postgresql)
{
    error(SOURCE_IN "csv: h.csv, postgresql: service=p, table: t}\n",
          "hedui.yaml:2:36: \"csv\" and \"postgresql\": a source is one of them");
    error(SOURCE_IN "csv: h.csv, query: select}\n",
          "hedui.yaml:2:36: \"query\" needs \"postgresql\"");
    error(SOURCE_IN "csv: h.csv, table: t}\n", "hedui.yaml:2:36: \"table\" needs \"postgresql\"");
    error(SOURCE_IN "csv: h.csv, tls_waiver: t}\n",
          "hedui.yaml:2:36: \"tls_waiver\" needs \"postgresql\"");
    error(SOURCE_IN "postgresql: service=p}\n",
          "hedui.yaml:2:6: a source in PostgreSQL needs \"table\" or \"query\"");
    error(SOURCE_IN "postgresql: service=p, table: t, query: select 1}\n",
          "hedui.yaml:2:57: \"table\" and \"query\": a source is one of them");
    error(SOURCE_IN "postgresql: service=p, table: t, delimiter: \";\"}\n",
          "hedui.yaml:2:57: \"delimiter\" is for CSV files");
    error(SOURCE_IN "postgresql: , table: t}\n",
          "hedui.yaml:2:36: expected a connection string, as \"service=police\", found nothing");
    error(SOURCE_IN "postgresql: service=p, table: t, encoding: gbk}\n",
          "hedui.yaml:2:67: expected one of auto, utf-8, gb18030, found \"gbk\"");
    error(SOURCE_IN "postgresql: service=p, query: ' ; '}\n",
          "hedui.yaml:2:55: expected a SELECT, found nothing");
    error(SOURCE_IN "postgresql: service=p, tls_waiver: [], table: t}\n",
          "hedui.yaml:2:59: expected the reason why TLS is not demanded, found a list");
    error(SOURCE_IN "postgresql: service=p, table: t}\n", "hedui.yaml:2:6: a source needs \"key\"");
}

Test(load_errors, password_of_a_source)
{
    expect_error(&files, SOURCE_IN "postgresql: host=h password=geheim, table: t}\n",
                 "hedui.yaml:2:36: the connection string holds a password",
                 "put it into ~/.pgpass (mode 0600), or into the service's file");
    error(SOURCE_IN "postgresql: \"postgresql://u:geheim@h/d\", table: t}\n",
          "hedui.yaml:2:37: the connection string holds a password");
    error(SOURCE_IN "postgresql: police, table: t}\n",
          "hedui.yaml:2:36: the connection string cannot be read");
}

Test(load_errors, table_names)
{
    static const char *const bad[] = {".t", "s.",      "a.b.c",    "a\"b",         "\"a\"b",
                                      "..", "\"a",     "\"\"",     "s.\"a",        "s.\"\"",
                                      ".",  "\"a\"\"", "\"a\".b.", "\"a\".\"b\"\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char yaml[256], message[256];
        snprintf(yaml, sizeof yaml, SOURCE_IN "postgresql: service=p, table: '%s'}\n", bad[i]);
        snprintf(message, sizeof message,
                 "hedui.yaml:2:55: expected a table, or schema.table, found \"%s\"", bad[i]);
        expect_error(&files, yaml, message,
                     "a part that holds a dot or a quote goes into double quotes: police.\"a.b\"");
    }
    error(SOURCE_IN "postgresql: service=p, table: []}\n",
          "hedui.yaml:2:54: expected a table, or schema.table, found a list");
}

Test(load_errors, format)
{
    error(HEAD "    encoding: gbk\n" SOURCE_MENTIONS,
          "hedui.yaml:6:15: expected one of auto, utf-8, gb18030, found \"gbk\"");
    static const char want[] = "hedui.yaml:6:17: expected one character, as \",\", \";\", \"|\" or "
                               "\"\\t\", found \"%s\"";
    static const char *const bad[] = {",,", "x", "tabs"};
    for (int i = 0; i < 3; i++) {
        char yaml[256], message[256];
        snprintf(yaml, sizeof yaml, HEAD "    delimiter: '%s'\n" SOURCE_MENTIONS, bad[i]);
        snprintf(message, sizeof message, want, bad[i]);
        error(yaml, message);
    }
    error(HEAD "    header: 1.5\n" SOURCE_MENTIONS,
          "hedui.yaml:6:13: expected a whole number from 1 to 100, found \"1.5\"");
    error(SOURCE_IN "postgresql: service=p, table: t, header: 2}\n",
          "hedui.yaml:2:57: \"header\" is for CSV files");
    expect_loads(&files, HEAD "    header: 3\n" SOURCE_MENTIONS);
    cr_expect_eq(files.ruleset->sources[0].header, 3);
    expect_loads(&files, HEAD "    delimiter: tab\n" SOURCE_MENTIONS);
    cr_expect_eq(files.ruleset->sources[0].header, 1);
    cr_expect_eq(files.ruleset->sources[0].delimiter, '\t');
    expect_loads(&files, HEAD "    delimiter: \"\\t\"\n" SOURCE_MENTIONS);
    cr_expect_eq(files.ruleset->sources[0].delimiter, '\t');
    error(HEAD "    key_is_personal: yes\n" SOURCE_MENTIONS,
          "hedui.yaml:6:22: expected true or false, found \"yes\"");
    error("sources: {h: {type: household, csv: h.csv, key: [a, b, a], mentions: {}}}\n",
          "hedui.yaml:1:56: column \"a\" stands twice in the key");
    error("sources: {h: {type: household, csv: h.csv, key: [], mentions: {}}}\n",
          "hedui.yaml:1:49: expected a column, found a list");
}

Test(load_errors, mentions)
{
    error(HEAD "    mentions: {}\n", "hedui.yaml:6:15: a source needs a mention at least");
    error(HEAD "    mentions: [self]\n",
          "hedui.yaml:6:15: expected roles and their fields, found a list");
    error(HEAD "    mentions: {self: {}}\n", "hedui.yaml:6:22: a mention needs a field at least");
    error(HEAD "    mentions: {self: name}\n",
          "hedui.yaml:6:22: expected fields and their columns, found \"name\"");
    error(HEAD "    mentions: {\"1st\": {name: xm}}\n",
          "hedui.yaml:6:17: expected a role, found \"1st\"");
    expect_error(&files, HEAD "    mentions: {self: {nmae: xm}}\n",
                 "hedui.yaml:6:23: unknown field \"nmae\"; the nearest is \"name\"",
                 "fields are listed in rules/fields.yaml; new ones go under `fields:`");
    error(HEAD "    mentions: {self: {name: }}\n",
          "hedui.yaml:6:29: expected a column or =expression, found nothing");
    error(HEAD "    mentions: {self: {name: [xm]}}\n",
          "hedui.yaml:6:29: expected a column or =expression, found a list");
    error(HEAD "    record: {name: xm}\n" SOURCE_MENTIONS,
          "hedui.yaml:8:14: field \"name\" is given for the record already");
}

Test(load_errors, roles_of_a_type)
{
    char hint[256];
    snprintf(hint, sizeof hint,
             "roles of type birth are those that types.yaml names; own ones go into %s/rules/"
             "types.yaml",
             files.dir);
    expect_error(
        &files, "sources:\n  b: {type: birth, csv: b.csv, key: id, mentions: {mothr: {name: x}}}\n",
        "hedui.yaml:2:52: unknown role \"mothr\"; the nearest is \"mother\"", hint);
    hd_buf yaml = {0};
    hd_buf_addf(&yaml, HEAD "    mentions:\n");
    for (int i = 0; i < 30; i++)
        hd_buf_addf(&yaml, "      r%d: {name: xm}\n", i);
    error(yaml.ptr, "hedui.yaml:28:7: more than 32 roles");
    hd_buf_release(&yaml);
}

Test(load_errors, expressions_over_columns)
{
    error(HEAD "    mentions:\n      self: {name: '=upper(xm)'}\n",
          "hedui.yaml:7:22: unknown function \"upper\"");
    error(HEAD "    mentions:\n      self: {name: '=length(xm)'}\n",
          "hedui.yaml:7:22: the expression must be text, not number");
    error(HEAD "    mentions:\n      self: {name: '=a.xm'}\n",
          "hedui.yaml:7:22: unknown name \"a.xm\"");
    error(HEAD "    filter: xm\n" SOURCE_MENTIONS,
          "hedui.yaml:6:13: the expression must be bool, not text");
}

static void denied(const char *yaml, const char *place, const char *column)
{
    char want[256];
    snprintf(
        want, sizeof want,
        "hedui.yaml:%s: column \"%s\" is about contraception, pregnancy checks or policy: such "
        "columns are never read",
        place, column);
    expect_error(&files, yaml, want, "take it out; rules/deny.yaml lists what this holds for");
}

Test(load_errors, columns_that_are_never_read)
{
    denied(HEAD "    mentions:\n      self: {status: bycs}\n", "7:22", "bycs");
    denied(HEAD "    mentions:\n      self: {status: BYCS}\n", "7:22", "BYCS");
    denied(HEAD "    mentions:\n      self: {status: 现避孕措施}\n", "7:22", "现避孕措施");
    denied(HEAD "    mentions:\n      self: {status: Contraception_Method}\n", "7:22",
           "Contraception_Method");
    denied(HEAD "    mentions:\n      self: {status: '=concat(a, 政策外)'}\n", "7:24", "政策外");
    denied(HEAD "    record: {status: zcw}\n" SOURCE_MENTIONS, "6:22", "zcw");
    denied(HEAD "    filter: 孕检 = \"1\"\n" SOURCE_MENTIONS, "6:13", "孕检");
    denied("sources: {h: {type: household, csv: h.csv, key: [id, 生育证号], mentions: {}}}\n",
           "1:54", "生育证号");
    /* abbreviations count as whole names only */
    expect_loads(&files,
                 HEAD "    mentions:\n      self: {status: xbycs, name: zcwx, phone: hyzt}\n");
}

Test(load_errors, own_words_are_added_to_those_that_are_never_read)
{
    files_write(&files, "rules/deny.yaml", "contains: 宗教\nequals: [xyz, zj]\n");
    denied(HEAD "    mentions:\n      self: {status: 宗教信仰}\n", "7:22", "宗教信仰");
    denied(HEAD "    mentions:\n      self: {status: ZJ}\n", "7:22", "ZJ");
    denied(HEAD "    mentions:\n      self: {status: bycs}\n", "7:22", "bycs");
    files_write(&files, "rules/deny.yaml", "contains: {避孕: {off: true}}\n");
    cr_expect_eq(files_load(&files, NULL), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), "rules/deny.yaml:1:11: expected words, found a map");
}

Test(load_errors, too_many_columns)
{
    hd_buf yaml = {0};
    hd_buf_addf(&yaml, "sources: {h: {type: household, csv: h.csv, key: [c0");
    for (int i = 1; i <= 4096; i++)
        hd_buf_addf(&yaml, ",\nc%d", i);
    hd_buf_addf(&yaml, "], mentions: {self: {name: xm}}}}\n");
    error(yaml.ptr, "hedui.yaml:4097:1: more than 4096 columns");
    hd_buf_release(&yaml);
}

/* ---- fields ---- */

Test(load_errors, fields)
{
    error("fields: {\"x y\": {kind: text}}\n" SOURCE,
          "hedui.yaml:1:11: expected a field's name, found \"x y\"");
    error("fields: {role: {kind: text}}\n" SOURCE,
          "hedui.yaml:1:10: a field cannot be called \"role\"");
    error("fields: {x: {}}\n" SOURCE, "hedui.yaml:1:13: a field needs \"kind\"");
    error("fields: {x: text}\n" SOURCE, "hedui.yaml:1:13: expected a field, a map; found a text");
    expect_error(&files, "fields: {x: {kind: dates}}\n" SOURCE,
                 "hedui.yaml:1:20: expected one of name, id_number, date, sex, division, phone, "
                 "address, code, text, certificate, household, found \"dates\"",
                 "the nearest is \"date\"");
    error("fields: {x: {kind: code, table: maritl}}\n" SOURCE,
          "hedui.yaml:1:33: unknown code table \"maritl\"; the nearest is \"marital\"");
    error("fields: {x: {kind: text, table: marital}}\n" SOURCE,
          "hedui.yaml:1:33: only a field of kind code has a table");
    error("fields: {x: {kind: text, person: 1}}\n" SOURCE,
          "hedui.yaml:1:34: expected true or false, found \"1\"");
    error("fields: {x: {kind: text, person: true, column: \"a b\"}}\n" SOURCE,
          "hedui.yaml:1:49: expected a column's name, found \"a b\"");
    error("fields: {x: {kind: text, person: true, column: household_id}}\n" SOURCE,
          "hedui.yaml:1:48: the person table has a column \"household_id\" already");
    error("fields: {confidence: {kind: text, person: true}}\n" SOURCE,
          "hedui.yaml:1:10: the person table has a column \"confidence\" already");
    error("fields: {nmae: {off: true}}\n" SOURCE,
          "hedui.yaml:1:10: unknown field \"nmae\"; the nearest is \"name\"");
    error("fields: {x: {off: maybe}}\n" SOURCE,
          "hedui.yaml:1:19: expected true or false, found \"maybe\"");
    error("fields: []\n" SOURCE, "hedui.yaml:1:9: expected a map, found a list");
}

Test(load_errors, too_many_fields)
{
    hd_buf yaml = {0};
    char want[64];
    expect_loads(&files, SOURCE);
    unsigned room = HD_FIELDS_MAX - files.ruleset->n_fields;
    hd_buf_addf(&yaml, "fields:\n");
    for (unsigned i = 0; i <= room; i++)
        hd_buf_addf(&yaml, "  f%u: {kind: text}\n", i);
    hd_buf_addf(&yaml, SOURCE);
    snprintf(want, sizeof want, "hedui.yaml:%u:3: more than 64 fields", room + 2);
    error(yaml.ptr, want);
    hd_buf_release(&yaml);
}

/* ---- rules of the county's own; shown by their path ---- */

static void own(const char *name, const char *text, const char *want)
{
    char path[64], message[512];
    snprintf(path, sizeof path, "rules/%s", name);
    snprintf(message, sizeof message, "rules/%s:%s", name, want);
    files_write(&files, path, text);
    error(SOURCE, message);
    unlink(files_path(&files, path));
}

Test(load_errors, merging)
{
    own("linkage.yaml", "passes: {}\n", "1:9: expected a list, found a map");
    own("linkage.yaml", "pases: []\n", "1:1: unknown key \"pases\"; the nearest is \"passes\"");
    own("linkage.yaml", "passes: [{keys: [name]}]\n", "1:10: a pass is a map and needs \"code\"");
    own("linkage.yaml", "passes: [name]\n", "1:10: a pass is a map and needs \"code\"");
    own("linkage.yaml", "passes: [{code: \"a b\"}]\n", "1:18: expected a code, found \"a b\"");
    own("linkage.yaml", "passes:\n  - {code: x, keys: [name]}\n  - {code: x, keys: [name]}\n",
        "3:12: pass \"x\" stands here twice; first on line 2");
    own("linkage.yaml", "passes: [{code: name_birt, off: true}]\n",
        "1:17: unknown pass \"name_birt\"; the nearest is \"name_birth\"");
    own("checks.yaml", "rules: [{code: id.too, off: true}]\n",
        "1:16: unknown rule \"id.too\"; the nearest is \"id.two\"");
    own("linkage.yaml", "passes: [{code: name_birth, off: 1}]\n",
        "1:34: expected true or false, found \"1\"");
    own("linkage.yaml", "passes: [{code: x, off: 1}]\n",
        "1:25: expected true or false, found \"1\"");
}

Test(load_errors, derived)
{
    own("linkage.yaml", "derived: {\"a b\": name}\n",
        "1:12: expected a derived name, found \"a b\"");
    own("linkage.yaml", "derived: {name: former_name}\n", "1:11: \"name\" is a field already");
    own("linkage.yaml", "derived: {role: name}\n", "1:11: \"role\" is a field already");
    own("linkage.yaml", "derived: {x: nmae}\n",
        "1:14: unknown name \"nmae\"; the nearest is \"name\"");
    own("linkage.yaml", "derived: {x: [name]}\n", "1:14: expected an expression, found a list");
    own("linkage.yaml", "derived: {x: x}\n", "1:14: unknown name \"x\"");
    own("linkage.yaml", "derived_pair: {name: a.name = b.name}\n",
        "1:16: \"name\" is a field already");
    own("linkage.yaml", "derived_pair: {birth: a.birth = b.birth}\n",
        "1:16: \"birth\" is a derived name already");
    own("linkage.yaml", "derived_pair: {x: name = name}\n",
        "1:19: unknown name \"name\"; the nearest is \"a.name\"");
    own("linkage.yaml", "derived_pair: {one: a.name = b.name}\npasses: [{code: x, keys: [one]}]\n",
        "2:27: unknown name \"one\"");
}

Test(load_errors, passes)
{
    own("linkage.yaml",
        "comparisons: [{code: x, needs: [name], levels: [{code: s, when: a.name = b.name, m: 0.9, "
        "u: "
        "0.1}, {code: d}]}]\n",
        "1:48: \"m\" and \"u\" are given for all levels or for none");
    own("linkage.yaml",
        "comparisons: [{code: x, needs: [name], levels: [{code: s, when: a.name = b.name, m: 0.9}, "
        "{code: d}]}]\n",
        "1:56: a level needs \"u\"");
    own("linkage.yaml", "birth_order: [{code: x, among: [name]}]\n",
        "1:15: a birth order needs \"by\"");
    own("linkage.yaml", "relations: [{code: x, relation: aunt, of: [name], is: [name]}]\n",
        "1:33: expected one of mother, father, spouse, child, found \"aunt\"");
    own("linkage.yaml", "relations: [{code: x, relation: mother, of: [name], is: [birth_date]}]\n",
        "1:57: \"of\" and \"is\" need the same number of values, of the same types");
    own("linkage.yaml", "relations: [{code: x, relation: mother, of: [name]}]\n",
        "1:13: a relation needs \"is\"");
    own("linkage.yaml", "passes: [{code: x, keys: [person(a.mother)]}]\n",
        "1:34: whose \"mother\"? Over two mentions write a.mother or b.mother, over one the "
        "relation "
        "alone");
    own("linkage.yaml", "passes: [{code: x, keys: [person(mohter)]}]\n",
        "1:34: unknown relation \"mohter\"; the nearest is \"mother\"");
    own("linkage.yaml", "conflicts: [{code: x, when: person(a.mother) < person(b.mother)}]\n",
        "1:46: \"<\" does not order person");
    own("linkage.yaml", "passes: [{code: x}]\n", "1:10: a pass needs \"keys\"");
    own("linkage.yaml", "passes: [{code: x, keys: []}]\n", "1:26: a pass needs a key at least");
    own("linkage.yaml", "passes: [{code: x, keys: name}]\n",
        "1:26: expected a list of keys, found \"name\"");
    own("linkage.yaml", "passes: [{code: x, keys: [a.name]}]\n",
        "1:27: unknown name \"a.name\"; the nearest is \"name\"");
    own("linkage.yaml", "passes:\n  - {code: x, keys: [name], narrow: [length(name, 2)]}\n",
        "2:49: expected \",\" or \")\", not the end");
}

Test(load_errors, comparisons)
{
#define CMP(rest) "comparisons:\n  - {code: x, " rest "}\n"
    own("linkage.yaml", CMP("levels: []"), "2:5: a comparison needs \"needs\"");
    own("linkage.yaml", CMP("needs: [name]"), "2:5: a comparison needs \"levels\"");
    own("linkage.yaml", CMP("needs: [name], levels: {}"),
        "2:38: expected a list of levels, found a map");
    own("linkage.yaml", CMP("needs: [name], levels: [{code: d}]"),
        "2:38: 1 levels: expected 2 to 12");
    own("linkage.yaml", CMP("needs: [name], levels: [{code: d}, {code: e}]"),
        "2:39: a level needs \"when\"");
    own("linkage.yaml", CMP("needs: [name], levels: [{when: true}, {code: e}]"),
        "2:39: a level needs \"code\"");
    own("linkage.yaml",
        CMP("needs: [name], levels: [{code: s, when: a.name = b.name}, {code: d, when: true}]"),
        "2:83: the last level is all the rest and has no \"when\"");
    own("linkage.yaml", CMP("needs: [name], levels: [{code: s, when: a.name = b.nam}, {code: d}]"),
        "2:64: unknown name \"b.nam\"; the nearest is \"b.name\"");
    own("linkage.yaml", CMP("needs: [name], levels: [{code: s, when: a.name}, {code: d}]"),
        "2:55: the expression must be bool, not text");
    own("linkage.yaml", CMP("needs: [name], levels: [{code: s, when: a.name = b.name}, {code: s}]"),
        "2:73: level \"s\" stands here twice");
#define LEVELS "needs: [name], levels: [{code: s, when: a.name = b.name}, {code: d}], "
    own("linkage.yaml", CMP(LEVELS "frequency: {value: name}"),
        "2:96: a frequency needs \"level\"");
    own("linkage.yaml", CMP(LEVELS "frequency: {value: name, level: t}"),
        "2:117: unknown level \"t\"");
    own("linkage.yaml", CMP(LEVELS "frequency: {value: birth_date, level: s}"),
        "2:104: the expression must be text, not date");
    own("linkage.yaml",
        CMP(LEVELS "frequency: [{value: name, level: s}, {value: pinyin(name), level: s}]"),
        "2:151: level \"s\" has a frequency already");
    own("linkage.yaml", CMP(LEVELS "frequency: [{value: name, level: s, tabel: x.csv}]"),
        "2:121: unknown key \"tabel\"; the nearest is \"table\"");
}

/* What YAML makes of an unquoted comma inside { } and [ ]. */
Test(load_errors, comma_in_an_expression)
{
    static const char hint[] = "inside { } and [ ], a text that holds a comma goes into quotes";
    own("linkage.yaml", "conflicts:\n  - {code: x, when: damerau(a.name, b.name) > 1}\n",
        "2:37: unknown key \"b.name) > 1\"");
    cr_expect_str_eq(files.ctx.hint, hint);
    own("linkage.yaml", "passes:\n  - {code: x, keys: [prefix(name, 2)]}\n",
        "2:33: expected \",\" or \")\", not the end");
    cr_expect_str_eq(files.ctx.hint, hint);
}

Test(load_errors, too_many)
{
    hd_buf yaml = {0};
    hd_buf_addf(&yaml, "passes:\n");
    for (int i = 0; i < 32; i++)
        hd_buf_addf(&yaml, "  - {code: p%d, keys: [name]}\n", i);
    own("linkage.yaml", yaml.ptr, "33:5: more than 32 passes"); /* with the packaged name_birth */
    hd_buf_clear(&yaml);
    hd_buf_addf(&yaml, "comparisons:\n  - {code: name, off: true}\n  - {code: birth, off: true}\n");
    for (int i = 0; i < 25; i++)
        hd_buf_addf(&yaml,
                    "  - {code: c%d, needs: [name], levels: [{code: s, when: a.name = b.name}, "
                    "{code: d}]}\n",
                    i);
    own("linkage.yaml", yaml.ptr, "28:5: more than 24 comparisons");
    hd_buf_release(&yaml);
}

/* 12 levels, and missing, of each: 13^11 is above 2^40; the packaged name and birth take their
 * part. */
Test(load_errors, too_many_combinations)
{
    hd_buf yaml = {0};
    hd_buf_addf(&yaml, "comparisons:\n");
    for (int i = 0; i < 11; i++) {
        hd_buf_addf(&yaml, "  - {code: c%d, needs: [name], levels: [", i);
        for (int k = 0; k < 11; k++)
            hd_buf_addf(&yaml, "{code: l%d, when: length(a.name) = %d}, ", k, k);
        hd_buf_addf(&yaml, "{code: d}]}\n");
    }
    own("linkage.yaml", yaml.ptr,
        "10:5: comparisons up to this one have more than 2^40 combinations of levels");
    cr_expect_str_eq(files.ctx.hint, "take a level, or a comparison, away");
    hd_buf_release(&yaml);
}

Test(load_errors, conflicts)
{
    own("linkage.yaml", "conflicts: [{code: x}]\n", "1:13: a conflict needs \"when\"");
    own("linkage.yaml", "conflicts: [{code: x, when: name = name}]\n",
        "1:29: unknown name \"name\"; the nearest is \"a.name\"");
}

Test(load_errors, types)
{
    own("types.yaml", "types: {x: {as: persn}}\n",
        "1:17: unknown type of source \"persn\"; the nearest is \"person\"");
    own("types.yaml", "types: {xyz: {as: xyz}}\n", "1:19: unknown type of source \"xyz\"");
    own("types.yaml", "types: {x: {as: person, own_roles: true}}\n",
        "1:25: \"own_roles\" cannot stand beside \"as\"");
    own("types.yaml", "types: {x: {fills: []}}\n",
        "1:20: expected roles and their fills, found a list");
    own("types.yaml", "types: {x: {fills: {child: x}}}\n",
        "1:28: expected fields and where they come from, found \"x\"");
    own("types.yaml", "types: {x: {fills: {child: {nam: mother.name}}}}\n",
        "1:29: unknown field \"nam\"; the nearest is \"name\"");
    own("types.yaml", "types: {x: {fills: {child: {mother_name: name}}}}\n",
        "1:42: expected a role and its field, as mother.name, found \"name\"");
    own("types.yaml", "types: {x: {fills: {child: {mother_name: mother.nmae}}}}\n",
        "1:49: unknown field \"nmae\"; the nearest is \"name\"");
    own("types.yaml", "types: {x: {fills: {child: {mother_name: mother.phone}, mother: {}}}}\n",
        "1:42: mother_name cannot be filled from phone: they are not of one kind");
    own("types.yaml", "types: {x: {fills: {child: {mother_name: mther.name}, mother: {}}}}\n",
        "1:42: unknown role \"mther\"; the nearest is \"mother\"");
    own("types.yaml", "types: {x: {relations: {}}}\n",
        "1:24: expected a list of relations, found a map");
    own("types.yaml", "types: {x: {relations: [{role: child, other: mother}]}}\n",
        "1:25: a relation needs \"relation\"");
    own("types.yaml", "types: {x: {relations: [{role: child, other: mother, relation: parent}]}}\n",
        "1:64: expected one of spouse, mother, father, found \"parent\"");
    own("types.yaml",
        "types: {x: {relations: [{role: c, other: m, relation: mother, start: name}]}}\n",
        "1:70: expected a field of kind date, found \"name\"");
    own("types.yaml", "types: {x: {roles_like: []}}\n",
        "1:25: expected roles and the role that each is like, found a list");
    own("types.yaml", "types: {x: {roles_like: {c: b, b: a}}}\n",
        "1:29: b is like another role itself; name that one");
}

Test(load_errors, reconcile)
{
    own("reconcile.yaml", "default: [stat]\n",
        "1:11: expected one of state, source, frequent, recent, longest, found \"stat\"");
    own("reconcile.yaml", "default: [state, recent, state]\n",
        "1:26: \"state\" stands twice in the list");
    own("reconcile.yaml", "default: state\n", "1:10: expected a list of criteria, found \"state\"");
    own("reconcile.yaml", "source_order: household\n",
        "1:15: expected a list of types of sources, found \"household\"");
    own("reconcile.yaml", "source_order: [hospital]\n",
        "1:16: unknown type of source \"hospital\"");
    own("reconcile.yaml", "survivorship: [{field: relation}]\n",
        "1:24: \"relation\" is not a field of the person");
    own("reconcile.yaml", "survivorship: [{field: phnoe}]\n",
        "1:24: unknown field \"phnoe\"; the nearest is \"phone\"");
}

Test(load_errors, checks)
{
#define RULE(nature, rest)                                            \
    "rules:\n  - {code: x, " nature ", severity: warn, why: y, " rest \
    ", example: [{given: [{type: household}], expect: clean}]}\n"
#define MENTION "kind: form, check: mention"
    own("checks.yaml", "rules: [{code: x}]\n", "1:9: a rule needs \"kind\"");
    own("checks.yaml", "rules: [{code: x, kind: form, check: pair, severity: warn, why: y}]\n",
        "1:9: a rule needs \"example\"");
    own("checks.yaml", RULE("kind: from, check: mention", "when: true"),
        "2:21: expected one of form, logic, agreement, coverage, unique, relation, timeliness, "
        "empty, found \"from\"");
    own("checks.yaml", RULE("kind: form, check: both", "when: true"),
        "2:34: expected one of mention, pair, shared, lacks, review, found \"both\"");
    own("checks.yaml", RULE(MENTION, "field: phone"),
        "2:5: a rule with \"check: mention\" needs \"when\"");
    own("checks.yaml", RULE(MENTION, "when: true, unless: true"),
        "2:79: a rule with \"check: mention\" has no \"unless\"");
    own("checks.yaml", RULE("kind: form, check: shared", "when: true"),
        "2:5: a rule with \"check: shared\" needs \"value\"");
    own("checks.yaml", RULE("kind: form, check: lacks", "when: true"),
        "2:5: a rule with \"check: lacks\" needs \"unless\"");
    own("checks.yaml", RULE(MENTION, "when: true, field: phon"),
        "2:86: unknown field \"phon\"; the nearest is \"phone\"");
    own("checks.yaml", RULE(MENTION, "when: a.name = b.name"),
        "2:73: unknown name \"a.name\"; the nearest is \"name\"");
    own("checks.yaml", RULE("kind: form, check: pair", "when: a.name = nmae"),
        "2:79: unknown name \"nmae\"");
}

Test(load_errors, examples)
{
#define EXAMPLE(text)                                                                         \
    "rules:\n  - {code: x, kind: form, check: mention, severity: warn, why: y, when: true,\n" \
    "example: " text "}\n"
    own("checks.yaml", EXAMPLE("{}"), "3:10: expected a list of examples, found a map");
    own("checks.yaml", EXAMPLE("[{given: []}]"), "3:11: an example needs \"expect\"");
    own("checks.yaml", EXAMPLE("[{given: [], expect: fuond}]"),
        "3:31: expected one of clean, found, found \"fuond\"");
    own("checks.yaml", EXAMPLE("[{given: {}, expect: found}]"),
        "3:19: expected a list of mentions, found a map");
    own("checks.yaml", EXAMPLE("[{given: [x], expect: found}]"),
        "3:20: expected a mention: its type, role and fields, found \"x\"");
    own("checks.yaml", EXAMPLE("[{given: [{name: x}], expect: found}]"),
        "3:20: a mention needs \"type\"");
    own("checks.yaml", EXAMPLE("[{given: [{type: brith}], expect: found}]"),
        "3:27: unknown type of source \"brith\"; the nearest is \"birth\"");
    own("checks.yaml", EXAMPLE("[{given: [{type: birth, person: 0}], expect: found}]"),
        "3:42: expected a whole number from 1 to 1000, found \"0\"");
    own("checks.yaml", EXAMPLE("[{given: [{type: birth, nam: x}], expect: found}]"),
        "3:34: unknown field \"nam\"; the nearest is \"name\"");
    own("checks.yaml", EXAMPLE("[{given: [{type: birth, name: [x]}], expect: found}]"),
        "3:40: expected a value as a source writes it, found a list");
}

Test(load_errors, code_tables)
{
    own("tables/codes/t.tsv", "1\ta\n2 b\n", "2: not a code, a tab and a spelling");
    own("tables/codes/t.tsv", "1\ta\tb\n", "1: not a code, a tab and a spelling");
    own("tables/codes/t.tsv", "1\t\n", "1: not a code, a tab and a spelling");
    own("tables/codes/t.tsv", "# x\n1\ta\n1\tb\n2\ta\n", "4: \"a\" is code 1 on line 2 already");
    own("tables/codes/t.tsv", "1\t\xD5\xC5\n", " not UTF-8 text");
}

Test(load_errors, texts)
{
    own("text.zh.yaml", "- a\n", "1:1: expected texts by their keys, found a list");
    own("text.zh.yaml", "a: [b]\n", "1:4: expected a text, found a list");
    own("text.en.yaml", "a:\n  b.c: x\na.b: {c: y}\n",
        "3:7: text \"a.b.c\" stands here twice; first on line 2");
}

/* ---- the packaged rules ---- */

static void packed(const char *name, const char *text, const char *want)
{
    char path[64];
    snprintf(path, sizeof path, "packed/%s", name);
    files_pack(&files);
    files_write(&files, "hedui.yaml", SOURCE);
    if (text)
        files_write(&files, path, text);
    else
        unlink(files_path(&files, path));
    cr_expect_eq(files_load(&files, files_path(&files, "packed")), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), want);
}

Test(load_errors, packaged_rules_are_named_from_their_folder)
{
    packed("linkage.yaml", "passes:\n  - {code: x}\n",
           "packed/linkage.yaml:2:5: a pass needs \"keys\"");
}

Test(load_errors, thresholds_of_two_files)
{
    files_write(&files, "rules/linkage.yaml", "link: {match_threshold: 5, review_threshold: 2}\n");
    error("link: {match_threshold: 1}\n" SOURCE,
          "rules/linkage.yaml:1:46: review_threshold 2 is above match_threshold 1");
    expect_loads(&files, "link: {match_threshold: 1, review_threshold: 1}\n" SOURCE);
}

Test(load_errors, too_many_conflicts)
{
    hd_buf yaml = {0};
    hd_buf_addf(&yaml, "conflicts:\n");
    for (int i = 0; i < 101; i++)
        hd_buf_addf(&yaml, "  - {code: c%d, when: true}\n", i);
    packed("linkage.yaml", yaml.ptr, "packed/linkage.yaml:2:3: more than 64 conflicts");
    hd_buf_release(&yaml);
}

Test(load_errors, packaged_rules_that_are_not_there)
{
    char want[256];
    snprintf(want, sizeof want, "packed/linkage.yaml: not found in %s/packed", files.dir);
    packed("linkage.yaml", NULL, want);
    cr_expect_str_eq(files.ctx.hint, "$HEDUI_RULES names the folder of the packaged rules");
}

Test(load_errors, packaged_text_is_needed)
{
    packed("text.en.yaml", "[]\n",
           "packed/text.en.yaml:1:1: expected texts by their keys, found a list");
}

/* tables/ is one link: to spoil a file of it, link what is inside. */
static void packed_table(const char *name, const char *text, const char *want)
{
    static const char *const tables[] = {"han.tsv", "shapes.tsv", "surnames.tsv", "divisions.tsv",
                                         "codes"};
    char from[512], to[512];
    files_pack(&files);
    unlink(files_path(&files, "packed/tables"));
    mkdir(files_path(&files, "packed/tables"), 0700);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(from, sizeof from, "%s/tables/%s", HEDUI_RULES_DIR, tables[i]);
        snprintf(to, sizeof to, "%s/packed/tables/%s", files.dir, tables[i]);
        cr_assert_eq(symlink(from, to), 0);
    }
    snprintf(to, sizeof to, "packed/tables/%s", name);
    files_write(&files, to, text);
    files_write(&files, "hedui.yaml", SOURCE);
    cr_expect_eq(files_load(&files, files_path(&files, "packed")), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), want);
}

Test(load_errors, table_of_characters)
{
    packed_table("han.tsv", "# x\nnonsense\n", "packed/tables/han.tsv:2: malformed line");
    own("tables/han.tsv", "# x\n\n丽\tli4\n", "3: malformed line");
    own("tables/han.tsv", "张\t\tzhang1\t\t\n张\t\tzhang1\t\t\n", "2: malformed line");
    own("tables/surnames.tsv", "张\tzhang\n", "1: malformed line");
    own("tables/shapes.tsv", "张\n", "1: malformed line");
    own("tables/shapes.tsv", "\xD5\xC5\n", " not UTF-8 text");
}

Test(load_errors, table_of_divisions)
{
    packed_table("divisions.tsv", "# x\n530303\t沾益区\t2016\t\n",
                 "packed/tables/divisions.tsv:2: malformed line");
    own("tables/places.tsv", "530303001\t西平街道\n53030300\t甲镇\n", "2: malformed line");
    own("tables/places.tsv", "530303001\t\xD5\xC5\n", " not UTF-8 text");
}

Test(load_errors, table_of_surnames)
{
    packed_table("surnames.tsv", "# x\n\n\tnonsense\t\t\n",
                 "packed/tables/surnames.tsv:3: malformed line");
}

Test(load_errors, table_of_shapes)
{
    packed_table("shapes.tsv", "末\t未\n# x\n末\t\n", "packed/tables/shapes.tsv:3: malformed line");
}

/* ---- codes of a source ---- */

Test(load_errors, codes)
{
    static const char mentions[] =
        "    mentions:\n      self: {name: xm, sex: xb, ethnicity: mz}\n";
    static const struct {
        const char *codes, *want;
    } cases[] = {
        {"{sexx: {0: 1}}", "hedui.yaml:8:13: unknown field \"sexx\"; the nearest is \"sex\""},
        {"{name: {0: 1}}", "hedui.yaml:8:13: field \"name\" does not hold codes"},
        {"{sex: {}}", "hedui.yaml:8:18: 0 codes: expected 1 to 120"},
        {"{sex: {0: 3}}", "hedui.yaml:8:22: field \"sex\" has no code \"3\""},
        {"{ethnicity: {0: 汉人}}", "hedui.yaml:8:28: field \"ethnicity\" has no code \"汉人\""},
        {"{marital_status: {0: 10}}",
         "hedui.yaml:8:13: the source has no field \"marital_status\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char yaml[512];
        snprintf(yaml, sizeof yaml, "%s%s    codes: %s\n", SOURCE_HEAD, mentions, cases[i].codes);
        error(yaml, cases[i].want);
    }
}
