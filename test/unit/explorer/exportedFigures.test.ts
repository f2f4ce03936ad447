import { describe, expect, it } from 'vitest';
import { trajectoryOf } from '../../../src/explorer/compute/trajectory.ts';
import {
  diagramFigureOf,
  energiesFigureOf,
  trajectoryFigureOf,
} from '../../../src/explorer/export/figures.ts';
import { figureRecords, type Figure } from '../../../src/figures/drawing/figure.ts';
import { defaultState, type ExplorerState } from '../../../src/explorer/state/state.ts';

// The pinned problem has a process of its own: its times are written in that of the state.
const pinnedState: ExplorerState = { ...defaultState, w: 2, process: 've' };
const pinned = { state: pinnedState, result: await trajectoryOf(pinnedState) };
const shown = await trajectoryOf(defaultState);
const name = 'pinned: ODE, α = 0.5, w = 2, σ² = 0.25';
const named = ({ data }: Figure) => data.filter((trace) => trace.name === name);

describe('exported figures with a pinned problem', () => {
  it('order parameters: its path, dashed, to the m and v that it ends with; none without it', () => {
    const figure = trajectoryFigureOf(defaultState, shown, [], pinned);
    expect(named(figure)).toHaveLength(2);
    expect(figure.title).toBe('Order parameters along sampling (ODE, α = 0.5, w = 1, σ² = 0.25)');
    const rows = figureRecords(figure.table).filter((row) => row['curve'] === name);
    const { columns, speciationTime } = pinned.result;
    expect(rows.at(-2)).toMatchObject({ time: 0, m: columns.m.at(-1), v: columns.v.at(-1) });
    expect(rows.at(-1)).toMatchObject({ source: 'transition' });
    expect(rows.at(-1)!['time']).toBeCloseTo(speciationTime!, 9);
    const without = trajectoryFigureOf(defaultState, shown, [], null);
    expect(named(without)).toEqual([]);
    expect(without.title).toMatch(/^Trajectories below/);
  });

  it('free energies: its three lines under one entry of the legend, and rows of their own', () => {
    const figure = energiesFigureOf(defaultState, shown, pinned);
    expect(named(figure).map((trace) => 'showlegend' in trace && trace.showlegend)).toEqual([
      true,
      false,
      false,
    ]);
    const rows = figureRecords(figure.table).filter((row) => row['curve'] === name);
    expect(rows.at(-1)).toMatchObject({ t: 0, psi: pinned.result.columns.psi.at(-1), w: 2 });
    const { columns } = energiesFigureOf(defaultState, shown, null).table;
    expect(columns).toEqual(['t', 'psi', 'phi', 'complexity', 'w']);
  });

  it('phase diagram: a ring at its class rate and w, unless a schedule sets w', () => {
    const pass = {
      alpha: [0.2, 0.8],
      w: [0, 3],
      m: [
        [1, 1],
        [1.2, 1.3],
      ],
      v: [
        [0.2, 0.2],
        [0.1, 0.1],
      ],
      phase: [
        ['speciated', 'speciated'],
        ['speciated', 'speciated'],
      ],
      criticalAlpha: [0.8, 1.6],
    } as unknown as Parameters<typeof diagramFigureOf>[1];
    const rings = ({ data }: Figure) => data.filter((trace) => trace.name === 'pinned');
    const found = rings(diagramFigureOf(defaultState, pass, pinned));
    expect(found).toMatchObject([
      { x: [0.5], y: [2] },
      { x: [0.5], y: [2] },
    ]);
    const scheduled = {
      ...pinned,
      state: { ...pinnedState, schedule: { kind: 'drawn', points: [] } } as const,
    };
    expect(rings(diagramFigureOf(defaultState, pass, scheduled))).toEqual([]);
  });
});
