import * as vscode from 'vscode';
import type { Plans } from '../experiments/plans';
import { onSettings } from '../settings';
import { AGREED_HOSTS } from '../../protocol/planRunner';
import { Consent, isRemoteEnabled } from './consent';
import { Keys } from './keys';

/** Who may read the notes of this workspace, and the keys that open their doors. */
export interface Remote extends vscode.Disposable {
  readonly consent: Consent;
  readonly keys: Keys;
  /** What a plan's process is told: hosts and keys, and neither while remote use is off. */
  environment(): Promise<Readonly<Record<string, string>>>;
  /** Stops what is being sent when somebody takes consent back. */
  watch(plans: Plans): vscode.Disposable;
}

export function registerRemote(
  { workspaceState, secrets }: Pick<vscode.ExtensionContext, 'workspaceState' | 'secrets'>,
  log: vscode.LogOutputChannel,
): Remote {
  const consent = new Consent(workspaceState, log);
  const keys = new Keys(secrets);
  const commands = vscode.Disposable.from(
    vscode.commands.registerCommand('anamnese.stopSendingNotes', () => consent.revoke()),
    vscode.commands.registerCommand('anamnese.setLanguageModelKey', () => keys.choose()),
    consent,
  );
  return {
    consent,
    keys,
    environment: async () => ({
      [AGREED_HOSTS]: consent.agreed.join(),
      ...(isRemoteEnabled() && (await keys.known())),
    }),
    watch: (plans) =>
      vscode.Disposable.from(
        consent.onRevoke(() => void stopAsking(plans)),
        onSettings(['remote.enabled'], () => void (isRemoteEnabled() || stopAsking(plans))),
      ),
    dispose: () => commands.dispose(),
  };
}

/** Plans that ask language models; what they have is kept, and they can be resumed. */
async function stopAsking(plans: Plans): Promise<void> {
  const running = plans.runningFolders();
  if (running.length === 0) return;
  const asking = (await plans.list()).filter(({ runs }) => runs.some(({ run }) => run.kind === 'prompt'));
  for (const { folder } of asking) if (running.includes(folder)) await plans.stop(folder);
}
