import type {
  DiagramPass,
  FewClassResult,
  ParticleUpdate,
  PotentialResult,
  SampleResult,
  StructuredResult,
  TrajectoryResult,
} from '../compute/protocol.ts';
import {
  diagramFigureOf,
  energiesFigureOf,
  fewClassFigureOf,
  potentialFigureOf,
  samplesFigureOf,
  structuredFigureOf,
  trajectoryFigureOf,
  type PinnedCurves,
} from '../export/figures.ts';
import type { Exportable } from '../export/menu.ts';
import type { Figure } from '../../figures/drawing/figure.ts';
import type { Store } from '../state/store.ts';
import { commandOf, type ViewName } from '../state/command.ts';
import { encodeState } from '../state/address.ts';
import { viewTitle } from '../state/presets.ts';
import type { ExplorerState } from '../state/state.ts';
import { card, type Card } from './card.ts';
import { fewClassView, type FewClassView } from './fewClassPlane.ts';
import { phaseDiagramView, type DiagramView } from './phaseDiagram.ts';
import { potentialView, type PotentialView } from './potential.ts';
import { samplesView, type SamplesView } from './samplesPlane.ts';
import { structuredView, type StructuredView } from './structuredDensity.ts';
import { timeCharts, type TimeCharts } from './timeCharts.ts';

/** The last result of each kind, with the state that it belongs to. */
export interface Results {
  trajectory: { readonly state: ExplorerState; readonly result: TrajectoryResult } | null;
  /** The problem whose curves stay beside those of the state. */
  pinned: PinnedCurves | null;
  potential: { readonly state: ExplorerState; readonly result: PotentialResult } | null;
  diagram: { readonly state: ExplorerState; readonly result: DiagramPass } | null;
  samples: { readonly state: ExplorerState; readonly result: SampleResult } | null;
  few: { readonly state: ExplorerState; readonly result: FewClassResult } | null;
  structured: { readonly state: ExplorerState; readonly result: StructuredResult } | null;
  full: ParticleUpdate | null;
  reduced: ParticleUpdate | null;
}

/** All views. */
export interface Views {
  readonly results: Results;
  readonly diagram: DiagramView;
  readonly potential: PotentialView;
  readonly charts: TimeCharts;
  readonly samples: SamplesView;
  readonly few: FewClassView;
  readonly structured: StructuredView;
  readonly cards: Readonly<
    Record<'diagram' | 'potential' | 'order' | 'energies' | 'samples' | 'few' | 'structured', Card>
  >;
}

/** Makes every view and puts it on the page. */
export function allViews(root: HTMLElement, store: Store, onHover: (t: number | null) => void): Views {
  const results: Results = {
    trajectory: null,
    pinned: null,
    potential: null,
    diagram: null,
    samples: null,
    few: null,
    structured: null,
    full: null,
    reduced: null,
  };
  const exportable = <R>(
    name: ViewName,
    latest: () => { readonly state: ExplorerState; readonly result: R } | null,
    figure: (state: ExplorerState, result: R) => Figure,
  ): Exportable => {
    const stateOf = () => latest()?.state ?? store.state();
    const command = () =>
      commandOf(stateOf(), name, name === 'particles' && results.full === null ? 'reduced' : 'full');
    return {
      figure: () => {
        const found = latest();
        return found === null ? null : figure(found.state, found.result);
      },
      command,
      record: () => ({ problem: stateOf(), address: `#${encodeState(stateOf())}`, command: command() }),
    };
  };
  const updates = (): ParticleUpdate[] =>
    [results.full, results.reduced].filter(
      (update) => update !== null && update.m.length > 0,
    ) as ParticleUpdate[];
  const cards = {
    diagram: card(
      'diagram',
      viewTitle.diagram,
      exportable(
        'diagram',
        () => results.diagram,
        (state, pass) => diagramFigureOf(state, pass, results.pinned),
      ),
    ),
    potential: card(
      'potential',
      viewTitle.potential,
      exportable(
        'potential',
        () => results.potential,
        (state, result) =>
          potentialFigureOf(state, result, results.trajectory?.result.speciationTime ?? null),
      ),
    ),
    order: card(
      'order',
      viewTitle.order,
      exportable(
        'trajectory',
        () => results.trajectory,
        (state, result) => trajectoryFigureOf(state, result, updates(), results.pinned),
      ),
    ),
    energies: card(
      'energies',
      viewTitle.energies,
      exportable(
        'trajectory',
        () => results.trajectory,
        (state, result) => energiesFigureOf(state, result, results.pinned),
      ),
    ),
    samples: card(
      'samples',
      viewTitle.samples,
      exportable('samples', () => results.samples, samplesFigureOf),
    ),
    few: card(
      'few',
      viewTitle.few,
      exportable('fewClass', () => results.few, fewClassFigureOf),
    ),
    structured: card(
      'structured',
      viewTitle.structured,
      exportable('structured', () => results.structured, structuredFigureOf),
    ),
  };
  const views: Views = {
    results,
    cards,
    diagram: phaseDiagramView(cards.diagram, store),
    potential: potentialView(cards.potential),
    charts: timeCharts(cards.order, cards.energies, onHover),
    samples: samplesView(cards.samples, () => (results.samples?.state ?? store.state()).sigma2),
    few: fewClassView(cards.few, store),
    structured: structuredView(cards.structured, store),
  };
  root.append(...Object.values(cards).map((made) => made.root));
  return views;
}
