import { parseEditorEndpoint } from './llm/editorModels';

/**
 * Who reads what is sent to an endpoint: the host, with the port where it is not the usual one; of a language model of
 * VS Code its vendor and family (`copilot/gpt-4o`), which is no host's name.
 */
export function hostOf(endpoint: string): string {
  const model = parseEditorEndpoint(endpoint);
  if (model) return `${encodeURIComponent(model.vendor)}/${encodeURIComponent(model.family)}`;
  return new URL(endpoint).host;
}

/** Whether what is sent to an endpoint stays on this machine; `URL` writes its addresses in one way each. */
export function isLoopback(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Whether somebody named an endpoint's host: with its port, or without it for any. */
export function isNamedHost(endpoint: string, named: string): boolean {
  const given = named.trim().toLowerCase();
  if (parseEditorEndpoint(endpoint)) return given === hostOf(endpoint).toLowerCase();
  const { host, hostname } = new URL(endpoint);
  return given === host || given === hostname;
}
