import type { CorpusDocument } from '../../core/corpus/document';
import type { CountedViews } from '../../core/evaluate/report';
import type { Device, Precision } from '../../core/ports';
import type { ModelViews, ScoredModel } from './modelViews';

/** Somebody's predictions, in whatever view they can be counted. */
export interface Answers {
  readonly by: string;
  /** Where they come from a model that was run for them. */
  readonly model?: { readonly device: Device; readonly precision: Precision };
  readonly predicted: readonly CorpusDocument['annotations'][];
  readonly labels: readonly string[];
  readonly tokens: CountedViews['tokens'];
  readonly textThresholdsFrom: string;
  readonly remarks: readonly string[];
}

/** What a model that was run over the notes predicts. */
export function answersOfModel(model: ScoredModel, views: ModelViews): Answers {
  return {
    by: model.name,
    model: { device: model.device, precision: model.precision },
    predicted: views.entities.map((entities) =>
      entities.map(({ label, start, end }) => ({ label, fragments: [{ start, end }] })),
    ),
    labels: views.labels,
    tokens: views.tokens,
    textThresholdsFrom: views.textThresholdsFrom,
    remarks: [
      ...cutRemark(views.tokensCut),
      ...labelRemarks(
        model.scored.map(({ document }) => document),
        views.labels,
      ),
    ],
  };
}

/** Tokens that the paper protocol cuts off, in words; none where there are none. */
export function cutRemark(tokens: number): string[] {
  return tokens === 0
    ? []
    : [`${tokens} tokens lie beyond the paper protocol's truncation and are not scored there`];
}

function labelRemarks(scored: readonly CorpusDocument[], known: readonly string[]): string[] {
  const inGold = labelsOf(scored.map(({ annotations }) => annotations));
  const foreign = inGold.filter((label) => !known.includes(label));
  if (foreign.length === 0) return [];
  if (foreign.length === inGold.length)
    return [
      `gold has none of the model's labels, so nothing can be right: gold has ${foreign.join(', ')}; the model ${known.join(', ')}`,
    ];
  return [
    `labels of gold that the model does not know, misses in the text view, no part of the token views: ${foreign.join(', ')}`,
  ];
}

export function labelsOf(notes: readonly CorpusDocument['annotations'][]): string[] {
  return [...new Set(notes.flatMap((annotations) => annotations.map(({ label }) => label)))].sort();
}
