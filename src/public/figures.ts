/**
 * Plotly figures with the numbers that they show: {@link phaseDiagramFigure}, {@link trajectoryFigure}, {@link potentialFigure},
 * {@link comparisonFigure}, {@link validityFigure}, {@link claimFigure} and others, from tables and solutions of the library, and
 * {@link chartsFigure} of curves and maps of one's own. Building one loads neither Plotly nor a browser; {@link figurePage} makes a page, {@link figureCsv} a table of it.
 */

export { figureCsv, type Figure, type FigureCell, type FigureTable } from '../plots/drawing/figure.ts';
export {
  chartsFigure,
  type Chart,
  type ChartsInput,
  type Curve,
  type GridMap,
} from '../plots/drawing/charts.ts';
export {
  phaseDiagramFigure,
  type PhaseDiagramPair,
  type SinglePhaseDiagram,
} from '../plots/manyClasses/phaseDiagramFigure.ts';
export {
  trajectoryFigure,
  type TrajectoryCurve,
  type TrajectoryInput,
  type TrajectoryPoint,
} from '../plots/manyClasses/trajectoryFigure.ts';
export { potentialFigure, type PotentialInput } from '../plots/manyClasses/potentialFigure.ts';
export { distortionFigure, type DistortionInput } from '../plots/manyClasses/distortionFigure.ts';
export type { DistortionCurve, DistortionPoint } from '../plots/manyClasses/distortionSeries.ts';
export { comparisonFigure, type ComparisonInput } from '../plots/manyClasses/comparisonFigure.ts';
export type { BudgetInput, BudgetRow } from '../plots/schedules/scheduleBudgetFigure.ts';
export type { ScheduleGridInput } from '../plots/schedules/scheduleGridFigure.ts';
export type { ScheduleKind } from '../plots/schedules/scheduleLook.ts';
export {
  scheduleParetoFigure,
  type ParetoInput,
  type ParetoPoint,
} from '../plots/schedules/scheduleParetoFigure.ts';
export type {
  SchedulePath,
  SchedulePathInput,
  SchedulePathPoint,
  SchedulePathRow,
} from '../plots/schedules/schedulePathFigure.ts';
export {
  scheduleShapeFigure,
  type ScheduleCurve,
  type ScheduleShapeInput,
  type ScheduleValue,
} from '../plots/schedules/scheduleShapeFigure.ts';
export type {
  CurvePoint,
  FewClassCurve,
  FewClassCurveInput,
} from '../plots/fewClasses/fewClassCurveFigure.ts';
export {
  fewClassDensityFigure,
  type PlaneDensity,
  type PlaneDensityInput,
} from '../plots/fewClasses/fewClassDensityFigure.ts';
export type { LineDensity, LineDensityInput } from '../plots/fewClasses/fewClassLineFigure.ts';
export type { OneStepInput, OneStepPanel } from '../plots/fewClasses/fewClassMapFigure.ts';
export { fewClassSplitFigure, type SplitDiagramInput } from '../plots/fewClasses/fewClassSplitFigure.ts';
export {
  classifierErrorFigure,
  type ClassifierErrorInput,
} from '../plots/classifiers/classifierErrorFigure.ts';
export {
  classifierCounterexampleFigure,
  type ClassifierCounterexampleInput,
} from '../plots/classifiers/classifierCounterexampleFigure.ts';
export type { ClassifierSamplingInput } from '../plots/classifiers/classifierSamplingFigure.ts';
export type { CalibrationFigureInput } from '../plots/classifiers/classifierCalibrationFigure.ts';
export { validityFigure, type ValidityChart } from '../plots/manyClasses/validityFigure.ts';
export { claimFigure } from '../plots/claims/claimFigure.ts';
export type { ClaimsPage } from '../plots/claims/claimsPage.ts';
export { figurePage, type ReportPage, type ReportSection } from '../plots/drawing/page.ts';
export { palette, plotConfig } from '../plots/drawing/theme.ts';
