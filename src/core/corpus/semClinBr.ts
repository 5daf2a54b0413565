import { UMLS_GROUPS, umlsGroup } from '../labels/umlsGroups';
import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import { ProblemList, stem, withoutMark } from './corpusFile';
import { asOffset } from './jsonValues';
import type { RawSpan } from './placeSpans';
import { placeSpans } from './placeSpans';
import type { XmlElement } from './xmlNote';
import { parseXmlNote } from './xmlNote';

/** What the XML holds besides groups: each tag's own semantic types by its id, and elements that are no tags. */
export interface SemClinBrRest {
  readonly types: Readonly<Record<string, string>>;
  readonly others: readonly Omit<XmlElement, 'line'>[];
}

/** Tags that the corpus adds to those of the UMLS. */
const ownTags = new Set(['negation', 'abbreviation', 'acronym']);

/**
 * One note of SemClinBr: `TEXT`, and tags (`<annotation>`, `<tag>` or `<TAG>`) with `id`, `tag="Type A|Type B"`,
 * `start`, `end`, `text`. Semantic types become their semantic groups; the corpus's own tags and unknown ones stay what they are. `text` is
 * tokenised anew there, so it is compared loosely and decides how offsets count line breaks.
 */
export function readSemClinBr(file: TextFile): ReadResult {
  const problems = new ProblemList(file.name);
  const { text, elements } = parseXmlNote(withoutMark(file.text), problems);
  if (text === undefined) {
    problems.error('no TEXT element: note left out', 1);
    return { documents: [], problems: problems.all };
  }
  const tags = elements.filter(isTag);
  const spans = tags.flatMap((tag) => toSpans(tag, problems));
  const annotations = placeSpans(text, spans, problems);
  if (tags.length === 0) problems.warn('note without tags');
  const root = elements[0]?.attributes ?? {};
  const others = elements.filter((element, i) => i > 0 && !isTag(element) && !structural.has(element.name));
  reportOrphans(tags, others, problems);
  const types = Object.fromEntries(
    tags.flatMap(({ attributes: { id, tag } }) => (id && tag ? [[id, tag]] : [])),
  );
  const rest: SemClinBrRest = { types, others: others.map(({ name, attributes }) => ({ name, attributes })) };
  const document: CorpusDocument = {
    id: root.id ?? stem(file.name),
    text,
    annotations,
    ...(root.annotator === undefined ? {} : { annotator: root.annotator }),
    ...(root.group === undefined ? {} : { group: root.group }),
    rest: { format: 'semclinbr', content: rest },
  };
  return { documents: [document], problems: problems.all };
}

const structural = new Set(['text', 'tags', 'annotations', 'relations']);

function isTag({ name, attributes }: XmlElement): boolean {
  return (
    (name === 'tag' || name === 'annotation' || attributes.start !== undefined) &&
    name !== 'text' &&
    !('annotation1' in attributes)
  );
}

function toSpans({ attributes, line }: XmlElement, problems: ProblemList): RawSpan[] {
  const names = (attributes.tag ?? '').split('|').map((name) => name.trim());
  const labels = names.filter(Boolean).map((name) => {
    const group = umlsGroup(name);
    if (group === undefined && !ownTags.has(name.toLowerCase()))
      problems.warn(
        `${JSON.stringify(name)} is no semantic type of the UMLS: kept as a label of its own`,
        line,
      );
    return group ?? name;
  });
  if (labels.length === 0) problems.error('a tag without a semantic type: left out', line);
  const { id, start, end, text } = attributes;
  return [...new Set(labels)].map((label) => ({
    label,
    fragments: [[asOffset(start), asOffset(end)] as const],
    line,
    ...(id === undefined ? {} : { id }),
    ...(text === undefined ? {} : { surface: text }),
  }));
}

/** A relation may name tags that are gone; it is kept and said. */
function reportOrphans(
  tags: readonly XmlElement[],
  others: readonly XmlElement[],
  problems: ProblemList,
): void {
  const ids = new Set(tags.map(({ attributes }) => attributes.id));
  for (const { name, attributes, line } of others) {
    if (!name.startsWith('rel')) continue;
    const ends = Object.entries(attributes).filter(([key]) => /\d$|^(source|target|from|to)/.test(key));
    if (ends.some(([, id]) => !ids.has(id))) problems.warn('a relation with a tag that is not there', line);
  }
}

/** The tag under which a label is written: its own types where they still mean it, else its name. */
export function typesOf(labels: readonly string[], given: string | undefined): string {
  const types = given?.split('|').map((name) => umlsGroup(name) ?? name.trim()) ?? [];
  const same = new Set(types).size === labels.length && labels.every((label) => types.includes(label));
  return same ? given! : labels.join('|');
}

/** Whether reading a written tag gives the label again. */
export function holdsLabel(label: string): boolean {
  if (label.includes('|') || label !== label.trim()) return false;
  return UMLS_GROUPS.includes(label) || umlsGroup(label) === undefined;
}
