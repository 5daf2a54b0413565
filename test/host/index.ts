import { runSuites } from './runSuites';

/** What the extension host calls in a workspace that is trusted. */
export const run = (): Promise<void> => runSuites('.vscode');
