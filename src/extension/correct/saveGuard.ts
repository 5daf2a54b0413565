import * as vscode from 'vscode';
import { writeWhole } from '../writeWhole';
import { sha256 } from './reviewMemory';

const { fs } = vscode.workspace;
const BYTE_ORDER_MARK = new Uint8Array([0xef, 0xbb, 0xbf]);

/**
 * The editor saves a file by emptying it and writing it anew: whoever loses power in between finds half of a corpus. What
 * a file was, and what it becomes, is kept in the extension's own storage until the save is done.
 */
export class SaveGuard {
  constructor(private readonly folder: vscode.Uri) {}

  /** Saves a document; false where the editor could not. */
  async save(document: vscode.TextDocument): Promise<boolean> {
    // A storage that is full is no reason not to save.
    await this.keep(document).catch(() => undefined);
    const saved = await document.save();
    await forget(this.placeOf(document.uri));
    return saved;
  }

  /** Keeps a document's file as it is, and what it is about to become. */
  async keep(document: vscode.TextDocument): Promise<void> {
    const { uri } = document;
    const place = this.placeOf(uri);
    const before = await fs.readFile(uri);
    const text = new TextEncoder().encode(document.getText());
    const after = startsWith(before, BYTE_ORDER_MARK) ? Buffer.concat([BYTE_ORDER_MARK, text]) : text;
    await fs.createDirectory(place);
    await fs.writeFile(part(place, 'before'), before);
    await fs.writeFile(part(place, 'after'), after);
    // The last: without it the others stand for nothing.
    await fs.writeFile(part(place, 'uri'), new TextEncoder().encode(uri.toString()));
  }

  /** Puts back what was left half, as it was before. Resolves to those files. */
  async recover(): Promise<vscode.Uri[]> {
    const entries = await Promise.resolve(fs.readDirectory(this.folder)).catch(() => []);
    const recovered: vscode.Uri[] = [];
    for (const [name] of entries) {
      const place = vscode.Uri.joinPath(this.folder, name);
      const half = await halfSaved(place).catch(() => undefined);
      if (half && !(await writeWhole(half.uri, half.before))) continue;
      if (half) recovered.push(half.uri);
      await forget(place);
    }
    return recovered;
  }

  private placeOf(uri: vscode.Uri): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, sha256(uri.toString()));
  }
}

/** Recovers in the background, and says what it put back. */
export async function recoverSaves(guard: SaveGuard): Promise<void> {
  for (const uri of await guard.recover())
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} was found half saved. It is again as it was before its last correction.',
        vscode.workspace.asRelativePath(uri),
      ),
    );
}

/** A file of which there is but the beginning; undefined where it is whole, or somebody has changed it since. */
async function halfSaved(
  place: vscode.Uri,
): Promise<{ readonly uri: vscode.Uri; readonly before: Uint8Array } | undefined> {
  const uri = vscode.Uri.parse(new TextDecoder().decode(await fs.readFile(part(place, 'uri'))), true);
  const [now, before, after] = await Promise.all(
    [uri, part(place, 'before'), part(place, 'after')].map((file) => fs.readFile(file)),
  );
  const isBeginning = now!.length < after!.length && startsWith(after!, now!);
  const isAsBefore = now!.length === before!.length && startsWith(before!, now!);
  return isBeginning && !isAsBefore ? { uri, before: before! } : undefined;
}

async function forget(place: vscode.Uri): Promise<void> {
  await Promise.resolve(fs.delete(place, { recursive: true })).catch(() => undefined);
}

function part(place: vscode.Uri, name: 'before' | 'after' | 'uri'): vscode.Uri {
  return vscode.Uri.joinPath(place, name);
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(0, beginning.length), beginning) === 0;
}
