import type { RunRecord } from '../../../problem/record.ts';
import { reportPage, type ReportPage } from '../../../figures/drawing/page.ts';
import { plotlySource } from '../../../images/plotly.ts';

/** A page with the record of its run and the command that repeats it. */
export function recordPage(
  record: RunRecord,
  page: Pick<ReportPage, 'title' | 'intro' | 'sections' | 'styled'>,
): string {
  return reportPage({ ...page, record, command: record.command, plotlySource: plotlySource() });
}
