/*
 * Sums over classes in single precision, fused: for a tile of classes the log-weights of a group of
 * particles, their exponentials, and the weighted means, without a matrix of all pairs. Compiled once per
 * instruction set (LEVEL).
 *
 *   L_k = kappa z.delta_k - kappa |delta_k|^2/2,   kappa = float32(log2(e)/Gamma), kappa z formed in double
 * precision, sums over k of 2^(L_k - R) {1, L_k, 2^(L_k - R), delta_k}.
 *
 * Every operation on a particle depends on that particle alone, and classes below its cut contribute exactly
 * 0 to each sum: neither the other particles of the group nor skipped panels can change a bit.
 */
#include "lanes.h"

#include <stdlib.h>

/* A weight may exceed the reference by this power of two before the reference is raised. */
static const float headroom = 40;
/* Weights below 2^(R - depth) contribute 0. */
static const float depth = 100;
/* Log-weights above this are not resolved by single precision (the integer part uses up the significand). */
static const float ceilingOfLogs = 4e6f;
static const float roundingMagic = 12582912; /* 1.5 x 2^23: floats next to it are the integers */
static const float lowest = -3e38f;
/* 2^f = c0 + c1 f + ... on [-1/2, 1/2], c0 = 1 given: smallest relative error, 9e-8. */
static const float c0 = 1, c1 = 0x1.62e42ap-1f, c2 = 0x1.ebf9c2p-3f, c3 = 0x1.c6b6d8p-5f, c4 = 0x1.3ce8acp-7f,
                   c5 = 0x1.5bda4p-10f;

struct Scratch {
  float initial[SLAB]; /* minus a half of kappa |delta|^2/2 */
  float final[SLAB];   /* the rest of kappa |delta|^2/2 */
  float logs[TILE * GROUP * PANEL];
  float weights[TILE * GROUP * PANEL];
  float total[GROUP * LANES], energy[GROUP * LANES], squares[GROUP * LANES];
  float reference[GROUP], cut[GROUP];
  const float *active[TILE]; /* panels of the tile with a class above the lowest cut; log-weights and weights
                                are theirs */
  float *z;                  /* [dimension][GROUP]: kappa z */
  float *means;              /* [dimension][GROUP][LANES] */
};

/*
 * Log-weights of a panel at all particles of a group; returns the largest, lane by lane. The half norm is
 * subtracted in two parts, before and after the products, so that the running sum stays half as large: its
 * rounding is the largest error of the whole kernel.
 */
INLINE Floats logWeights(const float *panel, const float *initial, const float *final, const float *z,
                         int64_t dimension, float *logs) {
  enum { VECTORS = PANEL / LANES };
  Floats largest = all(lowest);
  for (int first = 0; first < GROUP; first += LOG_PARTICLES) {
    Floats sum[LOG_PARTICLES][VECTORS];
    for (int v = 0; v < VECTORS; v++) {
      for (int p = 0; p < LOG_PARTICLES; p++) sum[p][v] = load(initial + v * LANES);
    }
    for (int64_t i = 0; i < dimension; i++) {
      Floats delta[VECTORS];
      for (int v = 0; v < VECTORS; v++) delta[v] = load(panel + i * PANEL + v * LANES);
      for (int p = 0; p < LOG_PARTICLES; p++) {
        for (int v = 0; v < VECTORS; v++) sum[p][v] += z[i * GROUP + first + p] * delta[v];
      }
    }
    for (int v = 0; v < VECTORS; v++) {
      const Floats rest = load(final + v * LANES);
      for (int p = 0; p < LOG_PARTICLES; p++) {
        const Floats value = sum[p][v] - rest;
        store(logs + (first + p) * PANEL + v * LANES, value);
        largest = larger(largest, value);
      }
    }
  }
  return largest;
}

/* Sums of a particle over a tile. */
struct TileSums {
  Floats total, energy, squares;
};

/*
 * Weights 2^(L - R) of one particle over the active panels of a tile. 2^f on [-1/2, 1/2] by the polynomial
 * above; the integer part goes to the exponent by a shift. What comes out for a class below the cut or the
 * depth is garbage, but finite, and masked.
 */
INLINE struct TileSums weigh(int64_t count, const float *logs, float *weights, float reference, float cut,
                             int squares) {
  const Floats low = all(cut > reference - depth ? cut : reference - depth);
  const Floats magic = all(roundingMagic - reference);
  struct TileSums sums = {all(0), all(0), all(0)};
  for (int64_t j = 0; j < count; j++) {
    for (int part = 0; part < PANEL; part += LANES) {
      const int64_t at = j * (GROUP * PANEL) + part;
      const Floats value = load(logs + at);
      const Floats shifted = value + magic;
      const Floats f = value - (shifted - magic);
      Floats power = c5 * f + c4;
      power = power * f + c3;
      power = power * f + c2;
      power = power * f + c1;
      power = power * f + c0;
      const Floats weight = (Floats)(((Ints)power + ((Ints)shifted << 23)) & (Ints)(value >= low));
      store(weights + at, weight);
      sums.total += weight;
      sums.energy += weight * value;
      if (squares) sums.squares += weight * weight;
    }
  }
  return sums;
}

/* Adds delta weighted by the weights of a tile to MEAN_PARTICLES x width means, from the dimension `first`
 * on. */
INLINE void addMeans(const float *const *active, int64_t count, const float *weights, int64_t first,
                     const int width, float *means) {
  for (int group = 0; group < GROUP; group += MEAN_PARTICLES) {
    Floats sum[MEAN_PARTICLES][MEAN_DIMENSIONS];
    for (int e = 0; e < width; e++) {
      const float *from = means + ((first + e) * GROUP + group) * LANES;
      for (int p = 0; p < MEAN_PARTICLES; p++) sum[p][e] = load(from + p * LANES);
    }
    for (int64_t j = 0; j < count; j++) {
      const float *panel = active[j] + first * PANEL;
      const float *weight = weights + (j * GROUP + group) * PANEL;
      for (int part = 0; part < PANEL; part += LANES) {
        Floats delta[MEAN_DIMENSIONS];
        for (int e = 0; e < width; e++) delta[e] = load(panel + e * PANEL + part);
        for (int p = 0; p < MEAN_PARTICLES; p++) {
          Floats w = load(weight + p * PANEL + part);
          HOLD(w);
          for (int e = 0; e < width; e++) sum[p][e] += w * delta[e];
        }
      }
    }
    for (int e = 0; e < width; e++) {
      float *to = means + ((first + e) * GROUP + group) * LANES;
      for (int p = 0; p < MEAN_PARTICLES; p++) store(to + p * LANES, sum[p][e]);
    }
  }
}

static void addTileMeans(const float *const *active, int64_t count, const float *weights, int64_t dimension,
                         float *means) {
  int64_t i = 0;
  for (; i + MEAN_DIMENSIONS <= dimension; i += MEAN_DIMENSIONS)
    addMeans(active, count, weights, i, MEAN_DIMENSIONS, means);
  if (i + 2 == dimension) addMeans(active, count, weights, i, 2, means);
  if (i + 1 == dimension) addMeans(active, count, weights, i, 1, means);
}

INLINE void scaleLanes(float *at, float factor) { store(at, load(at) * factor); }

/*
 * If a log-weight of particle p above its cut exceeds the reference by the headroom: raises the reference to
 * the next integer above the largest and brings the sums to it.
 */
static void raiseReference(struct Scratch *s, int p, int64_t active, int64_t dimension) {
  const Floats cut = all(s->cut[p]), unresolved = all(ceilingOfLogs);
  Floats most = all(lowest);
  for (int64_t j = 0; j < active; j++) {
    for (int part = 0; part < PANEL; part += LANES) {
      float *at = s->logs + (j * GROUP + p) * PANEL + part;
      const Floats value = smaller(load(at), unresolved);
      store(at, value);
      most = larger(most, choose((Ints)(value >= cut), value, all(lowest)));
    }
  }
  const float largest = largestLane(most);
  if (!(largest > s->reference[p] + headroom)) return;
  const float raised = ceilf(largest);
  const float factor = ldexpf(1, (int)(s->reference[p] - raised));
  scaleLanes(s->total + p * LANES, factor);
  scaleLanes(s->energy + p * LANES, factor);
  scaleLanes(s->squares + p * LANES, factor);
  scaleLanes(s->squares + p * LANES, factor);
  for (int64_t i = 0; i < dimension; i++) scaleLanes(s->means + (i * GROUP + p) * LANES, factor);
  s->reference[p] = raised;
}

/* Adds the active panels of a tile; `largest` is the largest log-weight among them, cut or not. */
static void addTile(struct Scratch *s, int64_t active, float largest, const struct Job *job) {
  for (int p = 0; p < GROUP; p++) {
    if (largest > s->reference[p] + headroom) raiseReference(s, p, active, job->dimension);
    const float *logs = s->logs + p * PANEL;
    float *weights = s->weights + p * PANEL;
    const struct TileSums sums = job->squares ? weigh(active, logs, weights, s->reference[p], s->cut[p], 1)
                                              : weigh(active, logs, weights, s->reference[p], s->cut[p], 0);
    store(s->total + p * LANES, load(s->total + p * LANES) + sums.total);
    store(s->energy + p * LANES, load(s->energy + p * LANES) + sums.energy);
    store(s->squares + p * LANES, load(s->squares + p * LANES) + sums.squares);
  }
  addTileMeans(s->active, active, s->weights, job->dimension, s->means);
}

/* What a group of particles has in common. */
struct Group {
  int64_t first; /* particle */
  int particles; /* at most GROUP */
  float lowestCut;
  double kappa, reach; /* largest |kappa z| */
};

/* Sets up the scratch for a group. A place without a particle repeats the last one: no decision changes by
 * it. */
static struct Group openGroup(struct Scratch *s, const struct Job *job, int64_t first, double kappa) {
  const int64_t d = job->dimension, left = job->count - first;
  struct Group group = {first, left < GROUP ? (int)left : GROUP, 3e38f, kappa, 0};
  for (int p = 0; p < GROUP; p++) {
    const int64_t particle = first + (p < group.particles ? p : group.particles - 1);
    double norm = 0;
    for (int64_t i = 0; i < d; i++) {
      const double value = kappa * job->offsets[particle * d + i];
      norm += value * value;
      s->z[i * GROUP + p] = (float)value;
    }
    if (sqrt(norm) > group.reach) group.reach = sqrt(norm);
    const double cut = job->cuts[particle];
    s->cut[p] = cut > 1e30 ? 1e30f : cut < -1e30 ? -1e30f : (float)cut;
    if (s->cut[p] < group.lowestCut) group.lowestCut = s->cut[p];
    s->reference[p] = 0;
    /* A position that is no number must not pass for one far from every class. */
    for (int lane = 0; lane < LANES; lane++) s->total[p * LANES + lane] = norm < INFINITY ? 0 : NAN;
  }
  memset(s->energy, 0, sizeof s->energy);
  memset(s->squares, 0, sizeof s->squares);
  memset(s->means, 0, (size_t)d * GROUP * LANES * sizeof(float));
  return group;
}

/* Adds the sums of a group over a slab to the rows, by exact powers of two. */
static void closeGroup(const struct Scratch *s, const struct Job *job, const struct Group *group,
                       int64_t pairs) {
  const int64_t length = MEANS + job->dimension;
  for (int p = 0; p < group->particles; p++) {
    double *row = job->sums + (group->first + p) * length;
    const double top = row[REFERENCE] > s->reference[p] ? row[REFERENCE] : s->reference[p];
    const double keep = powerBetween(row[REFERENCE], top), add = powerBetween(s->reference[p], top);
    row[REFERENCE] = top;
    row[TOTAL] = row[TOTAL] * keep + (double)sumOfLanes(load(s->total + p * LANES)) * add;
    row[ENERGY] = row[ENERGY] * keep + (double)sumOfLanes(load(s->energy + p * LANES)) * add;
    row[SQUARES] = row[SQUARES] * keep * keep + (double)sumOfLanes(load(s->squares + p * LANES)) * add * add;
    row[PAIRS] += (double)pairs;
    for (int64_t i = 0; i < job->dimension; i++) {
      row[MEANS + i] =
          row[MEANS + i] * keep + (double)sumOfLanes(load(s->means + (i * GROUP + p) * LANES)) * add;
    }
  }
}

/* The two parts of kappa |delta|^2/2 of the classes of a slab. */
static void splitHalfNorms(struct Scratch *s, const double *halves, int64_t classes, double kappa) {
  for (int64_t k = 0; k < classes; k++) {
    const double whole = kappa * halves[k] < 1e37 ? kappa * halves[k] : 1e37;
    s->initial[k] = (float)(-0.5 * whole);
    s->final[k] = (float)(whole + (double)s->initial[k]);
  }
}

/*
 * Key of an evaluated panel: its largest log-weight, plus what rounding may have taken from it here and may
 * add to it when it is computed again (a bound of the error of the products in single precision), rounded
 * upwards.
 */
static float keyOf(const struct Job *job, const struct Group *group, double largest, double norm,
                   double scale, double shift) {
  const double terms = norm * (group->reach + 0.5 * group->kappa * norm);
  const double slack = 0.02 + 3 * 0x1p-24 * (double)(job->dimension + 8) * terms;
  const double key = (largest + slack) * scale - shift;
  return (float)(key + 1e-6 * fabs(key) + 1e-30);
}

/* One group of particles over one slab of classes. */
static void addSlab(struct Scratch *s, const struct Job *job, int64_t groupIndex, int64_t begin, int64_t end,
                    double kappa) {
  const struct Group group = openGroup(s, job, groupIndex * GROUP, kappa);
  const int64_t d = job->dimension, lastPanel = (end + PANEL - 1) / PANEL;
  float *keys = job->thresholds ? job->keys + groupIndex * job->keyStride : NULL;
  const double threshold = keys ? job->thresholds[groupIndex] : 0;
  const Floats lowestCut = all(group.lowestCut);
  int64_t pairs = 0;
  for (int64_t tile = begin / PANEL; tile < lastPanel; tile += TILE) {
    int64_t active = 0;
    Floats most = all(lowest);
    for (int64_t panel = tile; panel < tile + TILE && panel < lastPanel; panel++) {
      if (keys && (double)keys[panel] < threshold) continue;
      pairs += (panel + 1) * PANEL <= end ? PANEL : end - panel * PANEL;
      const float *deltas = job->panels + panel * d * PANEL;
      const int64_t at = panel * PANEL - begin;
      const Floats largest =
          logWeights(deltas, s->initial + at, s->final + at, s->z, d, s->logs + active * (GROUP * PANEL));
      if (keys) {
        keys[panel] = keyOf(job, &group, largestLane(largest), job->norms[panel], job->scales[groupIndex],
                            job->shifts[groupIndex]);
      }
      s->active[active] = deltas;
      most = larger(most, largest);
      active += anyAtLeast(largest, lowestCut);
    }
    if (active > 0) addTile(s, active, largestLane(most), job);
  }
  closeGroup(s, job, &group, pairs);
}

int JOIN(accumulate, LEVEL)(const struct Job *job) {
  const double kappa = (double)(float)(1.4426950408889634 / job->variance);
  const size_t fixed = (sizeof(struct Scratch) + 63) / 64 * 64;
  const size_t dimension = (size_t)job->dimension;
  void *memory = NULL;
  if (posix_memalign(&memory, 64, fixed + dimension * GROUP * (1 + LANES) * sizeof(float)) != 0) return -1;
  struct Scratch *s = memory;
  s->means = (float *)((char *)memory + fixed);
  s->z = s->means + dimension * GROUP * LANES;
  for (int64_t begin = job->begin; begin < job->end; begin += SLAB) {
    const int64_t end = begin + SLAB < job->end ? begin + SLAB : job->end;
    splitHalfNorms(s, job->halves + begin, (end - begin + PANEL - 1) / PANEL * PANEL, kappa);
    for (int64_t group = 0; group * GROUP < job->count; group++) addSlab(s, job, group, begin, end, kappa);
  }
  free(memory);
  return 0;
}
