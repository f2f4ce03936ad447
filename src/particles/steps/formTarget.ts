import { emptyInvariants, type FormRule, type GuidanceTarget } from '../../guidance/forms/rule.ts';

/** Writes the targets of a guidance form for explicit particles (eqs. form-target, form-invariants). */
export interface FormTargets {
  /**
   * @param positions y, count x d
   * @param means posterior means mubar, count x d (those of the wider classes where the form requires them)
   * @param weights posterior weights p of the guided class
   */
  write(
    target: Float64Array,
    positions: Float64Array,
    means: Float64Array,
    weights: Float64Array,
    count: number,
    variance: number,
    w: number,
  ): void;
}

/**
 * @param guided mu_c
 * @param logClasses log K, for the information log(K p)/d
 */
export function formTargets(rule: FormRule, guided: Float64Array, logClasses: number): FormTargets {
  const dimension = guided.length;
  const at = emptyInvariants();
  const out: GuidanceTarget = { centre: 1, guidance: 0, state: 0 };
  let norm = 0;
  for (const value of guided) norm += value * value;
  return {
    write(target, positions, means, weights, count, variance, w) {
      for (let p = 0; p < count; p++) {
        const row = p * dimension;
        let [overlap, square, difference, differenceCentre, differenceState, mean, differenceMean] = [
          0, 0, 0, 0, 0, 0, 0,
        ];
        for (let i = 0; i < dimension; i++) {
          const centre = guided[i]!;
          const y = positions[row + i]!;
          const average = rule.usesPosterior ? means[row + i]! : centre;
          const delta = centre - average;
          overlap += centre * y;
          square += y * y;
          difference += delta * delta;
          differenceCentre += delta * centre;
          differenceState += delta * y;
          mean += average * average;
          differenceMean += delta * average;
        }
        at.centre = norm / dimension;
        at.overlap = overlap / dimension;
        at.square = square / dimension;
        at.difference = difference / dimension;
        at.differenceCentre = differenceCentre / dimension;
        at.differenceState = differenceState / dimension;
        at.mean = mean / dimension;
        at.differenceMean = differenceMean / dimension;
        if (rule.usesInformation) at.information = (Math.log(weights[p]!) + logClasses) / dimension;
        rule.target(at, variance, w, out);
        for (let i = 0; i < dimension; i++) {
          const centre = guided[i]!;
          const delta = rule.usesPosterior ? centre - means[row + i]! : 0;
          target[row + i] = out.centre * centre + out.guidance * delta + out.state * positions[row + i]!;
        }
      }
    },
  };
}
