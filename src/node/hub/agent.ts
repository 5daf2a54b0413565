import { EnvHttpProxyAgent } from 'undici';
import { HubError } from '../../core/library/hubError';

/** What a connection passes on its way. */
export interface WayOptions {
  /** Of HTTP and HTTPS; `HTTP_PROXY`, `HTTPS_PROXY` where none is given. A name and password in it are sent to it. */
  readonly proxy?: string | undefined;
  /** The whole `Proxy-Authorization`, instead of the name and password in the address; goes to the proxy alone. */
  readonly proxyAuthorization?: string | undefined;
  /** Hosts, with commas between them, that are reached without the proxy; `NO_PROXY` where none are given. */
  readonly noProxy?: string | undefined;
  /** Certificates are not verified where this is false: a proxy’s that shows its own for every host. */
  readonly strictTls?: boolean | undefined;
}

/**
 * @param silenceMs milliseconds that nothing may come for
 * @throws HubError where the proxy’s address is none
 */
export function agentOf(way: WayOptions, silenceMs: number, host: string): EnvHttpProxyAgent {
  const { proxy, proxyAuthorization, noProxy, strictTls = true } = way;
  const tls = { rejectUnauthorized: false };
  try {
    return new EnvHttpProxyAgent({
      ...(proxy ? { httpProxy: proxy, httpsProxy: proxy } : {}),
      ...(proxyAuthorization ? { token: proxyAuthorization } : {}),
      ...(noProxy ? { noProxy } : {}),
      // Without a proxy, to what lies behind one, and to the proxy itself.
      ...(strictTls ? {} : { connect: tls, requestTls: tls, proxyTls: tls }),
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
    });
  } catch (error) {
    // The address itself may hold a password.
    const message =
      'the proxy’s address is none: it is written http://host:port or http://name:password@host:port, with %40 for an @ ' +
      'and the like in the password (HTTPS_PROXY, HTTP_PROXY)';
    const { code = 'ERR_INVALID_URL' } = error as NodeJS.ErrnoException;
    throw new HubError('proxy', message, { subject: host, reason: code });
  }
}
