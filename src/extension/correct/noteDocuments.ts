import * as vscode from 'vscode';
import * as protocol from '../../protocol/corpus';
import { NOTE_SCHEME } from './noteScheme';
import type { WorkspaceFiles } from './workspaceFiles';

/** The address of a note that the worker found: of its file, or of a document for one among others. */
export function addressOf({ file, isNote, key }: protocol.FoundNote): vscode.Uri {
  const uri = vscode.Uri.file(file);
  return isNote ? uri : noteInside(uri, key);
}

/** The address of a note inside a corpus file; `key` is its `noteIdentity`. */
function noteInside(file: vscode.Uri, key: string): vscode.Uri {
  const name = file.path.split('/').at(-1)!;
  const query = JSON.stringify({ file: file.toString(), key });
  return vscode.Uri.from({ scheme: NOTE_SCHEME, path: `/${name} ${key.slice(0, 6)}.txt`, query });
}

/** The corpus file that a note lies inside of; undefined for a note in a file of its own. */
export function corpusFileOf(uri: vscode.Uri): { file: vscode.Uri; key: string } | undefined {
  if (uri.scheme !== NOTE_SCHEME) return undefined;
  const { file, key } = JSON.parse(uri.query) as { file: string; key: string };
  return { file: vscode.Uri.parse(file), key };
}

export function registerNoteDocuments(files: WorkspaceFiles): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(NOTE_SCHEME, {
    provideTextDocumentContent: async (uri) => {
      const { file, key } = corpusFileOf(uri)!;
      const connection = await files.connection();
      const text = await connection.sendRequest(protocol.noteText, { file: file.fsPath, key });
      if (text === null)
        throw new Error(
          vscode.l10n.t('{0} does not hold this note any more.', vscode.workspace.asRelativePath(file)),
        );
      return text;
    },
  });
}
