/* Vectors of single and double precision by the vector extension of GCC and Clang, for the instruction set of
 * a build. */
#ifndef CFG_DMFT_LANES_H
#define CFG_DMFT_LANES_H

#include "kernel.h"

#include <math.h>
#include <string.h>

#ifndef LEVEL
#define LEVEL portable
#endif

/*
 * LANES: floats of a vector. LOG_PARTICLES: particles of a block of the first product (with one panel);
 * MEAN_PARTICLES x MEAN_DIMENSIONS: block of the second product. A block's sums fill the registers; found by
 * trying.
 */
#if defined(__AVX512F__)
#include <immintrin.h>
enum { LANES = 16, LOG_PARTICLES = 8, MEAN_PARTICLES = 8, MEAN_DIMENSIONS = 3 };
#elif defined(__AVX2__)
#include <immintrin.h>
enum { LANES = 8, LOG_PARTICLES = 4, MEAN_PARTICLES = 4, MEAN_DIMENSIONS = 3 };
#elif defined(__aarch64__)
enum { LANES = 4, LOG_PARTICLES = 4, MEAN_PARTICLES = 8, MEAN_DIMENSIONS = 3 };
#else
enum { LANES = 4, LOG_PARTICLES = 2, MEAN_PARTICLES = 4, MEAN_DIMENSIONS = 2 };
#endif
#if defined(__SSE2__) && !defined(__AVX2__)
#include <emmintrin.h>
#endif

enum { DOUBLES = LANES / 2 };

typedef float Floats __attribute__((vector_size(4 * LANES)));
typedef int32_t Ints __attribute__((vector_size(4 * LANES)));
typedef float HalfFloats __attribute__((vector_size(4 * DOUBLES)));
typedef double Doubles __attribute__((vector_size(8 * DOUBLES)));
typedef int64_t Longs __attribute__((vector_size(8 * DOUBLES)));
typedef float Float4 __attribute__((vector_size(16)));
typedef float Float8 __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))

/* With 32 registers: keeps a value that several operations use in one; compilers like to load it with each of
 * them. */
#if defined(__AVX512F__)
#define HOLD(value) __asm__("" : "+v"(value))
#elif defined(__aarch64__)
#define HOLD(value) __asm__("" : "+w"(value))
#else
#define HOLD(value) (void)(value)
#endif

INLINE Floats load(const float *from) { return *(const Floats *)from; }
INLINE void store(float *to, Floats value) { *(Floats *)to = value; }
INLINE Floats all(float value) { return value - (Floats){0}; }
INLINE Doubles allDoubles(double value) { return value - (Doubles){0}; }

INLINE Floats choose(Ints first, Floats a, Floats b) {
  return (Floats)((first & (Ints)a) | (~first & (Ints)b));
}

INLINE Floats smaller(Floats a, Floats b) { return choose((Ints)(a < b), a, b); }

INLINE Floats larger(Floats a, Floats b) {
#if defined(__AVX512F__)
  return (Floats)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (Floats)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
  return (Floats)_mm_max_ps((__m128)a, (__m128)b);
#else
  return choose((Ints)(a > b), a, b);
#endif
}

/* Whether value >= bound in any lane. */
INLINE int anyAtLeast(Floats value, Floats bound) {
#if defined(__AVX512F__)
  return _mm512_cmp_ps_mask((__m512)value, (__m512)bound, _CMP_GE_OQ) != 0;
#elif defined(__AVX2__)
  return _mm256_movemask_ps(_mm256_cmp_ps((__m256)value, (__m256)bound, _CMP_GE_OQ)) != 0;
#elif defined(__SSE2__)
  return _mm_movemask_ps(_mm_cmpge_ps((__m128)value, (__m128)bound)) != 0;
#else
  const Ints reached = (Ints)(value >= bound);
  int any = 0;
  for (int i = 0; i < LANES; i++) any |= reached[i];
  return any != 0;
#endif
}

INLINE float largestLane(Floats value) {
  float largest = value[0];
  for (int i = 1; i < LANES; i++) largest = value[i] > largest ? value[i] : largest;
  return largest;
}

INLINE float sumOfLanes(Floats value) {
#if defined(__AVX512F__)
  Float8 halves[2];
  memcpy(halves, &value, sizeof halves);
  const Float8 eight = halves[0] + halves[1];
#elif defined(__AVX2__)
  const Float8 eight = value;
#endif
#if defined(__AVX2__)
  Float4 quarters[2];
  memcpy(quarters, &eight, sizeof quarters);
  const Float4 four = quarters[0] + quarters[1];
#else
  const Float4 four = value;
#endif
  return (four[0] + four[2]) + (four[1] + four[3]);
}

/* What sums of the reference `from` are multiplied by to have the reference `to` >= from. */
INLINE double powerBetween(double from, double to) {
  return from - to < -2000 ? 0 : ldexp(1, (int)(from - to));
}

#endif
