import { isLoopback, isNamedHost } from '../core/hosts';

/**
 * The address of a server that a note's words or tokens may be sent to: this machine's, or that of the host which the
 * person named.
 * @param sendNotesTo the value of `--send-notes-to`: a host, with its port or without
 * @throws Error where it is no address, or the host is another one
 */
export function allowedHost(url: string, sendNotesTo: string | undefined): URL {
  const parsed = parseUrl(url);
  if (isLoopback(url)) return parsed;
  if (sendNotesTo !== undefined && isNamedHost(url, sendNotesTo)) return parsed;
  const other = sendNotesTo === undefined ? '' : ` (--send-notes-to names ${sendNotesTo})`;
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
