import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'release/', 'coverage/', 'node_modules/', '.demo/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.json', './tsconfig.browser.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-await': 'off',
      // Ports are interfaces with methods; parts are handed over as destructured deps.
      '@typescript-eslint/unbound-method': 'off',
      // The page's and the service's compilations see the same file with different libraries.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // An AbortSignal's reason is what its owner gave.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // Parts that refer to each other are declared before they are made.
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' }],
    },
  },
  { files: ['src/**/*.ts'], rules: { 'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }] } },
  {
    files: ['src/**/*.ts'],
    // A browser's profile folder is removed with patience of its own.
    ignores: ['src/lib/held-files.ts', 'src/headless/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:fs/promises', 'fs/promises'].map((name) => ({
            name,
            importNames: ['open', 'rename', 'rm', 'unlink'],
            message: 'Use src/lib/held-files.ts: a virus scanner may hold the file for a moment.',
          })),
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-this-alias': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['examples/*/desktop/*.js'],
    languageOptions: {
      globals: Object.fromEntries(['document', 'location', 'FormData', 'URLSearchParams'].map((name) => [name, 'readonly'])),
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'jest',
          'process',
          'console',
          'module',
          'require',
          '__dirname',
          'Buffer',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'fetch',
          'URL',
          'performance',
          'AbortController',
          'AbortSignal',
          'document',
          'window',
          'createImageBitmap',
          'OffscreenCanvas',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
