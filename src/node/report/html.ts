import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PackedReport } from '../../core/report/container';
import type { BlockName } from '../../core/report/reportHeader';

/** The page's code and style, as `node esbuild.mjs` bundles them. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
}

/** Beside the running bundle, or in `dist` where the sources run. */
const FOLDERS = [__dirname, path.resolve(__dirname, '../../../dist')];

/** @throws Error where the bundles are not there */
export async function readPageParts(): Promise<PageParts> {
  const [script, style, colors] = await Promise.all(
    ['report.js', 'report-style.css', 'report-standalone.css'].map(read),
  );
  return { script: script!, style: `${colors!}\n${style!}` };
}

async function read(name: string): Promise<string> {
  for (const folder of FOLDERS) {
    const content = await readFile(path.join(folder, name), 'utf8').catch(() => undefined);
    if (content !== undefined) return content;
  }
  throw new Error(`${name} is missing beside this program: build it anew (npm run build)`);
}

/**
 * A report as one file that asks nothing of any host: its policy allows this very script and style and nothing else.
 * Blocks are text that no browser runs.
 */
export function reportHtml({ header, blocks }: PackedReport, { script, style }: PageParts): string {
  // A closing tag within would end the element.
  const [code, sheet] = [
    script.replaceAll('</script', '<\\/script'),
    style.replaceAll('</style', '<\\/style'),
  ];
  const json = JSON.stringify(header).replaceAll('<', '\\u003c');
  const data = (Object.entries(blocks) as [BlockName, Uint8Array][])
    .map(([name, bytes]) => `<script type="text/plain" id="block-${name}">${base64(bytes)}</script>\n`)
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(code, sheet)}">
<title>${escaped(header.name)}</title>
<style>${sheet}</style>
</head>
<body>
<main id="report"></main>
<script type="application/json" id="report-header">${json}</script>
${data}<script>${code}</script>
</body>
</html>
`;
}

function policy(script: string, style: string): string {
  const hash = (text: string): string =>
    `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
  // The components ask by an empty style whether the browser knows :focus-visible.
  return `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)} ${hash('')}; img-src data:`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
