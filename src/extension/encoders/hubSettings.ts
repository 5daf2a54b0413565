import * as vscode from 'vscode';
import type { AddOrder } from '../../protocol/library';
import type { ProxySettings } from './proxySettings';
import { proxySettings } from './proxySettings';

/** The token's key in the secret storage. */
export const TOKEN = 'anamnese.hubToken';

type HubOrder = Extract<AddOrder, { kind: 'hub' }>;

/**
 * How the hub is reached. The mirror is a setting of the machine: a workspace, which may be a stranger's, neither
 * decides where encoders come from nor where the token goes.
 */
export async function hubSettings(
  secrets: vscode.SecretStorage,
): Promise<Pick<HubOrder, 'endpoint' | 'token'> & ProxySettings> {
  const token = await secrets.get(TOKEN);
  const endpoint = vscode.workspace.getConfiguration('anamnese').get('hub.endpoint', '');
  return {
    ...(endpoint ? { endpoint } : {}),
    ...(token ? { token } : {}),
    ...proxySettings(vscode.workspace.getConfiguration('http')),
  };
}
