import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import { SEMANTIC_GROUPS } from '../../src/core/labels/groups';
import { REFUSALS } from '../../src/extension/refusalSentences';

const root = path.resolve(__dirname, '../..');
const json = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(path.join(root, file), 'utf8'));

const sourceFiles = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(root, folder, file));

/** The sentences that a file of the report says by `t('…')`. */
function said(file: string): string[] {
  const calls = readFileSync(file, 'utf8').matchAll(/\bt\(\s*'((?:\\.|[^'\\])*)'/g);
  return [...calls].map(([, text]) => text!.replaceAll("\\'", "'"));
}

describe('translations', () => {
  it('cover every string of the extension', async () => {
    const folder = 'src/extension';
    const sources = sourceFiles(folder).map((file) => ({
      extension: '.ts' as const,
      contents: readFileSync(file, 'utf8'),
    }));
    const strings = new Set([...Object.keys(await getL10nJson(sources)), ...REFUSALS]);
    assert.ok(strings.size > 30);
    assert.deepEqual(Object.keys(json('l10n/bundle.l10n.pt-br.json')).sort(), [...strings].sort());
  });

  it('cover every string of the manifest', () => {
    const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
    const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!).sort();
    assert.deepEqual(Object.keys(json('package.nls.json')).sort(), used);
    assert.deepEqual(Object.keys(json('package.nls.pt-br.json')).sort(), used);
  });

  it('name pictures that are there, the Portuguese ones without English words', () => {
    const pictures = (file: string): string[] =>
      Object.entries(json(file)).flatMap(([key, at]) => (key.endsWith('.picture') ? [at] : []));
    const [english, portuguese] = [pictures('package.nls.json'), pictures('package.nls.pt-br.json')];
    assert.equal(english.length, 3);
    const words = (file: string): string => readFileSync(path.join(root, file), 'utf8');
    english.forEach((file, i) => {
      assert.notEqual(words(file), words(portuguese[i]!));
      assert.doesNotMatch(words(portuguese[i]!), />[^<]*(Disorders|Select|Entities|\d\.\d)/);
    });
  });

  it('cover every string of the report', () => {
    const files = ['webview', 'src/core/report'].flatMap(sourceFiles);
    const strings = new Set([...files.flatMap(said), ...Object.keys(SEMANTIC_GROUPS)]);
    assert.ok(strings.size > 100);
    assert.deepEqual(Object.keys(json('l10n/report.l10n.pt-br.json')).sort(), [...strings].sort());
  });

  it('keep the placeholders', () => {
    const placeholders = (text: string): string[] =>
      [...text.matchAll(/\{\d\}/g)].map(([hole]) => hole).sort();
    for (const file of ['l10n/bundle.l10n.pt-br.json', 'l10n/report.l10n.pt-br.json']) {
      for (const [english, portuguese] of Object.entries(json(file)))
        assert.deepEqual(placeholders(portuguese), placeholders(english), english);
    }
  });
});
