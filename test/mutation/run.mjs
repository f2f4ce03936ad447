// npm ci --prefix test/mutation && npm start --prefix test/mutation -- FOLDER [FOLDER ...]: makes every small change to
// src/FOLDER that Stryker knows, and counts those that no test of the folder notices. Hours for all folders; a change
// that was noticed before, in code and tests that are the same, is not tried again (reports/FOLDER/incremental.json).
// SHARE=N tries the changes of every Nth block of twelve lines only, an estimate of the whole.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders of src/ that are changed, each with the folders of test/unit/, or single files there, that are to notice. */
const testsOf = {
  process: ['process', 'guidance'],
  closedForms: ['closedForms', 'meanfield/transition'],
  guidance: ['guidance'],
  meanfield: ['meanfield', 'closedForms/transition'],
  finiteSize: ['finiteSize'],
};

const folders = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(testsOf);
const unknown = folders.find((folder) => !Object.hasOwn(testsOf, folder));
if (unknown !== undefined) {
  console.error(`${unknown}: not one of ${Object.keys(testsOf).join(', ')}`);
  process.exit(2);
}

const share = Number(process.env.SHARE ?? 1);
const blockLines = 12;

/** Every `share`th block of lines of a folder, counted through its files: all of it for 1. */
function sampled(folder) {
  if (share === 1) return [`src/${folder}/**/*.ts`];
  const names = readdirSync(path.join(root, 'src', folder), { recursive: true }).sort();
  let block = 0;
  return names
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = `src/${folder}/${name}`;
      const lines = readFileSync(path.join(root, file), 'utf8').split('\n').length;
      const starts = Array.from({ length: Math.ceil(lines / blockLines) }, (_, i) => 1 + i * blockLines);
      return starts
        .filter(() => block++ % share === 0)
        .map((from) => `${file}:${from}-${Math.min(lines, from + blockLines - 1)}`);
    });
}

/** Counts of mutants by status, without those that no test can see (types, ignored). */
function scoreOf(report) {
  const mutants = Object.values(report.files).flatMap(({ mutants }) => mutants);
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const caught = count('Killed', 'Timeout');
  const missed = count('Survived', 'NoCoverage');
  return { caught, missed, score: (100 * caught) / (caught + missed) };
}

/** Missed changes, a line each: place, the code that stood there, and what was put in its place. */
function survivors(report) {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ location: { start, end }, replacement, status }) => {
        const first = lines[start.line - 1];
        const text =
          start.line === end.line
            ? first.slice(start.column - 1, end.column - 1)
            : `${first.slice(start.column - 1)} ...`;
        const put = (replacement ?? '').replace(/\s+/g, ' ').slice(0, 80);
        return `${file}:${start.line}:${start.column} ${status === 'NoCoverage' ? '(not run) ' : ''}${text} -> ${put}`;
      });
  });
}

/** Forgets the changes that were missed before: tests that have been written since may notice them. */
function forgetMissed(file) {
  if (!existsSync(file)) return;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  for (const entry of Object.values(report.files)) {
    entry.mutants = entry.mutants.filter(({ status }) => status !== 'Survived' && status !== 'NoCoverage');
  }
  writeFileSync(file, JSON.stringify(report));
}

let failed = false;
for (const folder of folders) {
  const reports = `${here}reports/${folder}`;
  mkdirSync(reports, { recursive: true });
  forgetMissed(`${reports}/incremental.json`);
  const config = {
    testRunner: 'vitest',
    plugins: [`${here}node_modules/@stryker-mutator/vitest-runner/dist/src/index.js`],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    mutate: sampled(folder),
    // Messages have tests of their wording; what is computed while modules load would cost a whole run each.
    mutator: { excludedMutations: ['StringLiteral', 'Regex'] },
    ignoreStatic: true,
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.CONCURRENCY ?? 2),
    timeoutMS: 30_000,
    timeoutFactor: 4,
    incremental: true,
    incrementalFile: `${reports}/incremental.json`,
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: `${reports}/mutation.json` },
    // Outside the tree, whose own checks would read the copies.
    tempDirName: path.join(tmpdir(), 'cfg-dmft-mutation'),
    ignorePatterns: ['dist', 'docs', 'report', 'notebooks', 'test/mutation/reports', '.git'],
    disableTypeChecks: false,
    thresholds: { high: 95, low: 90, break: null },
    allowEmpty: false,
  };
  const file = `${reports}/stryker.config.json`;
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  const result = spawnSync(
    process.execPath,
    [`${here}node_modules/@stryker-mutator/core/bin/stryker.js`, 'run', file],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, MUTATION_TESTS: testsOf[folder].join(',') },
    },
  );
  if (result.status !== 0) {
    failed = true;
    continue;
  }
  const report = JSON.parse(readFileSync(`${reports}/mutation.json`, 'utf8'));
  const { caught, missed, score } = scoreOf(report);
  writeFileSync(
    `${reports}/survivors.txt`,
    survivors(report)
      .map((line) => `${line}\n`)
      .join(''),
  );
  console.log(
    `${folder}: ${score.toFixed(1)} % of ${caught + missed} changes noticed; the others: ${reports}/survivors.txt`,
  );
}
process.exit(failed ? 1 : 0);
