import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../temporaryFolder';
import type { Workbench } from '../ui/workbench';
import { openWorkbench } from '../ui/workbench';
import { filesOf, here, pack, predict, root, unpack } from './packing';

const MARKS = '.view-line span[class*="TextEditorDecorationType"]';

/** All that a package may hold. */
const ALLOWED = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package|package\.nls|package\.nls\.pt-br)\.json$/,
  /^extension\/(readme|changelog)\.md$/,
  /^extension\/(LICENSE|THIRD-PARTY-NOTICES)\.txt$/,
  /^extension\/l10n\/bundle\.l10n\.[\w-]+\.json$/,
  /^extension\/media\/(walkthrough\/)?[\w-]+(\.pt-br)?\.(svg|png)$/,
  /^extension\/dist\/(lazy\/)?[\w-]+\.(js|css)$/,
  /^extension\/models\/anamnese-default\/[\w.]+$/,
  /^extension\/node_modules\/onnxruntime-(node|common)\/(dist\/[\w/-]+\.js|(dist\/cjs\/)?package\.json)$/,
  new RegExp(`^extension/node_modules/onnxruntime-node/bin/napi-v6/${here.replace('-', '/')}/[\\w.]+$`),
];

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe('the package for the editor on this machine', () => {
  const folder = temporaryFolder('vsix');
  const extension = path.join(folder, 'extension');
  let vsix: { file: string; megabytes: number };
  let files: string[];
  before(async () => {
    vsix = pack('vsix');
    await unpack(vsix.file, folder);
    files = filesOf(folder);
  });

  it('holds what it may hold, one platform’s runtime, and weighs less than 120 MB', () => {
    const others = files.filter((file) => !ALLOWED.some((allowed) => allowed.test(file)));
    assert.deepEqual(others, []);
    assert.ok(files.some((file) => file.endsWith('onnxruntime_binding.node')));
    assert.deepEqual(
      files.filter((file) => file.includes('onnxruntime_providers_')),
      [],
    );
    assert.ok(vsix.megabytes > 20 && vsix.megabytes < 120, `${vsix.megabytes} MB`);
  });

  it('holds every file that its manifest names, and no word without a text', () => {
    const manifest = readJson(path.join(extension, 'package.json'));
    const text = JSON.stringify(manifest);
    const texts = ['package.nls.json', 'package.nls.pt-br.json'].map((name) =>
      readFileSync(path.join(extension, name), 'utf8'),
    );
    const pictures = [text, ...texts].flatMap((one) => one.match(/media\/[\w./-]+/g) ?? []);
    const named = [manifest.main, manifest.icon, ...pictures];
    assert.deepEqual(
      named.filter((file) => !existsSync(path.join(extension, file))),
      [],
    );
    const words = readJson(path.join(extension, 'package.nls.json'));
    const keys = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!);
    assert.ok(keys.length > 50);
    assert.deepEqual(
      keys.filter((key) => !words[key]),
      [],
    );
  });

  it('holds every bundle that another one starts', () => {
    const bundles = files.filter((file) => file.startsWith('extension/dist/') && file.endsWith('.js'));
    const texts = bundles.map((file) => readFileSync(path.join(folder, file), 'utf8'));
    for (const name of ['worker.js', 'trainer.js', 'planRunner.js', 'surveyor.js', 'reporter.js']) {
      assert.ok(
        texts.some((text) => text.includes(`"${name}"`)),
        `${name} is started by none`,
      );
      assert.ok(bundles.includes(`extension/dist/${name}`), name);
    }
  });

  it('says of itself what the Marketplace asks for, and nothing of its development', () => {
    const manifest = readJson(path.join(extension, 'package.json'));
    assert.deepEqual(Object.keys(manifest.dependencies), ['onnxruntime-node']);
    for (const key of ['devDependencies', 'scripts', 'private']) assert.ok(!(key in manifest), key);
    for (const key of ['license', 'icon', 'galleryBanner', 'categories', 'keywords', 'engines'])
      assert.ok(manifest[key], key);
    const told = readFileSync(path.join(folder, 'extension.vsixmanifest'), 'utf8');
    assert.match(told, new RegExp(`TargetPlatform="${here}"`));
    for (const asset of ['Details', 'Changelog', 'License', 'Icons.Default'])
      assert.match(told, new RegExp(`Microsoft\\.VisualStudio\\.Services\\.(Content\\.)?${asset}`));
  });

  it('shows its pictures without the project beside it, and links to no file that is not there', () => {
    const readme = readFileSync(path.join(extension, 'readme.md'), 'utf8');
    assert.ok([...readme.matchAll(/!\[[^\]]+\]\(data:image\/png;base64,[\w+/=]{1000,}\)/g)].length >= 1);
    assert.deepEqual(readme.match(/\]\((?!https?:|data:|#)[^)]*\)/g), null);
  });

  it('has the licence of each package that the project depends on', () => {
    const notices = readFileSync(path.join(extension, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of Object.keys(readJson(path.join(root, 'package.json')).dependencies)) {
      const { version } = readJson(path.join(root, 'node_modules', name, 'package.json'));
      assert.ok(notices.includes(`\n${name} ${version}\nLicence: `), name);
    }
  });

  it('names no place of the machine that made it, and no source map', () => {
    const texts = files.filter((file) => /\.(js|css|json|md|txt|xml|vsixmanifest)$/.test(file));
    for (const file of texts) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      assert.ok(!text.includes(root), file);
      assert.ok(!/# sourceMappingURL=/.test(text), file);
    }
  });

  it('predicts on the command line as the project does', () => {
    const { entities } = predict(path.join(extension, 'dist', 'cli.js'));
    assert.ok(entities.length > 20);
    assert.deepEqual(entities, predict(path.join(root, 'dist', 'cli.js')).entities);
  });

  describe('installed in an editor that has nothing else', () => {
    let bench: Workbench;
    before(
      async () => (bench = await openWorkbench({ vsix: vsix.file, open: '01-evolucao-enfermagem.txt' })),
    );
    after(() => bench.close());

    it('marks a note, and asks nothing of any other host', async () => {
      await bench.page.locator(MARKS).first().waitFor();
      await bench.mark('afebril').waitFor();
      assert.deepEqual([...bench.hosts], ['127.0.0.1']);
    });
  });
});
