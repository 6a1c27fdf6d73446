#include "pipeline/analyse/sample_estimate.h"

#include <math.h>

static const double Z = 1.959963984540054; /* 95 % of a normal distribution lie within */

/* A ratio of totals: what each kind of pair, [found][same], adds to both. */
typedef struct ratio {
    double above[2][2], below[2][2];
} ratio;

static const ratio PRECISION = {{{0, 0}, {0, 1}}, {{0, 0}, {1, 1}}};
static const ratio RECALL = {{{0, 0}, {0, 1}}, {{0, 1}, {0, 1}}};
static const ratio F1 = {{{0, 0}, {0, 1}}, {{0, 0.5}, {0.5, 1}}};

void hd_wilson(double p, double n, double *low, double *high)
{
    double denominator = 1 + Z * Z / n, centre = p + Z * Z / (2 * n);
    double half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    *low = fmax(0, (centre - half) / denominator);
    *high = fmin(1, (centre + half) / denominator);
}

static uint32_t decided(const hd_stratum_counts *s)
{
    return s->n[0][0] + s->n[0][1] + s->n[1][0] + s->n[1][1];
}

/* Share of each kind in a stratum; `more`: of either answer among the found, and among the others.
 */
static void shares(const hd_stratum_counts *s, double more, double share[2][2])
{
    double n = decided(s);
    for (int found = 0; found < 2; found++) {
        double of = s->n[found][0] + s->n[found][1];
        for (int same = 0; same < 2; same++)
            share[found][same] = of > 0 ? of / n * (s->n[found][same] + more) / (of + 2 * more) : 0;
    }
}

/* Sum over the kinds of share × value. */
static double mean(const double share[2][2], const double value[2][2])
{
    double sum = 0;
    for (int found = 0; found < 2; found++)
        for (int same = 0; same < 2; same++)
            sum += share[found][same] * value[found][same];
    return sum;
}

static double ratio_of(const hd_stratum_counts *strata, uint32_t n, const ratio *r, double more,
                       double *below)
{
    double above = 0, share[2][2];
    *below = 0;
    for (uint32_t h = 0; h < n; h++) {
        if (!decided(&strata[h]))
            continue;
        shares(&strata[h], more, share);
        above += strata[h].size * mean(share, r->above);
        *below += strata[h].size * mean(share, r->below);
    }
    return *below > 0 ? above / *below : NAN;
}

/* Of the linearised ratio: (above - value × below) / total below. */
static double variance_of(const hd_stratum_counts *strata, uint32_t n, const ratio *r, double value,
                          double below)
{
    double variance = 0, share[2][2], z[2][2], squared[2][2];
    for (uint32_t h = 0; h < n; h++) {
        double drawn = decided(&strata[h]), size = strata[h].size;
        if (drawn == 0 || size <= drawn)
            continue; /* taken whole: nothing is left to chance */
        shares(&strata[h], 0.5, share);
        for (int found = 0; found < 2; found++)
            for (int same = 0; same < 2; same++) {
                z[found][same] = (r->above[found][same] - value * r->below[found][same]) / below;
                squared[found][same] = z[found][same] * z[found][same];
            }
        double of_one = mean(share, squared) - mean(share, z) * mean(share, z);
        variance += size * size * (1 - drawn / size) * of_one / drawn;
    }
    return variance;
}

static hd_estimate estimate(const hd_stratum_counts *strata, uint32_t n, const ratio *r)
{
    double below, smooth_below;
    double value = ratio_of(strata, n, r, 0, &below);
    if (isnan(value))
        return (hd_estimate){NAN, NAN, NAN};
    hd_estimate out = {value, value, value};
    double smooth = ratio_of(strata, n, r, 0.5, &smooth_below);
    double variance = variance_of(strata, n, r, smooth, smooth_below);
    if (variance > 0)
        hd_wilson(value, smooth * (1 - smooth) / variance, &out.low, &out.high);
    return out;
}

void hd_sample_estimate(const hd_stratum_counts *strata, uint32_t n, hd_sample_estimates *out)
{
    out->precision = estimate(strata, n, &PRECISION);
    out->recall = estimate(strata, n, &RECALL);
    out->f1 = estimate(strata, n, &F1);
}
