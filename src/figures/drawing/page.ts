import { figureCsv, type Figure, type FigureTable } from './figure.ts';
import {
  dataUri,
  escapeHtml,
  htmlTable,
  markedWord,
  scriptJson,
  scriptSource,
  type MarkKind,
  type TableLook,
} from './html.ts';
import { contentPolicy, pageScript, pageStyle } from './pageParts.ts';
import { plotConfig } from './theme.ts';

/** A section of a report. Texts are plain; an array is one paragraph per entry. */
export interface ReportSection {
  readonly heading: string;
  /** Anchor on the page (default: section-1, section-2, ...). */
  readonly id?: string;
  /** One of the page's marked words, after the heading. */
  readonly mark?: string;
  readonly text?: string | readonly string[];
  /** Terms with their descriptions. */
  readonly terms?: readonly (readonly [term: string, description: string])[];
  readonly figure: Figure | null;
  /** Below the figure. */
  readonly findings?: readonly string[];
  readonly table?: PageTable;
}

/** A table with its caption; the file with its numbers is named after `name`. */
export interface PageTable extends Pick<TableLook, 'digits'> {
  readonly name: string;
  readonly caption: string;
  readonly table: FigureTable;
}

/** Input of {@link reportPage}. */
export interface ReportPage {
  readonly title: string;
  readonly intro: string | readonly string[];
  readonly sections: readonly ReportSection[];
  readonly summaryTable?: Omit<PageTable, 'name'> & {
    /** Rows lead to the sections, one each; there is no list of contents then. */
    readonly linked?: boolean;
  };
  /** Words that are shown as marks where they fill a cell of a table. */
  readonly marks?: Readonly<Record<string, MarkKind>>;
  /** Problem, options, seed, version and git hash, as they go into the files. */
  readonly record: object;
  /** The command that makes the page again. */
  readonly command?: string;
  /** Source text of plotly.min.js. */
  readonly plotlySource: string;
  /** Makes the figures look otherwise. */
  readonly styled?: (figure: Figure) => Figure;
}

// Rows up to which a figure's numbers are also shown as a table.
const shownRows = 120;

/** A self-contained HTML page: it needs no network, and its content policy forbids any. */
export function reportPage(page: ReportPage): string {
  const { title, summaryTable, marks = {}, styled = (figure: Figure) => figure } = page;
  const sections = page.sections.map((one) => ({ ...one, figure: one.figure && styled(one.figure) }));
  const anchors = sections.map(({ id }, i) => id ?? `section-${i + 1}`);
  const contents = sections.map(
    ({ heading }, i) => `<li><a href="#${escapeHtml(anchors[i]!)}">${escapeHtml(heading)}</a></li>`,
  );
  const isLinked = summaryTable?.linked === true;
  let figures = 0;
  const body = sections.map((section, i) => {
    const number = section.figure === null ? null : ++figures;
    const parts = sectionParts(section, number, marks);
    return `<section id="${escapeHtml(anchors[i]!)}">\n${parts.join('\n')}\n</section>`;
  });
  return document(
    title,
    [
      `<h1>${escapeHtml(title)}</h1>`,
      ...paragraphs(page.intro),
      ...(summaryTable === undefined
        ? []
        : [
            tableHtml(summaryTable, { marks, ...(isLinked ? { anchors } : {}) }),
            `<p class="files">${csvLink('summary', summaryTable.table)}</p>`,
          ]),
      ...(isLinked
        ? []
        : [`<nav aria-label="Contents"><h2>Contents</h2>\n<ol>\n${contents.join('\n')}\n</ol></nav>`]),
      ...body,
      `<section id="record">\n<h2>Record</h2>\n${recordHtml(page.record, page.command)}\n</section>`,
    ],
    page.plotlySource,
  );
}

function sectionParts(
  section: ReportSection,
  figureNumber: number | null,
  marks: Readonly<Record<string, MarkKind>>,
): string[] {
  const { heading, mark, text, terms = [], figure, findings = [], table } = section;
  const suffix = mark === undefined ? '' : ` ${markedWord(mark, marks)}`;
  const described = terms.map(([term, about]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(about)}</dd>`);
  return [
    `<h2>${escapeHtml(heading)}${suffix}</h2>`,
    ...paragraphs(text),
    ...(terms.length === 0 ? [] : [`<dl>\n${described.join('\n')}\n</dl>`]),
    ...(figure === null ? [] : [figureHtml(figure, figureNumber)]),
    ...(findings.length === 0
      ? []
      : [`<h3>Findings</h3>`, `<ul>${findings.map((one) => `<li>${escapeHtml(one)}</li>`).join('\n')}</ul>`]),
    ...(table === undefined
      ? []
      : [tableHtml(table, { marks }), `<p class="files">${csvLink(table.name, table.table)}</p>`]),
  ];
}

/** A self-contained page with a single figure. */
export function figurePage(figure: Figure, record: object, plotlySource: string, command?: string): string {
  return document(
    figure.title,
    [`<h1>${escapeHtml(figure.title)}</h1>`, figureHtml(figure, null), recordHtml(record, command)],
    plotlySource,
  );
}

function document(title: string, body: readonly string[], plotlySource: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<main>
${body.join('\n')}
</main>
<script>${scriptSource(plotlySource)}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

function tableHtml({ table, caption, digits = {} }: Omit<PageTable, 'name'>, look: TableLook): string {
  return htmlTable(table, caption, { ...look, digits });
}

function figureHtml(figure: Figure, number: number | null): string {
  const spec = `${number === null ? 'figure' : `figure-${number}`}-spec`;
  const label = number === null ? '' : `<b>Figure ${number}.</b> `;
  const rows = figure.table.rows.length;
  const { data, layout, narrowLayout } = figure;
  return [
    `<figure${number === null ? '' : ` id="figure-${number}"`}>`,
    `<div class="plot" data-spec="${spec}" role="img" aria-label="${escapeHtml(`${figure.title}. ${figure.caption}`)}"></div>`,
    '<noscript>The figure is drawn by a script in this page; its numbers are in the file below.</noscript>',
    `<figcaption>${label}${escapeHtml(figure.caption)}</figcaption>`,
    `<p class="files">${csvLink(figure.id, figure.table)} (${rows} rows)</p>`,
    ...(rows <= shownRows
      ? [
          `<details><summary>Numbers in this figure</summary>${htmlTable(figure.table, figure.title)}</details>`,
        ]
      : []),
    '</figure>',
    `<script type="application/json" id="${spec}">${scriptJson({ data, layout, narrowLayout, config: plotConfig(figure.id) })}</script>`,
  ].join('\n');
}

function csvLink(name: string, table: FigureTable): string {
  return `<a download="${escapeHtml(name)}.csv" href="${escapeHtml(dataUri('text/csv', figureCsv(table)))}">Data as CSV</a>`;
}

function recordHtml(record: object, command: string | undefined): string {
  // JSON has no infinity, and a class rate or a start time may be infinite.
  const text = JSON.stringify(
    record,
    (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value),
    2,
  );
  return [
    ...(command === undefined
      ? []
      : [`<p>To make this page again:</p>\n<pre><code>${escapeHtml(command)}</code></pre>`]),
    `<details><summary>Problem, options, seed and version</summary><pre>${escapeHtml(text)}</pre></details>`,
  ].join('\n');
}

function paragraphs(text: string | readonly string[] | undefined): string[] {
  const list = text === undefined ? [] : typeof text === 'string' ? [text] : text;
  return list.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`);
}
