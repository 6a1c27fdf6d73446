#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "ops/cli/cli.h"
#include "pipeline/config/near_name.h"

static const cli_command *const commands[] = {
#define X(name) &cli_##name,
#include "ops/cli/commands.def"
#undef X
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *out)
{
    fprintf(out, "usage: hedui COMMAND [arguments]\n\n");
    for (unsigned i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-11s  %s\n", commands[i]->name, commands[i]->purpose);
    fprintf(out, "\nhedui COMMAND --help tells more; hedui --version names the version.\n");
}

/* The only place where a failure is printed. */
static int print_failure(const hd_ctx *ctx, hd_status status)
{
    char text[HD_FAILURE_BYTES];
    hd_failure_text(ctx, status, text);
    fprintf(stderr, "hedui: %s", text);
    return hd_status_exit_code(status);
}

static int run_command(const cli_command *command, int argc, char **argv)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 0);
    bool helped;
    hd_status status = cli_parse(&ctx, argc, argv, command, &helped);
    if (status == HD_OK && !helped)
        status = command->run(&ctx);
    if (fflush(stdout) != 0 && status == HD_OK)
        status = HD_FAIL(&ctx, HD_SPACE, "cannot write to standard output");
    return status == HD_OK ? 0 : print_failure(&ctx, status);
}

/* With the nearest command, or with all of them where none is near. */
static int refuse(const char *given)
{
    hd_near_name nearest = {.wanted = hd_str_from(given)};
    for (unsigned i = 0; i < N_COMMANDS; i++)
        hd_near_name_offer(&nearest, hd_str_from(commands[i]->name));
    fprintf(stderr, "hedui: usage: unknown command \"%s\"\n", given);
    if (nearest.best.ptr)
        fprintf(stderr, "HINT: the nearest is \"%.*s\"; hedui --help tells of all\n",
                HD_ARG(nearest.best));
    else
        print_usage(stderr);
    return hd_status_exit_code(HD_USAGE);
}

static int find_and_run(int argc, char **argv)
{
    for (unsigned i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i]->name, argv[1]) == 0)
            return run_command(commands[i], argc - 1, argv + 1);
    return refuse(argv[1]);
}

int main(int argc, char **argv)
{
    /* personal data must not end up in a core file */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    /* glibc would raise the size from which pieces go back to the system when they are freed */
    mallopt(M_MMAP_THRESHOLD, HD_LARGE_BYTES);
    /* without memory jansson leaves out what it cannot hold, of a model too */
    json_set_alloc_funcs(hd_alloc, hd_free);
    if (argc < 2) {
        print_usage(stderr);
        return hd_status_exit_code(HD_USAGE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("hedui %s\n", HEDUI_VERSION);
        return 0;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return 0;
    }
    return find_and_run(argc, argv);
}
