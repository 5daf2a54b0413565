import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { Rejection, Rejections } from '../../core/correct/rejections';
import { withoutRejection, withRejection } from '../../core/correct/rejections';
import { noteIdentity } from '../../core/correct/noteIdentity';
import { alignTexts, canonicalText } from '../../core/text/alignedTexts';

const REJECTIONS = 'rejections';
const REVIEWED = 'reviewed';

type Stored = Readonly<Record<string, Rejections>>;

/**
 * What a person said of notes that a corpus file has no place for: spans that are none, and notes that are done although
 * nothing is in them. Kept with the workspace by the notes' identities; not a word of a note is kept.
 */
export class ReviewMemory implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onChange = this.emitter.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** Rejected spans, in the offsets of the document. */
  rejections(document: vscode.TextDocument): Rejections {
    const stored = this.memory.get<Stored>(REJECTIONS, {});
    if (Object.keys(stored).length === 0) return [];
    const own = stored[identityOf(document)] ?? [];
    return own.length === 0 ? own : own.map((one) => moved(one, canonicalOffsets(document).back));
  }

  async reject(document: vscode.TextDocument, rejection: Rejection): Promise<void> {
    await this.change(document, (own) =>
      withRejection(own, moved(rejection, canonicalOffsets(document).there)),
    );
  }

  async restore(document: vscode.TextDocument, rejection: Rejection): Promise<void> {
    await this.change(document, (own) =>
      withoutRejection(own, moved(rejection, canonicalOffsets(document).there)),
    );
  }

  isReviewed(document: vscode.TextDocument): boolean {
    return this.reviewed().includes(identityOf(document));
  }

  /** Identities of the notes that are done. */
  reviewed(): readonly string[] {
    return this.memory.get<readonly string[]>(REVIEWED, []);
  }

  async setReviewed(document: vscode.TextDocument, isReviewed: boolean): Promise<void> {
    const key = identityOf(document);
    const others = this.reviewed().filter((one) => one !== key);
    await this.memory.update(REVIEWED, isReviewed ? [...others, key] : others);
    this.emitter.fire();
  }

  dispose(): void {
    this.emitter.dispose();
  }

  private async change(document: vscode.TextDocument, by: (own: Rejections) => Rejections): Promise<void> {
    const stored = this.memory.get<Stored>(REJECTIONS, {});
    const key = identityOf(document);
    const { [key]: own = [], ...others } = stored;
    const changed = by(own);
    await this.memory.update(REJECTIONS, changed.length > 0 ? { ...others, [key]: changed } : others);
    this.emitter.fire();
  }
}

/** Asked for at every key: a version of a document is hashed once. */
const identities = new WeakMap<vscode.TextDocument, { version: number; key: string }>();

export function identityOf(document: vscode.TextDocument): string {
  const known = identities.get(document);
  if (known?.version === document.version) return known.key;
  const key = noteIdentity(document.getText(), (text) =>
    createHash('sha256').update(text, 'utf8').digest('hex'),
  );
  identities.set(document, { version: document.version, key });
  return key;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function canonicalOffsets(document: vscode.TextDocument) {
  const text = document.getText();
  return alignTexts(text, canonicalText(text))!;
}

function moved({ label, start, end }: Rejection, to: (offset: number) => number): Rejection {
  return { label, start: to(start), end: to(end) };
}
