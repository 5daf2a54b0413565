/** A file's text and how its bytes were read. Line breaks and a byte-order mark stay in the text as they are. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
}

/**
 * Reads a note's bytes: UTF-16 where a byte-order mark says so, UTF-8 where the bytes are valid, else Windows-1252
 * (the Latin-1 that hospital systems export). Undefined where the bytes are no text at all.
 */
export function decodeBytes(bytes: Uint8Array): DecodedText | undefined {
  const marked = utf16Mark(bytes);
  if (marked) {
    const text = new TextDecoder(marked, { ignoreBOM: true }).decode(bytes);
    return looksBinary(text) ? undefined : { text, encoding: marked };
  }
  if (bytes.includes(0)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return looksBinary(text) ? undefined : { text, encoding: 'utf-8' };
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    return looksBinary(text) ? undefined : { text, encoding: 'windows-1252' };
  }
}

function utf16Mark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** Control characters do occur in notes, but not as every twentieth character; nor does what is no character. */
function looksBinary(text: string): boolean {
  const sample = text.slice(0, 8192);
  let control = 0;
  for (let i = 0; i < sample.length; i++) {
    const unit = sample.charCodeAt(i);
    const isControl = (unit < 32 && !(unit >= 9 && unit <= 13)) || (unit >= 0x7f && unit < 0xa0);
    if (isControl || unit >= 0xfffe) control++;
  }
  return control > sample.length / 20;
}
