// One bundle an entry: the extension, the processes that predict and train, and the command line.
import { build, context } from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: {
    extension: 'src/extension/extension.ts',
    worker: 'src/worker/main.ts',
    trainer: 'src/worker/trainer.ts',
    planRunner: 'src/worker/planRunner.ts',
    surveyor: 'src/worker/surveyor.ts',
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
  sourcemap: !production,
  minify: production,
  logLevel: 'warning',
};

if (watch) await (await context(options)).watch();
else await build(options);
