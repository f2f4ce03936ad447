import { ink, samplerColour } from '../drawing/theme.ts';

/** Samplers of few classes: the probability-flow ODE, the reverse SDE, or another noise level. */
export type FewClassSamplerName = 'ode' | 'sde' | 'other';

/** Colour of each sampler, common to all few-class figures. */
export const fewClassColour: Readonly<Record<FewClassSamplerName, string>> = {
  ...samplerColour,
  other: ink.muted,
};
