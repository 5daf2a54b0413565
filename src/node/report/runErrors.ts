import type { CorpusDocument } from '../../core/corpus/document';
import type { PlacedError } from '../../core/report/errorBlock';
import { noteErrors } from '../../core/report/errors';
import type { LabelledSpan } from '../../core/report/errors';
import { noteKey } from '../../core/split/notes';
import { sha256 } from '../sha256';
import type { ReadRun } from './readRun';

/** Finds what is right for a note that a run predicted. */
export class GoldNotes {
  private readonly byId: ReadonlyMap<string, CorpusDocument>;
  private readonly byKey = new Map<string, CorpusDocument>();
  private readonly keyOf = new Map<CorpusDocument, string>();
  private readonly places = new Map<CorpusDocument, number>();

  constructor(documents: readonly CorpusDocument[]) {
    this.byId = new Map(documents.map((document) => [document.id, document]));
    for (const document of documents) {
      const key = noteKey(document.text, sha256);
      this.keyOf.set(document, key);
      if (!this.byKey.has(key)) this.byKey.set(key, document);
    }
  }

  /** The note of that id if its text is still the same, else one of that text. */
  find(id: string, key: string): CorpusDocument | undefined {
    const named = this.byId.get(id);
    return named && this.keyOf.get(named) === key ? named : this.byKey.get(key);
  }

  /** Notes in the order in which mistakes first spoke of them. */
  place(document: CorpusDocument): number {
    const place = this.places.get(document) ?? this.places.size;
    this.places.set(document, place);
    return place;
  }

  /** The notes by their place. */
  get placed(): CorpusDocument[] {
    return [...this.places.keys()];
  }
}

/** A run's mistakes by note; undefined where none of its notes is at hand. Labels that the run does not know are no gold. */
export function errorsOfRun({ record, predictions }: ReadRun, gold: GoldNotes): PlacedError[] | undefined {
  const labels = new Set(record.labels);
  const known = predictions.flatMap(({ note, key, entities }) => {
    const document = gold.find(note, key);
    return document ? [{ place: gold.place(document), document, entities }] : [];
  });
  if (known.length === 0) return undefined;
  known.sort((a, b) => a.place - b.place);
  return known.flatMap(({ place, document, entities }) =>
    noteErrors(goldSpans(document, labels), entities).map((error) => ({ ...error, note: place })),
  );
}

/** A discontinuous annotation is taken from its first character to its last: no model marks gaps. */
function goldSpans({ annotations }: CorpusDocument, labels: ReadonlySet<string>): LabelledSpan[] {
  return annotations
    .filter(({ label }) => labels.has(label))
    .map(({ label, fragments }) => ({ label, start: fragments[0]!.start, end: fragments.at(-1)!.end }));
}
