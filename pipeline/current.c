#include "pipeline/current.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

hd_status hd_current_set(hd_ctx *ctx, const char *runs, hd_str run_id)
{
    hd_buf temporary = {0}, current = {0}, target = {0};
    hd_buf_addf(&temporary, "%s/.current.%ld", runs, (long)getpid());
    hd_buf_addf(&current, "%s/current", runs);
    hd_buf_add(&target, run_id);
    hd_status status = HD_OK;
    unlink(temporary.ptr);
    if (symlink(target.ptr, temporary.ptr) != 0 || rename(temporary.ptr, current.ptr) != 0) {
        int error = errno;
        unlink(temporary.ptr);
        status = HD_FAIL(ctx, error == ENOSPC || error == EDQUOT ? HD_SPACE : HD_STORE,
                         "cannot set %s: %s", current.ptr, strerror(error));
    }
    hd_buf_release(&temporary);
    hd_buf_release(&current);
    hd_buf_release(&target);
    return status;
}

bool hd_current_is(const char *runs, hd_str run_id)
{
    char target[256];
    hd_buf current = {0};
    hd_buf_addf(&current, "%s/current", runs);
    ssize_t n = readlink(current.ptr, target, sizeof target);
    hd_buf_release(&current);
    return n >= 0 && hd_str_eq((hd_str){target, (uint32_t)n}, run_id);
}

static bool is_folder(const char *runs, hd_str run_id)
{
    struct stat st;
    hd_buf path = {0};
    hd_buf_addf(&path, "%s/%.*s", runs, HD_ARG(run_id));
    bool is = lstat(path.ptr, &st) == 0 && S_ISDIR(st.st_mode);
    hd_buf_release(&path);
    return is;
}

hd_status hd_current_repair(hd_ctx *ctx, const char *runs, hd_str run_id)
{
    if (hd_str_empty(run_id) || hd_current_is(runs, run_id) || !is_folder(runs, run_id))
        return HD_OK;
    return hd_current_set(ctx, runs, run_id);
}
