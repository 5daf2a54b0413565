// esbuild turns every `import * as vscode` into a copy of the whole API, name by name, once a file. The files share one
// module instead that hands the API on as it is: its names are then the editor's own, and nothing is copied at the start.
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
