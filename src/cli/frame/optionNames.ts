import type { Command } from 'commander';
import { NumericalFailure, type ParameterError } from '../../numerics/checks.ts';
import { NamedOption } from './input.ts';

/**
 * The line for a misuse: it begins with what the user has typed, or can type, for the parameter: an option, or an argument.
 * @param named the command, down to where it says no more
 */
export function misuseMessage(error: ParameterError, program: Command, named: readonly string[]): string {
  return `${typedName(error.parameter, program, named)}${error.message.slice(error.parameter.length)}`;
}

/** A failure with the options that its advice is about. */
export function failureOfOptions({ message, remedy }: NumericalFailure): NumericalFailure {
  const advice = remedy
    .replace('raise maxSteps or loosen relativeTolerance', 'give a larger --tolerance')
    .replace(/\brelativeTolerance\b/, '--tolerance');
  return new NumericalFailure(message.slice(0, -`; ${remedy}`.length), advice);
}

/** The command of a program that names lead to, from above to below. */
export function commandAt(program: Command, named: readonly string[]): Command | undefined {
  return named.reduce<Command | undefined>(
    (above, name) => above?.commands.find((one) => one.name() === name),
    program,
  );
}

function typedName(parameter: string, program: Command, named: readonly string[]): string {
  const command = commandAt(program, named);
  const isOption = (name: string) => command?.options.some(({ long }) => long === `--${name}`) === true;
  if (isOption(parameter)) return `--${parameter}`;
  if (command?.registeredArguments.some((argument) => argument.name() === parameter) === true) {
    return `the argument ${parameter}`;
  }
  // An item of a list: the option of the list, and which one it is.
  const [, name = parameter, place] = entryOf(parameter);
  const option = settingOf(name, command)?.long ?? `--${name}`;
  return place === undefined ? option : `${option} (its ${ordinal(Number(place) + 1)} entry)`;
}

/** A parameter of the library under the key of the option that sets it: `startTime` is `tMax`. */
export function parameterName(parameter: string, command: Command): string {
  const [, name = parameter] = entryOf(parameter);
  const own = command.options.find((one) => one.name() === name) ?? settingOf(name, command);
  return own === undefined ? parameter : `${own.attributeName()}${parameter.slice(name.length)}`;
}

const entryOf = (parameter: string): readonly string[] => /^(.*?)(?:\[(\d+)\])?$/.exec(parameter) ?? [];

const settingOf = (name: string, command: Command | undefined) =>
  command?.options.find((one) => one instanceof NamedOption && one.parameters.includes(name));

/** 1 as 1st, 12 as 12th. */
function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
