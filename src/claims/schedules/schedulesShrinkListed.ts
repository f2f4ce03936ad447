import type { SamplerName } from '../../guidance/sampler.ts';
import { scheduleCatalogue, writeSchedule } from '../../guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../guidance/schedules/clocks.ts';
import { defaultHorizon } from '../../guidance/schedules/horizon.ts';
import { guidanceOf, type WrittenSchedule } from '../../guidance/written.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { Check, Effort, Evidence, EvidencePanel } from '../protocol/claim.ts';
import { lawOutcome, scheduleProblem } from './schedulesShrinkLaws.ts';

interface ScheduleGrid {
  readonly rates: readonly number[];
  readonly variances: readonly number[];
  readonly strengths: readonly number[];
}

const wholeGrid: ScheduleGrid = {
  rates: [0.2, 0.4, 0.6, 0.9, Infinity],
  variances: [0.1, 0.25, 1],
  strengths: [1, 3],
};
const grids: Readonly<Record<Effort, ScheduleGrid>> = {
  quick: { rates: [0.4, Infinity], variances: [0.25], strengths: [1] },
  default: wholeGrid,
  thorough: wholeGrid,
};
const samplerNames: readonly SamplerName[] = ['ode', 'sde'];
/** |1 - v/sigma2| from which on a schedule has acted: below it the solver's own error decides the sign. */
const acts = 1e-8;
/** Where the integral laws are evaluated as well, which takes longer than to solve. */
const isCompared = (alpha: number, sigma2: number) =>
  sigma2 === 0.25 && (alpha === 0.4 || alpha === Infinity);

/** A schedule of the list in OU time, with the default horizon. */
export function listedSchedule(
  id: string,
  w: number,
  values?: Readonly<Record<string, number>>,
): WrittenSchedule {
  const written = writeSchedule(id, w, values);
  return scheduleInClock(written, 't', ornsteinUhlenbeck, defaultHorizon(ornsteinUhlenbeck));
}

/** Every non-negative schedule of the list, over a grid of class rates and class variances. */
export async function listedSchedules(evidence: Evidence): Promise<{
  checks: Check[];
  panel: EvidencePanel;
  findings: string[];
}> {
  const { rates, variances, strengths } = grids[evidence.effort];
  const entries = scheduleCatalogue.filter(({ nonNegative }) => nonNegative);
  const checks: Check[] = [];
  const findings: string[] = [];
  const series: EvidencePanel['series'][number][] = [];
  for (const sampler of samplerNames) {
    const title = sampler.toUpperCase();
    const counts = { acting: 0, idle: 0, condensed: 0, grown: 0 };
    let largestError = 0;
    const largest: number[] = [];
    for (const { id } of entries) {
      let most = -Infinity;
      for (const w of strengths) {
        const guidance = await guidanceOf(listedSchedule(id, w));
        for (const alpha of rates) {
          for (const sigma2 of variances) {
            const problem = scheduleProblem(sampler, guidance, alpha, sigma2);
            const { final } = evidence.solve(problem, { fluctuations: false, staticClosure: false });
            if (final === null) {
              counts.condensed++;
              continue;
            }
            const ratio = final.v / sigma2;
            if (Math.abs(1 - ratio) > acts) {
              counts.acting++;
              most = Math.max(most, ratio);
              if (!(ratio < 1)) counts.grown++;
            } else counts.idle++;
            if (!isCompared(alpha, sigma2)) continue;
            const { varianceError, overlapError } = lawOutcome(evidence, problem)!;
            largestError = Math.max(largestError, varianceError, overlapError);
          }
        }
      }
      largest.push(most);
    }
    checks.push(
      {
        label: `theory, ${title}: listed schedules with v ≥ σ², of ${counts.acting} that act`,
        test: 'identity',
        expected: 0,
        measured: counts.grown,
        standardError: null,
        margin: 0.5,
      },
      {
        label: `theory, ${title}: listed schedules, largest difference of solver and integral laws in m and v/σ²`,
        test: 'identity',
        expected: 0,
        measured: largestError,
        standardError: null,
        margin: 1e-6,
      },
    );
    findings.push(
      `${title}: ${entries.length} non-negative schedules of the list at w = ${strengths.join(', ')}, α = ${rates.slice(0, -1).join(', ')} and infinite, σ² = ${variances.join(', ')}: ` +
        `of ${counts.acting} that act ${counts.acting - counts.grown} shrink the variance; ${counts.idle} have not acted when the class is decided, ${counts.condensed} condense. Largest v/σ² of those that act: ${Math.max(...largest).toFixed(6)}.`,
    );
    series.push({
      label: `${title}, theory`,
      source: 'theory',
      apart: true,
      group: sampler,
      x: entries.map((_, i) => i + 1),
      y: largest.map((value) => (Number.isFinite(value) ? value : null)),
    });
  }
  return {
    checks,
    findings,
    panel: {
      title: 'largest v/σ² over the grid, per listed schedule',
      x: { label: entries.map(({ id }, i) => `${i + 1} ${id}`).join(', ') },
      y: { label: 'largest variance v/σ²' },
      series,
    },
  };
}
