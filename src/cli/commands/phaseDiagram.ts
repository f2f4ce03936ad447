import { singlePhaseDiagramFigure } from '../../figures/manyClasses/phaseDiagramFigure.ts';
import { innerVariance } from '../../mixture/classLaw.ts';
import { criticalLine } from '../../meanfield/transition/criticalLine.ts';
import { phaseDiagram, type PhaseDiagram } from '../../meanfield/transition/phaseDiagram.ts';
import { command } from '../frame/command.ts';
import { missing } from '../frame/input.ts';
import { interval, range, text } from '../frame/options.ts';
import { diagramAlphasOption, coefficientsOptions, problemRecord, solverOptions } from '../frame/physics.ts';
import { classModelOptions, lawTitle, libraryModel, structuredRecord } from '../frame/classes.ts';
import { lawDiagramResult } from './structured/lawDiagram.ts';
import { show, table } from '../terminal/output.ts';

/** `phase-diagram`: m, v, speciation time and phase over (alpha, w). */
export const phaseDiagramCommand = command({
  name: 'phase-diagram',
  summary: 'Phase diagram over class rate and guidance coefficient; CSV, JSON and an HTML figure in --out.',
  example:
    'cfg-dmft phase-diagram --alpha 0.02:1.6:60 --w 0:8:33 --sigma2 0.25 --out diagram\n  w 0: critical alpha 0.804719; ...; w 1: 1.21624; ...; files phase-diagram.json, .csv and .html',
  files: ['.csv', '.html'],
  options: {
    alpha: diagramAlphasOption,
    levelRates: text(
      'class rates of the first and of the second level, in place of those of --levels, at one --w',
      {
        as: 'range;range',
        with: 'levels',
        without: ['alpha', 'exponent'],
        sets: ['alpha1', 'alpha2'],
      },
    ),
    exponent: range('exponents of --spectrum power, in place of its own, at one --w', {
      with: 'spectrum',
      domain: interval('[0, 1)'),
      sets: ['exponents'],
    }),
    w: coefficientsOptions,
    model: classModelOptions,
    solver: solverOptions,
  },
  run({ alpha, levelRates, exponent, w, model, solver: options }, context) {
    if (levelRates !== null || (alpha !== null && exponent !== null))
      return lawDiagramResult({ alpha, levelRates, exponent, w, model, solver: options }, context);
    if (alpha === null) throw missing('alpha', ['levelRates']);
    const { progress } = context;
    progress.stage('phase diagram');
    const problem = libraryModel(model);
    const diagram = phaseDiagram(problem, alpha, w, options, (rows) => {
      progress.update(rows / w.length);
    });
    return {
      document: { ...diagram },
      text: diagramText(diagram),
      record: {
        problem:
          model.law === undefined
            ? problemRecord(model, alpha, { w })
            : structuredRecord(model, alpha, { w }),
        options,
        seed: null,
      },
      figure: () =>
        singlePhaseDiagramFigure({
          diagram,
          criticalLine: criticalLine(problem, w, options),
          sampler: model.sampler,
          ...(model.law === undefined
            ? { sigma2: model.sigma2, ensemble: model.ensemble }
            : { sigma2: innerVariance(model.law), ensemble: lawTitle(model.law) }),
        }),
      csv: { columns: diagramColumns, rows: diagramRows(diagram) },
    };
  },
});

/** Columns of {@link diagramRows}. */
const diagramColumns = ['alpha', 'w', 'm', 'v', 'speciationTime', 'phase', 'minComplexity', 'criticalAlpha'];

/** A diagram as one row per point, alpha running fastest. */
function diagramRows(diagram: PhaseDiagram): (number | string | null)[][] {
  return diagram.w.flatMap((w, i) =>
    diagram.alpha.map((alpha, j) => [
      alpha,
      w,
      diagram.m[i]![j]!,
      diagram.v[i]![j]!,
      diagram.speciationTime[i]![j]!,
      diagram.phase[i]![j]!,
      diagram.minComplexity[i]![j]!,
      diagram.criticalAlpha[i]!,
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
      `m at ${show(diagram.alpha.at(-1))}`,
      `v at ${show(diagram.alpha.at(-1))}`,
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
