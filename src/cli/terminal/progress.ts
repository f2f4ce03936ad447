/** Progress on stderr. Shown as one changing line on a terminal, plainly with --progress, else not at all. */
export interface Progress {
  /**
   * @param fraction of the current stage, in [0, 1]
   * @param pairsPerSecond particle-class pairs, where they dominate the cost
   */
  update(fraction: number, pairsPerSecond?: number | null): void;
  /** Begins a stage. */
  stage(name: string): void;
  /** Prints a separate line, whether or not progress is shown. */
  note(text: string): void;
  /** Removes the line. */
  done(): void;
}

const redrawEvery = 100;
const sayEvery = 2000;
/** Seconds of work before an estimate of the time left. */
const estimateAfter = 2;

/** @param plain print lines although stderr is no terminal */
export function createProgress(plain: boolean): Progress {
  const terminal = process.stderr.isTTY && !plain;
  const shown = terminal || plain;
  const clear = () => {
    if (terminal) process.stderr.write('\r\u001b[2K');
  };
  let name = '';
  let last = 0;
  let began = Date.now();
  /** Share at which the stage began: a resumed one has a part behind it that took no time. */
  let from: number | null = null;
  return {
    stage(next) {
      name = next;
      began = Date.now();
      last = 0;
      from = null;
      if (shown) process.stderr.write(terminal ? `\r\u001b[2K${name}` : `${name}\n`);
    },
    update(fraction, pairsPerSecond = null) {
      from ??= fraction;
      const now = Date.now();
      if (!shown || now - last < (terminal ? redrawEvery : sayEvery)) return;
      last = now;
      const line = progressLine(name, fraction, from, (now - began) / 1000, pairsPerSecond);
      process.stderr.write(terminal ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    note(text) {
      clear();
      process.stderr.write(`note: ${text}\n`);
    },
    done: clear,
  };
}

/**
 * One line of progress: percentage, speed, and the time left at the present speed.
 * @param from fraction at which the stage began
 * @param elapsed seconds since then
 */
export function progressLine(
  name: string,
  fraction: number,
  from: number,
  elapsed: number,
  pairsPerSecond: number | null,
): string {
  const done = fraction - from;
  const left = (elapsed * (1 - fraction)) / done;
  return [
    `${name} ${Math.floor(100 * fraction + 1e-9)} %`,
    ...(pairsPerSecond === null ? [] : [`${showRate(pairsPerSecond)} pairs/s`]),
    ...(elapsed > estimateAfter && done > 0 ? [`${showDuration(left)} left`] : []),
  ].join(', ');
}

/** 1234567 as 1.23 million. */
export function showRate(rate: number): string {
  if (rate >= 1e9) return `${(rate / 1e9).toPrecision(3)} billion`;
  if (rate >= 1e6) return `${(rate / 1e6).toPrecision(3)} million`;
  return rate >= 1e3 ? `${(rate / 1e3).toPrecision(3)} thousand` : rate.toPrecision(3);
}

/** Seconds as people say them, to two digits or so. */
export function showDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86400).toFixed(1)} days`;
}
