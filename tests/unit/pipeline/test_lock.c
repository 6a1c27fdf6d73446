#include "pipeline/lock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/hedui-lock-XXXXXX";
static char runs[64];

static void setup(void)
{
    cr_assert_not_null(mkdtemp(folder));
    snprintf(runs, sizeof runs, "%s/runs", folder);
}

static void teardown(void)
{
    char path[80];
    snprintf(path, sizeof path, "%s/.lock", runs);
    unlink(path);
    rmdir(runs);
    rmdir(folder);
}

TestSuite(lock, .init = setup, .fini = teardown);

Test(lock, is_taken_once)
{
    hd_ctx ctx;
    struct stat st;
    int first, second;
    hd_ctx_init(&ctx, 1);
    cr_expect_not(hd_runs_locked(runs)); /* there is no folder yet */
    cr_assert_eq(hd_runs_lock(&ctx, runs, &first), HD_OK);
    cr_expect(hd_runs_locked(runs));
    cr_expect_eq(hd_runs_lock(&ctx, runs, &second), HD_LOCKED);
    cr_expect_eq(second, -1);
    cr_expect_neq(ctx.hint[0], '\0');
    hd_ctx_clear(&ctx);
    cr_assert_eq(stat(runs, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0700);
    close(first);
    cr_expect_not(hd_runs_locked(runs));
    cr_expect_eq(hd_runs_lock(&ctx, runs, &second), HD_OK);
    close(second);
}

Test(lock, goes_with_its_process)
{
    hd_ctx ctx;
    int fd, status;
    hd_ctx_init(&ctx, 1);
    pid_t pid = fork();
    if (pid == 0)
        _exit(hd_runs_lock(&ctx, runs, &fd) == HD_OK ? 0 : 1); /* and nothing is closed */
    waitpid(pid, &status, 0);
    cr_assert_eq(status, 0);
    cr_expect_not(hd_runs_locked(runs));
    cr_expect_eq(hd_runs_lock(&ctx, runs, &fd), HD_OK);
    close(fd);
}
