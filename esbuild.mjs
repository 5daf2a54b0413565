// npm run build [-- --production | --watch]: the bundles, into dist.
import { buildBundles, watchBundles } from './scripts/bundles.mjs';

const options = { outdir: 'dist', production: process.argv.includes('--production') };
await (process.argv.includes('--watch') ? watchBundles(options) : buildBundles(options));
