/** One flat colour for each of some labels, as a colour scale over their indices; for cells with zmin = -1/2 and zmax = count - 1/2. */
export function discreteScale(colours: readonly string[]): [number, string][] {
  const share = 1 / colours.length;
  return colours.flatMap((colour, i): [number, string][] => [
    [i * share, colour],
    [(i + 1) * share, colour],
  ]);
}
