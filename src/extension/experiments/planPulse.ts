import * as vscode from 'vscode';
import type { PlanSummary } from '../../core/experiments/planSummary';

const LOOKS_APART_MS = 5000;

/**
 * Looks every few seconds, while somebody sees what plans have come to, whether they changed: watching files is no
 * promise, and a file system that many machines share tells nothing of what the others do there. A look is a few
 * questions for times, however many runs are finished.
 */
export class PlanPulse {
  private seeing = 0;
  private timer: NodeJS.Timeout | undefined;
  private last: string | undefined;

  constructor(
    private readonly folders: () => readonly vscode.Uri[],
    private readonly plans: () => readonly PlanSummary[],
    private readonly changed: () => void,
  ) {}

  /** Somebody looks, until disposed. */
  see(): vscode.Disposable {
    this.seeing += 1;
    this.timer ??= setInterval(() => vscode.window.state.focused && void this.look(), LOOKS_APART_MS);
    let isOver = false;
    return {
      dispose: () => {
        if (isOver) return;
        isOver = true;
        this.seeing -= 1;
        if (this.seeing === 0) this.dispose();
      },
    };
  }

  dispose(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.last = undefined;
  }

  private async look(): Promise<void> {
    const times = await Promise.all(telling(this.folders(), this.plans()).map(changedAt));
    const now = times.join(' ');
    if (this.last !== undefined && now !== this.last) this.changed();
    this.last = now;
  }
}

/** Files and folders whose times change when a plan, a run or its record comes, changes or goes. */
function telling(folders: readonly vscode.Uri[], plans: readonly PlanSummary[]): vscode.Uri[] {
  const at = (...parts: [string, ...string[]]): vscode.Uri =>
    vscode.Uri.joinPath(vscode.Uri.file(parts[0]), ...parts.slice(1));
  const ofPlans = plans.flatMap(({ folder, runs }) => [
    at(folder, 'plan.json'),
    at(folder, 'runs'),
    ...runs.filter(({ state }) => state === 'begun').map(({ run }) => at(folder, 'runs', run.id)),
  ]);
  return [...folders, ...ofPlans];
}

async function changedAt(uri: vscode.Uri): Promise<number> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    ({ mtime }) => mtime,
    () => 0,
  );
}
