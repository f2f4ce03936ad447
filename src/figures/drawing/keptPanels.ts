import type { Annotation, LayoutAxis, Shape } from 'plotly.js-dist-min';
import type { FrameInput, FramePanel, Marks } from './frame.ts';
import { axisName, rowGap, type ColourBar, type Panel } from './panels.ts';

/** Share of the width between columns that leaves room for a colour bar beside each. */
export const barGap = 0.21;

/**
 * The input of a figure with some of its panels, in their new order. A panel without a title goes with the one above it, and
 * what refers to an axis (shapes, annotations, axes that match) with that axis.
 * @param kept indices of titled panels
 */
export function keptPanels(input: FrameInput, kept: readonly number[]): FrameInput {
  const groups = titledGroups(input.panels);
  const chosen = kept.map((group) => groups[group]!);
  const indices = chosen.flat();
  const place = (panel: number) => {
    const found = indices.indexOf(panel);
    return found < 0 ? null : found;
  };
  const columns = Math.min(input.columns ?? groups.length, kept.length);
  const colourBars = (input.colourBars ?? []).flatMap((bar) => barOf(bar, indices));
  const besideEach = colourBars.some(({ last }) => (last + 1) % columns !== 0);
  const panelsOf = (panels: readonly FramePanel[], across: number) =>
    arranged(
      chosen.map((group) => group.map((panel) => withAxes(panels[panel]!, place))),
      across,
    );
  const { narrow } = input;
  const shapesOf = (shapes: FrameInput['shapes']) =>
    shapes === undefined ? {} : { shapes: shapes.flatMap((shape) => atAxes(shape, place)) };
  return {
    ...input,
    panels: panelsOf(input.panels, columns),
    columns,
    ...(besideEach ? { columnGap: Math.max(barGap, input.columnGap ?? 0) } : {}),
    colourBars,
    marks: keptMarks(input.marks, place),
    ...shapesOf(input.shapes),
    ...(input.annotations === undefined
      ? {}
      : { annotations: input.annotations.flatMap((one) => atAxes(one, place)) }),
    ...(narrow === undefined
      ? {}
      : {
          narrow: {
            ...narrow,
            ...(narrow.panels === undefined ? {} : { panels: panelsOf(narrow.panels, narrow.columns ?? 1) }),
            ...shapesOf(narrow.shapes),
          },
        }),
  };
}

/** New index of a panel, or null if it is not kept. */
type Place = (panel: number) => number | null;

/** Indices of each titled panel and of those below it. */
function titledGroups(panels: readonly Pick<Panel, 'title'>[]): number[][] {
  const groups: number[][] = [];
  panels.forEach(({ title }, panel) => {
    if (title !== '' || groups.length === 0) groups.push([panel]);
    else groups.at(-1)!.push(panel);
  });
  return groups;
}

/** The panels of groups; those that stand at a place are placed row by row, each group whole. */
function arranged(groups: readonly (readonly FramePanel[])[], columns: number): FramePanel[] {
  let top = 0;
  let lowest = 0;
  return groups.flatMap((group, k) => {
    if (k % columns === 0) top = lowest;
    const first = group[0]?.place;
    if (first === undefined) return [...group];
    return group.map((panel): FramePanel => {
      const { top: own, height } = panel.place!;
      const moved = top + own - first.top;
      lowest = Math.max(lowest, moved + height + rowGap);
      return { ...panel, place: { column: k % columns, top: moved, height } };
    });
  });
}

function barOf(bar: ColourBar, indices: readonly number[]): ColourBar[] {
  const own = indices.flatMap((panel, i) => (panel >= bar.first && panel <= bar.last ? [i] : []));
  return own.length === 0 ? [] : [{ ...bar, first: own[0]!, last: own.at(-1)! }];
}

function keptMarks(marks: Marks, place: Place): Marks {
  if (marks === null || marks === undefined || marks === false) return null;
  if (isList(marks)) return marks.map((one) => keptMarks(one, place));
  if (!('panel' in marks)) return marks;
  const panel = place(marks.panel);
  return panel !== null && { ...marks, panel };
}

const isList = (marks: Marks): marks is readonly Marks[] => Array.isArray(marks);

/** The name of an axis (x3, or x3 domain) in the new order; null if its panel is not kept. */
function renamed(name: string, place: Place): string | null {
  const [, letter, number, rest = ''] = /^([xy])(\d*)( domain)?$/.exec(name) ?? [];
  if (letter === undefined) return name;
  const panel = place(number === '' ? 0 : Number(number) - 1);
  return panel === null ? null : `${axisName(letter as 'x' | 'y', panel)}${rest}`;
}

/** A shape or an annotation at its axes; none if their panel is not kept. */
function atAxes<T extends Annotation | Partial<Shape>>(thing: T, place: Place): T[] {
  const [x, y] = [renamed(String(thing.xref ?? 'x'), place), renamed(String(thing.yref ?? 'y'), place)];
  return x === null || y === null ? [] : [{ ...thing, xref: x, yref: y }];
}

/** A panel with the names of axes in its own settings. */
function withAxes(panel: FramePanel, place: Place): FramePanel {
  const named = (axis: FramePanel['x']): FramePanel['x'] => {
    if (typeof axis === 'string' || axis.matches === undefined) return axis;
    const { matches, ...rest } = axis;
    const other = renamed(matches, place);
    return other === null ? rest : { ...rest, matches: other as NonNullable<LayoutAxis['matches']> };
  };
  return { ...panel, x: named(panel.x), y: named(panel.y) };
}
