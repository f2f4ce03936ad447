import { processes } from '../../process/process.ts';
import { angleAtClock, clockAtAngle, dataClock, noiseToSignalAtClock } from '../../process/variances.ts';
import { fewClassMixture } from './fewClassMixtures.ts';
import { structuredLaw } from './structuredLaws.ts';
import { guidanceTextOf } from './guidance.ts';
import { limits, type ExplorerState } from './state.ts';

/** Views whose numbers a command line repeats. */
export const viewNames = [
  'trajectory',
  'potential',
  'diagram',
  'particles',
  'samples',
  'fewClass',
  'structured',
] as const;

/** One of {@link viewNames}. */
export type ViewName = (typeof viewNames)[number];

/** Rows of the trajectory view. */
export const trajectoryRows = 160;

/** Places of the density of a coordinate. */
export const densityPlaces = 201;

/** Points of the diagram's passes along alpha and w, coarse to fine; w = 0, where the phases change, is a row of each. */
export const diagramPasses = [
  [16, 12],
  [40, 23],
  [80, 45],
] as const;

/** Particles and realisations of the samples view: with at most 64 particles each one is known by itself. */
export const samplePlan = { particles: 60, realizations: 10 } as const;

const recordedCount = 12;

/**
 * Process times at which the particles are recorded, descending, the last one 0: even in the angle in which the flow is smooth, and
 * rounded, so that a command line can repeat them.
 */
export function recordedTimes(state: Pick<ExplorerState, 'sigma2' | 'process'>): number[] {
  const { sigma2 } = state;
  const process = processes[state.process];
  const end = angleAtClock(dataClock(sigma2));
  const times = Array.from({ length: recordedCount }, (_, i) => {
    if (i === recordedCount - 1) return 0;
    const clock = clockAtAngle((end * (i + 1)) / recordedCount);
    return Number(process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2)).toPrecision(3));
  });
  return [...new Set(times)];
}

/** A time of the process at an OU time. */
export function processTimeOf(state: Pick<ExplorerState, 'process'>, ouTime: number): number {
  return processes[state.process].timeAtNoiseToSignal(Math.expm1(2 * ouTime));
}

/** The OU time at a time of the process. */
export function ouTimeOf(state: Pick<ExplorerState, 'process'>, time: number): number {
  return processes.ou.timeAtNoiseToSignal(processes[state.process].noiseToSignal(time));
}

/**
 * The command line that computes what a view shows. `particles`: of the full simulation.
 * @throws ParameterError for a schedule that cannot be written, as guidanceTextOf
 */
export function commandOf(state: ExplorerState, view: ViewName, mode: 'full' | 'reduced' = 'full'): string {
  switch (view) {
    case 'trajectory':
      return line('solve', [
        ...rate(state),
        ...guidance(state),
        ...model(state),
        ['trajectory', trajectoryRows],
      ]);
    case 'potential':
      return line('potential', [
        ...rate(state),
        ...guidance(state),
        ...model(state),
        ...(state.time === null ? [] : [['times', processTimeOf(state, state.time)] as const]),
      ]);
    case 'diagram': {
      const [alphas, ws] = diagramPasses.at(-1)!;
      // Of constant guidance from infinite noise: the process does not matter.
      return line('phase-diagram', [
        ['alpha', `${limits.alpha.join(':')}:${alphas}`],
        ['w', `${limits.w.join(':')}:${ws}`],
        ...model({ ...state, process: 'ou' }),
      ]);
    }
    case 'particles':
    case 'samples': {
      const { particles, realizations } = view === 'samples' ? samplePlan : state;
      return line('simulate', [
        ['d', state.dimension],
        ...rate(state),
        ...guidance(state),
        ...model(state),
        ['particles', particles],
        ['realizations', realizations],
        ['seed', state.seed],
        ...(view === 'samples' ? [] : [['times', recordedTimes(state).join(',')] as const]),
        ...(mode === 'reduced' ? [['mode', mode] as const] : []),
      ]);
    }
    case 'structured': {
      const { sampler, process } = state;
      const options = structuredLaw(state.law)?.options(state) ?? [];
      const isHierarchy = options.some(([name]) => name === 'levels');
      return line('solve', [
        ...(isHierarchy ? [] : rate(state)),
        ...guidance(state),
        ...options,
        ...runOf({ sampler, process }),
        ['density', densityPlaces],
      ]);
    }
    case 'fewClass':
      return fewClassLine(state);
  }
}

type Option = readonly [name: string, value: string | number];

function rate({ alpha }: ExplorerState): Option[] {
  return [['alpha', alpha]];
}

function guidance(state: ExplorerState): Option[] {
  const text = guidanceTextOf(state);
  if ('w' in text) return [['w', text.w]];
  return [['schedule', text.schedule], ...(text.clock === 't' ? [] : [['clock', text.clock] as const])];
}

function model({ sigma2, ensemble, sampler, process }: ExplorerState): Option[] {
  return [
    ['sigma2', sigma2],
    ...(ensemble === 'gaussian' ? [] : [['ensemble', ensemble] as const]),
    ...runOf({ sampler, process }),
  ];
}

function runOf({ sampler, process }: Pick<ExplorerState, 'sampler' | 'process'>): Option[] {
  return [
    ...(sampler === 'ode' ? [] : [['sampler', sampler] as const]),
    ...(process === 'ou' ? [] : [['process', process] as const]),
  ];
}

function fewClassLine({ few }: ExplorerState): string {
  const mixture = fewClassMixture(few.preset);
  if (mixture === undefined) return '';
  const { figure, centres, guidedClass, stepSize } = mixture;
  return line('few-class density', [
    ...(figure === null
      ? [
          ['centres', centres.map((centre) => centre.join(',')).join(';')] as const,
          ['class', guidedClass] as const,
        ]
      : [['figure', figure] as const]),
    ['w', few.w],
    ...(stepSize === null ? [] : [['step', stepSize] as const]),
  ]);
}

function line(command: string, options: readonly Option[]): string {
  return `npx cfg-dmft ${command} ${options.map(written).join(' ')}`;
}

/** Values that begin with a sign are tied to their option, so that they are not read as one. */
function written([name, value]: Option): string {
  const text = quoted(String(value));
  return text.startsWith('-') ? `--${name}=${text}` : `--${name} ${text}`;
}

/** A word quoted for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.,:+/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
