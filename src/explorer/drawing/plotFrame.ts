import { colours } from './colours.ts';
import { ticks } from './numbers.ts';
import { shortNumber } from '../../figures/drawing/theme.ts';

/** The box of a plot in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** An axis from its left or lower end to the other. */
export interface Axis {
  readonly range: readonly [number, number];
  readonly title: string;
  readonly logarithmic?: boolean;
}

/** Font of everything on a canvas. */
export const canvasFont = (size: number): string =>
  `${size}px system-ui, 'Helvetica Neue', Arial, sans-serif`;

/** Place of a value between the ends of an axis, 0 to 1. */
export function shareOf({ range: [low, high], logarithmic = false }: Axis, value: number): number {
  return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The value at a share of an axis. */
export function valueAt({ range: [low, high], logarithmic = false }: Axis, share: number): number {
  return logarithmic ? low * (high / low) ** share : low + share * (high - low);
}

/** Values of a plot as places on its canvas. */
export interface Places {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Places of values in a box. */
export function placesIn(box: Box, x: Axis, y: Axis): Places {
  return {
    x: (value) => box.left + box.width * shareOf(x, value),
    y: (value) => box.top + box.height * (1 - shareOf(y, value)),
  };
}

/** Frame, ticks and titles of both axes. */
export function drawAxes(context: CanvasRenderingContext2D, box: Box, x: Axis, y: Axis, grid = false): void {
  const { text, muted, grid: faint } = colours();
  const places = placesIn(box, x, y);
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  context.save();
  context.lineWidth = 1;
  context.font = canvasFont(12);
  context.fillStyle = muted;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const value of axisTicks(x, box.width / 70)) {
    const at = Math.round(places.x(value)) + 0.5;
    context.strokeStyle = grid ? faint : muted;
    line(context, at, grid ? box.top : bottom, at, bottom + 4);
    context.fillText(shortNumber(value), at, bottom + 6);
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of axisTicks(y, box.height / 48)) {
    const at = Math.round(places.y(value)) + 0.5;
    context.strokeStyle = grid ? faint : muted;
    line(context, box.left - 4, at, grid ? right : box.left, at);
    context.fillText(shortNumber(value), box.left - 7, at);
  }
  context.strokeStyle = muted;
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  context.fillStyle = text;
  context.font = canvasFont(12.5);
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(x.title, box.left + box.width / 2, bottom + 38);
  context.translate(Math.max(11, box.left - 54), box.top + box.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'middle';
  context.fillText(y.title, 0, 0);
  context.restore();
}

function axisTicks({ range: [low, high], logarithmic = false }: Axis, count: number): number[] {
  if (!logarithmic) return ticks(low, high, Math.max(2, Math.min(7, count)));
  const all = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
  return all.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Text with a rim in the colour of the paper, so that it can be read on anything. */
export function rimmedText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  colour: string,
): void {
  context.save();
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.strokeStyle = colours().paper;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
  context.restore();
}
