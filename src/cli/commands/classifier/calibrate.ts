import { neutralTemperature } from '../../../closedForms/miscalibrated.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import type { GuidanceText } from '../../../guidance/written.ts';
import { solveMiscalibrated, type MiscalibratedSolution } from '../../../meanfield/calibration/solve.ts';
import { ParameterError, requireChoice, requireInteger, requirePositive } from '../../../numerics/checks.ts';
import { kernelNames, type KernelName } from '../../../particles/kernels/choose.ts';
import {
  classifierCalibrationFigure,
  type CalibrationPoint,
} from '../../../plots/classifiers/classifierCalibrationFigure.ts';
import { figureCsv, ratio } from '../../../plots/drawing/figure.ts';
import { figurePage } from '../../../plots/drawing/page.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import {
  addGuidanceOptions,
  addModelOptions,
  guidedProblem,
  integerOption,
  optionalNumber,
  problemRecord,
  readAlpha,
  readGuidance,
  readModel,
  type ModelOptions,
  type RawOptions,
} from '../../options.ts';
import { show, showWithError, table } from '../../output.ts';
import { parseRange } from '../../ranges.ts';
import { defaultWorkers, runSimulation } from '../../../threads/pool.ts';

const csvName = 'classifier-calibration.csv';
const pageName = 'classifier-calibration.html';
const defaults = {
  temperature: '0.5:2:13:log',
  bias: 0,
  d: 16,
  particles: 100,
  realizations: 16,
  steps: 60,
  seed: 1,
} as const;
const modes = ['full', 'reduced'] as const;
/** Points of the theory's line. */
const linePoints = 61;

interface SimulationRequest {
  readonly mode: (typeof modes)[number];
  readonly dimension: number;
  readonly particles: number;
  readonly realizations: number;
  readonly steps: number;
  readonly seed: number;
  readonly workers: number;
  readonly backend: KernelName;
}

interface Simulated {
  readonly m: number;
  readonly mError: number | null;
  readonly v: number;
  readonly vError: number | null;
}

/** `classifier calibrate`: distortion by a classifier of the wrong temperature or bias, many classes. */
export const calibrateCommand: CommandDefinition = {
  name: 'calibrate',
  summary: 'Many classes: distortion by a classifier of the wrong temperature, theory and simulation.',
  example:
    'cfg-dmft classifier calibrate --alpha 0.45 --w 1 --sigma2 0.25 --temperature 0.8,1,1.25\n  T 0.8: m 1.28623, v 0.155901; T 1: 1.2654, 0.169232; T 1.25: 1.22033, 0.201256',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addGuidanceOptions(
      addModelOptions(command.requiredOption('--alpha <A>', 'class rate log(K)/d, >= 0, or infinity')),
    )
      .option('--temperature <range>', 'temperatures T of the logits, > 0', defaults.temperature)
      .option(
        '--bias <beta>',
        `added to the logit of the guided class, per dimension (default: ${defaults.bias})`,
      )
      .option('--simulate <mode>', `also simulate: ${modes.join(' or ')}`)
      .option('--d <D>', `dimension of the simulation (default: ${defaults.d})`)
      .option('--particles <N>', `particles per realisation (default: ${defaults.particles})`)
      .option('--realizations <R>', `realisations of the classes (default: ${defaults.realizations})`)
      .option('--steps <S>', `time steps (default: ${defaults.steps})`)
      .option('--seed <I>', `seed of the simulation (default: ${defaults.seed})`)
      .option('--workers <P>', `threads (default: all ${defaultWorkers()})`)
      .option('--backend <name>', `engine of a full simulation: ${kernelNames.join(', ')} (default: auto)`),
  async run(raw, { given, progress }) {
    const alpha = readAlpha(raw);
    const guidance = readGuidance(raw);
    const model = readModel(raw, given('sampler'));
    const temperatures = readTemperatures(raw);
    const bias = optionalNumber(raw, 'bias', 'bias') ?? defaults.bias;
    const request = readRequest(raw, alpha);
    const problem = await guidedProblem(model, alpha, guidance);
    const solve = (temperature: number) => solveMiscalibrated(problem, { temperature, bias });
    const solutions = temperatures.map(solve);
    const simulated: (Simulated | null)[] = [];
    for (const [i, temperature] of temperatures.entries()) {
      if (request !== null) progress.stage(`${request.mode} simulation, T = ${show(temperature)}`);
      simulated.push(
        request === null
          ? null
          : await simulate(request, model, alpha, guidance, { temperature, bias }, (fraction) => {
              progress.update((i + fraction) / temperatures.length);
            }),
      );
    }
    const neutral =
      'w' in guidance &&
      guidance.w > -1 &&
      bias === 0 &&
      model.ensemble === 'gaussian' &&
      model.startTime === null
        ? neutralTemperature(guidance.w, model.sigma2, model.sampler)
        : null;
    const condensed = solutions.filter(({ phase }) => phase === 'condensed').length;
    const figure = classifierCalibrationFigure({
      theory: lineTemperatures(temperatures).map((temperature) => figurePoint(solve(temperature))),
      simulated: temperatures.flatMap((temperature, i) => {
        const run = simulated[i];
        if (run === null || run === undefined) return [];
        const { m, mError, v, vError } = run;
        const { sigma2 } = model;
        const varianceRatioError = ratio(vError, sigma2);
        return [{ temperature, m, mError, varianceRatio: v / sigma2, varianceRatioError }];
      }),
      source: request?.mode ?? 'full',
      sampler: model.sampler.eta === 0 ? 'ode' : 'sde',
      label:
        `${samplerLabel(model.sampler).toUpperCase()}, α = ${show(alpha)}, ${'w' in guidance ? `w = ${show(guidance.w)}` : 'scheduled w'}, σ² = ${show(model.sigma2)}` +
        (bias === 0 ? '' : `, bias ${show(bias)}`) +
        (request === null ? '' : `, d = ${request.dimension}`),
    });
    return {
      document: {
        rows: solutions.map((solution, i) => rowOf(solution, simulated[i] ?? null)),
        neutralTemperature: neutral,
      },
      text: calibrationText(solutions, simulated, neutral),
      notes:
        condensed === 0
          ? []
          : [
              `at ${condensed} of ${solutions.length} temperatures the competing classes condense, in the mixture or in the classifier: the mean-field equations do not close there (staticClosure is no solution)`,
            ],
      record: {
        problem: { ...problemRecord(model, alpha, guidance), temperature: temperatures, bias },
        options: { simulate: request },
        seed: request?.seed ?? null,
      },
      figures: () => [figure],
      files: (record) => ({
        [csvName]: figureCsv(figure.table),
        [pageName]: figurePage(figure, record, plotlySource(), record.command),
      }),
    };
  },
};

function readTemperatures(raw: RawOptions): number[] {
  const text = raw['temperature'];
  const temperatures = parseRange('temperature', typeof text === 'string' ? text : defaults.temperature);
  for (const temperature of temperatures) requirePositive('temperature', temperature);
  return temperatures;
}

function readRequest(raw: RawOptions, alpha: number): SimulationRequest | null {
  const mode = raw['simulate'];
  if (mode === undefined) {
    for (const key of ['d', 'particles', 'realizations', 'steps', 'seed', 'workers', 'backend']) {
      if (raw[key] !== undefined) throw new ParameterError(key, 'given with --simulate', raw[key]);
    }
    return null;
  }
  requireChoice('simulate', String(mode) as (typeof modes)[number], modes);
  if (alpha === Infinity) throw new ParameterError('alpha', 'finite with --simulate', 'infinity');
  const backend = String(raw['backend'] ?? 'auto') as KernelName;
  requireChoice('backend', backend, kernelNames);
  const dimension = integerOption(raw, 'd', 'd', defaults.d);
  requireInteger('d', dimension, 2);
  return {
    mode: mode as (typeof modes)[number],
    dimension,
    particles: integerOption(raw, 'particles', 'particles', defaults.particles),
    realizations: integerOption(raw, 'realizations', 'realizations', defaults.realizations),
    steps: integerOption(raw, 'steps', 'steps', defaults.steps),
    seed: integerOption(raw, 'seed', 'seed', defaults.seed),
    workers: integerOption(raw, 'workers', 'workers', defaultWorkers()),
    backend,
  };
}

async function simulate(
  { mode, dimension, particles, realizations, steps, seed, workers, backend }: SimulationRequest,
  { sampler, ...model }: ModelOptions,
  alpha: number,
  guidance: GuidanceText,
  classifier: { readonly temperature: number; readonly bias: number },
  onProgress: (fraction: number) => void,
): Promise<Simulated> {
  const spec = {
    mode,
    dimension,
    classes: null,
    logClasses: alpha * dimension,
    ...model,
    eta: sampler.eta,
    guidance,
    guidedClass: 'typical',
    classifier,
  } as const;
  const options = { particles, realizations, steps, seed };
  const { result } = await runSimulation(spec, options, { workers, onProgress, backend });
  const { m, v } = result;
  return { m: m.mean, mError: m.standardError, v: v.mean, vError: v.standardError };
}

function rowOf(solution: MiscalibratedSolution, simulated: Simulated | null): Record<string, unknown> {
  const { classifier, final, problem, crossings, staticClosure } = solution;
  return {
    family: 'temperature',
    parameter: classifier.temperature - 1,
    temperature: classifier.temperature,
    bias: classifier.bias,
    m: final?.m ?? null,
    v: final?.v ?? null,
    varianceRatio: ratio(final?.v, problem.sigma2),
    phase: solution.phase,
    speciationTime: solution.speciationTime,
    classifierSpeciationTime: solution.classifierSpeciationTime,
    slidingSpan: solution.slidingSpan,
    minComplexity: solution.minComplexity,
    crossings: crossings.map(({ time, decision, kind, m, q }) => ({ time, decision, kind, m, q })),
    staticClosure,
    simulated,
  };
}

function figurePoint({ classifier, final, staticClosure, problem }: MiscalibratedSolution): CalibrationPoint {
  return {
    temperature: classifier.temperature,
    m: final?.m ?? null,
    varianceRatio: ratio(final?.v, problem.sigma2),
    staticM: staticClosure?.m ?? null,
    staticVarianceRatio: ratio(staticClosure?.v, problem.sigma2),
  };
}

/** Temperatures of the theory's line: even in the logarithm, and the requested ones. */
function lineTemperatures(temperatures: readonly number[]): number[] {
  const lo = Math.min(...temperatures);
  const hi = Math.max(...temperatures);
  const even = Array.from({ length: linePoints }, (_, i) => lo * (hi / lo) ** (i / (linePoints - 1)));
  return [...new Set([...even, ...temperatures])].sort((p, q) => p - q);
}

function calibrationText(
  solutions: readonly MiscalibratedSolution[],
  simulated: readonly (Simulated | null)[],
  neutral: number | null,
): string {
  const isSimulated = simulated.some((run) => run !== null);
  const rows = solutions.map((solution, i) => {
    const { classifier, final, phase, problem } = solution;
    const run = simulated[i] ?? null;
    return [
      show(classifier.temperature),
      phase,
      show(final?.m),
      show(final?.v),
      show(ratio(final?.v, problem.sigma2)),
      show(solution.speciationTime),
      show(solution.classifierSpeciationTime),
      ...(!isSimulated
        ? []
        : [
            run === null ? '-' : showWithError(run.m, run.mError),
            run === null ? '-' : showWithError(run.v, run.vError),
          ]),
    ];
  });
  const head = ['T', 'phase', 'm', 'v', 'v/sigma2', 'mixture decides', 'classifier decides'];
  const text = table([[...head, ...(isSimulated ? ['simulated m', 'simulated v'] : [])], ...rows]);
  if (neutral === null) return text;
  return `${text}\n\nwith infinitely many classes v = sigma2 at T = ${show(neutral)}`;
}
