import {
  firstStep,
  interpolateStep,
  withPositiveScale,
  type AdaptiveIntegrator,
  type StepControl,
  type StepStatus,
  type VectorField,
} from './integrator.ts';

// Step control: order 8, no memory of the last error (the references' choice for this method).
const safety = 0.9;
const largestGrowth = 6;
const smallestShrink = 0.333;
const order = 8;

/**
 * Dormand-Prince method of order 8 with the error estimates of orders 5 and 3 (DOP853), first-same-as-last. Written
 * for the small systems of this project: no allocation per step, a state of any length, and the state inside a step
 * by a shorter step of the same order. Coefficients: Prince & Dormand, J. Comp. Appl. Math. 7 (1981) 67, as
 * given in Hairer, Norsett & Wanner, Solving Ordinary Differential Equations I, section II.5 (rounded to double
 * precision).
 */
export class DormandPrince implements AdaptiveIntegrator {
  time = 0;
  readonly state: Float64Array;
  stepStart = 0;
  readonly stepStartState: Float64Array;
  acceptedSteps = 0;
  fieldEvaluations = 0;
  proposedStep = 0;

  readonly #control: StepControl;
  #field: VectorField = () => undefined;
  #slope: Float64Array;
  #slopeAtStart: Float64Array;
  /** Stages k2 ... k12. */
  readonly #k: readonly Float64Array[];
  readonly #stage: Float64Array;
  readonly #next: Float64Array;

  constructor(dimension: number, control: StepControl) {
    this.#control = withPositiveScale(control);
    const vector = () => new Float64Array(dimension);
    this.state = vector();
    this.stepStartState = vector();
    this.#slope = vector();
    this.#slopeAtStart = vector();
    this.#k = Array.from({ length: 11 }, vector);
    this.#stage = vector();
    this.#next = vector();
  }

  restart(field: VectorField, time: number, state: Float64Array, stepSize?: number): void {
    this.#field = field;
    this.time = time;
    this.stepStart = time;
    this.state.set(state);
    this.stepStartState.set(state);
    field(time, this.state, this.#slope);
    this.#slopeAtStart.set(this.#slope);
    this.fieldEvaluations += 1;
    if (stepSize === undefined) {
      this.proposedStep = firstStep(field, time, this.state, this.#slope, this.#control, order, Infinity);
      this.fieldEvaluations += 1;
    } else {
      this.proposedStep = stepSize;
    }
  }

  advance(limit: number): StepStatus {
    let step = this.proposedStep;
    let rejected = false;
    for (;;) {
      const left = limit - this.time;
      const reachesLimit = step >= left * (1 - 1e-12);
      if (reachesLimit) step = left;
      if (!(this.time + step > this.time)) return 'stepTooSmall';
      this.#stages(this.time, this.state, this.#slope, step, this.#next);
      this.fieldEvaluations += 11;
      const error = this.#error(step);
      if (error < 1) {
        this.stepStart = this.time;
        for (let i = 0; i < this.state.length; i++) {
          this.stepStartState[i] = this.state[i]!;
          this.state[i] = this.#next[i]!;
        }
        this.time = reachesLimit ? limit : this.time + step;
        const old = this.#slopeAtStart;
        this.#slopeAtStart = this.#slope;
        this.#slope = old;
        this.#field(this.time, this.state, this.#slope);
        this.fieldEvaluations += 1;
        this.acceptedSteps += 1;
        const growth = error === 0 ? largestGrowth : safety * error ** (-1 / order);
        const next = step * Math.min(rejected ? 1 : largestGrowth, Math.max(smallestShrink, growth));
        // A step cut by the limit says little about the next one: do not let it lower the proposal.
        this.proposedStep = reachesLimit ? Math.max(this.proposedStep, next) : next;
        return 'ok';
      }
      rejected = true;
      if (Number.isFinite(error)) {
        step *= Math.max(smallestShrink, safety * error ** (-1 / order));
      } else {
        step *= 0.1;
        if (step < 1e-14 * Math.max(1e-3, Math.abs(this.time))) return 'notFinite';
      }
      this.proposedStep = step;
    }
  }

  within(time: number, out: Float64Array): void {
    const step = time - this.stepStart;
    if (step <= 0) {
      out.set(this.stepStartState);
      return;
    }
    if (time >= this.time) {
      out.set(this.state);
      return;
    }
    this.#stages(this.stepStart, this.stepStartState, this.#slopeAtStart, step, out);
    this.fieldEvaluations += 11;
  }

  guessWithin(time: number, out: Float64Array): void {
    const [from, to] = [this.stepStartState, this.state];
    interpolateStep(this.stepStart, from, this.#slopeAtStart, this.time, to, this.#slope, time, out);
  }

  /** Size of the estimated error of the trial step in units of the tolerance; not finite if the step is not. */
  #error(h: number): number {
    const { relativeTolerance, absoluteTolerance } = this.#control;
    const k = this.#k;
    const k6 = k[4]!;
    const k7 = k[5]!;
    const k8 = k[6]!;
    const k9 = k[7]!;
    const k10 = k[8]!;
    const k11 = k[9]!;
    const k12 = k[10]!;
    const k1 = this.#slope;
    const n = this.state.length;
    let fifth = 0;
    let third = 0;
    for (let i = 0; i < n; i++) {
      const scale =
        absoluteTolerance + relativeTolerance * Math.max(Math.abs(this.state[i]!), Math.abs(this.#next[i]!));
      if (!(scale < Infinity)) return NaN;
      const e5 =
        (0.01312004499419488 * k1[i]! +
          -1.2251564463762044 * k6[i]! +
          -0.4957589496572502 * k7[i]! +
          1.6643771824549864 * k8[i]! +
          -0.35032884874997366 * k9[i]! +
          0.3341791187130175 * k10[i]! +
          0.08192320648511571 * k11[i]! +
          -0.022355307863886294 * k12[i]!) /
        scale;
      const e3 =
        (-0.18980075407240762 * k1[i]! +
          4.450312892752409 * k6[i]! +
          1.8915178993145003 * k7[i]! +
          -5.801203960010585 * k8[i]! +
          -0.4226823213237919 * k9[i]! +
          -0.1521609496625161 * k10[i]! +
          0.20136540080403034 * k11[i]! +
          0.02265179219836082 * k12[i]!) /
        scale;
      fifth += e5 * e5;
      third += e3 * e3;
    }
    if (fifth === 0 && third === 0) return 0;
    return (Math.abs(h) * fifth) / Math.sqrt((fifth + 0.01 * third) * n);
  }

  #stages(t: number, y: Float64Array, k1: Float64Array, h: number, out: Float64Array): void {
    const n = y.length;
    const field = this.#field;
    const stage = this.#stage;
    const k = this.#k;
    const k2 = k[0]!;
    const k3 = k[1]!;
    const k4 = k[2]!;
    const k5 = k[3]!;
    const k6 = k[4]!;
    const k7 = k[5]!;
    const k8 = k[6]!;
    const k9 = k[7]!;
    const k10 = k[8]!;
    const k11 = k[9]!;
    const k12 = k[10]!;
    for (let i = 0; i < n; i++) stage[i] = y[i]! + h * (0.05260015195876773 * k1[i]!);
    field(t + 0.05260015195876773 * h, stage, k2);
    for (let i = 0; i < n; i++)
      stage[i] = y[i]! + h * (0.0197250569845379 * k1[i]! + 0.0591751709536137 * k2[i]!);
    field(t + 0.0789002279381516 * h, stage, k3);
    for (let i = 0; i < n; i++)
      stage[i] = y[i]! + h * (0.02958758547680685 * k1[i]! + 0.08876275643042054 * k3[i]!);
    field(t + 0.1183503419072274 * h, stage, k4);
    for (let i = 0; i < n; i++)
      stage[i] =
        y[i]! + h * (0.2413651341592667 * k1[i]! + -0.8845494793282861 * k3[i]! + 0.924834003261792 * k4[i]!);
    field(t + 0.2816496580927726 * h, stage, k5);
    for (let i = 0; i < n; i++)
      stage[i] =
        y[i]! +
        h * (0.037037037037037035 * k1[i]! + 0.17082860872947386 * k4[i]! + 0.12546768756682242 * k5[i]!);
    field(t + 0.3333333333333333 * h, stage, k6);
    for (let i = 0; i < n; i++)
      stage[i] =
        y[i]! +
        h *
          (0.037109375 * k1[i]! +
            0.17025221101954405 * k4[i]! +
            0.06021653898045596 * k5[i]! +
            -0.017578125 * k6[i]!);
    field(t + 0.25 * h, stage, k7);
    for (let i = 0; i < n; i++)
      stage[i] =
        y[i]! +
        h *
          (0.03709200011850479 * k1[i]! +
            0.17038392571223998 * k4[i]! +
            0.10726203044637328 * k5[i]! +
            -0.015319437748624402 * k6[i]! +
            0.008273789163814023 * k7[i]!);
    field(t + 0.3076923076923077 * h, stage, k8);
    for (let i = 0; i < n; i++)
      stage[i] =
        y[i]! +
        h *
          (0.6241109587160757 * k1[i]! +
            -3.3608926294469414 * k4[i]! +
            -0.868219346841726 * k5[i]! +
            27.59209969944671 * k6[i]! +
            20.154067550477894 * k7[i]! +
            -43.48988418106996 * k8[i]!);
    field(t + 0.6512820512820513 * h, stage, k9);
    for (let i = 0; i < n; i++)
      stage[i] =
        y[i]! +
        h *
          (0.47766253643826434 * k1[i]! +
            -2.4881146199716677 * k4[i]! +
            -0.590290826836843 * k5[i]! +
            21.230051448181193 * k6[i]! +
            15.279233632882423 * k7[i]! +
            -33.28821096898486 * k8[i]! +
            -0.020331201708508627 * k9[i]!);
    field(t + 0.6 * h, stage, k10);
    for (let i = 0; i < n; i++)
      stage[i] =
        y[i]! +
        h *
          (-0.9371424300859873 * k1[i]! +
            5.186372428844064 * k4[i]! +
            1.0914373489967295 * k5[i]! +
            -8.149787010746927 * k6[i]! +
            -18.52006565999696 * k7[i]! +
            22.739487099350505 * k8[i]! +
            2.4936055526796523 * k9[i]! +
            -3.0467644718982196 * k10[i]!);
    field(t + 0.8571428571428571 * h, stage, k11);
    for (let i = 0; i < n; i++)
      stage[i] =
        y[i]! +
        h *
          (2.273310147516538 * k1[i]! +
            -10.53449546673725 * k4[i]! +
            -2.0008720582248625 * k5[i]! +
            -17.9589318631188 * k6[i]! +
            27.94888452941996 * k7[i]! +
            -2.8589982771350235 * k8[i]! +
            -8.87285693353063 * k9[i]! +
            12.360567175794303 * k10[i]! +
            0.6433927460157636 * k11[i]!);
    field(t + h, stage, k12);
    for (let i = 0; i < n; i++)
      out[i] =
        y[i]! +
        h *
          (0.054293734116568765 * k1[i]! +
            4.450312892752409 * k6[i]! +
            1.8915178993145003 * k7[i]! +
            -5.801203960010585 * k8[i]! +
            0.3111643669578199 * k9[i]! +
            -0.1521609496625161 * k10[i]! +
            0.20136540080403034 * k11[i]! +
            0.04471061572777259 * k12[i]!);
  }
}
