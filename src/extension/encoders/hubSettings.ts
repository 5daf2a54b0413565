import * as vscode from 'vscode';
import type { AddOrder } from '../../protocol/library';

/** The token's key in the secret storage. */
export const TOKEN = 'anamnese.hubToken';

type HubSettings = Pick<Extract<AddOrder, { kind: 'hub' }>, 'endpoint' | 'token' | 'proxy' | 'noProxy'>;

/**
 * How the hub is reached. The mirror is a setting of the machine: a workspace, which may be a stranger's, neither
 * decides where encoders come from nor where the token goes.
 */
export async function hubSettings(secrets: vscode.SecretStorage): Promise<HubSettings> {
  const token = await secrets.get(TOKEN);
  const endpoint = vscode.workspace.getConfiguration('anamnese').get('hub.endpoint', '');
  const http = vscode.workspace.getConfiguration('http');
  const off = http.get('proxySupport') === 'off';
  const proxy = off ? '' : http.get('proxy', '');
  const noProxy = http.get<string[]>('noProxy', []).join(',');
  return {
    ...(endpoint ? { endpoint } : {}),
    ...(token ? { token } : {}),
    ...(proxy ? { proxy } : {}),
    ...(noProxy ? { noProxy } : {}),
  };
}
