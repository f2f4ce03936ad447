import { wasmSupport } from '../../particles/kernels/wasmKernel.ts';
import { physicsControls, group } from '../controls/physics.ts';
import { pinControl } from '../controls/pin.ts';
import { particleControls } from '../controls/particles.ts';
import { scheduleControls } from '../controls/schedule.ts';
import { themeSwitch } from '../controls/theme.ts';
import type { ExplorerClient } from '../compute/protocol.ts';
import { copyText } from '../export/menu.ts';
import { decodeState } from '../state/address.ts';
import { readouts } from '../views/readouts.ts';
import { story } from '../views/story.ts';
import { timeline } from '../views/timeline.ts';
import { allViews } from '../views/views.ts';
import { keepAddress } from './address.ts';
import { compute, type Notice } from './compute.ts';
import { byId, setText } from '../drawing/dom.ts';
import { openStore } from '../state/store.ts';

/** Builds the page: its parts and their dependencies. */
export function openPage(client: ExplorerClient): void {
  const first = decodeState(location.hash);
  const store = openStore(first.state);
  const notices = new Map<string, string>();
  const notice: Notice = (source, text) => {
    if (text === null) notices.delete(source);
    else notices.set(source, text);
    setText(byId('notice'), [...notices.values()].join(' '));
  };
  themeSwitch(byId('theme'), store);
  const clock = timeline(byId('timeline'), store);
  const schedule = scheduleControls(store);
  const views = allViews(byId('views'), store, clock.hover);
  story(byId('story'), store);
  const numbers = readouts(byId('readouts'));
  const particles = particleControls(
    store,
    () => {
      computing.runParticles();
    },
    () => {
      computing.stopParticles();
    },
  );
  const pin = pinControl(byId('pin'), byId('pinned'), store, () => views.results.trajectory?.state ?? null);
  const wide = matchMedia('(min-width: 701px)').matches;
  byId('controls').append(
    group('Guidance problem', true, ...physicsControls(store)),
    group('Schedule', wide || first.state.schedule.kind !== 'constant', schedule.root),
    group('Particles', wide, particles.root),
  );
  byId('controls').addEventListener('submit', (event) => {
    event.preventDefault();
  });
  const computing = compute(client, store, { clock, schedule, views, numbers, particles, pin, notice });
  keepAddress(store, (text) => {
    notice('address', text);
  });
  notice('address', first.notice);
  notice('engine', slowNotice());
  byId('copy-link').addEventListener('click', () => {
    void copyText(location.href).then((done) => {
      setText(byId('copy-link'), done ? 'Link copied' : 'Copy it from the address bar');
      setTimeout(() => {
        setText(byId('copy-link'), 'Copy link');
      }, 2500);
    });
  });
  computing.start();
}

function slowNotice(): string | null {
  const { simd } = wasmSupport();
  return simd ? null : 'This browser has no WebAssembly SIMD: particles run in plain JavaScript, slower.';
}
