import { html, render } from 'lit-html';
import { fromBytes } from '../src/core/report/container';
import type { ToReport } from '../src/protocol/report';
import { App } from './app';
import { registerComponents } from './components';
import { findHost, onMessage } from './host';
import type { ReportSource } from './source';
import { sourceInPage, sourceOf } from './source';
import { loading } from './parts';
import { languageOf } from './words';

const host = findHost();
const root = document.getElementById('report')!;

registerComponents();
if (host.inEditor) {
  render(loading(languageOf(document.documentElement.lang)), root);
  onMessage(take);
  host.post({ type: 'ready' });
} else {
  const source = sourceInPage();
  if (source) show(source, navigator.language, undefined, false);
}

function take(message: ToReport): void {
  if (message.type === 'failed') return fail(message.message);
  try {
    show(
      sourceOf(fromBytes(new Uint8Array(message.data))),
      message.language,
      message.planFolder,
      message.unfinished,
    );
  } catch (error) {
    fail(String(error));
  }
}

function show(source: ReportSource, tag: string, planFolder: string | undefined, unfinished: boolean): void {
  document.documentElement.lang = tag;
  document.title = source.header.name;
  const app = new App(root, host, languageOf(tag), planFolder, unfinished, fail);
  app.show(source).then(
    () => {
      document.body.getBoundingClientRect();
      performance.mark('report shown');
      document.documentElement.setAttribute('data-shown', '');
    },
    (error: unknown) => fail(String(error)),
  );
}

function fail(message: string): void {
  render(html`<p class="failed" role="alert">${message}</p>`, root);
}
