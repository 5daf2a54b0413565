import * as vscode from 'vscode';
import type { EditorQuestion, WindowAnswer } from '../../core/llm/editorModels';
import { AGREED_HOSTS } from '../../protocol/planRunner';
import type { Plans } from '../experiments/plans';
import { onSettings } from '../settings';
import type { RemoteUse } from './consent';
import { Consent, remoteUse } from './consent';
import type { Cancellation } from './editorModels';
import { askEditorModel } from './editorModels';
import { Keys } from './keys';
import type { Person } from './person';
import { EDITOR_DIALOGS } from './person';

/** Who may read the notes of this workspace, and the keys that open their doors. */
export interface Remote extends vscode.Disposable {
  readonly consent: Consent;
  readonly keys: Keys;
  readonly person: Person;
  /** What a plan's process is told: hosts and keys, and neither while remote use is off. */
  environment(): Promise<Readonly<Record<string, string>>>;
  /** Asks a language model of VS Code's for a plan's process. */
  ask(question: EditorQuestion, token: Cancellation): Promise<WindowAnswer>;
  /** Stops what is being sent when somebody takes consent back. */
  watch(plans: Plans): vscode.Disposable;
}

type RemoteMemory = Pick<vscode.ExtensionContext, 'workspaceState' | 'secrets'>;

export function registerRemote(memory: RemoteMemory, log: vscode.LogOutputChannel): Remote {
  const remote = openRemote(memory, log);
  const commands = vscode.Disposable.from(
    vscode.commands.registerCommand('anamnese.stopSendingNotes', () => remote.consent.revoke()),
    vscode.commands.registerCommand('anamnese.setLanguageModelKey', () => remote.keys.choose()),
    remote,
  );
  return { ...remote, dispose: () => commands.dispose() };
}

/** @param person who is asked. @param use whether anything may leave this machine now */
export function openRemote(
  { workspaceState, secrets }: RemoteMemory,
  log: vscode.LogOutputChannel,
  person: Person = EDITOR_DIALOGS,
  use: () => RemoteUse = remoteUse,
): Remote {
  const consent = new Consent(workspaceState, log, person, use);
  const keys = new Keys(secrets, person);
  return {
    consent,
    keys,
    person,
    environment: async () => ({
      [AGREED_HOSTS]: consent.agreed.join(),
      ...(consent.isPossible && (await keys.known())),
    }),
    ask: (question, token) => askEditorModel(question, consent, token),
    watch: (plans) =>
      vscode.Disposable.from(
        consent.onRevoke(() => void stopAsking(plans)),
        onSettings(['remote.enabled'], () => void (consent.isPossible || stopAsking(plans))),
      ),
    dispose: () => consent.dispose(),
  };
}

/** Plans that ask language models; what they have is kept, and they can be resumed. */
async function stopAsking(plans: Plans): Promise<void> {
  const running = plans.runningFolders();
  if (running.length === 0) return;
  const asking = (await plans.list()).filter(({ runs }) => runs.some(({ run }) => run.kind === 'prompt'));
  for (const { folder } of asking) if (running.includes(folder)) await plans.stop(folder);
}
