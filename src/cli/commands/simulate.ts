import { Option } from 'commander';
import { ParameterError, requireChoice, requireInteger } from '../../numerics/checks.ts';
import { guidedClassChoices } from '../../mixture/centres.ts';
import { particleDefaults, stepMethods, type ParticleOptions } from '../../particles/problem.ts';
import type { CommandDefinition } from '../command.ts';
import {
  addGuidanceOptions,
  addModelOptions,
  integerOption,
  problemRecord,
  readAlpha,
  readGuidance,
  readModel,
  requiredText,
  type RawOptions,
} from '../options.ts';
import { parseNumber } from '../ranges.ts';
import { showWithError, table } from '../output.ts';
import { defaultWorkers, runSimulation } from '../workers/pool.ts';
import type { SimulationSpec } from '../workers/spec.ts';

const modes = ['full', 'reduced'] as const;

/** `simulate`: particles with explicit classes, or the annealed reduction. */
export const simulateCommand: CommandDefinition = {
  name: 'simulate',
  summary: 'Particle simulation of guided sampling with the exact score, or its annealed reduction.',
  example:
    'cfg-dmft simulate --d 12 --alpha 0.5 --w 1 --sigma2 0.25 --particles 200 --realizations 8 --seed 1',
  fileNames: [],
  configure: (command) =>
    addGuidanceOptions(
      addModelOptions(
        command
          .requiredOption('--d <D>', 'dimension, an integer >= 2')
          .option('--alpha <A>', 'class rate: K = exp(alpha d)')
          .option('--classes <K>', 'number of classes, in place of --alpha'),
      ),
    )
      .addOption(
        new Option('--mode <mode>', 'explicit classes, or the others averaged')
          .choices(modes)
          .default('full'),
      )
      .option('--particles <N>', `particles per realisation (default: ${particleDefaults.particles})`)
      .option('--realizations <R>', `realisations of the classes (default: ${particleDefaults.realizations})`)
      .option('--steps <S>', `time steps (default: ${particleDefaults.steps})`)
      .addOption(
        new Option('--method <name>', 'exponential Heun (second order) or Euler (first order) steps')
          .choices(stepMethods)
          .default(particleDefaults.method),
      )
      .option('--seed <I>', `seed of the random numbers (default: ${particleDefaults.seed})`)
      .addOption(
        new Option('--guided-class <kind>', 'typical (|mu_c|^2 = d) or random')
          .choices(guidedClassChoices)
          .default('typical'),
      )
      .option('--workers <P>', `threads (default: all ${defaultWorkers()})`),
  async run(raw, { progress, given }) {
    const guidance = readGuidance(raw);
    const { sampler, ...model } = readModel(raw, given('sampler'));
    const mode = requiredText(raw, 'mode', 'mode');
    requireChoice('mode', mode, modes);
    const guidedClass = requiredText(raw, 'guidedClass', 'guided-class');
    requireChoice('guided-class', guidedClass, guidedClassChoices);
    const dimension = parseNumber('d', requiredText(raw, 'd', 'd'));
    requireInteger('d', dimension, 2);
    const spec: SimulationSpec = {
      mode,
      dimension,
      ...readClasses(raw, dimension),
      ...model,
      eta: sampler.eta,
      guidance,
      guidedClass,
    };
    const workers = integerOption(raw, 'workers', 'workers', defaultWorkers());
    progress.stage(`${mode} simulation`);
    const { result, options, seconds } = await runSimulation(
      spec,
      readParticleOptions(raw),
      workers,
      (fraction) => {
        progress.update(fraction);
      },
    );
    const { m, q, v, vParallel, speciatedFraction, guidedWeight, classes } = result;
    const pairsPerSecond = mode === 'full' ? result.pairs / seconds : null;
    const alpha = spec.classes === null ? spec.logClasses! / dimension : Math.log(spec.classes) / dimension;
    const row = (name: string, { mean, standardError }: { mean: number; standardError: number | null }) => [
      name,
      showWithError(mean, standardError),
    ];
    return {
      document: {
        classes,
        logClasses: alpha * dimension,
        alpha,
        m,
        q,
        v,
        vParallel,
        speciatedFraction,
        guidedWeight,
        pairsPerSecond,
        pairsEvaluated: 1,
        seconds,
      },
      text: table([
        ['quantity', 'mean +- standard error'],
        row('m', m),
        row('q', q),
        row('v', v),
        row('vParallel', vParallel),
        row('speciated fraction', speciatedFraction),
        ['classes', classes === null ? `exp(${(alpha * dimension).toPrecision(6)})` : String(classes)],
        ['seconds', seconds.toFixed(2)],
        ...(pairsPerSecond === null
          ? []
          : [['pairs per second', `${(pairsPerSecond / 1e6).toFixed(1)} million`]]),
      ]),
      notes: options.realizations === 1 ? ['one realisation gives no standard error'] : [],
      record: {
        problem: {
          dimension,
          classes: spec.classes,
          ...problemRecord({ ...model, sampler }, spec.classes === null ? alpha : null, guidance),
          guidedClass,
        },
        options: { mode, ...options, workers },
        seed: options.seed,
      },
    };
  },
};

/** Number of classes from --alpha or --classes: exactly one. */
function readClasses(raw: RawOptions, dimension: number): Pick<SimulationSpec, 'classes' | 'logClasses'> {
  if ((raw['alpha'] === undefined) === (raw['classes'] === undefined)) {
    throw raw['alpha'] === undefined
      ? new ParameterError('alpha', 'given (or classes)', undefined)
      : new ParameterError('classes', 'given without --alpha', raw['classes']);
  }
  if (raw['classes'] !== undefined) {
    const classes = parseNumber('classes', requiredText(raw, 'classes', 'classes'));
    requireInteger('classes', classes, 1);
    return { classes, logClasses: null };
  }
  const alpha = readAlpha(raw);
  if (alpha === Infinity) throw new ParameterError('alpha', 'finite in a simulation', 'infinity');
  return { classes: null, logClasses: alpha * dimension };
}

/** Numerics of a particle simulation. */
export function readParticleOptions(raw: RawOptions): Partial<ParticleOptions> {
  const method = raw['method'];
  return {
    particles: integerOption(raw, 'particles', 'particles', particleDefaults.particles),
    realizations: integerOption(raw, 'realizations', 'realizations', particleDefaults.realizations),
    steps: integerOption(raw, 'steps', 'steps', particleDefaults.steps),
    seed: integerOption(raw, 'seed', 'seed', particleDefaults.seed),
    ...(method === 'heun' || method === 'euler' ? { method } : {}),
  };
}
