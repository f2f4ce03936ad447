import { samplerTitle, shortNumber } from '../../figures/drawing/theme.ts';
import type { GuidedState } from './state.ts';

/** Parameters of a problem as text, for titles and legends. */
export function labelOf(state: GuidedState): string {
  const { schedule, w } = state;
  const guidance = {
    constant: `w = ${shortNumber(w)}`,
    named: `schedule ${schedule.kind === 'named' ? schedule.name : ''}, w = ${shortNumber(w)}`,
    formula: `w = ${schedule.kind === 'formula' ? schedule.text.slice(0, 40) : ''}`,
    drawn: 'schedule drawn by hand',
  }[schedule.kind];
  return `${samplerTitle[state.sampler]}, α = ${shortNumber(state.alpha)}, ${guidance}, σ² = ${shortNumber(state.sigma2)}`;
}
