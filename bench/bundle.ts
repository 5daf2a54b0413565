import path from 'node:path';
import { build } from 'esbuild';

/** Bundles a program for Node, so that what is measured of its process is not the TypeScript loader's. */
export async function bundle(root: string, program: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(root, 'bench', program)],
    outfile,
    bundle: true,
    platform: 'node',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
  });
}
