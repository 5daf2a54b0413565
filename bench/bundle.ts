import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { build } from 'esbuild';

/**
 * Bundles a program for Node, so that what is measured of its process is not the TypeScript loader's, and beside it the
 * thread that training looks for there.
 */
export async function bundle(root: string, program: string, outfile: string): Promise<void> {
  const options = {
    bundle: true,
    platform: 'node',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
  } satisfies BuildOptions;
  const thread = path.join(root, 'src', 'node', 'training', 'vectorThread.ts');
  await build({ ...options, entryPoints: [path.join(root, 'bench', program)], outfile });
  await build({ ...options, entryPoints: [thread], outdir: path.dirname(outfile) });
}
