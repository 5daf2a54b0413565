import type { AddOrder } from '../../protocol/library';

export type ProxySettings = Pick<
  Extract<AddOrder, { kind: 'hub' }>,
  'proxy' | 'proxyAuthorization' | 'noProxy' | 'strictTls'
>;

/** What the editor's settings `http.*` say of the way to the hub; what they do not say is the environment's to say. */
export function proxySettings(http: { get<T>(name: string, otherwise: T): T }): ProxySettings {
  const off = http.get<string>('proxySupport', 'override') === 'off';
  const proxy = off ? '' : http.get('proxy', '');
  const proxyAuthorization = off ? null : http.get<string | null>('proxyAuthorization', null);
  const noProxy = http.get<string[]>('noProxy', []).join(',');
  return {
    ...(proxy ? { proxy } : {}),
    ...(proxyAuthorization ? { proxyAuthorization } : {}),
    ...(noProxy ? { noProxy } : {}),
    // As in the editor itself, it is about every host: a network that reads along shows its own certificate for each.
    ...(http.get('proxyStrictSSL', true) ? {} : { strictTls: false }),
  };
}
