import { NoiseLevel, studyDefaults } from '../../../classifier/study/noiseLevel.ts';
import {
  studyFamilies,
  studyRow,
  type StudyRow,
  type StudySlope,
  type Sweep,
} from '../../../classifier/study/study.ts';
import { ParameterError, requireInteger } from '../../../numerics/checks.ts';
import { classifierErrorFigure } from '../../../plots/classifiers/classifierErrorFigure.ts';
import { figureCsv } from '../../../plots/drawing/figure.ts';
import { figurePage } from '../../../plots/drawing/page.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import { integerOption, type RawOptions } from '../../options.ts';
import { readModelFile, type ModelFile } from './modelFile.ts';
import {
  addProblemOptions,
  addTimeOptions,
  classifierDefaults,
  classifierProblemRecord,
  readFamilies,
  readParameters,
  readProblems,
  readSeed,
  readTimes,
  type ClassifierProblem,
} from './problemOptions.ts';
import { noiseTable, rowTable, slopeTable } from './studyText.ts';

const csvName = 'classifier-measure.csv';
const pageName = 'classifier-measure.html';
/** More rows than this are for the files. */
const mostRowsShown = 30;

/** `classifier measure`: cross-entropy against guidance error, along families or of a model file. */
export const measureCommand: CommandDefinition = {
  name: 'measure',
  summary:
    'Conditional KL of a classifier against the mean square error of its guidance, with the bound and the exponent between the two.',
  example:
    'cfg-dmft classifier measure --family temperature,wave --d 8\n  temperature: slope 0.988010(71), locally 0.959 ... 0.999; wave: 0.4994(23), 95 % 0.495 ... 0.504',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addTimeOptions(addProblemOptions(command))
      .option('--family <list>', 'families by comma (default: all)')
      .option('--parameters <list>', 'parameters of the one --family (default: its own sweep)')
      .option('--classifier <file>', 'a trained model (classifier train --out) in place of families')
      .option('--samples <N>', `points per noise level (default: ${studyDefaults.samples})`),
  run(raw, { progress }) {
    const file = readFile(raw);
    const problems = readProblems(raw, file === null ? classifierDefaults : dimensionsOf(file));
    const times = readTimes(raw, problems[0]!);
    const options = { ...studyDefaults, samples: readSamples(raw), seed: readSeed(raw) };
    const sweeps = file === null ? readSweeps(raw) : [];
    const rows: StudyRow[] = [];
    const slopes: StudySlope[] = [];
    const notes: string[] = [];
    const total = sweeps.reduce((sum, { parameters }) => sum + parameters.length, 0) * times.length;
    for (const problem of problems) {
      const { dimension } = problem.diffused.mixture;
      progress.stage(`classifiers in d = ${dimension}`);
      if (file !== null) {
        notes.push(...checkFile(file, problem));
        for (const time of times) {
          const { error } = new NoiseLevel(problem, time, options).measure(file.classifier);
          rows.push(studyRow(file.model.kind, file.trainingSamples, problem, error));
        }
      }
      const study = studyFamilies(problem, sweeps, times, options, (count) => {
        progress.update(count / total);
      });
      rows.push(...study.rows);
      slopes.push(...study.slopes);
    }
    const figure = classifierErrorFigure({ rows, slopes, label: problemText(problems) });
    const text = [
      ...(slopes.length > 0 ? [slopeTable(slopes, rows)] : []),
      ...(rows.length <= mostRowsShown ? [rowTable(rows)] : []),
      ...(times.length > 1 ? [noiseTable(rows)].filter((part) => part !== '') : []),
    ];
    return Promise.resolve({
      document: { rows, slopes },
      text: text.length > 0 ? text.join('\n\n') : rowTable(rows.slice(0, mostRowsShown)),
      notes,
      record: {
        problem: { mixtures: problems.map(classifierProblemRecord), times },
        options: { ...options, sweeps, classifier: raw['classifier'] ?? null },
        seed: options.seed,
      },
      figures: () => [figure],
      files: (record) => ({
        [csvName]: figureCsv(figure.table),
        [pageName]: figurePage(figure, record, plotlySource(), record.command),
      }),
    });
  },
};

function readFile(raw: RawOptions): ModelFile | null {
  const path = raw['classifier'];
  if (typeof path !== 'string') return null;
  for (const key of ['family', 'parameters']) {
    if (raw[key] !== undefined) throw new ParameterError(key, 'given without --classifier', raw[key]);
  }
  return readModelFile('classifier', path);
}

function dimensionsOf({ model }: ModelFile): { dimensions: readonly number[]; classes: number } {
  return { dimensions: [model.dimension], classes: model.classes };
}

/** The process must be that of the training; another mixture gives a note. */
function checkFile({ model, centres }: ModelFile, problem: ClassifierProblem): string[] {
  const { diffused } = problem;
  if (model.process !== diffused.process.name) {
    throw new ParameterError('process', `${model.process}, as in the training`, diffused.process.name);
  }
  const here = classifierProblemRecord(problem)['centres'];
  const differs = centres !== null && JSON.stringify(centres) !== JSON.stringify(here);
  return differs ? ['the classifier was trained on another mixture than it is measured on'] : [];
}

function readSamples(raw: RawOptions): number {
  const samples = integerOption(raw, 'samples', 'samples', studyDefaults.samples);
  requireInteger('samples', samples, studyDefaults.batches, 10_000_000);
  return samples;
}

function readSweeps(raw: RawOptions): Sweep[] {
  const families = readFamilies(raw);
  if (raw['parameters'] !== undefined && (families.length > 1 || raw['family'] === undefined)) {
    throw new ParameterError('parameters', 'given with one --family', raw['parameters']);
  }
  return families.map((family) => ({ family, parameters: readParameters(raw, family) }));
}

function problemText(problems: readonly ClassifierProblem[]): string {
  const { mixture } = problems[0]!.diffused;
  const dimensions = problems.map(({ diffused }) => diffused.mixture.dimension).join(', ');
  return `${mixture.classes} classes, d = ${dimensions}, class ${problems[0]!.label}`;
}
