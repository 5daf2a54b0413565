import { LiveNote } from '../core/predict/liveNote';
import type { RangeEntities } from '../core/predict/liveNote';
import type { Predictor } from '../core/predict/predictor';
import type { Span } from '../core/text/entity';
import type { EditNote, OpenNote, Predicted } from '../protocol/worker';

interface OpenEntry {
  readonly note: LiveNote;
  version: number;
  /** Where to begin; null while the note is out of sight. */
  visible: Span | null;
}

/** What the notes tell: answers as they come, and failures that hold nothing of the note's text. */
export interface NoteListener {
  predicted(answer: Predicted): void;
  failed(uri: string, error: unknown): void;
}

/**
 * The notes that are open in the editor, predicted one window at a time: between windows the event loop takes in
 * edits, so that a window is never run for words that are already gone.
 */
export class OpenNotes {
  private readonly entries = new Map<string, OpenEntry>();
  private running = false;

  constructor(
    private predictor: Predictor,
    private readonly listener: NoteListener,
  ) {}

  open({ uri, version, text, visible }: OpenNote): void {
    const entry = { note: new LiveNote(text, this.predictor), version, visible };
    this.entries.delete(uri);
    this.entries.set(uri, entry);
    this.tellNothingWaits(uri, entry);
    void this.run();
  }

  edit({ uri, version, edits }: EditNote): void {
    const entry = this.touch(uri);
    if (!entry) return;
    const known = entry.note.edit(edits);
    entry.version = version;
    const focus = edits.at(-1);
    if (focus && entry.visible) entry.visible = { start: focus.start, end: focus.start + focus.text.length };
    for (const answer of known) this.tell(uri, entry, answer, 0);
    if (known.length === 0) this.tellNothingWaits(uri, entry);
    void this.run();
  }

  show(uri: string, visible: Span | null): void {
    const entry = visible ? this.touch(uri) : this.entries.get(uri);
    if (entry) entry.visible = visible;
    void this.run();
  }

  /** Whether a window of a note in sight waits or is being run. */
  get isBusy(): boolean {
    return this.running;
  }

  close(uri: string): void {
    this.entries.delete(uri);
  }

  /** Closes them all; nothing is run or told from then on. */
  dispose(): void {
    this.entries.clear();
  }

  /** Shows the notes with other thresholds; the encoder is not run again. */
  decodeWith(settings: Predictor['settings']): void {
    this.predictor = { ...this.predictor, settings };
    for (const [uri, entry] of this.entries) {
      for (const answer of entry.note.withSettings(settings)) this.tell(uri, entry, answer, 0);
    }
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      while (await this.step()) await eventLoopTurns();
    } finally {
      this.running = false;
    }
  }

  /** Runs one waiting window of the note touched last; false when none waits. */
  private async step(): Promise<boolean> {
    for (const [uri, entry] of [...this.entries].reverse()) {
      if (entry.note.remaining === 0 || !entry.visible) continue;
      const started = performance.now();
      try {
        const answer = await entry.note.predictNext(entry.visible);
        // The note may have been closed, or opened anew, while the encoder ran.
        if (this.entries.get(uri) !== entry) return true;
        if (answer) this.tell(uri, entry, answer, performance.now() - started);
        else this.tellNothingWaits(uri, entry);
      } catch (error) {
        if (this.entries.get(uri) !== entry) return true;
        this.entries.delete(uri);
        this.listener.failed(uri, error);
      }
      return true;
    }
    return false;
  }

  /** The note of a uri, which is the one touched last from now on. */
  private touch(uri: string): OpenEntry | undefined {
    const entry = this.entries.get(uri);
    if (entry && this.entries.delete(uri)) this.entries.set(uri, entry);
    return entry;
  }

  /** An edit is always answered in the end, also where it left nothing to predict. */
  private tellNothingWaits(uri: string, entry: OpenEntry): void {
    if (entry.note.remaining > 0) return;
    this.tell(uri, entry, { range: { start: 0, end: 0 }, entities: [] }, 0);
  }

  private tell(uri: string, { note, version }: OpenEntry, answer: RangeEntities, milliseconds: number): void {
    this.listener.predicted({ uri, version, ...answer, remaining: note.remaining, milliseconds });
  }
}

/** Lets in what the editor has sent meanwhile: reading takes a turn of the event loop, each message another. */
export async function eventLoopTurns(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
