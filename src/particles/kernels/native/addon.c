/*
 * The face of the kernel towards Node (../nativeKernel.ts, interface NativeAddon). No state of its own:
 * everything lies in arrays of the caller, so that any number of worker threads may use it. Arrays are
 * checked before they are touched.
 */
#include "kernel.h"
#include "nodeApi.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__) && !defined(WITHOUT_AVX2)
#define HAVE_AVX2 (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
#else
#define HAVE_AVX2 0
#endif
#if defined(__x86_64__) && !defined(WITHOUT_AVX512)
#define HAVE_AVX512                                                           \
  (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && \
   __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
#else
#define HAVE_AVX512 0
#endif

/* Version of the interface: nativeKernel.ts expects the same. */
enum { INTERFACE = 1 };

enum { PORTABLE, AVX2, AVX512, LEVELS };
static const char *const levelNames[LEVELS] = {"portable", "avx2", "avx512"};

static int offers(int64_t level) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  return level == PORTABLE || (level == AVX2 && HAVE_AVX2) || (level == AVX512 && HAVE_AVX512);
}

/* What is compiled once per instruction set. */
struct Functions {
  Accumulate *accumulate, *precise;
  Generate *generate;
};

static struct Functions functionsOf(int64_t level) {
  (void)level;
#if defined(__x86_64__) && !defined(WITHOUT_AVX512)
  if (level == AVX512) return (struct Functions){accumulate_avx512, precise_avx512, generate_avx512};
#endif
#if defined(__x86_64__) && !defined(WITHOUT_AVX2)
  if (level == AVX2) return (struct Functions){accumulate_avx2, precise_avx2, generate_avx2};
#endif
  return (struct Functions){accumulate_portable, precise_portable, generate_portable};
}

enum { MOST_ARGUMENTS = 19 };

/* Arguments of a call, read one after the other; `failed` tells what was wrong with the first bad one. */
struct Arguments {
  napi_env env;
  napi_value values[MOST_ARGUMENTS];
  size_t next;
  const char *failed;
};

static struct Arguments argumentsOf(napi_env env, napi_callback_info info) {
  struct Arguments a = {.env = env, .next = 0, .failed = NULL};
  size_t count = MOST_ARGUMENTS;
  /* What was not given is undefined, and refused by the type checks. */
  if (napi_get_cb_info(env, info, &count, a.values, NULL, NULL) != napi_ok) a.failed = "no arguments";
  return a;
}

static void refuse(struct Arguments *a, const char *why) {
  if (a->failed == NULL) a->failed = why;
}

static int64_t integer(struct Arguments *a, int64_t least, int64_t most) {
  int64_t value = 0;
  if (a->failed != NULL) return least;
  if (napi_get_value_int64(a->env, a->values[a->next++], &value) != napi_ok || value < least ||
      value > most) {
    refuse(a, "native kernel: an integer is missing or out of range");
    return least;
  }
  return value;
}

static double number(struct Arguments *a) {
  double value = NAN;
  if (a->failed != NULL) return value;
  if (napi_get_value_double(a->env, a->values[a->next++], &value) != napi_ok)
    refuse(a, "native kernel: a number is missing");
  return value;
}

static int flag(struct Arguments *a) {
  bool value = false;
  if (a->failed != NULL) return 0;
  if (napi_get_value_bool(a->env, a->values[a->next++], &value) != napi_ok)
    refuse(a, "native kernel: a flag is missing");
  return value;
}

/* Data of a typed array of at least `length` elements; NULL for null where that is allowed. */
static void *array(struct Arguments *a, napi_typedarray_type type, int64_t length, int optional) {
  if (a->failed != NULL) return NULL;
  const napi_value value = a->values[a->next++];
  napi_valuetype kind;
  if (optional && napi_typeof(a->env, value, &kind) == napi_ok && kind == napi_null) return NULL;
  napi_typedarray_type given;
  size_t elements;
  void *data = NULL;
  if (napi_get_typedarray_info(a->env, value, &given, &elements, &data, NULL, NULL) != napi_ok ||
      given != type) {
    refuse(a, "native kernel: an array is missing or of the wrong type");
    return NULL;
  }
  if ((int64_t)elements < length) {
    refuse(a, "native kernel: an array is too short");
    return NULL;
  }
  return data;
}

/* Where the classes of a store lie in its memory. */
struct Store {
  int64_t dimension, capacity; /* capacity in panels */
  float *panels;
  double *halves;
  float *norms;
};

enum { ALIGNMENT = 64, MOST_DIMENSIONS = 1 << 20 };
static const int64_t mostPanels = (int64_t)1 << 36;

static int64_t memoryBytes(int64_t dimension, int64_t capacity) {
  return capacity *
             (int64_t)(PANEL * sizeof(float) * (size_t)dimension + PANEL * sizeof(double) + sizeof(float)) +
         ALIGNMENT;
}

static struct Store store(struct Arguments *a) {
  struct Store s = {.dimension = 0};
  s.dimension = integer(a, 1, MOST_DIMENSIONS);
  s.capacity = integer(a, 1, mostPanels);
  uint8_t *memory = array(a, napi_uint8_array, memoryBytes(s.dimension, s.capacity), 0);
  if (memory == NULL) {
    refuse(a, "native kernel: no memory");
    return s;
  }
  memory += (ALIGNMENT - (uintptr_t)memory % ALIGNMENT) % ALIGNMENT;
  s.panels = (float *)memory;
  s.halves = (double *)(s.panels + s.capacity * s.dimension * PANEL);
  s.norms = (float *)(s.halves + s.capacity * PANEL);
  return s;
}

static napi_value thrown(const struct Arguments *a) {
  napi_throw_range_error(a->env, NULL, a->failed);
  return NULL;
}

/* memoryBytes(dimension, panels) */
static napi_value memoryBytesCall(napi_env env, napi_callback_info info) {
  struct Arguments a = argumentsOf(env, info);
  const int64_t dimension = integer(&a, 1, MOST_DIMENSIONS), capacity = integer(&a, 1, mostPanels);
  if (a.failed != NULL) return thrown(&a);
  napi_value result = NULL;
  napi_create_double(env, (double)memoryBytes(dimension, capacity), &result);
  return result;
}

/*
 * Makes panels that hold `count` classes, from `first` on, ready for use: fills up the last one, and computes
 * half norms. Widens `range`, the smallest and largest of them.
 */
static void finish(const struct Store *s, int64_t first, int64_t count, double *range) {
  for (int64_t k = 0; k < count; k += PANEL) {
    const int64_t panel = (first + k) / PANEL, present = count - k < PANEL ? count - k : PANEL;
    float *deltas = s->panels + panel * s->dimension * PANEL;
    double *halves = s->halves + panel * PANEL;
    double longest = 0;
    for (int lane = 0; lane < PANEL; lane++) halves[lane] = 0;
    for (int64_t i = 0; i < s->dimension; i++) {
      for (int lane = 0; lane < PANEL; lane++) {
        if (lane >= present) deltas[i * PANEL + lane] = 0;
        const double delta = deltas[i * PANEL + lane];
        halves[lane] += 0.5 * delta * delta;
      }
    }
    for (int lane = 0; lane < present; lane++) {
      if (halves[lane] < range[0]) range[0] = halves[lane];
      if (halves[lane] > longest) longest = halves[lane];
    }
    for (int64_t lane = present; lane < PANEL; lane++) halves[lane] = ABSENT;
    if (longest > range[1]) range[1] = longest;
    s->norms[panel] = (float)(sqrt(2 * longest) * (1 + 1e-6));
  }
}

/* pack(...store, first, count, rows, range) */
static napi_value packCall(napi_env env, napi_callback_info info) {
  struct Arguments a = argumentsOf(env, info);
  const struct Store s = store(&a);
  const int64_t first = integer(&a, 0, s.capacity * PANEL),
                count = integer(&a, 0, s.capacity * PANEL - first);
  const float *rows = array(&a, napi_float32_array, count * s.dimension, 0);
  double *range = array(&a, napi_float64_array, 2, 0);
  if (first % PANEL != 0) refuse(&a, "native kernel: classes must begin with a panel");
  if (a.failed != NULL) return thrown(&a);
  for (int64_t k = 0; k < count; k++) {
    float *to = s.panels + (first + k) / PANEL * s.dimension * PANEL + (first + k) % PANEL;
    for (int64_t i = 0; i < s.dimension; i++) to[i * PANEL] = rows[k * s.dimension + i];
  }
  finish(&s, first, count, range);
  return NULL;
}

/* generate(level, ...store, count, firstClass, guided, realization, key0, key1, spherical, range) */
static napi_value generateCall(napi_env env, napi_callback_info info) {
  struct Arguments a = argumentsOf(env, info);
  const int64_t level = integer(&a, 0, LEVELS - 1);
  const struct Store s = store(&a);
  const int64_t count = integer(&a, 0, s.capacity * PANEL);
  struct Draw draw = {.firstClass = (uint32_t)integer(&a, 0, UINT32_MAX)};
  draw.guided = array(&a, napi_float32_array, s.dimension, 0);
  draw.realization = (uint32_t)integer(&a, 0, UINT32_MAX);
  /* Keys may come as signed or unsigned numbers of 32 bits. */
  draw.key0 = (uint32_t)integer(&a, INT32_MIN, UINT32_MAX);
  draw.key1 = (uint32_t)integer(&a, INT32_MIN, UINT32_MAX);
  draw.spherical = flag(&a);
  double *range = array(&a, napi_float64_array, 2, 0);
  if (!offers(level)) refuse(&a, "native kernel: this processor lacks the instruction set");
  if (a.failed != NULL) return thrown(&a);
  if (functionsOf(level).generate(&draw, s.dimension, (count + PANEL - 1) / PANEL, s.panels) != 0) {
    napi_throw_error(env, NULL, "native kernel: out of memory");
    return NULL;
  }
  finish(&s, 0, count, range);
  return NULL;
}

/* What accumulate and accumulatePrecisely have in common: arguments up to the cuts. */
static struct Job jobOf(struct Arguments *a, int64_t *level) {
  *level = integer(a, 0, LEVELS - 1);
  const struct Store s = store(a);
  struct Job job = {.dimension = s.dimension, .panels = s.panels, .halves = s.halves, .norms = s.norms};
  job.keyStride = s.capacity;
  job.begin = integer(a, 0, s.capacity * PANEL);
  job.end = integer(a, 0, s.capacity * PANEL);
  job.count = integer(a, 0, (int64_t)1 << 31);
  job.variance = number(a);
  job.offsets = array(a, napi_float64_array, job.count * job.dimension, 0);
  job.cuts = array(a, napi_float64_array, job.count, 0);
  job.sums = array(a, napi_float64_array, job.count * (MEANS + job.dimension), 0);
  if (!(job.variance > 0)) refuse(a, "native kernel: the variance must be > 0");
  if (job.begin % SLAB != 0) refuse(a, "native kernel: classes must begin with a slab");
  if (!offers(*level)) refuse(a, "native kernel: this processor lacks the instruction set");
  return job;
}

static napi_value run(const struct Arguments *a, const struct Job *job, Accumulate *sum) {
  if (sum(job) != 0) napi_throw_error(a->env, NULL, "native kernel: out of memory");
  return NULL;
}

/* accumulate(level, ...store, begin, end, count, variance, offsets, cuts, sums, squares, ...skip) */
static napi_value accumulateCall(napi_env env, napi_callback_info info) {
  struct Arguments a = argumentsOf(env, info);
  int64_t level;
  struct Job job = jobOf(&a, &level);
  const int64_t groups = (job.count + GROUP - 1) / GROUP;
  job.squares = flag(&a);
  job.thresholds = array(&a, napi_float64_array, groups, 1);
  if (job.thresholds != NULL) {
    job.scales = array(&a, napi_float64_array, groups, 0);
    job.shifts = array(&a, napi_float64_array, groups, 0);
    job.keys = array(&a, napi_float32_array, groups * job.keyStride, 0);
  }
  if (a.failed != NULL) return thrown(&a);
  return run(&a, &job, functionsOf(level).accumulate);
}

/* accumulatePrecisely(level, ...store, begin, end, count, variance, offsets, cuts, sums, particles) */
static napi_value preciseCall(napi_env env, napi_callback_info info) {
  struct Arguments a = argumentsOf(env, info);
  int64_t level;
  struct Job job = jobOf(&a, &level);
  job.particleCount = integer(&a, 0, (int64_t)1 << 31);
  job.particles = array(&a, napi_int32_array, job.particleCount, 0);
  for (int64_t j = 0; a.failed == NULL && j < job.particleCount; j++) {
    if (job.particles[j] < 0 || job.particles[j] >= job.count) refuse(&a, "native kernel: no such particle");
  }
  if (a.failed != NULL) return thrown(&a);
  return run(&a, &job, functionsOf(level).precise);
}

static void define(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  if (napi_create_function(env, name, strlen(name), callback, NULL, &function) == napi_ok)
    napi_set_named_property(env, exports, name, function);
}

__attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1(void);
__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports);

int32_t node_api_module_get_api_version_v1(void) { return 8; }

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value version, levels, name;
  napi_create_double(env, INTERFACE, &version);
  napi_set_named_property(env, exports, "version", version);
  napi_create_array(env, &levels);
  uint32_t index = 0;
  for (int level = LEVELS - 1; level >= 0; level--) {
    if (!offers(level)) continue;
    napi_create_string_utf8(env, levelNames[level], strlen(levelNames[level]), &name);
    napi_set_element(env, levels, index++, name);
  }
  napi_set_named_property(env, exports, "levels", levels);
  define(env, exports, "memoryBytes", memoryBytesCall);
  define(env, exports, "pack", packCall);
  define(env, exports, "generate", generateCall);
  define(env, exports, "accumulate", accumulateCall);
  define(env, exports, "accumulatePrecisely", preciseCall);
  return exports;
}
