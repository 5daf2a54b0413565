/**
 * The address of a server that a note's words or tokens may be sent to: this machine's, or that of the host which the
 * person named.
 * @param sendNotesTo the value of `--send-notes-to`: a host, with its port or without
 * @throws Error where it is no address, or the host is another one
 */
export function allowedHost(url: string, sendNotesTo: string | undefined): URL {
  const parsed = parseUrl(url);
  if (isLoopback(parsed.hostname)) return parsed;
  const named = sendNotesTo?.trim().toLowerCase();
  if (named !== undefined && (named === parsed.hostname || named === parsed.host)) return parsed;
  const other = named === undefined ? '' : ` (--send-notes-to names ${named})`;
  throw new Error(
    `${parsed.origin}: notes would leave this machine${other}; where they may, add --send-notes-to ${parsed.hostname}`,
  );
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.username || parsed.password)
    throw new Error(
      `${parsed?.host ?? url}: an address such as http://localhost:8000 is needed, without a password in it`,
    );
  return parsed;
}

/** 127.0.0.0/8 and ::1, which `URL` writes in one way each, and the name that stands for them. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
