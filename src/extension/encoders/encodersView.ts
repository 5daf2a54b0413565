import * as vscode from 'vscode';
import type { LibraryEntry } from '../../core/library/library';
import type { Encoders } from './encoders';
import { encoderTooltip } from './tooltip';
import { licenceInWords, stateInWords } from './words';

/** A row: what commands of the view are told. */
export interface EncoderNode {
  readonly entry: LibraryEntry;
}

/** The Encoders view: the study's nine and those that were added, each at hand or not. Read when it is seen. */
export function registerEncodersView(encoders: Encoders, log: vscode.LogOutputChannel): vscode.Disposable {
  const emitter = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<EncoderNode>('anamnese.encoders', {
    treeDataProvider: {
      onDidChangeTreeData: emitter.event,
      getTreeItem: encoderItem,
      getChildren: async (node) => {
        if (node) return [];
        const entries = await encoders.list().catch((error: Error) => (log.error(error.message), []));
        return entries.map((entry) => ({ entry }));
      },
    },
  });
  return vscode.Disposable.from(
    view,
    emitter,
    encoders.onChange(() => emitter.fire(undefined)),
    // Another window, or a command, may have added some.
    view.onDidChangeVisibility(({ visible }) => visible && emitter.fire(undefined)),
  );
}

export function encoderItem({ entry }: EncoderNode): vscode.TreeItem {
  const item = new vscode.TreeItem(entry.name);
  item.id = entry.id;
  item.description = [stateInWords(entry), licenceInWords(entry)].join(' · ');
  item.tooltip = encoderTooltip(entry);
  item.iconPath = icon(entry);
  item.contextValue = entry.added ? 'encoder.added' : entry.begun ? 'encoder.begun' : 'encoder.missing';
  return item;
}

function icon({ added, begun }: LibraryEntry): vscode.ThemeIcon {
  if (added?.problem !== undefined)
    return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  if (added) return new vscode.ThemeIcon('package');
  return new vscode.ThemeIcon(begun ? 'debug-pause' : 'cloud-download');
}
