import { separationGap, type Trials } from './candidate.ts';
import { signFamily, type WrittenCandidate } from './families.ts';
import { searchNodes, nodeTimes, writeNodes, type Nodes, type RatedNodes } from './piecewiseLinear.ts';
import type { DesignOptions, DesignTarget } from './problem.ts';
import { robustNodes } from './robustness.ts';
import { searchFamily } from './search.ts';

// Shares of what guidance must add to the separation that are yielded in turn where all of it is out of reach.
const yields = [0.01, 0.03, 0.08, 0.16, 0.3, 0.5, 0.75];
const halvings = 3;
// Constant schedules to begin with where the two-level one condenses once it is drawn through the nodes.
const flatStarts = [0.3, 1];

/**
 * Free piecewise-linear schedule. The search begins with the two-level design and with flat schedules; where the
 * target is out of reach, it yields as little of the separation as it has to. The two-level design itself where no
 * nodes are found.
 */
export function designNodes(
  trials: Trials,
  target: DesignTarget,
  options: DesignOptions,
): WrittenCandidate | null {
  const { problem } = trials;
  const unguided = trials.run({ coefficient: () => 0, breakpoints: [] });
  const times = nodeTimes(problem, options.nodes, unguided.solution.speciationTime);
  const flat = (w: number): Nodes => ({
    times,
    values: times.map(() => Math.min(w, options.limits.largest)),
  });
  const starts = flatStarts.map(flat);
  const levels = searchFamily('two-level', trials, target, options);
  if (levels !== null) {
    const { coefficient } = levels.candidate;
    const values = times.map((time) => coefficient(problem.process.noiseToSignal(time)));
    starts.unshift({ times, values });
  }
  const attempt = (yielded: number, from: readonly Nodes[]): RatedNodes | null => {
    for (const start of from) {
      const found = searchNodes(trials, target, options, start, yielded);
      if (isDesign(found, options)) return found;
    }
    return null;
  };
  let best = attempt(0, starts);
  if (best !== null && options.robust !== null)
    return robustNodes(best.nodes, trials, target, options, options.robust);
  if (best === null) {
    const asked = Math.max(0, -separationGap(unguided, target));
    let missed = 0;
    let met = 0;
    for (const share of yields) {
      met = share * asked;
      best = attempt(met, starts.slice(0, 2));
      if (best !== null) break;
      missed = met;
    }
    for (let i = 0; i < halvings && best !== null; i++) {
      const middle = 0.5 * (missed + met);
      const found = attempt(middle, [best.nodes]);
      if (found === null) missed = middle;
      else [best, met] = [found, middle];
    }
  }
  if (best !== null) return writeNodes(best.nodes);
  return levels === null
    ? null
    : signFamily('two-level', problem, options.limits).write(levels.strength, levels.turn, levels.free);
}

/** True if the search has met its constraints. */
function isDesign(
  { trial, separation, margin, nodes }: RatedNodes,
  { tolerance, limits }: DesignOptions,
): boolean {
  return (
    trial.logRatio !== null &&
    Math.abs(trial.logRatio) < 0.1 * tolerance &&
    separation > -1.9e-5 &&
    margin > -1.9e-5 &&
    nodes.values.every((w) => w >= limits.least && w <= limits.largest)
  );
}
