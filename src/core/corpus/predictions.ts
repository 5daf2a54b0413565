import type { CorpusDocument, ReadResult } from './document';
import type { Companions, TextFile } from './corpusFile';
import type { PlacedRecord } from './jsonDocuments';
import { readRecords, spansIn } from './jsonDocuments';
import type { JsonObject } from './jsonValues';
import { asArray, asName, asString } from './jsonValues';
import { placeSpans } from './placeSpans';
import type { WriteResult } from './written';
import { contiguous, discontinuous, loseProvenance, Losses, restOf, wellFormed } from './written';

export function isPredictionRecord(value: object): boolean {
  const record = value as JsonObject;
  return typeof record.file === 'string' && record.text === undefined && Array.isArray(record.entities);
}

/**
 * The lines of `anamnese predict --format jsonl`: `{"file", "model", "entities": [{start, end, label, score, text}]}`
 * in code points. The note itself is the companion that `file` means; without it a line is left out with an error.
 */
export function readPredictions(file: TextFile, companions: Companions): ReadResult {
  return readRecords(file, isPredictionRecord, (placed) => readRecord(placed, companions));
}

function readRecord(placed: PlacedRecord, companions: Companions): CorpusDocument[] {
  const { record, line, problems } = placed;
  const name = asString(record.file) ?? '';
  const note = companions.note(name);
  if (!note) {
    problems.error(`the note ${JSON.stringify(name)} is not at hand: prediction left out`, line);
    return [];
  }
  const spans = spansIn(asArray(record.entities) ?? [], record.discontinuous, placed);
  const model = asName(record.model);
  const scores = (asArray(record.entities) ?? []).map((item) => (item as JsonObject | null)?.score);
  const besides = model !== undefined || scores.some((score) => score !== undefined);
  return [
    {
      id: note.name.replace(/\.txt$/i, ''),
      text: note.text,
      annotations: placeSpans(note.text, spans, problems, line),
      ...(besides ? { rest: { format: 'predictions', content: { model, scores } } } : {}),
    },
  ];
}

interface PredictionRest {
  readonly model?: string;
  readonly scores: readonly unknown[];
}

/** `predictions.jsonl` and, since its lines do not hold the notes, each note beside it. */
export function writePredictions(
  documents: readonly CorpusDocument[],
  fileName: (document: CorpusDocument) => string,
): WriteResult {
  const losses = new Losses();
  const notes = documents.map((document) => ({
    name: `${fileName(document)}.txt`,
    text: wellFormed(document, losses),
  }));
  const lines = documents.map((document, i) => {
    loseProvenance(document, losses);
    const rest = restOf<PredictionRest>(document, 'predictions', losses);
    const spans = contiguous(document);
    const kept = rest?.scores.length === spans.length ? rest.scores : [];
    const entities = spans.map(({ start, end, label, text }, k) => ({
      start,
      end,
      label,
      score: kept[k],
      text,
    }));
    const together = discontinuous(spans.map((span) => [span]));
    return JSON.stringify({ file: notes[i]!.name, model: rest?.model, entities, ...together }) + '\n';
  });
  return {
    files: [{ name: 'predictions.jsonl', text: lines.join('') }, ...notes],
    problems: losses.problems,
  };
}
