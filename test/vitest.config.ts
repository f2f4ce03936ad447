import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/unit/**/*.test.ts'],
    testTimeout: 180_000,
    // Vitest leaves one core alone by default: half of a small machine.
    maxWorkers: '100%',
    reporters: ['default'],
  },
});
