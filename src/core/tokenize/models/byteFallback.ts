/** Spells a text in the byte pieces `<0x00>` … `<0xFF>`: undefined where the vocabulary lacks one of them. */
export type ByteFallback = (text: string) => readonly number[] | undefined;

/** The byte fallback of a vocabulary. */
export function byteFallback(ids: ReadonlyMap<string, number>): ByteFallback {
  const encoder = new TextEncoder();
  const byteIds = Array.from({ length: 256 }, (_, byte) => ids.get(pieceOf(byte)));
  return (text) => {
    const spelled = Array.from(encoder.encode(text), (byte) => byteIds[byte]);
    return spelled.every((id) => id !== undefined) ? spelled : undefined;
  };
}

const pieceOf = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
