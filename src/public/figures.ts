/**
 * Plotly figures with the numbers that they show: {@link phaseDiagramFigure}, {@link trajectoryFigure}, {@link potentialFigure},
 * {@link comparisonFigure}, {@link validityFigure}, {@link claimFigure} and others, from tables and solutions of the library, and
 * {@link chartsFigure} of curves and maps of one's own. Building one loads neither Plotly nor a browser; {@link restyled} gives one other colours, another font or fewer panels, {@link figurePage} makes a page,
 * {@link figureCsv} and {@link tableFile} a table of it: CSV, NPZ, Parquet.
 */

export { restyled, type FigureLook } from '../figures/drawing/restyle.ts';
export { figureCsv, type Figure, type FigureCell, type FigureTable } from '../figures/drawing/figure.ts';
export { tableFile, type TableAbout, type TableFormat } from '../figures/tables/files.ts';
export type { ColumnWords } from '../figures/drawing/columnWords.ts';
export {
  chartsFigure,
  type Chart,
  type ChartsInput,
  type Curve,
  type GridMap,
} from '../figures/drawing/charts.ts';
export {
  phaseDiagramFigure,
  type PhaseDiagramPair,
  type SinglePhaseDiagram,
} from '../figures/manyClasses/phaseDiagramFigure.ts';
export {
  trajectoryFigure,
  type TrajectoryCurve,
  type TrajectoryInput,
  type TrajectoryPoint,
} from '../figures/manyClasses/trajectoryFigure.ts';
export { potentialFigure, type PotentialInput } from '../figures/manyClasses/potentialFigure.ts';
export { distortionFigure, type DistortionInput } from '../figures/manyClasses/distortionFigure.ts';
export type { DistortionCurve, DistortionPoint } from '../figures/manyClasses/distortionSeries.ts';
export { comparisonFigure, type ComparisonInput } from '../figures/manyClasses/comparisonFigure.ts';
export type { BudgetInput, BudgetRow } from '../figures/schedules/scheduleBudgetFigure.ts';
export type { ScheduleGridInput } from '../figures/schedules/scheduleGridFigure.ts';
export type { ScheduleKind } from '../figures/schedules/scheduleLook.ts';
export {
  scheduleParetoFigure,
  type ParetoInput,
  type ParetoPoint,
} from '../figures/schedules/scheduleParetoFigure.ts';
export type {
  SchedulePath,
  SchedulePathInput,
  SchedulePathPoint,
  SchedulePathRow,
} from '../figures/schedules/schedulePathFigure.ts';
export {
  scheduleShapeFigure,
  type ScheduleCurve,
  type ScheduleShapeInput,
  type ScheduleValue,
} from '../figures/schedules/scheduleShapeFigure.ts';
export type {
  CurvePoint,
  FewClassCurve,
  FewClassCurveInput,
} from '../figures/fewClasses/fewClassCurveFigure.ts';
export {
  fewClassDensityFigure,
  type PlaneDensity,
  type PlaneDensityInput,
} from '../figures/fewClasses/fewClassDensityFigure.ts';
export type { LineDensity, LineDensityInput } from '../figures/fewClasses/fewClassLineFigure.ts';
export type { OneStepInput, OneStepPanel } from '../figures/fewClasses/fewClassMapFigure.ts';
export { fewClassSplitFigure, type SplitDiagramInput } from '../figures/fewClasses/fewClassSplitFigure.ts';
export {
  classifierErrorFigure,
  type ClassifierErrorInput,
} from '../figures/classifiers/classifierErrorFigure.ts';
export {
  classifierCounterexampleFigure,
  type ClassifierCounterexampleInput,
} from '../figures/classifiers/classifierCounterexampleFigure.ts';
export type { ClassifierSamplingInput } from '../figures/classifiers/classifierSamplingFigure.ts';
export type { CalibrationFigureInput } from '../figures/classifiers/classifierCalibrationFigure.ts';
export { diagnosisFigure } from '../figures/latents/diagnosisFigure.ts';
export { diagnosisRows, type DiagnosisRow } from '../figures/latents/diagnosisRows.ts';
export { validityFigure, type ValidityChart } from '../figures/manyClasses/validityFigure.ts';
export { claimFigure } from '../figures/claims/claimFigure.ts';
export type { ClaimsPage } from '../figures/claims/claimsPage.ts';
export { figurePage, type ReportPage, type ReportSection } from '../figures/drawing/page.ts';
export { palette, plotConfig } from '../figures/drawing/theme.ts';
