import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { potentialCommand } from '../../../src/cli/commands/potential.ts';
import { simulateCommand } from '../../../src/cli/commands/simulate.ts';
import { solveCommand } from '../../../src/cli/commands/solve.ts';
import { NamedOption } from '../../../src/cli/frame/input.ts';
import { buildProgram, commandsFor } from '../../../src/cli/program.ts';
import { particleRuns } from '../../../src/explorer/compute/particles.ts';
import { noPause } from '../../../src/explorer/compute/pause.ts';
import { potentialOf } from '../../../src/explorer/compute/potential.ts';
import type { ParticleUpdate } from '../../../src/explorer/compute/protocol.ts';
import { structuredOf } from '../../../src/explorer/compute/structured.ts';
import { trajectoryOf } from '../../../src/explorer/compute/trajectory.ts';
import { commandOf, densityPlaces, viewNames } from '../../../src/explorer/state/command.ts';
import { defaultState } from '../../../src/explorer/state/state.ts';
import { structuredLaws } from '../../../src/explorer/state/structuredLaws.ts';
import { runHere } from '../cli/inProcess.ts';
import { shellWords } from '../structure/pages.ts';
import { states } from './states.ts';

/** Arguments after the program's name, as a shell reads the line. */
function argumentsOf(line: string): string[] {
  const [npx, program, ...args] = shellWords(line);
  expect([npx, program]).toEqual(['npx', 'cfg-dmft']);
  return args;
}

async function documentOf(
  command: Parameters<typeof runHere>[0],
  line: string,
): Promise<Record<string, unknown>> {
  const [, ...args] = argumentsOf(line);
  return JSON.parse(await runHere(command, ...args, '--json')) as Record<string, unknown>;
}

/** Parses a line with the options of the program, without running it. @returns the options by name, with the defaults of the help */
async function parsed(line: string): Promise<Record<string, unknown>> {
  const args = argumentsOf(line);
  const program = buildProgram(await commandsFor(args), args);
  const ran: Record<string, unknown>[] = [];
  const silence = (command: Command) => {
    command.action(() => {
      const usual = command.options.map((one) => [
        one.attributeName(),
        one instanceof NamedOption ? one.usual : undefined,
      ]);
      ran.push({ ...(Object.fromEntries(usual) as Record<string, unknown>), ...command.opts() });
    });
    command.commands.forEach(silence);
  };
  program.commands.forEach(silence);
  await program.parseAsync(args, { from: 'user' });
  expect(ran).toHaveLength(1);
  return ran[0]!;
}

describe('the command line that repeats a view', () => {
  it.each(viewNames)('parses with the options of the program, for every state: %s', async (view) => {
    for (const state of states) {
      const options = await parsed(commandOf(state, view));
      if (view === 'fewClass') {
        expect(Number(options['w'])).toBe(state.few.w);
        continue;
      }
      if (view === 'structured') expect(Number(options['density'])).toBe(densityPlaces);
      else {
        expect(Number(options['sigma2'])).toBe(state.sigma2);
        expect(options['ensemble']).toBe(state.ensemble);
      }
      expect(options['sampler']).toBe(state.sampler);
      if (view !== 'diagram') {
        const hasLevels = view === 'structured' && state.law === 'levels';
        if (!hasLevels) expect(Number(options['alpha'])).toBe(state.alpha);
        expect(options['process']).toBe(state.process);
        const { schedule } = state;
        if (schedule.kind === 'constant') expect(Number(options['w'])).toBe(state.w);
        if (schedule.kind === 'formula' && schedule.clock !== 'progress') {
          expect([options['schedule'], options['clock']]).toEqual([schedule.text, schedule.clock]);
        }
      }
    }
  });

  it('reads as one would write it', () => {
    expect(commandOf(defaultState, 'trajectory')).toBe(
      'npx cfg-dmft solve --alpha 0.5 --w 1 --sigma2 0.25 --trajectory 160',
    );
    expect(commandOf({ ...defaultState, w: -0.5 }, 'diagram')).toBe(
      'npx cfg-dmft phase-diagram --alpha 0.01:2:80 --w=-0.8:8:45 --sigma2 0.25',
    );
    expect(commandOf({ ...defaultState, w: -0.5 }, 'trajectory')).toContain('--w=-0.5');
    expect(commandOf(defaultState, 'samples', 'reduced')).toMatch(/--mode reduced$/);
  });

  it('solve gives the numbers of the trajectory view, for every kind of schedule', async () => {
    const chosen = states.filter(
      ({ schedule }) => schedule.kind !== 'formula' || !schedule.text.includes('script'),
    );
    for (const state of chosen) {
      const document = await documentOf(solveCommand, commandOf(state, 'trajectory'));
      const { final, phase, speciationTime, vParallel, distortion, staticClosure, columns } =
        await trajectoryOf(state);
      const { m = null, q = null, v = null } = final ?? {};
      expect(document).toMatchObject({
        m,
        q,
        v,
        phase,
        speciationTime,
        vParallel,
        distortion,
        staticClosure,
      });
      const rows = document['trajectory'] as { readonly time: number; readonly m: number }[];
      expect(rows.map((row) => row.m)).toEqual(columns.m);
      expect(rows.map((row) => row.time)).toEqual(columns.processTime);
    }
  });

  it.each(structuredLaws.map(({ id }) => id))(
    'solve gives the numbers and the density of the card of structured classes, bit for bit: %s',
    async (law) => {
      for (const state of [
        { ...defaultState, law },
        { ...defaultState, law, alpha: 0.3, w: 2, sigma2: 0.1, sampler: 'sde', process: 'flow' } as const,
        { ...defaultState, law, schedule: { kind: 'named', name: 'cosine' } } as const,
      ]) {
        const document = await documentOf(solveCommand, commandOf(state, 'structured'));
        const { phase, m, v, parts, x, density, classDensity } = await structuredOf(state);
        expect(document).toMatchObject({ phase, m, v, coordinateDensity: { x, density, classDensity } });
        const rows = (document[law === 'levels' ? 'levels' : 'bands'] ?? []) as { readonly m: number }[];
        expect(rows.map((row) => row.m)).toEqual(parts.map((part) => part.m));
      }
    },
  );

  it('potential gives the row of the potential view', async () => {
    const state = { ...defaultState, process: 've', time: 0.46 } as const;
    const document = await documentOf(potentialCommand, commandOf(state, 'potential'));
    const shown = await potentialOf(state, [0.46], document['m'] as number[], noPause);
    expect(document).toMatchObject({
      potential: shown.potential,
      minima: shown.minima,
      kink: shown.kink,
    });
  });

  it.each(['full', 'reduced'] as const)('simulate gives the particles of the view: %s', async (mode) => {
    const state = { ...defaultState, dimension: 8, particles: 30, realizations: 3, seed: 5 };
    const line = `${commandOf(state, 'particles', mode)}${mode === 'full' ? ' --backend wasm --workers 1' : ''}`;
    const document = await documentOf(simulateCommand, line);
    const updates: ParticleUpdate[] = [];
    await particleRuns(state, (update) => updates.push(update), noPause, 'wasm');
    const last = updates.filter(({ source }) => source === mode).at(-1)!;
    const series = document['series'] as Record<'m' | 'v', { mean: number; standardError: number }>[];
    for (const key of ['m', 'v'] as const) {
      expect(series.map((row) => row[key].mean)).toEqual(last[key].map(({ mean }) => mean));
      expect(series.map((row) => row[key].standardError)).toEqual(last[key].map(({ error }) => error));
    }
  });
});
