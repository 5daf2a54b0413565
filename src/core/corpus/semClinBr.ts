import { UMLS_GROUPS, umlsGroup } from '../labels/umlsGroups';
import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import { ProblemList, stem, withoutMark } from './corpusFile';
import { asOffset } from './jsonValues';
import type { RawSpan } from './placeSpans';
import { joinFragments, placeSpans } from './placeSpans';
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
 * tokenised anew there, so it is compared loosely and decides how offsets count line breaks. Our own writer adds
 * `label` where `tag` would be read as another, and `continues` to fragments of a discontinuous annotation.
 */
export function readSemClinBr(file: TextFile): ReadResult {
  const problems = new ProblemList(file.name);
  const { text, elements } = parseXmlNote(withoutMark(file.text), problems);
  if (text === undefined) {
    problems.error('no TEXT element: note left out', 1);
    return { documents: [], problems: problems.all };
  }
  const tags = elements.filter(isTag);
  const spans = joinFragments(
    tags.map((tag) => toSpans(tag, problems)),
    fragmentGroups(tags),
  );
  const annotations = placeSpans(text, spans, problems);
  if (tags.length === 0) problems.warn('note without tags');
  const root = elements[0]?.attributes ?? {};
  const others = elements.filter((element, i) => i > 0 && !isTag(element) && !structural.has(element.name));
  reportOrphans(tags, others, problems);
  const types = Object.fromEntries(tags.flatMap(ownTypes));
  const rest: SemClinBrRest = { types, others: others.map(({ name, attributes }) => ({ name, attributes })) };
  const besides = others.length > 0 || Object.keys(types).length > 0;
  const document: CorpusDocument = {
    id: root.id ?? stem(file.name),
    text,
    annotations,
    ...(root.annotator === undefined ? {} : { annotator: root.annotator }),
    ...(root.group === undefined ? {} : { group: root.group }),
    ...(besides ? { rest: { format: 'semclinbr', content: rest } } : {}),
  };
  return { documents: [document], problems: problems.all };
}

/** A tag's semantic types by its id, where they say more than its labels do. */
function ownTypes({ attributes: { id, tag, label } }: XmlElement): [string, string][] {
  if (!id || !tag || label !== undefined) return [];
  return labelsOf(tag).join('|') === tag ? [] : [[id, tag]];
}

function labelsOf(tag: string): string[] {
  const names = tag.split('|').map((name) => name.trim());
  return names.filter(Boolean).map((name) => umlsGroup(name) ?? name);
}

/** Which tags are fragments of one annotation: those that say which tag they go on with (`continues`, our own writer's). */
function fragmentGroups(tags: readonly XmlElement[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [place, { attributes }] of tags.entries()) {
    const name = attributes.continues ?? attributes.id;
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), place]);
  }
  return [...groups.values()].filter((group) =>
    group.some((place) => tags[place]!.attributes.continues !== undefined),
  );
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
  const labels = attributes.label === undefined ? labelsOf(attributes.tag ?? '') : [attributes.label];
  for (const label of attributes.label === undefined ? labels : []) {
    if (!UMLS_GROUPS.includes(label) && !ownTags.has(label.toLowerCase()))
      problems.warn(
        `${JSON.stringify(label)} is no semantic type of the UMLS: kept as a label of its own`,
        line,
      );
  }
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
