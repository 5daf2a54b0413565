import tseslint from 'typescript-eslint';

/** The arrows between layers: core <- protocol <- {extension, webview, worker}, core <- node <- {worker, cli}. */
const layers = {
  core: ['node', 'protocol', 'worker', 'cli', 'extension', 'webview'],
  protocol: ['node', 'worker', 'cli', 'extension', 'webview'],
  node: ['protocol', 'worker', 'cli', 'extension', 'webview'],
  worker: ['cli', 'extension', 'webview'],
  cli: ['worker', 'extension', 'webview'],
  extension: ['node', 'worker', 'cli', 'webview'],
};

const otherLayers = (layer) =>
  layers[layer].map((other) => ({
    regex: `^(\\.\\./)+${other}(/|$)`,
    message: `${layer} must not import ${other}: see ARCHITECTURE.md`,
  }));

/** The page of a report lies beside `src`. Nobody imports it: it is reached as a bundle. */
const page = {
  regex: '^(\\.\\./)+src/(node|worker|cli|extension)(/|$)|^(node:|onnxruntime|vscode$)',
  message: 'webview imports core and protocol alone: see ARCHITECTURE.md',
};

const vscodeOnlyInExtension = { regex: '^vscode$', message: 'only src/extension imports vscode' };
const pure = {
  regex: '^(node:|onnxruntime|fs$|path$|os$|child_process$)',
  message: 'the core is pure: ask for what you need in src/core/ports.ts',
};

const restrict = (...patterns) => ({
  'no-restricted-imports': 'off',
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});

export default tseslint.config(
  { ignores: ['dist', 'out', 'artifacts', '.cache', 'models', 'src/core/graph/onnx_pb.ts', '**/*.cjs'] },
  ...tseslint.configs.strict,
  {
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      ...restrict(vscodeOnlyInExtension, pure, ...otherLayers('core')),
      'no-restricted-globals': ['error', 'process', 'Buffer', 'performance', 'setTimeout', 'setInterval'],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'take an Rng from the caller' },
        { object: 'Date', property: 'now', message: 'take a Clock from the caller' },
      ],
    },
  },
  ...['protocol', 'node', 'worker', 'cli'].map((layer) => ({
    files: [`src/${layer}/**/*.ts`],
    rules: restrict(vscodeOnlyInExtension, ...otherLayers(layer)),
  })),
  { files: ['webview/**/*.ts'], rules: restrict(page) },
  {
    files: ['src/extension/**/*.ts'],
    rules: restrict(...otherLayers('extension'), {
      regex: '^onnxruntime',
      message: 'models run in the worker, never on the extension host',
    }),
  },
  {
    files: [
      'src/cli/**/*.ts',
      'bench/**/*.ts',
      'corpus/**/*.ts',
      'training/**/*.ts',
      'test/**/*.ts',
      '**/*.mjs',
    ],
    rules: { 'no-console': 'off' },
  },
);
