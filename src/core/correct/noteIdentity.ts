import type { Sha256 } from '../split/notes';
import { noteKey } from '../split/notes';
import { canonicalText } from '../text/alignedTexts';

/** What a note is known by, whichever of its copies is looked at: `noteKey` of its canonical text. */
export function noteIdentity(text: string, sha256: Sha256): string {
  return noteKey(canonicalText(text), sha256);
}
