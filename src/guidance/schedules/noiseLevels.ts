import {
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireMembers,
  requireNumbers,
  requirePositive,
} from '../../numerics/checks.ts';

/** Noise grids of image pipelines, by name. */
export const noiseGrids = ['karras', 'exponential', 'linear', 'scaled-linear', 'cosine', 'flow'] as const;

/** Name of a noise grid. */
export type NoiseGrid = (typeof noiseGrids)[number];

/** Thinning of a training schedule to sampler steps ([Lin et al. 2023, arXiv 2305.08891], table 2). */
export const timestepSpacings = ['leading', 'trailing', 'linspace'] as const;

/** Name of a spacing. */
export type TimestepSpacing = (typeof timestepSpacings)[number];

/** Parameters of the noise grids; each grid takes only its own (`noiseGridKeys`). */
export interface NoiseGridOptions {
  /** karras, exponential: smallest and largest noise over signal. */
  readonly sigmaMin: number;
  readonly sigmaMax: number;
  /** karras: exponent. */
  readonly rho: number;
  /** linear, scaled-linear: first and last beta of training. */
  readonly betaStart: number;
  readonly betaEnd: number;
  /** linear, scaled-linear, cosine: number of training steps, spacing, and what `leading` adds to each timestep. */
  readonly trainingSteps: number;
  readonly spacing: TimestepSpacing;
  readonly offset: number;
  /** flow: shift of the time, t -> shift t/(1 + (shift - 1) t). */
  readonly shift: number;
  /** flow: last time before the shift, from which the others are even up to 1; null: 1/N, so that they are even down to the data. */
  readonly lastTime: number | null;
}

const betaKeys = ['betaStart', 'betaEnd', 'trainingSteps', 'spacing', 'offset'] as const;

/** The numbers that a noise grid takes. */
export const noiseGridKeys: Readonly<Record<NoiseGrid, readonly (keyof NoiseGridOptions)[]>> = {
  karras: ['sigmaMin', 'sigmaMax', 'rho'],
  exponential: ['sigmaMin', 'sigmaMax'],
  linear: betaKeys,
  'scaled-linear': betaKeys,
  cosine: ['trainingSteps', 'spacing', 'offset'],
  flow: ['shift', 'lastTime'],
};

/** One evaluation of the model. */
export interface NoiseLevel {
  /** Timestep that the pipeline shows its callback; null on grids that are written in sigma. */
  readonly timestep: number | null;
  /** Noise over signal, b/a in the pipeline's units; Infinity is pure noise. */
  readonly sigma: number;
}

/**
 * Defaults: EDM (sigma in [0.002, 80], rho 7; [Karras et al. 2022, arXiv 2206.00364]), Stable Diffusion (scaled-linear betas
 * 0.00085 to 0.012, leading with offset 1), DDPM (linear betas 1e-4 to 0.02), no shift.
 */
export function noiseGridDefaults(grid: NoiseGrid): NoiseGridOptions {
  requireChoice('noise', grid, noiseGrids);
  const ddpm = grid === 'linear';
  return {
    sigmaMin: 0.002,
    sigmaMax: 80,
    rho: 7,
    betaStart: ddpm ? 1e-4 : 0.00085,
    betaEnd: ddpm ? 0.02 : 0.012,
    trainingSteps: 1000,
    spacing: 'leading',
    offset: grid === 'scaled-linear' ? 1 : 0,
    shift: 1,
    lastTime: null,
  };
}

/**
 * The noise levels at which a sampler of `steps` steps evaluates the model, from noise to data; the data itself, sigma = 0
 * after the last step, is not among them. With i = 0, ..., N - 1:
 *   karras        sigma = (sigmaMax^(1/rho) + i/(N - 1) (sigmaMin^(1/rho) - sigmaMax^(1/rho)))^rho
 *   exponential   log sigma even between log sigmaMax and log sigmaMin
 *   linear        beta even in training time; sigma^2 = (1 - abar)/abar, abar = Prod (1 - beta)
 *   scaled-linear sqrt(beta) even in training time (Stable Diffusion)
 *   cosine        abar = cos^2((t + 0.008)/1.008 pi/2), beta <= 0.999 ([Nichol, Dhariwal 2021, arXiv 2102.09672])
 *   flow          t = 1 - i/N, or even from 1 to lastTime, shifted; sigma = t/(1 - t), timestep 1000 t; the first is pure noise
 * @throws ParameterError for unknown or inadmissible options
 */
export function noiseLevels(
  grid: NoiseGrid,
  steps: number,
  options: Partial<NoiseGridOptions> = {},
): NoiseLevel[] {
  requireChoice('noise', grid, noiseGrids);
  requireInteger('steps', steps, 1, 100_000);
  requireKnownKeys(`noise options of ${grid}`, options, noiseGridKeys[grid]);
  const resolved = { ...noiseGridDefaults(grid), ...options };
  if (options.offset !== undefined && resolved.spacing !== 'leading')
    throw new ParameterError('offset', `left out with spacing ${resolved.spacing}`, options.offset);
  switch (grid) {
    case 'karras':
    case 'exponential':
      return sigmaGrid(grid, steps, resolved);
    case 'flow':
      return flowGrid(steps, resolved);
    default:
      return timestepGrid(grid, steps, resolved);
  }
}

/** Noise levels given as a list, as a pipeline reports them: falling, with or without the final 0. */
export function listedNoiseLevels(sigmas: readonly number[]): NoiseLevel[] {
  requireList('sigmas', sigmas);
  const listed = sigmas.at(-1) === 0 ? sigmas.slice(0, -1) : sigmas;
  if (listed.length === 0) throw new ParameterError('sigmas', 'a list of noise levels', sigmas);
  listed.forEach((sigma, i) => {
    const previous = listed[i - 1];
    if (typeof sigma !== 'number' || !(sigma > 0))
      throw new ParameterError('sigmas', 'noise levels > 0', sigma);
    if (previous !== undefined && !(sigma < previous))
      throw new ParameterError('sigmas', 'in falling order', `${previous}, ${sigma}`);
  });
  return listed.map((sigma) => ({ timestep: null, sigma }));
}

/**
 * Noise levels given as times t of a flow, as its pipeline reports them (timestep 1000 t): sigma = t/(1 - t), falling from at most 1,
 * with or without the final 0.
 * @throws ParameterError for times outside, or out of order
 */
export function listedFlowTimes(flowTimes: readonly number[]): NoiseLevel[] {
  requireList('flowTimes', flowTimes);
  const listed = flowTimes.at(-1) === 0 ? flowTimes.slice(0, -1) : flowTimes;
  if (listed.length === 0) throw new ParameterError('flowTimes', 'a list of times', flowTimes);
  return listed.map((t, i) => {
    if (typeof t !== 'number' || !(t > 0 && t <= 1))
      throw new ParameterError('flowTimes', 'times in (0, 1]', t);
    const previous = listed[i - 1];
    if (previous !== undefined && !(t < previous))
      throw new ParameterError('flowTimes', 'in falling order', `${previous}, ${t}`);
    return { timestep: 1000 * t, sigma: t / (1 - t) };
  });
}

/** Throws unless `levels` is a list of noise levels, and `coefficients` has one w for each. */
export function requireSteps(coefficients: readonly number[], levels: readonly NoiseLevel[]): void {
  requireNumbers('coefficients', coefficients);
  requireLevels(levels);
  if (coefficients.length !== levels.length)
    throw new ParameterError(
      'coefficients',
      `a list of one w for each of ${levels.length} steps`,
      coefficients,
    );
}

/** Throws unless `levels` is a list of noise levels, not empty. */
export function requireLevels(levels: readonly NoiseLevel[]): void {
  requireList('levels', levels, (parameter, level) => {
    requireMembers(parameter, level, { sigma: 'number' });
    if (!(level.sigma > 0)) throw new ParameterError(`${parameter}.sigma`, '> 0', level.sigma);
  });
  if (levels.length === 0) throw new ParameterError('levels', 'a list of noise levels', levels);
}

function sigmaGrid(
  grid: 'karras' | 'exponential',
  steps: number,
  { sigmaMin, sigmaMax, rho }: NoiseGridOptions,
): NoiseLevel[] {
  requirePositive('sigmaMin', sigmaMin);
  requirePositive('sigmaMax', sigmaMax);
  requirePositive('rho', rho);
  if (!(sigmaMin < sigmaMax)) throw new ParameterError('sigmaMin', `below sigmaMax = ${sigmaMax}`, sigmaMin);
  if (grid === 'karras' && !(sigmaMin ** (1 / rho) > 0 && sigmaMax ** (1 / rho) < Infinity))
    throw new ParameterError('rho', 'large enough that sigma^(1/rho) is a number', rho);
  return Array.from({ length: steps }, (_, i) => {
    const share = steps === 1 ? 0 : i / (steps - 1);
    const sigma =
      grid === 'karras'
        ? (sigmaMax ** (1 / rho) + share * (sigmaMin ** (1 / rho) - sigmaMax ** (1 / rho))) ** rho
        : sigmaMax * (sigmaMin / sigmaMax) ** share;
    return { timestep: null, sigma };
  });
}

function flowGrid(steps: number, { shift, lastTime }: NoiseGridOptions): NoiseLevel[] {
  requirePositive('shift', shift);
  if (lastTime !== null && !(lastTime > 0 && lastTime < 1))
    throw new ParameterError('lastTime', 'in (0, 1)', lastTime);
  return Array.from({ length: steps }, (_, i) => {
    // t = noise/(noise + signal) and t/(1 - t): even steps from the index, without rounding.
    const signal = lastTime === null || i === 0 ? i : ((1 - lastTime) * i) / (steps - 1);
    const noise = shift * ((lastTime === null ? steps : 1) - signal);
    return { timestep: (1000 * noise) / (noise + signal), sigma: noise / signal };
  });
}

function timestepGrid(
  grid: 'linear' | 'scaled-linear' | 'cosine',
  steps: number,
  { betaStart, betaEnd, trainingSteps, spacing, offset }: NoiseGridOptions,
): NoiseLevel[] {
  requireChoice('spacing', spacing, timestepSpacings);
  requireInteger('trainingSteps', trainingSteps, 2, 1_000_000);
  requireInteger('steps', steps, 1, trainingSteps);
  const room = trainingSteps - 1 - (steps - 1) * Math.floor(trainingSteps / steps);
  requireInteger('offset', offset, 0, spacing === 'leading' ? room : trainingSteps);
  if (grid !== 'cosine') {
    requirePositive('betaStart', betaStart);
    if (!(betaEnd > betaStart && betaEnd < 1))
      throw new ParameterError('betaEnd', `in (betaStart, 1), betaStart = ${betaStart}`, betaEnd);
  }
  const beta = (i: number): number => {
    const share = i / (trainingSteps - 1);
    if (grid === 'linear') return betaStart + share * (betaEnd - betaStart);
    if (grid === 'scaled-linear')
      return (Math.sqrt(betaStart) + share * (Math.sqrt(betaEnd) - Math.sqrt(betaStart))) ** 2;
    return Math.min(0.999, 1 - cosineSignal((i + 1) / trainingSteps) / cosineSignal(i / trainingSteps));
  };
  // log abar after each training step.
  const logSignal = new Float64Array(trainingSteps);
  for (let i = 0, sum = 0; i < trainingSteps; i++) {
    sum += Math.log1p(-beta(i));
    logSignal[i] = sum;
  }
  return Array.from({ length: steps }, (_, i) => {
    const timestep = timestepOf(i, steps, trainingSteps, spacing, offset);
    // sigma^2 = 1/abar - 1.
    return { timestep, sigma: Math.sqrt(Math.expm1(-logSignal[timestep]!)) };
  });
}

/** abar of the cosine schedule at t in [0, 1]. */
function cosineSignal(t: number): number {
  return Math.cos(((t + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
}

/**
 * Training timestep of sampler step i, which falls with i. Rounded to it is what numpy has in a pipeline, index times step, which
 * differs from the exact ratio where that is a half (27 steps, linspace: 499, not 500).
 */
function timestepOf(
  i: number,
  steps: number,
  trainingSteps: number,
  spacing: TimestepSpacing,
  offset: number,
): number {
  switch (spacing) {
    case 'leading':
      return (steps - 1 - i) * Math.floor(trainingSteps / steps) + offset;
    case 'trailing':
      // np.arange(T, 0, -T/N): its step is the difference of its first two numbers.
      return roundToEven(trainingSteps + i * (trainingSteps - trainingSteps / steps - trainingSteps)) - 1;
    case 'linspace':
      // np.linspace(0, T - 1, N): its last number is T - 1 itself.
      if (i === 0) return steps === 1 ? 0 : trainingSteps - 1;
      return roundToEven((steps - 1 - i) * ((trainingSteps - 1) / (steps - 1)));
  }
}

/** Rounding as numpy does it, on which pipelines build: halves to the even neighbour. */
function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
