#include "pipeline/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "pipeline/io/file.h"

hd_status hd_runs_lock(hd_ctx *ctx, const char *runs, int *fd)
{
    hd_buf path = {0};
    *fd = -1;
    HD_TRY_DOING(ctx, hd_folder_make(ctx, runs, 0700), "making the folder of runs");
    hd_buf_addf(&path, "%s/.lock", runs);
    hd_status status = hd_file_lock(ctx, path.ptr, runs, fd);
    hd_buf_release(&path);
    return status;
}

/* A lock that is got here goes with the close at once. */
bool hd_runs_locked(const char *runs)
{
    hd_buf path = {0};
    hd_buf_addf(&path, "%s/.lock", runs);
    int fd = open(path.ptr, O_RDONLY | O_CLOEXEC);
    hd_buf_release(&path);
    if (fd < 0)
        return false;
    bool held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return held;
}
