import { ink, samplerColour } from './theme.ts';

/** Samplers of few classes: the probability-flow ODE, the reverse SDE, or another noise level. */
export type FewClassSamplerName = 'ode' | 'sde' | 'other';

/** Colour of each sampler, common to all few-class figures. */
export const fewClassColour: Readonly<Record<FewClassSamplerName, string>> = {
  ...samplerColour,
  other: ink.muted,
};

/** A line that shows where something would be undistorted, or an identity. */
export const thinReference = { color: ink.muted, width: 1.5, dash: 'dot' } as const;
