import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../temporaryFolder';
import { filesOf } from './packing';

/** Names of ONNX Runtime's own library in a binding: what the system's loader will ask for. */
const LIBRARY = /\b(?:lib)?onnxruntime(?:\.\d+)*\.(?:dll|dylib|so(?:\.\d+)*)\b/g;

describe('the runtime in the packages of each platform', () => {
  it('is the library that the platform’s binding asks for, once, and nothing of another platform', async () => {
    const { copyRuntime, runtimeTargets } = await import('../../scripts/packages/runtime.mjs');
    const targets = await runtimeTargets();
    for (const wanted of ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-arm64'])
      assert.ok(targets.includes(wanted), wanted);
    for (const target of targets) {
      const folder = temporaryFolder('runtime');
      await copyRuntime(target, folder);
      const [binding, ...others] = filesOf(folder).filter((file) => file.endsWith('.node'));
      assert.deepEqual(others, [], target);
      assert.ok(binding!.includes(`/${target.replace('-', '/')}/`), `${target}: ${binding}`);
      const asked = new Set(readFileSync(path.join(folder, binding!), 'latin1').match(LIBRARY));
      const beside = filesOf(path.join(folder, path.dirname(binding!)));
      assert.deepEqual(
        beside.filter((file) => /^(lib)?onnxruntime\./.test(file)),
        [...asked],
        target,
      );
      assert.deepEqual(
        beside.filter((file) => /providers/.test(file)),
        [],
        target,
      );
    }
  });

  it('has a notice for each further library of Windows, of the version that is passed on', async () => {
    const { copyRuntime, runtimePackages } = await import('../../scripts/packages/runtime.mjs');
    const { thirdPartyNotices } = await import('../../scripts/packages/licences.mjs');
    const notices = await thirdPartyNotices([], await runtimePackages());
    for (const target of ['win32-x64', 'win32-arm64']) {
      const folder = temporaryFolder('runtime');
      await copyRuntime(target, folder);
      const libraries = filesOf(folder).filter((file) => file.endsWith('.dll'));
      const further = libraries.filter((file) => path.basename(file) !== 'onnxruntime.dll');
      assert.ok(further.length > 0);
      for (const file of further) {
        const version = versionOf(readFileSync(path.join(folder, file)));
        const line = notices
          .split('\n')
          .find((one) => one.includes(path.basename(file)) && one.includes(version));
        assert.ok(line, `${target}: no notice for ${path.basename(file)} ${version}`);
      }
    }
    assert.match(notices, /Microsoft\.AI\.DirectML, under the Microsoft Software License Terms/);
    assert.match(notices, /LLVM Release License[^]*Copyright \(c\) 2003-2019 University of Illinois/);
  });
});

/** What a library of Windows says of itself, without what follows a plus sign. */
function versionOf(library: Buffer): string {
  const key = Buffer.from('FileVersion', 'utf16le');
  const text = library.toString('utf16le', library.indexOf(key) + key.length).slice(0, 80);
  const [version] = /[\d.]+\d/.exec(text)!;
  return version;
}
