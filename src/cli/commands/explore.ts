import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import { NumericalFailure, requireInteger } from '../../numerics/checks.ts';
import type { CommandDefinition } from '../command.ts';
import { serveFolder, type StaticServer } from '../explorerServer.ts';
import { interrupts } from '../interrupts.ts';
import { optionalNumber } from '../options.ts';

/** The built page, beside the compiled program; the sources have no built page. */
const builtExplorer = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../dist/explorer');

/** Default port, fixed so that links to states stay valid; any other if it is taken. */
const usualPort = 4210;

/** `explore`: serves the explorer on this machine. @param folder of the built page */
export function exploreCommand(folder = builtExplorer): CommandDefinition {
  return {
    name: 'explore',
    summary: 'Serve the explorer, an interactive page with theory and particles, on 127.0.0.1.',
    example: 'cfg-dmft explore --open no\n  http://127.0.0.1:4210/',
    fileNames: [],
    configure: (command) =>
      command
        .option('--port <P>', `port to listen on; 0: any that is free (default: ${usualPort}, or a free one)`)
        .addOption(
          new Option('--open <when>', 'open the page in a browser: auto does so on a terminal with a display')
            .choices(['auto', 'yes', 'no'])
            .default('auto'),
        ),
    async run(raw) {
      const asked = optionalNumber(raw, 'port', 'port');
      if (asked !== null) requireInteger('port', asked, 0, 65_535);
      if (!existsSync(path.join(folder, 'index.html'))) {
        throw new NumericalFailure(`the explorer is not built: there is no ${folder}`, 'run npm run build');
      }
      const server = await listen(folder, asked);
      const { address } = server;
      if (wantsBrowser(raw['open'], raw['json'] === true)) openInBrowser(address);
      return {
        document: { address },
        text: address,
        notes: ['Ctrl-C ends it'],
        record: { problem: {}, options: { port: Number(new URL(address).port) }, seed: null },
        afterwards: () => untilInterrupted(server),
      };
    },
  };
}

async function listen(folder: string, asked: number | null): Promise<StaticServer> {
  try {
    return await serveFolder(folder, asked ?? usualPort);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    if (asked === null) return serveFolder(folder, 0);
    throw new NumericalFailure(
      `port ${asked} ${code === 'EACCES' ? 'is not allowed' : 'is in use'}`,
      'take another --port, or 0 for any',
    );
  }
}

function wantsBrowser(open: unknown, json: boolean): boolean {
  if (open !== 'auto') return open === 'yes';
  const { platform, env, stdout } = process;
  const hasDisplay =
    platform === 'darwin' || platform === 'win32' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
  return stdout.isTTY && hasDisplay && !json;
}

/** Opens an address in the user's browser; where there is none, nothing happens. */
function openInBrowser(address: string): void {
  const [program, args] =
    process.platform === 'darwin'
      ? (['open', [address]] as const)
      : process.platform === 'win32'
        ? (['cmd', ['/c', 'start', '', address]] as const)
        : (['xdg-open', [address]] as const);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

/** Until an interrupt: then the port is free again, and the exit code is 130. */
function untilInterrupted(server: StaticServer): Promise<void> {
  return new Promise((resolve, reject) => {
    const interrupted = () => {
      for (const signal of interrupts) process.off(signal, interrupted);
      process.exitCode = 130;
      server.close().then(resolve, reject);
    };
    for (const signal of interrupts) process.on(signal, interrupted);
  });
}
