import type { EncoderShape } from './encoderShape';

/** Micro and macro F1 on a corpus with the IO and the BIO scheme. */
export interface SchemeFigures {
  readonly io: { readonly micro: number; readonly macro: number };
  readonly bio: { readonly micro: number; readonly macro: number };
}

/** An encoder of the study as its publishers and the study describe it. */
export interface PublishedEncoder {
  /** On the Hugging Face hub. */
  readonly id: string;
  readonly name: string;
  readonly shape: EncoderShape;
  readonly tokenizer: 'WordPiece' | 'byte-level BPE' | 'BPE with byte fallback';
  /** As the hub's page of the encoder names it; undefined where the page names none. */
  readonly licence: string | undefined;
  /** The study's Table 5: maximum F1 on the test part over thresholds shared by all labels. */
  readonly study: { readonly semClinBr: SchemeFigures; readonly breastCancer: SchemeFigures };
}

/** Where `study` comes from. */
export const FIGURES_SOURCE =
  'Clinical named entity recognition in the Portuguese language: a benchmark of modern BERT models and LLMs, section 3.1, table of models';

const bert = (vocabulary: number, layers: number, hidden: number): EncoderShape => ({
  family: 'bert',
  vocabulary,
  layers,
  hidden,
  inner: 4 * hidden,
  positions: 512,
});

const modernBert = (vocabulary: number, layers: number, hidden: number, inner: number): EncoderShape => ({
  family: 'modernbert',
  vocabulary,
  layers,
  hidden,
  inner,
  positions: 8192,
});

/** Rows of the study's table in its order of columns: macro IO, macro BIO, micro IO, micro BIO, of each corpus. */
type Row = readonly [number, number, number, number, number, number, number, number];

function figures(row: Row): PublishedEncoder['study'] {
  const of = (from: number): SchemeFigures => ({
    io: { micro: row[from + 2]!, macro: row[from]! },
    bio: { micro: row[from + 3]!, macro: row[from + 1]! },
  });
  return { semClinBr: of(0), breastCancer: of(4) };
}

/** BERT's multilingual cased vocabulary, which BioBERTpt keeps. */
const MULTILINGUAL = 119_547;

/** The nine encoders of the study. */
export const PUBLISHED_ENCODERS: readonly PublishedEncoder[] = [
  {
    id: 'pucpr/biobertpt-all',
    name: 'BioBERTpt (all)',
    shape: bert(MULTILINGUAL, 12, 768),
    tokenizer: 'WordPiece',
    licence: undefined,
    study: figures([0.6443, 0.6207, 0.683, 0.6573, 0.7473, 0.3671, 0.7602, 0.6124]),
  },
  {
    id: 'pucpr/biobertpt-clin',
    name: 'BioBERTpt (clin)',
    shape: bert(MULTILINGUAL, 12, 768),
    tokenizer: 'WordPiece',
    licence: undefined,
    study: figures([0.6489, 0.647, 0.6981, 0.6959, 0.7527, 0.3982, 0.7728, 0.6508]),
  },
  {
    id: 'pucpr/biobertpt-bio',
    name: 'BioBERTpt (bio)',
    shape: bert(MULTILINGUAL, 12, 768),
    tokenizer: 'WordPiece',
    licence: undefined,
    study: figures([0.5839, 0.5543, 0.6548, 0.6208, 0.7268, 0.3741, 0.7458, 0.6319]),
  },
  {
    id: 'neuralmind/bert-base-portuguese-cased',
    name: 'BERTimbau base',
    shape: bert(29_794, 12, 768),
    tokenizer: 'WordPiece',
    licence: 'MIT',
    study: figures([0.5839, 0.5, 0.6592, 0.6094, 0.0055, 0.122, 0.3182, 0.1218]),
  },
  {
    id: 'neuralmind/bert-large-portuguese-cased',
    name: 'BERTimbau large',
    shape: bert(29_794, 24, 1024),
    tokenizer: 'WordPiece',
    licence: 'MIT',
    study: figures([0.5769, 0.6264, 0.6421, 0.6474, 0.013, 0.0038, 0.013, 0.0315]),
  },
  {
    id: 'answerdotai/ModernBERT-base',
    name: 'ModernBERT base',
    shape: modernBert(50_368, 22, 768, 1152),
    tokenizer: 'byte-level BPE',
    licence: 'Apache-2.0',
    study: figures([0.5475, 0.2277, 0.6494, 0.5654, 0.6987, 0.3814, 0.7259, 0.6796]),
  },
  {
    id: 'answerdotai/ModernBERT-large',
    name: 'ModernBERT large',
    shape: modernBert(50_368, 28, 1024, 2624),
    tokenizer: 'byte-level BPE',
    licence: 'Apache-2.0',
    study: figures([0.5895, 0.3258, 0.6987, 0.6851, 0.7104, 0.5056, 0.7488, 0.6648]),
  },
  {
    id: 'jhu-clsp/mmBERT-base',
    name: 'mmBERT base',
    shape: modernBert(256_000, 22, 768, 1152),
    tokenizer: 'BPE with byte fallback',
    licence: 'MIT',
    study: figures([0.7139, 0.4231, 0.7646, 0.7444, 0.7445, 0.4945, 0.7723, 0.6598]),
  },
  {
    id: 'jhu-clsp/mmBERT-small',
    name: 'mmBERT small',
    shape: modernBert(256_000, 22, 384, 1152),
    tokenizer: 'BPE with byte fallback',
    licence: 'MIT',
    study: figures([0.6667, 0.3968, 0.7264, 0.7055, 0.7212, 0.5398, 0.7558, 0.6829]),
  },
];
