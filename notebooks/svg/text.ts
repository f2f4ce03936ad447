import { font, ink } from '../../src/plots/theme.ts';

/** A coordinate with one digit: pictures must not depend on the last bits of a number. */
export function place(value: number): string {
  const text = value.toFixed(1).replace(/\.0$/, '');
  return text === '-0' ? '0' : text;
}

export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Lines of a label written for Plotly. */
export function labelLines(label: string): string[] {
  return label.split(/<br\s*\/?>/);
}

/** Width in pixels, about: 0.55 of the size for a character, less for what is narrow or small. */
export function textWidth(label: string, size: number): number {
  const widths = labelLines(label).map((line) => {
    const small = [...line.matchAll(/<su[bp]>(.*?)<\/su[bp]>/g)].reduce(
      (n, match) => n + match[1]!.length,
      0,
    );
    const plain = line.replace(/<[^>]*>/g, '');
    const narrow = (plain.match(/[iljtf.,:;|'() ]/g) ?? []).length;
    return size * (0.57 * plain.length - 0.25 * narrow - 0.12 * small);
  });
  return Math.max(0, ...widths);
}

/** Plotly's markup (b, i, sub, sup) as tspans. */
function markup(line: string): string {
  let lowered = 0;
  let result = '';
  const stack: string[] = [];
  for (const part of line.split(/(<[^>]*>)/)) {
    if (!part.startsWith('<')) {
      if (part === '') continue;
      const tag = stack.at(-1);
      const shift = tag === 'sub' ? 0.25 : tag === 'sup' ? -0.4 : 0;
      const dy = shift === lowered ? '' : ` dy="${(shift - lowered).toFixed(2)}em"`;
      const small = tag === 'sub' || tag === 'sup' ? ' font-size="75%"' : '';
      const bold = stack.includes('b') ? ' font-weight="bold"' : '';
      const italic = stack.includes('i') ? ' font-style="italic"' : '';
      const look = dy + small + bold + italic;
      // An em is that of the small text where the shift begins and of the normal text where it ends.
      lowered = shift === 0 ? 0 : 0.75 * shift;
      if (dy !== '' && shift === 0) {
        result += `<tspan${look}>${escape(unescape(part))}</tspan>`;
      } else
        result += look === '' ? escape(unescape(part)) : `<tspan${look}>${escape(unescape(part))}</tspan>`;
    } else if (part.startsWith('</')) stack.pop();
    else stack.push(part.slice(1, -1));
  }
  return result;
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export interface TextLook {
  readonly size: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Degrees, around the place. */
  readonly turn?: number;
}

/** A label whose first baseline is at (x, y). */
export function text(x: number, y: number, label: string, look: TextLook): string {
  const { size, colour = ink.text, anchor = 'start', turn = 0 } = look;
  const rows = labelLines(label);
  const at = `x="${place(x)}" y="${place(y)}"`;
  const turned = turn === 0 ? '' : ` transform="rotate(${turn} ${place(x)} ${place(y)})"`;
  const fill = colour === ink.text ? '' : ` fill="${colour}"`;
  const head = `<text ${at} font-size="${size}" text-anchor="${anchor}"${fill}${turned}>`;
  const body =
    rows.length === 1
      ? markup(rows[0]!)
      : rows
          .map((row, i) => `<tspan x="${place(x)}" dy="${i === 0 ? 0 : 1.25}em">${markup(row)}</tspan>`)
          .join('');
  return `${head}${body}</text>`;
}

export const fontFamily = font.family.replaceAll("'", '');
