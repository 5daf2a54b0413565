import type { PostProcessorConfig } from './schema/postProcessor';

/** The ids of the special tokens around a text. */
export interface Template {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** What a tokenizer.json's `post_processor` puts around a single text. */
export function templateOf(steps: readonly PostProcessorConfig[]): Template {
  return steps.map(stepTemplate).reduce(around, { before: [], after: [] });
}

const around = (inner: Template, outer: Template): Template => ({
  before: [...outer.before, ...inner.before],
  after: [...inner.after, ...outer.after],
});

function stepTemplate(step: PostProcessorConfig): Template {
  switch (step.type) {
    case 'ByteLevel':
      return { before: [], after: [] };
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { before: [step.cls[1]], after: [step.sep[1]] };
    case 'TemplateProcessing': {
      const text = step.single.findIndex((item) => 'Sequence' in item);
      const ids = step.single.map((item) =>
        'SpecialToken' in item ? (step.special_tokens[item.SpecialToken.id]?.ids ?? []) : [],
      );
      return { before: ids.slice(0, text).flat(), after: ids.slice(text + 1).flat() };
    }
  }
}
