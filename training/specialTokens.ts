/** The special tokens of the default model's tokenizer, as Hugging Face folders name them. */
export const specialTokens = {
  bos_token: '<s>',
  cls_token: '<s>',
  pad_token: '<pad>',
  eos_token: '</s>',
  sep_token: '</s>',
  unk_token: '<unk>',
} as const;
