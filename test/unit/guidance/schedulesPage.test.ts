import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freeSchedules, scheduleCatalogue } from '../../../src/guidance/schedules/catalogue.ts';
import { clockAsFormula } from '../../../src/guidance/schedules/clocks.ts';
import type { ScheduleEntry } from '../../../src/guidance/schedules/entry.ts';
import { defaultHorizon } from '../../../src/guidance/schedules/horizon.ts';
import { noiseLevels } from '../../../src/guidance/schedules/noiseLevels.ts';
import { stepScales } from '../../../src/guidance/schedules/stepScales.ts';
import { compileForBudget } from '../../../src/guidance/schedules/budget.ts';
import { writeSchedule } from '../../../src/guidance/schedules/catalogue.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';

const page = readFileSync(new URL('../../../docs/schedules.md', import.meta.url), 'utf8');

/** The row of the page's table that an entry must have. */
function rowOf(entry: ScheduleEntry): string {
  const { id, formula, clock, parameters, nonNegative, citation } = entry;
  const defaults = parameters.map((parameter) => {
    const { name, default: value, least, largest, openLeast, openLargest } = parameter;
    const ends = [openLeast === true ? '(' : '[', openLargest === true ? ')' : ']'] as const;
    return `${name} = ${Number(value.toPrecision(4))}, ${ends[0]}${least}, ${largest}${ends[1]}`;
  });
  const source =
    citation === null
      ? '–'
      : `${citation.authors.split(',')[0]!} ${citation.year} ([${citation.arxiv}](https://arxiv.org/abs/${citation.arxiv}))`;
  return `| \`${id}\` | \`${formula}\` | ${clock} | ${defaults.join('; ') || '–'} | ${nonNegative ? 'yes' : 'no'} | ${source} |`;
}

describe('docs/schedules.md', () => {
  it('has the row of every entry, in the order of the catalogue, and no other row', () => {
    const rows = page.split('\n').filter((line) => /^\| `[a-z-]+` \| `.*(yes|no) \|/.test(line));
    expect(rows).toEqual(scheduleCatalogue.map(rowOf));
    for (const { id } of freeSchedules) expect(page).toContain(`\`${id}\``);
  });

  it('has the clocks of every process as the code writes them', () => {
    for (const name of Object.keys(processes) as ProcessName[]) {
      const horizon = defaultHorizon(processes[name]);
      const cells = (['tau', 'logsnr'] as const).map(
        (clock) => `\`${clockAsFormula('t', clock, processes[name], horizon)}\``,
      );
      expect(page).toContain(`| \`${name}\` | ${cells.join(' | ')} |`);
    }
  });

  it('shows the worked example as it comes out (4 digits)', () => {
    const context = { process: processes.ou, sigma2: 0.25, horizon: 3 };
    const schedule = compileForBudget(writeSchedule('neutral-step', 2), context);
    const rows = stepScales(schedule, noiseLevels('scaled-linear', 10), 0.25, { reading: 'mean' });
    for (const { step, timestep, sigma, scale } of rows) {
      const line = `| ${step} | ${timestep!} | ${Number(sigma!.toPrecision(4))} | ${scale.toFixed(3)} |`;
      expect(page).toContain(line);
    }
  });
});
