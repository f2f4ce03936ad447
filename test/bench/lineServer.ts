import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that answers one JSON document per line with another: one side of a benchmark. */
export interface LineServer {
  /** @throws Error if the answer is a fault, or the process has ended */
  ask<T>(job: object): Promise<T>;
  close(): void;
}

/** Starts a server. Its messages for people go to our standard error. */
export function startServer(command: string, args: readonly string[]): LineServer {
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async ask<T>(job: object) {
      child.stdin!.write(`${JSON.stringify(job)}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`${args.join(' ')} ended`);
      const answer = JSON.parse(line.value) as T & { fault?: string };
      if (answer.fault !== undefined) throw new Error(answer.fault);
      return answer;
    },
    close() {
      child.stdin!.end();
    },
  };
}

/** First quartile, median, third quartile (by linear interpolation). */
export function quartiles(values: readonly number[]): readonly [number, number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
  };
  return [at(0.25), at(0.5), at(0.75)];
}

/** A table in Markdown, as docs/benchmarks.md has it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
