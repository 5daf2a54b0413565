import { SEMANTIC_GROUPS } from '../labels/groups';
import type { Span } from '../text/entity';

/** A span marked by a person: half-open, UTF-16. */
export interface GoldSpan extends Span {
  readonly label: string;
}

/** A note without its marks, and what they said. */
export interface MarkedNote {
  readonly text: string;
  readonly spans: readonly GoldSpan[];
}

/** What is wrong with a file of marked notes, and where; `line` counts from 1. */
export interface MarkupProblem {
  readonly line: number;
  readonly message: string;
}

const labelOfTag = new Map(Object.entries(SEMANTIC_GROUPS).map(([label, tag]) => [tag, label]));

/**
 * Reads notes in the project's inline markup: `⟦DIS edema em ⟦ANA MMII⟧⟧`, notes parted by a line `===`.
 * Marks nest and may share their words; a mark that is never closed, or a tag that is none, is a problem.
 */
export function parseMarkedNotes(file: string): { notes: MarkedNote[]; problems: MarkupProblem[] } {
  const problems: MarkupProblem[] = [];
  let line = 1;
  const notes = file.split(/^===$/m).map((chunk) => {
    const firstLine = line + (chunk.startsWith('\n') ? 1 : 0);
    line += chunk.split('\n').length - 1;
    return parseNote(chunk.replace(/^\n+|\n+$/g, ''), firstLine, problems);
  });
  return { notes, problems };
}

function parseNote(marked: string, firstLine: number, problems: MarkupProblem[]): MarkedNote {
  let text = '';
  let line = firstLine;
  const spans: GoldSpan[] = [];
  const open: { label: string; start: number; line: number }[] = [];
  const complain = (message: string, at = line): void => void problems.push({ line: at, message });
  if (marked.trim() === '') complain('empty note');
  for (let i = 0; i < marked.length; i++) {
    const character = marked[i]!;
    if (character === '⟦') {
      const label = labelOfTag.get(marked.slice(i + 1, i + 4));
      if (!label || marked[i + 4] !== ' ')
        complain(`no tag after ⟦: ${JSON.stringify(marked.slice(i, i + 12))}`);
      open.push({ label: label ?? '?', start: text.length, line });
      i += 4;
    } else if (character === '⟧') {
      const mark = open.pop();
      if (!mark) complain('⟧ closes nothing');
      else spans.push(checkSpan({ label: mark.label, start: mark.start, end: text.length }, text, complain));
    } else {
      if (character === '\n') line++;
      text += character;
    }
  }
  for (const mark of open) complain(`⟦${SEMANTIC_GROUPS[mark.label] ?? '?'} is never closed`, mark.line);
  return { text, spans: spans.sort((a, b) => a.start - b.start || b.end - a.end) };
}

function checkSpan(span: GoldSpan, text: string, complain: (message: string) => void): GoldSpan {
  const words = text.slice(span.start, span.end);
  if (words.trim() === '') complain('a mark without words');
  else if (words !== words.trim()) complain(`white space at the edge of ${JSON.stringify(words)}`);
  return span;
}
