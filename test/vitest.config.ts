import { defineConfig } from 'vitest/config';

const files = ['test/unit/**/*.test.ts'];
/** It puts another module in the place of one that is loaded, and gets a process of its own. */
const mocking = ['test/unit/cli/validateCheckpoint.test.ts'];
const shared = { root: '.', testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    // Vitest leaves one core alone by default: half of a small machine.
    maxWorkers: '100%',
    reporters: ['default'],
    projects: [
      // The others share the modules that they have loaded, which saves a quarter of the time.
      { test: { ...shared, name: 'unit', include: files, exclude: mocking, isolate: false } },
      { test: { ...shared, name: 'mocking', include: mocking } },
    ],
  },
});
