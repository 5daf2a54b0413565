import type { ChangedStretch, Edit } from '../text/edit';
import { applyEdits, changedStretch, moveSpan } from '../text/edit';
import type { Entity, Span } from '../text/entity';
import type { ScoredTokens } from './decode';
import { decodeEntities, joinSeams } from './decode';
import type { Predictor, ScoredWindow } from './predictor';
import { fit, scoreWindow, sizesFor } from './predictor';
import type { Cutting, Window } from './windows';
import { cutText, recutText } from './windows';

/** Entities that begin inside `range`; they take the place of all that began there before. */
export interface RangeEntities {
  readonly range: Span;
  readonly entities: readonly Entity[];
}

/** A message of so many windows keeps the editor's thread busy for a few milliseconds. */
const WINDOWS_AN_ANSWER = 64;

/** A window of the present text, and what identifies its words and context. */
interface Place {
  window: Window;
  readonly key: string;
  /** Its entities have been answered where it is. */
  answered: boolean;
}

/** What the encoder said of a window, offsets relative to the window's start. */
interface Scores {
  readonly tokens: readonly ScoredTokens[];
  /** The same decoded with the present settings. */
  entities?: readonly Entity[];
}

/**
 * A note that is open in an editor. Predictions are kept by the words of their window, so that an edit costs the
 * windows whose words changed, and undoing it costs none.
 */
export class LiveNote {
  private cutting: Cutting;
  private places: Place[];
  private readonly scores = new Map<string, Scores>();

  constructor(
    private text: string,
    private predictor: Predictor,
  ) {
    this.cutting = cutText(text, sizesFor(text, predictor));
    this.places = this.cutting.windows.map((window) => this.place(window));
  }

  /** Windows that still wait for the encoder. */
  get remaining(): number {
    return this.places.reduce((count, { answered }) => count + (answered ? 0 : 1), 0);
  }

  /** Takes edits in; answers for windows whose words are new here but known from before. */
  edit(edits: readonly Edit[]): RangeEntities[] {
    const changed = changedStretch(edits);
    if (!changed) return [];
    this.text = applyEdits(this.text, edits);
    this.recut(edits, changed);
    const known = this.places.flatMap((place, index) =>
      !place.answered && this.scores.has(place.key) ? [index] : [],
    );
    for (const index of known) this.places[index]!.answered = true;
    return runsOf(known, WINDOWS_AN_ANSWER).map(([first, last]) => this.answer(first, last));
  }

  /** Runs the waiting window nearest to `focus`; undefined when nothing waits, or when an edit took the window away. */
  async predictNext(focus: Span): Promise<RangeEntities | undefined> {
    const place = nearestWaiting(this.places, focus);
    if (!place) return undefined;
    if (!this.scores.has(place.key)) this.scores.set(place.key, await this.score(place.window));
    // An edit may have come while the encoder ran.
    const index = this.places.indexOf(place);
    if (index < 0) return undefined;
    place.answered = true;
    return this.answer(index);
  }

  /** Decodes again what is known, with other thresholds; the encoder is not run. Answers are of many windows each. */
  withSettings(settings: Predictor['settings']): RangeEntities[] {
    this.predictor = { ...this.predictor, settings };
    for (const scores of this.scores.values()) delete scores.entities;
    const answered = this.places.flatMap((place, index) => (place.answered ? [index] : []));
    return runsOf(answered, WINDOWS_AN_ANSWER).map(([first, last]) => this.answer(first, last));
  }

  private async score(window: Window): Promise<Scores> {
    const tokens: ScoredTokens[] = [];
    for (const piece of fit(this.text, window, this.predictor)) {
      const [logits] = await this.predictor.classifier.logits([piece.encoding.ids]);
      tokens.push(relativeTokens(scoreWindow(piece, logits!, this.predictor.settings), window.start));
    }
    return { tokens };
  }

  /**
   * Entities of windows, joined with those of their neighbours where only white space is between them. The range
   * takes in the neighbours, and as far as entities run on: whatever was joined before is told anew.
   */
  private answer(from: number, to = from): RangeEntities {
    let [first, last] = [from, to];
    if (this.places[first - 1]?.answered) first--;
    if (this.places[last + 1]?.answered) last++;
    while (this.runsOn(first - 1)) first--;
    while (this.runsOn(last)) last++;
    const places = this.places.slice(first, last + 1);
    return {
      range: { start: places[0]!.window.start, end: places.at(-1)!.window.end },
      entities: joinSeams(
        this.text,
        places.flatMap((place) => this.entitiesOf(place)),
        this.predictor.settings.decoding.scheme,
      ),
    };
  }

  /** Whether an entity of this window goes on in the next one, as far as both are known. */
  private runsOn(index: number): boolean {
    const [here, next] = [this.places[index], this.places[index + 1]];
    if (!here?.answered || !next?.answered) return false;
    const apart = [...this.entitiesOf(here), ...this.entitiesOf(next)];
    return joinSeams(this.text, apart, this.predictor.settings.decoding.scheme).length < apart.length;
  }

  private entitiesOf({ window, key }: Place): Entity[] {
    const scores = this.scores.get(key)!;
    scores.entities ??= scores.tokens.flatMap((tokens) =>
      decodeEntities(this.text.slice(window.start, window.end), tokens, this.predictor.settings.decoding),
    );
    return scores.entities.map((entity) => ({
      ...entity,
      start: entity.start + window.start,
      end: entity.end + window.start,
    }));
  }

  /** Cuts the text anew around what changed; windows whose words stayed stay answered. */
  private recut(edits: readonly Edit[], changed: ChangedStretch): void {
    const { head, tail, ...cutting } = recutText(
      this.text,
      sizesFor(this.text, this.predictor),
      this.cutting,
      changed,
    );
    this.cutting = cutting;
    const tailAt = this.places.length - tail;
    const stayed = new Map(this.places.slice(head, tailAt).flatMap((place) => movedPlace(place, edits)));
    const { windows } = cutting;
    const moved = this.places.slice(tailAt);
    moved.forEach((place, i) => (place.window = windows[windows.length - tail + i]!));
    const between = windows.slice(head, windows.length - tail).map((window) => {
      const place = this.place(window);
      place.answered = stayed.get(window.start) === place.key;
      return place;
    });
    this.places = [...this.places.slice(0, head), ...between, ...moved];
    this.forgetOld();
  }

  private place(window: Window): Place {
    return { window, key: keyOf(this.text, window), answered: false };
  }

  /** Old scores serve undo and redo; beyond a few windows more than the text has they only cost memory. */
  private forgetOld(): void {
    const spare = 64;
    if (this.scores.size <= this.places.length + spare) return;
    const live = new Set(this.places.map(({ key }) => key));
    const old = [...this.scores.keys()].filter((key) => !live.has(key));
    for (const key of old.slice(0, Math.max(0, old.length - spare))) this.scores.delete(key);
  }
}

/** Rising indices as runs of neighbours, the first and the last of each, no run of more than `longest`. */
function runsOf(indices: readonly number[], longest: number): [number, number][] {
  const runs: [number, number][] = [];
  for (const index of indices) {
    const run = runs.at(-1);
    if (run && index === run[1] + 1 && index - run[0] < longest) run[1] = index;
    else runs.push([index, index]);
  }
  return runs;
}

function keyOf(text: string, { start, end, contextStart, contextEnd }: Window): string {
  return `${start - contextStart},${end - contextStart},${text.slice(contextStart, contextEnd)}`;
}

/** Where an answered window starts after edits that left its words and its context alone; nothing where they did not. */
function movedPlace({ window, key, answered }: Place, edits: readonly Edit[]): [number, string][] {
  if (!answered) return [];
  let span: Span | undefined = { start: window.contextStart, end: window.contextEnd };
  for (const edit of edits) {
    if (edit.start < span.end && edit.end > span.start) return [];
    span = moveSpan(span, edit);
    if (!span) return [];
  }
  return [[span.start + window.start - window.contextStart, key]];
}

function relativeTokens({ tokens }: ScoredWindow, origin: number): ScoredTokens {
  return {
    starts: tokens.starts.map((start) => start - origin),
    ends: tokens.ends.map((end) => end - origin),
    probabilities: tokens.probabilities,
  };
}

function nearestWaiting(places: readonly Place[], focus: Span): Place | undefined {
  let best: Place | undefined;
  let bestDistance = Infinity;
  for (const place of places) {
    if (place.answered) continue;
    const { start, end } = place.window;
    const distance = Math.max(0, start - focus.end, focus.start - end);
    if (distance < bestDistance) [best, bestDistance] = [place, distance];
  }
  return best;
}
