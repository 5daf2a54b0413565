import path from 'node:path';
import type * as vscode from 'vscode';
import type { Survey } from '../experiments/survey';
import { registerEncoderCommands } from './commands';
import { Encoders } from './encoders';
import { registerEncodersView } from './encodersView';

/** Where encoders are kept for all workspaces. */
export function encodersFolder({ globalStorageUri }: vscode.ExtensionContext): string {
  return path.join(globalStorageUri.fsPath, 'encoders');
}

/** Encoders by name: their view, and commands to add and remove them. */
export function registerEncoders(
  context: vscode.ExtensionContext,
  fetcherBundle: string,
  survey: Survey,
  log: vscode.LogOutputChannel,
): Encoders {
  const encoders = new Encoders(encodersFolder(context), fetcherBundle, survey, log);
  context.subscriptions.push(
    encoders,
    registerEncodersView(encoders, log),
    registerEncoderCommands(encoders, context.secrets),
  );
  return encoders;
}
