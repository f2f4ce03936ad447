import { samplerLabel } from '../../guidance/sampler.ts';
import { defaultPotentialTimes, potentialTable } from '../../meanfield/potentialTable.ts';
import { solveOrderParameters } from '../../meanfield/solve.ts';
import { potentialFigure } from '../../figures/manyClasses/potentialFigure.ts';
import { command } from '../frame/command.ts';
import { numbers, range } from '../frame/options.ts';
import {
  alphaOrLevelsOption,
  guidanceOptions,
  problemOf,
  problemRecord,
  solverOptions,
} from '../frame/physics.ts';
import { classModelOptions, structuredInput, structuredRecord, structuredTitle } from '../frame/classes.ts';
import { show, table } from '../terminal/output.ts';
import type { SolveOptions } from '../../meanfield/problem.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import type { StructuredInput } from '../../problem/structured.ts';
import { solveStructured, type StructuredOptions } from '../../meanfield/structured/solve.ts';
import { structuredPotential, structuredPotentialTimes } from '../../meanfield/structured/trajectory.ts';

/** `potential`: the guided effective potential along m at given times. */
export const potentialCommand = command({
  name: 'potential',
  summary: 'Guided effective potential along the overlap m at given times, with its minima and kinks.',
  example:
    'cfg-dmft potential --alpha 0.5 --w 1 --sigma2 0.25 --times 1,0.6,0.46,0.3,0.1\n  time 1: m 0.702762, kink at 2.3835; ...; time 0.1: m 1.24969, minimum at 1.4736, kink at 0.69912',
  files: ['.csv', '.html'],
  options: {
    alpha: alphaOrLevelsOption,
    model: classModelOptions,
    guidance: guidanceOptions,
    solver: solverOptions,
    times: numbers('process times, by comma', { usual: '6 through sampling, the transition among them' }),
    m: range('overlaps', { default: '-0.5:2.5:121' }),
  },
  async run({ alpha, model, guidance, solver, times, m: overlaps }) {
    const options = { ...solver, fluctuations: false };
    const { result, crossings } =
      model.law === null
        ? isotropicTable(await problemOf(model, alpha, guidance), options, times, overlaps)
        : structuredTable(await structuredInput(model, alpha, guidance), options, times, overlaps);
    const list = (values: readonly number[]) =>
      values.length === 0 ? '-' : values.map((x) => show(x, 5)).join(', ');
    return {
      document: { ...result },
      text: table([
        ['time', 'state m', 'v', 'minima at m', 'kinks (psi = phi) at m'],
        ...result.time.map((time, i) => [
          show(time),
          show(result.state[i]!.m),
          show(result.state[i]!.v),
          list(result.minima[i]!.map((minimum) => minimum.m)),
          list(result.kink[i]!),
        ]),
      ]),
      record: {
        problem:
          model.law === null
            ? problemRecord(model, alpha, guidance)
            : structuredRecord(model, alpha, guidance),
        options: { ...options, times: result.time, m: overlaps },
        seed: null,
      },
      figure: potentialFigure({
        table: result,
        label:
          model.law === null
            ? `${samplerLabel(model.sampler).toUpperCase()}, α = ${show(alpha)}, ${'w' in guidance ? `w = ${show(guidance.w)}` : `w = ${guidance.schedule}`}`
            : structuredTitle(model, alpha, guidance),
        transitionTime: crossings.find(({ kind }) => kind === 'speciation')?.time ?? null,
      }),
      csv: {
        columns: ['time', 'm', 'potential'],
        rows: result.time.flatMap((time, i) => result.m.map((m, j) => [time, m, result.potential[i]![j]!])),
      },
    };
  },
});

const shownTimes = 6;

function isotropicTable(
  problem: GuidedProblem,
  options: Partial<SolveOptions>,
  times: readonly number[] | null,
  overlaps: readonly number[],
) {
  const solution = solveOrderParameters(problem, options);
  const result = potentialTable(solution, times ?? defaultPotentialTimes(solution, shownTimes), overlaps);
  return { result, crossings: solution.crossings };
}

function structuredTable(
  problem: StructuredInput,
  options: Partial<StructuredOptions>,
  times: readonly number[] | null,
  overlaps: readonly number[],
) {
  const solution = solveStructured(problem, options);
  const result = structuredPotential(
    solution,
    times ?? structuredPotentialTimes(solution, shownTimes),
    overlaps,
  );
  return { result, crossings: solution.crossings };
}
