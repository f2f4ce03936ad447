import {
  requireFinite,
  requireFloats,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';
import { requireClassifier, type Classifier } from './classifier.ts';
import type { LogitTerm } from './perturbations.ts';
import { perturbedClassifier } from './perturbations.ts';

/** Waves added to the logits: g_j(x) = sum of amplitude sin(q.x + phase) over the waves of class j. */
export interface Wave {
  /** j. */
  readonly label: number;
  readonly amplitude: number;
  /** q, d numbers. */
  readonly vector: Float64Array;
  readonly phase: number;
}

/** Logit term of a set of waves, for {@link perturbedClassifier}: grad g = A q cos, Lap g = -A |q|^2 sin, both analytic. */
export function waveTerm(waves: readonly Wave[]): LogitTerm {
  requireList('waves', waves, (name, wave) => {
    requireKnownKeys(name, wave, ['label', 'amplitude', 'vector', 'phase']);
    requireInteger(`${name}.label`, wave.label, 0);
    requireFinite(`${name}.amplitude`, wave.amplitude);
    requireFloats(`${name}.vector`, wave.vector);
    requireFinite(`${name}.phase`, wave.phase);
  });
  const squares = waves.map(({ vector }) => vector.reduce((sum, value) => sum + value * value, 0));
  return {
    addValues(x, out) {
      for (const wave of waves) out[wave.label]! += wave.amplitude * Math.sin(angle(wave, x));
    },
    addGradients(x, out) {
      for (const wave of waves) {
        const slope = wave.amplitude * Math.cos(angle(wave, x));
        const row = wave.label * x.length;
        for (let i = 0; i < x.length; i++) out[row + i]! += slope * wave.vector[i]!;
      }
    },
    addLaplacians(x, out) {
      for (let n = 0; n < waves.length; n++) {
        const wave = waves[n]!;
        out[wave.label]! -= wave.amplitude * squares[n]! * Math.sin(angle(wave, x));
      }
    },
  };
}

function angle({ vector, phase }: Wave, x: Float64Array): number {
  let sum = phase;
  for (let i = 0; i < x.length; i++) sum += vector[i]! * x[i]!;
  return sum;
}

/** Size of a random smooth perturbation. */
export interface FourierOptions {
  /** Root mean square of the g_j over phases, >= 0; |g_j| is at most sqrt(2 features) times this. */
  readonly amplitude: number;
  /** Largest |q|, > 0: |grad g_j| <= sqrt(2 features) amplitude frequency, and |q|^2 likewise for the Hessian. */
  readonly frequency: number;
  /** Waves per class. */
  readonly features: number;
  readonly seed: number;
}

const fourierStream = 150;

/**
 * Random Fourier features of bounded frequency added to the logits: for every class
 *   g_j(x) = amplitude sqrt(2/F) sum_(n=1)^F sin(q_jn.x + phi_jn),
 * q uniform in direction and in length on (0, frequency), phi uniform. Smooth: all derivatives are bounded.
 */
export function fourierClassifier(base: Classifier, options: FourierOptions): Classifier {
  requireClassifier('base', base);
  requireKnownKeys('options', options, ['amplitude', 'frequency', 'features', 'seed']);
  const { amplitude, frequency, features, seed } = options;
  requireNonNegative('amplitude', amplitude);
  requirePositive('frequency', frequency);
  requireInteger('features', features, 1, 100_000);
  const stream = new RandomStream(seed, fourierStream);
  const waves: Wave[] = [];
  for (let label = 0; label < base.classes; label++) {
    for (let n = 0; n < features; n++) {
      stream.moveTo(label, n);
      const vector = new Float64Array(base.dimension);
      stream.normals(vector, 0, base.dimension);
      const length = frequency * stream.nextUniform();
      const phase = 2 * Math.PI * stream.nextUniform();
      const norm = Math.hypot(...vector);
      for (let i = 0; i < vector.length; i++) vector[i]! *= length / norm;
      waves.push({ label, amplitude: amplitude * Math.sqrt(2 / features), vector, phase });
    }
  }
  return perturbedClassifier(`${base.name}, Fourier features of ${amplitude}`, base, 1, waveTerm(waves));
}
