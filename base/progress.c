#include "base/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* There is one stderr, and stages follow one another in one thread: the running stage is kept here
 * so that its line can be drawn again when it is done. */
static char stage[256];

static bool on_terminal(void)
{
    return isatty(STDERR_FILENO) == 1;
}

void hd_progress_stage(hd_ctx *ctx, unsigned number, unsigned n_stages, const char *label)
{
    if (ctx->quiet)
        return;
    snprintf(stage, sizeof stage, "[%u/%u] %s", number, n_stages, label);
    if (on_terminal())
        dprintf(STDERR_FILENO, "\r\033[K%s …", stage);
}

void hd_progress_done(hd_ctx *ctx, double seconds, const char *detail)
{
    if (ctx->quiet)
        return;
    bool more = detail && detail[0];
    dprintf(STDERR_FILENO, "%s%s  %.2f s%s%s\n", on_terminal() ? "\r\033[K" : "", stage, seconds,
            more ? "  " : "", more ? detail : "");
}

void hd_progress_note(hd_ctx *ctx, const char *line)
{
    if (!ctx->quiet)
        dprintf(STDERR_FILENO, "%s%s\n", on_terminal() ? "\r\033[K" : "", line);
}

double hd_clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
