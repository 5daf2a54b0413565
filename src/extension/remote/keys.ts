import * as vscode from 'vscode';
import { hostOf, isLoopback } from '../../core/hosts';
import { parseEditorEndpoint } from '../../core/llm/editorModels';
import { PROVIDER_ENDPOINTS } from '../../core/llm/modelNames';
import type { KeyName } from '../../protocol/planRunner';
import { KEY_NAMES } from '../../protocol/planRunner';
import type { Person } from './person';
import { EDITOR_DIALOGS } from './person';

/** Of all servers but the providers' own. */
const OTHERS: KeyName = 'ANAMNESE_LLM_KEY';

/** Keys of language models, which the editor keeps where the system keeps secrets. */
export class Keys {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly person: Person = EDITOR_DIALOGS,
  ) {}

  /** All that there are, by the variables that a plan's process knows them by. */
  async known(): Promise<Record<string, string>> {
    const found = await Promise.all(
      KEY_NAMES.map(async (name) => [name, await this.secrets.get(name)] as const),
    );
    return Object.fromEntries(found.filter((one): one is [KeyName, string] => one[1] !== undefined));
  }

  /** Asks for the key of an endpoint where it needs one and there is none. False where the person does not say. */
  async need(endpoint: string): Promise<boolean> {
    const name = keyName(endpoint);
    if (isLoopback(endpoint) || parseEditorEndpoint(endpoint)) return true;
    if ((await this.secrets.get(name)) || process.env[name]) return true;
    return this.ask(name, hostOf(endpoint));
  }

  /** Asks for a key anew; nothing forgets the one that is there. */
  async choose(): Promise<void> {
    const hosts: Record<KeyName, string> = {
      OPENAI_API_KEY: 'OpenAI',
      GEMINI_API_KEY: 'Google Gemini',
      ANAMNESE_LLM_KEY: vscode.l10n.t('another server'),
    };
    const items = KEY_NAMES.map((name) => ({ label: hosts[name], name }));
    const title = vscode.l10n.t('Set Language Model Key');
    const picked = await vscode.window.showQuickPick(items, { title });
    if (picked) await this.ask(picked.name, picked.label);
  }

  private async ask(name: KeyName, host: string): Promise<boolean> {
    const prompt =
      name === OTHERS
        ? vscode.l10n.t('Kept by the system’s own store of secrets. Empty where the server asks for none.')
        : vscode.l10n.t('Kept by the system’s own store of secrets. Empty forgets it.');
    const key = await this.person.tellsSecret(vscode.l10n.t('Key for {0}', host), prompt);
    if (key === undefined) return false;
    if (key.trim() === '') await this.secrets.delete(name);
    else await this.secrets.store(name, key.trim());
    return key.trim() !== '' || name === OTHERS;
  }
}

function keyName(endpoint: string): KeyName {
  const host = hostOf(endpoint);
  if (host === hostOf(PROVIDER_ENDPOINTS.openai)) return 'OPENAI_API_KEY';
  return host === hostOf(PROVIDER_ENDPOINTS.gemini) ? 'GEMINI_API_KEY' : OTHERS;
}
