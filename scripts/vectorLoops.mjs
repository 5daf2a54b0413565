// node scripts/vectorLoops.mjs: vectorLoops.ts of vectorLoops.wat, after the latter has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const folder = new URL('../src/core/train/engine/parameters/', import.meta.url);
const source = new URL('vectorLoops.wat', folder);

/** The module in WebAssembly's binary format. */
export async function assembled() {
  const { parseWat } = await wabt();
  const module = parseWat('vectorLoops.wat', readFileSync(source, 'utf8'));
  module.validate();
  const { buffer } = module.toBinary({});
  module.destroy();
  return buffer;
}

async function write() {
  const bytes = [...(await assembled())];
  const rows = bytes.flatMap((_, i) => (i % 24 === 0 ? `  ${bytes.slice(i, i + 24).join(', ')},` : []));
  const lines = [
    '// Made of vectorLoops.wat by `node scripts/vectorLoops.mjs`.',
    '// prettier-ignore',
    'export const vectorLoops = Uint8Array.of(',
    ...rows,
    ');',
  ];
  writeFileSync(new URL('vectorLoops.ts', folder), `${lines.join('\n')}\n`);
}

if (process.argv[1] === import.meta.filename) void write();
