import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/system/**/*.system.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Two at a time, on a machine of two cores: one after the other they would take a quarter of an hour.
    maxWorkers: 2,
    reporters: ['default'],
  },
});
