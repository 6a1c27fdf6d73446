#include "pipeline/analyse/train_provenance.h"

#include <math.h>

#include "base/buf.h"

static void add_sources(hd_buf *out, const hd_mentions *mentions)
{
    const hd_ruleset *ruleset = mentions->ruleset;
    for (uint32_t s = 0; s < ruleset->n_sources; s++) {
        hd_buf_addf(out, "%s{\"source\": ", s ? ", " : "");
        hd_buf_add_json(out, ruleset->sources[s].code);
        hd_buf_addf(out, ", \"records\": %u, \"mentions\": %llu}", mentions->extract->records[s].n,
                    (unsigned long long)mentions->n_mentions[s]);
    }
}

static void add_session(hd_buf *out, const hd_ruleset *ruleset, const hd_train_session *session)
{
    const hd_em_fitted *fitted = &session->fitted;
    hd_buf_addf(out, "{\"pass\": ");
    hd_buf_add_json(out, ruleset->passes[session->pass].code);
    hd_buf_addf(out,
                ", \"pairs\": %llu, \"patterns\": %zu, \"matches\": %.1f, \"lambda\": %.9g, "
                "\"iterations\": %u, \"converged\": %s, \"change\": %.3g, "
                "\"log_likelihood\": %.12g, \"fixed\": [",
                (unsigned long long)session->pairs, session->n_patterns, session->matches,
                fitted->last.lambda, fitted->iterations, fitted->converged ? "true" : "false",
                fitted->last.change, fitted->last.log_likelihood);
    const char *comma = "";
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++)
        if (session->fixed[c]) {
            hd_buf_addf(out, "%s", comma);
            hd_buf_add_json(out, ruleset->comparisons[c].code);
            comma = ", ";
        }
    hd_buf_addf(out, "]}");
}

static void add_unseen(hd_buf *out, const hd_ruleset *ruleset, const hd_train_unseen *unseen,
                       const hd_model *model)
{
    const hd_comparison *comparison = &ruleset->comparisons[unseen->comparison];
    const hd_model_level *level = &model->comparison[unseen->comparison].level[unseen->level];
    hd_buf_addf(out, "{\"comparison\": ");
    hd_buf_add_json(out, comparison->code);
    hd_buf_addf(out, ", \"level\": ");
    hd_buf_add_json(out, comparison->levels[unseen->level].code);
    hd_buf_addf(out, ", \"among\": \"%s\", \"weight\": %.2f}",
                !unseen->in_random    ? "matches"
                : !unseen->in_matches ? "random pairs"
                                      : "both",
                log2(level->m / level->u));
}

hd_str hd_train_provenance(hd_arena *arena, const hd_plan *plan, const hd_train_counts *counts,
                           const hd_training *training, const hd_model *model)
{
    const hd_ruleset *ruleset = plan->ruleset;
    hd_buf out = {0};
    hd_buf_addf(&out,
                "{\"mentions\": %u, \"random_pairs\": %llu, \"random_seed\": %d, "
                "\"random_all\": %s, \"blocked_pairs\": %llu, \"ruled_out_pairs\": %llu, "
                "\"passes\": %u, \"rounds\": %d, "
                "\"iterations\": %u, \"known_matches\": %llu, \"ruleset\": \"%s\", \"sources\": [",
                plan->mentions->n, (unsigned long long)counts->random_pairs, HD_TRAIN_SEED,
                counts->random_is_all ? "true" : "false", (unsigned long long)counts->blocked_pairs,
                (unsigned long long)counts->ruled_out_pairs, ruleset->n_passes, HD_TRAIN_ROUNDS,
                training->iterations, (unsigned long long)training->n_known, ruleset->hash);
    add_sources(&out, plan->mentions);
    hd_buf_addf(&out, "], \"sessions\": [");
    for (uint32_t s = 0; s < training->n_sessions; s++) {
        hd_buf_addf(&out, "%s", s ? ", " : "");
        add_session(&out, ruleset, &training->session[s]);
    }
    hd_buf_addf(&out, "], \"never_seen\": [");
    for (uint32_t i = 0; i < training->n_unseen; i++) {
        hd_buf_addf(&out, "%s", i ? ", " : "");
        add_unseen(&out, ruleset, &training->unseen[i], model);
    }
    hd_buf_addf(&out, "]}");
    hd_str text = hd_arena_str(arena, hd_buf_str(&out));
    hd_buf_release(&out);
    return text;
}
