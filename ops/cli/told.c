#include "ops/cli/told.h"

#include <math.h>

#include "pipeline/naming.h"

/* Three decimals: 1/1024 bit is the unit. */
json_t *cli_json_bits(int64_t weight)
{
    return json_real(round((double)weight / HD_WEIGHT_ONE * 1000) / 1000);
}

json_t *cli_json_level(const hd_run *run, uint32_t comparison, uint32_t level)
{
    if (!level)
        return json_null();
    return cli_json_text(run->ruleset->comparisons[comparison].levels[level - 1].code);
}

json_t *cli_json_mention(const hd_run *run, hd_mention i)
{
    const hd_mentions *m = &run->mentions;
    json_t *out = json_object();
    json_object_set_new(out, "source", cli_json_text(run->ruleset->sources[m->source[i]].code));
    json_object_set_new(out, "record_id", cli_json_text(hd_mention_record_id(m, i)));
    json_object_set_new(out, "role", cli_json_text(hd_mention_role(m, i)));
    return out;
}

json_t *cli_json_edge(const hd_run *run, const hd_edge *edge)
{
    json_t *out = json_object();
    json_object_set_new(out, "a", cli_json_mention(run, edge->a));
    json_object_set_new(out, "b", cli_json_mention(run, edge->b));
    json_object_set_new(out, "weight", cli_json_bits(edge->weight));
    return out;
}

json_t *cli_json_value(const hd_run *run, hd_explain_style style, hd_mention i, uint32_t field)
{
    if (!run->mentions.column[field] || !run->mentions.column[field][i])
        return json_null();
    hd_buf value = {0};
    style.codes = true;
    hd_explain_value(run, style, i, field, &value);
    json_t *out = cli_json_text(hd_buf_str(&value));
    hd_buf_release(&value);
    return out;
}
