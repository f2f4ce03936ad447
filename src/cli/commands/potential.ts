import { samplerLabel } from '../../guidance/sampler.ts';
import { defaultPotentialTimes, potentialTable } from '../../meanfield/potentialTable.ts';
import { solveOrderParameters } from '../../meanfield/solve.ts';
import { figureCsv } from '../../plots/figure.ts';
import { figurePage } from '../../plots/page.ts';
import { potentialFigure } from '../../plots/potentialFigure.ts';
import type { CommandDefinition } from '../command.ts';
import { plotlySource } from '../environment.ts';
import {
  addGuidanceOptions,
  addModelOptions,
  guidedProblem,
  problemRecord,
  readAlpha,
  readGuidance,
  readModel,
  requiredText,
} from '../options.ts';
import { parseNumber, parseRange } from '../ranges.ts';
import { addSolverOptions, readSolverOptions } from '../solverOptions.ts';
import { show, table } from '../output.ts';

/** `potential`: the guided effective potential along m at given times. */
export const potentialCommand: CommandDefinition = {
  name: 'potential',
  summary: 'Guided effective potential along the overlap m at given times, with its minima and kinks.',
  example: 'cfg-dmft potential --alpha 0.5 --w 1 --sigma2 0.25 --times 1,0.6,0.46,0.3,0.1',
  fileNames: ['potential.csv', 'potential.html'],
  configure: (command) =>
    addSolverOptions(
      addGuidanceOptions(addModelOptions(command.requiredOption('--alpha <A>', 'class rate log(K)/d, >= 0'))),
    )
      .option(
        '--times <list>',
        'process times, by comma (default: 6 through sampling, the transition among them)',
      )
      .option('--m <range>', 'overlaps', '-0.5:2.5:121'),
  async run(raw, { given }) {
    const alpha = readAlpha(raw);
    const guidance = readGuidance(raw);
    const model = readModel(raw, given('sampler'));
    const overlaps = parseRange('m', requiredText(raw, 'm', 'm'));
    const times = raw['times'];
    const options = { ...readSolverOptions(raw), fluctuations: false };
    const asked =
      typeof times === 'string' ? times.split(',').map((part) => parseNumber('times', part)) : null;
    const solution = solveOrderParameters(await guidedProblem(model, alpha, guidance), options);
    const result = potentialTable(solution, asked ?? defaultPotentialTimes(solution, 6), overlaps);
    const list = (values: readonly number[]) =>
      values.length === 0 ? '-' : values.map((x) => show(x, 5)).join(', ');
    const figure = potentialFigure({
      table: result,
      label: `${samplerLabel(model.sampler).toUpperCase()}, α = ${show(alpha)}, ${'w' in guidance ? `w = ${show(guidance.w)}` : `w = ${guidance.schedule}`}`,
      transitionTime: solution.crossings.find((crossing) => crossing.kind === 'speciation')?.time ?? null,
    });
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
        problem: problemRecord(model, alpha, guidance),
        options: { ...options, times: result.time, m: overlaps },
        seed: null,
      },
      figures: () => [figure],
      files: (record) => ({
        'potential.csv': figureCsv({
          columns: ['time', 'm', 'potential'],
          rows: result.time.flatMap((time, i) => result.m.map((m, j) => [time, m, result.potential[i]![j]!])),
        }),
        'potential.html': figurePage(figure, record, plotlySource()),
      }),
    };
  },
};
