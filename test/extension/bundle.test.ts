import assert from 'node:assert/strict';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(__dirname, '../..');

describe('the extension’s bundle', () => {
  it('leaves out what checks files: it would be most of what the editor loads before the first note', async () => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['src/extension/extension.ts'],
      outdir: 'dist',
      write: false,
      bundle: true,
      metafile: true,
      platform: 'node',
      external: ['vscode'],
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      loader: { '.tsv': 'text' },
      logLevel: 'silent',
    });
    const heavy = Object.keys(metafile.inputs).filter((file) =>
      /node_modules\/(zod|onnxruntime|undici|@huggingface|openai|@google|jsonrepair)/.test(file),
    );
    assert.deepEqual(heavy, []);
  });
});
