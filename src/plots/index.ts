/** The './plots' entry of the package: figures as Plotly specifications with their numbers, and self-contained pages of them. */
export { figureCsv, figureRecords, type Figure, type FigureCell, type FigureTable } from './figure.ts';
export {
  phaseDiagramFigure,
  singlePhaseDiagramFigure,
  type PhaseDiagramPair,
  type SinglePhaseDiagram,
} from './phaseDiagramFigure.ts';
export {
  trajectoryFigure,
  type TrajectoryCurve,
  type TrajectoryInput,
  type TrajectoryPoint,
} from './trajectoryFigure.ts';
export { potentialFigure, type PotentialInput } from './potentialFigure.ts';
export { distortionFigure, type DistortionInput } from './distortionFigure.ts';
export type { DistortionCurve, DistortionPoint } from './distortionSeries.ts';
export { comparisonFigure, type ComparisonInput } from './comparisonFigure.ts';
export { figurePage, reportPage, type ReportPage, type ReportSection } from './page.ts';
export { figureWidth, narrowWidth, palette, plotConfig, type Regime, type Source } from './theme.ts';
