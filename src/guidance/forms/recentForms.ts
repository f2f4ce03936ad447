import { none, predictionOf, type FormEntry } from './entry.ts';

/** Forms of 2025 and 2026 that damp, turn or cap the guidance by the state. */
export const recentForms: readonly FormEntry[] = [
  {
    id: 'tcfg',
    title: 'Tangential damping',
    summary:
      'The unconditional prediction is projected on the first singular vector of the two, which halves the part of the guidance across them.',
    citation: {
      authors: 'Kwon, Kim, Jeong, Hsiao, Uh',
      year: 2025,
      title: 'TCFG: Tangential Damping Classifier-free Guidance',
      arxiv: '2503.18137',
    },
    formula: '(1 + w) P_c - w (P_u.e) e of the prediction P, e the first right singular vector of [P_u; P_c]',
    ...none,
    choices: [predictionOf('noise')],
  },
  {
    id: 'adg',
    title: 'Angle domain guidance',
    summary:
      'The denoised conditional prediction turns away from the unconditional one, by w times the angle between them up to a limit, in place of growing; negative w turns nothing.',
    citation: {
      authors: 'Jin, Xiao, Liu, Gu',
      year: 2025,
      title: 'Angle Domain Guidance: Latent Diffusion Requires Rotation Rather Than Extrapolation',
      arxiv: '2506.11039',
      where: 'as in the program of the authors, whose result is at most sqrt(2) longer than X_c',
    },
    formula:
      'cos(phi) X_c + sin(phi)/sin(theta) (X_c - (X_c.X_u) X_u/|X_u|^2) of the denoised X, theta their angle, phi = min(w theta, limit)',
    ...none,
    parameters: [
      {
        name: 'limit',
        meaning: 'largest angle of the turn in degrees',
        default: 60,
        least: 0,
        largest: 180,
        openLeast: true,
      },
    ],
  },
  {
    id: 'mambo-g',
    title: 'Magnitude-aware guidance',
    summary: 'Guidance is damped where the predictions differ much, relative to the unconditional one.',
    citation: {
      authors: 'Zhu et al.',
      year: 2025,
      title: 'MAMBO-G: Magnitude-Aware Mitigation for Boosted Guidance',
      arxiv: '2508.03442',
    },
    formula: 's_c + w exp(-damping |P_c - P_u|/|P_u|) delta, P the prediction',
    ...none,
    parameters: [
      {
        name: 'damping',
        meaning: 'rate of the damping; 0 is linear guidance',
        default: 8,
        least: 0,
        largest: Infinity,
        openLargest: true,
      },
    ],
    choices: [predictionOf('velocity')],
  },
  {
    id: 'vags',
    title: 'Velocity-adaptive guidance scale',
    summary:
      'The scale 1 + w is lowered in strong noise and raised near the data, where the predictions agree; w <= 0 is unchanged.',
    citation: {
      authors: 'Luo, Aidara, Lu, Moebel, Han, Wang',
      year: 2026,
      title: 'VAGS: Velocity Adaptive Guidance Scale for Image Editing and Generation',
      arxiv: '2605.15661',
      where: 'the form for generation',
    },
    formula:
      's_u + (1 + w) exp(kappa (2 S - 1) cos(P_u, P_c)) delta, P the prediction, S = 1/(1 + sqrt(tau)) the signal level',
    ...none,
    parameters: [
      {
        name: 'kappa',
        meaning: 'strength of the adaptation; 0 is linear guidance',
        default: 1,
        least: 0,
        largest: Infinity,
        openLargest: true,
      },
    ],
    choices: [predictionOf('velocity')],
  },
  {
    id: 'pmc',
    title: 'Posterior-mean-capped guidance',
    summary:
      'The coefficient is cut so that the norm of the denoised prediction stays below a multiple of that of the class.',
    citation: {
      authors: 'Peng, Ma',
      year: 2026,
      title:
        'Classifier-Free Guidance in Flow Matching: Non-Autonomous Potentials, Overshoot, and Posterior-Mean Control',
      arxiv: '2609.24287',
      where: 'PMC-CFG',
    },
    formula: 's_c + min(w, beta) delta, |X_c + beta (X_c - X_u)| = cap |X_c| of the denoised X',
    ...none,
    parameters: [
      {
        name: 'cap',
        meaning: 'largest norm of the denoised prediction relative to that of the class',
        default: 1.05,
        least: 1,
        largest: Infinity,
        openLargest: true,
      },
    ],
  },
];
