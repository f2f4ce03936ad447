import { isStructured, type Claim, type Effort } from '../../claims/protocol/claim.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { claimFigure } from '../../figures/claims/claimFigure.ts';
import { claimsPage } from '../../figures/claims/claimsPage.ts';
import {
  checkTable,
  claimDocument,
  claimList,
  claimsText,
  claimWords,
  verdictCounts,
  withVerdict,
} from './claimOutput.ts';
import {
  command,
  type CommandContext,
  type CommandDefinition,
  type CommandResult,
} from '../frame/command.ts';
import { plotlySource } from '../../images/plotly.ts';
import { saveOnInterrupt } from '../frame/interrupts.ts';
import { flag } from '../frame/input.ts';
import { parseChoices, text } from '../frame/options.ts';
import { seedOption, workersOption } from '../frame/beside.ts';
import { backendOption, checkpointOption } from '../frame/simulation.ts';
import { showDuration } from '../terminal/progress.ts';
import type { SimulationFile } from '../../threads/simulationFile.ts';
import type { QueueRun } from '../../threads/simulationQueue.ts';

const pageName = 'validate.html';

/**
 * `validate`: states claims, measures each, and judges them.
 * @param load gives all registered claims
 * @param worker module of the threads, if it is not the one that serves the registered claims
 */
export function validateCommand(load: () => Promise<readonly Claim[]>, worker?: URL): CommandDefinition {
  return command({
    name: 'validate',
    summary:
      'Claims about guided diffusion, each measured by theory and simulation and judged by a stated test.',
    example: 'cfg-dmft validate --quick --out validation',
    files: ['.html', '.csv'],
    figureIds: async () => (await load()).map(({ id }) => id),
    options: {
      quick: flag('under a minute; claims that need more effort are reported inconclusive'),
      thorough: flag('hours; use --checkpoint (without either: under ten minutes on two cores)', {
        without: ['quick'],
      }),
      only: text('these claims, a comma list', {
        as: 'ids',
        kind: 'texts',
        values: async () => (await load()).map(({ id }) => id),
      }),
      list: flag('say what is claimed, and by whom, and measure nothing'),
      seed: seedOption,
      workers: workersOption,
      backend: backendOption,
      checkpoint: checkpointOption,
    },
    run: async ({ quick, thorough, only, list, seed, workers, backend, checkpoint }, context) => {
      const effort: Effort = quick ? 'quick' : thorough ? 'thorough' : 'default';
      const claims = await load();
      const ids = claims.map(({ id }) => id);
      const wanted = only === null ? ids : parseChoices('only', only, ids);
      const chosen = claims.filter(({ id }) => wanted.includes(id));
      if (list) return listed(chosen, context);
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
      // With all claims, which the help does without.
      const { measureClaims } = await import('../../threads/simulationQueue.ts');
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
  });
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
      ...(simulations.some(
        ({ request }) => (isStructured(request) ? request.structured : request.spec).mode === 'full',
      )
        ? run.notes
        : []),
      `${simulations.length} ${simulations.length === 1 ? 'simulation' : 'simulations'}${resumed === 0 ? '' : ` (${resumed} from the checkpoint)`}, ${showDuration(seconds)}`,
      ...(inconclusive.length === 0 ? [] : [`inconclusive: ${inconclusive.join(', ')}`]),
    ],
    figures: () =>
      claims.flatMap(({ claim, panels }) => (panels.length === 0 ? [] : [claimFigure(claim, panels)])),
    files: (record, styled) => ({
      [pageName]: claimsPage({
        results: claims,
        effort,
        seed,
        record,
        command: record.command,
        plotlySource: plotlySource(),
        styled,
      }),
    }),
    csv: checkTable(claims),
    ...(failed.length === 0
      ? {}
      : { failure: `${failed.length} of ${claims.length} claims failed: ${failed.join(', ')}` }),
  };
}

function listed(claims: readonly Claim[], { folder }: CommandContext): CommandResult {
  if (folder !== null) throw new ParameterError('out', 'given without --list', folder.directory);
  return {
    document: { claims: claims.map(claimWords) },
    text: claimList(claims),
    record: { problem: { claims: claims.map(({ id }) => id) }, options: { list: true }, seed: null },
  };
}
