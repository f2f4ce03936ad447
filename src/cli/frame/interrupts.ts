import type { CommandContext } from './command.ts';

/** Ctrl-C, a request to end, a terminal that is closed. */
export const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Installs an interrupt handler that saves finished work, prints the command that resumes it, and ends with 130.
 * @param save writes finished work; true if all of it is on disk
 * @returns function that removes the handler
 */
export function saveOnInterrupt({ progress, record }: CommandContext, save: () => boolean): () => void {
  const { command } = record({ problem: {}, options: {}, seed: null });
  const interrupted = () => {
    const saved = save();
    progress.done();
    const where = saved ? 'what was finished is kept; resume with' : 'the newest work is lost; resume with';
    process.stderr.write(`interrupted: ${where}: ${command}\n`);
    process.exit(130);
  };
  // Before any other listener, which would end the process.
  for (const signal of interrupts) process.prependListener(signal, interrupted);
  return () => {
    for (const signal of interrupts) process.off(signal, interrupted);
  };
}
