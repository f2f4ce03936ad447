import uPlot from 'uplot';
import { colours, onTheme, type Colours } from './colours.ts';
import { element, setText } from './dom.ts';
import { shown } from './numbers.ts';
import { shortNumber } from '../../figures/drawing/theme.ts';

/** A curve of a chart. */
export interface Line {
  /** Name that the pointer's note gives its value; null: none. */
  readonly name: string | null;
  readonly colour: keyof Colours;
  readonly width?: number;
  readonly dash?: number[];
}

/** A mark on a curve. */
export interface Mark {
  readonly t: number;
  readonly y: number;
  readonly error: number | null;
  readonly colour: keyof Colours;
  readonly shape: 'disc' | 'diamond' | 'square';
}

/** A vertical line. */
export interface TimeLine {
  readonly t: number;
  readonly colour: keyof Colours;
  readonly dash: number[];
}

/** A chart over OU time, from noise on the left to the data on the right. */
export interface LineChart {
  readonly root: HTMLElement;
  /** @param columns times, ascending, and one column per line; null where a line has a gap */
  readonly setData: (columns: readonly (readonly (number | null)[])[]) => void;
  readonly setMarks: (marks: readonly Mark[], lines: readonly TimeLine[]) => void;
}

/** Options of {@link lineChart}. */
export interface LineChartOptions {
  readonly label: string;
  readonly lines: readonly Line[];
  readonly height: number;
  readonly latest: number;
  /** Ends of the vertical axis, from the range of the curves. */
  readonly range: (low: number, high: number) => readonly [number, number];
  /** The time under the pointer, or null when it has left. */
  readonly onHover: (t: number | null) => void;
  readonly last: boolean;
}

/** A chart whose pointer is shared with all the others. */
export function lineChart(options: LineChartOptions): LineChart {
  const { label, lines, height, latest, range, onHover, last } = options;
  const root = element('div', { class: 'chart', role: 'img', 'aria-label': label });
  const note = element('p', { class: 'hover-note', hidden: true, 'aria-hidden': 'true' });
  let marks: readonly Mark[] = [];
  let timeLines: readonly TimeLine[] = [];
  const axis = {
    stroke: () => colours().muted,
    grid: { stroke: () => colours().grid, width: 1 },
    ticks: { stroke: () => colours().grid, width: 1, size: 5 },
    font: '12px system-ui, Arial, sans-serif',
    labelFont: '12.5px system-ui, Arial, sans-serif',
  };
  const format = (_plot: uPlot, values: number[]): string[] => values.map((value) => shortNumber(value));
  const plot = new uPlot(
    {
      width: 300,
      height: last ? height + 26 : height,
      padding: [8, 10, last ? 0 : 4, 0],
      legend: { show: false },
      cursor: { sync: { key: 'time' }, points: { size: 7 }, drag: { x: false, y: false }, y: false },
      scales: {
        x: { time: false, dir: -1, range: [0, latest] },
        y: {
          range: (_plot, low, high) => {
            const known = Number.isFinite(low) && Number.isFinite(high);
            const [from, to] = known ? range(low, high) : [0, 1];
            return [from, to];
          },
        },
      },
      axes: [
        {
          ...axis,
          values: format,
          size: last ? 28 : 24,
          gap: 3,
          ...(last ? { label: 'time t (OU), sampling →', labelSize: 20, labelGap: 0 } : {}),
        },
        { ...axis, values: format, size: 50, gap: 4, label, labelSize: 20, labelGap: 0 },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.name ?? '',
          stroke: () => colours()[line.colour],
          width: line.width ?? 2.2,
          points: { show: false },
          ...(line.dash ? { dash: line.dash } : {}),
        })),
      ],
      hooks: {
        draw: [
          (self) => {
            drawMarks(self, marks, timeLines);
          },
        ],
        setCursor: [
          (self) => {
            const { left, idx } = self.cursor;
            const inside = left !== undefined && left >= 0 && typeof idx === 'number';
            onHover(inside ? (self.data[0][idx] ?? null) : null);
            note.hidden = !inside;
            if (!inside) return;
            const values = lines.flatMap(({ name }, k) => {
              const value = self.data[k + 1]?.[idx];
              return name === null || value === null || value === undefined
                ? []
                : `${name} = ${shown(value)}`;
            });
            setText(note, `t = ${shown(self.data[0][idx], 3)}: ${values.join(', ')}`);
            // In the half of the plot that the pointer is not in.
            const { offsetLeft, offsetTop, clientWidth } = self.over;
            const right =
              left < clientWidth / 2 ? offsetLeft + clientWidth - note.offsetWidth - 4 : offsetLeft + 4;
            note.style.left = `${Math.max(0, right)}px`;
            note.style.top = `${offsetTop + 4}px`;
          },
        ],
      },
    },
    [[0], ...lines.map(() => [null])] as unknown as uPlot.AlignedData,
    root,
  );
  root.append(note);
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height });
  }).observe(root);
  onTheme(() => {
    plot.redraw(false, true);
  });
  return {
    root,
    setData: (columns) => {
      plot.setData(columns as unknown as uPlot.AlignedData);
    },
    setMarks: (nextMarks, nextLines) => {
      marks = nextMarks;
      timeLines = nextLines;
      plot.redraw(false, false);
    },
  };
}

function drawMarks(plot: uPlot, marks: readonly Mark[], lines: readonly TimeLine[]): void {
  const { ctx: context, bbox } = plot;
  const unit = uPlot.pxRatio;
  const x = (t: number) => plot.valToPos(t, 'x', true);
  const y = (value: number) => plot.valToPos(value, 'y', true);
  const known = colours();
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  for (const { t, colour, dash } of lines) {
    context.strokeStyle = known[colour];
    context.lineWidth = 1.3 * unit;
    context.setLineDash(dash.map((length) => length * unit));
    context.beginPath();
    context.moveTo(x(t), bbox.top);
    context.lineTo(x(t), bbox.top + bbox.height);
    context.stroke();
  }
  context.setLineDash([]);
  for (const mark of marks) {
    const [at, height, size] = [x(mark.t), y(mark.y), 4 * unit];
    context.strokeStyle = known[mark.colour];
    context.fillStyle = mark.shape === 'disc' ? known[mark.colour] : known.paper;
    context.lineWidth = 1.6 * unit;
    if (mark.error !== null) {
      context.beginPath();
      context.moveTo(at, y(mark.y - mark.error));
      context.lineTo(at, y(mark.y + mark.error));
      context.stroke();
    }
    context.beginPath();
    if (mark.shape === 'disc') context.arc(at, height, size, 0, 2 * Math.PI);
    else if (mark.shape === 'square') context.rect(at - size, height - size, 2 * size, 2 * size);
    else {
      context.moveTo(at, height - 1.4 * size);
      context.lineTo(at + 1.2 * size, height);
      context.lineTo(at, height + 1.4 * size);
      context.lineTo(at - 1.2 * size, height);
      context.closePath();
    }
    context.fill();
    if (mark.shape === 'disc') context.strokeStyle = known.paper;
    context.stroke();
  }
  context.restore();
}
