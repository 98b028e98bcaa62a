import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: ['lib', 'node_modules', '*.cjs', '*.mjs', '*.mts', '**/*.gen.ts']
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: './tsconfig.check.json',
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      // Interfaces of services are named as in JupyterLab, and tokens share the name.
      '@typescript-eslint/no-redeclare': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      // Signal slots and command handlers are often given as methods bound elsewhere.
      '@typescript-eslint/unbound-method': 'off',
      // Combining and invisible characters are looked for on purpose.
      'no-misleading-character-class': 'off',
      eqeqeq: ['error', 'smart'],
      'no-restricted-properties': [
        'error',
        {
          property: 'innerHTML',
          message: 'Text of a model or kernel is never HTML.'
        },
        {
          property: 'outerHTML',
          message: 'Text of a model or kernel is never HTML.'
        },
        {
          property: 'insertAdjacentHTML',
          message: 'Text of a model or kernel is never HTML.'
        }
      ]
    }
  }
);
