/** Told when work begins, and when no work is left. */
type Busy = (on: boolean) => void;
const untold: Busy = () => undefined;

/**
 * Runs a task for the newest input only: while one is running, later inputs replace each other, and the last one starts
 * when it is done. So curves follow a drag even where a task takes longer than a frame.
 */
export function newestAfterCurrent<Input>(
  task: (input: Input) => Promise<void>,
  failed: (error: unknown) => void,
  busy: Busy = untold,
): (input: Input) => void {
  let running = false;
  let next: { readonly input: Input } | null = null;
  const start = (input: Input): void => {
    running = true;
    busy(true);
    task(input)
      .catch(failed)
      .finally(() => {
        running = false;
        const waiting = next;
        next = null;
        if (waiting === null) busy(false);
        else start(waiting.input);
      });
  };
  return (input) => {
    if (running) next = { input };
    else start(input);
  };
}

/** Runs a task for the newest input after a pause and aborts the earlier one. It is busy from the request to the end of the newest task. */
export function newestStopsOthers<Input>(
  task: (input: Input, signal: AbortSignal) => Promise<void>,
  failed: (error: unknown) => void,
  { pause = 0, busy = untold }: { readonly pause?: number; readonly busy?: Busy } = {},
): { readonly run: (input: Input) => void; readonly stop: () => void } {
  let current: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = (): void => {
    clearTimeout(timer);
    current?.abort();
    current = null;
  };
  return {
    stop: () => {
      abort();
      busy(false);
    },
    run: (input) => {
      abort();
      busy(true);
      const controller = new AbortController();
      const { signal } = controller;
      current = controller;
      timer = setTimeout(() => {
        task(input, signal)
          .catch((error: unknown) => {
            if (!signal.aborted) failed(error);
          })
          .finally(() => {
            if (!signal.aborted) busy(false);
          });
      }, pause);
    },
  };
}
