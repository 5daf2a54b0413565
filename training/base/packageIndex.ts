import { z } from 'zod';

/** Where PyPI's own index is, and what pip takes in its place. */
const defaultIndex = 'https://pypi.org/simple';

const page = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) });

/** The index that pip would ask: the one of PIP_INDEX_URL, else PyPI. */
export function packageIndex(environment: Readonly<Record<string, string | undefined>>): string {
  return environment.PIP_INDEX_URL || defaultIndex;
}

/**
 * Downloads one file of a package from an index that speaks the simple API, as JSON (PEP 691) or HTML (PEP 503). What
 * arrives has to be checked by the caller.
 * @throws Error saying which step failed; a password in the index's address is in no message
 */
export async function downloadFromIndex(
  index: string,
  project: string,
  filename: string,
): Promise<Uint8Array> {
  const address = `${index.replace(/\/+$/, '')}/${project}/`;
  const answer = await request(address, 'application/vnd.pypi.simple.v1+json, text/html;q=0.5');
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  const links = isJson ? linksOfJson(await answer.json()) : linksOfHtml(await answer.text());
  const link = links.get(filename);
  if (link === undefined)
    throw new Error(`${withoutPassword(address)} does not list ${filename}: get it otherwise and name it`);
  const file = await request(new URL(link, address).href, '*/*', address);
  return new Uint8Array(await file.arrayBuffer());
}

function linksOfJson(json: unknown): Map<string, string> {
  return new Map(page.parse(json).files.map(({ filename, url }) => [filename, url]));
}

/** PEP 503: anchors whose text is the file's name. */
function linksOfHtml(html: string): Map<string, string> {
  const anchors = html.matchAll(/<a\s[^>]*href\s*=\s*["']([^"']+)["'][^>]*>([^<]*)<\/a>/gi);
  return new Map([...anchors].map(([, href, text]) => [text!.trim(), href!.replaceAll('&amp;', '&')]));
}

/** A password in the address goes along as fetch wants it, and to the host of the index only. */
async function request(address: string, accept: string, index = address): Promise<Response> {
  const { username, password } = new URL(index);
  const url = new URL(address);
  const mine = url.host === new URL(index).host;
  [url.username, url.password] = ['', ''];
  const login = btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const headers = { accept, ...(username && mine ? { authorization: `Basic ${login}` } : {}) };
  const answer = await fetch(url, { headers }).catch((error: Error) => {
    const reason = (error.cause as Error | undefined)?.message ?? error.message;
    throw new Error(`${url.href} cannot be reached (${reason})`);
  });
  if (!answer.ok) throw new Error(`${url.href} answered ${answer.status} ${answer.statusText}`);
  return answer;
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  [url.username, url.password] = ['', ''];
  return url.href;
}
