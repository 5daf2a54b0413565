// The README as a package shows it, where the project's files are not beside it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../shell.mjs';

const PICTURE = /!\[([^\]]*)\]\(([\w./-]+\.png)\)/g;
const LINK = /(?<!!)\[([^\]]*)\]\((?!\w+:|#)[^)]+\)/g;

/** A README with its pictures in itself, and its links to files of the project as plain words. */
export async function selfContained(markdown) {
  const names = [...new Set([...markdown.matchAll(PICTURE)].map(([, , file]) => file))];
  const pictures = new Map();
  for (const name of names) pictures.set(name, await dataUrl(path.join(root, name)));
  return markdown
    .replaceAll(LINK, '$1')
    .replaceAll(PICTURE, (_, words, file) => `![${words}](${pictures.get(file)})`);
}

async function dataUrl(file) {
  return `data:image/png;base64,${(await readFile(file)).toString('base64')}`;
}
