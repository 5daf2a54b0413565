import type { CorpusDocument } from './document';
import type { SemClinBrRest } from './semClinBr';
import { holdsLabel, typesOf } from './semClinBr';
import { together } from './studyRecords';
import type { CodePointSpan, WriteResult } from './written';
import { contiguous, Losses, restOf } from './written';

/** One XML a note; characters that XML cannot hold become U+FFFD, which is reported. */
export function writeSemClinBr(
  documents: readonly CorpusDocument[],
  fileName: (document: CorpusDocument) => string,
): WriteResult {
  const losses = new Losses();
  const files = documents.map((document) => ({
    name: `${fileName(document)}.xml`,
    text: toXml(document, losses),
  }));
  return { files, problems: losses.problems };
}

function toXml(document: CorpusDocument, losses: Losses): string {
  const { id, annotator, group } = document;
  const rest = restOf<SemClinBrRest>(document, 'semclinbr', losses);
  const text = document.text.replace(illegal, '\ufffd');
  if (text !== document.text) losses.add(document, 'characters that XML cannot hold are written as U+FFFD');
  const tags = tagElements(tagItems(document), rest);
  const others = (rest?.others ?? []).map(
    ({ name, attributes }) => `<${name}${attributesOf(attributes)}/>\n`,
  );
  const relations = others.length === 0 ? '' : `<RELATIONS>\n${others.join('')}</RELATIONS>\n`;
  const root = `<NOTE${attributesOf({ id, annotator, group })}>`;
  const body = `<TEXT>${escape(text)}</TEXT>\n<TAGS>\n${tags.join('')}</TAGS>\n${relations}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n${body}</NOTE>\n`;
}

/** Spans of one tag, those apart whose labels have to be said by themselves. */
function tagItems(document: CorpusDocument): CodePointSpan[][] {
  return together(contiguous(document)).flatMap((spans) =>
    spans.every(({ label }) => holdsLabel(label)) ? [spans] : spans.map((span) => [span]),
  );
}

function tagElements(items: readonly CodePointSpan[][], rest: SemClinBrRest | undefined): string[] {
  const taken = new Set<string>();
  const firstOf = new Map<number, string>();
  return items.map((spans, i) => {
    const [{ id: given, start, end, text, whole }] = spans as [CodePointSpan];
    const continues = whole === undefined ? undefined : firstOf.get(whole);
    const own = continues === undefined && given !== undefined && !taken.has(given);
    const id = own ? given : freeId(i, taken);
    taken.add(id);
    if (whole !== undefined && continues === undefined) firstOf.set(whole, id);
    const labels = spans.map(({ label }) => label);
    const tag = typesOf(labels, given === undefined ? undefined : rest?.types[given]);
    const label = labels.every(holdsLabel) ? undefined : labels[0];
    return `<tag${attributesOf({ id, tag, label, start, end, text, continues })}/>\n`;
  });
}

function freeId(index: number, taken: ReadonlySet<string>): string {
  let id = `a${index + 1}`;
  while (taken.has(id)) id += '_';
  return id;
}

function attributesOf(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join('');
}

/** What XML 1.0 does not allow even as a reference. */
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Carriage returns as references, since XML would read them as line feeds. */
function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => references[character]!).replace(/\r/g, '&#13;');
}

/** In attributes XML would make spaces of line breaks and tabs. */
function escapeAttribute(value: string): string {
  const escaped = escape(value.replace(illegal, '\ufffd'));
  return escaped.replace(/[\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
