import { requireFinite } from '../numerics/checks.ts';

/**
 * Guidance convention, in one place. The guided score is s = s_c + w (s_c - s_u) with the guidance coefficient w:
 * w = 0 conditional, w = -1 unconditional. Image tools quote the guidance scale 1 + w instead.
 */
export function coefficientFromScale(scale: number): number {
  requireFinite('scale', scale);
  return scale - 1;
}

/** The guidance scale 1 + w of image tools ("CFG scale"). */
export function scaleFromCoefficient(w: number): number {
  requireFinite('w', w);
  return 1 + w;
}
