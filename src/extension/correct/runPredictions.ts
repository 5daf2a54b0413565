import * as vscode from 'vscode';
import { noteKey } from '../../core/split/notes';
import type { PredictedNote } from '../../core/experiments/runFiles';
import { alignTexts } from '../../core/text/alignedTexts';
import type { RunPredictions } from './comparisons';
import type { GoldStore } from './goldStore';
import { sha256 } from './reviewMemory';

/**
 * A run's predictions of a note, by the hash of the text that the corpus has for it.
 * @throws Error that names the file where it cannot be read, or holds no prediction of this note
 */
export async function readRunPredictions(
  file: vscode.Uri,
  document: vscode.TextDocument,
  golds: GoldStore,
): Promise<RunPredictions> {
  const name = vscode.workspace.asRelativePath(file);
  const bytes = await vscode.workspace.fs.readFile(file).then(undefined, () => undefined);
  if (!bytes) throw new Error(vscode.l10n.t('{0} cannot be read.', name));
  const gold = await golds.load(document);
  const copies = [
    ...(typeof gold === 'object' ? [gold.text] : []),
    document.getText(),
    `\ufeff${document.getText()}`,
  ];
  for (const text of copies) {
    const line = lineOf(new TextDecoder().decode(bytes), noteKey(text, sha256), name);
    const alignment = line && alignTexts(document.getText(), text);
    if (!alignment) continue;
    const entities = line.entities.map(({ label, start, end, score }) => ({
      label,
      start: alignment.back(start),
      end: alignment.back(end),
      score,
    }));
    return { file, name: runName(file), entities };
  }
  throw new Error(vscode.l10n.t('{0} holds no prediction of this note: it was not in the test part.', name));
}

/** A line is parsed only where it names the note: a run's predictions are of many. */
function lineOf(text: string, key: string, name: string): PredictedNote | undefined {
  const at = text.indexOf(`"${key}"`);
  if (at < 0) return undefined;
  const end = text.indexOf('\n', at);
  const from = text.lastIndexOf('\n', at) + 1;
  const note = parsed(text.slice(from, end < 0 ? text.length : end));
  if (isPredictedNote(note)) return note;
  const line = text.slice(0, from).split('\n').length;
  throw new Error(vscode.l10n.t('{0}, line {1}: no prediction as Anamnese writes it.', name, line));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** What the schema `predictedNote` says, without its library, which would be most of what the editor has to load. */
function isPredictedNote(value: unknown): value is PredictedNote {
  const { entities } = (value ?? {}) as Partial<PredictedNote>;
  return (
    Array.isArray(entities) &&
    entities.every(
      ({ label, start, end, score }: Partial<PredictedNote['entities'][number]>) =>
        typeof label === 'string' && [start, end, score].every((number) => typeof number === 'number'),
    )
  );
}

/** The run's folder, which is its name. */
function runName(file: vscode.Uri): string {
  return file.path.split('/').at(-2) ?? file.path;
}
