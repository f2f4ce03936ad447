// The package ships no types. Only what cashKarp.ts uses is declared.
declare module 'ode45-cash-karp' {
  type Deriv = (out: Float64Array, y: Float64Array, t: number) => void;
  interface Options {
    tol?: number;
    maxIncreaseFactor?: number;
    maxDecreaseFactor?: number;
    verbose?: boolean;
    errorScaleFunction?: (i: number, dt: number, y: number, dydt: number) => number;
  }
  interface Integrator {
    y: Float64Array;
    t: number;
    dt: number;
    tol: number;
    step(limit?: number): boolean;
  }
  export default function createIntegrator(
    y0: Float64Array,
    deriv: Deriv,
    t0: number,
    dt0: number,
    options?: Options,
  ): Integrator;
}
