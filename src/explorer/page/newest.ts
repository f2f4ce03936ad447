/**
 * Runs a task for the newest input only: while one is running, later inputs replace each other, and the last one starts
 * when it is done. So curves follow a drag even where a task takes longer than a frame.
 */
export function newestAfterCurrent<Input>(
  task: (input: Input) => Promise<void>,
  failed: (error: unknown) => void,
): (input: Input) => void {
  let running = false;
  let next: { readonly input: Input } | null = null;
  const start = (input: Input): void => {
    running = true;
    task(input)
      .catch(failed)
      .finally(() => {
        running = false;
        const waiting = next;
        next = null;
        if (waiting !== null) start(waiting.input);
      });
  };
  return (input) => {
    if (running) next = { input };
    else start(input);
  };
}

/** Runs a task for the newest input after a pause and aborts the earlier one. */
export function newestStopsOthers<Input>(
  task: (input: Input, signal: AbortSignal) => Promise<void>,
  failed: (error: unknown) => void,
  pause = 0,
): { readonly run: (input: Input) => void; readonly stop: () => void } {
  let current: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    current?.abort();
    current = null;
  };
  return {
    stop,
    run: (input) => {
      stop();
      const controller = new AbortController();
      current = controller;
      timer = setTimeout(() => {
        task(input, controller.signal).catch((error: unknown) => {
          if (!controller.signal.aborted) failed(error);
        });
      }, pause);
    },
  };
}
