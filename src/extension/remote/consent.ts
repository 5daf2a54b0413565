import * as vscode from 'vscode';
import { hostOf, isLoopback } from '../../core/hosts';
import type { Person } from './person';
import { EDITOR_DIALOGS } from './person';

/** Hosts of this workspace that may read its notes. */
const AGREED = 'anamnese.remote.agreed';

/** Whether anything may leave this machine at all, and if not, why. */
export type RemoteUse = 'allowed' | 'off' | 'untrusted';

/** By the person's own settings, never by a workspace's, and never in a workspace that is not trusted. */
export function remoteUse(isTrusted = vscode.workspace.isTrusted): RemoteUse {
  if (!isTrusted) return 'untrusted';
  return vscode.workspace.getConfiguration('anamnese').get('remote.enabled', true) ? 'allowed' : 'off';
}

/** Remembers, for this workspace alone, who may read its notes. */
export class Consent {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onRevoke = this.changed.event;

  /** @param use whether anything may leave this machine now */
  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
    private readonly person: Person = EDITOR_DIALOGS,
    private readonly use: () => RemoteUse = remoteUse,
  ) {}

  /** Hosts that were agreed to; none while remote use is off. */
  get agreed(): readonly string[] {
    return this.isPossible ? this.remembered : [];
  }

  get isPossible(): boolean {
    return this.use() === 'allowed';
  }

  private get remembered(): readonly string[] {
    return this.memory.get<readonly string[]>(AGREED, []);
  }

  /** Asks about every endpoint that is not this machine and was not agreed to yet. False where one is declined. */
  async ask(endpoints: readonly string[]): Promise<boolean> {
    const remote = endpoints.filter((endpoint) => !isLoopback(endpoint));
    if (remote.length > 0 && !this.isPossible) return this.tellImpossible();
    for (const endpoint of new Set(remote))
      if (!this.remembered.includes(hostOf(endpoint)) && !(await this.askAbout(endpoint))) return false;
    return true;
  }

  private async askAbout(endpoint: string): Promise<boolean> {
    const host = hostOf(endpoint);
    const workspace = vscode.workspace.name ?? '';
    const question = vscode.l10n.t('Send notes of the workspace “{0}” to {1}?', workspace, host);
    const plain = endpoint.startsWith('http:') ? `${vscode.l10n.t('The connection is not encrypted.')} ` : '';
    const detail =
      plain +
      vscode.l10n.t(
        'Whoever runs {0} can read them. This is remembered for this workspace until “Anamnese: Stop Sending Notes”. Make sure that you are allowed to pass these notes on.',
        host,
      );
    if (!(await this.person.agrees(question, detail, vscode.l10n.t('Send Notes')))) return false;
    await this.memory.update(AGREED, [...this.remembered, host]);
    this.log.info(`consent: notes of this workspace may be sent to ${host}`);
    return true;
  }

  /** Takes all of this workspace's consents back. */
  async revoke(): Promise<void> {
    const hosts = this.remembered;
    await this.memory.update(AGREED, undefined);
    this.log.info(`consent: taken back (${hosts.length} hosts)`);
    this.changed.fire();
    const told =
      hosts.length === 0
        ? vscode.l10n.t('Notes of this workspace are sent nowhere.')
        : vscode.l10n.t('Notes of this workspace are no longer sent to {0}.', hosts.join(', '));
    this.person.hears(told);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private tellImpossible(): false {
    if (this.use() === 'untrusted')
      this.person.isWarned(vscode.l10n.t('Notes of a workspace that is not trusted are sent nowhere.'));
    else
      this.person.isWarned(
        vscode.l10n.t('Sending notes to other machines is turned off.'),
        'anamnese.remote.enabled',
      );
    return false;
  }
}
