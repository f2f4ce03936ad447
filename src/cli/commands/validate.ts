import type { Claim, Effort } from '../../claims/protocol/claim.ts';
import { ParameterError, requireChoice, requireInteger } from '../../numerics/checks.ts';
import { kernelNames } from '../../particles/kernels/choose.ts';
import { claimFigure } from '../../plots/claimFigure.ts';
import { claimsPage } from '../../plots/claimsPage.ts';
import { figureCsv } from '../../plots/figure.ts';
import {
  checkTable,
  claimDocument,
  claimList,
  claimsText,
  claimWords,
  verdictCounts,
  withVerdict,
} from '../claimOutput.ts';
import type { CommandDefinition, CommandResult } from '../command.ts';
import { plotlySource } from '../environment.ts';
import { saveOnInterrupt } from '../interrupts.ts';
import { integerOption, namesOption, requiredText, type RawOptions } from '../options.ts';
import { showDuration } from '../progress.ts';
import type { SimulationFile } from '../../threads/simulationFile.ts';
import { readCheckpointPath } from '../simulationOptions.ts';
import { defaultWorkers } from '../../threads/pool.ts';
import { measureClaims, type QueueRun } from '../../threads/simulationQueue.ts';

const pageName = 'validate.html';
const tableName = 'validate.csv';

/**
 * `validate`: states claims, measures each, and judges them.
 * @param claims all registered claims
 * @param worker module of the threads, if it is not the one that serves the registered claims
 */
export function validateCommand(claims: readonly Claim[], worker?: URL): CommandDefinition {
  return {
    name: 'validate',
    summary:
      'Claims about guided diffusion, each measured by theory and simulation and judged by a stated test.',
    example: 'cfg-dmft validate --quick --out validation',
    fileNames: [pageName, tableName],
    configure: (command) =>
      command
        .option('--quick', 'under a minute; claims that need more effort are reported inconclusive')
        .option('--thorough', 'hours; use --checkpoint (without either: under ten minutes on two cores)')
        .option('--only <ids>', 'these claims, a comma list')
        .option('--list', 'say what is claimed, and by whom, and measure nothing')
        .option('--seed <I>', 'seed of the random numbers (default: 1)')
        .option('--workers <P>', `threads (default: all ${defaultWorkers()})`)
        .option('--backend <name>', `engine for the sums over classes: ${kernelNames.join(', ')}`, 'auto')
        .option('--checkpoint <file>', 'keeps finished simulations in a file, and uses those that are there'),
    run: async (raw, context) => {
      const effort = readEffort(raw);
      const chosen = readOnly(raw, claims);
      const seed = integerOption(raw, 'seed', 'seed', 1);
      requireInteger('seed', seed, 0);
      if (raw['list'] === true) return listed(chosen, raw);
      const backend = requiredText(raw, 'backend', 'backend');
      requireChoice('backend', backend, kernelNames);
      const workers = integerOption(raw, 'workers', 'workers', defaultWorkers());
      const checkpoint = readCheckpointPath(raw);
      const { progress } = context;
      progress.stage('measuring');
      const began = performance.now();
      const kept: { opened: SimulationFile | null } = { opened: null };
      const onCheckpoint = (opened: SimulationFile) => {
        kept.opened = opened;
      };
      // Listened for before there is a file that could be lost.
      const forgetInterrupts =
        checkpoint === null
          ? () => undefined
          : saveOnInterrupt(context, () => kept.opened?.isSaved() ?? true);
      let run: QueueRun;
      try {
        run = await measureClaims(chosen, effort, seed, {
          workers,
          backend,
          ...(checkpoint === null ? {} : { checkpoint, onCheckpoint }),
          ...(worker === undefined ? {} : { worker }),
          onProgress: (fraction) => {
            progress.update(fraction);
          },
          onNote: progress.note.bind(progress),
        });
      } finally {
        forgetInterrupts();
      }
      return resultOf(run, effort, seed, (performance.now() - began) / 1000);
    },
  };
}

/** Measured claims as table, document and files. */
function resultOf(run: QueueRun, effort: Effort, seed: number, seconds: number): CommandResult {
  const { claims, simulations, engine, resumed } = run;
  const failed = withVerdict(claims, 'failed');
  const inconclusive = withVerdict(claims, 'inconclusive');
  return {
    document: {
      claims: claims.map(claimDocument),
      ...verdictCounts(claims),
      simulations: simulations.map(({ request, seed: own, claims: users }) => ({
        ...request,
        seed: own,
        claims: users,
      })),
      resumed,
      seconds,
    },
    text: claimsText(claims, effort, seed),
    record: {
      problem: { claims: claims.map(({ claim }) => claim.id) },
      options: { effort, backend: engine },
      seed,
    },
    notes: [
      ...(simulations.some(({ request }) => request.spec.mode === 'full') ? run.notes : []),
      `${simulations.length} ${simulations.length === 1 ? 'simulation' : 'simulations'}${resumed === 0 ? '' : ` (${resumed} from the checkpoint)`}, ${showDuration(seconds)}`,
      ...(inconclusive.length === 0 ? [] : [`inconclusive: ${inconclusive.join(', ')}`]),
    ],
    figures: () =>
      claims.flatMap(({ claim, panels }) => (panels.length === 0 ? [] : [claimFigure(claim, panels)])),
    files: (record) => ({
      [pageName]: claimsPage({
        results: claims,
        effort,
        seed,
        record,
        command: record.command,
        plotlySource: plotlySource(),
      }),
      [tableName]: figureCsv(checkTable(claims)),
    }),
    ...(failed.length === 0
      ? {}
      : { failure: `${failed.length} of ${claims.length} claims failed: ${failed.join(', ')}` }),
  };
}

function listed(claims: readonly Claim[], raw: RawOptions): CommandResult {
  if (raw['out'] !== undefined) throw new ParameterError('out', 'given without --list', raw['out']);
  return {
    document: { claims: claims.map(claimWords) },
    text: claimList(claims),
    record: { problem: { claims: claims.map(({ id }) => id) }, options: { list: true }, seed: null },
  };
}

function readEffort(raw: RawOptions): Effort {
  if (raw['quick'] === true && raw['thorough'] === true) {
    throw new ParameterError('thorough', 'given without --quick', true);
  }
  return raw['quick'] === true ? 'quick' : raw['thorough'] === true ? 'thorough' : 'default';
}

/** The claims of --only, in the order in which they are told; all without it. */
function readOnly(raw: RawOptions, claims: readonly Claim[]): readonly Claim[] {
  const ids = claims.map(({ id }) => id);
  const wanted = namesOption(raw, 'only', ids) ?? ids;
  return claims.filter(({ id }) => wanted.includes(id));
}
