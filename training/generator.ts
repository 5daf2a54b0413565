import type { CorpusDocument } from '../src/core/corpus/document';
import type { MarkedNote } from '../src/core/corpus/inlineMarkup';
import type { Rng } from '../src/core/ports';
import { seededRng } from '../src/core/random';
import { Abbreviations } from './augment/abbreviations';
import { chance, pick } from './augment/chance';
import { Exchangeable, values } from './augment/content';
import { lower, noAccents, sentenceCase, upper } from './augment/letters';
import type { MentionBank } from './augment/mentions';
import { mentions } from './augment/mentions';
import { closingTitle, dropEnds, join, shuffleSentences } from './augment/pieces';
import { sides } from './augment/sides';
import { lineBreaks, oddBreaks, slips, spacing } from './augment/typing';
import type { Lexicon } from './lexicon';
import { mentionBank } from './mentionBank';

/** A note of the corpus, ready to be varied. */
export interface SourceNote extends MarkedNote {
  readonly id: string;
}

export interface GeneratorOptions {
  readonly seed: number;
  /** How many of an epoch's notes are varied, 0 to 1. Default 1. */
  readonly strength?: number;
  /** How many of them run on into a piece of another note. Default 0.12. */
  readonly joined?: number;
}

/** Multiplies the notes: each epoch every note comes once, most of them in a form that was never there before. */
export class Generator {
  private readonly bank: MentionBank;
  private readonly drugs: Exchangeable;
  private readonly firstNames: Exchangeable;
  private readonly abbreviations: Abbreviations;
  private readonly titles: readonly string[];

  constructor(
    private readonly notes: readonly SourceNote[],
    lexicon: Lexicon,
  ) {
    this.bank = mentionBank(notes, lexicon.terms);
    this.drugs = new Exchangeable(lexicon.drugs);
    this.firstNames = new Exchangeable(lexicon.firstNames);
    this.abbreviations = new Abbreviations(lexicon.abbreviations);
    this.titles = lexicon.titles;
  }

  /** The documents of an epoch, counted from 0, in the notes' order. Equal seeds and epochs give equal documents. */
  epoch(epoch: number, { seed, strength = 1, joined = 0.12 }: GeneratorOptions): CorpusDocument[] {
    const rng = seededRng(Math.imul(seed, 0x9e3779b1) + epoch);
    return this.notes.map((note) => {
      const longer = chance(joined * strength, rng) ? this.runOn(note, rng) : note;
      return documentOf(note.id, chance(strength, rng) ? this.vary(longer, rng) : longer);
    });
  }

  /** One varied form of a note. */
  vary(note: MarkedNote, rng: Rng): MarkedNote {
    return this.surface(this.layout(this.content(note, rng), rng), rng);
  }

  private runOn(note: MarkedNote, rng: Rng): MarkedNote {
    return join(note, dropEnds(pick(this.notes, rng), rng), pick(['\n', '\n\n', ' ', '  '], rng));
  }

  /** What is said. */
  private content(note: MarkedNote, rng: Rng): MarkedNote {
    return apply(note, rng, [
      [0.5, (n) => values(n, rng)],
      [0.5, (n) => this.drugs.exchange(n, 'Chemicals & Drugs', rng, 0.4)],
      [0.5, (n) => this.firstNames.exchange(n, 'Living Beings', rng, 0.5)],
      [0.5, (n) => mentions(n, rng, this.bank, pick([0.05, 0.1, 0.2, 0.3], rng))],
      [0.2, sides],
      [0.4, (n) => this.abbreviations.exchange(n, rng)],
    ]);
  }

  /** How it is laid out. */
  private layout(note: MarkedNote, rng: Rng): MarkedNote {
    return apply(note, rng, [
      [0.12, (n) => dropEnds(n, rng)],
      [0.08, (n) => shuffleSentences(n, rng)],
      [0.06, (n) => closingTitle(n, rng, this.titles)],
      [0.25, (n) => lineBreaks(n, rng)],
      [0.06, (n) => oddBreaks(n, rng)],
    ]);
  }

  /** How it is typed. */
  private surface(note: MarkedNote, rng: Rng): MarkedNote {
    return apply(capitals(note, rng), rng, [
      [0.35, noAccents],
      [0.4, (n) => slips(n, rng, pick([0.01, 0.02, 0.05], rng))],
      [0.4, (n) => spacing(n, rng, pick([0.02, 0.05, 0.12], rng))],
    ]);
  }
}

type Change = (note: MarkedNote) => MarkedNote;

/** Each change with its own probability, one after another. */
function apply(note: MarkedNote, rng: Rng, changes: readonly (readonly [number, Change])[]): MarkedNote {
  return changes.reduce((now, [probability, change]) => (chance(probability, rng) ? change(now) : now), note);
}

function capitals(note: MarkedNote, rng: Rng): MarkedNote {
  const kind = rng();
  if (kind < 0.22) return upper(note);
  if (kind < 0.34) return lower(note);
  return kind < 0.44 ? sentenceCase(note) : note;
}

function documentOf(id: string, { text, spans }: MarkedNote): CorpusDocument {
  return {
    id,
    text,
    annotations: spans.map(({ label, start, end }) => ({ label, fragments: [{ start, end }] })),
  };
}
