import { ParameterError, requireChoice } from '../../numerics/checks.ts';
import type { Citation, ScheduleParameter } from '../schedules/entry.ts';
import { none, predictionOf, type FormChoice, type FormEntry } from './entry.ts';
import { predictions } from './predictions.ts';
import { recentForms } from './recentForms.ts';
import { refusedForms } from './refused.ts';

const powerLaw: Citation = {
  authors: 'Pavasovic, Verbeek, Biroli, Mezard',
  year: 2025,
  title: 'Classifier-Free Guidance: From High-Dimensional Analysis to Generalized Guidance Forms',
  arxiv: '2502.07849',
};

const differenceIn: FormChoice = {
  name: 'prediction',
  meaning: 'the prediction whose difference is measured',
  default: 'score',
  values: ['score', ...predictions],
};

const normDimension: ScheduleParameter = {
  name: 'dimension',
  meaning: 'coordinates over which the norm is summed: 1 is the root mean square, d the euclidean norm',
  default: 1,
  least: 0,
  largest: Infinity,
  openLeast: true,
  openLargest: true,
};

/** All guidance forms, the plainest first. */
export const formCatalogue: readonly FormEntry[] = [
  {
    id: 'linear',
    title: 'Linear guidance',
    summary: 'Classifier-free guidance as it was proposed.',
    citation: {
      authors: 'Ho, Salimans',
      year: 2022,
      title: 'Classifier-Free Diffusion Guidance',
      arxiv: '2207.12598',
    },
    formula: 's_c + w delta',
    ...none,
  },
  {
    id: 'power',
    title: 'Power-law guidance',
    summary: 'Guidance grows with a power of the norm of the difference of the scores.',
    citation: powerLaw,
    formula: 's_c + w |delta|^exponent delta',
    parameters: [
      {
        name: 'exponent',
        meaning: 'power of the norm; 0 is linear guidance',
        default: 0.9,
        least: -1,
        largest: Infinity,
        openLeast: true,
        openLargest: true,
      },
      normDimension,
    ],
    choices: [differenceIn],
    formulas: [],
  },
  {
    id: 'nonlinear',
    title: 'Nonlinear guidance',
    summary: 'Guidance is any function of the norm of the difference of the scores.',
    citation: { ...powerLaw, where: 'the general family, of which the power law is one' },
    formula: 's_c + w phi(|delta|) delta',
    parameters: [normDimension],
    choices: [differenceIn],
    formulas: [{ name: 'phi', meaning: 'phi as a formula in x, the norm', default: 'x/(1 + x)' }],
  },
  {
    id: 'rescaled',
    title: 'Rescaled guidance',
    summary:
      'The guided prediction gets the standard deviation of the conditional one, mixed with the original by phi; phi = 1 is energy-preserving guidance (arXiv 2412.09966).',
    citation: {
      authors: 'Lin, Liu, Li, Yang',
      year: 2023,
      title: 'Common Diffusion Noise Schedules and Sample Steps are Flawed',
      arxiv: '2305.08891',
      where: 'section 3.4',
    },
    formula: 'P -> [phi std(P_c)/std(P) + 1 - phi] P of the prediction P = P_c + w (P_c - P_u)',
    parameters: [
      {
        name: 'phi',
        meaning: 'share of the rescaled prediction; 0 is linear guidance',
        default: 0.7,
        least: 0,
        largest: 1,
      },
    ],
    choices: [predictionOf('noise')],
    formulas: [],
  },
  {
    id: 'renormalised',
    title: 'Renormalised guidance',
    summary: 'The norm of the guided prediction is capped at a multiple of that of the conditional one.',
    citation: {
      authors: 'Qin et al.',
      year: 2025,
      title: 'Lumina-Image 2.0: A Unified and Efficient Image Generative Framework',
      arxiv: '2503.21758',
      where: 'CFG renormalisation',
    },
    formula: 'P -> min(1, cap |P_c|/|P|) P of the prediction P = P_c + w (P_c - P_u)',
    parameters: [
      {
        name: 'cap',
        meaning: 'largest norm relative to that of the conditional prediction',
        default: 1,
        least: 1,
        largest: Infinity,
        openLargest: true,
      },
    ],
    choices: [predictionOf('velocity')],
    formulas: [],
  },
  {
    id: 'projected',
    title: 'Projected guidance',
    summary:
      'The part of the difference of the denoised predictions that is parallel to the conditional one is scaled down, and its norm may be capped; without the momentum of the original, which is a state beyond x.',
    citation: {
      authors: 'Sadat, Hilliges, Weber',
      year: 2024,
      title: 'Eliminating Oversaturation and Artifacts of High Guidance Scales in Diffusion Models',
      arxiv: '2410.02416',
    },
    formula:
      'X_c + w [Y - (1 - parallel) (Y.X_c) X_c/|X_c|^2], Y = min(1, threshold/|X_c - X_u|) (X_c - X_u), of the denoised X',
    parameters: [
      {
        name: 'parallel',
        meaning: 'weight of the parallel part; 1 is linear guidance',
        default: 0,
        least: 0,
        largest: 1,
      },
      {
        name: 'threshold',
        meaning:
          'largest root mean square of the difference, in units of the class centres; Infinity: no cap',
        default: Infinity,
        least: 0,
        largest: Infinity,
        openLeast: true,
      },
    ],
    choices: [],
    formulas: [],
  },
  {
    id: 'feedback',
    title: 'Feedback guidance',
    summary:
      'The scale that undoes a linear admixture of the unconditional density, from the exact posterior; w is its cap.',
    citation: {
      authors: 'Koulischer, Handke, Deleu, Demeester, Ambrogioni',
      year: 2025,
      title: 'Feedback Guidance of Diffusion Models',
      arxiv: '2506.06085',
    },
    formula: 's_c + min(w, (1 - mixing)/(R - 1 + mixing)) delta, R = [p(x|c)/p(x)]^(dimension/d)',
    parameters: [
      {
        name: 'mixing',
        meaning: 'share of the true conditional density in the learned one',
        default: 0.95,
        least: 0,
        largest: 1,
        openLeast: true,
      },
      {
        name: 'dimension',
        meaning: 'exponent of the density ratio in coordinates: d is exact, less is tempered',
        default: 1,
        least: 0,
        largest: Infinity,
        openLeast: true,
        openLargest: true,
      },
    ],
    choices: [],
    formulas: [],
  },
  {
    id: 'zero-star',
    title: 'Optimised scale of CFG-Zero*',
    summary:
      'The unconditional prediction is scaled by its projection on the conditional one; without zero-init, which a schedule expresses.',
    citation: {
      authors: 'Fan, Zheng, Yeh, Liu',
      year: 2025,
      title: 'CFG-Zero*: Improved Classifier-Free Guidance for Flow Matching Models',
      arxiv: '2503.18886',
    },
    formula: '(1 + w) P_c - w s P_u of the prediction P, s = P_c.P_u/|P_u|^2',
    parameters: [],
    choices: [predictionOf('velocity')],
    formulas: [],
  },
  {
    id: 'autoguidance',
    title: 'Autoguidance',
    summary: 'Guided away from a worse model: the same density with classes wider by delta in variance.',
    citation: {
      authors: 'Karras, Aittala, Kynkaanniemi, Lehtinen, Aila, Laine',
      year: 2024,
      title: 'Guiding a Diffusion Model with a Bad Version of Itself',
      arxiv: '2406.02507',
    },
    formula: 's_c + w (s_c - s_bad)',
    parameters: [
      {
        name: 'delta',
        meaning: 'variance by which the worse model widens the classes, in units of the class centres',
        default: 0.1,
        least: 0,
        largest: Infinity,
        openLargest: true,
      },
    ],
    choices: [
      {
        name: 'against',
        meaning: 'the worse model: of the same class, or of the whole mixture',
        default: 'class',
        values: ['class', 'mixture'],
      },
    ],
    formulas: [],
  },
  ...recentForms,
];

/** The entry of a form. @throws ParameterError with the list, or with the reason for a form that has no place here */
export function formEntry(id: string, parameter = 'form'): FormEntry {
  const refused = refusedForms.find((form) => form.id === id);
  if (refused !== undefined) {
    const condition = 'a function of the scalar products of the scores and x';
    throw new ParameterError(parameter, condition, id, `${refused.title} ${refused.reason}`);
  }
  requireChoice(
    parameter,
    id,
    formCatalogue.map((form) => form.id),
  );
  return formCatalogue.find((candidate) => candidate.id === id)!;
}
