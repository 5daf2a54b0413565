import { SaxesParser } from 'saxes';
import type { ProblemList } from './corpusFile';

/** An element with its attributes, names in lower case. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
}

/** What an XML note holds: the text of its `TEXT` element, and every other element with attributes. */
export interface XmlNote {
  readonly text?: string;
  readonly elements: readonly XmlElement[];
}

/**
 * Reads the XML of a note with saxes, which goes on after an error: each is reported with its line. Bare `&` and `<`,
 * which clinical notes are full of, are mended first; line breaks, which XML makes alike, stay as they are in the file.
 */
export function parseXmlNote(source: string, problems: ProblemList): XmlNote {
  const mended = mend(source, problems);
  const parser = new SaxesParser({ position: true });
  const elements: XmlElement[] = [];
  let text: string | undefined;
  let begin = -1;
  const add = (piece: string): void => void (begin >= 0 && (text += piece));
  parser.on('error', ({ message }) =>
    problems.warn(`invalid XML: ${message.replace(/^\d*:?\d*:?\s*/, '').split('\n')[0]}`, parser.line),
  );
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('opentag', (tag) => {
    if (tag.name.toLowerCase() === 'text' && text === undefined) [text, begin] = ['', parser.position];
    elements.push({
      name: tag.name.toLowerCase(),
      attributes: lowerCased(tag.attributes as Record<string, string>),
      line: parser.line,
    });
  });
  parser.on('closetag', (tag) => {
    if (tag.name.toLowerCase() !== 'text' || begin < 0) return;
    text = asInFile(text!, mended.slice(begin, parser.position));
    begin = -1;
  });
  parser.write(mended).close();
  // A text that is never closed is still a text.
  if (begin >= 0) text = asInFile(text!, mended.slice(begin));
  return { ...(text === undefined ? {} : { text }), elements };
}

function lowerCased(attributes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Escapes `&` that begins no reference and `<` that begins no markup; inside TEXT no markup is expected at all. */
function mend(source: string, problems: ProblemList): string {
  const parts = source.split(/(<!\[CDATA\[[^]*?\]\]>|<TEXT\b[^>]*>|<\/TEXT\s*>)/i);
  let [line, inText] = [1, false];
  const mended = parts.map((part) => {
    const opens = /^<TEXT\b[^>]*[^/]?>$/i.test(part) && !part.endsWith('/>');
    if (opens) inText = true;
    if (/^<\/TEXT/i.test(part)) inText = false;
    const isMarkup = opens || /^<\/TEXT|^<!\[CDATA\[/i.test(part);
    const bare = inText ? /&(?!#\d+;|#x[\da-f]+;|\w+;)|</gi : /&(?!#\d+;|#x[\da-f]+;|\w+;)|<(?![\w/!?])/gi;
    const whole = isMarkup ? part : part.replace(bare, (character) => (character === '&' ? '&amp;' : '&lt;'));
    if (whole !== part) problems.warn('& or < that is not escaped: read as it stands', line);
    line += part.split('\n').length - 1;
    return whole;
  });
  return mended.join('');
}

/** Puts back the line breaks that the file has (`\r\n`, `\r`) where the parser hands on `\n`. */
function asInFile(text: string, raw: string): string {
  if (!raw.includes('\r')) return text;
  const breaks = raw.match(/\r\n?|\n|&#(?:10|x0*a);/gi)!;
  if (breaks.length !== text.split('\n').length - 1) return text;
  let k = 0;
  return text.replace(/\n/g, () => (breaks[k++]!.startsWith('&') ? '\n' : breaks[k - 1]!));
}
