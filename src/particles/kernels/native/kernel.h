/* Sums over classes for particles (../kernel.ts): what addon.c and the builds of accumulate.c and precise.c
 * share. */
#ifndef CFG_DMFT_KERNEL_H
#define CFG_DMFT_KERNEL_H

#include <stdint.h>

enum {
  PANEL = 16,  /* classes of a panel */
  GROUP = 8,   /* particles of a group */
  SLAB = 4096, /* classes summed in single precision before the sums go to double precision */
  TILE = 32,   /* panels whose weights are held at a time */
  /* columns of a row of sums */
  REFERENCE = 0,
  TOTAL = 1,
  ENERGY = 2,
  SQUARES = 3,
  PAIRS = 4,
  MEANS = 5
};

/* Half squared norm given to the places without a class in the last panel: their log-weight is below every
 * cut. */
#define ABSENT 1e30

/* One call. Class k is in panel k/PANEL, lane k%PANEL. Arrays of classes are aligned to 64 bytes. */
struct Job {
  int64_t dimension;
  int64_t begin, end;    /* classes to sum: begin a multiple of SLAB, end too or the number of classes held */
  int64_t count;         /* particles */
  const float *panels;   /* [panel][dimension][PANEL]: delta */
  const double *halves;  /* [panel][PANEL]: |delta|^2/2 */
  const float *norms;    /* [panel]: largest |delta|, rounded upwards */
  const double *offsets; /* [count][dimension]: z */
  double variance;       /* Gamma */
  const double *cuts;    /* [count] */
  int squares;           /* whether the squares are wanted */
  /* skipping, [group]; thresholds is NULL for none */
  const double *thresholds, *scales, *shifts;
  float *keys; /* [group][keyStride] */
  int64_t keyStride;
  double *sums; /* [count][MEANS + dimension] */
  /* precise sums: the particles to sum at, among the count */
  const int32_t *particles;
  int64_t particleCount;
};

/* Adds the sums of a job to its rows. Returns 0, or -1 if there was no memory for scratch. */
typedef int Accumulate(const struct Job *job);

Accumulate accumulate_portable, precise_portable;
Accumulate accumulate_avx2, precise_avx2;
Accumulate accumulate_avx512, precise_avx512;

/* Random class centres: see RelativeDraw in ../kernel.ts. */
struct Draw {
  const float *guided; /* mu_c, rounded */
  uint32_t firstClass; /* number of the first one, guided class 0 */
  uint32_t realization, key0, key1;
  int spherical;
};

/* Fills panels with delta of consecutive classes. Returns 0, or -1 if there was no memory for scratch. */
typedef int Generate(const struct Draw *draw, int64_t dimension, int64_t panels, float *to);

Generate generate_portable, generate_avx2, generate_avx512;

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)

#endif
