import type { Annotation } from '../corpus/document';
import type { Edit } from '../text/edit';

/** One thing that a person says about a note's gold annotations. Offsets are UTF-16 units of the text in the corpus file. */
export type Correction =
  | { readonly kind: 'add'; readonly annotation: Annotation }
  | { readonly kind: 'remove'; readonly annotation: Annotation }
  /** Another label, or other boundaries. */
  | { readonly kind: 'change'; readonly annotation: Annotation; readonly to: Annotation };

/** Why a corpus file was left as it is. */
export type Refusal =
  /** The format can be read, not corrected in place. */
  | 'format'
  /** The file holds no note of this text, or no such annotation: it has changed meanwhile. */
  | 'gone'
  /** The format has no place for a label of this name. */
  | 'label'
  /** The format cannot hold spans of this kind: discontinuous, crossing another, or white space alone. */
  | 'span'
  /** What would be read back is not what was asked for, so that nothing is written. */
  | 'unsafe';

/** A corrected corpus file. */
export interface Corrected {
  /** What gives way to what in the file's text: nothing else in it changes. */
  readonly edit: Edit;
  /** Other lines that go or change because they point at what was removed (BRAT's relations, events, notes), as they were. */
  readonly dependents: readonly string[];
}

export type Outcome = Corrected | { readonly refusal: Refusal };

/** A text with a correction made in it, or why there is none. */
export type Rewritten =
  { readonly text: string; readonly dependents?: readonly string[] } | { readonly refusal: Refusal };

/** Same label, same fragments. */
export function isSameAnnotation(a: Annotation, b: Annotation): boolean {
  return annotationKey(a) === annotationKey(b);
}

/** What tells two annotations of a note apart. */
export function annotationKey({ label, fragments }: Annotation): string {
  return JSON.stringify([label, ...fragments.map(({ start, end }) => [start, end])]);
}

/** A note's annotations after a correction, whatever their order. */
export function corrected(annotations: readonly Annotation[], correction: Correction): Annotation[] {
  if (correction.kind === 'add') return [...annotations, correction.annotation];
  const at = annotations.findIndex((one) => isSameAnnotation(one, correction.annotation));
  const others = annotations.filter((_, i) => i !== at);
  return correction.kind === 'remove' || at < 0 ? others : [...others, correction.to];
}

/** The smallest single replacement that makes one text of the other. Never cuts a pair of surrogates or a line break. */
export function smallestEdit(before: string, after: string): Edit {
  const longest = Math.min(before.length, after.length);
  let start = 0;
  while (start < longest && before[start] === after[start]) start++;
  let kept = 0;
  while (kept < longest - start && before.at(-1 - kept) === after.at(-1 - kept)) kept++;
  while (start > 0 && isInside(before, start)) start--;
  while (kept > 0 && isInside(before, before.length - kept)) kept--;
  return { start, end: before.length - kept, text: after.slice(start, after.length - kept) };
}

function isInside(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? '') || (text[at - 1] === '\r' && text[at] === '\n');
}
