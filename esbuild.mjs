// One bundle an entry: the extension, its processes, the command line, and the page of a report.
import { build, context } from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: {
    extension: 'src/extension/extension.ts',
    worker: 'src/worker/main.ts',
    trainer: 'src/worker/trainer.ts',
    reporter: 'src/worker/reporter.ts',
    planRunner: 'src/worker/planRunner.ts',
    surveyor: 'src/worker/surveyor.ts',
    fetcher: 'src/worker/fetcher.ts',
    cli: 'src/cli/main.ts',
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The editor brings vscode; the runtime is native code beside the bundles.
  external: ['vscode', 'onnxruntime-node'],
  loader: { '.tsv': 'text' },
  // Its main entry loads its parts in a way that no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  sourcemap: !production,
  minify: production,
  logLevel: 'warning',
};

/** What runs in a browser: the page, its style, and the colours that it needs outside of the editor. */
const page = {
  entryPoints: {
    report: 'webview/main.ts',
    'report-style': 'webview/style.css',
    'report-standalone': 'webview/standalone.css',
  },
  outdir: 'dist',
  bundle: true,
  platform: 'browser',
  // The package's own build for where there is no Node.
  alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' },
  format: 'iife',
  target: 'es2022',
  // It lies in every report that is sent to somebody.
  minify: true,
  charset: 'utf8',
  logLevel: 'warning',
};

for (const one of [options, page]) {
  if (watch) await (await context(one)).watch();
  else await build(one);
}
