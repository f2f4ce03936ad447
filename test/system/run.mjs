// npm run test:system: checks that need more than Node: Chromium for the pages, Jupyter for the notebooks, NumPy, pandas and Matplotlib
// for Python, two data sets for a how-to page (left out, with the reason, where they are missing). Installs
// them through Debian when it may (root, apt-get); otherwise it says what is missing and fails, because a check
// that did not run has not passed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (command, args, options = {}) => spawnSync(command, args, { stdio: 'inherit', ...options });
const chromiumPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const findChromium = () => process.env.CHROMIUM ?? chromiumPaths.find((file) => existsSync(file));

const hasJupyter = () => spawnSync('jupyter-nbconvert', ['--version'], { stdio: 'ignore' }).status === 0;

// Debian's own, which has its packages, before another on the path.
const findPython = () =>
  [process.env.PYTHON, '/usr/bin/python3', 'python3'].find(
    (file) =>
      file !== undefined &&
      spawnSync(file, ['-c', 'import numpy, pandas, matplotlib, mypy'], { stdio: 'ignore' }).status === 0,
  );

/** Data sets of the page on alpha, by a file of each. */
const dataSets = {
  'python3-sklearn': '/usr/lib/python3/dist-packages/sklearn',
  'dataset-fashion-mnist': '/usr/share/datasets/fashion-mnist',
};

const packages = [
  ...(findChromium() === undefined ? ['chromium'] : []),
  ...(hasJupyter() ? [] : ['jupyter-nbconvert', 'jupyter-client', 'python3-ipykernel']),
  ...(findPython() !== undefined
    ? []
    : ['python3-numpy', 'python3-pandas', 'python3-matplotlib', 'python3-mypy', 'mypy']),
  ...Object.keys(dataSets).filter((name) => !existsSync(dataSets[name])),
];
if (packages.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  console.error(`installing ${packages.join(', ')} through Debian ...`);
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  run('apt-get', ['update', '-qq'], quiet);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
}
const chromium = findChromium();
const python = findPython();
if (chromium === undefined || !hasJupyter() || python === undefined) {
  if (chromium === undefined)
    console.error('missing: Chromium (Debian package chromium; or set CHROMIUM to its path)');
  if (!hasJupyter())
    console.error(
      'missing: jupyter-nbconvert (Debian packages jupyter-nbconvert jupyter-client python3-ipykernel)',
    );
  if (python === undefined)
    console.error(
      'missing: for python3 NumPy, pandas, Matplotlib, mypy (Debian: python3-numpy python3-pandas python3-matplotlib mypy)',
    );
  process.exit(1);
}
const dependencies = [
  { name: 'axe-core', folder: here, command: ['ci'] },
  { name: '@duckdb/node-api', folder: here, command: ['ci'] },
  { name: 'vitepress', folder: `${root}docs/`, command: ['ci'] },
  // The Deno packages are one per platform, which a lock file made on one of them does not list: the version is
  // pinned in package.json.
  { name: 'deno', folder: `${root}notebooks/`, command: ['install', '--no-package-lock'] },
];
for (const { name, folder, command } of dependencies) {
  if (existsSync(`${folder}node_modules/${name}`)) continue;
  if (run('npm', [...command, '--no-audit', '--no-fund'], { cwd: folder }).status !== 0) {
    console.error(`missing: ${name} (npm ${command.join(' ')} in ${folder} failed)`);
    process.exit(1);
  }
}
if (run('npm', ['run', '--silent', 'build'], { cwd: root }).status !== 0) process.exit(1);
const bin = (name) => `${root}node_modules/${name}`;
if (
  run(process.execPath, [bin('typescript/bin/tsc'), '-p', 'test/system', '--noEmit'], { cwd: root })
    .status !== 0
)
  process.exit(1);
const result = run(
  process.execPath,
  [bin('vitest/vitest.mjs'), 'run', '--config', 'test/system/vitest.config.ts'],
  {
    cwd: root,
    env: { ...process.env, CHROMIUM: chromium, PYTHON: python },
  },
);
process.exit(result.status ?? 1);
