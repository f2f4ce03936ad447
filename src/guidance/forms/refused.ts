/** A guidance form in use that has no place here. */
export interface RefusedForm {
  readonly id: string;
  readonly title: string;
  /** Number on arXiv. */
  readonly arxiv: string;
  /** Predicate of the title: what the form needs beyond the scalar products of the scores and x. */
  readonly reason: string;
}

/** Guidance forms that are no functions of the scalar products of the scores and x at one step, with the reason. */
export const refusedForms: readonly RefusedForm[] = [
  {
    id: 'cfg-plus-plus',
    title: 'CFG++',
    arxiv: '2406.08070',
    reason: 'is linear guidance with a scale that depends on the step: the schedule cfg-plus-plus',
  },
  {
    id: 'fdg',
    title: 'Frequency-decoupled guidance',
    arxiv: '2506.19713',
    reason: 'needs the spatial frequencies of an image; the coordinates here have no places',
  },
  {
    id: 'pag',
    title: 'Perturbed-attention guidance',
    arxiv: '2403.17377',
    reason: 'needs the attention layers of a network; the scores here are exact',
  },
  {
    id: 'seg',
    title: 'Smoothed energy guidance',
    arxiv: '2408.00760',
    reason: 'needs the attention layers of a network; the scores here are exact',
  },
  {
    id: 'recfg',
    title: 'Rectified guidance',
    arxiv: '2410.18737',
    reason: 'needs a factor for every coordinate, and so singles out axes',
  },
  {
    id: 'smc',
    title: 'Sliding-mode guidance',
    arxiv: '2603.03281',
    reason: 'needs the signs of coordinates and the difference at the step before, a state beyond x',
  },
  {
    id: 'higs',
    title: 'History-guided sampling',
    arxiv: '2509.22300',
    reason: 'needs the predictions of earlier steps, a state beyond x',
  },
  {
    id: 'characteristic',
    title: 'Characteristic guidance',
    arxiv: '2312.07586',
    reason: 'needs the scores at other points than x, from an iteration at every step',
  },
];
