import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../temporaryFolder';
import { filesOf, here, output, pack, predict, root } from './packing';

/** The command as npm installs it into a folder that holds nothing else. */
function install(tarball: string, env: object, ...options: string[]): string {
  const folder = temporaryFolder('npm');
  const args = ['install', '--no-audit', '--no-fund', '--prefix', folder, ...options, tarball];
  output('npm', args, { cwd: folder, env });
  return path.join(folder, 'node_modules', 'anamnese');
}

const bundles = (installed: string): string[] =>
  filesOf(path.join(installed, 'dist')).filter((file) => !file.startsWith('report'));

describe('the command line as a package of npm', () => {
  it('installs with the runtime that npm fetches, and predicts as the project does', () => {
    const { file, megabytes } = pack('cli');
    assert.ok(megabytes < 60, `${megabytes} MB`);
    // The runtime's installer would fetch libraries for NVIDIA's cards, hundreds of megabytes, from another host.
    const installed = install(file, { ONNXRUNTIME_NODE_INSTALL: 'skip' });
    assert.deepEqual(bundles(installed), ['cli.js', 'trainer.js']);
    const { entities } = predict(path.join(installed, 'dist', 'cli.js'));
    assert.ok(entities.length > 20);
    assert.deepEqual(entities, predict(path.join(root, 'dist', 'cli.js')).entities);
    const { version } = JSON.parse(
      output(process.execPath, ['-p', "JSON.stringify(require('./package.json'))"]),
    );
    const command = ['exec', '--offline', '--', 'anamnese', '--version'];
    assert.equal(output('npm', command, { cwd: path.resolve(installed, '../..') }).trim(), version);
  });

  it('installs without a network where it brings the runtime of its platform', () => {
    const { file } = pack('cli', '--target', here);
    const cache = path.join(temporaryFolder('npm-cache'), 'cache');
    mkdirSync(cache);
    const installed = install(file, {}, '--offline', '--cache', cache);
    assert.ok(predict(path.join(installed, 'dist', 'cli.js')).entities.length > 20);
  });
});
