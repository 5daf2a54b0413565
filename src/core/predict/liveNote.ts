import type { Edit } from '../text/edit';
import { applyEdits, moveSpan } from '../text/edit';
import type { Entity, Span } from '../text/entity';
import { decodeEntities } from './decode';
import type { Predictor, ScoredWindow, TokenizedWindow } from './predictor';
import { fit, scoreWindow } from './predictor';
import { cutWindows, windowSizes } from './windows';
import type { ScoredTokens } from './decode';
import type { Window } from './windows';

/** Entities that begin inside `range`; they take the place of all that began there before. */
export interface RangeEntities {
  readonly range: Span;
  readonly entities: readonly Entity[];
}

/** A window of the present text and what identifies its words and context. */
interface Place {
  readonly window: Window;
  readonly key: string;
}

/**
 * A note that is open in an editor. Predictions are kept by the words of their window, so that an edit costs the
 * windows whose words changed, and undoing it costs none.
 */
export class LiveNote {
  private places: readonly Place[] = [];
  private waiting = new Map<string, Place>();
  /** Scores by window key, offsets relative to the window's start. */
  private readonly scores = new Map<string, ScoredTokens[]>();

  constructor(
    private text: string,
    private predictor: Predictor,
  ) {
    this.places = this.cut();
    this.waiting = new Map(this.places.map((place) => [placeId(place), place]));
  }

  /** Windows that still wait for the encoder. */
  get remaining(): number {
    return this.waiting.size;
  }

  /** Takes edits in; answers for windows whose words are new here but known from before. */
  edit(edits: readonly Edit[]): RangeEntities[] {
    const moved = new Set(
      this.places.filter((p) => !this.waiting.has(placeId(p))).flatMap((place) => movedId(place, edits)),
    );
    this.text = applyEdits(this.text, edits);
    this.places = this.cut();
    const changed = this.places.filter((place) => !moved.has(placeId(place)));
    this.waiting = new Map(
      changed.filter((place) => !this.scores.has(place.key)).map((place) => [placeId(place), place]),
    );
    this.forgetOld();
    return changed.filter((place) => this.scores.has(place.key)).map((place) => this.answer(place));
  }

  /** Runs the waiting window nearest to `focus`, or returns undefined when nothing waits. */
  async predictNext(focus: Span): Promise<RangeEntities | undefined> {
    const place = nearest(this.waiting.values(), focus);
    if (!place) return undefined;
    const pieces = fit(this.text, place.window, this.predictor);
    const scored: ScoredTokens[] = [];
    for (const piece of pieces) scored.push(relativeTokens(await this.score(piece), place.window.start));
    this.scores.set(place.key, scored);
    this.waiting.delete(placeId(place));
    return this.answer(place);
  }

  /** Decodes again what is known, with other thresholds; the encoder is not run. */
  withSettings(settings: Predictor['settings']): RangeEntities[] {
    this.predictor = { ...this.predictor, settings };
    return this.places.filter((place) => this.scores.has(place.key)).map((place) => this.answer(place));
  }

  private async score(piece: TokenizedWindow): Promise<ScoredWindow> {
    const [logits] = await this.predictor.classifier.logits([piece.encoding.ids]);
    return scoreWindow(piece, logits!, this.predictor.settings);
  }

  private answer({ window, key }: Place): RangeEntities {
    const words = this.text.slice(window.start, window.end);
    const entities = this.scores
      .get(key)!
      .flatMap((tokens) => decodeEntities(words, tokens, this.predictor.settings.decoding))
      .map((entity) => ({ ...entity, start: entity.start + window.start, end: entity.end + window.start }));
    return { range: { start: window.start, end: window.end }, entities };
  }

  private cut(): Place[] {
    return cutWindows(this.text, windowSizes(this.predictor.settings.maxTokens)).map((window) => ({
      window,
      key: keyOf(this.text, window),
    }));
  }

  /** Old scores serve undo and redo; beyond a few windows more than the text has they only cost memory. */
  private forgetOld(): void {
    const spare = 64;
    const live = new Set(this.places.map(({ key }) => key));
    const old = [...this.scores.keys()].filter((key) => !live.has(key));
    for (const key of old.slice(0, Math.max(0, old.length - spare))) this.scores.delete(key);
  }
}

function keyOf(text: string, { start, end, contextStart, contextEnd }: Window): string {
  return `${start - contextStart},${end - contextStart},${text.slice(contextStart, contextEnd)}`;
}

function placeId({ window, key }: Place): string {
  return `${window.start}:${key}`;
}

/** The identity of a window after edits that left its words and its context alone; nothing where they did not. */
function movedId({ window, key }: Place, edits: readonly Edit[]): string[] {
  let span: Span | undefined = { start: window.contextStart, end: window.contextEnd };
  for (const edit of edits) {
    if (edit.start < span.end && edit.end > span.start) return [];
    span = moveSpan(span, edit);
    if (!span) return [];
  }
  return [`${span.start + window.start - window.contextStart}:${key}`];
}

function relativeTokens({ tokens }: ScoredWindow, origin: number): ScoredTokens {
  return {
    starts: tokens.starts.map((start) => start - origin),
    ends: tokens.ends.map((end) => end - origin),
    probabilities: tokens.probabilities,
  };
}

function nearest(places: Iterable<Place>, focus: Span): Place | undefined {
  let best: Place | undefined;
  let bestDistance = Infinity;
  for (const place of places) {
    const { start, end } = place.window;
    const distance = Math.max(0, start - focus.end, focus.start - end);
    if (distance < bestDistance) [best, bestDistance] = [place, distance];
  }
  return best;
}
