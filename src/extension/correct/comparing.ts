import * as vscode from 'vscode';
import type { NoteTracker } from '../noteTracker';
import type { PredictionService } from '../predictionService';
import { Comparisons } from './comparisons';
import { GoldStore } from './goldStore';
import { ReviewMemory } from './reviewMemory';
import { WorkspaceFiles } from './workspaceFiles';

/** Gold against predicted: what the marks of a note stand on, and its corrections. */
export interface Comparing extends vscode.Disposable {
  readonly files: WorkspaceFiles;
  readonly golds: GoldStore;
  readonly memory: ReviewMemory;
  readonly comparisons: Comparisons;
}

export function openComparing(
  tracker: NoteTracker,
  service: PredictionService,
  workspaceState: vscode.Memento,
): Comparing {
  const files = new WorkspaceFiles(service);
  const golds = new GoldStore(files, tracker);
  const memory = new ReviewMemory(workspaceState);
  const comparisons = new Comparisons(tracker, golds, memory);
  const all = vscode.Disposable.from(files, golds, memory, comparisons);
  return { files, golds, memory, comparisons, dispose: () => void all.dispose() };
}
