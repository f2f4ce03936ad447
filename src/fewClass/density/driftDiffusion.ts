/** Even cells of a finite-volume grid on [from, to]. */
export interface CellGrid {
  readonly from: number;
  readonly to: number;
  readonly cells: number;
}

/** Midpoints of the cells. */
export function cellCentres({ from, to, cells }: CellGrid): Float64Array {
  return Float64Array.from({ length: cells }, (_, i) => from + ((i + 0.5) * (to - from)) / cells);
}

/** B(z) = z/(e^z - 1), the Bernoulli function; 1 - z/2 + z^2/12 near 0. */
function bernoulli(z: number): number {
  if (Math.abs(z) < 1e-4) return 1 - 0.5 * z + (z * z) / 12;
  return z > 700 ? 0 : z / Math.expm1(z);
}

/** Second-order, L-stable, stiffly accurate two-stage method (Alexander, SIAM J. Numer. Anal. 14 (1977) 1006). */
const gamma = 1 - Math.SQRT1_2;

/**
 * Advances dp/dtau = -d/dx [b(x, tau) p - D dp/dx] (eq. density-drift-diffusion) on even cells with no flux through the ends.
 * Fluxes between cells are those of Scharfetter and Gummel (IEEE Trans. Electron Devices 16 (1969) 64), also of Chang and
 * Cooper's kind,
 *   F = D/h [B(-q) p_i - B(q) p_(i+1)],  q = b h/D (eq. density-fluxes),
 * exact for a constant flux in a constant drift, and in equilibrium for a linear one: second order in h, and no negative rates at any cell Peclet number q. In time two
 * implicit stages of second order; mass is conserved to rounding at any step.
 */
export class DriftDiffusion {
  readonly #cells: number;
  readonly #width: number;
  readonly #toRight: Float64Array;
  readonly #toLeft: Float64Array;
  readonly #upper: Float64Array;
  readonly #stage: Float64Array;
  readonly #drift: Float64Array;
  readonly #from: number;
  readonly #diffusion: number;

  /** @param diffusion D > 0 */
  constructor(grid: CellGrid, diffusion: number) {
    const { cells } = grid;
    this.#cells = cells;
    this.#from = grid.from;
    this.#width = (grid.to - grid.from) / cells;
    this.#diffusion = diffusion;
    this.#toRight = new Float64Array(cells + 1);
    this.#toLeft = new Float64Array(cells + 1);
    this.#upper = new Float64Array(cells);
    this.#stage = new Float64Array(cells);
    this.#drift = new Float64Array(cells + 1);
  }

  /**
   * One step of p, in place.
   * @param fillDrift writes b at the positions from + i h, i = 0 ... cells, at a time
   */
  step(
    density: Float64Array,
    time: number,
    stepSize: number,
    fillDrift: (time: number, from: number, width: number, out: Float64Array) => void,
  ): void {
    const stage = this.#stage;
    fillDrift(time + gamma * stepSize, this.#from, this.#width, this.#drift);
    this.#setRates();
    stage.set(density);
    this.#solve(stage, gamma * stepSize);
    const share = (1 - gamma) / gamma;
    for (let i = 0; i < density.length; i++) density[i]! += share * (stage[i]! - density[i]!);
    fillDrift(time + stepSize, this.#from, this.#width, this.#drift);
    this.#setRates();
    this.#solve(density, gamma * stepSize);
  }

  /** Rates from a cell to its neighbours; none through the ends. */
  #setRates(): void {
    const rate = this.#diffusion / this.#width ** 2;
    for (let i = 1; i < this.#cells; i++) {
      const q = (this.#drift[i]! * this.#width) / this.#diffusion;
      this.#toRight[i] = rate * bernoulli(-q);
      this.#toLeft[i] = rate * bernoulli(q);
    }
  }

  /** Solves (1 - c L) y = y in place by elimination without pivots (the matrix is an M-matrix, columns sum to 1). */
  #solve(y: Float64Array, c: number): void {
    const n = this.#cells;
    const right = this.#toRight;
    const left = this.#toLeft;
    let pivot = 1 + c * right[1]!;
    y[0] = y[0]! / pivot;
    for (let i = 1; i < n; i++) {
      this.#upper[i - 1] = (-c * left[i]!) / pivot;
      const below = -c * right[i]!;
      const outflow = left[i]! + (i + 1 < n ? right[i + 1]! : 0);
      pivot = 1 + c * outflow - below * this.#upper[i - 1]!;
      y[i] = (y[i]! - below * y[i - 1]!) / pivot;
    }
    for (let i = n - 2; i >= 0; i--) y[i]! -= this.#upper[i]! * y[i + 1]!;
  }
}
