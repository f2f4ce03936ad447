import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // test/system has dependencies of its own, which a plain npm ci does not install: its types are checked when it runs.
  // What AssemblyScript compiles (assembly/) is not TypeScript to the letter; its compiler checks it.
  {
    ignores: [
      'dist/',
      'report/',
      'coverage/',
      '**/node_modules/',
      'docs/figures/',
      'docs/public/',
      'docs/.vitepress/dist/',
      'docs/.vitepress/cache/',
      'test/system/*.ts',
      'src/particles/kernels/wasm/assembly/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // With noUncheckedIndexedAccess every element of a typed array is `number | undefined`; in numerical
      // loops whose bounds are the array's own length, `!` is the only way to say so without a cost.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Numbers in messages are formatted on purpose.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      eqeqeq: 'error',
      // Enums are refused, so that a search of every assignment for them is not needed: a seventh of the lint's time.
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
      ],
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Another seventh, for some thirty classes, of which no plain object is ever passed off as one.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
    },
  },
  { files: ['test/bench/**'], rules: { 'no-console': 'off' } }, // benches print their tables
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
