import type { FromReport, ToReport } from '../src/protocol/report';
import type { State } from './state';

export interface SaveOptions {
  readonly name: string;
  readonly content: string | Blob;
}

/** Whoever shows the page: the editor, or a browser with the file alone. */
export interface Host {
  readonly inEditor: boolean;
  post(message: FromReport): void;
  save(file: SaveOptions): void;
  remembered(): Partial<State>;
  remember(state: State & { readonly planFolder: string }): void;
}

interface EditorApi {
  postMessage(message: FromReport): void;
  getState(): Partial<State> | undefined;
  setState(state: State & { readonly planFolder: string }): void;
}

declare function acquireVsCodeApi(): EditorApi;

export function findHost(): Host {
  return typeof acquireVsCodeApi === 'function' ? editorHost(acquireVsCodeApi()) : browserHost();
}

/** Calls back with what the editor tells. */
export function onMessage(take: (message: ToReport) => void): void {
  window.addEventListener('message', ({ data }: MessageEvent<ToReport>) => take(data));
}

function editorHost(api: EditorApi): Host {
  return {
    inEditor: true,
    post: (message) => api.postMessage(message),
    save: ({ name, content }) => {
      const send = (text: string, base64: boolean): void =>
        api.postMessage({ type: 'saveFile', name, content: text, base64 });
      if (typeof content === 'string') send(content, false);
      else void toBase64(content).then((text) => send(text, true));
    },
    remembered: () => api.getState() ?? {},
    remember: (state) => api.setState(state),
  };
}

async function toBase64(content: Blob): Promise<string> {
  const bytes = new Uint8Array(await content.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function browserHost(): Host {
  return {
    inEditor: false,
    post: () => undefined,
    save: ({ name, content }) => {
      const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content]));
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      URL.revokeObjectURL(address);
    },
    remembered: () => ({}),
    remember: () => undefined,
  };
}
