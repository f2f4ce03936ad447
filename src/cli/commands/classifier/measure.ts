import { familyNames } from '../../../classifier/study/families.ts';
import { studyDefaults } from '../../../classifier/study/noiseLevel.ts';
import {
  classifierRows,
  studyFamilies,
  type StudyRow,
  type StudySlope,
} from '../../../classifier/study/study.ts';
import { classifierErrorFigure } from '../../../figures/classifiers/classifierErrorFigure.ts';
import { command } from '../../frame/command.ts';
import { option } from '../../frame/input.ts';
import { modelNotes, readModelFile } from './modelFile.ts';
import {
  classifierProblemRecord,
  problemLabel,
  problemOptions,
  problemsOf,
  samplesOption,
  sweepOptions,
  timesOptions,
} from './problemOptions.ts';
import { noiseTable, rowTable, slopeTable } from './studyText.ts';

/** More rows than this are for the files. */
const mostRowsShown = 30;

/** `classifier measure`: cross-entropy against guidance error, along families or of a model file. */
export const measureCommand = command({
  name: 'measure',
  summary:
    'Conditional KL of a classifier against the mean square error of its guidance, with the bound and the exponent between the two.',
  example:
    'cfg-dmft classifier measure --family temperature,wave --d 8\n  temperature: slope 0.988010(71), locally 0.959 ... 0.999; wave: 0.4994(23), 95 % 0.495 ... 0.504',
  files: ['.csv', '.html'],
  options: {
    problem: problemOptions(),
    times: timesOptions,
    families: sweepOptions(familyNames, 'all'),
    classifier: option(
      'a trained model (classifier train --out) in place of families',
      { as: 'file', kind: 'file' },
      readModelFile,
    ),
    samples: samplesOption('points per noise level'),
  },
  run({ problem: choice, times, families, classifier: file, samples }, { progress }) {
    const usual =
      file === null ? choice.usual : { dimensions: [file.model.dimension], classes: file.model.classes };
    const problems = problemsOf({ ...choice, usual }).map(({ problem }) => problem);
    const options = { ...studyDefaults, samples, seed: choice.seed };
    const sweeps = file === null ? families : [];
    const rows: StudyRow[] = [];
    const slopes: StudySlope[] = [];
    const notes: string[] = [];
    const total = sweeps.reduce((sum, { parameters }) => sum + parameters.length, 0) * times.length;
    for (const problem of problems) {
      progress.stage(`classifiers in d = ${problem.diffused.mixture.dimension}`);
      if (file !== null) {
        const { classifier, model, trainingSamples: parameter } = file;
        notes.push(...modelNotes(file, problem));
        rows.push(...classifierRows(problem, classifier, { family: model.kind, parameter }, times, options));
      }
      const study = studyFamilies(problem, sweeps, times, options, (count) => {
        progress.update(count / total);
      });
      rows.push(...study.rows);
      slopes.push(...study.slopes);
    }
    const text = [
      ...(slopes.length > 0 ? [slopeTable(slopes, rows)] : []),
      ...(rows.length <= mostRowsShown ? [rowTable(rows)] : []),
      ...(times.length > 1 ? [noiseTable(rows)].filter((part) => part !== '') : []),
    ];
    return {
      document: { rows, slopes },
      text: text.length > 0 ? text.join('\n\n') : rowTable(rows.slice(0, mostRowsShown)),
      notes,
      record: {
        problem: { mixtures: problems.map(classifierProblemRecord), times },
        options: { ...options, sweeps, classifier: file?.path ?? null },
        seed: options.seed,
      },
      figure: classifierErrorFigure({ rows, slopes, label: problemLabel(problems) }),
    };
  },
});
