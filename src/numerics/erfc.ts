const twoOverRootPi = 2 / Math.sqrt(Math.PI);
/** Cells of the Taylor expansions below `switchOver`, and their terms: the first one left out is below 1e-17. */
const spacing = 0.25;
const switchOver = 6;
const terms = 15;

let expansions: Float64Array | null = null;

/**
 * exp(x^2) erfc(x) for x >= 0, to 1e-15 relative: Taylor expansions about the middle of cells below 6, Laplace's continued fraction beyond.
 */
export function scaledErfc(x: number): number {
  if (x >= switchOver) return continuedFraction(x);
  expansions ??= taylorExpansions();
  const cell = Math.floor(x / spacing);
  const offset = x - (cell + 0.5) * spacing;
  const first = cell * terms;
  let value = expansions[first + terms - 1]!;
  for (let n = terms - 2; n >= 0; n--) value = value * offset + expansions[first + n]!;
  return value;
}

/** Laplace's continued fraction, as deep as it changes (found against a depth of 2000 from 2 to 1e9). */
function continuedFraction(x: number): number {
  let fraction = x;
  for (let k = Math.ceil(3 + 55 / x + 90 / (x * x)); k >= 1; k--) fraction = x + (0.5 * k) / fraction;
  return (0.5 * twoOverRootPi) / fraction;
}

/**
 * Coefficients of f about the middles of the cells. From f' = 2 x f - 2/sqrt(pi) they follow from f there, by
 * (n + 1) a_(n+1) = 2 x a_n + 2 a_(n-1); f itself is carried down from 6 in half cells, in which direction errors shrink by exp(x^2).
 */
function taylorExpansions(): Float64Array {
  const cells = switchOver / spacing;
  const table = new Float64Array(cells * terms);
  const a = new Float64Array(terms);
  const expand = (x: number, value: number) => {
    a[0] = value;
    a[1] = 2 * x * value - twoOverRootPi;
    for (let n = 1; n + 1 < terms; n++) a[n + 1] = (2 * x * a[n]! + 2 * a[n - 1]!) / (n + 1);
  };
  const below = () => a.reduceRight((sum, term) => sum * (-0.5 * spacing) + term, 0);
  let value = continuedFraction(switchOver);
  for (let cell = cells - 1; cell >= 0; cell--) {
    expand((cell + 1) * spacing, value);
    const middle = below();
    expand((cell + 0.5) * spacing, middle);
    table.set(a, cell * terms);
    value = below();
  }
  return table;
}
