/** The host that reads what is sent to an endpoint, with the port where it is not the usual one. */
export function hostOf(endpoint: string): string {
  return new URL(endpoint).host;
}

/** Whether what is sent to an endpoint stays on this machine; `URL` writes its addresses in one way each. */
export function isLoopback(endpoint: string): boolean {
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Whether somebody named an endpoint's host: with its port, or without it for any. */
export function isNamedHost(endpoint: string, named: string): boolean {
  const { host, hostname } = new URL(endpoint);
  const given = named.trim().toLowerCase();
  return given === host || given === hostname;
}
