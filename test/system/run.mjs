// npm run test:system: checks that need more than Node. Installs Chromium through Debian when it may (root, apt-get); otherwise it
// says what is missing and fails, because a check that did not run has not passed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (command, args, options = {}) => spawnSync(command, args, { stdio: 'inherit', ...options });
const chromiumPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const findChromium = () => process.env.CHROMIUM ?? chromiumPaths.find((file) => existsSync(file));

if (findChromium() === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  console.error('installing chromium through Debian ...');
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  run('apt-get', ['update', '-qq'], quiet);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
}
const chromium = findChromium();
if (chromium === undefined) {
  console.error('missing: Chromium (Debian package "chromium"; or set CHROMIUM to its path)');
  process.exit(1);
}
if (!existsSync(`${here}node_modules/playwright-core`)) {
  const installed = run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here });
  if (installed.status !== 0) {
    console.error('missing: playwright-core (npm ci in test/system failed)');
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
    env: { ...process.env, CHROMIUM: chromium },
  },
);
process.exit(result.status ?? 1);
