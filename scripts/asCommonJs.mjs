// esbuild splits only ES modules, and the editor's host loads CommonJS: what was split is turned into that afterwards.
// A part that is reached by `import()` alone then lies in a file of its own, which nobody reads before it is needed.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from 'esbuild';

/** Beside the bundle: what is loaded when it is needed, and what several such parts share. */
export const LAZY = 'lazy';

/** @type {import('esbuild').Plugin} */
export const asCommonJs = {
  name: 'as-common-js',
  setup({ initialOptions, onEnd }) {
    const { absWorkingDir, outdir, target, minify = false, sourcemap } = initialOptions;
    const folder = path.resolve(absWorkingDir, outdir);
    const options = {
      format: 'cjs',
      platform: 'node',
      target,
      // `import()` becomes `require` as well: one way of loading for all.
      supported: { 'dynamic-import': false },
      minify,
      sourcemap: Boolean(sourcemap),
    };
    Object.assign(initialOptions, {
      format: 'esm',
      splitting: true,
      chunkNames: `${LAZY}/[name]-[hash]`,
      sourcemap: sourcemap && 'inline',
      write: false,
    });
    onEnd(async ({ outputFiles = [] }) => {
      // Those of an earlier build have other names.
      await rm(path.join(folder, LAZY), { recursive: true, force: true });
      await Promise.all(outputFiles.map(({ path: file, text }) => write(file, text, options)));
    });
  },
};

/** @param {import('esbuild').TransformOptions} options */
async function write(file, text, options) {
  const { code, map } = await transform(text, { ...options, sourcefile: file });
  const name = `${path.basename(file)}.map`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, map ? `${code}//# sourceMappingURL=${name}\n` : code);
  if (map) await writeFile(path.join(path.dirname(file), name), map);
}
