import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import path from 'node:path';
import type { TlsOptions } from 'node:tls';
import { createServer as createTlsServer } from 'node:tls';

/** A certificate that nobody trusts, of hub.invalid, localhost and 127.0.0.1, and its key: made for tests alone. */
export const CERTIFICATE = path.resolve(__dirname, '../../test/hub/certificate.pem');
const identity = (): TlsOptions => ({
  cert: readFileSync(CERTIFICATE),
  key: readFileSync(path.resolve(path.dirname(CERTIFICATE), 'certificateKey.pem')),
});

/** A proxy that opens tunnels, and remembers to where. */
export class Proxy {
  readonly tunnels: string[] = [];
  /** What was sent to authorize. */
  readonly authorizations: (string | undefined)[] = [];
  /** Where every tunnel leads, whatever it was asked for. */
  target = 0;
  refuses = false;
  /** The authorization without which it refuses. */
  demands: string | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly secure = false) {
    this.server = secure ? createSecureServer(identity()) : createServer();
  }

  async start(): Promise<string> {
    this.server.on('request', (_, answer) => answer.writeHead(405).end());
    this.server.on('connect', (request, client: Socket) => {
      const authorization = request.headers['proxy-authorization'];
      this.tunnels.push(request.url!);
      this.authorizations.push(authorization);
      this.sockets.add(client);
      client.on('error', () => undefined);
      if (this.refuses || (this.demands !== undefined && authorization !== this.demands))
        return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const upstream = connect(this.target, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http${this.secure ? 's' : ''}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Puts TLS, with that certificate, before a server on this machine. */
export async function tlsBefore(port: number): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createTlsServer(identity(), (socket) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, stop };
}
