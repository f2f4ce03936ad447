import { plainKernel } from '../kernels/plainKernel.ts';
import { drawClasses } from './classes.ts';
import type { StructuredPlan } from './plan.ts';
import { blockRunner } from './runner.ts';
import { classScores } from './scores.ts';

/** Half-width of a refined zone and its step, both in units of 1/sqrt(log K) of the clock, as for isotropic classes. */
const zoneHalfWidth = 6;
const zoneStep = 0.2;

/**
 * The nodes with small steps where particles of a reduced simulation switch from one phase to another: within 1/log K of the clock, at a time that
 * is spread by some 1/sqrt(log K) (docs/theory/particles.md, "Reduced simulation"). Where that is, the first particle tells on a fine grid.
 * @param pilot plan on a fine grid
 */
export function withSwitches(nodes: Float64Array, pilot: StructuredPlan): Float64Array {
  const { logClasses, logBranches } = pilot.problem.size;
  const positive = [logClasses, ...logBranches].filter((log) => log > 0);
  if (positive.length === 0) return nodes;
  const halfWidth = zoneHalfWidth / Math.sqrt(Math.min(...positive));
  const spacing = zoneStep / Math.sqrt(logClasses);
  const added: number[] = [];
  for (const [from, to] of joined(switchesOf(pilot), halfWidth)) {
    const begin = Math.max(nodes[0]!, from);
    const end = Math.min(nodes.at(-1)!, to);
    const longest = nodes.reduce((most, node, i) => {
      const before = nodes[i - 1] ?? node;
      return before < end && node > begin ? Math.max(most, node - before) : most;
    }, 0);
    if (longest <= spacing) continue;
    const count = Math.ceil((end - begin) / spacing);
    for (let j = 0; j < count; j++) added.push(begin + ((end - begin) * j) / count);
  }
  return Float64Array.from(new Set([...nodes, ...added])).sort();
}

/** Clocks at which the first particle of the first realisation changes phase. */
function switchesOf(plan: StructuredPlan): number[] {
  const { problem, options, nodes } = plan;
  const classes = drawClasses(problem, options.seed, 0);
  const scores = classScores(problem, classes, options, plainKernel);
  const runner = blockRunner(plan, 0, classes, scores);
  runner.start(0, 1);
  const found: number[] = [];
  let phase = -1;
  for (let n = 0; n < plan.w.length; n++) {
    runner.guidedWeights(n);
    const now = scores.phases(1)[0]!;
    if (n > 0 && now !== phase) found.push(nodes[n]!);
    phase = now;
    runner.step(n);
  }
  return found;
}

/** Intervals about ascending clocks; those that overlap are joined. */
function joined(clocks: readonly number[], halfWidth: number): [from: number, to: number][] {
  const intervals: [number, number][] = [];
  for (const clock of clocks) {
    const last = intervals.at(-1);
    if (last !== undefined && clock - halfWidth <= last[1]) last[1] = clock + halfWidth;
    else intervals.push([clock - halfWidth, clock + halfWidth]);
  }
  return intervals;
}
