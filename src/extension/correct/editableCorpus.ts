import * as vscode from 'vscode';
import { fileOffsets } from '../../core/text/fileOffsets';
import { textOnDisk } from './corpusText';

/** Files of mixed line breaks whose change to one kind a person has agreed to. */
const agreed = new Set<string>();

/**
 * The document of a corpus file, once it is certain that editing and saving it changes nothing but what is asked for;
 * undefined where it is not, of which the person has been told.
 */
export async function editableCorpus(file: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const name = vscode.workspace.asRelativePath(file);
  const refuse = (sentence: string): undefined => void vscode.window.showErrorMessage(sentence);
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(
      vscode.l10n.t(
        '{0} cannot be edited here ({1}): split it, or convert it to BRAT with "anamnese convert".',
        name,
        reason,
      ),
    );
  }
  if (document.isDirty) return (await agreesToSave(name)) ? document : undefined;
  const saved = await textOnDisk(file);
  if (saved === undefined || !fileOffsets(document.getText(), saved))
    return refuse(
      vscode.l10n.t(
        'The editor reads {0} in another encoding than it has: reopen it with its own, or save it as UTF-8.',
        name,
      ),
    );
  if (isMixed(saved) && !(await agreesToAlike(file, name))) return undefined;
  return document;
}

/** What a person typed there and has not saved would be saved too. */
async function agreesToSave(name: string): Promise<boolean> {
  const save = vscode.l10n.t('Save Both');
  const sentence = vscode.l10n.t('{0} has changes that are not saved: the correction saves them too.', name);
  return (await vscode.window.showWarningMessage(sentence, { modal: true }, save)) === save;
}

/** Line breaks of both kinds, which the editor makes alike when it saves. */
function isMixed(text: string): boolean {
  return text.includes('\r\n') && /(^|[^\r])\n/.test(text);
}

async function agreesToAlike(file: vscode.Uri, name: string): Promise<boolean> {
  if (agreed.has(file.toString())) return true;
  const goOn = vscode.l10n.t('Make Them Alike');
  const sentence = vscode.l10n.t('{0} has line breaks of both kinds: saving it makes them alike.', name);
  if ((await vscode.window.showWarningMessage(sentence, { modal: true }, goOn)) !== goOn) return false;
  agreed.add(file.toString());
  return true;
}
