#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <time.h>

#include "ops/cli/cli.h"
#include "pipeline/config/near_name.h"

/* At least two blanks before what an option does: ops/make-cli-docs reads this. */
static void print_help(const cli_command *command)
{
    printf("usage: hedui %s %s\n\n%s\n", command->name, command->arguments, command->summary);
    printf("\noptions:\n");
    for (const cli_option *o = command->options; o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->metavar ? " " : "",
                 o->metavar ? o->metavar : "");
        printf("  %-23s  %s\n", left, o->help);
    }
    printf("  %-23s  %s\n", "--help", "this text");
}

static hd_status fail_usage(hd_ctx *ctx, const cli_command *command, const char *what,
                            const char *which)
{
    hd_hint(ctx, "hedui %s --help", command->name);
    return HD_FAIL(ctx, HD_USAGE, "hedui %s: %s%s", command->name, what, which);
}

/* `given` as it was typed, with its dashes and maybe its value. */
static hd_status unknown_option(hd_ctx *ctx, const cli_command *command, const char *given)
{
    hd_near_name nearest = {.wanted = hd_str_from(given + strspn(given, "-"))};
    nearest.wanted.len_bytes = (uint32_t)strcspn(nearest.wanted.ptr, "=");
    for (const cli_option *o = command->options; o->name; o++)
        hd_near_name_offer(&nearest, hd_str_from(o->name));
    hd_status status = fail_usage(ctx, command, "unknown option ", given);
    if (nearest.best.ptr)
        hd_hint(ctx, "the nearest is --%.*s; hedui %s --help tells of all", HD_ARG(nearest.best),
                command->name);
    return status;
}

static hd_status take_options(hd_ctx *ctx, int argc, char **argv, const cli_command *command,
                              bool *helped)
{
    struct option table[CLI_OPTIONS_MAX + 2] = {{0}};
    const cli_option *options = command->options;
    int n = 0;
    for (; options[n].name; n++) {
        int argument = options[n].metavar ? required_argument : no_argument;
        table[n] = (struct option){options[n].name, argument, NULL, 0};
    }
    table[n] = (struct option){"help", no_argument, NULL, 0};
    optind = 1;
    opterr = 0;
    int index = 0, got;
    while ((got = getopt_long(argc, argv, ":", table, &index)) != -1) {
        if (got == ':')
            return fail_usage(ctx, command, "a value is missing after ", argv[optind - 1]);
        if (got == '?')
            return unknown_option(ctx, command, argv[optind - 1]);
        if (index == n) {
            print_help(command);
            *helped = true;
            return HD_OK;
        }
        if (options[index].metavar)
            *options[index].text = optarg;
        else
            *options[index].flag = true;
    }
    return HD_OK;
}

hd_status cli_parse(hd_ctx *ctx, int argc, char **argv, const cli_command *command, bool *helped)
{
    *helped = false;
    HD_TRY(take_options(ctx, argc, argv, command, helped));
    if (*helped)
        return HD_OK;
    uint32_t n = (uint32_t)(argc - optind);
    if (n < command->least)
        return fail_usage(ctx, command, "too few arguments: ", command->arguments);
    if (n > command->most)
        return fail_usage(ctx, command, "unexpected argument ", argv[optind + (int)command->most]);
    for (uint32_t i = 0; i < n; i++)
        command->rest[i] = argv[optind + (int)i];
    return HD_OK;
}

hd_status cli_number(hd_ctx *ctx, const char *name, const char *text, uint64_t least, uint64_t most,
                     uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno || *end || end == text || *text == '-' || value < least || value > most)
        return HD_FAIL(ctx, HD_USAGE, "--%s takes a whole number from %llu to %llu, not \"%s\"",
                       name, (unsigned long long)least, (unsigned long long)most, text);
    *out = value;
    return HD_OK;
}

hd_status cli_date(hd_ctx *ctx, const char *name, const char *text, hd_date *out)
{
    int year, month, day, used = 0;
    if (!text) {
        struct tm tm;
        time_t now = time(NULL);
        localtime_r(&now, &tm);
        *out = (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
        return HD_OK;
    }
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || text[used] ||
        !hd_date_exists(year, month, day))
        return HD_FAIL(ctx, HD_USAGE, "--%s takes a date as 2026-01-31, not \"%s\"", name, text);
    *out = year * 10000 + month * 100 + day;
    return HD_OK;
}

hd_status cli_threads(hd_ctx *ctx, const char *text)
{
    uint64_t n = 0;
    if (text && strcmp(text, "auto") != 0)
        HD_TRY(cli_number(ctx, "threads", text, 0, 1024, &n));
    bool quiet = ctx->quiet;
    hd_ctx_init(ctx, (unsigned)n);
    ctx->quiet = quiet;
    return HD_OK;
}
