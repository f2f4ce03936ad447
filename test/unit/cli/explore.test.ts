import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { exploreCommand } from '../../../src/cli/commands/explore.ts';
import { serveFolder, type StaticServer } from '../../../src/cli/commands/explorerServer.ts';
import { runHere } from './inProcess.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'explorer-'));
const site = path.join(scratch, 'site');
mkdirSync(path.join(site, 'assets'), { recursive: true });
mkdirSync(path.join(scratch, 'site-secret'));
writeFileSync(path.join(site, 'index.html'), '<!doctype html><title>page</title>');
writeFileSync(path.join(site, 'assets', 'a-1234.js'), 'export {};');
writeFileSync(path.join(site, 'odd name.txt'), 'odd');
writeFileSync(path.join(scratch, 'secret.txt'), 'secret');
writeFileSync(path.join(scratch, 'site-secret', 'secret.txt'), 'secret');
symlinkSync(path.join(scratch, 'secret.txt'), path.join(site, 'link.txt'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

let server: StaticServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly cache: string | undefined;
  readonly body: string;
}

/** A request with its path exactly as written: fetch would tidy it up. */
function get(address: string, name: string, method = 'GET', headers = {}): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: name, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => {
        const { headers, statusCode = 0 } = response;
        resolve({ status: statusCode, type: headers['content-type'], cache: headers['cache-control'], body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

function isFree(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => {
      resolve(true);
    });
  });
}

describe('the server of the explorer', () => {
  it('serves files with their types, the page for /, and caches what has a hash in its name', async () => {
    server = await serveFolder(site, 0);
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await get(server.address, '/');
    expect(page).toMatchObject({ status: 200, type: 'text/html; charset=utf-8', cache: 'no-cache' });
    expect(page.body).toContain('<title>page</title>');
    expect(await get(server.address, '/index.html?a=1#b')).toEqual(page);
    const script = await get(server.address, '/assets/a-1234.js');
    expect(script).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8', body: 'export {};' });
    expect(script.cache).toContain('immutable');
    expect((await get(server.address, '/odd%20name.txt')).body).toBe('odd');
    expect(await get(server.address, '/', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    ['/../secret.txt', 404],
    ['/%2e%2e/secret.txt', 404],
    ['/assets/../../secret.txt', 404],
    ['/assets/..%2f..%2fsecret.txt', 404],
    ['/..%5csecret.txt', 404],
    ['/../site-secret/secret.txt', 404],
    ['//etc/passwd', 404],
    ['/link.txt', 404],
    ['/missing.js', 404],
    ['/assets', 404],
    ['/assets/', 404],
    ['/%00', 400],
    ['/%E0%A4%A', 400],
    ['*', 400],
  ])('gives nothing that is not below its folder: %s', async (name, status) => {
    server = await serveFolder(site, 0);
    const answer = await get(server.address, name);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('secret');
  });

  it('refuses other methods', async () => {
    server = await serveFolder(site, 0);
    expect((await get(server.address, '/', 'POST')).status).toBe(405);
  });

  it('answers to names of this machine only', async () => {
    server = await serveFolder(site, 0);
    const { port } = new URL(server.address);
    const statusAs = async (host: string) => (await get(server!.address, '/', 'GET', { Host: host })).status;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST:8080', '[::1]:80', 'localhost'])
      expect(await statusAs(host), host).toBe(200);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil:80',
    ])
      expect(await statusAs(host), host).toBe(421);
  });

  it.skipIf(process.platform !== 'linux')(
    'holds no file open for downloads that are broken off, nor for requests whose answers are not read',
    async () => {
      writeFileSync(path.join(site, 'large.bin'), Buffer.alloc(5e6));
      server = await serveFolder(site, 0);
      const { port } = new URL(server.address);
      const openFiles = () =>
        readdirSync('/proc/self/fd').filter((fd) => {
          try {
            return readlinkSync(`/proc/self/fd/${fd}`).endsWith('large.bin');
          } catch {
            return false;
          }
        }).length;
      const request = `GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const before = process.memoryUsage().rss;
      const sockets = await Promise.all(
        Array.from({ length: 40 }, async () => {
          const socket = connect(Number(port), '127.0.0.1');
          await once(socket, 'connect');
          socket.write(request.repeat(20));
          await once(socket, 'readable');
          return socket;
        }),
      );
      expect(openFiles()).toBe(0);
      expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
      for (const socket of sockets) socket.destroy();
      await get(server.address, '/');
      expect(openFiles()).toBe(0);
    },
  );

  it('frees its port', async () => {
    const first = await serveFolder(site, 0);
    await get(first.address, '/');
    await first.close();
    expect(await isFree(first.address)).toBe(true);
    server = await serveFolder(site, Number(new URL(first.address).port));
    expect(server.address).toBe(first.address);
  });
});

describe('explore', () => {
  /** Interrupts the command as soon as it serves. */
  async function interrupted(...args: string[]): Promise<string> {
    const listening = process.listenerCount('SIGINT');
    const running = runHere(exploreCommand(site), '--open', 'no', ...args);
    const ended = running.then(
      () => true,
      () => true,
    );
    const tick = () => new Promise<boolean>((resolve) => setTimeout(resolve, 5, false));
    while (process.listenerCount('SIGINT') === listening && !(await Promise.race([ended, tick()])));
    if (process.listenerCount('SIGINT') > listening) {
      // The other listeners are the test runner's.
      const own = process.listeners('SIGINT').at(-1)!;
      own('SIGINT');
    }
    const printed = await running;
    expect(process.exitCode).toBe(130);
    process.exitCode = 0;
    return printed;
  }

  it('prints its address, ends with 130 on an interrupt, and frees the port', async () => {
    const printed = await interrupted('--port', '0');
    expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect(await isFree(printed.trim())).toBe(true);
  });

  it('with --json the address is in a document with a record', async () => {
    const document = JSON.parse(await interrupted('--port', '0', '--json')) as Record<string, unknown>;
    expect(document['address']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(document['record']).toMatchObject({ seed: null });
  });

  it('a port that is taken is refused if it was asked for', async () => {
    server = await serveFolder(site, 0);
    const { port } = new URL(server.address);
    await expect(runHere(exploreCommand(site), '--port', port, '--open', 'no')).rejects.toThrow(
      `port ${port} is in use; take another --port, or 0 for any`,
    );
  });

  it('says what to run where the page is not built, and refuses a port that is none', async () => {
    await expect(runHere(exploreCommand(path.join(scratch, 'none')))).rejects.toThrow(
      /the explorer is not built: .*; run npm run build$/,
    );
    await expect(runHere(exploreCommand(site), '--port', '70000')).rejects.toThrow('port must be');
  });
});
