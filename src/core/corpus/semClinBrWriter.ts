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
  const lost = document.annotations.filter(({ label }) => !holdsLabel(label)).length;
  if (lost > 0) losses.add(document, `${lost} labels are read back as a semantic group or in parts`);
  const tags = together(contiguous(document, losses)).map((spans, i) => tagElement(spans, i, rest));
  const others = (rest?.others ?? []).map(
    ({ name, attributes }) => `<${name}${attributesOf(attributes)}/>\n`,
  );
  const relations = others.length === 0 ? '' : `<RELATIONS>\n${others.join('')}</RELATIONS>\n`;
  const root = `<NOTE${attributesOf({ id, annotator, group })}>`;
  const body = `<TEXT>${escape(text)}</TEXT>\n<TAGS>\n${tags.join('')}</TAGS>\n${relations}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n${body}</NOTE>\n`;
}

function tagElement(spans: readonly CodePointSpan[], index: number, rest: SemClinBrRest | undefined): string {
  const [{ id, start, end, text }] = spans as [CodePointSpan];
  const labels = spans.map(({ label }) => label);
  const tag = typesOf(labels, id === undefined ? undefined : rest?.types[id]);
  return `<tag${attributesOf({ id: id ?? `a${index + 1}`, tag, start, end, text })}/>\n`;
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
