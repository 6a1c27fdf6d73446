#include "pipeline/config/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEX_CHARS = 2 * HD_KEY_BYTES };

static hd_status fail_errno(hd_ctx *ctx, const char *path, const char *what)
{
    hd_status code = errno == ENOSPC || errno == EDQUOT ? HD_SPACE : HD_CONFIG;
    return HD_FAIL(ctx, code, "%s: the site's key cannot be %s: %s", path, what, strerror(errno));
}

static ssize_t read_full(int fd, char *to, size_t size)
{
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(fd, to + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    return (ssize_t)n;
}

static hd_status check_mode(hd_ctx *ctx, int fd, const char *path)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail_errno(ctx, path, "read");
    if (!S_ISREG(st.st_mode))
        return HD_FAIL(ctx, HD_CONFIG, "%s: the site's key is not a file", path);
    if ((st.st_mode & 077) == 0)
        return HD_OK;
    hd_hint(ctx, "chmod 600 %s", path);
    return HD_FAIL(ctx, HD_CONFIG, "%s: others may read the site's key (mode %04o)", path,
                   (unsigned)st.st_mode & 07777);
}

static hd_status read_key(hd_ctx *ctx, int fd, const char *path, uint8_t key[HD_KEY_BYTES])
{
    char text[HEX_CHARS + 3];
    size_t n_key = 0;
    const char *end = NULL;
    HD_TRY(check_mode(ctx, fd, path));
    ssize_t got = read_full(fd, text, sizeof text);
    if (got < 0)
        return fail_errno(ctx, path, "read");
    hd_str line = hd_str_trim((hd_str){text, (uint32_t)got});
    int bad = sodium_hex2bin(key, HD_KEY_BYTES, line.ptr, line.len_bytes, NULL, &n_key, &end);
    bool whole = line.len_bytes == HEX_CHARS && bad == 0 && n_key == HD_KEY_BYTES &&
                 end == line.ptr + HEX_CHARS;
    sodium_memzero(text, sizeof text);
    if (whole)
        return HD_OK;
    hd_hint(ctx, "bring it back from a copy; without it every person gets a new id");
    return HD_FAIL(ctx, HD_CONFIG, "%s: the site's key is not %d hexadecimal characters", path,
                   HEX_CHARS);
}

static bool write_key(int fd)
{
    uint8_t key[HD_KEY_BYTES];
    char text[HEX_CHARS + 1];
    randombytes_buf(key, sizeof key);
    sodium_bin2hex(text, sizeof text, key, sizeof key);
    text[HEX_CHARS] = '\n';
    bool written = write(fd, text, sizeof text) == (ssize_t)sizeof text && fsync(fd) == 0;
    sodium_memzero(key, sizeof key);
    sodium_memzero(text, sizeof text);
    return written;
}

/* Written whole under another name and then linked: whoever finds the file finds a key, and of two
 * processes that make one at a time the first wins. */
static hd_status make_key(hd_ctx *ctx, hd_arena *arena, const char *path)
{
    char *temporary = (char *)hd_arena_printf(arena, "%s.XXXXXX", path).ptr;
    int fd = mkostemp(temporary, O_CLOEXEC); /* O_EXCL, mode 0600 */
    if (fd < 0)
        return fail_errno(ctx, path, "made");
    hd_status status = write_key(fd) ? HD_OK : fail_errno(ctx, path, "written");
    close(fd);
    if (status == HD_OK && link(temporary, path) != 0 && errno != EEXIST)
        status = fail_errno(ctx, path, "made");
    unlink(temporary);
    return status;
}

/* Who names the site after a first run would be given a new key unawares, and with it other ids of
 * discrepancies and hidden records, which the old ones are then closed for. */
static hd_status refuse_second_key(hd_ctx *ctx, const char *path, const char *unnamed)
{
    if (strcmp(path, unnamed) == 0 || access(path, F_OK) == 0 || access(unnamed, F_OK) != 0)
        return HD_OK;
    hd_hint(ctx, "mv %s %s keeps the ids; move it elsewhere where the site is to have new ones",
            unnamed, path);
    return HD_FAIL(ctx, HD_CONFIG, "%s is not there, but %s is, of runs before the site had a name",
                   path, unnamed);
}

static hd_status open_key(hd_ctx *ctx, hd_arena *arena, const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0 && errno == ENOENT) {
        HD_TRY(make_key(ctx, arena, path));
        *fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    return *fd < 0 ? fail_errno(ctx, path, "read") : HD_OK;
}

hd_status hd_site_key(hd_ctx *ctx, const hd_ruleset *ruleset, uint8_t key[HD_KEY_BYTES])
{
    hd_arena arena = {0};
    hd_str site = ruleset->site.ptr ? ruleset->site : HD_STR("hedui");
    if (sodium_init() < 0)
        HD_BUG("libsodium does not start");
    const char *path =
        hd_ruleset_path(&arena, ruleset, hd_arena_printf(&arena, "%.*s.key", HD_ARG(site))).ptr;
    int fd;
    hd_status status =
        refuse_second_key(ctx, path, hd_ruleset_path(&arena, ruleset, HD_STR("hedui.key")).ptr);
    if (status == HD_OK)
        status = open_key(ctx, &arena, path, &fd);
    if (status == HD_OK) {
        status = read_key(ctx, fd, path, key);
        close(fd);
    }
    hd_arena_release(&arena);
    return status;
}
