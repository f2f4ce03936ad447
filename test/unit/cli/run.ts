import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** Runs the compiled command line, as its users do. */
export function cli(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** The JSON document that a command prints. */
export function json(...args: string[]): Record<string, unknown> {
  const { status, stdout, stderr } = cli(...args, '--json');
  if (status !== 0) throw new Error(`exit ${String(status)}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}
