import { defineConfig } from 'vitest/config';

const timed = 'test/system/explorerSpeed.system.ts';
const shared = { root: '.', testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    // Two at a time, on a machine of two cores: one after the other they would take a quarter of an hour.
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      {
        test: {
          ...shared,
          name: 'system',
          include: ['test/system/**/*.system.ts'],
          exclude: [timed],
          sequence: { groupOrder: 0 },
        },
      },
      // What is timed has the machine to itself, when the others are done.
      { test: { ...shared, name: 'timed', include: [timed], sequence: { groupOrder: 1 } } },
    ],
  },
});
