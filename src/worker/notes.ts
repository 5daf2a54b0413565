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
    this.entries.set(uri, { note: new LiveNote(text, this.predictor), version, visible });
    void this.run();
  }

  edit({ uri, version, edits }: EditNote): void {
    const entry = this.entries.get(uri);
    if (!entry) return;
    const known = entry.note.edit(edits);
    entry.version = version;
    const focus = edits.at(-1);
    if (focus && entry.visible) entry.visible = { start: focus.start, end: focus.start + focus.text.length };
    for (const answer of known) this.tell(uri, entry, answer, 0);
    void this.run();
  }

  show(uri: string, visible: Span | null): void {
    const entry = this.entries.get(uri);
    if (entry) entry.visible = visible;
    void this.run();
  }

  close(uri: string): void {
    this.entries.delete(uri);
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
      while (await this.step()) await eventLoopTurn();
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
        if (answer) this.tell(uri, entry, answer, performance.now() - started);
      } catch (error) {
        this.entries.delete(uri);
        this.listener.failed(uri, error);
      }
      return true;
    }
    return false;
  }

  private tell(uri: string, { note, version }: OpenEntry, answer: RangeEntities, milliseconds: number): void {
    this.listener.predicted({ uri, version, ...answer, remaining: note.remaining, milliseconds });
  }
}

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
