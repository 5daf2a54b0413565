import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';

const root = path.resolve(__dirname, '../..');
const json = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(path.join(root, file), 'utf8'));

describe('translations', () => {
  it('cover every string of the extension', async () => {
    const folder = path.join(root, 'src', 'extension');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const sources = files.map((file) => ({
      extension: '.ts' as const,
      contents: readFileSync(path.join(folder, file), 'utf8'),
    }));
    const strings = Object.keys(await getL10nJson(sources)).sort();
    assert.ok(strings.length > 30);
    assert.deepEqual(Object.keys(json('l10n/bundle.l10n.pt-br.json')).sort(), strings);
  });

  it('cover every string of the manifest', () => {
    const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
    const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!).sort();
    assert.deepEqual(Object.keys(json('package.nls.json')).sort(), used);
    assert.deepEqual(Object.keys(json('package.nls.pt-br.json')).sort(), used);
  });

  it('keep the placeholders', () => {
    const placeholders = (text: string): string[] =>
      [...text.matchAll(/\{\d\}/g)].map(([hole]) => hole).sort();
    for (const [english, portuguese] of Object.entries(json('l10n/bundle.l10n.pt-br.json'))) {
      assert.deepEqual(placeholders(portuguese), placeholders(english), english);
    }
  });
});
