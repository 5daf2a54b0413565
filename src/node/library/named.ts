import { existsSync } from 'node:fs';
import { findByName } from '../../core/library/names';
import { PUBLISHED_ENCODERS } from '../../core/library/published';
import { readLibrary, theOne } from './library';
import { libraryFolder } from './place';

/**
 * The folder that a person means by a path or by the name of an encoder that was added; a path wins. What is neither is
 * handed on as it is: whoever opens it says what is wrong.
 * @throws Error where several have that name, or it is one of the study's that is not on this machine
 */
export async function encoderFolderOf(given: string, library = libraryFolder()): Promise<string> {
  if (existsSync(given)) return given;
  const added = theOne(await readLibrary(library), given);
  if (added) return added.folder;
  const [published] = findByName(PUBLISHED_ENCODERS, given);
  if (published)
    throw new Error(
      `${published.id} is not on this machine yet: fetch it with "anamnese models add ${published.id}"`,
    );
  return given;
}
