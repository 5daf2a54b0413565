import { z } from 'zod';
import { epochRecord } from '../train/loop/learningEvents';
import { ASKED_BY, EFFORTS, GROUNDINGS } from '../llm/modelNames';
import { strategies } from '../train/balance/strategy';

/**
 * A finished run's folder, `runs/<id>`: `record.json` is written last, so that a run is finished when it is there.
 * Beside it lie `metrics.json`, `curves.json` and `counts.json` of the test part as `anamnese evaluate` writes them;
 * `split.json`, but where all notes are scored; `tokens.json` (`tokenScores`); and `predictions.jsonl` (`predictedNote`
 * a line). None of them holds a word of a note; `answers.jsonl`, in which a language model's answers are kept
 * (`Journal`), quotes them. Above the runs, `corpus.jsonl.gz` has the plan's notes as they were when it was made: runs
 * are merged, and reports read elsewhere, without it.
 */
export const RUN_FILES = {
  record: 'record.json',
  split: 'split.json',
  metrics: 'metrics.json',
  curves: 'curves.json',
  counts: 'counts.json',
  tokens: 'tokens.json',
  predictions: 'predictions.jsonl',
} as const;

/** `record.json`: what was run, where, how it went, and what it cost. */
export const runRecord = z.object({
  format: z.literal('anamnese-record'),
  version: z.literal(1),
  id: z.string(),
  encoder: z.object({ name: z.string(), sha256: z.string() }),
  /** `none` where an encoder or a language model was evaluated and not trained; then there is no history, and training cost nothing. */
  strategy: z.enum([...strategies, 'none']),
  scheme: z.enum(['IO', 'BIO']),
  seed: z.int(),
  corpus: z.object({ name: z.string(), sha256: z.string() }),
  split: z.object({
    /** The split file's; of an encoder that was only scored, `own, METHOD` on its own split and `all notes` on all. */
    method: z.string(),
    sha256: z.string(),
    notes: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
  }),
  /** Entity labels, and the outputs that the scheme makes of them. */
  labels: z.array(z.string()),
  outputs: z.array(z.string()),
  /** How many notes of each part have a label, `[labels]` a part; repeated notes of oversampling are counted again. */
  labelNotes: z.record(z.string(), z.array(z.int())),
  /** Every hyper-parameter, the preset's included. */
  parameters: z.record(z.string(), z.unknown()),
  /** The learning curve. */
  history: z.array(epochRecord),
  bestEpoch: z.int().nullable(),
  environment: z.object({
    version: z.string(),
    node: z.string(),
    runtime: z.string(),
    system: z.string(),
    processor: z.string(),
    cores: z.int(),
    device: z.string(),
    plan: z.string().optional(),
  }),
  cost: z.object({
    trainSeconds: z.number(),
    scoreSeconds: z.number(),
    /** Of the process that trained; null where it did other things too, or the system does not tell. */
    peakMemoryBytes: z.number().nullable(),
    trainedTokens: z.number(),
  }),
  /** The run of the same plan whose training this one's would repeat to the last bit: results and cost are of that one. */
  sameAs: z.string().optional(),
  /** Of a language model: how it was asked, and what became of its answers. */
  languageModel: z
    .object({
      model: z.string(),
      api: z.enum(ASKED_BY),
      /** Who answered. */
      host: z.string(),
      effort: z.enum(EFFORTS).optional(),
      grounding: z.enum(GROUNDINGS),
      /** Ids of the notes that were shown as examples. */
      examples: z.array(z.string()),
      /** Notes of different texts: each is asked about once. */
      answers: z.int(),
      /** Requests, those that failed among them. */
      attempts: z.int(),
      refused: z.int(),
      cut: z.int(),
      /** Of all answers, one after the other, as if none had been waited for together. */
      answerSeconds: z.number(),
      tokens: z.object({ input: z.int(), cachedInput: z.int(), output: z.int(), reasoning: z.int() }),
      /** US dollars, every digit; null where no price is known. Of requests that failed nothing is known. */
      dollars: z.string().nullable(),
      /** Which prices those are. */
      prices: z.object({ date: z.string(), source: z.string() }).nullable(),
      /** Quotations by what became of them, see `GroundingCounts`. */
      quotations: z.object({
        exact: z.int(),
        folded: z.int(),
        invented: z.int(),
        surplus: z.int(),
      }),
      /** Answers, or parts of them, that could not be read as they were asked for, see `ANSWER_PROBLEMS`. */
      problems: z.object({
        unreadable: z.int(),
        repaired: z.int(),
        notAnEntity: z.int(),
        unknownLabel: z.int(),
      }),
    })
    .optional(),
  /** ISO 8601. */
  finishedAt: z.string(),
});
export type RunRecord = z.infer<typeof runRecord>;

/** Scores of the text's own tokens by output: from these follow the counts at every threshold. */
const scoreHistogram = z.object({
  /** Upper edges of all bins but the last: a token has a label at threshold t when its score is greater. */
  thresholds: z.array(z.number()),
  /** `[outputs][thresholds + 1]`, tokens in each bin. */
  negatives: z.array(z.array(z.int())),
  positives: z.array(z.array(z.int())),
});

/** `tokens.json`: the honest token view's scores of the test part, as histograms. */
export const tokenScores = z.object({
  format: z.literal('anamnese tokens 1'),
  outputs: z.array(z.string()),
  honest: scoreHistogram,
  /** The same of the study's rows: padding and special tokens too, nothing beyond 512 tokens. */
  paper: scoreHistogram.nullable(),
  /** Shared thresholds that the figures were made with. */
  operating: z.object({ honest: z.number(), paper: z.number().nullable() }),
  /**
   * `[gold][predicted]`, characters of the text by what they are and what they were taken for, over the record's labels
   * and, last, no label: a character with several labels counts once a pair that only one side has, else on the diagonal.
   */
  confusion: z.array(z.array(z.int())),
});
export type TokenScores = z.infer<typeof tokenScores>;

/** A line of `predictions.jsonl`: offsets are UTF-16 units of the note's text, half-open. */
export const predictedNote = z.object({
  /** Id of the document in the corpus, and the hash of its text (`noteKey`). */
  note: z.string(),
  key: z.string(),
  entities: z.array(z.object({ label: z.string(), start: z.int(), end: z.int(), score: z.number() })),
});
export type PredictedNote = z.infer<typeof predictedNote>;
