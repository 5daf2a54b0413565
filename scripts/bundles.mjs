// What is bundled, for a desk and for packages alike: one bundle an entry.
import { build, context } from 'esbuild';
import { asCommonJs } from './asCommonJs.mjs';
import { root } from './shell.mjs';
import { vscodeOnce } from './vscodeOnce.mjs';

/** Native code beside the bundles: packages bring it as a package of its own. */
export const RUNTIME = 'onnxruntime-node';

/** Whatever runs in Node. */
const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The editor brings vscode.
  external: ['vscode', RUNTIME],
  loader: { '.tsv': 'text' },
  // Its main entry loads its parts in a way that no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
};

/** What the editor loads into its own process: no more than it needs at the start. */
const extension = {
  ...node,
  entryPoints: { extension: 'src/extension/extension.ts' },
  plugins: [vscodeOnce, asCommonJs],
};

/** The extension's processes and the command line. */
const programs = {
  ...node,
  format: 'cjs',
  entryPoints: {
    worker: 'src/worker/main.ts',
    trainer: 'src/worker/trainer.ts',
    reporter: 'src/worker/reporter.ts',
    planRunner: 'src/worker/planRunner.ts',
    surveyor: 'src/worker/surveyor.ts',
    fetcher: 'src/worker/fetcher.ts',
    cli: 'src/cli/main.ts',
  },
};

/** What runs in a browser: the page, its style, and the colours that it needs outside of the editor. */
const page = {
  entryPoints: {
    report: 'webview/main.ts',
    'report-style': 'webview/style.css',
    'report-standalone': 'webview/standalone.css',
  },
  bundle: true,
  platform: 'browser',
  // The package's own build for where there is no Node.
  alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' },
  format: 'iife',
  target: 'es2022',
  // It lies in every report that is sent to somebody.
  minify: true,
  charset: 'utf8',
};

/**
 * esbuild's options for all bundles. `production` leaves out names and source maps.
 * @param {{outdir: string, production?: boolean}} options
 * @returns {import('esbuild').BuildOptions[]}
 */
export function bundleOptions({ outdir, production = false }) {
  const common = { absWorkingDir: root, outdir, logLevel: 'warning', metafile: true };
  const forNode = { ...common, sourcemap: !production, minify: production };
  return [
    { ...extension, ...forNode },
    { ...programs, ...forNode },
    { ...page, ...common },
  ];
}

/** Builds the bundles. Returns esbuild's account of what lies in them, one a build. */
export async function buildBundles(options) {
  const results = await Promise.all(bundleOptions(options).map((one) => build(one)));
  return results.map(({ metafile }) => metafile);
}

/** Builds the bundles again whenever a file of theirs changes. */
export async function watchBundles(options) {
  for (const one of bundleOptions(options)) await (await context(one)).watch();
}
