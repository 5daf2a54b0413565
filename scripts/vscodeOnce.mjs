// esbuild turns every `import * as vscode` into a copy of the whole API, name by name: with a file a feature this was half
// of what loading the extension took. The files share one module instead that hands the API on as it is.
import { readFile } from 'node:fs/promises';

const SHARED = 'anamnese:vscode';
const IMPORT = /^import \* as vscode from 'vscode';$/m;

/** @type {import('esbuild').Plugin} */
export const vscodeOnce = {
  name: 'vscode-once',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]src[\\/]extension[\\/].*\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: (await readFile(path, 'utf8')).replace(IMPORT, `import { vscode } from '${SHARED}';`),
    }));
    onResolve({ filter: new RegExp(`^${SHARED}$`) }, ({ path }) => ({ path, namespace: 'shared' }));
    onLoad({ filter: /.*/, namespace: 'shared' }, () => ({
      contents: "export const vscode = require('vscode');",
    }));
  },
};
