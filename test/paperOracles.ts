import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What test/oracles/make_paper.py wrote of one tiny encoder. */
export interface PaperOracle {
  readonly tokenizer: string;
  readonly length: number;
  /** Notes in the study's own format. */
  readonly records: readonly { readonly text: string }[];
  /** Tokens of each note after truncation, special ones included. */
  readonly tokens: readonly number[];
  /** Of all positions of each padded note, `[length, outputs]` row-major. */
  readonly logits: readonly (readonly number[])[];
  readonly study: { readonly threshold: number } & Readonly<Record<'micro' | 'macro', StudyFigures>>;
  readonly labelThresholds: readonly number[];
}

export interface StudyFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly rocAuc: number;
}

export const PAPER_ORACLES = ['bert-io', 'modernbert-bio'] as const;

const oracles = path.join(__dirname, 'oracles');

export const paperPath = (name: string): string => path.join(oracles, 'paper', name);

export const tokenizerFile = ({ tokenizer }: PaperOracle): string =>
  path.join(oracles, 'tokenizers', tokenizer, 'tokenizer.json');

export function paperOracle(name: string): PaperOracle {
  return JSON.parse(readFileSync(path.join(paperPath(name), 'oracle.json'), 'utf8')) as PaperOracle;
}
