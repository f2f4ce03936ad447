import { scheduleCatalogue } from '../../guidance/schedules/catalogue.ts';
import type { TrajectoryResult } from '../compute/protocol.ts';
import { element, setText } from '../drawing/dom.ts';
import type { Store } from '../state/store.ts';
import {
  formulaClocks,
  mostFormulaCharacters,
  type ExplorerState,
  type ScheduleChoice,
} from '../state/state.ts';
import { choices, list } from './choices.ts';
import { drawnSchedule } from './drawnSchedule.ts';

/** Controls of the schedule, and where its errors are shown. */
export interface ScheduleControls {
  readonly root: HTMLElement;
  /** @param message problem with the schedule, or null */
  readonly refuse: (message: string | null) => void;
  readonly show: (result: TrajectoryResult) => void;
}

type Kind = ScheduleChoice['kind'];

const defaultPoints = [
  [0, 0],
  [0.6, 1],
  [1.4, 3],
  [2.6, 1],
] as const;

/** Constant, from the list, a formula, or drawn by hand. */
export function scheduleControls(store: Store): ScheduleControls {
  // Last choice of each kind, restored on switching back.
  const last: { [K in Kind]: Extract<ScheduleChoice, { kind: K }> } = {
    constant: { kind: 'constant' },
    named: { kind: 'named', name: scheduleCatalogue[0]!.id },
    formula: { kind: 'formula', text: 't < 1 ? 3 : 0.5', clock: 't' },
    drawn: { kind: 'drawn', points: defaultPoints },
  };
  const put = (schedule: ScheduleChoice, done = true): void => {
    store.change({ schedule }, done);
  };
  const kind = choices<Kind>(
    'schedule-kind',
    'Guidance over time',
    [
      { name: 'constant', title: 'constant' },
      { name: 'named', title: 'list' },
      { name: 'formula', title: 'formula' },
      { name: 'drawn', title: 'drawn' },
    ],
    (name) => {
      put(last[name]);
    },
  );
  const named = list(
    'schedule-name',
    'Schedule, of strength w',
    scheduleCatalogue.map(({ id, title }) => ({ name: id, title })),
    (name) => {
      put({ kind: 'named', name });
    },
  );
  const summary = element('p', { class: 'note' });
  const error = element('p', { class: 'error', id: 'formula-error', role: 'alert' });
  const text = element('textarea', {
    id: 'formula',
    rows: 2,
    spellcheck: 'false',
    maxlength: mostFormulaCharacters,
    'aria-describedby': 'formula-error formula-note',
    oninput: () => {
      put({ kind: 'formula', text: text.value, clock: clockOf(store.state()) });
    },
  });
  const clock = list(
    'formula-clock',
    'written in',
    formulaClocks.map((name) => ({ name, title: clockTitle[name] })),
    (name) => {
      put({ kind: 'formula', text: text.value, clock: name });
    },
  );
  const formula = element(
    'div',
    { class: 'group-body' },
    element('div', { class: 'field' }, element('label', { for: 'formula' }, 'w as a formula'), text),
    clock.root,
    element('p', { class: 'note', id: 'formula-note' }, 'for example: t < 1 ? 3 : 0.5, or 2 * exp(-tau)'),
  );
  const list_ = element('div', { class: 'field' }, named.root, summary);
  const drawing = drawnSchedule((points, done) => {
    put({ kind: 'drawn', points }, done);
  });
  const root = element('div', { class: 'group-body' }, kind.root, list_, formula, error, drawing.root);
  const follow = ({ schedule }: ExplorerState): void => {
    kind.set(schedule.kind);
    list_.hidden = schedule.kind !== 'named';
    formula.hidden = schedule.kind !== 'formula';
    list_.style.display = list_.hidden ? 'none' : '';
    formula.style.display = formula.hidden ? 'none' : '';
    switch (schedule.kind) {
      case 'constant':
        break;
      case 'named':
        last.named = schedule;
        named.set(schedule.name);
        setText(summary, scheduleCatalogue.find(({ id }) => id === schedule.name)?.summary ?? '');
        break;
      case 'formula':
        last.formula = schedule;
        if (text.value !== schedule.text) text.value = schedule.text;
        clock.set(schedule.clock);
        break;
      case 'drawn':
        last.drawn = schedule;
        break;
    }
    drawing.setPoints(schedule.kind === 'drawn' ? schedule.points : null);
  };
  store.onChange((state, changed) => {
    if (changed('schedule')) follow(state);
  });
  follow(store.state());
  return {
    root,
    refuse: (message) => {
      setText(error, message === null ? '' : `${message}. The curves are those of the last good guidance.`);
      if (message === null) text.removeAttribute('aria-invalid');
      else text.setAttribute('aria-invalid', 'true');
    },
    show: ({ columns }) => {
      drawing.setCurve(columns.t, columns.w);
    },
  };
}

const clockTitle = {
  t: 't, time of the process',
  tau: 'tau, noise over signal',
  logsnr: 'logsnr, −log tau',
  progress: 'progress, 0 to 1',
} as const;

function clockOf({ schedule }: ExplorerState) {
  return schedule.kind === 'formula' ? schedule.clock : 't';
}
