/** Progress on stderr. Shown as one changing line on a terminal, plainly with --progress, else not at all. */
export interface Progress {
  /** @param fraction of the current stage, in [0, 1] */
  update(fraction: number): void;
  /** Begins a stage. */
  stage(name: string): void;
  /** Removes the line. */
  done(): void;
}

const redrawEvery = 100;
const sayEvery = 2000;

/** @param plain print lines although stderr is no terminal */
export function createProgress(plain: boolean): Progress {
  const terminal = process.stderr.isTTY && !plain;
  let name = '';
  let last = 0;
  let began = Date.now();
  if (!terminal && !plain) {
    return { update: () => undefined, stage: () => undefined, done: () => undefined };
  }
  const line = (fraction: number) => {
    const elapsed = (Date.now() - began) / 1000;
    const left =
      fraction > 0.02 && elapsed > 2 ? `, ${Math.ceil((elapsed * (1 - fraction)) / fraction)} s left` : '';
    return `${name} ${Math.floor(100 * fraction)} %${left}`;
  };
  return {
    stage(next) {
      name = next;
      began = Date.now();
      last = 0;
      this.update(0);
    },
    update(fraction) {
      const now = Date.now();
      if (now - last < (terminal ? redrawEvery : sayEvery)) return;
      last = now;
      process.stderr.write(terminal ? `\r[2K${line(fraction)}` : `${line(fraction)}\n`);
    },
    done() {
      if (terminal) process.stderr.write('\r[2K');
    },
  };
}
