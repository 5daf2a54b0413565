import * as vscode from 'vscode';
import type { Problem } from '../../core/corpus/document';
import type { FoundCorpus } from '../../core/experiments/survey';
import { throttled } from '../throttled';
import { corporaOfWorkspace, corpusInWords } from './chooseCorpus';
import { experimentFolders, shownPath } from './folders';
import type { Survey } from './survey';

/** Files whose names alone say that somebody annotated here. */
const TELLING = '**/*.{ann,conll,iob,iob2,bio,bioes}';
/** All that a corpus may consist of. */
const FILES = '**/*.{ann,txt,xml,json,jsonl,ndjson,conll,iob,iob2,bio,bioes,tsv,conf}';

/** Between two checks while files change, in milliseconds. */
const CHECKS_APART = 2000;

/** The look in the background waits so long after the start, in milliseconds. */
const LATER_MS = 5000;

/** VS Code shows so many problems a file; more tell nothing new. */
const MOST_A_FILE = 250;

export interface CorpusCheck extends vscode.Disposable {
  /** Shows the problems of corpora that were read just now, and from then on follows their files. */
  show(corpora: readonly FoundCorpus[]): void;
}

/**
 * The problems of the workspace's corpora as diagnostics at their file and line: checked when asked for, or in the
 * background where annotation files are; afterwards again whenever their files change.
 */
export function registerCorpusCheck(survey: Survey): CorpusCheck {
  const diagnostics = vscode.languages.createDiagnosticCollection('anamnese.corpus');
  const watching: vscode.Disposable[] = [];
  let wanted = false;
  const check = async (): Promise<readonly FoundCorpus[]> => {
    wanted = true;
    const corpora = await corporaOfWorkspace(survey);
    show(diagnostics, corpora);
    return corpora;
  };
  const again = throttled(() => void check().catch(() => undefined), CHECKS_APART);
  const watch = (): void => {
    if (watching.length > 0) return;
    const watcher = vscode.workspace.createFileSystemWatcher(FILES);
    const changed = (uri: vscode.Uri): void => void (wanted && !isExperiment(uri) && again());
    watching.push(
      watcher,
      watcher.onDidCreate(changed),
      watcher.onDidChange(changed),
      watcher.onDidDelete(changed),
    );
  };
  // Whoever opens a note wants its entities first.
  const later = setTimeout(() => {
    void annotationsAreHere().then((here) => here && (watch(), again()));
  }, LATER_MS);
  const disposables = vscode.Disposable.from(
    diagnostics,
    again,
    { dispose: () => (clearTimeout(later), vscode.Disposable.from(...watching).dispose()) },
    vscode.commands.registerCommand('anamnese.checkCorpus', async () => {
      watch();
      const location = vscode.ProgressLocation.Window;
      const title = vscode.l10n.t('Looking for annotated notes');
      const corpora = await vscode.window.withProgress({ location, title }, check);
      void tell(corpora);
      return corpora;
    }),
  );
  return {
    show: (corpora) => {
      wanted = true;
      watch();
      show(diagnostics, corpora);
    },
    dispose: () => disposables.dispose(),
  };
}

/** A look at names that ends at the first hit. */
async function annotationsAreHere(): Promise<boolean> {
  const [found] = await vscode.workspace.findFiles(TELLING, '**/{node_modules,experiments}/**', 1);
  return found !== undefined;
}

function isExperiment(uri: vscode.Uri): boolean {
  return experimentFolders().some(({ path }) => uri.path.startsWith(`${path}/`));
}

function show(diagnostics: vscode.DiagnosticCollection, corpora: readonly FoundCorpus[]): void {
  const byFile = new Map<string, Problem[]>();
  // A corpus and a part of it have the same files.
  const all = corpora.flatMap(({ problems }) => problems);
  const each = new Map(all.map((problem) => [JSON.stringify(problem), problem]));
  for (const problem of each.values()) {
    const same = byFile.get(problem.file);
    if (same) same.push(problem);
    else byFile.set(problem.file, [problem]);
  }
  diagnostics.clear();
  diagnostics.set(
    [...byFile].map(([file, problems]) => [
      vscode.Uri.file(file),
      problems.slice(0, MOST_A_FILE).map(asDiagnostic),
    ]),
  );
}

/** A whole line: the reader knows no columns. */
function asDiagnostic({ line = 1, severity, message }: Problem): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  const { Error, Warning } = vscode.DiagnosticSeverity;
  const diagnostic = new vscode.Diagnostic(range, message, severity === 'error' ? Error : Warning);
  diagnostic.source = 'Anamnese';
  return diagnostic;
}

async function tell(corpora: readonly FoundCorpus[]): Promise<void> {
  if (corpora.length === 0) {
    await vscode.window.showInformationMessage(vscode.l10n.t('No annotated notes in this workspace.'));
    return;
  }
  const lines = corpora.map((corpus) => `${shownPath(corpus.path)}: ${corpusInWords(corpus)}`);
  const problems = vscode.l10n.t('Show Problems');
  const buttons = corpora.some((corpus) => corpus.problems.length > 0) ? [problems] : [];
  const choice = await vscode.window.showInformationMessage(lines.join('; '), ...buttons);
  if (choice === problems) await vscode.commands.executeCommand('workbench.actions.view.problems');
}
