import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readRecipe } from '../../training/recipe';

describe('a recipe from a file', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'anamnese-recipe-'));
  });

  after(() => rm(folder, { recursive: true }));

  const recipe = async (content: string): Promise<string> => {
    const file = path.join(folder, 'recipe.json');
    await writeFile(file, content);
    return file;
  };

  it('holds what it changes', async () => {
    assert.deepEqual(await readRecipe(await recipe('{"epochs": 3, "threshold": null}')), {
      epochs: 3,
      threshold: null,
    });
  });

  it('is named in every message', async () => {
    const missing = path.join(folder, 'none.json');
    await assert.rejects(readRecipe(missing), { message: `${missing}: cannot be read (ENOENT)` });
    const file = await recipe('{"epochs": ');
    await assert.rejects(readRecipe(file), ({ message }: Error) =>
      message.startsWith(`${file}: is not JSON (`),
    );
    await assert.rejects(readRecipe(await recipe('{"epoch": 3}')), ({ message }: Error) =>
      new RegExp('recipe\\.json: .*epoch').test(message),
    );
    await assert.rejects(readRecipe(await recipe('{"epochs": 0}')), ({ message }: Error) =>
      new RegExp('recipe\\.json: .*epochs').test(message),
    );
  });
});
