import { readBrat } from '../corpus/brat';
import type { Companions, TextFile } from '../corpus/corpusFile';
import type { CorpusDocument } from '../corpus/document';
import type { FormatName } from '../corpus/formats';
import { formatOf } from '../corpus/formats';
import { jsonRecords } from '../corpus/jsonRecords';
import { asArray, asObject, asString, firstOf } from '../corpus/jsonValues';
import { canonicalText } from '../text/alignedTexts';
import type { Span } from '../text/entity';

/** A note's own stretch of a corpus file. */
export interface RecordPlace extends Span {
  /** Where it begins, from 1. */
  readonly line: number;
}

/** What a corpus file says of one note. */
export interface GoldNote {
  readonly document: CorpusDocument;
  /** Undefined where the format's reader does not tell. */
  readonly place: RecordPlace | undefined;
}

/** The formats that are corrected in place; all others are read, and can be converted to one of these. */
export const CORRECTABLE = ['brat', 'doccano', 'prodigy', 'markup'] as const satisfies readonly FormatName[];
export type CorrectableFormat = (typeof CORRECTABLE)[number];

export function isCorrectable(format: FormatName): format is CorrectableFormat {
  return (CORRECTABLE as readonly FormatName[]).includes(format);
}

/**
 * The annotations of a note in a corpus file: of the first record of the same text (`canonicalText`), which is read
 * alone where the format lets it. Undefined where the file holds none.
 */
export function goldNote(
  file: TextFile,
  format: FormatName,
  text: string,
  companions: Companions,
): GoldNote | undefined {
  const wanted = canonicalText(text);
  const isWanted = (document: CorpusDocument): boolean => canonicalText(document.text) === wanted;
  if (!isCorrectable(format)) {
    const document = formatOf(format).read(file, companions).documents.find(isWanted);
    return document && { document, place: undefined };
  }
  const place = format === 'brat' ? wholeFile(file) : placeOfRecord(file, format, wanted);
  if (!place) return undefined;
  const document = readRecord(file.name, file.text.slice(place.start, place.end), format, companions);
  return document && isWanted(document) ? { document, place } : undefined;
}

/** One record's document, read as the file's own format reads it. */
export function readRecord(
  name: string,
  record: string,
  format: CorrectableFormat,
  companions: Companions,
): CorpusDocument | undefined {
  const file = { name, text: record };
  return format === 'brat'
    ? readBrat(file, companions).documents[0]
    : formatOf(format).read(file, companions).documents[0];
}

function wholeFile({ text }: TextFile): RecordPlace {
  return { start: 0, end: text.length, line: 1 };
}

function placeOfRecord(
  { text }: TextFile,
  format: Exclude<CorrectableFormat, 'brat'>,
  wanted: string,
): RecordPlace | undefined {
  if (format === 'markup') return markedNotes(text).find(({ note }) => canonicalText(note) === wanted);
  const isRecord = formatOf(format).isRecord!;
  const onItsLine = lineOfRecord(text, wanted);
  if (onItsLine) return onItsLine;
  return jsonRecords(text, isRecord).find(({ value }) => {
    const own = textOf(value);
    return own !== undefined && canonicalText(own) === wanted;
  });
}

/** A shorter first line would be met too often. */
const SHORTEST_NEEDLE = 8;

/** The quick way into JSON Lines of many megabytes: the line on which the note begins as JSON writes it. */
function lineOfRecord(file: string, wanted: string): RecordPlace | undefined {
  const begin = JSON.stringify(wanted.split('\n', 1)[0]).slice(0, -1);
  if (begin.length < SHORTEST_NEEDLE) return undefined;
  for (const needle of new Set([begin, escapedJson(begin)])) {
    for (let at = file.indexOf(needle); at >= 0; at = file.indexOf(needle, at + 1)) {
      const place = lineAround(file, at);
      const own = textOf(tryParse(file.slice(place.start, place.end)));
      if (own !== undefined && canonicalText(own) === wanted)
        return { ...place, line: file.slice(0, place.start).split('\n').length };
    }
  }
  return undefined;
}

/** A line without white space and a byte-order mark at its ends. */
function lineAround(file: string, at: number): Span {
  const from = file.lastIndexOf('\n', at) + 1;
  const next = file.indexOf('\n', at);
  const line = file.slice(from, next < 0 ? file.length : next);
  const start = from + line.length - line.replace(/^\ufeff?\s*/, '').length;
  return { start, end: from + line.trimEnd().length };
}

function escapedJson(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function tryParse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  const pair = asArray(value);
  if (pair) return asString(pair[0]);
  const record = asObject(value);
  return record && asString(firstOf(record, ['text', 'data', 'content', 'Text']));
}

/** The stretches of a file of marked notes, without the line breaks around them, and the notes without their marks. */
function markedNotes(text: string): (RecordPlace & { note: string })[] {
  let [from, line] = [0, 1];
  return text.split(/^===$/m).flatMap((chunk) => {
    const lead = /^\n*/.exec(chunk)![0].length;
    const start = from + lead;
    const end = Math.max(start, from + chunk.replace(/\n+$/, '').length);
    const place = {
      start,
      end,
      line: line + lead,
      note: chunk.replaceAll(/⟦[A-Z]{3} |⟧/g, '').replaceAll(/^\n+|\n+$/g, ''),
    };
    from += chunk.length + '==='.length;
    line += chunk.split('\n').length - 1;
    return end > start ? [place] : [];
  });
}
