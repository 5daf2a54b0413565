/** Spells a text in the byte pieces `<0x00>` … `<0xFF>`: undefined where the vocabulary lacks one of them. */
export type ByteFallback = (text: string) => readonly number[] | undefined;

/** The ids of the byte pieces, [256]; -1 where the vocabulary lacks one. */
export function bytePieces(idOf: (piece: string) => number | undefined): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => idOf(pieceOf(byte)) ?? -1);
}

/** The byte fallback of a vocabulary with those pieces. */
export function byteFallback(pieces: Int32Array): ByteFallback {
  const encoder = new TextEncoder();
  return (text) => {
    const spelled = Array.from(encoder.encode(text), (byte) => pieces[byte]!);
    return spelled.every((id) => id >= 0) ? spelled : undefined;
  };
}

const pieceOf = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
