import { samplers, type SamplerName } from '../../../src/guidance/sampler.ts';
import { potentialTable } from '../../../src/meanfield/potentialTable.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { trajectory } from '../../../src/meanfield/trajectory.ts';
import type { ComparisonRow } from '../../../src/finiteSize/table.ts';
import { comparisonFigure } from '../../../src/figures/manyClasses/comparisonFigure.ts';
import { distortionFigure } from '../../../src/figures/manyClasses/distortionFigure.ts';
import type { Figure } from '../../../src/figures/drawing/figure.ts';
import {
  phaseDiagramFigure,
  singlePhaseDiagramFigure,
} from '../../../src/figures/manyClasses/phaseDiagramFigure.ts';
import { potentialFigure } from '../../../src/figures/manyClasses/potentialFigure.ts';
import { trajectoryFigure } from '../../../src/figures/manyClasses/trajectoryFigure.ts';
import { validityFigure } from '../../../src/figures/manyClasses/validityFigure.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { phaseDiagram, type PhaseDiagram } from '../../../src/meanfield/transition/phaseDiagram.ts';

const sigma2 = 0.25;

const shared = {
  sigma2,
  ensemble: 'gaussian',
  sampler: samplers.ode,
  process: ornsteinUhlenbeck,
  startTime: null,
} as const;

/** A small phase diagram with condensed cells for the ODE (w = 8, alpha = 0.7). */
export function diagramOf(name: SamplerName): PhaseDiagram {
  return phaseDiagram({ ...shared, sampler: samplers[name] }, [0.2, 0.7, 1, 1.4], [0, 1, 8]);
}

/** Rows with nulls, as a condensed mean field and a single realisation give them. */
export const comparisonRows: ComparisonRow[] = [
  { alpha: 0.5, w: 1, d: null, observable: 'm', source: 'theory', value: 1.2775, standardError: null },
  { alpha: 0.5, w: 1, d: 16, observable: 'm', source: 'full', value: 1.271, standardError: 0.004 },
  { alpha: 0.5, w: 1, d: 1000, observable: 'm', source: 'reduced', value: 1.2771, standardError: null },
  { alpha: 0.7, w: 8, d: null, observable: 'm', source: 'theory', value: null, standardError: null },
  { alpha: 0.7, w: 8, d: 16, observable: 'm', source: 'full', value: 1.9, standardError: 0.03 },
  { alpha: 0.5, w: 1, d: 16, observable: 'vParallel', source: 'full', value: 0.13, standardError: 0.01 },
  { alpha: 0.5, w: 1, d: 16, observable: 'q', source: 'full', value: 1.77, standardError: 0.01 },
];

const validityCell = {
  w: 1,
  theory: null,
  full: null,
  relative: { m: 0.03, v: 0.04 },
  finiteSize: null,
  disorder: null,
  uncertainty: { m: 0.001, v: 0.002 },
};

/** One figure of every kind, from the solver itself. */
export function exampleFigures(): Record<string, Figure> {
  const solution = solveOrderParameters({ ...shared, alpha: 0.5, guidance: { w: 1 } });
  const above = solveOrderParameters({ ...shared, alpha: 1.6, guidance: { w: 1 } });
  const ode = diagramOf('ode');
  return {
    phaseDiagram: phaseDiagramFigure({ ode, sde: diagramOf('sde'), sigma2, ensemble: 'gaussian' }),
    singlePhaseDiagram: singlePhaseDiagramFigure({
      diagram: ode,
      sampler: samplers.ode,
      sigma2,
      ensemble: 'gaussian',
    }),
    trajectory: trajectoryFigure({
      label: 'ODE, w = 1',
      sigma2,
      curves: [
        {
          label: 'below, "quoted"',
          regime: 'below',
          alpha: 0.5,
          rows: trajectory(solution, 40),
          speciationTime: solution.speciationTime,
          points: [{ time: 0.3, m: 1.17, mError: 0.01, v: 0.38, vError: null, source: 'full', d: 16 }],
        },
        {
          label: 'above',
          regime: 'above',
          alpha: 1.6,
          rows: trajectory(above, 40),
          speciationTime: above.speciationTime,
          points: [{ time: 0, m: 1.32, mError: null, v: 0.05, vError: 0.001, source: 'reduced', d: 1000 }],
        },
      ],
    }),
    potential: potentialFigure({
      table: potentialTable(
        solution,
        [1, solution.speciationTime!, 0.1],
        Array.from({ length: 41 }, (_, i) => 0.05 * i),
      ),
      label: 'ODE, α = 0.5, w = 1',
      transitionTime: solution.speciationTime,
    }),
    distortion: distortionFigure({
      w: 1,
      sigma2,
      curves: [
        {
          sampler: 'ode',
          alpha: [0.01, 0.1, 1],
          m: [1.04, 1.13, null],
          v: [0.248, NaN, 0.06],
          criticalAlpha: 1.216,
        },
        { sampler: 'sde', alpha: [0.01, 0.1], m: [1.0017, 0.99], v: [0.25, 0.2497], criticalAlpha: null },
      ],
      points: [
        {
          sampler: 'ode',
          source: 'reduced',
          alpha: 0.1,
          d: 1000,
          m: 1.131,
          mError: 0.002,
          v: 0.234,
          vError: 0.001,
        },
        {
          sampler: 'sde',
          source: 'full',
          alpha: 0.1,
          d: 16,
          m: null,
          mError: null,
          v: 0.2513,
          vError: null,
        },
      ],
    }),
    comparison: comparisonFigure({ rows: comparisonRows, label: 'ODE' }),
    validity: validityFigure({
      alpha: [0.2, 0.4],
      w: [1],
      d: [8, 16],
      cells: [8, 16].flatMap((dimension) => [
        { ...validityCell, dimension, alpha: 0.2, label: '5 %' as const },
        {
          ...validityCell,
          dimension,
          alpha: 0.4,
          label: 'condensed' as const,
          relative: null,
          uncertainty: null,
        },
      ]),
      criticalAlpha: [0.3217],
      label: 'ODE, σ² = 0.25',
    }),
  };
}
