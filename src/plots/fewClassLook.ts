import type { Annotation } from 'plotly.js-dist-min';
import { axisName } from './panels.ts';
import { ink, samplerColour, smallSize } from './theme.ts';

/** Samplers of few classes: the probability-flow ODE, the reverse SDE, or another noise level. */
export type FewClassSamplerName = 'ode' | 'sde' | 'other';

/** Colour of each sampler, common to all few-class figures. */
export const fewClassColour: Readonly<Record<FewClassSamplerName, string>> = {
  ...samplerColour,
  other: ink.muted,
};

/** A line that shows where something would be undistorted, or an identity. */
export const thinReference = { color: ink.muted, width: 1.5, dash: 'dot' } as const;

/** A small title above a panel, for grids with too many panels to letter. */
export function smallTitle(text: string, panel: number): Annotation {
  return {
    text,
    xref: `${axisName('x', panel)} domain` as NonNullable<Annotation['xref']>,
    yref: `${axisName('y', panel)} domain` as NonNullable<Annotation['yref']>,
    x: 0,
    y: 1,
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: 2,
    showarrow: false,
    font: { size: smallSize },
  };
}
