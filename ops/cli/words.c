#include "ops/cli/words.h"

void cli_head(cli_table *table, const hd_catalogue *texts, const char *const *keys)
{
    for (uint32_t i = 0; i < table->n_columns; i++)
        cli_cell(table, hd_text_of(texts, keys[i]));
}

void cli_say(const hd_catalogue *texts, const char *key, ...)
{
    hd_buf line = {0};
    va_list args;
    va_start(args, key);
    hd_text_fill_list(&line, texts, key, args);
    va_end(args);
    printf("%.*s\n", HD_ARG(hd_buf_str(&line)));
    hd_buf_release(&line);
}
