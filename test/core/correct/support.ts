import assert from 'node:assert/strict';
import type { Correction, Outcome } from '../../../src/core/correct/correction';
import { annotationKey } from '../../../src/core/correct/correction';
import { correctFile } from '../../../src/core/correct/correctFile';
import type { CorrectableFormat } from '../../../src/core/correct/goldNote';
import { goldNote } from '../../../src/core/correct/goldNote';
import type { Companions } from '../../../src/core/corpus/corpusFile';
import type { Annotation } from '../../../src/core/corpus/document';
import { applyEdits } from '../../../src/core/text/edit';

/** A corpus file and what stands beside it. */
export interface CorpusAt {
  readonly name: string;
  readonly format: CorrectableFormat;
  readonly text: string;
  /** The note that is corrected. */
  readonly note: string;
  readonly beside?: Readonly<Record<string, string>>;
}

export function companionsOf({ beside = {} }: CorpusAt): Companions {
  const file = (name: string) => (name in beside ? { name, text: beside[name]! } : undefined);
  return { file, note: file };
}

export function correct(corpus: CorpusAt, correction: Correction): Outcome {
  return correctFile(corpus, corpus.format, corpus.note, companionsOf(corpus), correction);
}

/** The corpus after a correction that must be possible. */
export function corrected(corpus: CorpusAt, correction: Correction): CorpusAt {
  const outcome = correct(corpus, correction);
  assert.ok('edit' in outcome, `refused: ${JSON.stringify(outcome)}`);
  return { ...corpus, text: applyEdits(corpus.text, [outcome.edit]) };
}

export function annotationsIn(corpus: CorpusAt): readonly Annotation[] {
  const gold = goldNote(corpus, corpus.format, corpus.note, companionsOf(corpus));
  assert.ok(gold, 'the note is in the file');
  return gold.document.annotations;
}

export function keys(annotations: readonly Annotation[]): string[] {
  return annotations.map(annotationKey).sort();
}

/** An annotation of the words `a … b` of a note, each fragment sought after the one before it. */
export function on(note: string, label: string, drawn: string): Annotation {
  let from = 0;
  const fragments = drawn.split(' … ').map((words) => {
    const start = note.indexOf(words, from);
    assert.ok(start >= 0, words);
    from = start + words.length;
    return { start, end: from };
  });
  return { label, fragments };
}
