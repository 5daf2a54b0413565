// Bundles the suites that run inside the extension host into out/host.
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './shell.mjs';

/** Builds and returns the folder. */
export async function buildHostSuites() {
  const outdir = path.join(root, 'out', 'host');
  await build({
    entryPoints: ['index', 'untrusted', 'everySuite', '*.vscode.test', '*.untrusted.test'].map((name) =>
      path.join(root, `test/host/${name}.ts`),
    ),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outdir;
}
