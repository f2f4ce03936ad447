import type { FigureTable } from '../../figures/drawing/figure.ts';
import { NumericalFailure, ParameterError, requireList } from '../../numerics/checks.ts';
import type { ProgramCommand } from '../frame/command.ts';
import { describeCommands } from '../frame/describe.ts';
import type { RawOptions } from '../frame/input.ts';
import { failureOfOptions, parameterName } from '../frame/optionNames.ts';
import { runCommand, tableOf } from '../frame/run.ts';
import type { Progress } from '../terminal/progress.ts';
import { readValue, written } from './arrays.ts';
import { batchColumns, type BatchFailure, type BatchRun } from './batch.ts';
import { callFunction, functionNames } from './functions.ts';
import { commandLine, commandOf, isServed, rawOptions, type ServedCommand } from './options.ts';
import { plainError, shortened, type ServiceError, type ServiceRequest } from './protocol.ts';

/** The commands of the program. */
export interface Programs {
  readonly all: () => Promise<readonly ProgramCommand[]>;
  /** Those for a command line, of which the one that it names is loaded. */
  readonly named: (args: readonly string[]) => Promise<readonly ProgramCommand[]>;
}

/** The result of a request, ready to be sent. */
export interface Answer {
  readonly result: unknown;
  readonly notes: readonly string[];
  /** Reason why a completed run did not reach all that was asked for. */
  readonly failure: string | null;
  readonly table?: unknown;
}

/** A stage of the work and its share that is done. */
export interface Stage {
  readonly stage: string;
  readonly fraction: number;
  readonly pairsPerSecond: number | null;
}

/** Milliseconds between two messages of progress. */
const tellEvery = 100;

/** Ears of a request in work. */
export interface Ears {
  /** Takes the progress. */
  readonly tell: (stage: Stage) => void;
  /** Takes the folder that the run has to itself from then on. */
  readonly opened: (directory: string) => void;
}

/** Does what a request asks for. */
export type Perform = (request: ServiceRequest, ears: Ears) => Promise<Answer>;

/**
 * The function that does what requests ask for. It throws ParameterError, NumericalFailure and whatever the method throws: see
 * {@link errorOf}. The result of a batch is a {@link BatchRun}, to be joined and written.
 */
export function performer(programs: Programs): Perform {
  const known = new Map<string, ServedCommand>();
  const commandFor = async (method: string) => {
    const served = known.get(method) ?? (await commandOf(method, programs.named));
    known.set(method, served);
    return served;
  };
  return (request, ears) => perform(request, programs, commandFor, ears);
}

async function perform(
  { method, params, batch, arrays, table }: ServiceRequest,
  programs: Programs,
  commandFor: (method: string) => Promise<ServedCommand>,
  ears: Ears,
): Promise<Answer> {
  if (method === 'methods') return answer(await methods(programs));
  if (method.includes('.')) {
    if (batch !== null) throw new ParameterError('batch', 'given with a command', Object.keys(batch));
    return answer(written(await callFunction(method, params), { arrays, special: true }));
  }
  const served = await commandFor(method);
  if (Array.isArray(params)) throw new ParameterError('params', 'the options of a command by name', params);
  const options = params as Readonly<Record<string, unknown>>;
  try {
    if (batch !== null) {
      const notes = new Set<string>();
      const result = await performBatch(served, options, batch, ears.tell, notes);
      return { result, notes: [...notes], failure: null };
    }
    const run = await performOne(served, rawOptions(served, options), table, ears);
    const { record, ...document } = run.document;
    const how = { arrays, special: false } as const;
    return {
      result: { ...(written(document, how) as object), record },
      notes: run.notes,
      failure: run.failures[0] ?? null,
      ...(table ? { table: run.table === undefined ? null : written(columnsOf(run.table), how) } : {}),
    };
  } catch (error) {
    throw renamed(error, served);
  }
}

const answer = (result: unknown): Answer => ({ result, notes: [], failure: null });

/** A refusal under the name of the option that sets the parameter, a failure with advice about options. */
function renamed(error: unknown, { command }: ServedCommand): unknown {
  if (error instanceof NumericalFailure) return failureOfOptions(error);
  if (!(error instanceof ParameterError)) return error;
  const name = parameterName(error.parameter, command);
  if (name === error.parameter) return error;
  const { condition, value, remedy, message } = error;
  const again = new ParameterError(name, condition, value, remedy ?? undefined);
  again.message = `${name}${message.slice(error.parameter.length)}`;
  return again;
}

interface OneRun {
  readonly document: Readonly<Record<string, unknown>>;
  readonly table: FigureTable | undefined;
  readonly notes: readonly string[];
  readonly failures: readonly string[];
}

async function performOne(
  served: ServedCommand,
  raw: RawOptions,
  wantsTable: boolean,
  { tell, opened }: Ears,
): Promise<OneRun> {
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
  };
  let document: Readonly<Record<string, unknown>> = {};
  let table: FigureTable | undefined;
  const { failures } = await runCommand(served.definition, served.path.join('-'), raw, {
    args: commandLine(served, raw),
    progress: progressOf(tell, note),
    width: Infinity,
    say: note,
    opened,
    finished: (result, whole) => {
      document = whole;
      notes.push(...(result.notes ?? []));
      if (wantsTable) table = tableOf(result);
    },
  });
  return { document, table, notes, failures };
}

function progressOf(tell: (stage: Stage) => void, note: (text: string) => void): Progress {
  let stage = '';
  let last = 0;
  return {
    stage(name) {
      stage = name;
      last = 0;
      tell({ stage, fraction: 0, pairsPerSecond: null });
    },
    update(fraction, pairsPerSecond = null) {
      const now = Date.now();
      if (now - last < tellEvery) return;
      last = now;
      tell({ stage, fraction, pairsPerSecond });
    },
    note,
    done: () => undefined,
  };
}

const deaf: Ears = { tell: () => undefined, opened: () => undefined };

/** The runs of a batch, one after the other; a run that fails is among the failures. */
async function performBatch(
  served: ServedCommand,
  params: Readonly<Record<string, unknown>>,
  batch: Readonly<Record<string, unknown>>,
  tell: (stage: Stage) => void,
  notes: Set<string>,
): Promise<BatchRun> {
  const lists = batchLists(batch);
  for (const key of ['out', 'checkpoint']) {
    if (Object.hasOwn(params, key))
      throw new ParameterError(key, 'given without batch: the runs would share it', params[key]);
  }
  const count = lists[0]![1].length;
  const progress = progressOf(tell, () => undefined);
  progress.stage('batch');
  const documents: (Readonly<Record<string, unknown>> | null)[] = [];
  const failures: BatchFailure[] = [];
  for (let index = 0; index < count; index++) {
    const own = Object.fromEntries(lists.map(([key, values]) => [key, values[index]]));
    try {
      const run = await performOne(served, rawOptions(served, { ...params, ...own }), false, deaf);
      documents.push(run.document);
      for (const note of run.notes) notes.add(note);
      for (const failure of run.failures) failures.push({ index, error: plainError('failure', failure) });
    } catch (error) {
      documents.push(null);
      failures.push({
        index,
        error: errorOf(renamed(error, served)),
      });
    }
    progress.update((index + 1) / count);
  }
  return batchColumns(Object.fromEntries(lists), documents, failures);
}

/** The lists of a batch. @throws ParameterError unless they are of one length */
export function batchLists(batch: Readonly<Record<string, unknown>>): [string, ArrayLike<unknown>][] {
  const lists = Object.entries(batch).map(([key, value]): [string, ArrayLike<unknown>] => {
    const list = readValue(key, value) as ArrayLike<unknown>;
    requireList(`batch.${key}`, list);
    return [key, list];
  });
  const [first] = lists;
  if (first === undefined) throw new ParameterError('batch', 'an object with a list at least', batch);
  for (const [key, { length }] of lists) {
    const wanted = first[1].length;
    if (length !== wanted)
      throw new ParameterError(`batch.${key}`, `a list of ${wanted} entries, as ${first[0]}`, length);
  }
  return lists;
}

const columnsOf = ({ columns, rows }: FigureTable) => ({
  columns: Object.fromEntries(columns.map((name, i) => [name, rows.map((row) => row[i] ?? null)])),
});

/** The commands that can be asked for with their options, and the functions of the library. */
async function methods({ all }: Programs): Promise<unknown> {
  const commands = (await all()).filter(isServed);
  return { commands: describeCommands(commands), functions: await functionNames() };
}

/** An exception as an answer says it. */
export function errorOf(error: unknown): ServiceError {
  if (error instanceof ParameterError) {
    const { message, parameter, condition, value, remedy } = error;
    const kind = ['method', 'params', 'batch'].includes(parameter) ? 'request' : 'parameter';
    return { kind, message, parameter, condition, value: shortened(value), remedy };
  }
  if (error instanceof NumericalFailure) return plainError('failure', error.message, error.remedy);
  return plainError('unexpected', error instanceof Error ? (error.stack ?? error.message) : String(error));
}
