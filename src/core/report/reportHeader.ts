import type { RunRecord } from '../experiments/runFiles';
import type { AskingTotals } from '../llm/askingFigures';
import type { Grounding } from '../llm/modelNames';
import type { FigureName } from './figures';

/** The ways to score one and the same run; every figure stands under the name of one of them. */
export const REPORT_VIEWS = ['honest', 'paper', 'entities', 'characters'] as const;
export type ReportView = (typeof REPORT_VIEWS)[number];

/** Views whose figures follow a threshold: those that have scores of tokens. */
export const TOKEN_VIEWS = ['honest', 'paper'] as const;
export type TokenViewName = (typeof TOKEN_VIEWS)[number];

/** The table of `counts.json` behind each view. */
export const VIEW_TABLES: Readonly<Record<ReportView, string>> = {
  honest: 'honest token, shared threshold',
  paper: 'paper protocol, shared threshold',
  entities: 'text, entities strict',
  characters: 'text, characters',
};

/** Runs that differ in nothing but the seed, which also draws their split. */
export interface ReportSystem {
  readonly encoder: string;
  /** `none`: an encoder that was evaluated and not trained. */
  readonly strategy: RunRecord['strategy'];
  readonly scheme: 'IO' | 'BIO';
  /** Which notes an evaluated encoder was scored on. */
  readonly notes?: 'test' | 'own' | 'all';
  /** Of a language model: how it was asked. */
  readonly asked?: { readonly examples: number; readonly grounding: Grounding };
}

/** Low and high end. */
export type Ends = readonly [number, number];

/** 95 % intervals by bootstrap over notes. */
export type RunIntervals = Readonly<Partial<Record<FigureName, Ends>>>;

export interface ReportRun {
  readonly id: string;
  /** Index into `systems`. */
  readonly system: number;
  readonly seed: number;
  /** First digits of the split's hash. */
  readonly split: string;
  readonly notes: Readonly<Record<'train' | 'validation' | 'test', number>>;
  /** Of each view that the run was scored in, the names of what was counted: an index into `layouts`. */
  readonly layouts: Readonly<Partial<Record<ReportView, number>>>;
  /** The names behind the run's confusion and its labels of parts: an index into `layouts`. */
  readonly labels: number;
  /** Parts of `labelNotes`, in the order of the block. */
  readonly parts: readonly string[];
  readonly operating: { readonly honest: number; readonly paper: number | null };
  /** Of a run that is its system's only one; several runs have the interval of their mean (`figureInterval`). */
  readonly intervals: Readonly<Partial<Record<ReportView, RunIntervals>>>;
  /** Epochs in the `history` block, and the one whose weights were kept. */
  readonly epochs: number;
  readonly bestEpoch: number | null;
  readonly cost: {
    readonly trainSeconds: number;
    readonly scoreSeconds: number;
    readonly peakMemoryBytes: number | null;
    readonly trainedTokens: number;
  };
  /** Of a language model. */
  readonly asking?: AskingTotals & { readonly pricesOf: string | null };
  readonly machine: string;
  /** Id of the run whose training this one's would repeat; its results are that one's. */
  readonly sameAs?: string;
  /** Where the run's mistakes begin in the `errors` block, and how many there are; null where gold was not at hand. */
  readonly errors: readonly [number, number] | null;
}

/** A system against its baseline, in one view and metric, at the runs' own thresholds. */
export interface ReportComparison {
  readonly view: ReportView;
  readonly metric: 'micro F1' | 'macro F1';
  /** Indices into `systems`. */
  readonly baseline: number;
  readonly system: number;
  /** System − baseline, with its 95 % interval. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number };
  readonly test: string;
  readonly p: number;
  /** By Holm's correction over the family of comparisons that `strategyComparison` makes together. */
  readonly adjustedP: number;
}

/** All of a report but its figures, which lie in blocks of bytes beside it (`reportBlocks.ts`). */
export interface ReportHeader {
  readonly format: 'anamnese-report';
  readonly version: 2;
  readonly name: string;
  readonly corpus: string;
  /** Runs in the plan; `runs` has those that are finished and whole. */
  readonly planned: number;
  readonly layouts: readonly (readonly string[])[];
  /** Labels that mistakes speak of. */
  readonly labels: readonly string[];
  readonly thresholds: readonly number[];
  readonly systems: readonly ReportSystem[];
  readonly runs: readonly ReportRun[];
  readonly comparisons: readonly ReportComparison[];
  /** Ids of the notes that mistakes speak of. */
  readonly notes: readonly string[];
  /** What was left out and why, fit for a person. */
  readonly problems: readonly string[];
  /** Whether the texts of the notes are in the report. */
  readonly hasTexts: boolean;
}

/** Names of the blocks. `own` is needed at once, the others when they are looked at. */
export const BLOCKS = [
  'own',
  'honest',
  'paper',
  'details',
  'history',
  'reliability',
  'errors',
  'notes',
  'texts',
] as const;
export type BlockName = (typeof BLOCKS)[number];
