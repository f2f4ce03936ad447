import type { CompiledSchedule } from '../../guidance/compiled.ts';
import { compileSchedule } from '../../guidance/schedule.ts';
import { innerVariance, isLinear, type BandLaw, type ClassLaw } from '../../mixture/classLaw.ts';
import { NumericalFailure, ParameterError } from '../../numerics/checks.ts';
import { finiteStart } from '../../process/process.ts';
import { clockAtNoiseToSignal, dataClock, noiseToSignalAtClock } from '../../process/variances.ts';
import type { StructuredProblem } from '../../problem/structured.ts';
import {
  linearBands,
  linearClasses,
  linearDynamics,
  linearStart,
  linearDistortion,
  linearState,
  overlapWeights,
  shiftedOverlaps,
} from './linear.ts';
import { widthOf, type StructuredModel } from './model.ts';
import { coordinateState, type CoordinatePoints } from './coordinates.ts';
import { coordinateParts, linearPart, normalProfile, type Profile } from './coordinateParts.ts';
import { gridProfile, gridRow, mapCoefficients, mapProfile } from './profiles.ts';
import { densityDynamics, densityPoints, densityStart, shiftedDensity, unresolvedShares } from './density.ts';
import { gridWaves } from './densityGrid.ts';
import {
  coordinateNodes,
  nodeDynamics,
  nodePoints,
  nodeStart,
  shiftedNodes,
  type NodeOrders,
} from './nodes.ts';

/** Orders of the quadrature that give m and v to 1e-6 (docs/theory/structured-classes.md). */
export const nodeDefaults: NodeOrders = { start: 24, centre: 6, modes: 16, reach: 6.5 };

// The start at infinite noise: errors of the linear one are of order 1/tau, of the nodes' 1/tau^(3/2), relative to the largest variance.
const linearStartTau = 1e15;
const nodeStartTau = 1e8;
// With noise the errors of the start fade, and the densities' steps are short.
const densityStartTau = 1e6;
/** Tolerances of positions in units of the noise, and of masses on a grid. */
const nodeTolerance = 1e-8;
const densityTolerance = 2e-10;
/** Share of a part, beyond a continuous law's reach, that is not worth a density. */
const leastWeight = 1e-9;

/** Largest variance of a law: of a coordinate over all classes. */
function largestVariance(law: ClassLaw): number {
  if (law.kind === 'levels') return law.sigma2 + law.levels.reduce((sum, { r }) => sum + r, 0);
  return Math.max(
    ...law.bands.flatMap(({ rho, c }) =>
      typeof c === 'number' ? [rho + c] : c.map(({ value }) => rho + value),
    ),
  );
}

/** Smallest variance inside a class of a law, which the clock resolves. */
function smallestWidth(law: ClassLaw): number {
  if (law.kind === 'levels') return widthOf(law.sigma2, Math.max(...law.levels.map(({ r }) => r)));
  const scale = Math.max(...law.bands.map(({ rho }) => rho));
  return Math.min(
    ...law.bands
      .flatMap(({ c }) => (typeof c === 'number' ? [c] : c.map(({ value }) => value)))
      .map((c) => widthOf(c, scale)),
  );
}

/** The model of a problem. @param orders nodes of the laws that need them */
export function structuredModel(
  problem: StructuredProblem,
  orders: NodeOrders = nodeDefaults,
): StructuredModel {
  const { law, alpha, sampler, process, guidance, startTime } = problem;
  const reference = smallestWidth(law);
  const schedule = compileSchedule(guidance, { process, sigma2: reference, startTime });
  const finite = startTime === null ? null : finiteStart(process, startTime);
  const linear = isLinear(law);
  const early = linear ? linearStartTau : sampler.eta === 0 ? nodeStartTau : densityStartTau;
  const tau = finite?.tau ?? early * largestVariance(law);
  if (!(reference + tau > reference))
    throw new ParameterError(
      'startTime',
      `late enough that b^2/a^2 there is not lost beside ${reference}`,
      startTime,
    );
  const startClock = clockAtNoiseToSignal(tau, reference);
  const start = {
    tau,
    variance: finite?.variance ?? null,
    w: startGuidance(schedule, startClock, finite === null),
  };
  const common = {
    reference,
    schedule,
    startClock,
    fromNoise: finite === null,
  };
  const momentAt = (clock: number) => ({
    tau: noiseToSignalAtClock(clock, reference),
    w: schedule.constant ?? schedule.coefficient(clock),
  });
  if (linear) {
    const classes = linearClasses(law, alpha);
    const { state, covariance } = linearStart(classes, start);
    return {
      ...common,
      ...linearDynamics(classes, { eta: sampler.eta, schedule, reference }),
      startState: state,
      startCovariance: covariance,
      overlapWeights: overlapWeights(classes),
      tolerance: 0,
      observe: (clock, at) => linearState(classes, law, at, momentAt(clock)),
      distortion: (at) => linearDistortion(classes, law, at, momentAt(dataClock(reference)).w),
      shifted: (_clock, at, delta) => shiftedOverlaps(classes, at, delta),
      coordinateLaw: (clock, at) => linearBands(classes, law, at, momentAt(clock)).map(linearPart),
    };
  }
  const bands = law as BandLaw;
  const nodes = coordinateNodes(bands, reference, orders);
  const settings = { alpha, schedule, reference };
  const from = { ...start, reference };
  const end = dataClock(reference);
  /** @param profile density of y in a state, at a row of {@link coordinateParts} */
  const lawAt = (
    clock: number,
    rows: (part: number) => Float64Array | null,
    profile: (row: Float64Array, mu: number) => Profile,
  ) =>
    coordinateParts(
      bands,
      { least: reference, order: orders.centre, tau: momentAt(clock).tau },
      rows,
      (row, _piece, mu) => profile(row, mu),
    );
  const ownLaw = (clock: number) => {
    const { tau } = momentAt(clock);
    const none = new Float64Array(0);
    return coordinateParts(
      bands,
      { least: reference, order: orders.centre, tau },
      () => none,
      (_row, { c }, mu) => normalProfile(mu, Math.sqrt(c + tau)),
    );
  };
  const observed = (points: CoordinatePoints) => ({
    known: [0, 1],
    startCovariance: null,
    overlapWeights: null,
    observe: (clock: number, at: Float64Array) => coordinateState(points, clock, at, momentAt(clock)),
    distortion: (at: Float64Array) => {
      const { m, v } = coordinateState(points, end, at, momentAt(end));
      const width = innerVariance(bands);
      return {
        meanShift: m - 1,
        varianceRatio: width === 0 ? null : v / width,
        klPerDimension: null,
        w2PerDimension: null,
      };
    },
  });
  if (sampler.eta > 0) {
    const kept = nodes.parts.map(({ weight }) => weight > leastWeight);
    const placeOf = kept.map((_, part) => kept.slice(0, part).filter(Boolean).length);
    const density = {
      law: bands,
      parts: nodes.parts.filter((_, part) => kept[part]),
      modes: orders.modes,
      reach: orders.reach,
    };
    const points = densityPoints(density);
    const waves = gridWaves(density.modes);
    return {
      ...common,
      ...observed(points),
      dynamics: densityDynamics(density, points, { ...settings, eta: sampler.eta }),
      startState: densityStart(density, from),
      tolerance: densityTolerance,
      shifted: (clock, at, delta) => shiftedDensity(density, clock, at, delta),
      unresolved: (at) => unresolvedShares(density, waves, at),
      coordinateLaw: (clock, at) =>
        at === null
          ? ownLaw(clock)
          : lawAt(
              clock,
              (part) => (kept[part]! ? gridRow(density, clock, at, placeOf[part]!) : null),
              gridProfile,
            ),
    };
  }
  const points = nodePoints(nodes);
  return {
    ...common,
    ...observed(points),
    dynamics: nodeDynamics(nodes, points, settings),
    startState: nodeStart(nodes, from),
    tolerance: nodeTolerance,
    shifted: (clock, at, delta) => shiftedNodes(nodes, clock, at, delta),
    coordinateLaw: (clock, at) =>
      at === null
        ? ownLaw(clock)
        : lawAt(clock, (part) => mapCoefficients(nodes, clock, at, part), mapProfile),
  };
}

/** w at the start; it must be small against the noise there. */
function startGuidance(schedule: CompiledSchedule, clock: number, fromNoise: boolean): number {
  const w = schedule.constant ?? schedule.coefficient(clock);
  if (fromNoise && !Number.isFinite(w)) {
    throw new NumericalFailure(
      'the schedule has no finite value at infinite noise',
      'give a finite start time (--t-max)',
    );
  }
  return w;
}
