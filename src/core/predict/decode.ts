import type { Entity, Span } from '../text/entity';
import { compareSpans } from '../text/entity';

/** Tokens of one window that it answers for, with calibrated probabilities, row-major `[tokens, labels]`. */
export interface ScoredTokens {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly probabilities: Float32Array;
}

/** How tokens become entities. `outputs` are the model's own labels, `B-`/`I-` prefixed under BIO. */
export interface Decoding {
  readonly scheme: 'IO' | 'BIO';
  readonly outputs: readonly string[];
  /** Threshold of each entity label on the calibrated probability. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** `word` shares the mean probability of a word's pieces among them, so that no entity begins or ends inside a word. */
  readonly aggregation: 'token' | 'word';
}

interface LabelColumns {
  readonly label: string;
  readonly begin: number | undefined;
  readonly inside: number;
}

/** The label of a token that is part of nothing, in models that give each token exactly one. */
export const NO_LABEL = 'O';

/** The entity labels behind the model's outputs, in order of first appearance. */
export function entityLabels(outputs: readonly string[], scheme: Decoding['scheme']): string[] {
  const named = outputs.filter((output) => output !== NO_LABEL);
  if (scheme === 'IO') return named;
  return [...new Set(named.map((output) => output.replace(/^[BI]-/, '')))];
}

function columnsOf(decoding: Decoding): LabelColumns[] {
  return entityLabels(decoding.outputs, decoding.scheme).map((label) => {
    if (decoding.scheme === 'IO') return { label, begin: undefined, inside: decoding.outputs.indexOf(label) };
    const begin = decoding.outputs.indexOf(`B-${label}`);
    const inside = decoding.outputs.indexOf(`I-${label}`);
    return { label, begin: begin < 0 ? undefined : begin, inside: inside < 0 ? begin : inside };
  });
}

/**
 * Runs of tokens at or above their label's threshold, as entities in reading order. Labels are independent, so
 * entities of different labels may overlap and nest. Under BIO a `B-` above the threshold opens a new entity.
 * The score is the mean probability of the entity's tokens.
 */
export function decodeEntities(text: string, tokens: ScoredTokens, decoding: Decoding): Entity[] {
  const shared =
    decoding.aggregation === 'word' ? shareWithinWords(text, tokens, decoding.outputs.length) : tokens;
  const entities = columnsOf(decoding).flatMap((columns) => decodeLabel(text, shared, columns, decoding));
  return entities.sort(compareSpans);
}

function decodeLabel(
  text: string,
  tokens: ScoredTokens,
  columns: LabelColumns,
  decoding: Decoding,
): Entity[] {
  const width = decoding.outputs.length;
  const threshold = decoding.thresholds[columns.label] ?? 0.5;
  const found: { start: number; end: number; sum: number; count: number }[] = [];
  for (let i = 0; i < tokens.starts.length; i++) {
    const start = tokens.starts[i]!;
    const end = tokens.ends[i]!;
    const inside = tokens.probabilities[i * width + columns.inside]!;
    const begin = columns.begin === undefined ? 0 : tokens.probabilities[i * width + columns.begin]!;
    const score = Math.max(inside, begin);
    if (end === start || score < threshold) continue;
    const open = found.at(-1);
    const opens = columns.begin !== undefined && begin >= threshold && begin >= inside;
    if (open && !opens && isBlank(text, open.end, start)) {
      open.end = Math.max(open.end, end);
      open.sum += score;
      open.count++;
    } else {
      found.push({ start, end, sum: score, count: 1 });
    }
  }
  return found.map(({ start, end, sum, count }) => ({
    start,
    end,
    label: columns.label,
    score: sum / count,
  }));
}

/** What the decoder compares with each entity label's threshold, row-major `[tokens, labels]`; labels as `entityLabels` has them. */
export function labelScores(text: string, tokens: ScoredTokens, decoding: Decoding): Float32Array {
  const width = decoding.outputs.length;
  const { probabilities } = decoding.aggregation === 'word' ? shareWithinWords(text, tokens, width) : tokens;
  const columns = columnsOf(decoding);
  const scores = new Float32Array(tokens.starts.length * columns.length);
  for (let i = 0, at = 0; i < tokens.starts.length; i++) {
    for (const { begin, inside } of columns) {
      const other = begin === undefined ? 0 : probabilities[i * width + begin]!;
      scores[at++] = Math.max(probabilities[i * width + inside]!, other);
    }
  }
  return scores;
}

/**
 * Joins entities of one label that only white space separates: what is left of an entity that a window's edge cut.
 * Scores are weighted by length. Under IO this is the decoder's own rule, so joining twice changes nothing; under BIO
 * neighbours may be two entities, and stay so.
 */
export function joinSeams(text: string, entities: readonly Entity[], scheme: Decoding['scheme']): Entity[] {
  if (scheme === 'BIO') return [...entities];
  const open = new Map<string, Entity & { start: number; end: number; score: number }>();
  const joined: Entity[] = [];
  for (const entity of entities) {
    const last = open.get(entity.label);
    if (last && isBlank(text, last.end, entity.start)) {
      const [before, added] = [last.end - last.start, entity.end - entity.start];
      const score = (last.score * before + entity.score * added) / (before + added);
      Object.assign(last, { end: Math.max(last.end, entity.end), score });
    } else {
      const copy = { ...entity };
      open.set(entity.label, copy);
      joined.push(copy);
    }
  }
  return joined;
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!/\s/.test(text[i]!)) return false;
  return true;
}

/** Gives every piece of a word (letters and digits that touch) the mean probability of the word's pieces. */
function shareWithinWords(text: string, tokens: ScoredTokens, width: number): ScoredTokens {
  const probabilities = tokens.probabilities.slice();
  let first = 0;
  for (let i = 1; i <= tokens.starts.length; i++) {
    if (i < tokens.starts.length && continuesWord(text, tokens, i)) continue;
    if (i - first > 1) averageRows(probabilities, first, i, width);
    first = i;
  }
  return { ...tokens, probabilities };
}

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;

function continuesWord(text: string, tokens: ScoredTokens, i: number): boolean {
  const at = tokens.starts[i]!;
  if (at !== tokens.ends[i - 1] || at === tokens.ends[i]) return false;
  return WORD_CHARACTER.test(text[at - 1] ?? '') && WORD_CHARACTER.test(text[at] ?? '');
}

function averageRows(values: Float32Array, from: number, to: number, width: number): void {
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (let row = from; row < to; row++) sum += values[row * width + column]!;
    for (let row = from; row < to; row++) values[row * width + column] = sum / (to - from);
  }
}

/** Whether two spans share at least one character. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
