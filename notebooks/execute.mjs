// Executes notebooks in place, from scratch, and stores their outputs in a form that is the same on every run:
//   node execute.mjs            all of them
//   node execute.mjs 02 05      those whose names begin so
//   node execute.mjs --redraw   stores new pictures also where their numbers have not changed
//   node execute.mjs --check    executes them elsewhere and says which outputs differ from the stored ones
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));

/** Names of the notebooks, all or those that begin with one of the given texts. */
export function notebookNames(beginnings = []) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
  const chosen = names.filter(
    (name) => beginnings.length === 0 || beginnings.some((one) => name.startsWith(one)),
  );
  return chosen.sort();
}

/** The stored form of a notebook. */
export function storedNotebook(name) {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

const mostRuns = 10;

/** The kernels: name and language, as notebooks say them. */
const kernels = {
  deno: {
    kernelspec: { display_name: 'Deno', language: 'typescript', name: 'deno' },
    language_info: { file_extension: '.ts', mimetype: 'text/x.typescript', name: 'typescript' },
  },
  python3: {
    kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
    language_info: { file_extension: '.py', mimetype: 'text/x-python', name: 'python' },
  },
};

/** The name of a notebook's kernel. */
export const kernelOf = ({ metadata }) => metadata.kernelspec.name;

/**
 * Runs a notebook with nbconvert and its kernel; nothing in this folder changes. What a cell shows may yet arrive after Deno's
 * kernel has said that it is idle (show.ts), and nbconvert then drops it: the notebook is run again, and each cell takes its outputs from the first run
 * that has them.
 * @returns the notebook, normalised
 */
export function executed(name) {
  const notebook = executedOnce(name);
  for (let run = 1; run < mostRuns && notebook.cells.some(lacksOutput); run++) {
    const again = executedOnce(name);
    notebook.cells.forEach((cell, i) => {
      if (lacksOutput(cell)) cell.outputs = again.cells[i].outputs;
    });
  }
  const without = notebook.cells.filter(lacksOutput).map(({ id }) => id);
  if (without.length > 0)
    throw new Error(`${name}: ${without.join(', ')} showed nothing in ${mostRuns} runs`);
  return notebook;
}

/** Whether a cell calls one of the functions of show.ts and has nothing to show for it. */
function lacksOutput(cell) {
  return (
    cell.cell_type === 'code' &&
    cell.outputs.length === 0 &&
    /^(show|lines|panels|table)\(/m.test(cell.source.join(''))
  );
}

function executedOnce(name) {
  const results = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-notebooks-'));
  const options = [
    `--ExecutePreprocessor.kernel_name=${kernelOf(storedNotebook(name))}`,
    '--ExecutePreprocessor.timeout=300',
    '--output-dir',
    results,
  ];
  const environment = {
    ...process.env,
    PATH: `${folder}/node_modules/.bin:${process.env['PATH'] ?? ''}`,
    JUPYTER_PATH: `${folder}/jupyter`,
    // Deno colours what it prints wherever FORCE_COLOR is set, whatever its value.
    NO_COLOR: '1',
    DENO_NO_UPDATE_CHECK: '1',
  };
  delete environment['FORCE_COLOR'];
  try {
    const run = spawnSync('jupyter-nbconvert', ['--to', 'notebook', '--execute', ...options, name], {
      cwd: folder,
      encoding: 'utf8',
      env: environment,
    });
    if (run.error !== undefined) throw new Error(`jupyter-nbconvert: ${run.error.message}`);
    if (run.status !== 0) throw new Error(`${name} failed\n${run.stderr.slice(-3000)}`);
    return normalised(JSON.parse(readFileSync(path.join(results, name), 'utf8')));
  } finally {
    rmSync(results, { recursive: true });
  }
}

/** Without what changes from run to run: times, counters, random identifiers, the pieces in which text was printed. */
export function normalised(notebook) {
  const cells = notebook.cells.map((cell, i) => {
    const id = `cell-${String(i + 1).padStart(2, '0')}`;
    const source = lines(cell.source);
    if (cell.cell_type !== 'code') return { cell_type: cell.cell_type, id, metadata: {}, source };
    const outputs = joined(cell.outputs ?? []);
    return { cell_type: 'code', execution_count: null, id, metadata: {}, outputs, source };
  });
  return { cells, metadata: kernels[kernelOf(notebook)], nbformat: 4, nbformat_minor: 5 };
}

function joined(outputs) {
  const result = [];
  for (const output of outputs) {
    const last = result.at(-1);
    if (output.output_type === 'stream') {
      const text = [output.text].flat().join('');
      if (last?.output_type === 'stream' && last.name === output.name) last.text += text;
      else result.push({ name: output.name, output_type: 'stream', text });
    } else if (output.data === undefined) result.push(output);
    // The empty result of a cell that has sent a display (show.ts).
    else if (Object.keys(output.data).length === 0) continue;
    else {
      const data = Object.fromEntries(
        Object.entries(output.data).map(([type, value]) => [
          type,
          typeof value === 'object' && !Array.isArray(value) ? value : lines(value),
        ]),
      );
      result.push({
        data,
        ...(output.output_type === 'execute_result' ? { execution_count: null } : {}),
        metadata: {},
        output_type: output.output_type,
      });
    }
  }
  return result.map((output) =>
    output.output_type === 'stream' ? { ...output, text: lines(output.text) } : output,
  );
}

/** The form of a text in a notebook: a list of lines with their ends. */
function lines(text) {
  const whole = [text].flat().join('');
  return whole === '' ? [] : (whole.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/** The text of a notebook file, as Jupyter writes it. */
export function notebookText(notebook) {
  return JSON.stringify(notebook, null, 1) + '\n';
}

/** A cell as text, without its pictures: the fonts of a machine are in them. The numbers that they show are in the figure beside them. */
function comparable(cell) {
  return JSON.stringify(cell ?? null, (key, value) => (key === 'image/svg+xml' ? 'a picture' : value));
}

/** Cells of two forms of a notebook that are not the same, by their identifiers. */
function differences(one, other) {
  const ids = new Set([...one.cells, ...other.cells].map(({ id }) => id));
  const textOf = (notebook, id) => comparable(notebook.cells.find((cell) => cell.id === id));
  return [...ids].filter((id) => textOf(one, id) !== textOf(other, id));
}

/** A notebook with the stored outputs of the cells that have not changed, so that their pictures stay. */
function withStored(notebook, stored) {
  const cells = notebook.cells.map((cell) => {
    const before = stored.cells.find(({ id }) => id === cell.id);
    return comparable(before) === comparable(cell) ? before : cell;
  });
  return { ...notebook, cells };
}

function main(given) {
  const [check, redraw] = ['--check', '--redraw'].map((flag) => given.includes(flag));
  const names = notebookNames(given.filter((one) => !one.startsWith('--')));
  if (names.length === 0) throw new Error(`no notebook begins with ${given.join(' or ')}`);
  for (const name of names) {
    const begin = Date.now();
    const stored = storedNotebook(name);
    const result = redraw ? executed(name) : withStored(executed(name), stored);
    const changed = differences(stored, result);
    const same = notebookText(result) === notebookText(stored);
    if (!check) writeFileSync(path.join(folder, name), notebookText(result));
    else if (!same) process.exitCode = 1;
    const cells = changed.length === 0 ? 'in form' : `in ${changed.join(', ')}`;
    const verdict = same
      ? 'as stored'
      : check
        ? `DIFFERS from what is stored, ${cells}`
        : `written, new ${cells}`;
    console.log(`${name}: ${verdict} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
