import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Of an empty style, by which the components ask whether the browser knows :focus-visible. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** The page around a report: its own code and style, and nothing else of any host. */
export function pageHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const address = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} ${EMPTY_STYLE}`,
    'img-src data:',
  ].join('; ');
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${address('report-style.css')}">
</head>
<body>
<main id="report"></main>
<script nonce="${nonce}" src="${address('report.js')}"></script>
</body>
</html>`;
}
