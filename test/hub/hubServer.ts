import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** A repository as the hub has it: files by name, at one commit. */
export interface HubRepository {
  readonly commit: string;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly licence?: string;
}

/** What a server does instead of what it should. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: object;
    }
  /** So many bytes of the body, then the socket ends. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Bytes that are others than promised. */
  | { readonly kind: 'wrong' }
  /** The whole file, whatever range was asked for. */
  | { readonly kind: 'noRange' }
  /** So many bytes, then nothing more, while the connection stays. */
  | { readonly kind: 'stall'; readonly after: number };

export interface HubRequest {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
  /** Of the name that was asked for: a proxy is asked for others. */
  readonly server: 'hub' | 'store';
}

const sha = (kind: 'sha1' | 'sha256', bytes: Buffer): string => createHash(kind).update(bytes).digest('hex');
const gitName = (bytes: Buffer): string =>
  sha('sha1', Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));
const isLarge = (name: string): boolean => /\.(safetensors|bin)$/.test(name);

/** The files of an encoder's folder, and more by name. */
export function repositoryOf(
  folder: string,
  more: Readonly<Record<string, string | Buffer>> = {},
): HubRepository {
  const names = readdirSync(folder).filter((name) => name !== 'oracle.json');
  const files = new Map(names.map((name) => [name, readFileSync(path.join(folder, name))]));
  for (const [name, content] of Object.entries(more)) files.set(name, Buffer.from(content));
  const commit = sha('sha1', Buffer.concat([...files.values()]));
  return { commit, files };
}

/**
 * A hub on this machine that speaks the hub's own paths: a model's revision, its tree, and its files, of which large
 * ones are redirected to a store at another origin.
 */
export class HubServer {
  private readonly repositories = new Map<string, HubRepository>();
  /** Every commit that was published, by id and commit. */
  private readonly history = new Map<string, HubRepository>();
  readonly requests: HubRequest[] = [];
  /** Bytes of bodies that left, by file. */
  readonly served = new Map<string, number>();
  /** Asked for each request before it is answered. */
  fault: (request: HubRequest) => Fault | undefined = () => undefined;
  private readonly hub: Server;
  private readonly store: Server;

  private constructor() {
    this.hub = createServer((request, answer) => this.receive('hub', request, answer));
    this.store = createServer((request, answer) => this.receive('store', request, answer));
  }

  static async start(): Promise<HubServer> {
    const server = new HubServer();
    for (const one of [server.hub, server.store])
      await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.hub.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const one of [this.hub, this.store]) {
      one.closeAllConnections();
      await new Promise<void>((resolve) => one.close(() => resolve()));
    }
  }

  /** Makes a repository, or moves its main branch. */
  publish(id: string, repository: HubRepository): HubRepository {
    this.repositories.set(id, repository);
    this.history.set(`${id}@${repository.commit}`, repository);
    return repository;
  }

  /** All bytes of files that left. */
  get bytes(): number {
    return [...this.served.values()].reduce((sum, size) => sum + size, 0);
  }

  private receive(server: 'hub' | 'store', request: IncomingMessage, answer: ServerResponse): void {
    const { authorization, range } = request.headers;
    const seen = { url: request.url!, authorization, range, server };
    this.requests.push(seen);
    const fault = this.fault(seen);
    if (fault?.kind === 'status') {
      answer.writeHead(fault.status, { 'Content-Type': 'application/json', ...fault.headers });
      return void answer.end(JSON.stringify(fault.body ?? { error: 'no' }));
    }
    const url = new URL(request.url!, 'http://hub');
    if (server === 'store') return this.sendStored(url, range, answer, fault);
    const [, id, revision] = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/.exec(url.pathname) ?? [];
    if (id) return this.sendRevision(id, decodeURIComponent(revision!), answer);
    const [, treeId, tree] = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/([^/]+)$/.exec(url.pathname) ?? [];
    if (treeId) return this.sendTree(`${treeId}@${tree}`, answer);
    const [, fileId, commit, name] = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (fileId) return this.sendFile(`${fileId}@${commit}`, decodeURIComponent(name!), range, answer, fault);
    refuse(answer, 404, 'Not Found', 'EntryNotFound');
  }

  private sendRevision(id: string, revision: string, answer: ServerResponse): void {
    const repository = this.repositories.get(id);
    // The hub does not tell strangers whether a private repository exists.
    if (!repository) return refuse(answer, 401, 'Repository not found', 'RepoNotFound');
    const { commit, licence } = repository;
    if (!['main', 'HEAD', commit].includes(revision))
      return refuse(answer, 404, `Invalid rev id: ${revision}`, 'RevisionNotFound');
    sendJson(answer, {
      ...{ _id: '1', id, private: false, gated: false, downloads: 1, likes: 0, pipeline_tag: 'fill-mask' },
      ...{ lastModified: '2024-01-01T00:00:00.000Z', sha: commit, tags: [] },
      ...(licence ? { cardData: { license: licence } } : {}),
    });
  }

  private sendTree(at: string, answer: ServerResponse): void {
    const entries = [...this.history.get(at)!.files].map(([name, bytes]) => ({
      type: 'file',
      path: name,
      size: bytes.length,
      oid: gitName(bytes),
      ...(isLarge(name) ? { lfs: { oid: sha('sha256', bytes), size: bytes.length, pointerSize: 130 } } : {}),
    }));
    sendJson(answer, [{ type: 'directory', path: 'onnx', size: 0, oid: '0' }, ...entries]);
  }

  private sendFile(
    at: string,
    name: string,
    range: string | undefined,
    answer: ServerResponse,
    fault: Fault | undefined,
  ): void {
    const { commit, files } = this.history.get(at)!;
    const bytes = files.get(name);
    if (!bytes) return refuse(answer, 404, 'Entry not found', 'EntryNotFound');
    const headers = { 'X-Repo-Commit': commit, 'Accept-Ranges': 'bytes' };
    if (!isLarge(name))
      return this.sendBytes(name, bytes, range, answer, fault, { ...headers, ETag: `"${gitName(bytes)}"` });
    const digest = sha('sha256', bytes);
    answer.writeHead(302, {
      ...headers,
      'X-Linked-Etag': `"${digest}"`,
      'X-Linked-Size': bytes.length,
      Location: `http://127.0.0.1:${(this.store.address() as AddressInfo).port}/${digest}?file=${name}`,
    });
    answer.end();
  }

  private sendStored(
    url: URL,
    range: string | undefined,
    answer: ServerResponse,
    fault: Fault | undefined,
  ): void {
    const digest = url.pathname.slice(1);
    for (const { files } of this.history.values())
      for (const [name, bytes] of files)
        if (isLarge(name) && sha('sha256', bytes) === digest)
          return this.sendBytes(name, bytes, range, answer, fault, { ETag: `"${digest}"` });
    refuse(answer, 404, 'Not Found', 'EntryNotFound');
  }

  private sendBytes(
    name: string,
    all: Buffer,
    range: string | undefined,
    answer: ServerResponse,
    fault: Fault | undefined,
    headers: Record<string, string>,
  ): void {
    const [, from, to] = (fault?.kind !== 'noRange' && /^bytes=(\d+)-(\d+)$/.exec(range ?? '')) || [];
    const bytes = from === undefined ? all : all.subarray(Number(from), Number(to) + 1);
    answer.writeHead(from === undefined ? 200 : 206, {
      ...headers,
      'Content-Length': bytes.length,
      ...(from === undefined ? {} : { 'Content-Range': `bytes ${from}-${to}/${all.length}` }),
    });
    const count = (sent: Buffer): Buffer => {
      this.served.set(name, (this.served.get(name) ?? 0) + sent.length);
      return sent;
    };
    if (fault?.kind === 'cut')
      answer.write(count(bytes.subarray(0, fault.after)), () => setTimeout(() => answer.destroy(), 30));
    else if (fault?.kind === 'stall') answer.write(count(bytes.subarray(0, fault.after)));
    else if (fault?.kind === 'wrong') answer.end(count(bytes.map((byte) => byte ^ 1) as Buffer));
    else answer.end(count(bytes));
  }
}

function sendJson(answer: ServerResponse, value: unknown): void {
  answer.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
  answer.end(JSON.stringify(value));
}

function refuse(answer: ServerResponse, status: number, error: string, code: string): void {
  answer.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'X-Error-Code': code });
  answer.end(JSON.stringify({ error }));
}
