import * as vscode from 'vscode';
import type { PredictionService } from './predictionService';

const SEEN = 'welcomed';

/** Says once, when the first note is marked, which model marks it and that nothing leaves the machine. */
export function registerWelcome(
  service: PredictionService,
  context: vscode.ExtensionContext,
): vscode.Disposable {
  return service.onState((state) => {
    if (state.kind !== 'ready' || context.globalState.get(SEEN)) return;
    void context.globalState.update(SEEN, true);
    const tour = vscode.l10n.t('Get Started');
    const sentence = vscode.l10n.t(
      '{0} marks this note on your own machine. Nothing of it leaves the machine. Marks are suggestions, not medical advice.',
      state.model.name,
    );
    void vscode.window.showInformationMessage(sentence, tour).then((choice) => {
      if (choice !== tour) return;
      const walkthrough = `${context.extension.id}#anamnese.start`;
      void vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough);
    });
  });
}
