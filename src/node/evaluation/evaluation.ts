import { version } from '../../../package.json';
import type { CorpusDocument } from '../../core/corpus/document';
import type { CountsFile } from '../../core/evaluate/countsFile';
import { toCountsFile } from '../../core/evaluate/countsFile';
import { groupsOf } from '../../core/evaluate/evaluation';
import type { CountedViews } from '../../core/evaluate/report';
import { namedTables, viewReports } from '../../core/evaluate/report';
import { textNoteCounts } from '../../core/evaluate/textView';
import type { LabelCurves } from '../../core/evaluate/tokenView';
import type { ViewName } from '../../core/evaluate/views';
import { seededRng } from '../../core/random';
import type { SplitFile } from '../../core/split/splitFile';
import { sha256 } from '../sha256';
import type { Answers } from './answers';
import { labelsOf } from './answers';

/** Which notes were scored, as metrics.json names them. */
export interface EvaluatedPart {
  /** Name of the corpus. */
  readonly corpus: string;
  readonly part: string;
  /** How the split was made, where there is one. */
  readonly split?: Pick<SplitFile, 'method' | 'seed' | 'ratio'> & { readonly file: string };
  readonly scored: readonly CorpusDocument[];
}

export interface EvaluationOptions {
  /** Labels to count in the text view; by default all of gold and prediction. */
  readonly labels?: readonly string[] | undefined;
  /** Of the bootstrap. */
  readonly rounds: number;
  readonly seed: number;
}

/** What an evaluation writes: figures, curves, and the counts of every note. */
export type Evaluation = ReturnType<typeof evaluationOf>;

/** Counts answers in all views and derives their figures. */
export function evaluationOf(
  { corpus, part, split, scored }: EvaluatedPart,
  answers: Answers,
  { labels: given, rounds, seed }: EvaluationOptions,
) {
  const labels = given ?? countedLabels(scored, answers);
  const counted: CountedViews = {
    tokens: answers.tokens,
    text: textNoteCounts(scored, answers.predicted, labels),
    textThresholdsFrom: answers.textThresholdsFrom,
  };
  const groups = groupsOf(scored);
  const metrics = {
    format: 'anamnese metrics 1',
    version,
    corpus,
    part: split === undefined ? 'all notes' : part,
    split,
    notes: scored.length,
    groups: new Set(groups.values()).size,
    predictionsBy: answers.by,
    model: answers.model,
    labels,
    intervals: { method: 'percentile bootstrap over groups of notes', level: 0.95, rounds, seed },
    remarks: answers.remarks,
    views: viewReports(counted, (note) => groups.get(note)!, { rounds, rng: seededRng(seed) }),
  };
  const counts: CountsFile = toCountsFile(namedTables(counted), scored, groups, sha256);
  return { metrics, curves: curvesOf(counted), counts };
}

function curvesOf({
  tokens,
}: CountedViews): Readonly<Partial<Record<ViewName, Readonly<Record<string, LabelCurves>>>>> {
  return Object.fromEntries(
    tokens.flatMap(({ view, ranked }) => (ranked ? [[view, ranked.curves] as const] : [])),
  );
}

function countedLabels(scored: readonly CorpusDocument[], { labels, predicted }: Answers): readonly string[] {
  const found = labelsOf([...scored.map(({ annotations }) => annotations), ...predicted]);
  return [...new Set([...labels, ...found])];
}
