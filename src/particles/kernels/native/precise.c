/*
 * Sums over classes in double precision, from the same panels: for particles whose log-weights are too large
 * for single precision. L_k = log2(e)/Gamma sum_i delta_ki (z_i - delta_ki/2). Compiled once per instruction
 * set (LEVEL).
 */
#include "lanes.h"

#include <stdlib.h>

enum {
  CHUNK = 512, /* classes whose weights are held at a time */
  BLOCK = 4    /* particles that advance together */
};

static const double headroom = 40;
static const double depth = 100;
static const double roundingMagic = 6755399441055744; /* 1.5 x 2^52 */

struct Scratch {
  double weights[BLOCK][CHUNK]; /* first the log-weights */
  double sums[BLOCK][3];        /* total, energy, squares */
  double reference[BLOCK], cut[BLOCK];
  const double *z[BLOCK];
  double *row[BLOCK];
};

INLINE Doubles loadDoubles(const double *from) { return *(const Doubles *)from; }
INLINE void storeDoubles(double *to, Doubles value) { *(Doubles *)to = value; }

INLINE Doubles widen(const float *from) {
  return __builtin_convertvector(*(const HalfFloats *)from, Doubles);
}

INLINE double sumOfDoubles(Doubles value) {
  double sum = value[0];
  for (int i = 1; i < DOUBLES; i++) sum += value[i];
  return sum;
}

/* 2^value for |value| < 2^51 (garbage below -1000), relative error below 1e-15: Taylor's series for |f| <=
 * 1/2. */
INLINE Doubles powerOfTwo(Doubles value) {
  static const double coefficients[] = {/* log(2)^k/k!, from k = 12 to 0 */
                                        2.5678435993488206e-11,
                                        4.4455382718708116e-10,
                                        7.054911620801123e-09,
                                        1.01780860092397e-07,
                                        1.321548679014431e-06,
                                        1.5252733804059841e-05,
                                        0.0001540353039338161,
                                        0.0013333558146428443,
                                        0.009618129107628477,
                                        0.05550410866482158,
                                        0.24022650695910072,
                                        0.6931471805599453,
                                        1};
  const Doubles shifted = value + roundingMagic;
  const Doubles f = value - (shifted - roundingMagic);
  Doubles power = allDoubles(coefficients[0]);
  for (int k = 1; k <= 12; k++) power = power * f + coefficients[k];
  return (Doubles)((Longs)power + ((Longs)shifted << 52));
}

/* Log-weights of the panels [first, last) at the particles of a block. */
static void logWeights(struct Scratch *s, const struct Job *job, int64_t first, int64_t last, double kappa) {
  const int64_t d = job->dimension;
  for (int64_t panel = first; panel < last; panel++) {
    for (int part = 0; part < PANEL; part += DOUBLES) {
      const float *from = job->panels + panel * d * PANEL + part;
      Doubles sum[BLOCK];
      for (int p = 0; p < BLOCK; p++) sum[p] = allDoubles(0);
      for (int64_t i = 0; i < d; i++) {
        const Doubles delta = widen(from + i * PANEL);
        const Doubles half = 0.5 * delta;
        for (int p = 0; p < BLOCK; p++) sum[p] += delta * (s->z[p][i] - half);
      }
      for (int p = 0; p < BLOCK; p++)
        storeDoubles(s->weights[p] + (panel - first) * PANEL + part, kappa * sum[p]);
    }
  }
}

/* Turns the log-weights of particle p for `count` classes into weights, and sums them. Returns whether any is
 * not 0. */
static int weigh(struct Scratch *s, int p, int64_t count, int64_t padded) {
  double *weights = s->weights[p];
  double largest = -INFINITY;
  for (int64_t k = count; k < padded; k++) weights[k] = -INFINITY;
  for (int64_t k = 0; k < count; k++) {
    if (weights[k] > largest) largest = weights[k];
  }
  for (int column = 0; column < 3; column++) s->sums[p][column] = 0;
  s->reference[p] = 0;
  if (!(largest >= s->cut[p])) {
    /* A position that is no number must not pass for one far from every class. */
    if (weights[0] != weights[0]) s->sums[p][0] = NAN;
    memset(weights, 0, (size_t)padded * sizeof(double));
    return 0;
  }
  if (largest > headroom) s->reference[p] = ceil(largest);
  const double low = s->cut[p] > s->reference[p] - depth ? s->cut[p] : s->reference[p] - depth;
  Doubles total = allDoubles(0), energy = total, squares = total;
  for (int64_t k = 0; k < padded; k += DOUBLES) {
    Doubles value = loadDoubles(weights + k);
    const Longs kept = (Longs)(value >= low);
    value = (Doubles)((Longs)value & kept); /* what is left out may be infinite */
    const Doubles weight = (Doubles)((Longs)powerOfTwo(value - s->reference[p]) & kept);
    storeDoubles(weights + k, weight);
    total += weight;
    energy += weight * value;
    squares += weight * weight;
  }
  s->sums[p][0] = sumOfDoubles(total);
  s->sums[p][1] = sumOfDoubles(energy);
  s->sums[p][2] = sumOfDoubles(squares);
  return 1;
}

/* Adds the sums of a chunk to the rows of the first `particles` particles of a block. */
static void addChunk(struct Scratch *s, const struct Job *job, int particles, int64_t first, int64_t padded,
                     int64_t pairs, int any) {
  double add[BLOCK];
  for (int p = 0; p < BLOCK; p++) {
    double *row = s->row[p];
    const double top = row[REFERENCE] > s->reference[p] ? row[REFERENCE] : s->reference[p];
    const double keep = powerBetween(row[REFERENCE], top);
    add[p] = powerBetween(s->reference[p], top);
    if (p >= particles) continue;
    row[REFERENCE] = top;
    row[TOTAL] = row[TOTAL] * keep + s->sums[p][0] * add[p];
    row[ENERGY] = row[ENERGY] * keep + s->sums[p][1] * add[p];
    row[SQUARES] = row[SQUARES] * keep * keep + s->sums[p][2] * add[p] * add[p];
    row[PAIRS] += (double)pairs;
    if (keep < 1) {
      for (int64_t i = 0; i < job->dimension; i++) row[MEANS + i] *= keep;
    }
  }
  if (!any) return;
  const int64_t d = job->dimension;
  for (int64_t i = 0; i < d; i++) {
    const float *from = job->panels + (first * d + i) * PANEL;
    Doubles sum[BLOCK];
    for (int p = 0; p < BLOCK; p++) sum[p] = allDoubles(0);
    for (int64_t k = 0; k < padded; k += PANEL, from += d * PANEL) {
      for (int part = 0; part < PANEL; part += DOUBLES) {
        const Doubles delta = widen(from + part);
        for (int p = 0; p < BLOCK; p++) sum[p] += loadDoubles(s->weights[p] + k + part) * delta;
      }
    }
    for (int p = 0; p < particles; p++) s->row[p][MEANS + i] += sumOfDoubles(sum[p]) * add[p];
  }
}

int JOIN(precise, LEVEL)(const struct Job *job) {
  const double kappa = 1.4426950408889634 / job->variance;
  const int64_t d = job->dimension;
  void *memory = NULL;
  if (posix_memalign(&memory, 64, sizeof(struct Scratch)) != 0) return -1;
  struct Scratch *s = memory;
  for (int64_t chunk = job->begin; chunk < job->end; chunk += CHUNK) {
    const int64_t end = chunk + CHUNK < job->end ? chunk + CHUNK : job->end;
    const int64_t panel = chunk / PANEL, lastPanel = (end + PANEL - 1) / PANEL;
    const int64_t padded = (lastPanel - panel) * PANEL;
    for (int64_t first = 0; first < job->particleCount; first += BLOCK) {
      const int64_t left = job->particleCount - first;
      const int particles = left < BLOCK ? (int)left : BLOCK;
      for (int p = 0; p < BLOCK; p++) {
        /* A place without a particle repeats the last one. */
        const int64_t particle = job->particles[first + (p < particles ? p : particles - 1)];
        s->z[p] = job->offsets + particle * d;
        s->cut[p] = job->cuts[particle];
        s->row[p] = job->sums + particle * (MEANS + d);
      }
      logWeights(s, job, panel, lastPanel, kappa);
      int any = 0;
      for (int p = 0; p < BLOCK; p++) any |= weigh(s, p, end - chunk, padded);
      addChunk(s, job, particles, panel, padded, end - chunk, any);
    }
  }
  free(memory);
  return 0;
}
