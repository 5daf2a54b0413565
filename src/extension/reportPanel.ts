import path from 'node:path';
import * as vscode from 'vscode';
import type { FromReport, ReportCommand, ToReport } from '../protocol/report';
import { REPORT_COMMANDS } from '../protocol/report';
import { errorInWords } from './refusal';
import { choosePlan } from './report/findPlans';
import { pageHtml } from './report/page';
import { askReporter } from './report/reporter';
import { showNote } from './report/showNote';
import { writeWhole } from './writeWhole';

const OPEN = 'anamnese.openReport';
const VIEW_TYPE = 'anamnese.report';

/** Opens the report of a plan's folder, or shows it if it is open. */
export async function openReport(planFolder: string): Promise<void> {
  await vscode.commands.executeCommand(OPEN, planFolder);
}

/** Tells a report what comes of its plan. */
export interface PlanResults {
  /** Finished runs of a plan (its folder) came, changed or went. */
  readonly onResults: vscode.Event<string>;
  /** They are looked for until disposed. */
  see(): vscode.Disposable;
}

/** `Open Report`, and reports that were open when the window was reloaded. */
export function registerReport(
  extension: vscode.Uri,
  log: vscode.LogOutputChannel,
  results: PlanResults,
): vscode.Disposable {
  const panels = new Map<string, ReportPanel>();
  const dist = vscode.Uri.joinPath(extension, 'dist');
  const show = (planFolder: string, panel: vscode.WebviewPanel): void => {
    panels.set(planFolder, new ReportPanel(planFolder, panel, dist, log, results));
    panel.onDidDispose(() => panels.delete(planFolder));
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(OPEN, async (given?: unknown) => {
      const planFolder = typeof given === 'string' ? path.resolve(given) : await choosePlan();
      if (planFolder === undefined) return;
      const open = panels.get(planFolder);
      if (open) return open.reveal();
      const column = vscode.ViewColumn.Active;
      show(planFolder, vscode.window.createWebviewPanel(VIEW_TYPE, vscode.l10n.t('Report'), column));
    }),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel, state: { readonly planFolder?: string } | undefined) => {
        if (state?.planFolder === undefined) panel.dispose();
        else show(state.planFolder, panel);
      },
    }),
  );
}

/** One plan's report: the page, and what it asks for. */
class ReportPanel {
  private readonly reporter: string;
  /** Runs have ended, or gone, since it was last in sight. */
  private isStale = false;
  private asked = 0;

  constructor(
    private readonly planFolder: string,
    private readonly panel: vscode.WebviewPanel,
    dist: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
    results: PlanResults,
  ) {
    this.reporter = vscode.Uri.joinPath(dist, 'reporter.js').fsPath;
    panel.title = vscode.l10n.t('Report: {0}', path.basename(planFolder));
    const icon = (name: string): vscode.Uri => vscode.Uri.joinPath(dist, '..', 'media', name);
    panel.iconPath = { dark: icon('activity.svg'), light: icon('activity-light.svg') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.onDidReceiveMessage((message: FromReport) => void this.take(message));
    panel.webview.html = pageHtml(panel.webview, dist);
    this.follow(results);
  }

  /** Shows a panel that is open, with what has been finished since. */
  reveal(): void {
    this.panel.reveal();
    void this.send();
  }

  /** The page keeps what a person chose to see. Nothing is read for a panel that nobody sees. */
  private follow(results: PlanResults): void {
    let seeing = results.see();
    const again = (): void => {
      this.isStale = !this.panel.visible;
      if (this.panel.visible) void this.send();
    };
    const listening = [
      results.onResults((folder) => folder === this.planFolder && again()),
      this.panel.onDidChangeViewState(() => {
        seeing.dispose();
        if (this.panel.visible) seeing = results.see();
        if (this.isStale) again();
      }),
    ];
    this.panel.onDidDispose(() => vscode.Disposable.from(seeing, ...listening).dispose());
  }

  private async take(message: FromReport): Promise<void> {
    try {
      await this.answer(message);
    } catch (error) {
      this.log.error(error instanceof Error ? error.message : String(error));
      void vscode.window.showErrorMessage(errorInWords(error));
    }
  }

  private answer(message: FromReport): Promise<unknown> {
    switch (message.type) {
      case 'ready':
      case 'refresh':
        return this.send();
      case 'command':
        return this.carryOut(message.command);
      case 'openNote':
        return this.openNote(message);
      case 'saveFile':
        return this.saveFile(
          message.name,
          message.base64 ? Buffer.from(message.content, 'base64') : message.content,
        );
      case 'saveReport':
        return this.saveReport(message.texts);
    }
  }

  private async send(): Promise<void> {
    const asked = ++this.asked;
    const message = await askReporter(this.reporter, { type: 'open', planFolder: this.planFolder }).then(
      ({ data, unfinished }): ToReport => ({
        type: 'init',
        // The bytes alone, whatever buffer they came in.
        data: data.slice().buffer as ArrayBuffer,
        language: vscode.env.language,
        planFolder: this.planFolder,
        unfinished,
      }),
      (error: Error): ToReport => ({ type: 'failed', message: errorInWords(error) }),
    );
    // One that was asked later knows more.
    if (asked === this.asked) await this.panel.webview.postMessage(message);
  }

  private async carryOut(command: ReportCommand): Promise<void> {
    if (!REPORT_COMMANDS.includes(command)) return;
    const plan = command === 'anamnese.resume' ? [this.planFolder] : [];
    await vscode.commands.executeCommand(command, ...plan);
  }

  private async openNote({
    note,
    start,
    end,
    run,
  }: Extract<FromReport, { type: 'openNote' }>): Promise<void> {
    const { place } = await askReporter(this.reporter, {
      type: 'locate',
      planFolder: this.planFolder,
      note,
      run,
    });
    if (!place) throw new Error(vscode.l10n.t('The note {0} is no longer in the plan’s corpus.', note));
    const runFolder = run === undefined ? undefined : path.join(this.planFolder, 'runs', run);
    await showNote(place, { start, end }, runFolder);
  }

  private async saveFile(name: string, content: string | Uint8Array): Promise<void> {
    const target = await this.askTarget(name);
    if (target && (await writeWhole(target, content))) this.tellSaved(target);
  }

  private async saveReport(texts: boolean): Promise<void> {
    const target = await this.askTarget(texts ? 'report-with-notes.html' : 'report.html');
    if (!target) return;
    await askReporter(this.reporter, {
      type: 'save',
      planFolder: this.planFolder,
      file: target.fsPath,
      texts,
    });
    this.tellSaved(target);
  }

  private askTarget(name: string): Thenable<vscode.Uri | undefined> {
    return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(this.planFolder, name)) });
  }

  private tellSaved(target: vscode.Uri): void {
    void vscode.window.showInformationMessage(vscode.l10n.t('Saved: {0}', path.basename(target.fsPath)));
  }
}
