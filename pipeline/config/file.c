#include "pipeline/config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static hd_status fail_errno(hd_ctx *ctx, const char *shown)
{
    return HD_FAIL(ctx, HD_CONFIG, "%s: cannot be read: %s", shown, strerror(errno));
}

static hd_status read_all(hd_ctx *ctx, int fd, const char *shown, hd_arena *arena, hd_str *out)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail_errno(ctx, shown);
    if (!S_ISREG(st.st_mode))
        return HD_FAIL(ctx, HD_CONFIG, "%s: is not a file", shown);
    if (st.st_size > HD_CONFIG_FILE_MAX_BYTES)
        return HD_FAIL(ctx, HD_CONFIG, "%s: larger than %d MiB", shown,
                       HD_CONFIG_FILE_MAX_BYTES >> 20);
    size_t size = (size_t)st.st_size, n = 0;
    char *text = hd_arena_alloc(arena, size + 1);
    while (n < size) {
        ssize_t got = read(fd, text + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(ctx, shown);
        if (got == 0)
            break;
        n += (size_t)got;
    }
    text[n] = '\0';
    *out = (hd_str){text, (uint32_t)n};
    return HD_OK;
}

hd_status hd_config_read(hd_ctx *ctx, const char *path, const char *shown, hd_arena *arena,
                         hd_str *out)
{
    *out = HD_STR_NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? HD_OK : fail_errno(ctx, shown);
    hd_status status = read_all(ctx, fd, shown, arena, out);
    close(fd);
    return status;
}
