import { Command } from 'commander';
import { ParameterError } from '../../numerics/checks.ts';
import { didYouMean } from '../../numerics/spelling.ts';
import type { CommandDefinition, ProgramCommand } from '../frame/command.ts';
import type { RawOptions } from '../frame/input.ts';
import { namedCommand, declareFor } from '../frame/register.ts';
import { readValue } from './arrays.ts';

/** A command that can be asked for. */
export interface ServedCommand {
  readonly definition: CommandDefinition;
  /** Its options, declared. */
  readonly command: Command;
  /** As it is typed: `schedule`, `design`. */
  readonly path: readonly string[];
  /** Its options and arguments by each name that they go by: `tMax` and `t-max`. */
  readonly names: ReadonlyMap<string, ServedOption>;
}

interface ServedOption {
  readonly key: string;
  readonly isFlag: boolean;
  /** As it is typed; null of an argument. */
  readonly long: string | null;
}

/** Commands that serve until they are stopped, or speak to a shell. */
const notServed = ['serve', 'explore', 'completion'];

/** Common options that say how a terminal shows a result. */
const ofTerminals = ['json', 'progress', 'wide'];

/** True for a command that can be asked for. */
export const isServed = ({ name }: Pick<ProgramCommand, 'name'>): boolean => !notServed.includes(name);

/** The loaded ones of the commands that can be asked for. */
function servedCommands(commands: readonly ProgramCommand[]): ServedCommand[] {
  return commands.filter(isServed).flatMap((one) => {
    if (!('commands' in one)) return served([one.name], one);
    return one.commands.flatMap((below) => served([one.name, below.name], below));
  });
}

function served(path: readonly string[], one: ProgramCommand): ServedCommand[] {
  if (!('run' in one)) return [];
  const command = new Command(one.name);
  declareFor(command, one);
  return [{ definition: one, command, path, names: namesOf(command) }];
}

function namesOf(command: Command): Map<string, ServedOption> {
  const names = new Map<string, ServedOption>();
  for (const argument of command.registeredArguments)
    names.set(argument.name(), { key: argument.name(), isFlag: false, long: null });
  for (const option of command.options) {
    const key = option.attributeName();
    if (ofTerminals.includes(key)) continue;
    const named = { key, isFlag: !option.required && !option.optional, long: option.long ?? null };
    names.set(option.name(), named).set(key, named);
  }
  return names;
}

/** Names of all methods that are commands. */
function methodNames(commands: readonly ProgramCommand[]): string[] {
  return commands
    .filter(isServed)
    .flatMap((one) =>
      'commands' in one ? one.commands.map((below) => `${one.name} ${below.name}`) : [one.name],
    );
}

/**
 * The command of a method.
 * @param load gives the commands, of which the one that words name is loaded
 */
export async function commandOf(
  method: string,
  load: (path: readonly string[]) => Promise<readonly ProgramCommand[]>,
): Promise<ServedCommand> {
  const path = method.split(' ');
  const commands = await load(path);
  const found = servedCommands(commands).find((one) => one.path.join(' ') === method);
  if (found !== undefined) return found;
  const isCommand = notServed.includes(method) && namedCommand(commands, path).length > 0;
  const advice = isCommand ? 'it is for a terminal' : didYouMean(method, methodNames(commands));
  throw new ParameterError('method', 'a command or a function of the library', method, advice);
}

/**
 * Options as they would be typed.
 * @param values by name; null is an option that is not given
 * @throws ParameterError for an unknown name, or a value that cannot be typed
 */
export function rawOptions(served: ServedCommand, values: Readonly<Record<string, unknown>>): RawOptions {
  const { names: known } = served;
  const raw: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(values)) {
    const entry = known.get(name);
    if (entry === undefined) {
      const names = [...new Set([...known.values()].map(({ key }) => key))];
      const condition = `an option of ${served.path.join(' ')}`;
      throw new ParameterError(
        name,
        condition,
        value,
        didYouMean(name, names) ?? `it has ${names.join(', ')}`,
      );
    }
    if (value === null) continue;
    if (Object.hasOwn(raw, entry.key)) throw new ParameterError(name, 'given once', value);
    if (!entry.isFlag) raw[entry.key] = typed(name, readValue(name, value));
    else if (typeof value !== 'boolean') throw new ParameterError(name, 'true or false', value);
    else if (value) raw[entry.key] = true;
  }
  for (const { key, long } of known.values()) {
    if (long === null && raw[key] === undefined) throw new ParameterError(key, 'given', null);
  }
  return raw;
}

/** A value as it would be typed: entries by comma, rows by semicolon, settings as key=value. */
function typed(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return typedNumber(value);
  if (Array.isArray(value) || value instanceof Float64Array) {
    const entries = Array.from(value as ArrayLike<unknown>);
    const isTable = entries.some((entry) => typeof entry === 'object');
    if (isTable && entries.some((entry) => !isVector(entry)))
      throw new ParameterError(name, 'rows of numbers', value);
    return entries.map((entry) => typed(name, entry)).join(isTable ? ';' : ',');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, entry]) => `${key}=${typed(name, entry)}`)
      .join(',');
  }
  throw new ParameterError(name, 'a number, a text or a list of them', value);
}

const isVector = (value: unknown) =>
  value instanceof Float64Array ||
  (Array.isArray(value) && value.every((entry) => typeof entry !== 'object'));

function typedNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'infinity' : '-infinity';
}

/** The command line of a run, for its record. */
export function commandLine({ path, names }: ServedCommand, raw: RawOptions): string[] {
  const words = [...new Set(names.values())].flatMap(({ key, long }) => {
    const value = raw[key];
    if (value === undefined) return [];
    if (long === null) return [String(value)];
    if (value === true) return [long];
    return String(value).startsWith('-') ? [`${long}=${String(value)}`] : [long, String(value)];
  });
  return [...path, ...words];
}
