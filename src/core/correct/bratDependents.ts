import type { Rewritten } from './correction';

/** A line of an `.ann`: what stands on it, and its line break. */
export interface AnnLine {
  readonly content: string;
  readonly end: string;
}

/** The lines as they are; a byte-order mark is a line of its own, so that none begins with it. */
export function annLines(ann: string): AnnLine[] {
  const mark = ann.startsWith('\ufeff') ? [{ content: '', end: '\ufeff' }] : [];
  const found = ann.slice(mark.length).matchAll(/([^\n]*?)(\r?\n)|([^\n]+)$/g);
  return [
    ...mark,
    ...[...found].map(([, content, end, last]) => ({ content: content ?? last!, end: end ?? '' })),
  ];
}

/** The file's own line break. */
export function lineBreakOf(ann: string): string {
  return ann.includes('\r\n') ? '\r\n' : '\n';
}

/**
 * The file without a line and without what points at it (`id`), and at that in turn. As BRAT's own server has it, an
 * event of several arguments and an equivalence of several members lose the one, everything else goes.
 */
export function withoutDependents(lines: readonly AnnLine[], at: number, id: string | undefined): Rewritten {
  const kept: (string | undefined)[] = lines.map(({ content }, i) => (i === at ? undefined : content));
  const gone = id === undefined ? [] : [id];
  for (let target = gone.pop(); target !== undefined; target = gone.pop()) {
    for (const [i, content] of kept.entries()) {
      if (content === undefined || !content.includes(target)) continue;
      kept[i] = withoutPointer(content, target);
      const own = content.split('\t')[0]!;
      if (kept[i] === undefined && own !== '*') gone.push(own);
    }
  }
  const text = lines.map(({ end }, i) => (kept[i] === undefined ? '' : kept[i] + end)).join('');
  const dependents = lines.flatMap(({ content }, i) => (i !== at && kept[i] !== content ? [content] : []));
  return { text, dependents };
}

/** The line without what it says of `target`; undefined where nothing of it can stay. */
function withoutPointer(content: string, target: string): string | undefined {
  const [own, body = '', ...rest] = content.split('\t');
  const [head = '', ...others] = body.split(' ');
  const points = (word: string): boolean => word.slice(word.lastIndexOf(':') + 1) === target;
  switch (own![0]) {
    case 'R':
      return others.some(points) ? undefined : content;
    case 'A':
    case 'M':
    case 'N':
    case '#':
      return others[0] === target ? undefined : content;
    case 'E':
      return points(head) ? undefined : fewer(1);
    case '*':
      return fewer(2);
    default:
      return content;
  }

  function fewer(atLeast: number): string | undefined {
    const left = others.filter((word) => !points(word));
    if (left.length === others.length) return content;
    if (left.filter(Boolean).length < atLeast) return undefined;
    return [own, [head, ...left].join(' '), ...rest].join('\t');
  }
}
