import type { BlockName, ReportHeader } from './reportHeader';

/** A report as it travels and is stored: its header and compressed blocks. */
export interface PackedReport {
  readonly header: ReportHeader;
  readonly blocks: Readonly<Partial<Record<BlockName, Uint8Array>>>;
}

interface Envelope {
  readonly header: ReportHeader;
  readonly blocks: readonly (readonly [BlockName, number])[];
}

/** One run of bytes: the length of the JSON before the blocks (32 bits, little end first), that JSON, the blocks. */
export function toBytes({ header, blocks }: PackedReport): Uint8Array {
  const entries = Object.entries(blocks) as [BlockName, Uint8Array][];
  const envelope: Envelope = { header, blocks: entries.map(([name, { length }]) => [name, length]) };
  const json = new TextEncoder().encode(JSON.stringify(envelope));
  const length = entries.reduce((sum, [, block]) => sum + block.length, 4 + json.length);
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = 4 + json.length;
  for (const [, block] of entries) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/** @throws Error where the bytes are no report of this version */
export function fromBytes(bytes: Uint8Array): PackedReport {
  const length = bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { header, blocks } = parseEnvelope(bytes.subarray(4, 4 + length));
  let at = 4 + length;
  const entries = blocks.map(([name, size]) => [name, bytes.subarray(at, (at += size))] as const);
  if (at > bytes.length) throw new Error('the report is cut short');
  return { header, blocks: Object.fromEntries(entries) };
}

function parseEnvelope(json: Uint8Array): Envelope {
  let envelope: Partial<Envelope> | null | undefined;
  try {
    envelope = JSON.parse(new TextDecoder().decode(json)) as Partial<Envelope> | null;
  } catch {
    // Falls through to the message below.
  }
  const { header, blocks } = envelope ?? {};
  if (header?.format !== 'anamnese-report' || header.version !== 2 || !blocks)
    throw new Error('not a report of this version');
  return { header, blocks };
}
