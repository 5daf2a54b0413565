/** Notes that lie inside a corpus file and have none of their own, shown as documents that cannot be typed in. */
export const NOTE_SCHEME = 'anamnese-note';
