/**
 * Plotly figures with the numbers that they show: {@link phaseDiagramFigure}, {@link trajectoryFigure}, {@link potentialFigure},
 * {@link comparisonFigure}, {@link validityFigure}, {@link claimFigure} and others, from tables and solutions of the library, and
 * {@link chartsFigure} of curves and maps of one's own. Building one loads neither Plotly nor a browser; {@link figurePage} makes a page, {@link figureCsv} a table of it.
 */

export { figureCsv, type Figure, type FigureCell, type FigureTable } from '../plots/figure.ts';
export { chartsFigure, type Chart, type ChartsInput, type Curve, type GridMap } from '../plots/charts.ts';
export {
  phaseDiagramFigure,
  type PhaseDiagramPair,
  type SinglePhaseDiagram,
} from '../plots/phaseDiagramFigure.ts';
export {
  trajectoryFigure,
  type TrajectoryCurve,
  type TrajectoryInput,
  type TrajectoryPoint,
} from '../plots/trajectoryFigure.ts';
export { potentialFigure, type PotentialInput } from '../plots/potentialFigure.ts';
export { distortionFigure, type DistortionInput } from '../plots/distortionFigure.ts';
export type { DistortionCurve, DistortionPoint } from '../plots/distortionSeries.ts';
export { comparisonFigure, type ComparisonInput } from '../plots/comparisonFigure.ts';
export type { BudgetInput, BudgetRow } from '../plots/scheduleBudgetFigure.ts';
export type { ScheduleGridInput } from '../plots/scheduleGridFigure.ts';
export type { ScheduleKind } from '../plots/scheduleLook.ts';
export { scheduleParetoFigure, type ParetoInput, type ParetoPoint } from '../plots/scheduleParetoFigure.ts';
export type {
  SchedulePath,
  SchedulePathInput,
  SchedulePathPoint,
  SchedulePathRow,
} from '../plots/schedulePathFigure.ts';
export {
  scheduleShapeFigure,
  type ScheduleCurve,
  type ScheduleShapeInput,
  type ScheduleValue,
} from '../plots/scheduleShapeFigure.ts';
export type { CurvePoint, FewClassCurve, FewClassCurveInput } from '../plots/fewClassCurveFigure.ts';
export {
  fewClassDensityFigure,
  type PlaneDensity,
  type PlaneDensityInput,
} from '../plots/fewClassDensityFigure.ts';
export type { LineDensity, LineDensityInput } from '../plots/fewClassLineFigure.ts';
export type { OneStepInput, OneStepPanel } from '../plots/fewClassMapFigure.ts';
export { fewClassSplitFigure, type SplitDiagramInput } from '../plots/fewClassSplitFigure.ts';
export { classifierErrorFigure, type ClassifierErrorInput } from '../plots/classifierErrorFigure.ts';
export {
  classifierCounterexampleFigure,
  type ClassifierCounterexampleInput,
} from '../plots/classifierCounterexampleFigure.ts';
export type { ClassifierSamplingInput } from '../plots/classifierSamplingFigure.ts';
export type { CalibrationFigureInput } from '../plots/classifierCalibrationFigure.ts';
export { validityFigure, type ValidityChart } from '../plots/validityFigure.ts';
export { claimFigure } from '../plots/claimFigure.ts';
export type { ClaimsPage } from '../plots/claimsPage.ts';
export { figurePage, type ReportPage, type ReportSection } from '../plots/page.ts';
export { palette, plotConfig } from '../plots/theme.ts';
