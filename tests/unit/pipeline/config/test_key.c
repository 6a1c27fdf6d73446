#include "config_files.h"

#include "pipeline/config/key.h"

static config_files files;

static void setup(void)
{
    files = files_open();
}

static void teardown(void)
{
    files_close(&files);
}

TestSuite(key, .init = setup, .fini = teardown);

#define HEX "000102030405060708090a0b0c0d0e0fF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF"

static hd_status read_key(uint8_t key[HD_KEY_BYTES])
{
    hd_ctx_clear(&files.ctx);
    return hd_site_key(&files.ctx, files.ruleset, key);
}

static void write_key(const char *name, const char *text, mode_t mode)
{
    files_write(&files, name, text);
    cr_assert_eq(chmod(files_path(&files, name), mode), 0);
}

Test(key, is_made_once)
{
    uint8_t first[HD_KEY_BYTES], again[HD_KEY_BYTES];
    struct stat st;
    expect_loads(&files, "site: 530303\n" SOURCE);
    umask(0);
    cr_assert_eq(read_key(first), HD_OK);
    cr_assert_eq(stat(files_path(&files, "530303.key"), &st), 0);
    cr_expect_eq(st.st_mode & 07777, 0600);
    cr_expect_eq(st.st_size, 65);
    cr_assert_eq(read_key(again), HD_OK);
    cr_expect_arr_eq(first, again, HD_KEY_BYTES);
    cr_assert_eq(unlink(files_path(&files, "530303.key")), 0);
    cr_assert_eq(read_key(again), HD_OK);
    cr_expect_neq(memcmp(first, again, HD_KEY_BYTES), 0);
}

Test(key, a_site_that_is_named_later_keeps_its_key)
{
    uint8_t first[HD_KEY_BYTES], again[HD_KEY_BYTES];
    expect_loads(&files, SOURCE);
    cr_assert_eq(read_key(first), HD_OK);
    expect_loads(&files, "site: 530303\n" SOURCE);
    cr_assert_eq(read_key(again), HD_CONFIG);
    cr_expect_not_null(strstr(files.ctx.frames[0].text, "530303.key is not there"));
    char from[256];
    snprintf(from, sizeof from, "%s", files_path(&files, "hedui.key"));
    cr_assert_eq(rename(from, files_path(&files, "530303.key")), 0);
    cr_assert_eq(read_key(again), HD_OK);
    cr_expect_arr_eq(first, again, HD_KEY_BYTES);
}

Test(key, nothing_else_is_left_beside)
{
    char command[256];
    uint8_t key[HD_KEY_BYTES];
    expect_loads(&files, SOURCE);
    cr_assert_eq(read_key(key), HD_OK);
    snprintf(command, sizeof command,
             "test \"$(ls -A %s)\" = \"$(printf 'hedui.key\\nhedui.yaml')\"", files.dir);
    cr_expect_eq(system(command), 0);
}

Test(key, is_read)
{
    uint8_t key[HD_KEY_BYTES];
    expect_loads(&files, SOURCE);
    write_key("hedui.key", HEX "\n", 0400);
    cr_assert_eq(read_key(key), HD_OK);
    cr_expect_eq(key[0], 0x00);
    cr_expect_eq(key[15], 0x0f);
    cr_expect_eq(key[16], 0xf0);
    cr_expect_eq(key[31], 0xff);
    write_key("hedui.key", HEX, 0600);
    cr_expect_eq(read_key(key), HD_OK);
    write_key("hedui.key", HEX "\r\n", 0600);
    cr_expect_eq(read_key(key), HD_OK);
}

static void refused(const char *want, const char *hint)
{
    uint8_t key[HD_KEY_BYTES];
    cr_expect_eq(read_key(key), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), want);
    if (hint)
        cr_expect_str_eq(files.ctx.hint, hint);
}

Test(key, others_may_not_read_it)
{
    char hint[128];
    expect_loads(&files, SOURCE);
    snprintf(hint, sizeof hint, "chmod 600 %s/hedui.key", files.dir);
    write_key("hedui.key", HEX "\n", 0640);
    refused("hedui.key: others may read the site's key (mode 0640)", hint);
    write_key("hedui.key", HEX "\n", 0604);
    refused("hedui.key: others may read the site's key (mode 0604)", hint);
}

Test(key, is_whole)
{
    static const char message[] = "hedui.key: the site's key is not 64 hexadecimal characters";
    static const char hint[] = "bring it back from a copy; without it every person gets a new id";
    expect_loads(&files, SOURCE);
    write_key("hedui.key", "", 0600);
    refused(message, hint);
    write_key("hedui.key", "0011\n", 0600);
    refused(message, hint);
    write_key("hedui.key", HEX "00\n", 0600);
    refused(message, hint);
    write_key("hedui.key", "xx" HEX, 0600);
    refused(message, hint);
    write_key("hedui.key", "00010203040506070809gg0b0c0d0e0ff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff\n",
              0600);
    refused(message, hint);
}

Test(key, is_a_file)
{
    expect_loads(&files, SOURCE);
    mkdir(files_path(&files, "hedui.key"), 0700);
    refused("hedui.key: the site's key is not a file", NULL);
}

Test(key, cannot_be_opened)
{
    expect_loads(&files, SOURCE);
    cr_assert_eq(symlink("hedui.key", files_path(&files, "hedui.key")), 0);
    refused("hedui.key: the site's key cannot be read: Too many levels of symbolic links", NULL);
}

Test(key, cannot_be_made)
{
    expect_loads(&files, SOURCE);
    hd_str there = files.ruleset->folder;
    files.ruleset->folder = HD_STR("/hedui-not-there");
    refused("/hedui-not-there/hedui.key: the site's key cannot be made: No such file or directory",
            NULL);
    files.ruleset->folder = there;
}
