import { displayNames } from '../corpus/bratLabels';
import type { Companions, TextFile } from '../corpus/corpusFile';
import type { Annotation } from '../corpus/document';
import type { FormatName } from '../corpus/formats';
import { nearest } from '../corpus/brat';
import { correctAnn } from './bratCorrection';
import type { Correction, Outcome, Rewritten } from './correction';
import { annotationKey, corrected, smallestEdit } from './correction';
import type { CorrectableFormat, GoldNote } from './goldNote';
import { goldNote, isCorrectable, readRecord } from './goldNote';
import { correctRecord } from './jsonCorrection';
import { correctMarkup } from './markupCorrection';

/**
 * The edit that makes one correction in a corpus file, for the note of this text. What would be read back is compared
 * with what was asked for before anything is said: an edit that loses or moves another annotation is never made.
 */
export function correctFile(
  file: TextFile,
  format: FormatName,
  text: string,
  companions: Companions,
  correction: Correction,
): Outcome {
  if (!isCorrectable(format)) return { refusal: 'format' };
  const gold = goldNote(file, format, text, companions);
  if (!gold?.place) return { refusal: 'gone' };
  const { start, end } = gold.place;
  const record = file.text.slice(start, end);
  const rewritten = rewrite(record, format, file.name, gold, companions, correction);
  if ('refusal' in rewritten) return rewritten;
  const expected = corrected(gold.document.annotations, correction);
  const found = readRecord(file.name, rewritten.text, format, companions);
  if (found?.text !== gold.document.text || !isSame(found.annotations, expected))
    return { refusal: 'unsafe' };
  const edit = smallestEdit(record, rewritten.text);
  return {
    edit: { start: start + edit.start, end: start + edit.end, text: edit.text },
    dependents: rewritten.dependents ?? [],
  };
}

function rewrite(
  record: string,
  format: CorrectableFormat,
  name: string,
  { document }: GoldNote,
  companions: Companions,
  correction: Correction,
): Rewritten {
  if (format === 'markup') return correctMarkup(record, correction);
  if (format !== 'brat') return correctRecord(record, format, correction);
  const display = displayNames(nearest('visual.conf', name, companions)?.text ?? '');
  return correctAnn(record, { text: document.text, display }, correction);
}

/** The same annotations, whatever their order. */
function isSame(a: readonly Annotation[], b: readonly Annotation[]): boolean {
  const [one, other] = [a.map(annotationKey).sort(), b.map(annotationKey).sort()];
  return one.length === other.length && one.every((key, i) => key === other[i]);
}
