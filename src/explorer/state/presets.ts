import { defaultState, guidedPart, type ExplorerState } from './state.ts';

/** Titles of the views on the page. */
export const viewTitle = {
  diagram: 'Phase diagram',
  potential: 'Effective potential',
  order: 'Order parameters',
  energies: 'Free energies',
  samples: 'Samples: true and guided',
  few: 'A few classes in the plane',
  structured: 'Structured classes',
} as const;

/** A chapter of the story: a state of the page, and three sentences about it. */
export interface StoryPreset {
  readonly id: string;
  readonly title: string;
  readonly state: ExplorerState;
  /** View that shows its effect: it comes first on the page. */
  readonly view: keyof typeof viewTitle;
  /** Every number in them is a result of the library (test/unit/explorer/presets.test.ts). */
  readonly sentences: readonly [string, string, string];
}

/** The story, in its order. */
export const presets: readonly StoryPreset[] = [
  chapter('no-guidance', 'No guidance', 'energies', { w: 0, time: 0.143 }, [
    'Without guidance (w = 0) the sampler follows the score of its own class, whatever the other classes do: it ends at m = 1 with the variance of the class, v = 0.25.',
    'The transition is there all the same: at t = 0.143, where r = exp(−2α) = 0.368, the free energy ψ of the class overtakes φ of the others.',
    'Above α = 0.805, which is ½ log(1 + 1/σ²), it never comes: then the others outweigh the class even at samples of the class itself.',
  ]),
  chapter('sub-exponential', 'Few classes', 'samples', { alpha: 0.02, dimension: 230, time: 2.155 }, [
    'With α = 0.02 there are only K = 99 classes in d = 230: the transition comes early, at t = 2.155, and guidance with w = 1 switches itself off there.',
    'So the distortion per coordinate is small, m − 1 = 0.058 and v/σ² = 0.987, as the law for small α says, and it vanishes as α does.',
    'Along the class direction it does not: there the ODE leaves a variance of 0.112, less than half of σ², however small α is.',
  ]),
  chapter('exponential', 'Many classes', 'order', { time: 0.462 }, [
    'With K = exp(d/2) classes the others dominate until t = 0.462, and all that time guidance with w = 1 pushes the samples outwards and squeezes them.',
    'They end at m = 1.278 and v = 0.160, which is 64 % of the variance of the class, and no dimension is large enough to make that go away.',
    'The noise of the SDE repairs most of it: switch the sampler, and m = 1.096, v = 0.237.',
  ]),
  chapter(
    'beyond-critical',
    'Beyond critical',
    'diagram',
    { alpha: 1.5, w: 2, dimension: 7, time: 0, map: 'v' },
    [
      'At w = 2 the critical class rate is 1.253, and α = 1.5 lies above it: the transition never comes, and guidance acts down to the data.',
      'The samples end where infinitely many classes would put them, at m = 1.400 and v = σ² (σ²/(1 + σ²))² = 0.010: 4 % of the variance of the class is left.',
      'In the potential the state stays on the side of the other classes to the end: ψ < φ even at the data.',
    ],
  ),
  chapter(
    'failing-schedules',
    'Failing schedules',
    'order',
    { schedule: { kind: 'named', name: 'cosine' }, time: 0.501, map: 'v', pin: guidedPart(defaultState) },
    [
      'A schedule w(t) moves guidance about in time, but with w ≥ 0 throughout, the variance of the ODE shrinks whenever guidance acts before the transition.',
      'The cosine schedule of strength 1, weak early and strong late, ends at v = 0.135: less than the 0.160 of constant w = 1 (dashed).',
      'The opposite, Step down, loses less (v = 0.200), but what is lost by the transition stays lost.',
    ],
  ),
  chapter(
    'negative-window',
    'Negative window',
    'order',
    {
      schedule: { kind: 'formula', text: 'min(2, -1 + 0.225*tau)', clock: 'tau' },
      time: 0.336,
      map: 'v',
      pin: guidedPart(defaultState),
    },
    [
      'What restores the variance is a window of negative w while the others still dominate: here w = 2 at large noise, falling below zero at τ = 4.44, to −1 at the data.',
      'The samples end at m = 1.260 and v = 0.249, nearly the variance of the class, where constant w = 1 leaves 0.160.',
      'There is a price: the complexity of the others falls to 0.049 on the way, so that it takes a large d to see this, and with 0.2 in place of 0.225 they condense and the theory ends.',
    ],
  ),
];

function chapter(
  id: string,
  title: string,
  view: StoryPreset['view'],
  changes: Partial<ExplorerState>,
  sentences: StoryPreset['sentences'],
): StoryPreset {
  return { id, title, view, state: { ...defaultState, ...changes, preset: id }, sentences };
}
