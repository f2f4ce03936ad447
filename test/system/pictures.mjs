// npm run docs:pictures [-- ID ...]: draws the pictures of README and docs with the program's own figures, all or some, into
// docs/figures. Takes Chromium; all of them take about ten minutes, most of it for the claims.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const figures = (...args) =>
  spawnSync(process.execPath, [`${root}dist/cli/main.js`, 'figures', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });
const { figures: listed } = JSON.parse(figures('--json').stdout);

/** Pictures that are named otherwise than their figure. */
const renamed = {
  'few-class-wu-3': 'few-class-density',
  'few-class-phase-diagram': 'few-class-split',
  'schedule-comparison': 'schedule-compare',
};
const kept = [
  ...['phase-diagram', 'potential', 'trajectories-ode', 'comparison-ode', 'validity'],
  ...['schedule-path', 'schedule-front'],
];
const pictures = listed.flatMap(({ id }) => {
  if (id.startsWith('claim-')) return [[id, `claims/${id.slice('claim-'.length)}`]];
  if (id.startsWith('classifier-') || kept.includes(id)) return [[id, id]];
  return renamed[id] === undefined ? [] : [[id, renamed[id]]];
});

const wanted = process.argv.slice(2);
const chosen = pictures.filter(([id]) => wanted.length === 0 || wanted.includes(id));
if (chosen.length === 0) {
  console.error(`no picture of that name; there are ${pictures.map(([id]) => id).join(', ')}`);
  process.exit(2);
}
/** Twice the resolution of the screen for the picture that everybody sees first. */
const resolutions = [
  { resolution: 260, list: chosen.filter(([id]) => id === 'phase-diagram') },
  { resolution: 130, list: chosen.filter(([id]) => id !== 'phase-diagram') },
];
const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-pictures-'));
try {
  for (const { resolution, list } of resolutions) {
    if (list.length === 0) continue;
    const ids = list.map(([id]) => id).join(',');
    const drawn = figures(
      ...['--only', ids, '--format', 'png', '--width', 'page', '--resolution', String(resolution)],
      ...['--out', folder, '--force', '--progress'],
    );
    if (drawn.status !== 0) process.exit(1);
    for (const [id, name] of list) {
      const file = path.join(folder, `${id}.png`);
      if (!existsSync(file)) process.exit(1);
      cpSync(file, `${root}docs/figures/${name}.png`);
      console.log(`docs/figures/${name}.png`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
