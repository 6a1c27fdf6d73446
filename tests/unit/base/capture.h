#ifndef HD_TESTS_CAPTURE_H
#define HD_TESTS_CAPTURE_H

/* Run a function in a process of its own: what it wrote to stderr, and its exit code. */

#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct captured {
    int exit_code; /* -1: killed by a signal */
    char text[2048];
} captured;

/* `out` is where stderr of the child goes, `in` where it is read: a pipe or a pseudo-terminal. */
static inline captured capture_on(int in, int out, void (*run)(void))
{
    captured result = {0};
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out, STDERR_FILENO);
        close(in);
        close(out);
        run();
        _exit(0);
    }
    close(out);
    size_t n = 0;
    ssize_t got;
    while ((got = read(in, result.text + n, sizeof result.text - 1 - n)) > 0)
        n += (size_t)got;
    close(in);
    int status = 0;
    waitpid(pid, &status, 0);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

static inline captured capture(void (*run)(void))
{
    int ends[2];
    if (pipe(ends) != 0)
        return (captured){.exit_code = -1};
    return capture_on(ends[0], ends[1], run);
}

#endif
