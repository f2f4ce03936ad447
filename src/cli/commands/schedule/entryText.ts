import type { Citation } from '../../../guidance/schedules/entry.ts';

/** A source in short: authors, year, number on arXiv. */
export function citationText(citation: Citation | null): string {
  if (citation === null) return '-';
  const { authors, year, arxiv } = citation;
  const names = authors.split(/,\s*/);
  const first = names.length > 2 ? `${names[0]!} et al.` : names.join(', ');
  return `${first} ${year}${arxiv === null ? '' : `, arXiv ${arxiv}`}`;
}

/** Full citation, one line for the paper and one for the place in it. */
export function fullCitation(citation: Citation): string[] {
  const { authors, year, title, arxiv, where } = citation;
  return [
    `${authors} (${year}): ${title}${arxiv === null ? '' : `, arXiv ${arxiv}`}`,
    ...(where === undefined ? [] : [where]),
  ];
}
