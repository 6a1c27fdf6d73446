#include "pipeline/io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"

enum { READ_BYTES = 256 << 10 };

static bool is_full(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

static hd_status fail_writing(hd_ctx *ctx, const char *path, const char *what, int error)
{
    if (is_full(error)) {
        hd_hint(ctx, "make room on the disk, then start again: nothing was left half written");
        return HD_FAIL(ctx, HD_SPACE, "%s %s: %s", path, what, strerror(error));
    }
    return HD_FAIL(ctx, HD_STORE, "%s %s: %s", path, what, strerror(error));
}

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(hd_alloc(size), text, size);
}

const char *hd_file_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The folder of `path` as far as its last slash, then `rest`. */
static char *beside(const char *path, const char *rest)
{
    size_t folder = (size_t)(hd_file_base_name(path) - path);
    size_t size = folder + strlen(rest) + 1;
    char *out = hd_alloc(size);
    memcpy(out, path, folder);
    memcpy(out + folder, rest, size - folder);
    return out;
}

/* ---- writing ---- */

hd_status hd_file_create(hd_ctx *ctx, const char *path, unsigned mode, hd_file_out *out)
{
    hd_buf name = {0};
    hd_buf_addf(&name, ".%s.XXXXXX", hd_file_base_name(path));
    *out = (hd_file_out){.path = copy_of(path), .temporary = beside(path, name.ptr)};
    hd_buf_release(&name);
    out->fd = mkostemp(out->temporary, O_CLOEXEC);
    int error = errno;
    if (out->fd >= 0)
        (void)flock(out->fd, LOCK_EX | LOCK_NB); /* nobody else knows the file: it is had at once */
    if (out->fd >= 0 && fchmod(out->fd, 0600 | (mode & 07777)) == 0)
        return HD_OK;
    if (out->fd >= 0)
        error = errno;
    hd_file_abandon(out);
    return fail_writing(ctx, path, "cannot be written", error);
}

static int write_all(int fd, const char *ptr, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, ptr, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        ptr += written;
        n -= (size_t)written;
    }
    return 0;
}

void hd_file_write_buf(hd_file_out *out)
{
    if (!out->error)
        out->error = write_all(out->fd, out->buf.ptr, out->buf.len_bytes);
    hd_buf_clear(&out->buf);
}

static void keep_error(hd_file_out *out, int rc)
{
    if (rc != 0 && !out->error)
        out->error = errno;
}

/* So that the rename itself is on the disk. Where a file system cannot sync folders, it has done so
 * or has no such promise to give. */
static void sync_folder(const char *path)
{
    char *folder = beside(path, ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    hd_free(folder);
}

static void end_out(hd_file_out *out)
{
    hd_buf_release(&out->buf);
    hd_free(out->path);
    hd_free(out->temporary);
    *out = (hd_file_out){.fd = -1};
}

hd_status hd_file_commit(hd_ctx *ctx, hd_file_out *out)
{
    hd_file_write_buf(out);
    if (!out->error)
        keep_error(out, fsync(out->fd));
    keep_error(out, close(out->fd));
    out->fd = -1;
    if (!out->error)
        keep_error(out, rename(out->temporary, out->path));
    if (out->error) {
        hd_status status = fail_writing(ctx, out->path, "cannot be written", out->error);
        hd_file_abandon(out);
        return status;
    }
    sync_folder(out->path);
    end_out(out);
    return HD_OK;
}

void hd_file_abandon(hd_file_out *out)
{
    if (!out->temporary)
        return;
    if (out->fd >= 0)
        close(out->fd);
    unlink(out->temporary);
    end_out(out);
}

hd_status hd_file_end(hd_ctx *ctx, hd_file_out *out, hd_status status)
{
    if (status == HD_OK)
        return hd_file_commit(ctx, out);
    hd_file_abandon(out);
    return status;
}

/* As hd_file_create names what becomes `name`. */
static bool is_temporary(const char *entry, const char *name)
{
    size_t n = strlen(name);
    return entry[0] == '.' && strncmp(entry + 1, name, n) == 0 && entry[n + 1] == '.' &&
           strlen(entry + n + 2) == sizeof "XXXXXX" - 1;
}

static void clear_entry(const char *path)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlink(path);
    close(fd);
}

void hd_file_clear(const char *path)
{
    char *folder = beside(path, ".");
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        if (!is_temporary(entry->d_name, hd_file_base_name(path)))
            continue;
        char *left = beside(path, entry->d_name);
        clear_entry(left);
        hd_free(left);
    }
    if (dir)
        closedir(dir);
    hd_free(folder);
}

hd_status hd_file_write(hd_ctx *ctx, const char *path, unsigned mode, hd_str bytes)
{
    hd_file_out out;
    HD_TRY(hd_file_create(ctx, path, mode, &out));
    hd_buf_add(&out.buf, bytes);
    return hd_file_commit(ctx, &out);
}

hd_status hd_file_remove(hd_ctx *ctx, const char *path)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return HD_OK;
    return HD_FAIL(ctx, HD_STORE, "%s cannot be removed: %s", path, strerror(errno));
}

static hd_status make_one(hd_ctx *ctx, const char *path, unsigned mode)
{
    if (mkdir(path, (mode_t)mode) == 0)
        return HD_OK;
    int error = errno;
    struct stat st;
    if (error == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return HD_OK;
    if (error == EEXIST)
        error = ENOTDIR;
    return fail_writing(ctx, path, "cannot be made", error);
}

hd_status hd_folder_make(hd_ctx *ctx, const char *path, unsigned mode)
{
    char *partial = copy_of(path);
    hd_status status = HD_OK;
    for (char *slash = strchr(partial + (*partial == '/'), '/'); slash && status == HD_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = make_one(ctx, partial, mode);
        *slash = '/';
    }
    if (status == HD_OK)
        status = make_one(ctx, path, mode);
    hd_free(partial);
    return status;
}

hd_status hd_file_lock(hd_ctx *ctx, const char *path, const char *shown, int *fd)
{
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0)
        return fail_writing(ctx, path, "cannot be opened", errno);
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return HD_OK;
    close(*fd);
    *fd = -1;
    hd_hint(ctx, "wait until it has ended; the lock goes with its process");
    return HD_FAIL(ctx, HD_LOCKED, "another run works on %s", shown);
}

/* ---- reading ---- */

/* Up to READ_BYTES; none: the end. */
static hd_status read_some(hd_ctx *ctx, int fd, const char *path, char *ptr, size_t *got)
{
    ssize_t n;
    *got = 0;
    do
        n = read(fd, ptr, READ_BYTES);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return HD_FAIL(ctx, HD_SOURCE, "%s cannot be read: %s", path, strerror(errno));
    *got = (size_t)n;
    return HD_OK;
}

static hd_status read_into(hd_ctx *ctx, int fd, const char *path, hd_buf *out)
{
    for (;;) {
        if (out->len_bytes > UINT32_MAX - 2 * READ_BYTES)
            return HD_FAIL(ctx, HD_SOURCE, "%s cannot be read: it is over 4 GiB", path);
        hd_buf_reserve(out, READ_BYTES);
        size_t got;
        HD_TRY(read_some(ctx, fd, path, out->ptr + out->len_bytes, &got));
        out->len_bytes += got;
        if (got == 0)
            break;
    }
    hd_buf_add(out, HD_STR("")); /* the NUL behind */
    return HD_OK;
}

static hd_status digest_of(hd_ctx *ctx, int fd, const char *path, char out[65])
{
    hd_digest digest;
    hd_digest_init(&digest);
    char *piece = hd_alloc(READ_BYTES);
    hd_status status;
    size_t got;
    do {
        status = read_some(ctx, fd, path, piece, &got);
        if (status == HD_OK)
            hd_digest_add(&digest, piece, got);
    } while (status == HD_OK && got > 0);
    hd_free(piece);
    if (status == HD_OK)
        hd_digest_hex(&digest, out);
    return status;
}

static hd_status open_for_reading(hd_ctx *ctx, const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0)
        return HD_FAIL(ctx, HD_SOURCE, "%s cannot be opened: %s", path, strerror(errno));
    return HD_OK;
}

hd_status hd_file_read(hd_ctx *ctx, const char *path, hd_buf *out)
{
    int fd;
    HD_TRY(open_for_reading(ctx, path, &fd));
    hd_status status = read_into(ctx, fd, path, out);
    close(fd);
    return status;
}

hd_status hd_file_sha256(hd_ctx *ctx, const char *path, char out[65])
{
    int fd;
    HD_TRY(open_for_reading(ctx, path, &fd));
    hd_status status = digest_of(ctx, fd, path, out);
    close(fd);
    return status;
}
