import * as vscode from 'vscode';
import { experimentFolders } from '../experiments/folders';

/** A folder with a plan, and when the plan last changed (milliseconds). */
interface FoundPlan {
  readonly folder: vscode.Uri;
  readonly name: string;
  readonly changed: number;
}

/**
 * Asks which plan of the workspace or of where experiments are kept; the only one, if there is no other. Says what to do
 * where there is none.
 */
export async function choosePlan(): Promise<string | undefined> {
  const plans = await findPlans();
  if (plans.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'There is no plan in this workspace yet. “Anamnese: Compare Strategies” makes one; its report opens while runs end.',
      ),
    );
    return undefined;
  }
  if (plans.length === 1) return plans[0]!.folder.fsPath;
  const items = plans.map(({ folder, name }) => ({
    label: name,
    description: vscode.workspace.asRelativePath(folder),
    folder,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open Report'),
    placeHolder: vscode.l10n.t('the plan last changed comes first'),
  });
  return chosen?.folder.fsPath;
}

async function findPlans(): Promise<FoundPlan[]> {
  const found = await Promise.all([
    vscode.workspace.findFiles('**/plan.json', '**/node_modules/**', 200),
    // They may lie outside of the workspace, where nothing is searched.
    ...experimentFolders().map(plansIn),
  ]);
  const files = new Map(found.flat().map((file) => [file.fsPath, file]));
  const plans = await Promise.all([...files.values()].map(readPlan));
  return plans.flat().sort((a, b) => b.changed - a.changed);
}

/** Where each folder of experiments would have its plan. */
async function plansIn(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
  return entries
    .filter(([, type]) => type & vscode.FileType.Directory)
    .map(([name]) => vscode.Uri.joinPath(folder, name, 'plan.json'));
}

async function readPlan(file: vscode.Uri): Promise<FoundPlan[]> {
  try {
    const bytes = await vscode.workspace.fs.readFile(file);
    const plan = parsePlan(new TextDecoder().decode(bytes));
    if (!plan) return [];
    const { mtime } = await vscode.workspace.fs.stat(file);
    const folder = vscode.Uri.joinPath(file, '..');
    const name =
      typeof plan.name === 'string' && plan.name !== '' ? plan.name : folder.path.split('/').at(-1)!;
    return [{ folder, name, changed: mtime }];
  } catch {
    // It has gone meanwhile.
    return [];
  }
}

/** Undefined of some other file of that name. A damaged plan is one too: its report says what is wrong with it. */
function parsePlan(text: string): { readonly name?: unknown } | undefined {
  try {
    const plan = JSON.parse(text) as { format?: unknown; name?: unknown } | null;
    return plan?.format === 'anamnese-plan' ? plan : undefined;
  } catch {
    return text.includes('"anamnese-plan"') ? {} : undefined;
  }
}
