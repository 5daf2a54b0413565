import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkRoom, diskProblem } from '../../../src/node/hub/disk';
import { addFolder } from '../../../src/node/library/addFolder';
import { readLibrary, removeEncoder } from '../../../src/node/library/library';
import { encoderFolderOf } from '../../../src/node/library/named';
import { libraryFolder } from '../../../src/node/library/place';
import { temporaryFolder } from '../../temporaryFolder';
import { encoderPath } from '../oracleEncoders';
import { toyVocabulary } from '../training/toyNotes';

describe('the library of encoders', () => {
  const root = temporaryFolder('encoders');
  let folder: string;
  let library: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(root, 'x-'));
    library = path.join(folder, 'library');
  });

  function encoder(name: string): string {
    const place = path.join(folder, name);
    cpSync(encoderPath('bert'), place, { recursive: true });
    writeFileSync(path.join(place, 'vocab.txt'), toyVocabulary());
    return place;
  }

  it('lies where the system keeps a person’s data, unless they say where', () => {
    const at = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string =>
      libraryFolder(env, platform, '/home/ana');
    assert.equal(at({ ANAMNESE_HOME: '/data/a' }, 'linux'), '/data/a/encoders');
    assert.equal(at({}, 'linux'), '/home/ana/.local/share/anamnese/encoders');
    assert.equal(at({ XDG_DATA_HOME: '/xdg' }, 'linux'), '/xdg/anamnese/encoders');
    assert.equal(at({ XDG_DATA_HOME: 'relative' }, 'linux'), '/home/ana/.local/share/anamnese/encoders');
    assert.equal(at({}, 'darwin'), '/home/ana/Library/Application Support/Anamnese/encoders');
    assert.equal(at({ LOCALAPPDATA: '/local' }, 'win32'), '/local/Anamnese/encoders');
  });

  it('copies a folder, so that the original may go, and names what was damaged since', async () => {
    const place = await addFolder(library, encoder('own'));
    rmSync(path.join(folder, 'own'), { recursive: true });
    const [added] = await readLibrary(library);
    assert.deepEqual([added!.id, added!.family, added!.problem], ['own', 'bert', undefined]);
    assert.equal(await encoderFolderOf('own', library), place);
    truncateSync(path.join(place, 'model.safetensors'), 100);
    assert.match(
      (await readLibrary(library))[0]!.problem!,
      /model\.safetensors has changed since it was added/,
    );
    rmSync(path.join(place, 'vocab.txt'));
    rmSync(path.join(place, 'model.safetensors'));
    assert.match((await readLibrary(library))[0]!.problem!, /is missing: add the encoder again/);
    await removeEncoder(library, 'own');
    assert.deepEqual(await readLibrary(library), []);
  });

  it('takes no folder that cannot be loaded, and leaves nothing of it', async () => {
    const broken = encoder('broken');
    truncateSync(path.join(broken, 'model.safetensors'), 1000);
    await assert.rejects(addFolder(library, broken), /broken: .*model\.safetensors/);
    rmSync(path.join(broken, 'vocab.txt'));
    await assert.rejects(addFolder(library, broken), /neither tokenizer\.json nor vocab\.txt/);
    await assert.rejects(addFolder(library, path.join(folder, 'nothing')), /nothing: .*ENOENT/);
    assert.deepEqual(await readLibrary(library), []);
  });

  it('asks which of two encoders of one name is meant', async () => {
    const place = await addFolder(library, encoder('twin'));
    mkdirSync(path.join(library, 'clinic'));
    cpSync(place, path.join(library, 'clinic', 'twin'), { recursive: true });
    writeFileSync(
      path.join(library, 'clinic', 'twin', 'anamnese-source.json'),
      JSON.stringify({ id: 'clinic/twin', commit: 'c', files: [] }),
    );
    // The whole id of the one that has no owner is its name.
    assert.equal(await encoderFolderOf('twin', library), place);
    assert.equal(await encoderFolderOf('nobody/twin', library), 'nobody/twin');
    assert.equal(await encoderFolderOf('clinic/twin', library), path.join(library, 'clinic', 'twin'));
  });

  it('says that a disk is full before it is, and when it is', async () => {
    await assert.rejects(checkRoom(folder, 1e18), /1000000 TB are needed and .* are free; free some space/);
    await checkRoom(folder, 1);
    const full = diskProblem(Object.assign(new Error('x'), { code: 'ENOSPC' }), '/data') as Error;
    assert.match(
      full.message,
      /^\/data: the disk is full; free some space and try again: it goes on from what has come$/,
    );
  });
});
