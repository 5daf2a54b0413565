import { jsonrepair } from 'jsonrepair';
import { foldWords } from './fold';

/** A quotation of the note with the label that the model gives it. */
export interface QuotedEntity {
  readonly label: string;
  readonly text: string;
}

/** What can be wrong with an answer, counted; words of it are never kept. */
export const ANSWER_PROBLEMS = ['unreadable', 'repaired', 'notAnEntity', 'unknownLabel'] as const;
export type AnswerProblem = (typeof ANSWER_PROBLEMS)[number];

export interface ParsedAnswer {
  /** In the order of the answer. */
  readonly entities: readonly QuotedEntity[];
  readonly problems: readonly AnswerProblem[];
}

/** JSON schema of an answer: `{"entities": [{"label", "text"}]}`, in order of appearance, strict as OpenAI asks. */
export function answerSchema(labels: readonly string[]): Record<string, unknown> {
  const entity = {
    type: 'object',
    properties: { label: { type: 'string', enum: [...labels] }, text: { type: 'string' } },
    required: ['label', 'text'],
    additionalProperties: false,
  };
  return {
    type: 'object',
    properties: { entities: { type: 'array', items: entity } },
    required: ['entities'],
    additionalProperties: false,
  };
}

/**
 * Reads an answer, whatever shape a model without structured output gives it: with prose or a fence around it, cut off,
 * a bare list, or lists by label. What cannot be read is told as a problem and left out.
 */
export function parseAnswer(content: string, labels: readonly string[]): ParsedAnswer {
  const { value, repaired } = readJson(content);
  const items = itemsOf(value, labels);
  if (!items) return { entities: [], problems: ['unreadable'] };
  const problems: AnswerProblem[] = repaired ? ['repaired'] : [];
  const entities = items.flatMap((item): QuotedEntity[] => {
    const entity = entityOf(item, labels);
    if (typeof entity !== 'string') return [entity];
    problems.push(entity);
    return [];
  });
  return { entities, problems };
}

function readJson(content: string): { value: unknown; repaired: boolean } {
  try {
    return { value: JSON.parse(content) as unknown, repaired: false };
  } catch {
    return { value: repairedJson(content), repaired: true };
  }
}

/** Undefined where it is no list or object at all. */
function repairedJson(content: string): unknown {
  const begin = content.search(/[[{]/);
  if (begin < 0) return undefined;
  const fenced = content.slice(begin).replace(/```[^`]*$/, '');
  for (const candidate of [fenced.slice(0, lastBracket(fenced) + 1), fenced]) {
    try {
      return JSON.parse(jsonrepair(candidate)) as unknown;
    } catch {
      continue;
    }
  }
  return undefined;
}

function lastBracket(text: string): number {
  return Math.max(text.lastIndexOf(']'), text.lastIndexOf('}'));
}

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list of entities, however it is wrapped; undefined where there is none. */
function itemsOf(value: unknown, labels: readonly string[]): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (!isObject(value)) return undefined;
  if (Array.isArray(value.entities)) return value.entities as unknown[];
  const byLabel = Object.entries(value).filter(([name]) => knownLabel(name, labels) !== undefined);
  if (byLabel.length > 0)
    return byLabel.flatMap(([label, texts]) => [texts].flat().map((text): unknown => ({ label, text })));
  return Object.values(value).find((inner): inner is unknown[] => Array.isArray(inner));
}

function entityOf(item: unknown, labels: readonly string[]): QuotedEntity | AnswerProblem {
  if (!isObject(item)) return 'notAnEntity';
  const text = item.text ?? item.entity ?? item.value;
  const label = item.label ?? item.type ?? item.category;
  if (typeof text !== 'string' || text.trim() === '' || typeof label !== 'string') return 'notAnEntity';
  const known = knownLabel(label, labels);
  return known === undefined ? 'unknownLabel' : { label: known, text };
}

/** A label, though it be written in other case or without accents. */
function knownLabel(given: string, labels: readonly string[]): string | undefined {
  if (labels.includes(given)) return given;
  const folded = foldWords(given);
  return labels.find((label) => foldWords(label) === folded);
}
