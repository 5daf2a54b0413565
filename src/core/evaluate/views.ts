/** The three ways to count one and the same predictions. Every figure is written under the name of its view. */
export const VIEWS = {
  'paper protocol':
    'Tokens of the model’s own tokenizer, each note truncated and padded to one length as in the study, special ' +
    'tokens and padding scored, with no label in gold; threshold by macro F1 on the very notes that are scored ' +
    '(optimistic).',
  'honest token':
    'Tokens of the model’s own tokenizer, every token of the text once, no padding, no special tokens; threshold not ' +
    'chosen on the notes that are scored. Not comparable between tokenizers.',
  text:
    'Characters, words and entities of the source text, nothing truncated, the same units for every model; ' +
    'thresholds not chosen on the notes that are scored.',
} as const;

export type ViewName = keyof typeof VIEWS;
