import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import { ProblemList, withoutMark } from './corpusFile';
import type { ChunkTag } from './conllTags';
import { chunksOf, parseTag } from './conllTags';
import { labelOf } from './bratLabels';

/** A token with its place in the rebuilt text, UTF-16. */
interface Token {
  readonly start: number;
  readonly end: number;
  readonly tag: ChunkTag;
  readonly line: number;
}

const noNames = new Map<string, string>();

/**
 * CoNLL: a token a line, its columns parted by tabs or spaces, the tag last, a blank line after a sentence,
 * `-DOCSTART-` before a document; IOB1, IOB2 or BIOES. The text is rebuilt: a space between tokens and a line feed
 * between sentences, or what a column says as UDPipe writes it (`SpaceAfter=No`, `SpacesAfter=\s\n`).
 */
export function readConll(file: TextFile): ReadResult {
  const problems = new ProblemList(file.name);
  const documents: CorpusDocument[] = [];
  const begin = (line: number, id?: string): Building =>
    new Building(id ?? `${file.name}#${documents.length + 1}`, line);
  let building = begin(1);
  const finish = (): void => {
    if (building.isEmpty) return;
    documents.push(building.document(problems));
  };
  for (const [i, raw] of withoutMark(file.text).split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '') building.endSentence();
    else if (line.startsWith('-DOCSTART-')) {
      finish();
      building = begin(i + 1, miscValue(columnsOf(line), 'Id'));
      building.space(columnsOf(line), 'SpacesBefore', true);
      building.named = true;
    } else if (!isComment(line)) building.add(columnsOf(line), i + 1, problems);
  }
  finish();
  if (documents.length === 0) problems.warn('holds no token');
  return { documents, problems: problems.all };
}

function columnsOf(line: string): string[] {
  return line.includes('\t') ? line.split('\t') : line.trim().split(/ +/);
}

function isComment(line: string): boolean {
  return /^#\s*(newdoc|newpar|sent_id|text|global\.columns)\b.*/.test(line) && !/\t/.test(line);
}

function miscValue(columns: readonly string[], name: string): string | undefined {
  const pairs = columns.slice(1, -1).flatMap((column) => column.split('|'));
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? undefined : unescapeSpace(found.slice(name.length + 1));
}

const escapes: Readonly<Record<string, string>> = { s: ' ', t: '\t', r: '\r', n: '\n', p: '|', '\\': '\\' };

function unescapeSpace(value: string): string {
  return value.replace(/\\([strnp\\])/g, (_, letter: string) => escapes[letter]!);
}

/** White space and names as UDPipe escapes them in a column. */
export function escapeSpace(value: string): string {
  const letters = new Map(Object.entries(escapes).map(([letter, character]) => [character, letter]));
  return value.replace(/[ \t\r\n|\\]/g, (character) => `\\${letters.get(character)!}`);
}

/** A document while its tokens arrive. */
class Building {
  named = false;
  private text = '';
  private readonly tokens: Token[] = [];
  /** What stands between the last token and the next; undefined where no column says so. */
  private told: string | undefined;
  private between = '';

  constructor(
    private readonly id: string,
    private readonly line: number,
  ) {}

  get isEmpty(): boolean {
    return this.tokens.length === 0 && !this.named;
  }

  space(columns: readonly string[], name: string, leading = false): void {
    const none = miscValue(columns, 'SpaceAfter') === 'No' ? '' : undefined;
    this.told = miscValue(columns, name) ?? (leading ? '' : none);
  }

  endSentence(): void {
    if (this.tokens.length > 0) this.between = '\n';
  }

  add(columns: readonly string[], line: number, problems: ProblemList): void {
    if (columns.length < 2) problems.error('a token without a tag: read as O', line);
    if (columns[0] === '') return problems.error('a tag without a token: left out', line);
    this.text += this.told ?? this.between;
    const [form, tag] = [columns[0]!, columns.length < 2 ? 'O' : columns.at(-1)!.trim()];
    const start = this.text.length;
    this.text += form;
    this.tokens.push({ start, end: this.text.length, tag: parseTag(tag), line });
    this.between = ' ';
    this.space(columns, 'SpacesAfter');
  }

  document(problems: ProblemList): CorpusDocument {
    const tags = this.tokens.map(({ tag }) => tag);
    const odd = (at: number): void =>
      problems.warn('a tag that goes on with an entity that never began', this.tokens[at]!.line);
    const annotations = chunksOf(tags, odd).map(({ first, last, label }) => ({
      label: labelOf(label, noNames),
      fragments: [{ start: this.tokens[first]!.start, end: this.tokens[last]!.end }],
    }));
    if (this.tokens.length === 0) problems.warn('a document without tokens', this.line);
    return { id: this.id, text: this.text + (this.told ?? ''), annotations };
  }
}
