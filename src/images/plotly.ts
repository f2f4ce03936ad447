import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Source text of plotly, to be put into pages that must work without a network. */
export function plotlySource(): string {
  const require = createRequire(import.meta.url);
  return readFileSync(require.resolve('plotly.js-dist-min/plotly.min.js'), 'utf8');
}
