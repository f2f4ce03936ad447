/*
 * Class centres from counters, bit for bit those of numerics/singleNormals.ts and mixture/centres.ts: one
 * class in each lane. Only sums, products, quotients and roots of single precision in the order given there,
 * never fused (this file is compiled without contraction). Compiled once per instruction set (LEVEL).
 */
#include "lanes.h"

#include <stdlib.h>

#ifdef __aarch64__
#include <arm_neon.h>
#endif

typedef uint32_t Words __attribute__((vector_size(4 * LANES)));
typedef uint64_t Wide __attribute__((vector_size(4 * LANES)));

/* 64-bit products of the even lanes with a number. */
INLINE Wide evenProducts(Words x, uint32_t multiplier) {
#if defined(__AVX512F__)
  return (Wide)_mm512_mul_epu32((__m512i)x, _mm512_set1_epi32((int)multiplier));
#elif defined(__AVX2__)
  return (Wide)_mm256_mul_epu32((__m256i)x, _mm256_set1_epi32((int)multiplier));
#elif defined(__SSE2__)
  return (Wide)_mm_mul_epu32((__m128i)x, _mm_set1_epi32((int)multiplier));
#else
  Wide product;
  for (int i = 0; i < LANES / 2; i++) product[i] = (uint64_t)x[2 * i] * multiplier;
  return product;
#endif
}

INLINE Floats squareRoot(Floats x) {
#if defined(__AVX512F__)
  return (Floats)_mm512_sqrt_ps((__m512)x);
#elif defined(__AVX2__)
  return (Floats)_mm256_sqrt_ps((__m256)x);
#elif defined(__SSE2__)
  return (Floats)_mm_sqrt_ps((__m128)x);
#elif defined(__aarch64__)
  return (Floats)vsqrtq_f32((float32x4_t)x);
#else
  for (int i = 0; i < LANES; i++) x[i] = sqrtf(x[i]);
  return x;
#endif
}

INLINE Floats toFloats(Ints x) { return __builtin_convertvector(x, Floats); }

/* High and low words of the products with a number. */
INLINE void multiply(Words x, uint32_t multiplier, Words *high, Words *low) {
  const Wide even = evenProducts(x, multiplier);
  const Wide odd = evenProducts((Words)((Wide)x >> 32), multiplier);
  *high = (Words)((even >> 32) | (odd & ~0xffffffffull));
  *low = (Words)((even & 0xffffffffull) | (odd << 32));
}

/* Radius sqrt(-2 log u) of a word, u = (word/2 + 1/2) 2^-31. */
INLINE Floats radius(Words word) {
  static const float logarithm[] = {0.2873368560586678f,   -0.2990453352810839f, 0.331247862294128f,
                                    -0.39913667092753574f, 0.500041481351043f,   -0.6666837125212235f,
                                    0.9999997592839165f,   -1.9999999483791782f};
  const Floats u = (toFloats((Ints)(word >> 1)) + 0.5f) * 0x1p-31f;
  const Ints shifted = (Ints)u - 0x3f3504f3;
  const Floats f = (Floats)((shifted & 0x7fffff) + 0x3f3504f3) - 1.0f;
  Floats p = all(-0.1744471003710726f);
  for (int n = 0; n < 8; n++) p = p * f + logarithm[n];
  return squareRoot(toFloats(shifted >> 23) * -1.3862943611198906f + f * p);
}

/* Radius times cosine and sine of the angle of a word. */
INLINE void rotate(Words word, Floats r, float *first, float *second) {
  const Floats t = toFloats((Ints)(word << 2) >> 2) * 0x1p-30f;
  const Floats square = t * t;
  Floats sine = square * -0.004601657886395621f + 0.07968003276821156f;
  sine = sine * square + -0.6459634602331681f;
  sine = (sine * square + 1.5707963217083432f) * t;
  Floats cosine = square * -0.020398581775069924f + 0.25359494669044697f;
  cosine = cosine * square + -1.2336966623561283f;
  cosine = cosine * square + 0.9999999673862876f;
  /* The highest bit turns by half a turn, the next one exchanges cosine and sine. */
  const Ints swap = (Ints)(word << 1) >> 31;
  const Floats turned = (Floats)((Words)r ^ (word & 0x80000000u));
  store(first, turned * choose(swap, sine, cosine));
  store(second, turned * choose(swap, cosine, sine));
}

/* Centres of the classes `classes`, [dimension rounded up to 4][LANES]. */
static void drawLanes(const struct Draw *draw, Words classes, int64_t dimension, float *rows) {
  for (int64_t block = 0; 4 * block < dimension; block++) {
    const Words zero = {0};
    Words c0 = zero + (uint32_t)block, c1 = zero + draw->realization, c2 = classes, c3 = zero;
    uint32_t k0 = draw->key0, k1 = draw->key1;
    for (int round = 0; round < 10; round++) {
      Words high0, low0, high1, low1;
      multiply(c0, 0xd2511f53u, &high0, &low0);
      multiply(c2, 0xcd9e8d57u, &high1, &low1);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 += 0x9e3779b9u;
      k1 += 0xbb67ae85u;
    }
    float *at = rows + 4 * block * LANES;
    rotate(c1, radius(c0), at, at + LANES);
    rotate(c3, radius(c2), at + 2 * LANES, at + 3 * LANES);
  }
  if (!draw->spherical) return;
  Floats squares = all(0);
  for (int64_t i = 0; i < dimension; i++) squares += load(rows + i * LANES) * load(rows + i * LANES);
  const Floats factor = squareRoot(all((float)dimension) / squares);
  for (int64_t i = 0; i < dimension; i++) store(rows + i * LANES, load(rows + i * LANES) * factor);
}

int JOIN(generate, LEVEL)(const struct Draw *draw, int64_t dimension, int64_t panels, float *to) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, (size_t)(dimension + 3) * LANES * sizeof(float)) != 0) return -1;
  Words lane;
  for (int i = 0; i < LANES; i++) lane[i] = (uint32_t)i;
  for (int64_t panel = 0; panel < panels; panel++, to += dimension * PANEL) {
    for (int part = 0; part < PANEL; part += LANES) {
      drawLanes(draw, lane + (draw->firstClass + (uint32_t)(panel * PANEL + part)), dimension, memory);
      for (int64_t i = 0; i < dimension; i++) {
        store(to + i * PANEL + part, load((float *)memory + i * LANES) - draw->guided[i]);
      }
    }
  }
  free(memory);
  return 0;
}
