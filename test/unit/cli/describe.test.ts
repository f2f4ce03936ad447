import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { command } from '../../../src/cli/frame/command.ts';
import { describeCommand, describeCommands } from '../../../src/cli/frame/describe.ts';
import { NamedOption } from '../../../src/cli/frame/input.ts';
import { argument, choice, choices, number, range, settings, text } from '../../../src/cli/frame/options.ts';
import { declareFor } from '../../../src/cli/frame/register.ts';
import { allCommands } from '../../../src/cli/program.ts';

describe('a command as plain data', () => {
  const made = command({
    name: 'made',
    summary: 'Nothing.',
    example: 'cfg-dmft made one --x 1',
    options: {
      which: argument('one of two', ['one', 'two']),
      x: number('a number', { required: true }),
      tMax: range('times', { or: ['x'], usual: 'all' }),
      kind: choice('kind', ['a', 'b'], { default: 'a' }),
      kinds: choices('kinds', ['a', 'b']),
      set: settings('numbers'),
      only: text('words', { kind: 'texts', values: () => Promise.resolve(['late']) }),
    },
    run: () => ({ document: {}, text: '', record: { problem: {}, options: {}, seed: null } }),
  });

  it('has every option, its kind, its words and what it needs', () => {
    const { options, arguments: given, ...words } = describeCommand(made, ['above']);
    expect(words).toEqual({ name: 'above made', summary: 'Nothing.', example: 'cfg-dmft made one --x 1' });
    expect(given).toMatchObject([{ key: 'which', kind: 'choice', values: ['one', 'two'], required: true }]);
    const plain = { values: null, default: null, required: false, alternatives: [], group: null };
    expect(options.slice(0, 6)).toEqual([
      { ...plain, key: 'x', name: '--x', kind: 'number', help: 'a number', required: true },
      {
        ...plain,
        key: 'tMax',
        name: '--t-max',
        kind: 'numbers',
        help: 'times',
        default: 'all',
        required: true,
        alternatives: ['x'],
      },
      {
        ...plain,
        key: 'kind',
        name: '--kind',
        kind: 'choice',
        help: 'kind: a, b',
        values: ['a', 'b'],
        default: 'a',
      },
      { ...plain, key: 'kinds', name: '--kinds', kind: 'choices', help: 'kinds', values: ['a', 'b'] },
      { ...plain, key: 'set', name: '--set', kind: 'settings', help: 'numbers' },
      { ...plain, key: 'only', name: '--only', kind: 'texts', help: 'words' },
    ]);
    expect(options.slice(6).map(({ key, kind }) => [key, kind])).toEqual([
      ['json', 'flag'],
      ['out', 'folder'],
      ['force', 'flag'],
      ['progress', 'flag'],
      ['wide', 'flag'],
    ]);
  });

  it('of the program: no option without a kind, flags alone take no value', async () => {
    const commands = await allCommands();
    const named = describeCommands(commands);
    expect(named.map(({ name }) => name)).toEqual(expect.arrayContaining(['solve', 'schedule design']));
    for (const one of commands.flatMap((above) => ('commands' in above ? above.commands : [above]))) {
      if (!('run' in one)) throw new Error(`${one.name} is not loaded`);
      const declared = new Command();
      declareFor(declared, one);
      for (const option of declared.options) {
        expect(option).toBeInstanceOf(NamedOption);
        expect((option as NamedOption).kind === 'flag', `${one.name} ${option.flags}`).toBe(!option.required);
      }
    }
  });
});
