import type { ListFileEntry } from '@huggingface/hub';
import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import { HubError } from '../../core/library/hubError';
import type { HubConnection } from './connection';

/** A file of a repository at one commit, with what its bytes must give. */
export interface RepositoryFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of what lies in large file storage, else the name that git gives to a file's content. */
  readonly checksum: { readonly kind: 'sha256' | 'git'; readonly hex: string };
}

/** A repository at the commit that a revision named when it was asked for. */
export interface Repository {
  readonly commit: string;
  readonly licence: string | undefined;
  readonly files: readonly RepositoryFile[];
}

/**
 * Resolves a revision to its commit and lists the files at its root.
 * @throws HubError saying what is wrong: no network, no such repository, no access
 */
export async function openRepository(hub: HubConnection, id: string, revision: string): Promise<Repository> {
  const common = { hubUrl: hub.endpoint, fetch: hub.fetch };
  try {
    const { sha, cardData, tags } = await modelInfo({
      ...common,
      name: id,
      revision,
      additionalFields: ['sha', 'cardData', 'tags'],
    });
    const files: RepositoryFile[] = [];
    for await (const entry of listFiles({ ...common, repo: id, revision: sha }))
      if (entry.type === 'file') files.push(fileOf(entry, hub));
    return { commit: sha, licence: licenceOf(cardData, tags), files };
  } catch (error) {
    throw asHubError(error, hub, id, revision);
  }
}

function fileOf({ path, size, oid, lfs }: ListFileEntry, { host }: HubConnection): RepositoryFile {
  const hex = lfs?.oid ?? oid;
  if (!hex) {
    const message = `${host} lists no checksum of ${path}: what comes from there could not be verified`;
    throw new HubError('server', message, { subject: host, reason: path });
  }
  return { path, bytes: lfs?.size ?? size, checksum: { kind: lfs ? 'sha256' : 'git', hex } };
}

/** Cards write one licence or several. */
function licenceOf(card: { readonly license?: unknown } | undefined, tags: readonly string[] | undefined) {
  const said = [card?.license].flat().filter((one): one is string => typeof one === 'string');
  if (said.length > 0) return said.join(', ');
  return tags?.find((tag) => tag.startsWith('license:'))?.slice('license:'.length);
}

/** A refusal as the library itself would throw it. */
export async function apiError(answer: Response): Promise<HubApiError> {
  const error = new HubApiError(answer.url, answer.status);
  error.data = { message: await answer.text().catch(() => '') };
  return error;
}

/** What the hub itself says; the error's own message has the address in it, which a person may have named anything. */
function saidBy({ data }: HubApiError): string {
  const { error, message } = (data ?? {}) as { readonly error?: unknown; readonly message?: unknown };
  return String(error ?? message ?? '');
}

/** What the hub's answer means for the person who asked. */
export function asHubError(error: unknown, hub: HubConnection, id: string, revision: string): unknown {
  if (error instanceof HubError || hub.signal?.aborted) return error;
  if (!(error instanceof HubApiError)) return unexpected(error, hub);
  const { statusCode } = error;
  const of = (problem: HubError['problem'], message: string, reason = String(statusCode)): HubError =>
    new HubError(problem, message, { subject: id, reason }, { cause: error });
  const page = `${hub.endpoint}/${id}`;
  if (statusCode === 401 || statusCode === 403) return denied(error, hub, id, of);
  if (statusCode === 404 && /\brev(ision)?\b/i.test(saidBy(error)))
    return of('revision', `${id}: there is no revision ${revision} at ${page}`, revision);
  if (statusCode === 404) return of('missing', `${id}: there is no such model at ${hub.host}`, hub.host);
  if (statusCode === 429)
    return of('busy', `${hub.host} gets too many requests from here (429): try again in some minutes`);
  return of('server', `${hub.host} cannot answer (${statusCode}): try again later, or name a mirror`);
}

function denied(
  error: HubApiError,
  hub: HubConnection,
  id: string,
  of: (problem: HubError['problem'], message: string) => HubError,
): HubError {
  const page = `${hub.endpoint}/${id}`;
  if (/gated|restricted|awaiting|authorized list/i.test(saidBy(error)))
    return of(
      'gated',
      `${id}: its owners ask that their terms be accepted: accept them at ${page}, then set that account’s token (HF_TOKEN)`,
    );
  if (hub.hasToken && error.statusCode === 401)
    return of('token', `${hub.host} refuses the token: it may be mistyped or revoked (HF_TOKEN)`);
  return of(
    'denied',
    `${id}: there is no such model at ${hub.host}, or it is private: check the name, or set a token that may read it (HF_TOKEN)`,
  );
}

function unexpected(error: unknown, hub: HubConnection): HubError {
  const reason = (error as Error).message;
  const message = `${hub.host} does not answer as a hub of Hugging Face does (${reason}): check the address`;
  return new HubError('server', message, { subject: hub.host, reason }, { cause: error });
}
