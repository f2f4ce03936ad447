import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NumericalFailure } from '../../numerics/checks.ts';
import { command, type CommandDefinition } from '../frame/command.ts';
import { serveFolder, type StaticServer } from './explorerServer.ts';
import { interrupts } from '../frame/interrupts.ts';
import { choice, integer, number } from '../frame/options.ts';

/** The built page, beside the compiled program; the sources have no built page. */
const builtExplorer = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../dist/explorer');

/** Default port, fixed so that links to states stay valid; any other if it is taken. */
const usualPort = 4210;

const whens = ['auto', 'yes', 'no'] as const;

/** `explore`: serves the explorer on this machine. @param folder of the built page */
export function exploreCommand(folder = builtExplorer): CommandDefinition {
  return command({
    name: 'explore',
    summary: 'Serve the explorer, an interactive page with theory and particles, on 127.0.0.1.',
    example: 'cfg-dmft explore --open no\n  http://127.0.0.1:4210/',
    options: {
      port: number('port to listen on; 0: any that is free', {
        as: 'P',
        usual: `${usualPort}, or a free one`,
        domain: integer(0, 65_535),
      }),
      open: choice('open the page in a browser, auto on a terminal with a display', whens, {
        as: 'when',
        default: 'auto',
      }),
    },
    async run({ port, open }, { json }) {
      if (!existsSync(path.join(folder, 'index.html'))) {
        throw new NumericalFailure(`the explorer is not built: there is no ${folder}`, 'run npm run build');
      }
      const server = await listen(folder, port);
      const { address } = server;
      if (wantsBrowser(open, json)) openInBrowser(address);
      return {
        document: { address },
        text: address,
        notes: ['Ctrl-C ends it'],
        record: { problem: {}, options: { port: Number(new URL(address).port) }, seed: null },
        afterwards: () => untilInterrupted(server),
      };
    },
  });
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

function wantsBrowser(open: (typeof whens)[number], json: boolean): boolean {
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
