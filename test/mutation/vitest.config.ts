import { defineConfig } from 'vitest/config';

// Run by run.mjs, which names the folders of tests, or single files of them.
const names = process.env['MUTATION_TESTS'] ?? 'process';

export default defineConfig({
  test: {
    root: '.',
    include: names
      .split(',')
      .flatMap((name) => [`test/unit/${name}/**/*.test.ts`, `test/unit/${name}.test.ts`]),
    testTimeout: 180_000,
  },
});
