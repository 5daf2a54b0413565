import type { TextFile } from './corpusFile';
import { withoutMark } from './corpusFile';
import type { FormatName } from './formats';
import { FORMATS, formatOf } from './formats';
import { jsonRecords } from './jsonRecords';
import { asArray, asObject } from './jsonValues';

/** Records that are looked at: enough to meet one with annotations. */
const SAMPLE = 50;

const jsonFormats = (Object.keys(FORMATS) as FormatName[]).filter((name) => formatOf(name).isRecord);

/** Whether a file of this name can be part of a corpus at all: what has another ending need not be read. */
export function mayBeCorpusFile(name: string): boolean {
  return /(^|\/)[^./]+$|\.(ann|xml|txt|jsonl?|ndjson|conll\w*|iob[12]?|bio|bioes|bmes|tsv|conf)$/i.test(name);
}

/**
 * The format of a file, by its ending and, where that leaves it open, by what stands in it; undefined for a file that
 * is none (settings, a README).
 */
export function detectFormat(file: TextFile): FormatName | undefined {
  const ending = /\.([^./]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  if (ending === 'ann') return 'brat';
  if (ending === 'xml') return 'semclinbr';
  if (/^(conll\w*|iob[12]?|bio|bioes|bmes|tsv)$/.test(ending)) return 'conll';
  const begin = withoutMark(file.text).trimStart();
  if (/^(jsonl?|ndjson)$/.test(ending)) return recordFormat(file.text) ?? 'doccano';
  if (ending !== 'txt' && ending !== '') return undefined;
  if (/^(<\?xml|<\w+[^>]*>\s*<TEXT)/i.test(begin)) return 'semclinbr';
  if (/^[[{]\s*["{[]/.test(begin)) {
    const format = recordFormat(file.text);
    if (format) return format;
  }
  if (/⟦[A-Z]{3} /.test(begin)) return 'markup';
  if (looksLikeConll(begin)) return 'conll';
  return ending === 'txt' ? 'plain' : undefined;
}

/** The format of the records that stand in JSON or JSON Lines; undefined where none looks like a note. */
export function recordFormat(text: string): FormatName | undefined {
  const isAny = (value: object): boolean => jsonFormats.some((name) => formatOf(name).isRecord!(value));
  const records = jsonRecords(sample(text), isAny);
  const values = records.slice(0, SAMPLE).flatMap(({ value }): object[] => {
    const object = asObject(value);
    return object ? [object] : pairAsObject(value);
  });
  return jsonFormats.find((name) => values.some((value) => formatOf(name).isRecord!(value)));
}

function pairAsObject(value: unknown): object[] {
  const [text, fields] = asArray(value) ?? [];
  return typeof text === 'string' ? [{ ...asObject(fields), text }] : [];
}

/** The first lines of JSON Lines; the whole of anything else, since its records cannot be cut out by lines. */
function sample(text: string): string {
  const lines = text.split('\n', SAMPLE);
  return lines.slice(0, 2).every((line) => /^\s*\{.*\}\s*$/.test(line)) ? lines.join('\n') : text;
}

/** Most of the first lines are a token and a chunk tag. */
export function looksLikeConll(text: string): boolean {
  const lines = text.split('\n', SAMPLE).filter((line) => line.trim() !== '');
  const tagged = lines.filter((line) => /^\S+[ \t](.*[ \t])?(O|[BIESLU]-\S.*)\r?$/.test(line)).length;
  return lines.length > 1 && tagged > lines.length * 0.8;
}
