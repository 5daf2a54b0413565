import type { PackedReport } from '../src/core/report/container';
import type { BlockName, ReportHeader } from '../src/core/report/reportHeader';

/** A report whose blocks are unpacked when they are asked for. */
export interface ReportSource {
  readonly header: ReportHeader;
  block(name: BlockName): Promise<Uint8Array>;
}

/** Of a report that the editor sent. */
export function sourceOf({ header, blocks }: PackedReport): ReportSource {
  return { header, block: (name) => unpacked(blocks[name] ?? new Uint8Array()) };
}

/** Of a report that lies in this very page: the header as JSON, each block as base64. */
export function sourceInPage(): ReportSource | undefined {
  const header = document.getElementById('report-header')?.textContent;
  if (!header) return undefined;
  const block = (name: BlockName): Promise<Uint8Array> =>
    unpacked(fromBase64(document.getElementById(`block-${name}`)?.textContent ?? ''));
  return { header: JSON.parse(header) as ReportHeader, block };
}

function fromBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length === 0) return bytes;
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
