import { ink, narrowWidth } from './theme.ts';

/** Style sheet of a page. Figures keep their white paper in a dark scheme, so that their colours stay what the captions say. */
export const pageStyle = `
:root { color-scheme: light dark; --text: ${ink.text}; --muted: #595959; --page: #ffffff; --line: #d9d9d9; --link: #005b8f; --block: #f5f5f5; --good: #00664a; --bad: #a33a00; --open: #6b5a00; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e8e8; --muted: #b0b0b0; --page: #16181b; --line: #3c4046; --link: #7cc4f0; --block: #22252a; --good: #4fd1a5; --bad: #ff9a5c; --open: #e0c341; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 17px/1.55 Helvetica, Arial, 'Liberation Sans', sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0.5rem 0 1rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 0.75rem; }
h3 { font-size: 1.05rem; margin: 1.25rem 0 0.25rem; }
p, figcaption, nav, dl, ul { max-width: 46rem; }
a { color: var(--link); }
nav ol { padding-left: 1.5rem; margin: 0.25rem 0; }
ul { padding-left: 1.25rem; margin: 0.25rem 0 0.75rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1.25rem; margin: 0.75rem 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.mark { font-weight: bold; white-space: nowrap; }
.mark-good { color: var(--good); }
.mark-bad { color: var(--bad); }
.mark-open { color: var(--open); }
.mark-good::before { content: '\\2713\\00a0'; }
.mark-bad::before { content: '\\2717\\00a0'; }
.mark-open::before { content: '?\\00a0'; }
h2 .mark { font-size: 1rem; margin-left: 0.5rem; }
figure { margin: 1.25rem 0 0; }
.plot { background: ${ink.paper}; border-radius: 4px; min-height: 20rem; width: 100%; overflow: hidden; }
figcaption { margin: 0.75rem 0 0; font-size: 0.94rem; color: var(--text); }
.files, .small { font-size: 0.9rem; color: var(--muted); }
details { margin: 0.75rem 0; }
summary { cursor: pointer; }
.scroll { overflow-x: auto; max-height: 30rem; overflow-y: auto; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; margin: 0.5rem 0; }
caption { text-align: left; color: var(--muted); padding-bottom: 0.35rem; }
caption span { display: block; position: sticky; left: 0; max-width: min(46rem, calc(100vw - 2.5rem)); }
th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--text); white-space: nowrap; }
tbody th { font-weight: normal; }
.wordy tbody th { min-width: 14rem; }
.wordy th, .wordy td { padding: 0.3rem 0.6rem; }
.number { text-align: right; white-space: nowrap; }
pre { background: var(--block); padding: 0.75rem 1rem; overflow-x: auto; font-size: 0.85rem; line-height: 1.4; border-radius: 4px; }
@media (max-width: ${narrowWidth}px) {
  body { font-size: 16px; }
  main { padding: 1rem 0.9rem 3rem; }
  h1 { font-size: 1.45rem; }
  .wordy tbody th { min-width: 11rem; }
  dl { display: block; }
  dd { margin: 0 0 0.5rem; }
  .plot { margin: 0 -0.9rem; width: auto; border-radius: 0; }
}
@media print {
  main { max-width: none; padding: 0; }
  figure { break-inside: avoid; }
  nav, .files { display: none; }
}
`;

/** Draws every figure of the page, and again when the width crosses the one below which panels are stacked. */
export const pageScript = `
(function () {
  'use strict';
  document.querySelectorAll('[data-spec]').forEach(function (element) {
    var text = document.getElementById(element.dataset.spec).textContent;
    var narrow = null;
    function draw() {
      var isNarrow = element.clientWidth < ${narrowWidth};
      if (isNarrow === narrow) return;
      narrow = isNarrow;
      // Plotly writes into what it is given: parse afresh.
      var spec = JSON.parse(text);
      Plotly.react(element, spec.data, isNarrow ? spec.narrowLayout : spec.layout, spec.config);
    }
    draw();
    window.addEventListener('resize', draw);
  });
})();
`;

/** Content security policy: the browser loads nothing from outside the page. */
export const contentPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
