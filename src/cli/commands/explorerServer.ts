import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';

/** The only address that is listened on: the page is for this machine. */
const host = '127.0.0.1';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Names of this machine that a browser may have asked for: a page of another site that has its name lead here gets nothing. */
const ownNames: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** A static site that is being served. */
export interface StaticServer {
  /** http://127.0.0.1:port/ */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the files of a folder on 127.0.0.1.
 * @param port 0: any that is free
 * @throws the error of node:net if the port cannot be had (code EADDRINUSE, EACCES)
 */
export async function serveFolder(folder: string, port: number): Promise<StaticServer> {
  const site: Site = { root: await realpath(folder), files: new Map() };
  const server = createServer((request, response) => {
    answer(site, request, response).catch(() => {
      refuse(response, 500, 'the file could not be read');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { address: `http://${host}:${portOf(server)}/`, close: () => closed(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

interface SiteFile {
  readonly changed: number;
  readonly content: Promise<Buffer>;
}

/** A folder with a cache of its files: abandoned requests hold no file open, and all share one copy of the content. */
interface Site {
  readonly root: string;
  readonly files: Map<string, SiteFile>;
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!ownNames.includes((request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase())) {
    refuse(response, 421, `not a name of this machine: ${ownNames.join(', ')}`);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(response, 405, 'only GET and HEAD');
    return;
  }
  const name = nameOf(request.url ?? '/');
  if (name === null) {
    refuse(response, 400, 'not a path');
    return;
  }
  const file = await fileOf(site.root, name);
  if (file === null) {
    refuse(response, 404, 'not found');
    return;
  }
  const content = await readOnce(site, file);
  response.writeHead(200, {
    'Content-Type': contentTypes[path.extname(file.name).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': content.length,
    // Files in assets/ have a hash of their content in their names.
    'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function readOnce({ files }: Site, { name, changed }: FoundFile): Promise<Buffer> {
  const known = files.get(name);
  if (known?.changed === changed) return known.content;
  const content = readFile(name);
  files.set(name, { changed, content });
  content.catch(() => files.delete(name));
  return content;
}

/** Path of a request, decoded; null if it is none. */
function nameOf(url: string): string | null {
  let name: string;
  try {
    name = decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
  return name.startsWith('/') && !name.includes('\0') ? name : null;
}

interface FoundFile {
  readonly name: string;
  /** When, in milliseconds. */
  readonly changed: number;
}

/** The file of a path below the root, links resolved; null if it is not there, or not below. */
async function fileOf(root: string, name: string): Promise<FoundFile | null> {
  const wanted = path.join(root, name.endsWith('/') ? `${name}index.html` : name);
  try {
    const real = await realpath(wanted);
    if (!real.startsWith(`${root}${path.sep}`)) return null;
    const found = await stat(real);
    return found.isFile() ? { name: real, changed: found.mtimeMs } : null;
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(`${status} ${reason}\n`);
}
