import assert from 'node:assert/strict';
import type { BuildResult } from 'esbuild';
import { build } from 'esbuild';

describe('the extension’s bundle', () => {
  let built: BuildResult<{ metafile: true; write: false }>;
  before(async () => {
    const { bundleOptions } = await import('../../scripts/bundles.mjs');
    const [programs] = bundleOptions({ outdir: 'dist' });
    const { extension } = programs!.entryPoints as Record<string, string>;
    built = await build({
      ...programs,
      entryPoints: [extension!],
      sourcemap: false,
      write: false,
      metafile: true,
    });
  });

  it('leaves out what checks files: it would be most of what the editor loads before the first note', () => {
    const { inputs } = built.metafile;
    const heavy = Object.keys(inputs).filter((file) =>
      /node_modules\/(zod|onnxruntime|undici|@huggingface|openai|@google|jsonrepair)/.test(file),
    );
    assert.deepEqual(heavy, []);
  });

  it('asks for the editor’s API once and copies none of it', () => {
    const asked = built.outputFiles[0]!.text.match(/.*require\("vscode"\).*/g);
    assert.deepEqual(asked, ['var vscode = require("vscode");']);
  });
});
