#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "pipeline/io/file.h"
#include "tests/unit/pipeline/io/scratch.h"

TestSuite(file, .init = scratch_make, .fini = scratch_remove);

static hd_ctx context(void)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    return ctx;
}

/* Files in the scratch folder, those that begin with a dot too. */
static unsigned n_files(void)
{
    unsigned n = 0;
    char command[128];
    snprintf(command, sizeof command, "ls -A %s | wc -l", scratch);
    FILE *pipe = popen(command, "r");
    cr_assert_eq(fscanf(pipe, "%u", &n), 1);
    pclose(pipe);
    return n;
}

static void expect_content(const char *path, const char *expected)
{
    hd_ctx ctx = context();
    hd_buf text = {0};
    cr_assert_eq(hd_file_read(&ctx, path, &text), HD_OK);
    cr_expect_eq(text.len_bytes, strlen(expected));
    cr_expect_str_eq(text.ptr, expected);
    hd_buf_release(&text);
}

Test(file, written_whole_with_its_mode)
{
    hd_ctx ctx = context();
    const char *path = scratch_path("out.csv");
    umask(022);
    cr_assert_eq(hd_file_write(&ctx, path, 0640, HD_STR("a,b\n")), HD_OK);
    expect_content(path, "a,b\n");
    struct stat st;
    cr_assert_eq(stat(path, &st), 0);
    cr_expect_eq(st.st_mode & 07777, 0640);
    cr_expect_eq(n_files(), 1);
}

Test(file, nothing_is_seen_before_commit)
{
    hd_ctx ctx = context();
    const char *path = scratch_text("out.csv", "old");
    hd_file_out out;
    cr_assert_eq(hd_file_create(&ctx, path, 0600, &out), HD_OK);
    for (int i = 0; i < 200000; i++) {
        hd_buf_add(&out.buf, HD_STR("new\n"));
        hd_file_spill(&out);
        cr_assert_lt(out.buf.len_bytes, 256 << 10);
    }
    expect_content(path, "old");
    cr_expect_eq(n_files(), 2);
    cr_assert_eq(hd_file_commit(&ctx, &out), HD_OK);
    struct stat st;
    cr_assert_eq(stat(path, &st), 0);
    cr_expect_eq(st.st_size, 800000);
    cr_expect_eq(n_files(), 1);
    hd_file_abandon(&out); /* ended already */
}

Test(file, abandoned)
{
    hd_ctx ctx = context();
    const char *path = scratch_text("out.csv", "old");
    hd_file_out out;
    cr_assert_eq(hd_file_create(&ctx, path, 0600, &out), HD_OK);
    hd_buf_add(&out.buf, HD_STR("new"));
    hd_file_write_buf(&out);
    hd_file_abandon(&out);
    expect_content(path, "old");
    cr_expect_eq(n_files(), 1);
}

Test(file, ended_as_its_writer_fared)
{
    hd_ctx ctx = context();
    const char *path = scratch_text("out.csv", "old");
    const hd_status status[] = {HD_SOURCE, HD_OK};
    for (int i = 0; i < 2; i++) {
        hd_file_out out;
        cr_assert_eq(hd_file_create(&ctx, path, 0600, &out), HD_OK);
        hd_buf_add(&out.buf, HD_STR("new"));
        cr_expect_eq(hd_file_end(&ctx, &out, status[i]), status[i]);
        expect_content(path, status[i] == HD_OK ? "new" : "old");
        cr_expect_eq(n_files(), 1);
    }
}

Test(file, in_the_working_folder)
{
    hd_ctx ctx = context();
    cr_assert_eq(chdir(scratch), 0);
    cr_assert_eq(hd_file_write(&ctx, "bare", 0600, HD_STR("x")), HD_OK);
    expect_content("bare", "x");
    cr_expect_str_eq(hd_file_base_name("bare"), "bare");
    cr_expect_str_eq(hd_file_base_name("a/b/bare"), "bare");
}

Test(file, folder_that_is_not_there)
{
    hd_ctx ctx = context();
    cr_expect_eq(hd_file_write(&ctx, "/nonexistent/x", 0600, HD_STR("x")), HD_STORE);
    cr_expect_str_eq(ctx.frames[0].text,
                     "/nonexistent/x cannot be written: No such file or directory");
    cr_expect_str_eq(ctx.hint, "");
}

Test(file, path_that_is_a_folder)
{
    hd_ctx ctx = context();
    cr_assert_eq(mkdir(scratch_path("out"), 0700), 0);
    cr_expect_eq(hd_file_write(&ctx, scratch_path("out"), 0600, HD_STR("x")), HD_STORE);
    cr_expect_eq(n_files(), 1);
}

/* A limit on the size of files stands for a full disk: both end in is_full(). */
Test(file, full_disk)
{
    hd_ctx ctx = context();
    const char *path = scratch_text("out.csv", "old");
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small = {1000, RLIM_INFINITY};
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small.rlim_max = limit.rlim_max;
    hd_file_out out;
    cr_assert_eq(hd_file_create(&ctx, path, 0600, &out), HD_OK);
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 100000; i++) {
        hd_buf_add(&out.buf, HD_STR("12345678\n"));
        hd_file_spill(&out);
    }
    hd_status status = hd_file_commit(&ctx, &out);
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_expect_eq(status, HD_SPACE);
    cr_expect_str_eq(strrchr(ctx.frames[0].text, '/'),
                     "/out.csv cannot be written: File too large");
    cr_expect_str_eq(ctx.hint,
                     "make room on the disk, then start again: nothing was left half written");
    expect_content(path, "old");
    cr_expect_eq(n_files(), 1);
}

Test(file, no_space_left)
{
    hd_file_out out = {.fd = open("/dev/full", O_WRONLY)};
    if (out.fd < 0)
        cr_skip_test("no /dev/full here");
    hd_buf_add(&out.buf, HD_STR("x"));
    hd_file_write_buf(&out);
    cr_expect_eq(out.error, ENOSPC);
    close(out.fd);
    hd_buf_release(&out.buf);
}

Test(file, what_a_killed_writer_left_is_cleared)
{
    hd_ctx ctx = context();
    hd_file_out alive, out;
    const char *path = scratch_path("out.csv");
    cr_assert_eq(hd_file_create(&ctx, path, 0600, &alive), HD_OK);
    pid_t pid = fork();
    if (pid == 0)
        _exit(hd_file_create(&ctx, path, 0600, &out) == HD_OK ? 0 : 1);
    int status;
    waitpid(pid, &status, 0);
    cr_assert_eq(status, 0);
    scratch_text(".out.csv.bak", "of others");
    scratch_text(".out2.csv.abcdef", "of another file");
    cr_assert_eq(n_files(), 4);
    hd_file_clear(path);
    cr_expect_eq(n_files(), 3);
    cr_expect_eq(access(alive.temporary, F_OK), 0);
    cr_expect_eq(hd_file_commit(&ctx, &alive), HD_OK);
    hd_file_clear(scratch_path("nowhere/out.csv"));
}

Test(file, removed)
{
    hd_ctx ctx = context();
    const char *path = scratch_text("old.csv", "x");
    cr_expect_eq(hd_file_remove(&ctx, path), HD_OK);
    cr_expect_eq(n_files(), 0);
    cr_expect_eq(hd_file_remove(&ctx, path), HD_OK);
    cr_expect_eq(hd_file_remove(&ctx, scratch), HD_STORE);
    cr_expect_eq(ctx.n_frames, 1);
}

Test(file, folders)
{
    hd_ctx ctx = context();
    umask(0);
    const char *path = scratch_path("a/b/c");
    cr_assert_eq(hd_folder_make(&ctx, path, 0750), HD_OK);
    cr_assert_eq(hd_folder_make(&ctx, path, 0750), HD_OK);
    cr_assert_eq(hd_folder_make(&ctx, scratch_path("a/d/"), 0750), HD_OK);
    struct stat st;
    cr_assert_eq(stat(scratch_path("a/b"), &st), 0);
    cr_expect_eq(st.st_mode & 07777, 0750);
    cr_assert_eq(stat(scratch_path("a/d"), &st), 0);
    cr_expect(S_ISDIR(st.st_mode));
    scratch_text("a/file", "");
    cr_expect_eq(hd_folder_make(&ctx, scratch_path("a/file"), 0750), HD_STORE);
    cr_expect_str_eq(strrchr(ctx.frames[0].text, '/'), "/file cannot be made: Not a directory");
    cr_expect_eq(hd_folder_make(&ctx, scratch_path("a/file/x"), 0750), HD_STORE);
    cr_assert_eq(chdir(scratch), 0);
    cr_assert_eq(hd_folder_make(&ctx, "r/s", 0750), HD_OK);
    cr_assert_eq(hd_folder_make(&ctx, ".", 0750), HD_OK);
    cr_assert_eq(hd_folder_make(&ctx, "/", 0750), HD_OK);
    cr_assert_eq(stat("r/s", &st), 0);
}

Test(file, reading)
{
    hd_ctx ctx = context();
    hd_buf text = {0};
    hd_buf_add(&text, HD_STR("before "));
    cr_assert_eq(hd_file_read(&ctx, scratch_text("in", "after"), &text), HD_OK);
    cr_expect_str_eq(text.ptr, "before after");
    hd_buf_clear(&text);
    cr_assert_eq(hd_file_read(&ctx, scratch_text("empty", ""), &text), HD_OK);
    cr_expect_str_eq(text.ptr, "");
    hd_buf_release(&text);
    cr_expect_eq(hd_file_read(&ctx, "/nonexistent", &text), HD_SOURCE);
    cr_expect_str_eq(ctx.frames[0].text,
                     "/nonexistent cannot be opened: No such file or directory");
    hd_ctx_clear(&ctx);
    cr_expect_eq(hd_file_read(&ctx, "/tmp", &text), HD_SOURCE);
    cr_expect_str_eq(ctx.frames[0].text, "/tmp cannot be read: Is a directory");
    hd_buf_release(&text);
}

Test(file, sha256)
{
    hd_ctx ctx = context();
    char hex[65];
    cr_assert_eq(hd_file_sha256(&ctx, scratch_text("abc", "abc"), hex), HD_OK);
    cr_expect_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cr_assert_eq(hd_file_sha256(&ctx, scratch_text("empty", ""), hex), HD_OK);
    cr_expect_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    cr_expect_eq(hd_file_sha256(&ctx, "/nonexistent", hex), HD_SOURCE);
}
