import type { BuildOptions, Metafile } from 'esbuild';

export interface Bundling {
  outdir: string;
  production?: boolean;
}

export const RUNTIME: string;
export function bundleOptions(options: Bundling): BuildOptions[];
export function buildBundles(options: Bundling): Promise<Metafile[]>;
export function watchBundles(options: Bundling): Promise<void>;
