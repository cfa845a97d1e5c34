import js from '@eslint/js'
import a11y from 'eslint-plugin-jsx-a11y'
import hooks from 'eslint-plugin-react-hooks'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist', 'src/api/documents.ts'] },
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  { files: ['**/*.js', '**/*.mjs'], ...ts.configs.disableTypeChecked },
  a11y.flatConfigs.recommended,
  hooks.configs.flat.recommended,
  {
    files: ['src/**/*.tsx'],
    rules: {
      // Text from data and from translations is never HTML.
      'no-restricted-syntax': ['error', { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Text is never HTML.' }],
    },
  },
  { files: ['build/**', '*.ts', '*.js'], languageOptions: { globals: { URL: 'readonly', Buffer: 'readonly' } } },
)
