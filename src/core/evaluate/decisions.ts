import type { Annotation, CorpusDocument } from '../corpus/document';
import { tokenTargets } from '../labels/tokenTargets';
import type { Tokenizer } from '../tokenize/encoding';
import type { TokenEvaluation } from './evaluation';
import { tokenEvaluation } from './evaluation';
import { paperTruth, STUDY_LENGTH, truncate } from './tokenRows';
import type { NoteRows } from './tokenView';

/** Of what somebody decided, a token has a label or has it not; any threshold between tells the two apart. */
const BETWEEN = 0.5;

/** Decisions counted in tokens. */
export interface DecisionViews {
  readonly views: readonly TokenEvaluation[];
  readonly tokensCut: number;
  /** Behind the views: what is decided scores 1, all else 0. */
  readonly rows: { readonly paper: readonly NoteRows[]; readonly honest: readonly NoteRows[] };
}

/**
 * The token views of annotations that come without scores (a language model's, say), in the tokens of a tokenizer and
 * under IO, as the study's. Tokens that truncation cuts off and the paper view does not score are counted too.
 * @param predicted of each note, in the notes' order
 */
export function decisionViews(
  notes: readonly CorpusDocument[],
  predicted: readonly (readonly Annotation[])[],
  labels: readonly string[],
  tokenizer: Tokenizer,
): DecisionViews {
  const task = { outputs: labels, labels, scheme: 'IO' } as const;
  let tokensCut = 0;
  const paper = notes.map(({ id, text, annotations }, i): NoteRows => {
    const whole = tokenizer.encode(text, 'library');
    const encoding = truncate(whole, STUDY_LENGTH);
    tokensCut += whole.ids.length - encoding.ids.length;
    const of = (own: readonly Annotation[]): Uint8Array => paperTruth(encoding, own, task, STUDY_LENGTH);
    return { id, rows: { labels, scores: Float32Array.from(of(predicted[i]!)), truth: of(annotations) } };
  });
  const honest = notes.map(({ id, text, annotations }, i): NoteRows => {
    const { starts, ends, special } = tokenizer.encode(text);
    const own = {
      starts: starts.filter((_, k) => special[k] === 0),
      ends: ends.filter((_, k) => special[k] === 0),
    };
    const of = (annotated: readonly Annotation[]): Uint8Array => tokenTargets(own, annotated, task);
    return { id, rows: { labels, scores: Float32Array.from(of(predicted[i]!)), truth: of(annotations) } };
  });
  const origins = {
    thresholds: { shared: BETWEEN, perLabel: labels.map(() => BETWEEN) },
    from: 'none: the predictions are decisions',
    computed: 'by whoever made the predictions; tokens are those of the tokenizer given, under IO',
  };
  return {
    views: [
      tokenEvaluation('paper protocol', paper, labels, origins),
      tokenEvaluation('honest token', honest, labels, origins),
    ],
    tokensCut,
    rows: { paper, honest },
  };
}
