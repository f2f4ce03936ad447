import { chartsFigure, type Chart } from '../../figures/drawing/charts.ts';
import { recordTable } from '../../figures/drawing/figure.ts';
import { axisTitle, palette, regimeColour, shortNumber } from '../../figures/drawing/theme.ts';
import { guidanceOf, type GuidanceText } from '../../guidance/written.ts';
import { samplerLabel } from '../../guidance/sampler.ts';
import type { SolveOptions } from '../../meanfield/problem.ts';
import { solveOrderParameters, type PhaseLabel } from '../../meanfield/solve.ts';
import { criticalLine, type CriticalPoint } from '../../meanfield/transition/criticalLine.ts';
import { criticalClassRate, type CriticalRate } from '../../meanfield/transition/criticalRate.ts';
import { invariantRatio } from '../../process/variances.ts';
import { command, type CommandResult } from '../frame/command.ts';
import { rate } from '../frame/options.ts';
import { guidancesOptions, levelsRate, problemOf, problemRecord, solverOptions } from '../frame/physics.ts';
import {
  classModelOptions,
  lawTitle,
  libraryModel,
  structuredInput,
  structuredRecord,
  type ClassModelOptions,
} from '../frame/classes.ts';
import { levelTransitions, type LevelTransition } from '../../meanfield/transition/levels.ts';
import { solveStructured } from '../../meanfield/structured/solve.ts';
import type { LevelLaw } from '../../mixture/classLaw.ts';
import { columnTable, show, table } from '../terminal/output.ts';

/** The transition at a class rate. */
interface Speciation {
  readonly speciationTime: number | null;
  /** Gamma/D at the transition. */
  readonly r: number | null;
  readonly phase: PhaseLabel | null;
}

/** Problem and numerics of a run. */
interface Setting {
  /** Class rate of the speciation time; null without one. */
  readonly alpha: number | null;
  readonly model: ClassModelOptions;
  readonly options: Partial<SolveOptions>;
}

/** `transition`: critical class rate, and the speciation time at a given rate. */
export const transitionCommand = command({
  name: 'transition',
  summary:
    'Critical class rate of the transition, also as a table over guidance coefficients, and with --alpha the speciation time.',
  example:
    'cfg-dmft transition --w 1 --alpha 0.5 --sigma2 0.25\n  critical alpha 1.21623765, speciation time 0.46224252',
  files: ['.csv', '.html'],
  options: {
    alpha: rate('class rate at which to give the speciation time'),
    model: classModelOptions,
    guidances: guidancesOptions,
    solver: solverOptions,
  },
  async run({ alpha, model, guidances, solver }, { raw }) {
    const rate = levelsRate(raw) ?? alpha;
    const setting = { alpha: rate, model, options: { ...solver, fluctuations: false } };
    const [guidance] = guidances;
    return guidances.length === 1 ? transitionAt(guidance!, setting) : transitionTable(guidances, setting);
  },
});

async function speciationAt({ alpha, model, options }: Setting, guidance: GuidanceText): Promise<Speciation> {
  if (alpha === null) return { speciationTime: null, r: null, phase: null };
  if (model.law !== null) {
    const { speciationTime, phase } = solveStructured(await structuredInput(model, alpha, guidance), options);
    // Gamma/D differs from direction to direction.
    return { speciationTime, r: null, phase };
  }
  const solution = solveOrderParameters(await problemOf(model, alpha, guidance), options);
  const clock = solution.speciationClock;
  return {
    speciationTime: solution.speciationTime,
    r: clock === null ? null : invariantRatio(clock),
    phase: solution.phase,
  };
}

const recordOf = (
  model: ClassModelOptions,
  alpha: number | null,
  strengths: GuidanceText | { readonly w: readonly number[] },
) =>
  model.law === null ? problemRecord(model, alpha, strengths) : structuredRecord(model, alpha, strengths);

/** The transition of one guidance. */
async function transitionAt(guidance: GuidanceText, setting: Setting): Promise<CommandResult> {
  const { alpha, model, options } = setting;
  const critical = criticalClassRate(
    { ...libraryModel(model), guidance: await guidanceOf(guidance) },
    options,
  );
  const { speciationTime, r, phase } = await speciationAt(setting, guidance);
  const { criticalAlpha, bracket, bracketPhases } = critical;
  const hierarchy =
    model.law === null || model.law.kind !== 'levels'
      ? null
      : { law: model.law, found: levelTransitions(await structuredInput(model, null, guidance), options) };
  return {
    document: {
      criticalAlpha,
      bracket,
      bracketPhases,
      speciationTime,
      r,
      phase,
      ...(hierarchy === null
        ? {}
        : {
            levels: hierarchy.found.map(({ level, speciationTime: time, ...critical }) => ({
              ...hierarchy.law.levels[level - 1]!,
              speciationTime: time === Infinity ? null : time,
              criticalAlpha: critical.criticalAlpha,
              bracket: critical.bracket,
            })),
          }),
    },
    text: [
      table([
        ['quantity', 'value'],
        ['critical alpha', show(criticalAlpha, 10)],
        ['speciated at', show(bracket?.[0], 10)],
        ['unspeciated at', show(bracket?.[1], 10)],
        ...(phase === null
          ? []
          : [
              ['speciation time (OU)', show(speciationTime, 8)],
              ...(model.law === null ? [['r = Gamma/D there', show(r, 8)]] : []),
              ['phase', phase],
            ]),
      ]),
      ...(hierarchy === null ? [] : [levelsText(hierarchy.found, hierarchy.law)]),
    ].join('\n\n'),
    notes: noteOf(critical),
    record: { problem: recordOf(model, alpha, guidance), options, seed: null },
  };
}

function levelsText(levels: readonly LevelTransition[], law: LevelLaw): string {
  return columnTable(levels, [
    ['level', ({ level }) => String(level)],
    ['alpha', ({ level }) => show(law.levels[level - 1]!.alpha)],
    [
      'reached at (OU)',
      ({ speciationTime }) => (speciationTime === Infinity ? 'the start' : show(speciationTime)),
    ],
    ['critical alpha', ({ criticalAlpha }) => show(criticalAlpha, 8)],
  ]);
}

/** Note for a guidance without a critical rate. */
function noteOf({ criticalAlpha, candidate, bracketPhases }: CriticalRate): string[] {
  if (criticalAlpha !== null) return [];
  return [
    bracketPhases === null
      ? 'no class rate reaches the phase of the guided class'
      : `no critical class rate: the trajectory is ${bracketPhases[0]} just below alpha = ${show(candidate)} and ${bracketPhases[1]} just above`,
  ];
}

interface Row extends CriticalPoint, Speciation {}

/** The transition of several guidance coefficients. */
async function transitionTable(guidances: readonly GuidanceText[], setting: Setting): Promise<CommandResult> {
  const { alpha, model, options } = setting;
  const coefficients = guidances.flatMap((guidance) => ('w' in guidance ? [guidance.w] : []));
  const line = criticalLine(libraryModel(model), coefficients, options);
  const rows: Row[] = [];
  for (const point of line.filter(({ isBetween }) => !isBetween))
    rows.push({ ...point, ...(await speciationAt(setting, { w: point.w })) });
  const column = <K extends keyof Row>(key: K) => rows.map((row) => row[key]);
  return {
    document: {
      w: coefficients,
      criticalAlpha: column('criticalAlpha'),
      bracket: column('bracket'),
      bracketPhases: column('bracketPhases'),
      speciationTime: column('speciationTime'),
      r: column('r'),
      phase: column('phase'),
    },
    text: columnTable(rows, [
      ['w', ({ w }) => show(w)],
      ['critical alpha', ({ criticalAlpha }) => show(criticalAlpha, 8)],
      ['speciated at', ({ bracket }) => show(bracket?.[0], 10)],
      ['unspeciated at', ({ bracket }) => show(bracket?.[1], 10)],
      ...(alpha === null
        ? []
        : ([
            ['speciation time', ({ speciationTime }: Row) => show(speciationTime, 6)],
            ['r there', ({ r }: Row) => show(r, 6)],
            ['phase', ({ phase }: Row) => phase ?? '-'],
          ] as const)),
    ]),
    notes: [...new Set(rows.flatMap((row) => noteOf(row).map((note) => `w = ${show(row.w)}: ${note}`)))],
    record: { problem: recordOf(model, alpha, { w: coefficients }), options, seed: null },
    figure: () => transitionFigure(line, rows, setting),
    csv: recordTable(
      ['w', 'criticalAlpha', 'speciatedAt', 'unspeciatedAt', 'alpha', 'speciationTime', 'r', 'phase'],
      rows.map((row) => ({
        ...row,
        alpha,
        speciatedAt: row.bracket?.[0],
        unspeciatedAt: row.bracket?.[1],
      })),
    ),
  };
}

/** The critical class rate over the coefficient, and below it the speciation times at a class rate. */
function transitionFigure(line: readonly CriticalPoint[], rows: readonly Row[], { alpha, model }: Setting) {
  const classes =
    model.law === null ? `σ² = ${shortNumber(model.sigma2)}, ${model.ensemble} classes` : lawTitle(model.law);
  const label = `${samplerLabel(model.sampler).toUpperCase()}, ${classes}`;
  const critical: Chart = {
    title: 'critical class rate',
    x: axisTitle.w,
    y: 'class rate α<sub>c</sub>',
    curves: [
      {
        name: 'critical class rate α<sub>c</sub>(w)',
        x: line.map(({ w }) => w),
        y: line.map(({ criticalAlpha }) => criticalAlpha),
        colour: palette.vermillion,
      },
    ],
  };
  const speciation: Chart = {
    title: `transition at α = ${alpha === null ? '' : shortNumber(alpha)}`,
    x: axisTitle.w,
    y: 'speciation time (OU)',
    curves: [
      {
        name: 'speciation time',
        x: rows.map(({ w }) => w),
        y: rows.map(({ speciationTime }) => speciationTime),
        colour: regimeColour.below,
        points: true,
      },
    ],
  };
  return chartsFigure({
    id: 'transition',
    title: `Critical class rate against the guidance coefficient (${label})`,
    caption:
      `Largest class rate α = log K / d at which the trajectory reaches the phase of the guided class, against the guidance coefficient w (${label}). ` +
      'Above the line guidance acts down to the data.' +
      (alpha === null ? '' : ` Right: time of the transition at the class rate α = ${shortNumber(alpha)}.`),
    charts: alpha === null ? [critical] : [critical, speciation],
  });
}
