import type { LawDiagram } from '../../meanfield/transition/lawDiagram.ts';
import { chartsFigure, type Chart, type Curve } from '../drawing/charts.ts';
import type { Figure } from '../drawing/figure.ts';
import { axisTitle, palette } from '../drawing/theme.ts';

/** Input of {@link lawDiagramFigure}. */
export interface LawDiagramFigureInput {
  readonly diagram: LawDiagram;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Levels of a hierarchy, each with a map of its overlap; null for bands. */
  readonly levels: number | null;
  /** Sampler, guidance and classes. */
  readonly title: string;
}

type Matrix = readonly (readonly (number | null)[])[];

const reached = 'largest rate at which the guided class is reached';

/** Overlaps, of every level of a hierarchy, and variance over a grid of class laws; grey where the classes condense. */
export function lawDiagramFigure({ diagram, xTitle, yTitle, levels, title }: LawDiagramFigureInput): Figure {
  const { x, y, m, v } = diagram;
  const curves: Curve[] = [{ name: reached, ...border(diagram), points: true, colour: palette.vermillion }];
  const chartOf = (name: string, z: Matrix, scale: 'Viridis' | 'Cividis'): Chart => ({
    title: name,
    x: xTitle,
    y: yTitle,
    curves,
    map: { x, y, z, title: name, scale },
  });
  const overlaps: Chart[] =
    levels === null
      ? [chartOf(axisTitle.m, m, 'Viridis')]
      : Array.from({ length: levels }, (_, l) =>
          chartOf(
            `overlap of level ${l + 1}`,
            diagram.levels.map((row) => row.map((point) => point?.[l] ?? null)),
            'Viridis',
          ),
        );
  return chartsFigure({
    id: 'phase-diagram',
    title: `Guidance distortion over class laws (${title})`,
    caption: `Order parameters at the end of sampling for d → ∞ (${title}). An undistorted sampler has overlaps 1. No colour: the competing classes condense while they dominate, and the mean-field equations do not close.`,
    charts: [...overlaps, chartOf(axisTitle.v, v, 'Cividis')],
    columns: 2,
  });
}

/** In every row with an end to it, the largest x at which the guided class is reached. */
function border({ x, y, phase }: LawDiagram): { x: number[]; y: number[] } {
  const points = phase.flatMap((row, j) => {
    const last = row.lastIndexOf('speciated');
    return last < 0 || last === row.length - 1 ? [] : [{ x: x[last]!, y: y[j]! }];
  });
  return { x: points.map((point) => point.x), y: points.map((point) => point.y) };
}
