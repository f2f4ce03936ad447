import { defineConfig } from 'vitest/config';

// Run by run.mjs, which names the folders of tests.
const folders = process.env['MUTATION_TESTS'] ?? 'process';

export default defineConfig({
  test: {
    root: '.',
    include: folders.split(',').map((folder) => `test/unit/${folder}/**/*.test.ts`),
    testTimeout: 180_000,
  },
});
