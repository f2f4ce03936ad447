/** Unit and meaning of a column. */
export interface ColumnWords {
  /** A unit of {@link columnUnits}. */
  readonly unit: ColumnUnit;
  readonly meaning: string;
}

/** Units of columns. The theory is dimensionless: lengths are in units in which class centres have variance 1 per coordinate. */
export const columnUnits = {
  1: 'a dimensionless number',
  'process time': 'time t of the forward process that is sampled backwards; 0 is the data',
  'OU time': 'time of the Ornstein-Uhlenbeck process with the same ratio of noise to signal',
  nats: 'natural logarithms',
  'nats per dimension': 'natural logarithms, divided by the dimension d',
  count: 'whole numbers',
  text: 'words',
} as const;

/** One of the units of {@link columnUnits}. */
export type ColumnUnit = `${keyof typeof columnUnits}`;

type Meanings = Readonly<Record<string, string>>;

/** Meanings of columns by unit. A column `xError` without an entry is the standard error of `x`. */
const meanings: Readonly<Record<ColumnUnit, Meanings>> = {
  'process time': {
    time: 'time of sampling',
    t: 'time of sampling',
    stepSize: 'length of a sampling step; null in continuous time',
  },
  'OU time': { speciationTime: 'first crossing into the phase of the guided class' },
  nats: {
    entropy: 'differential entropy of the output',
    kl: 'excess cross-entropy of the classifier, E KL(c || ĉ) over all classes',
    predictedKl: 'kl in the limit of short waves',
    labelKl: 'excess cross-entropy on "the guided class or another"',
    outputKl: 'KL divergence of the imperfect output from the exact one; of a sensitivity, per nat of kl',
    path: 'KL divergence of the sampling paths; of a sensitivity, per nat of kl',
    exact: 'log-probability of the class, exact classifier',
    rippled: 'log-probability of the class, with the ripple',
    logSnr: 'logarithm of the ratio of signal to noise',
  },
  'nats per dimension': {
    alpha: 'class rate log(K)/d',
    criticalAlpha: 'critical class rate at this w',
    speciatedAt: 'class rate at which the trajectory speciates: one end of the bracket of criticalAlpha',
    unspeciatedAt: 'class rate at which it does not: the other end',
    psi: 'free energy of the guided class',
    phi: 'free energy of all other classes',
    complexity: 'log-number of the classes that dominate among the others',
    minComplexity: 'least complexity along the path while the other classes dominate',
    potential: 'guided effective potential',
    shown: 'potential as it is drawn: above its value at the state of the path',
    klPerDimension: 'KL divergence of the output from the class',
  },
  1: {
    m: 'overlap with the class centre; 1 is undistorted',
    q: 'second moment per coordinate',
    v: 'variance per coordinate across the class centre; sigma2 is undistorted',
    vParallel: 'd times the variance of m over particles',
    vOverSigma2: 'v/sigma2; 1 is undistorted',
    varianceRatio: 'v/sigma2; 1 is undistorted',
    overlap: 'overlap over that of the unguided class at the same time; 1 is undistorted',
    variance: 'variance over that of the unguided class at the same time; 1 is undistorted',
    meanShift: 'm - 1',
    lostVariance: '1 - v/sigma2',
    imbalance: '|v/sigma2 - 1|',
    speciatedFraction: 'share of the particles in the phase of the guided class',
    w: 'guidance coefficient; 0 is no guidance',
    scale: 'guidance scale 1 + w',
    sigma: 'noise over signal in the latents of the pipeline; null for pure noise',
    timestep: 'timestep of the model; null where its grid has none',
    r: 'variance ratio Gamma/D of the class at the transition',
    inverseD: '1/d',
    value: 'value of the observable',
    standardError: 'standard error of the measured value',
    confidence: 'weight of the guided class at the output',
    lower: 'lower end of the middle 95 % of the particles',
    upper: 'upper end of the middle 95 % of the particles',
    density: 'probability density of the output',
    classDensity: 'probability density of the guided class itself, without guidance',
    shareOfMaximum: 'density over its maximum',
    x: 'coordinate, or value on the horizontal axis',
    y: 'coordinate, or value on the vertical axis',
    error: 'standard error of y',
    instability: 'w beyond which one step overshoots the centre at some time',
    contraction: 'w up to which every step takes every start closer to the centre',
    visible: 'w beyond which the output splits in two',
    parameter: 'parameter of the family of classifiers',
    temperature: 'temperature of the logits of the classifier',
    clock: 'middle of the window of noise levels, in log(1 + tau)/2',
    amplitude: 'amplitude of the ripple',
    frequency: 'wave number of the ripple',
    guidanceMse: 'mean square error of the guidance vector, E|grad log ĉ - grad log c|^2',
    predictedMse: 'guidanceMse in the limit of short waves',
    bound: 'upper bound of guidanceMse',
    byParts: 'guidanceMse, integrated by parts',
    classMse: 'guidanceMse over points of the guided class',
    classBound: 'upper bound of classMse',
    klBound: 'upper bound of classMse from kl',
    logErrorSquare: 'mean square of f = log ĉ - log c: the first factor of bound, squared',
    generatorSquare: 'mean square of Lap f + grad f . s: the second factor of bound, squared',
    curvature: 'largest norm of the Hessian of log ĉ at the points',
    couplingSquare: 'mean square displacement of the coupled outputs, per nat of kl',
    w2: 'root mean square displacement of the coupled outputs: at least the distance W2',
    steppedW2: 'w2 of a sampler in coarse steps',
    exactSlope: 'gradient of exact',
    rippledSlope: 'gradient of rippled',
    next: 'coordinate after one step from v',
    expected: 'value that theory expects',
    measured: 'value that was measured',
    residual: '(y - expected)/standardError',
    bias: 'bound of the bias of the measurement',
    margin: 'least deviation that matters',
    deviation: '(measured - expected)/standardError',
    critical: 'deviation that the test allows, in standard errors',
    falseAlarm: 'probability that the check fails by chance',
    power: 'probability that a deviation of the margin is seen',
    degreesOfFreedom: 'degrees of freedom of the standard error',
  },
  count: {
    d: 'dimension of a simulation; null for theory, which is d to infinity',
    dimension: 'dimension of the space',
    classes: 'number of classes',
    mixture: 'number of the mixture, from 0',
    label: 'guided class, from 0',
    step: 'step of the sampler, from 0',
  },
  text: {
    source: 'theory, a simulation (full, reduced, two classes), or a mark of the figure',
    curve: 'curve of the figure',
    kind: 'kind of the row',
    set: 'front, standard schedules, or the chosen design',
    part: 'whole line, or the part that is enlarged',
    point: 'point of the schedule, or its transition',
    chart: 'chart of the figure',
    panel: 'panel of the figure',
    series: 'series of the panel',
    group: 'series that share a colour',
    sampler: 'ODE or SDE',
    observable: 'order parameter of the row',
    phase: 'speciated, unspeciated or condensed',
    schedule: 'guidance schedule',
    title: 'title of the schedule',
    mark: 'reason why there are no numbers',
    note: 'remark on the schedule',
    family: 'family of classifiers',
    claim: 'id of the claim',
    claimVerdict: 'verdict of the claim',
    check: 'check of the claim',
    test: 'kind of the test',
    verdict: 'passed, failed or inconclusive',
  },
};

const known = new Map<string, ColumnWords>(
  Object.entries(meanings).flatMap(([unit, columns]) =>
    Object.entries(columns).map(([name, meaning]) => [name, { unit: unit as ColumnUnit, meaning }] as const),
  ),
);

/** Columns that mean something else in one kind of table than in the others. */
export const ownColumnWords = {
  validity: {
    label: { unit: 'text', meaning: 'larger relative error of m and v, or condensed' },
    mError: { unit: '1', meaning: 'predicted relative error of the mean field in m' },
    vError: { unit: '1', meaning: 'predicted relative error of the mean field in v' },
    mUncertainty: { unit: '1', meaning: 'uncertainty of mError' },
    vUncertainty: { unit: '1', meaning: 'uncertainty of vError' },
  },
  split: { label: { unit: 'text', meaning: 'fate of the guided class' } },
  map: { v: { unit: '1', meaning: 'distance from the class centre before the step' } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ColumnWords>>>>;

/** Unit and meaning of a column, or null for one of somebody's own. */
export function columnWords(
  { words }: { readonly words?: Readonly<Record<string, ColumnWords>> },
  name: string,
): ColumnWords | null {
  const found = words?.[name] ?? known.get(name);
  if (found !== undefined) return found;
  const base = name.endsWith('Error') ? name.slice(0, -'Error'.length) : '';
  const of = words?.[base] ?? known.get(base);
  return of === undefined ? null : { unit: of.unit, meaning: `standard error of ${base}` };
}

/** All columns that are known by name, in alphabetical order. */
export const knownColumns = (): readonly (readonly [name: string, words: ColumnWords])[] =>
  [...known].sort(([one], [other]) => one.localeCompare(other));
