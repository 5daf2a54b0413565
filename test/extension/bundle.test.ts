import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { build } from 'esbuild';
import { temporaryFolder } from '../temporaryFolder';

describe('the extension’s bundle', () => {
  const folder = temporaryFolder('bundle');
  let outputs: Metafile['outputs'];
  before(async () => {
    const { bundleOptions } = await import('../../scripts/bundles.mjs');
    const [extension] = bundleOptions({ outdir: folder, production: true });
    ({
      metafile: { outputs },
    } = await build({ ...extension, metafile: true }));
  });

  const inputsOf = (output: string): string[] => Object.keys(outputs[output]!.inputs);
  const main = (): string => Object.keys(outputs).find((file) => file.endsWith('/extension.js'))!;
  /** What is loaded with it, whether used or not. */
  const atStart = (output: string): string[] => [
    output,
    ...outputs[output]!.imports.flatMap(({ path: file, kind }) =>
      kind === 'import-statement' && outputs[file] ? atStart(file) : [],
    ),
  ];

  it('leaves out what checks files: it would be most of what the editor loads before the first note', () => {
    const heavy = Object.keys(outputs)
      .flatMap(inputsOf)
      .filter((file) =>
        /node_modules\/(zod|onnxruntime|undici|@huggingface|openai|@google|jsonrepair)/.test(file),
      );
    assert.deepEqual(heavy, []);
  });

  it('loads nothing of a library before it is needed', () => {
    const early = atStart(main()).flatMap(inputsOf);
    assert.ok(early.includes('src/extension/extension.ts'));
    const libraries = early.filter((file) => file.includes('node_modules/'));
    assert.deepEqual(
      libraries.filter((file) => !/vscode-jsonrpc\/lib\/common\/(messages|is)\.js$/.test(file)),
      [],
    );
    const late = Object.keys(outputs).flatMap(inputsOf);
    for (const name of ['vscode-jsonrpc/lib/node/main.js', 'jsonc-parser', 'csv-stringify', 'saxes'])
      assert.ok(
        late.some((file) => file.includes(name)),
        name,
      );
  });

  it('asks for the editor’s API once and copies none of it', () => {
    const texts = Object.keys(outputs).map((file) =>
      readFileSync(path.join(folder, path.relative(path.dirname(main()), file)), 'utf8'),
    );
    const asked = texts.flatMap((text) => text.match(/\("vscode"\)/g) ?? []);
    assert.equal(asked.length, 1);
  });

  it('is CommonJS throughout, as the editor’s host loads it', () => {
    const lazy = readdirSync(path.join(folder, 'lazy'));
    assert.ok(lazy.length > 0);
    const load = createRequire(path.join(folder, 'lazy', 'any.js'));
    const part = (name: string): object =>
      load(`./${lazy.find((file) => file.startsWith(`${name}-`))!}`) as object;
    assert.ok('goldNote' in part('goldNote'));
    assert.ok('createMessageConnection' in part('connections'));
    const texts = lazy.map((file) => readFileSync(path.join(folder, 'lazy', file), 'utf8'));
    for (const text of [...texts, readFileSync(path.join(folder, 'extension.js'), 'utf8')])
      assert.doesNotMatch(text, /\bimport\(/);
  });
});
