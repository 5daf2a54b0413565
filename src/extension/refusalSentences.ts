/**
 * What the worker's processes refuse with, in the English that they say it in, with holes: what a person commonly meets.
 * They are the keys of the translations, like every string of the editor. A message may have come by way of a
 * file or of the command line, so that the sentence itself is all that tells which it is. The first that fits is the one.
 */
export const REFUSALS: readonly string[] = [
  // A model that cannot be used.
  '{0}: is missing: this is no folder of an encoder',
  '{0}: has no weights: none of {1}',
  '{0}: has no token classification head, so it cannot mark entities yet: fine-tune it on annotated notes, or choose a fine-tuned checkpoint',
  '{0}: model_type is missing: choose an encoder of the BERT or ModernBERT family',
  '{0}: model_type {1} is not supported: choose an encoder of the BERT or ModernBERT family',
  '{0}: is missing, and there is no vocab.txt in its place',
  '{0}: is not valid JSON ({1})',
  '{0}: not JSON ({1})',
  '{0}: is not a safetensors file, or truncated: its header does not fit the file',
  '{0}: is truncated: {1} lies beyond its end; download it again',
  '{0}: is truncated: download it again',
  '{0}: the weight {1} is missing',
  '{0}: the weight {1} has the shape [{2}], but config.json asks for [{3}]',
  'a single character takes {0} tokens, but the encoder reads {1} at most: choose another model',
  // No refusal: what its files leave open.
  'vocab.txt has capitalised words, but no tokenizer_config.json says do_lower_case: texts are lower-cased, as transformers does. If the encoder tells capitals, put {"do_lower_case": false} there.',
  // A device that does not work.
  'the CUDA provider is not part of this package: see README, Devices',
  // A folder that cannot be added, or an encoder that cannot be removed.
  'there is no config.json: this is no encoder',
  'there are no weights: none of {0}',
  'there is no tokenizer that can be read: neither tokenizer.json nor vocab.txt',
  'an encoder of the name {0} was added before: remove it first, or rename the folder',
  '{0}: no encoder of that name was added',
  '{0} is being fetched: stop that first',
  // Files and the disk.
  '{0}: cannot be read ({1})',
  '{0}: cannot be opened ({1})',
  '{0}: cannot be written ({1})',
  '{0}: no such file or folder',
  '{0}: not a text file',
  '{0}: the disk is full; free some space and give the same command again: it goes on from the last whole checkpoint',
  '{0}: the disk is full; free some space and go on with the plan: it goes on from the last whole checkpoint',
  // A corpus, and plans of it.
  '{0}: holds no notes',
  '{0}: no training note is annotated, so there is nothing to learn',
  '{0}: the part train has no notes',
  'its split leaves no notes to score: more are needed',
  '{0}: the corpus has changed since {1} was made: make a new plan in another folder, or bring the notes back',
  '{0}: another process trains here ({1}): wait until it ends, or train in another folder',
  // Memory, and what else ends a training.
  'memory ran out: close what else is open, or choose a smaller model',
  'memory ran out: give a smaller --batch or --batch-tokens with a larger --accumulate (the result is the same), or a smaller --max-length',
  'memory ran out: give a smaller --batch or --batch-tokens with a larger --accumulate (the result is the same), a smaller --max-length, or --plan layer-by-layer',
  'memory ran out: close what else is open, or choose a smaller encoder; or carry the plan out on the command line (anamnese compare) with --plan layer-by-layer',
  'memory ran out: close what else is open, or choose a smaller encoder; or make a plan with a smaller --batch or --max-length on the command line (anamnese compare)',
  'the training process was ended ({0}); most likely {1}',
  'the training process ended unexpectedly ({0})',
  'the training process ended unexpectedly ({0}): {1}',
  '{0} is not a finite number in epoch {1}, step {2}; the learning rate there was {3}: start again with a lower --lr (a third, say) and another --out; where that does not help, check that the encoder folder is undamaged',
  '{0} is not a finite number in epoch {1}, step {2}; the learning rate there was {3}: make a new plan with the hyper-parameters of the study, or on the command line (anamnese compare) with a lower --lr',
  // Language models: what was answered so far, why it ended, how often, and what the server said.
  '{0}; {1} of {2} notes are answered and kept; the same command goes on',
  '{0}, {1} times over',
  '{0}, and asks to wait for {1} minutes',
  '{0}: the connection failed ({1})',
  '{0}: answers {1}: the key is missing, wrong, or not allowed to use this model',
  '{0}: answers {1}: the account has no credit left',
  '{0}: answers {1}: no such model or endpoint there; providers switch old models off',
  '{0}: answers {1}: the server does not take this request (does the model know structured output?)',
  '{0}: answers {1}: the note and its examples are too long for the server',
  '{0}: answers {1}',
];

/** A sentence with what stands in its holes. */
export interface KnownRefusal {
  readonly sentence: string;
  readonly holes: readonly string[];
}

const patterns = REFUSALS.map((sentence) => ({ sentence, pattern: patternOf(sentence) }));

/** The first hole takes as much as it can: what stands there may be a sentence of its own, with the same signs. */
function patternOf(sentence: string): RegExp {
  const [head, ...parts] = sentence.split(/\{\d\}/).map(escaped);
  const holes = parts.map((part, i) => (i === 0 ? `([^]+)${part}` : `([^]+?)${part}`));
  return new RegExp(`^${head}${holes.join('')}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Which of the sentences a message is; undefined where it is none. Holes are in order in every sentence. */
export function knownRefusal(message: string): KnownRefusal | undefined {
  for (const { sentence, pattern } of patterns) {
    const found = pattern.exec(message);
    if (found) return { sentence, holes: found.slice(1) };
  }
  return undefined;
}
