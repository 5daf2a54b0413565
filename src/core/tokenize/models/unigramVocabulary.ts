/** What the least probable piece is worth more than a character that no piece spells, as in SentencePiece. */
const unknownPenalty = 10;

/**
 * Pieces with their log probabilities. A plain map of them, which is there in a tenth of the time that a trie takes to
 * build: it is part of the wait for a note's first entities.
 */
export class UnigramVocabulary {
  readonly ids = new Map<string, number>();
  private readonly scores: Float64Array;
  private readonly unknownScore: number;
  /** The longest piece of those that begin with the same two UTF-16 units, in units: further none is looked for. */
  private readonly longest = new Map<number, number>();

  constructor(pieces: readonly (readonly [string, number])[], unknownId: number) {
    this.scores = Float64Array.from(pieces, ([, score]) => score);
    this.unknownScore =
      this.scores.reduce((least, score) => Math.min(least, score), Infinity) - unknownPenalty;
    this.scores[unknownId] = this.unknownScore;
    pieces.forEach(([piece], id) => {
      this.ids.set(piece, id);
      const start = startOf(piece, 0);
      if ((this.longest.get(start) ?? 0) < piece.length) this.longest.set(start, piece.length);
    });
  }

  /**
   * The ends, in UTF-16 units, of the pieces of the most probable segmentation (Viterbi); characters that no piece
   * spells stand alone. Of equally probable ones the longer last piece wins, as in the Python library.
   */
  bestCuts(word: string): number[] {
    const best = new Float64Array(word.length + 1).fill(-Infinity);
    const starts = new Int32Array(word.length + 1);
    best[0] = 0;
    for (let start = 0; start < word.length; start += characterLength(word, start)) {
      const character = start + characterLength(word, start);
      let spelt = false;
      const offer = (end: number, score: number) => {
        if (best[start]! + score > best[end]!) [best[end], starts[end]] = [best[start]! + score, start];
      };
      for (const [end, id] of this.piecesAt(word, start)) {
        offer(end, this.scores[id]!);
        spelt ||= end === character;
      }
      if (!spelt) offer(character, this.unknownScore);
    }
    return cutsTo(word.length, starts);
  }

  /** The ends and ids of the pieces that the word has at `start`. */
  private piecesAt(word: string, start: number): [number, number][] {
    const found: [number, number][] = [];
    // A character outside the first plane is two units, and a piece of one unit begins with no second one.
    const reach = Math.max(this.longest.get(startOf(word, start)) ?? 0, 1);
    for (let end = start + 1; end <= Math.min(start + reach, word.length); end++) {
      const id = this.ids.get(word.slice(start, end));
      if (id !== undefined) found.push([end, id]);
    }
    return found;
  }
}

/** The first two units at a place as one number. */
function startOf(text: string, at: number): number {
  return text.charCodeAt(at) * 0x10000 + (at + 1 < text.length ? text.charCodeAt(at + 1) : 0);
}

function characterLength(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** From the start of each piece by its end, backwards from the end of the word. */
function cutsTo(length: number, starts: Int32Array): number[] {
  const cuts: number[] = [];
  for (let end = length; end > 0; end = starts[end]!) cuts.push(end);
  return cuts.reverse();
}
