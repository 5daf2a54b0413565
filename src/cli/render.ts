import pc from 'picocolors';
import type { AnnotatedNote } from '../core/export/formats';
import { markText } from '../core/export/markedText';
import { shortLabel } from '../core/labels/groups';

/** Colours where standard output takes them. */
const TERMINAL = pc;
/** For files, whatever the command was started from. */
export const PLAIN = pc.createColors(false);

/** A note for a person: its text with the entities marked in place, then a table of them with confidences. */
export function renderNote(note: AnnotatedNote, colours: typeof PLAIN = TERMINAL): string {
  const { red, blue, yellow, magenta, green, cyan, bold } = colours;
  const paints = [red, blue, yellow, magenta, green, cyan];
  const text = printable(note.text);
  const labels = [...new Set(note.entities.map(({ label }) => label))].sort();
  const paint = (label: string): ((text: string) => string) => paints[labels.indexOf(label) % paints.length]!;
  const marked = markText(text, note.entities, {
    open: (label) => paint(label)('['),
    close: (label) => paint(label)(`]${shortLabel(label)}`),
  });
  const width = Math.max(0, ...labels.map((label) => label.length));
  const rows = note.entities.map(({ start, end, label, score }) => {
    const words = text.slice(start, end).replace(/\s+/g, ' ');
    return `  ${paint(label)(label.padEnd(width))}  ${bar(score)} ${score.toFixed(2)}  ${words}`;
  });
  const count = `${note.entities.length} ${note.entities.length === 1 ? 'entity' : 'entities'}`;
  return `${bold(note.file)}  ${count}\n\n${marked.trimEnd()}\n\n${rows.join('\n')}\n\n`;
}

/** The text as a terminal can take it, of the same length: what would move its cursor or colour it is made visible. */
function printable(text: string): string {
  return text
    .replace(/\r(?!\n)/g, '\n')
    .replace(/(?![\t\n\r])\p{Cc}/gu, (control) =>
      control < ' ' ? String.fromCharCode(0x2400 + control.charCodeAt(0)) : '·',
    );
}

/** A share of 1 in ten signs. */
export function bar(share: number): string {
  const filled = Math.round(share * 10);
  return '▰'.repeat(filled) + '▱'.repeat(10 - filled);
}
