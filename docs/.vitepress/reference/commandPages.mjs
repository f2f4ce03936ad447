// Pages of the command line, one per command, from the program's own definitions, and one of the columns of their tables.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { columnUnits, knownColumns, ownColumnWords } from '../../../src/figures/drawing/columnWords.ts';
import { allCommands, buildProgram } from '../../../src/cli/program.ts';

const folder = fileURLToPath(new URL('../../reference/command-line/', import.meta.url));
const escape = (text) => text.replace(/[\\<>|*_`[\]{}$]/g, '\\$&');
const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;

function optionRows(options) {
  return options.map(({ flags, description, usual, neededText }) => {
    // A default in words is no code.
    const text = usual ?? '';
    const initial = text.includes(' ') ? escape(text) : text === '' ? '' : code(text);
    return `| ${code(flags)} | ${escape(description)}${neededText ? escape(` (${neededText})`) : ''} | ${initial} |`;
  });
}

/** What stands after the options in --help: the example. */
function exampleOf(command) {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return /Example:\n([\s\S]*)$/.exec(text)?.[1].replace(/^ {2}/gm, '').trim() ?? '';
}

function section(command, name, level) {
  const options = command.options.filter(({ hidden }) => !hidden);
  const given = command.registeredArguments.map((one) =>
    one.required ? ` <${one.name()}>` : ` [${one.name()}]`,
  );
  const lines = [`${'#'.repeat(level)} cfg-dmft ${name}`, '', escape(command.description())];
  const below = command.commands.filter(({ _name }) => _name !== 'help');
  if (below.length === 0) {
    lines.push('', '```text', `cfg-dmft ${name}${given.join('')} [options]`, '```');
    const described = command.registeredArguments.map(
      (one) => `| ${code(one.name())} | ${escape(one.description)} | |`,
    );
    lines.push('', '| option | says | default |', '|---|---|---|', ...described, ...optionRows(options));
    lines.push('', 'Example:', '', '```text', exampleOf(command), '```');
  }
  for (const one of below) lines.push('', ...section(one, `${name} ${one.name()}`, level + 1));
  return lines;
}

const program = buildProgram(await allCommands(), []);
mkdirSync(folder, { recursive: true });
const commands = program.commands.filter((command) => command.name() !== 'help');
const index = [
  '# Commands',
  '',
  `${escape(program.description())} Made from the definitions that the program parses with; what \`--help\` prints. How the parts work`,
  'together, and what the output contains, is on [Command line](../../cli.md).',
  '',
  '| command | does |',
  '|---|---|',
];
for (const command of commands) {
  const name = command.name();
  index.push(`| [${name}](${name}.md) | ${escape(command.description())} |`);
  writeFileSync(`${folder}${name}.md`, `${section(command, name, 1).join('\n')}\n`);
}

const ownTables = {
  validity: 'in the table of `validity`',
  split: 'in the table of `few-class split`',
  map: 'in the figure of one sampling step',
};
const rowOf = ([name, { unit, meaning }], where = '') =>
  `| ${code(name)}${where} | ${escape(unit)} | ${escape(meaning)} |`;
const columns = [
  '# Columns of tables',
  '',
  'Columns of the tables that `--out` writes, with their units: the same words stand in `units` of the JSON, NPZ and Parquet files ([formats](../../cli.md#formats-of-tables)).',
  'A column `xError` is the standard error of `x`.',
  '',
  '| unit | says |',
  '|---|---|',
  ...Object.entries(columnUnits).map(([unit, says]) => `| ${escape(unit)} | ${escape(says)} |`),
  '',
  '| column | unit | meaning |',
  '|---|---|---|',
  ...knownColumns().map((row) => rowOf(row)),
  ...Object.entries(ownColumnWords).flatMap(([table, words]) =>
    Object.entries(words).map((row) => rowOf(row, `, ${ownTables[table]}`)),
  ),
];
writeFileSync(`${folder}columns.md`, `${columns.join('\n')}\n`);
index.push('', 'Meaning and unit of the columns of their tables: [columns](columns.md).');
writeFileSync(`${folder}index.md`, `${index.join('\n')}\n`);
console.log(`command line: ${commands.length} pages`);
