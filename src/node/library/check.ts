import { openEncoderFolder } from '../encoderFolder';
import { openTokenizer } from '../model';

/** Looks whether an encoder can be loaded: configuration, every weight by name and shape, tokenizer. @throws Error saying why not */
export async function checkEncoder(folder: string): Promise<void> {
  (await openEncoderFolder(folder)).close();
  await openTokenizer(folder);
}
