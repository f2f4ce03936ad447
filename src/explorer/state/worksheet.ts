import { defaultState, guidedPart, type ExplorerState } from './state.ts';

/** A task for a class: the state that it begins at, and an answer that is hidden at first. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly state: ExplorerState;
  readonly question: readonly string[];
  /** Every number in it is a result of the library (test/unit/explorer/worksheet.test.ts). */
  readonly answer: readonly string[];
}

/** The worksheet, in its order. */
export const tasks: readonly Task[] = [
  task(
    'task-scale',
    'What the guidance scale does',
    { alpha: 0.2, w: 0 },
    [
      'Image tools ask for a guidance scale S = 1 + w; at S = 1 there is no guidance. An undistorted sampler has overlap m = 1 with its class and variance ratio v/σ² = 1.',
      'Type the scales 1, 2, 4 and 7.5 and note m and v/σ². What does guidance do to the samples, and which of the two changes keeps growing with the scale?',
    ],
    [
      'm = 1.000, 1.181, 1.361, 1.556 and v/σ² = 1.000, 0.862, 0.818, 0.801: samples move outwards, away from the other classes, and lose variance.',
      'From scale 4 to 7.5 m still grows by 0.195, while v/σ² falls by no more than 0.017.',
    ],
  ),
  task(
    'task-transition',
    'When guidance stops',
    { time: 2 },
    [
      'Press Play and watch the effective potential and the free energies ψ (the guided class) and φ (all others). At what time t* do they cross, and what changes there?',
      'Then choose the formula t < 0.4 ? 0 : 1, which switches guidance off after that time. Why are m and v at the data the same as before? Try t < 0.6 ? 0 : 1 as well.',
    ],
    [
      'They cross at t* = 0.462. Before it the other classes outweigh the guided one and guidance pushes; after it ψ > φ, the guided class is all that the sampler sees, both scores agree and their difference is zero whatever w is.',
      'The first formula changes w only where it does nothing: m = 1.278 and v/σ² = 0.639, as with constant w = 1. The second one stops before the transition and gives m = 1.250 and v/σ² = 0.720.',
    ],
  ),
  task(
    'task-critical',
    'Too many classes',
    { alpha: 1, map: 'v' },
    [
      'There are K = exp(αd) classes. Move the point of the phase diagram to the right, from α = 1 to 1.3, at w = 1. What happens to the time t* of the transition, and at which α?',
      'Compare m and v/σ² at α = 1.3 with the limits for K → ∞. Do they change if you go on to α = 2?',
    ],
    [
      'At α = 1 the transition comes late, at t* = 0.081. It reaches the data at the critical rate α = 1.216; from there on it never comes, and guidance acts to the end.',
      'Then m = 1.323 and v/σ² = 0.200, exactly as for infinitely many classes, and at α = 2 as well: the sampler sees the other classes as one smooth cloud.',
    ],
  ),
  task(
    'task-noise',
    'ODE against SDE',
    { map: 'v', pin: guidedPart(defaultState) },
    [
      'The ODE with w = 1 is pinned: dashed curves. Switch the sampler to SDE (DDPM), which adds fresh noise in each step. Which of the two ends with more variance, and what do their transition times say about it?',
      'Try w = 3 with both. Does more guidance cost the SDE variance?',
    ],
    [
      'v/σ² = 0.639 for the ODE and 0.947 for the SDE; m = 1.278 and 1.096. The transition comes at about the same time, t* = 0.462 and 0.425. What differs is what follows: the ODE keeps the distortion that it has at the transition, and the noise of the SDE makes it forget.',
      'At w = 3 the ODE has 0.490, and the SDE 0.962: a little more than before, because its transition comes earlier, at t* = 0.688, and leaves more time to forget.',
    ],
  ),
  task(
    'task-schedule',
    'Give the variance back',
    { map: 'v', pin: guidedPart(defaultState) },
    [
      'Constant w = 1 with the ODE leaves v/σ² = 0.639 (dashed). Draw a schedule, or write a formula, that ends above 0.9 and still separates the classes, m > 1.2.',
      'Try schedules with w ≥ 0 first. Then let w be negative for a while: when must that be? Keep an eye on the least Σ.',
    ],
    [
      'No schedule with w ≥ 0 gives the variance back, because wherever guidance acts it takes some. Negative w spreads the samples; it must act before the transition, as nothing acts after it.',
      'An example in the time t is t < 1 ? -0.5 : 2, with m = 1.285 and v/σ² = 0.923. The price is Σ, the complexity of the other classes: its least value is 0.082 in place of 0.186, and the smaller it is, the larger is the dimension for which the theory holds.',
    ],
  ),
];

function task(
  id: string,
  title: string,
  changes: Partial<ExplorerState>,
  question: readonly string[],
  answer: readonly string[],
): Task {
  return { id, title, state: { ...defaultState, ...changes, preset: id }, question, answer };
}
