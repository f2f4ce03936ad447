import { figureCsv } from '../../plots/figure.ts';
import { figurePage } from '../../plots/page.ts';
import { singlePhaseDiagramFigure } from '../../plots/phaseDiagramFigure.ts';
import { processes } from '../../process/process.ts';
import { phaseDiagram, type PhaseDiagram } from '../../transition/phaseDiagram.ts';
import type { CommandDefinition } from '../command.ts';
import { plotlySource } from '../environment.ts';
import { addModelOptions, problemRecord, readCoefficientRange, readModel, requiredText } from '../options.ts';
import { parseRange } from '../ranges.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { addSolverOptions, readSolverOptions } from '../solverOptions.ts';
import { show, table } from '../output.ts';

/** `phase-diagram`: m, v, speciation time and phase over (alpha, w). */
export const phaseDiagramCommand: CommandDefinition = {
  name: 'phase-diagram',
  summary: 'Phase diagram over class rate and guidance coefficient; CSV, JSON and an HTML figure in --out.',
  example: 'cfg-dmft phase-diagram --alpha 0.02:1.6:60 --w 0:8:33 --sigma2 0.25 --out diagram',
  fileNames: ['phase-diagram.csv', 'phase-diagram.html'],
  configure: (command) =>
    addSolverOptions(
      addModelOptions(
        command
          .requiredOption('--alpha <range>', 'class rates: start:stop:count[:log] or a comma list')
          .option('--w <range>', 'guidance coefficients')
          .option('--scale <range>', 'guidance scales 1 + w, in place of --w'),
      ),
    ),
  run(raw, { progress, given }) {
    const alpha = parseRange('alpha', requiredText(raw, 'alpha', 'alpha'));
    if (alpha[0]! < 0) throw new ParameterError('alpha', 'a range of numbers >= 0', raw['alpha']);
    const w = readCoefficientRange(raw);
    const model = readModel(raw, given('sampler'));
    const options = readSolverOptions(raw);
    progress.stage('phase diagram');
    const problem = { ...model, process: processes[model.process] };
    const diagram = phaseDiagram(problem, alpha, w, options, (rows) => {
      progress.update(rows / w.length);
    });
    const figure = singlePhaseDiagramFigure({
      diagram,
      sampler: model.sampler,
      sigma2: model.sigma2,
      ensemble: model.ensemble,
    });
    return Promise.resolve({
      document: { ...diagram },
      text: diagramText(diagram),
      record: { problem: problemRecord(model, alpha, { w }), options, seed: null },
      figures: () => [figure],
      files: (record) => ({
        'phase-diagram.csv': figureCsv({ columns: diagramColumns, rows: diagramRows(diagram) }),
        'phase-diagram.html': figurePage(figure, record, plotlySource()),
      }),
    });
  },
};

/** Columns of {@link diagramRows}. */
export const diagramColumns = ['alpha', 'w', 'm', 'v', 'speciationTime', 'phase', 'minComplexity'];

/** A diagram as one row per point, alpha running fastest. */
export function diagramRows(diagram: PhaseDiagram): (number | string | null)[][] {
  return diagram.w.flatMap((w, i) =>
    diagram.alpha.map((alpha, j) => [
      alpha,
      w,
      diagram.m[i]![j]!,
      diagram.v[i]![j]!,
      diagram.speciationTime[i]![j]!,
      diagram.phase[i]![j]!,
      diagram.minComplexity[i]![j]!,
    ]),
  );
}

function diagramText(diagram: PhaseDiagram): string {
  const count = (row: readonly string[], phase: string) =>
    String(row.filter((name) => name === phase).length);
  return table([
    [
      'w',
      'critical alpha',
      'speciated',
      'condensed',
      'unspeciated',
      'm at largest alpha',
      'v at largest alpha',
    ],
    ...diagram.w.map((w, i) => [
      show(w),
      show(diagram.criticalAlpha[i]),
      count(diagram.phase[i]!, 'speciated'),
      count(diagram.phase[i]!, 'condensed'),
      count(diagram.phase[i]!, 'unspeciated'),
      show(diagram.m[i]!.at(-1)),
      show(diagram.v[i]!.at(-1)),
    ]),
  ]);
}
