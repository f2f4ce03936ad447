import { describe, expect, it } from 'vitest';
import { allCommands, commandsFor } from '../../../../src/cli/program.ts';
import type { BatchRun } from '../../../../src/cli/service/batch.ts';
import { functionNames } from '../../../../src/cli/service/functions.ts';
import { errorOf, performer, type Stage } from '../../../../src/cli/service/perform.ts';
import { readMessage, type ServiceError } from '../../../../src/cli/service/protocol.ts';
import { entryPoints } from '../../structure/entryPoints.ts';
import { jsonHere } from '../inProcess.ts';

const perform = performer({ all: allCommands, named: commandsFor });

function ask(
  method: string,
  params: unknown,
  more: object = {},
  tell: (stage: Stage) => void = () => undefined,
) {
  const message = readMessage(JSON.stringify({ id: 1, method, params, ...more }));
  if (message.kind !== 'request') throw new Error('no request');
  return perform(message.request, { tell, opened: () => undefined });
}

const refusal = async (method: string, params: unknown, more: object = {}): Promise<ServiceError> => {
  try {
    await ask(method, params, more);
  } catch (error) {
    return errorOf(error);
  }
  throw new Error('it was not refused');
};

/** A document without what differs from run to run: how it was asked for, and how long it took. */
function timeless(document: unknown): unknown {
  return JSON.parse(
    JSON.stringify(document, (key, value: unknown) =>
      ['command', 'seconds', 'pairsPerSecond', 'threadSeconds'].includes(key) ? undefined : value,
    ),
  );
}

const model = { alpha: 0.5, w: 1, sigma2: 0.25 };

describe('a command', () => {
  it.each([
    [
      'solve',
      { ...model, tMax: 3, trajectory: 4 },
      '--alpha 0.5 --w 1 --sigma2 0.25 --t-max 3 --trajectory 4',
    ],
    [
      'solve',
      { ...model, alpha: 'infinity', w: -0.2, 't-max': null },
      '--alpha infinity --w=-0.2 --sigma2 0.25',
    ],
    ['transition', { w: [0.5, 1, 2], sigma2: 0.25 }, '--w 0.5,1,2 --sigma2 0.25'],
    [
      'phase-diagram',
      { alpha: [0.1, 0.5], w: '0:1:2', sigma2: 0.25 },
      '--alpha 0.1,0.5 --w 0:1:2 --sigma2 0.25',
    ],
    [
      'few-class entropy',
      {
        centres: [
          [1, 0],
          [-1, 0.5],
        ],
        w: [1],
        weights: [0.4, 0.6],
        class: 1,
      },
      '--centres 1,0;-1,0.5 --w 1 --weights 0.4,0.6 --class 1',
    ],
    [
      'simulate',
      { ...model, d: 6, particles: 4, realizations: 2, steps: 10, workers: 1 },
      '--alpha 0.5 --w 1 --sigma2 0.25 --d 6 --particles 4 --realizations 2 --steps 10 --workers 1',
    ],
    ['schedule show', { name: 'linear' }, 'linear'],
    [
      'schedule evaluate',
      { alpha: 0.5, sigma2: 0.25, name: 'early-only', w: 1, set: { fraction: 0.2 } },
      '--alpha 0.5 --sigma2 0.25 --name early-only --w 1 --set fraction=0.2',
    ],
  ])('%s gives the document of the command line for %j', async (method, params, line) => {
    const { result } = await ask(method, params);
    expect(timeless(result)).toEqual(timeless(await jsonHere(...method.split(' '), ...line.split(' '))));
  });

  it('keeps the command line that repeats it', async () => {
    const { result } = await ask('solve', { ...model, w: -0.2, schedule: null });
    expect((result as { record: { command: string } }).record.command).toBe(
      'cfg-dmft solve --alpha 0.5 --sigma2 0.25 --w=-0.2',
    );
  });

  it('gives its table and its notes', async () => {
    const { table, notes } = await ask(
      'transition',
      { w: [0.5, 1], sigma2: 0.25 },
      { table: true, arrays: 'lists' },
    );
    expect((table as { columns: { w: number[] } }).columns.w).toEqual([0.5, 1]);
    expect(notes).toEqual([]);
    const { notes: advice } = await ask('solve', { classes: 100, d: 1e5, w: 1, sigma2: 0.25 });
    expect(advice[0]).toContain('is very small');
  });

  it('tells its progress', async () => {
    const stages: Stage[] = [];
    await ask(
      'simulate',
      { ...model, d: 6, particles: 4, realizations: 2, steps: 10, workers: 1 },
      {},
      (stage) => {
        stages.push(stage);
      },
    );
    expect(stages.length).toBeGreaterThan(0);
    expect(stages.every(({ fraction }) => fraction >= 0 && fraction <= 1)).toBe(true);
  });

  it.each([
    ['sovle', {}, 'method', 'did you mean solve?'],
    ['schedule', {}, 'method', null],
    ['explore', {}, 'method', 'it is for a terminal'],
    ['solve', { sgma2: 1 }, 'sgma2', 'did you mean sigma2?'],
    ['solve', { ...model, json: true }, 'json', null],
    ['solve', { ...model, __proto__x: 1 }, '__proto__x', null],
    ['solve', { ...model, sigma2: -1 }, 'sigma2', null],
    ['solve', { ...model, tMax: -1 }, 'tMax', null],
    ['solve', { ...model, tolerance: 0 }, 'tolerance', null],
    ['solve', { ...model, tMax: 1, 't-max': 2 }, 'tMax', null],
    ['solve', { ...model, force: 1 }, 'force', null],
    ['solve', { ...model, w: true }, 'w', null],
    ['solve', { ...model, w: [1, 2] }, 'w', null],
    ['solve', [1], 'params', null],
    ['schedule show', {}, 'name', null],
    ['few-class entropy', { centres: [[1], 2], w: [1] }, 'centres', null],
    ['few-class entropy', { centres: [[[1]], [2]], w: [1] }, 'centres', null],
  ])('%s of %j is refused in the name of the option', async (method, params, parameter, remedy) => {
    const error = await refusal(method, params);
    expect(error.parameter).toBe(parameter);
    expect(error.message.startsWith(`${parameter} must be `)).toBe(true);
    expect(['parameter', 'request']).toContain(error.kind);
    expect(error.condition).toBeTypeOf('string');
    if (remedy !== null) expect(error.remedy).toBe(remedy);
  });

  it('that cannot be completed says what to try', async () => {
    const error = await refusal('solve', { alpha: 0.5, w: 1, sigma2: 0.25, tolerance: 1e-300 });
    expect(['failure', 'parameter']).toContain(error.kind);
    expect(error.remedy ?? error.condition).toBeTypeOf('string');
  });
});

describe('methods', () => {
  it('are commands with their options, and functions', async () => {
    const { result } = await ask('methods', {});
    const { commands, functions } = result as {
      commands: { name: string; options: { key: string; kind: string; required: boolean }[] }[];
      functions: string[];
    };
    expect(commands.length).toBeGreaterThan(20);
    expect(commands.map(({ name }) => name)).not.toContain('explore');
    expect(commands.map(({ name }) => name)).toContain('schedule design');
    const sigma2 = commands.find(({ name }) => name === 'solve')!.options.find(({ key }) => key === 'sigma2');
    expect(sigma2).toMatchObject({ kind: 'number', required: true });
    expect(functions).toContain('cfg-dmft.criticalClassRate');
  });
});

describe('a batch', () => {
  it('runs the command for each entry, and keeps those that do not fail', async () => {
    const { result } = await ask('solve', { sigma2: 0.25 }, { batch: { alpha: [0.5, -1, 2], w: [1, 1, 3] } });
    const { columns, failures } = result as BatchRun;
    const first = await jsonHere('solve', '--alpha', '0.5', '--w', '1', '--sigma2', '0.25');
    expect(columns['m']).toEqual([first['m'], null, expect.any(Number)]);
    expect(columns['distortion.varianceRatio']![0]).toBe(
      (first['distortion'] as { varianceRatio: number }).varianceRatio,
    );
    expect(failures).toMatchObject([
      { index: 1, error: { kind: 'parameter', parameter: 'alpha', value: '-1' } },
    ]);
  });

  it('keeps the notes of its runs, each once', async () => {
    const { notes } = await ask('solve', { w: 1, sigma2: 0.25, d: 1e5 }, { batch: { classes: [100, 100] } });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('is very small');
  });

  it.each([
    [{}, 'batch', 'an object with a list at least'],
    [{ alpha: [1, 2], w: [1] }, 'batch.w', 'a list of 2 entries, as alpha'],
    [{ alpha: 1 }, 'batch.alpha', 'a list'],
  ])('%j is refused', async (batch, parameter, condition) => {
    expect(await refusal('solve', model, { batch })).toMatchObject({ parameter, condition });
  });

  it('does not write the files of all runs to one folder', async () => {
    expect((await refusal('solve', { ...model, out: 'x' }, { batch: { alpha: [1] } })).parameter).toBe('out');
  });
});

describe('a function of the library', () => {
  it('is any that the package exports', async () => {
    const exported = await Promise.all(
      entryPoints().map(async ({ name, source }) => {
        const module = (await import(source)) as Record<string, unknown>;
        const isClass = (value: unknown) => typeof value === 'function' && String(value).startsWith('class');
        return Object.keys(module).flatMap((one) => (isClass(module[one]) ? [] : [`${name}.${one}`]));
      }),
    );
    expect([...(await functionNames())].sort()).toEqual(exported.flat().sort());
  });

  it('takes and gives plain data', async () => {
    const { result } = await ask('cfg-dmft.criticalClassRate', [{ sigma2: 0.25, guidance: { w: 1 } }]);
    const critical = await jsonHere('transition', '--w', '1', '--sigma2', '0.25');
    expect((result as { criticalAlpha: number }).criticalAlpha).toBe(critical['criticalAlpha']);
    const { result: names } = await ask('guidance.pipelineModels', []);
    expect(JSON.stringify(names)).toContain('sdxl');
  });

  it.each([
    ['guidance.distortoin', [], 'did you mean guidance.distortion?'],
    ['nowhere.distortion', [], null],
    ['cfg-dmft.ParameterError', ['a'], null],
    ['cfg-dmft.__proto__', [], null],
    ['guidance.distortion', {}, null],
    ['guidance.pipelineModels', [1], null],
    [
      'cfg-dmft.solveOrderParameters',
      [{ alpha: 0.5, sigma2: 0.25, guidance: { w: 1 } }],
      'its result has functions in it, which a message cannot carry: a command says what it is for',
    ],
  ])('%s of %j is refused', async (method, params, remedy) => {
    const error = await refusal(method, params);
    expect(error.kind).toBe('request');
    if (remedy !== null) expect(error.remedy).toBe(remedy);
  });

  it('refuses in the words of the library', async () => {
    const error = await refusal('guidance.distortion', [{ m: 'a', v: 1 }, 0.25]);
    expect(error).toMatchObject({ kind: 'parameter' });
  });
});
