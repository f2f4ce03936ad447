import { chromium, type Browser } from 'playwright-core';

/** Headless Chromium that talks to nobody by itself. */
export function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'];
  if (executablePath === undefined)
    throw new Error('CHROMIUM is not set: run these through npm run test:system');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
